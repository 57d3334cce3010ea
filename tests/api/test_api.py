"""The public functions of the package."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import copydesk

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ARTICLE = {
    "id": 7,
    "url": "https://courier.example/a?utm_source=x",
    "title": "Russiaâ€™s envoy | The Courier",
    "text": "LONDON, March 5 (Reuters) - The cafÃ© is  closed.\n\nPhoto: Anna Bell",
    "authors": "By Anna Bell",
    "published": "5 March 2024, 09:30 CET",
    "source": "The Courier",
    "tags": ["cafés", "2024"],
    "extra": {"lead": "cafÃ©", "views": 3},
}


@pytest.mark.parametrize("options", [{}, {"changes": "explained"}, {"changes": "summary"}, {"quotes": "plain"}])
def test_to_dict_is_the_json_of_the_service(client: FlaskClient, options: Any) -> None:
    response = client.post("/v1/articles", json=ARTICLE | {"options": options})
    assert copydesk.clean(ARTICLE, options).to_dict() == response.get_json()


def test_an_article_object_is_cleaned_like_its_fields() -> None:
    fields = {"text": "cafÃ©", "title": "Russiaâ€™s", "authors": ["Anna Bell"], "published": 1_709_627_400}
    article = copydesk.Article(text="cafÃ©", title="Russiaâ€™s", authors=("Anna Bell",), published=1_709_627_400)
    assert copydesk.clean(article) == copydesk.clean(fields)


def test_a_string_is_the_text_of_an_article() -> None:
    assert copydesk.clean("cafÃ©") == copydesk.clean({"text": "cafÃ©"})


def test_a_summary_has_counts_and_no_changes() -> None:
    article = copydesk.clean("cafÃ©  cafÃ©", changes="summary")
    assert article.changes == ()
    assert [(each.kind, each.count) for each in article.change_summary] == [("mojibake", 2), ("whitespace", 1)]
    assert article.to_dict()["changes"] == [
        {"field": "text", "kind": "mojibake", "count": 2},
        {"field": "text", "kind": "whitespace", "count": 1},
    ]
    with pytest.raises(ValueError, match="no plan"):
        copydesk.explain(article.to_dict()["changes"][0])


@pytest.mark.parametrize(
    ("value", "expected"),
    [(datetime(2024, 3, 5, 9, 30, tzinfo=UTC), "2024-03-05T09:30:00+00:00"), (date(2024, 3, 5), "2024-03-05")],
)
def test_dates_may_be_date_objects(value: date, expected: str) -> None:
    assert copydesk.clean({"text": "x", "published": value}).published.value == expected
    assert copydesk.clean(copydesk.Article(text="x", published=value)).published.value == expected


@pytest.mark.parametrize(
    "article",
    [
        {},
        {"text": None},
        {"text": 5},
        {"text": "x", "title": ["x"]},
        {"text": "x", "autors": "a"},
        {"text": "x", "published": {"day": 5}},
        {"text": "x", "options": {"quotes": "straight"}},
    ],
    ids=str,
)
def test_invalid_articles_raise_the_errors_of_the_service(client: FlaskClient, article: Any) -> None:
    problem = client.post("/v1/articles", json=article).get_json()
    with pytest.raises(copydesk.ValidationFailed) as caught:
        copydesk.clean(article)
    assert caught.value.to_problem() == problem
    assert caught.value.errors == problem["errors"]


@pytest.mark.parametrize(
    ("article", "pointer"),
    [
        ({"text": "x", 5: "y"}, "/5"),
        ({"text": "x", "extra": {5: "y"}}, "/extra"),
        ({"text": "x", "extra": {"a": [{"b": object()}]}}, "/extra/a/0/b"),
        ({"text": "x", "extra": {"a": float("nan")}}, "/extra/a"),
        ({"text": "x", "extra": {"a": {1, 2}}}, "/extra/a"),
        ({"text": "x", "extra": {"a/b": {"c~d": object()}}}, "/extra/a~1b/c~0d"),
        ({"text": "x", "a/b": 10**5000}, "/a~1b"),
        ({"text": "x", "published": 10**5000}, "/published"),
        ({"text": date(2024, 3, 5)}, "/text"),
        ({"text": b"x", "html": b"x"}, "/html"),
        ({"text": b"x", "content_base64": "eA=="}, "/text"),
        ({"title": b"x", "text": "x"}, "/title"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, str) else "",
)
def test_values_that_json_cannot_hold_name_their_field(article: Any, pointer: str) -> None:
    with pytest.raises(copydesk.ValidationFailed) as caught:
        copydesk.clean(article)
    assert [error["pointer"] for error in caught.value.errors] == [pointer]
    (result,) = copydesk.clean_many([article])
    assert isinstance(result, copydesk.ValidationFailed)


def test_extra_may_hold_python_values_that_json_has() -> None:
    extra = {"day": date(2024, 3, 5), "pair": ("cafÃ©", 1), "deep": {"a": [None, True, 1.5]}}
    document = copydesk.clean({"text": "x", "extra": extra}).to_dict()
    expected = {"day": "2024-03-05", "pair": ["café", 1], "deep": {"a": [None, True, 1.5]}}
    assert document["extra"] == json.loads(json.dumps(document))["extra"] == expected
    nested: Any = "x"
    for _ in range(500):
        nested = [nested]
    with pytest.raises(copydesk.ValidationFailed, match="Nested deeper than 64 levels"):
        copydesk.clean({"text": "x", "extra": {"nested": nested}})


def test_an_invalid_article_object_names_its_field() -> None:
    with pytest.raises(copydesk.ValidationFailed) as caught:
        copydesk.clean(copydesk.Article(text=None))  # type: ignore[arg-type]
    assert [error["pointer"] for error in caught.value.errors] == ["/text"]


@pytest.mark.parametrize(
    "call",
    [
        lambda: copydesk.clean("x", quotes="straight"),  # type: ignore[arg-type]
        lambda: copydesk.clean("x", {"quotes": "straight"}),
        lambda: copydesk.clean("x", copydesk.Options(quotes="straight")),  # type: ignore[arg-type]
        lambda: copydesk.clean_page("x", quotes="straight"),  # type: ignore[arg-type]
        lambda: copydesk.clean_many([], quotes="straight"),  # type: ignore[arg-type]
    ],
    ids=["override", "mapping", "Options", "page", "many"],
)
def test_invalid_options_name_the_option(call: Any) -> None:
    with pytest.raises(copydesk.ValidationFailed) as caught:
        call()
    assert caught.value.errors == [{"pointer": "/options/quotes", "detail": "Send one of: keep, plain."}]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: copydesk.clean(b"x"), r"article must be .*, not bytes\. Use copydesk\.clean_page for bytes"),  # type: ignore[arg-type]
        (lambda: copydesk.clean([]), "article must be .*, not list"),  # type: ignore[arg-type]
        (lambda: copydesk.clean(None), "article must be .*, not NoneType"),  # type: ignore[arg-type]
        (lambda: copydesk.clean("x", "plain"), "options must be .*, not str"),  # type: ignore[arg-type]
        (lambda: copydesk.clean_many([], ["quotes"]), "options must be .*, not list"),  # type: ignore[arg-type]
        (lambda: copydesk.fix_text(b"x"), r"text must be .*, not bytes\. Use copydesk\.clean_page for bytes"),  # type: ignore[arg-type]
        (lambda: copydesk.repair(None), "text must be .*, not NoneType"),  # type: ignore[arg-type]
        (lambda: copydesk.repair("x", declared_charset=5), "declared_charset must be .*, not int"),  # type: ignore[arg-type]
        (lambda: copydesk.clean_page(None), "data must be bytes or a string, not NoneType"),  # type: ignore[arg-type]
        (lambda: copydesk.clean_page("x", url=5), "url must be .*, not int"),  # type: ignore[arg-type]
        (lambda: copydesk.clean_page(b"x", content_type=5), "content_type must be .*, not int"),  # type: ignore[arg-type]
        (lambda: copydesk.clean_feed(5), "data must be .*, not int"),  # type: ignore[arg-type]
    ],
)
def test_argument_of_a_wrong_type_is_a_type_error(call: Callable[[], object], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call()


@pytest.mark.parametrize("name", ["html", "text"])
@pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview])
def test_field_of_bytes_is_decoded(name: str, wrap: Callable[[bytes], Any]) -> None:
    article = {name: wrap("<p>Le café est fermé.</p>".encode("windows-1252")), "title": "Rain"}
    cleaned = copydesk.clean(article)
    assert (cleaned.text, cleaned.title) == ("Le café est fermé.", "Rain")
    assert list(copydesk.clean_many([article])) == [cleaned]
    declared = copydesk.clean({"text": "Мир".encode("koi8-r"), "content_type": "text/plain; charset=koi8-r"})
    assert declared.text == "Мир"


def test_clean_article_can_be_cleaned_again() -> None:
    once = copydesk.clean(ARTICLE | {"modified": "some day", "language": "klingon"})
    assert copydesk.clean(once) == copydesk.clean(once.to_raw())
    twice = copydesk.clean(once)
    assert twice.changes == ()
    for name in ("id", "url", "title", "text", "authors", "tags", "source", "extra", "language", "modified"):
        assert getattr(twice, name) == getattr(once, name)
    assert twice.published.value == once.published.value
    assert list(copydesk.clean_many([once])) == [twice]
    with pytest.raises(TypeError, match="iterable of articles"):
        copydesk.clean_many(once)  # type: ignore[arg-type]


@pytest.mark.parametrize("detail", ["full", "summary", "none"])
def test_json_of_a_clean_article_is_a_known_record(detail: Any) -> None:
    once = copydesk.clean(ARTICLE, changes=detail)
    document = json.loads(json.dumps(once.to_dict()))
    assert copydesk.map_record(document) == copydesk.map_record({"index": 0, "article": document}) == once.to_raw()
    with pytest.raises(copydesk.ValidationFailed) as caught:
        copydesk.clean(document)
    details = {error["pointer"]: error["detail"] for error in caught.value.errors}
    assert details["/word_count"].startswith("Unknown field. Only clean articles have it.")


@pytest.mark.parametrize("options", [{1: 1}, copydesk.Options(quotes=["plain"])], ids=str)  # type: ignore[arg-type]
def test_options_of_a_wrong_type_are_invalid(options: Any) -> None:
    with pytest.raises(copydesk.ValidationFailed, match="/options"):
        copydesk.clean("x", options)


def test_an_article_may_hold_options() -> None:
    assert copydesk.clean({"text": "“x”", "options": copydesk.Options(quotes="plain")}).text == '"x"'


def test_an_unknown_option_is_an_error_with_a_suggestion() -> None:
    with pytest.raises(copydesk.ValidationFailed, match=r"/options/qoutes: Unknown option\. Did you mean `quotes`\?"):
        copydesk.clean("x", qoutes="plain")  # type: ignore[call-arg]


def test_an_option_beside_the_fields_is_an_error_with_a_hint() -> None:
    with pytest.raises(copydesk.ValidationFailed, match="It is an option: send it in `options`"):
        copydesk.clean({"text": "x", "changes": "none"})


def test_repair_rejects_other_modes() -> None:
    for mode in ("bold", "off"):
        with pytest.raises(copydesk.ValidationFailed, match="/mode"):
            copydesk.repair("x", mode=mode)  # type: ignore[arg-type]


def test_clean_page_decodes_bytes_and_reads_the_page() -> None:
    html = "<html><head><title>Été</title></head><body><article><p>Le café est fermé depuis mardi.</p></article></body>"
    page = copydesk.clean_page(html.encode("windows-1252"), "https://news.example/a", "text/html; charset=latin1")
    assert (page.title, page.url, page.encoding and page.encoding.name) == (
        "Été",
        "https://news.example/a",
        "windows-1252",
    )
    assert copydesk.clean_page(html).text == page.text


def test_clean_page_rejects_binary_data_and_other_urls() -> None:
    with pytest.raises(copydesk.UnreadableContent, match="not text but image/png"):
        copydesk.clean_page(b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    with pytest.raises(copydesk.ValidationFailed, match="/url"):
        copydesk.clean_page(b"x", url="/story")


def test_clean_page_ignores_spaces_around_the_url() -> None:
    assert copydesk.clean_page(b"x", url=" https://a.example/ ", extract_metadata=False).url == "https://a.example/"
    assert copydesk.clean_page(b"x", url=" ").url is None


def test_clean_many_yields_errors_in_place_and_in_order() -> None:
    results = list(copydesk.clean_many(["cafÃ©", {"text": 5}, {"text": "It rains."}, None]))  # type: ignore[list-item]
    assert [result.text if isinstance(result, copydesk.CleanArticle) else result.status for result in results] == [
        "café",
        422,
        "It rains.",
        422,
    ]


def test_clean_many_names_the_type_of_a_wrong_article() -> None:
    (result,) = copydesk.clean_many([b"x"])  # type: ignore[list-item]
    assert isinstance(result, copydesk.ValidationFailed)
    assert "not bytes. Use copydesk.clean_page for bytes." in str(result)


def test_clean_many_compares_the_titles_of_one_batch() -> None:
    titles = ["Brücke gesperrt", "Wahl verschoben", "Preis vergeben"]
    articles = [{"text": "x", "title": f"{t} - Zeit und Raum", "url": "https://www.example.org/a"} for t in titles]
    cleaned = [r.title for r in copydesk.clean_many(articles) if isinstance(r, copydesk.CleanArticle)]
    assert cleaned == titles
    alone = [r.title for r in copydesk.clean_many(articles, batch_size=1) if isinstance(r, copydesk.CleanArticle)]
    assert alone == [article["title"] for article in articles]


def test_clean_many_reads_one_batch_at_a_time() -> None:
    read: list[int] = []

    def articles() -> Any:
        for number in range(10):
            read.append(number)
            yield {"text": str(number)}

    results = copydesk.clean_many(articles(), batch_size=2)
    next(results)
    assert read == [0, 1]
    with pytest.raises(ValueError, match="batch_size"):
        copydesk.clean_many([], batch_size=0)
    for article in ("x", {"text": "x"}, copydesk.Article(text="x")):
        with pytest.raises(TypeError, match="iterable of articles"):
            copydesk.clean_many(article)  # type: ignore[arg-type]


def test_clean_many_yields_results_before_an_iterable_fails() -> None:
    """All results are yielded before the error of the iterable."""

    def articles() -> Any:
        yield from ("one", "two")
        raise RuntimeError("lost connection")

    results = copydesk.clean_many(articles())
    assert [next(results), next(results)] == [copydesk.clean("one"), copydesk.clean("two")]
    with pytest.raises(RuntimeError, match="lost connection"):
        next(results)


@given(st.text())
def test_repair_changes_nothing_else_and_its_plans_replay(text: str) -> None:
    result = copydesk.repair(text)
    assert copydesk.fix_text(text) == result.text
    for change in result.changes:
        assert change.kind in ("mojibake", "charset", "entity", "escape", "lossy", "unicode", "invisible")
        assert result.text[change.start : change.end] == change.after
        assert copydesk.replay(change.plan, change.before) == change.after


@pytest.mark.parametrize("mode", ["safe", "standard", "aggressive"])
@pytest.mark.parametrize("mark", ["\ufeff", "ï»¿", "п»ї"])
def test_repair_removes_a_byte_order_mark(mark: str, mode: Any) -> None:
    result = copydesk.repair(f"{mark}It rains.\n{mark}It pours.", mode)
    assert result.text == "It rains.\nIt pours."
    assert {copydesk.replay(change.plan, change.before) for change in result.changes} == {""}
    assert copydesk.fix_text("a\ufeffb") == "a\ufeffb"


def test_a_change_from_json_replays_and_explains_itself() -> None:
    document = json.loads(json.dumps(copydesk.clean("Russiaâ€™s").to_dict()))
    (change,) = document["changes"]
    assert copydesk.replay(change["plan"], change["before"]) == "’"
    assert copydesk.explain(change) == copydesk.explain(copydesk.repair("Russiaâ€™s").changes[0])


@pytest.mark.parametrize("plan", [[[]], [["encode"]], [["replace", "a"]], [5], None], ids=str)
def test_a_malformed_plan_is_a_value_error(plan: Any) -> None:
    with pytest.raises(ValueError, match="Malformed plan"):
        copydesk.replay(plan, "x")


@pytest.mark.parametrize(
    "error",
    [
        copydesk.ValidationFailed([{"pointer": "/text", "detail": "Send a text."}]),
        copydesk.LimitExceeded("Too long.", limit=5, unit="bytes"),
        copydesk.RequestRejected("No.", {"type": "x", "title": "x", "status": 400, "detail": "x"}),
        copydesk.ServiceUnavailable("No.", retry_after=5),
        copydesk.SettingsError("No."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_pickling_and_copying(error: copydesk.CopydeskError) -> None:
    for restored in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301
        assert type(restored) is type(error)
        assert (str(restored), vars(restored)) == (str(error), vars(error))


def test_every_public_name_exists() -> None:
    assert [name for name in copydesk.__all__ if not hasattr(copydesk, name)] == []
    assert set(dir(copydesk)) == set(copydesk.__all__)
    with pytest.raises(AttributeError, match="no attribute 'repairer'"):
        _ = copydesk.repairer  # type: ignore[attr-defined]
