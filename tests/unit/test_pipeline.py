from __future__ import annotations

import subprocess
import sys
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.article import Article, Change, ChangeCount, CleanArticle, Instant, Json, Options
from copydesk.changes.plan import replay
from copydesk.pipeline import clean
from tests.helpers.cases import corpus
from tests.helpers.changes import check_restored
from tests.helpers.paths import ROOT

CORPUS = corpus()
FIELDS = ("title", "subtitle", "text", "source", "section", "authors", "tags")

# Random Unicode texts with many parts that rules match.
DAMAGED = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(
            "aé’â€™œ\x9dÃ©Â\xa0 \u200b\u200d\u00ad\ufeff\n\r\t&amp;lt;#39<>b\u0301\u2028Рµя中。\ud83d\ude00\x85\x93ï»¿"
        ),
    ),
    max_size=120,
)


def article(raw: dict[str, Any]) -> Article:
    return Article(**raw | {"authors": tuple(raw["authors"]), "tags": tuple(raw["tags"])})


def again(cleaned: CleanArticle) -> Article:
    """Return the clean article as an input."""
    same = {name: getattr(cleaned, name) for name in (*FIELDS, "id", "url", "canonical_url", "image", "extra")}
    dates = {name: getattr(cleaned, name) for name in ("published", "modified", "fetched_at")}
    return Article(
        **same, **{name: date.value or date.raw for name, date in dates.items()}, language=cleaned.language.declared
    )


def field(cleaned: CleanArticle, path: str) -> str:
    """Return the string at a change's path."""
    value: Any = cleaned
    for key in path.split("/"):
        name = key.replace("~1", "/").replace("~0", "~")
        if isinstance(value, (list, tuple)):
            value = value[int(name)]
        else:
            value = value[name] if isinstance(value, dict) else getattr(value, name)
    if isinstance(value, Instant):
        return value.value or ""
    # A blank field is None. Items that were removed from a list have no path.
    return "" if value is None or isinstance(value, tuple) else str(value)


def check_changes(cleaned: CleanArticle) -> None:
    for change in cleaned.changes:
        assert isinstance(change, Change)
        assert replay(change.plan, change.before) == change.after
        assert field(cleaned, change.field)[change.start : change.end] == change.after


def test_the_corpus_has_articles_in_at_least_twenty_languages() -> None:
    assert len({raw["language"] for raw in CORPUS}) >= 20


@pytest.mark.parametrize("raw", CORPUS, ids=lambda raw: raw["id"])
def test_clean_text_is_not_changed(raw: dict[str, Any]) -> None:
    cleaned = clean(article(raw))
    assert cleaned.changes == ()
    assert all(getattr(cleaned, name) == getattr(article(raw), name) for name in FIELDS)


@pytest.mark.parametrize("raw", CORPUS, ids=lambda raw: raw["id"])
def test_the_language_of_an_article_is_named(raw: dict[str, Any]) -> None:
    declared = raw["language"]
    result = clean(article(raw)).language
    # These have no profile.
    if declared not in ("is", "ga", "sr", "ka", "hy"):
        assert result.tag == declared
        assert result.confidence > 0.5
    assert result.declared == declared


@pytest.mark.parametrize("raw", CORPUS, ids=lambda raw: raw["id"])
def test_article_decoded_as_windows_1252_is_restored(raw: dict[str, Any]) -> None:
    whole = article(raw)
    damaged = Article(text=whole.text.encode().decode("sloppy-windows-1252"), title=whole.title)
    cleaned = clean(damaged, Options(detect_language=False))
    assert cleaned.text == whole.text
    check_changes(cleaned)


def test_the_story_of_the_first_hour() -> None:
    text = (
        'HARBOUR CITY, March 5. Russiaâ€™s envoy spoke of "vague wordings" and left.\n\n'
        "â€œWe do not agree,â€\x9d he said – again."
    )
    cleaned = clean(Article(text=text, title="Envoyâ€™s answer"))
    assert cleaned.text == (
        'HARBOUR CITY, March 5. Russia’s envoy spoke of "vague wordings" and left.\n\n'
        "“We do not agree,” he said – again."
    )
    assert cleaned.title == "Envoy’s answer"
    assert cleaned.paragraphs == 2
    assert cleaned.language.tag == "en"
    assert [(c.field, c.start, c.end) for c in cleaned.changes if isinstance(c, Change)] == [
        ("text", 29, 30),
        ("text", 75, 76),
        ("text", 92, 93),
        ("title", 5, 6),
    ]
    check_changes(cleaned)


@given(
    text=DAMAGED,
    title=DAMAGED,
    tag=DAMAGED,
    carried=st.recursive(
        st.one_of(DAMAGED, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False)),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
        max_leaves=5,
    ),
)
def test_changes_replay_for_any_input_and_cleaning_is_idempotent(
    text: str, title: str, tag: str, carried: Json
) -> None:
    """The offsets of the changes are right for any input."""
    options = Options(detect_language=False, boilerplate="keep", extract_metadata=False)
    once = clean(Article(text=text, title=title, tags=(tag,), published=title, extra={"a/b~": carried}), options)
    check_changes(once)
    for path, sent in {"text": text, "title": title, "published": title, "tags/0": tag}.items():
        changes = [change for change in once.changes if change.field == path]
        if changes:
            check_restored(sent, field(once, path), changes)
    twice = clean(again(once), options)
    assert twice.changes == ()
    assert all(getattr(twice, name) == getattr(once, name) for name in (*FIELDS, "published", "extra"))


# Parts of metadata, without marks of damage: other tests check that repair is idempotent.
RAW = st.lists(
    st.sampled_from(
        "By Anna Bell and MAX MÜLLER , | - — · The Courier News Reuters (Reuters) LONDON 2 March 2021 14:05 /TASS/. "
        "Read more Advertisement Share © Photo: \n \n\n #tag; van der Berg 新华社北京8月12日电 МОСКВА, фев. it".split(
            " "
        )
    ),
    max_size=15,
).map(" ".join)


@given(text=RAW, title=RAW, names=st.lists(st.one_of(RAW, DAMAGED), max_size=3), order=st.sampled_from(["auto", "MDY"]))
def test_changes_of_metadata_have_their_pointer(text: str, title: str, names: list[str], order: Any) -> None:
    known: dict[str, Any] = {"authors": tuple(names), "tags": tuple(names), "published": title, "language": title}
    raw = Article(text=text, title=title, source="The Courier", url="https://courier.example/a", **known)
    check_changes(clean(raw, Options(detect_language=False, date_order=order, strip_dateline=True)))


@given(text=RAW, title=RAW, names=st.lists(RAW, max_size=3))
def test_metadata_that_is_clean_stays_as_it_is(text: str, title: str, names: list[str]) -> None:
    options = Options(detect_language=False)
    known: dict[str, Any] = {"authors": tuple(names), "tags": tuple(names), "published": title}
    once = clean(
        Article(text=text, title=title, source="The Courier", url="https://courier.example/a", **known), options
    )
    twice = clean(again(once), options)
    assert twice.changes == ()
    assert all(getattr(twice, name) == getattr(once, name) for name in (*FIELDS, "dateline", "credits", "fingerprint"))


@given(
    text=DAMAGED,
    options=st.builds(
        Options,
        repair=st.sampled_from(["off", "safe", "standard", "aggressive"]),
        quotes=st.sampled_from(["keep", "plain"]),
        dashes=st.sampled_from(["keep", "plain"]),
        width=st.sampled_from(["keep", "plain"]),
        normalization=st.sampled_from(["NFC", "NFKC", "none"]),
        whitespace=st.sampled_from(["tidy", "keep"]),
        detect_language=st.just(False),
    ),
)
def test_the_same_holds_under_all_options(text: str, options: Options) -> None:
    once = clean(Article(text=text), options)
    check_changes(once)
    assert clean(again(once), options).text == once.text


def test_changes_can_have_an_explanation() -> None:
    raw = Article(text="Russiaâ€™s  envoy")
    plain, explained = (clean(raw, Options(changes=detail)).changes for detail in ("full", "explained"))
    assert [getattr(change, "explanation", None) for change in plain] == [None, None]
    assert [getattr(change, "explanation", None) for change in explained] == [
        "The UTF-8 bytes E2 80 99 had been read as Windows-1252; read as UTF-8 they are ’.",
        "“  ” was replaced by a space.",
    ]


def test_changes_can_be_a_summary_or_absent() -> None:
    raw = Article(text="cafÃ©  fÃ¼r", title="&amp;")
    assert clean(raw, Options(changes="none")).changes == ()
    assert clean(raw, Options(changes="summary")).change_summary == (
        ChangeCount("text", "mojibake", 2),
        ChangeCount("text", "whitespace", 1),
        ChangeCount("title", "entity", 1),
    )


def test_extra_is_repaired_but_not_tidied() -> None:
    extra: dict[str, Json] = {"lead": "  cafÃ©  ", "n": 1.5, "deep": [{"a/b": "fÃ¼r"}, None, True]}
    cleaned = clean(Article(text="x", extra=extra))
    assert cleaned.extra == {"lead": "  café  ", "n": 1.5, "deep": [{"a/b": "für"}, None, True]}
    assert [c.field for c in cleaned.changes] == ["extra/lead", "extra/deep/0/a~1b"]


def test_what_is_left_to_see_to_is_a_warning() -> None:
    cleaned = clean(Article(text="", title="caf\ufffd", published="May"))
    assert [(w.code, w.field) for w in cleaned.warnings] == [
        ("date-unparsed", "published"),
        ("text-empty", "text"),
        ("characters-missing", "title"),
    ]


def test_packages_of_other_fields_are_loaded_at_warm_up() -> None:
    """A bare text does not need them. After the warm-up, no request waits for them."""
    code = (
        "import sys, copydesk; copydesk.clean('It rains.'); print(*sys.modules);"
        "from copydesk import pipeline; pipeline.warm_up(); print(*sys.modules)"
    )
    process = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    needed, warm = (set(line.split()) for line in process.stdout.splitlines())
    late = {f"copydesk.metadata.{name}" for name in ("authors", "tags", "titles")}
    assert not late & needed
    assert late <= warm


def test_the_measures_are_those_of_the_returned_text() -> None:
    cleaned = clean(Article(text="Zwei  Wörter\n\n你好"))
    assert (cleaned.word_count, cleaned.char_count, cleaned.paragraphs) == (4, len(cleaned.text), 2)
    assert cleaned.content_hash == clean(Article(text=cleaned.text)).content_hash
    assert unicodedata.is_normalized("NFC", cleaned.text)
