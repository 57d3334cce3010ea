from __future__ import annotations

from typing import Any

import pytest

from copydesk import stages
from copydesk.article import Article, Change, CleanArticle, Options
from copydesk.document import Document
from copydesk.metadata import titles
from copydesk.pipeline import clean

BODY = (
    "LONDON, March 2 (Reuters) - The river rose by two metres on Tuesday, and the council closed the old bridge.\n\n"
    "“Nobody was hurt,” said the mayor, who had been on the bridge an hour before, with her dog and two engineers."
)


def list_changes(cleaned: CleanArticle, kind: str | None = None) -> list[tuple[str, str, str]]:
    return [
        (change.field, change.before, change.after)
        for change in cleaned.changes
        if isinstance(change, Change) and kind in (None, change.kind)
    ]


def warned(cleaned: CleanArticle) -> list[tuple[str, str]]:
    return [(warning.code, warning.field) for warning in cleaned.warnings]


def test_scraped_article_is_cleaned_in_all_fields() -> None:
    raw = Article(
        text=f"Bridge closed after flood\n\nAdvertisement\n\n{BODY}\n\nPhoto: Anna Bell/Reuters\n\nRead more: Ten",
        title="Bridge closed after flood | The Courier",
        url="HTTPS://www.Courier.example/2021/03/02/bridge?utm_source=x&id=7",
        image="/i/bridge.jpg",
        authors=("By ANNA BELL and Max Müller, staff writers",),
        published="Updated 2:05 PM ET, Tue March 2, 2021",
        language="en_GB",
        source="The Courier",
        tags=("Floods, #Bridges, floods",),
    )
    cleaned = clean(raw)
    assert cleaned.title == "Bridge closed after flood"
    assert cleaned.text == f"{BODY}\n\nPhoto: Anna Bell/Reuters"
    assert cleaned.url == "https://www.courier.example/2021/03/02/bridge?id=7"
    assert (cleaned.domain, cleaned.image) == ("courier.example", "https://www.courier.example/i/bridge.jpg")
    assert (cleaned.authors, cleaned.authors_raw) == (("Anna Bell", "Max Müller"), raw.authors)
    assert (cleaned.published.value, cleaned.published.raw) == ("2021-03-02T14:05:00-05:00", raw.published)
    assert cleaned.language.declared == "en-GB"
    assert cleaned.tags == ("Floods", "Bridges")
    assert cleaned.dateline is not None
    assert (cleaned.dateline.place, cleaned.dateline.date, cleaned.dateline.agency) == (
        "LONDON",
        "2021-03-02",
        "Reuters",
    )
    assert [(credit.kind, credit.text) for credit in cleaned.credits] == [("photo", "Photo: Anna Bell/Reuters")]
    assert cleaned.warnings == ()
    assert ("title", " | The Courier", "") in list_changes(cleaned, "metadata")
    assert {field for field, _, _ in list_changes(cleaned)} >= {"text", "title", "url", "authors/0", "published"}
    assert [before.strip() for _, before, _ in list_changes(cleaned, "boilerplate")] == [
        "Bridge closed after flood",
        "Advertisement",
        "Read more: Ten",
    ]


def test_without_metadata_every_value_is_what_was_sent() -> None:
    raw = Article(
        text=BODY, title="Flood | The Courier", url="https://a.example/?utm_source=x", authors=("By A. Bell",)
    )
    cleaned = clean(raw, Options(extract_metadata=False, boilerplate="keep"))
    assert (cleaned.title, cleaned.url, cleaned.authors) == (raw.title, raw.url, raw.authors)
    assert (cleaned.dateline, cleaned.credits, cleaned.changes) == (None, (), ())


def test_urls_without_metadata_get_a_scheme() -> None:
    raw = Article(text="x", url="courier.org/a?utm_source=x", canonical_url=r"https:\/\/courier.org/b", image="/1.jpg")
    cleaned = clean(raw, Options(extract_metadata=False))
    assert cleaned.url == "https://courier.org/a"
    assert cleaned.canonical_url == "https://courier.org/b"
    assert cleaned.image == "https://courier.org/1.jpg"
    assert warned(cleaned) == [("url-scheme-assumed", "url")]


def test_a_dateline_beyond_doubt_is_removed_on_demand() -> None:
    cleaned = clean(Article(text=BODY), Options(strip_dateline=True))
    assert cleaned.text.startswith("The river rose")
    assert cleaned.dateline is not None
    assert cleaned.dateline.date == "--03-02"
    doubtful = BODY.replace("LONDON, March 2 (Reuters) - ", "LONDON — ")
    assert clean(Article(text=doubtful), Options(strip_dateline=True)).text == doubtful


def test_dates_and_names_in_damaged_bytes_come_out_right() -> None:
    cleaned = clean(
        Article(text="Le maire a fermÃ© le pont.", published="2 fÃ©vrier 2022", authors=("Par RenÃ© Dupont",))
    )
    assert (cleaned.published.value, cleaned.published.raw) == ("2022-02-02", "2 fÃ©vrier 2022")
    assert cleaned.authors == ("René Dupont",)
    assert cleaned.authors_raw == ("Par RenÃ© Dupont",)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"language": "en-US"}, ("2022-02-03", False)),
        ({"language": "en-GB"}, ("2022-03-02", False)),
        ({"url": "https://www.bbc.co.uk/news"}, ("2022-03-02", False)),
        ({"url": "https://example.com/2022/02/03/a"}, ("2022-02-03", False)),
        ({"fetched_at": "2022-02-04T10:00:00Z"}, ("2022-02-03", False)),
        ({"options": {"date_order": "DMY"}, "language": "en-US"}, ("2022-03-02", False)),
        ({}, ("2022-02-03", True)),
    ],
)
def test_what_is_known_of_the_page_settles_which_day_a_date_is(
    known: dict[str, Any], expected: tuple[str, bool]
) -> None:
    options = Options(**known.get("options", {}))
    known = {name: value for name, value in known.items() if name != "options"}
    cleaned = clean(Article(text=BODY, published="02/03/2022", **known), options)
    assert (cleaned.published.value, cleaned.published.ambiguous) == expected
    assert (("date-ambiguous", "published") in warned(cleaned)) == expected[1]


def test_what_contradicts_itself_or_cannot_be_read_is_a_warning() -> None:
    cleaned = clean(
        Article(
            text=BODY,
            url="https://www.courier.example/2021/a",
            canonical_url="https://other.example/a",
            image="data:image/png;base64,AAAA",
            language="de",
            modified="soon",
        )
    )
    assert warned(cleaned) == [
        ("url-invalid", "image"),
        ("canonical-disagrees", "canonical_url"),
        ("language-disagrees", "language/declared"),
        ("date-unparsed", "modified"),
    ]
    assert cleaned.image is None
    assert "data:image/png;base64,AAAA" in cleaned.warnings[0].detail
    assert clean(Article(text=BODY, language="nonsense")).language.raw == "nonsense"


def test_unknown_declared_language_gives_no_warning() -> None:
    text = "საქართველოს პარლამენტმა სამშაბათს ახალი კანონი მიიღო და სხდომა დახურა." * 2
    assert warned(clean(Article(text=text, language="ka"))) == []


def test_a_string_of_many_names_is_one_change() -> None:
    raw = Article(text="x", tags=("; ".join(f"tag {number}" for number in range(500)),))
    cleaned = clean(raw)
    assert len(cleaned.tags) == 500
    changes = [change for change in cleaned.changes if isinstance(change, Change)]
    assert sum(len(change.before) for change in changes) <= len(raw.tags[0])
    assert {change.field for change in changes} == {"tags/0"}


@pytest.mark.parametrize("fetched_at", ["9999-12-31", "0001-01-02", "1970-01-01"])
@pytest.mark.parametrize(
    "published", ["2022-01-01", "02/03/2022", "3 March", "yesterday", "2 days ago", int("1" * 400)]
)
def test_no_date_is_too_strange(fetched_at: str, published: str | int) -> None:
    clean(Article(text="x", fetched_at=fetched_at, published=published))


def test_names_in_capitals_keep_the_letters_of_their_language() -> None:
    text = "Belediye meclisi salı günü yeni köprünün ilkbaharda açılacağını duyurdu."
    assert clean(Article(text=text, authors=("AYŞE YILMAZ",))).authors == ("Ayşe Yılmaz",)
    assert clean(Article(text=BODY, authors=("EMILY IRVING",))).authors == ("Emily Irving",)


def test_an_article_never_becomes_empty() -> None:
    assert clean(Article(text="Advertisement\n\nRead more")).text == "Advertisement\n\nRead more"


def test_what_the_titles_of_a_batch_share_is_cut_off() -> None:
    url = "https://www.example.org/a"
    raws = [f"{headline} - Zeit und Raum" for headline in ("Brücke gesperrt", "Wahl verschoben", "Preis vergeben")]
    shared = titles.shared_suffixes([(raw, url) for raw in raws])["example.org"]
    assert [clean(Article(text="x", title=raw, url=url), title_suffixes=shared).title for raw in raws] == [
        "Brücke gesperrt",
        "Wahl verschoben",
        "Preis vergeben",
    ]
    assert clean(Article(text="x", title=raws[0], url=url)).title == raws[0]


def test_repeated_removed_lines_are_one_change_with_a_count() -> None:
    text = "Advertisement\n\n".join(
        f"The {n} bridge was closed on Tuesday.\n\n" for n in ("first", "second", "third", "old")
    )
    cleaned = clean(Article(text=text))
    assert [change.count for change in cleaned.changes if change.kind == "boilerplate"] == [3]


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("Storm i Norge", False),
        ("Statsministeren sa tirsdag at den nye broen skal åpnes om våren, og at ferjene skal gå som før.", True),
    ],
)
def test_language_warning_needs_a_high_confidence(text: str, *, warned: bool) -> None:
    cleaned = clean(Article(text=text, language="de"))
    assert cleaned.language.tag == "no"
    assert ("language-disagrees" in {warning.code for warning in cleaned.warnings}) is warned


def test_a_long_text_gets_fewer_rounds() -> None:
    """It still ends with the last stages."""
    rounds: list[int] = []

    def grow(document: Document, _: Options) -> Document:
        rounds.append(1)
        return document.rewrite("title", f"{document.text('title')}!")

    def normalize(document: Document, _: Options) -> Document:
        return document.rewrite("title", "normal")

    stage = stages.until_stable(grow, normalize)
    short = stage(Document.from_article(Article(text="short", title="")), Options())
    short_rounds, rounds = len(rounds), []
    stage(Document.from_article(Article(text="x" * 1_000_000, title="")), Options())
    assert 3 < len(rounds) < short_rounds
    assert short.text("title") == "normal"
