"""Records of other tools, mapped to raw articles and cleaned."""

from __future__ import annotations

import json
from typing import Any

import pytest

import copydesk
from copydesk import ValidationFailed, map_record
from copydesk.records import check_fields, list_records
from copydesk.records.shapes import RAW_FIELDS, tables
from schemas.raw import RawArticle
from tests.helpers.paths import ROOT

CASES = json.loads((ROOT / "tests" / "cases" / "records.json").read_bytes())
LISTS = json.loads((ROOT / "tests" / "cases" / "record_lists.json").read_bytes())
PLAIN = {"url": "https://a.example/1", "headline": "Rain", "body": "It rains."}


def clean(record: dict[str, Any], fields: dict[str, str] | None = None) -> dict[str, Any]:
    return dict(copydesk.clean(map_record(record, fields), changes="none").to_dict())


def refusal(record: dict[str, Any], fields: dict[str, str] | None = None) -> str:
    with pytest.raises(ValidationFailed) as caught:
        map_record(record, fields)
    [error] = caught.value.errors
    assert error["detail"] == caught.value.detail == str(caught.value)
    return caught.value.detail


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_record_of_a_known_shape_comes_out_right(case: dict[str, Any]) -> None:
    cleaned = clean(case["record"])
    assert {name: cleaned[name] for name in case["clean"]} == case["clean"]
    assert set(case["extra"]) <= cleaned["extra"].keys()
    assert [w["code"] for w in cleaned["warnings"] if w["code"] != "text-empty"] == []


@pytest.mark.parametrize("case", LISTS, ids=lambda case: case["path"])
def test_document_with_a_list_gives_its_records(case: dict[str, Any]) -> None:
    path, records = list_records(case["document"]) or ("", [])
    assert (path, len(records)) == (case["path"], case["count"])
    assert {clean(record)["source"] for record in records} == {case["source"]}


@pytest.mark.parametrize("document", [{"text": "x", "items": [{"text": "y"}]}, {"items": ["a"]}, PLAIN])
def test_document_without_records_is_no_list(document: dict[str, Any]) -> None:
    assert list_records(document) is None


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        (PLAIN | {"items": [{"text": "caption 1"}]}, {}),
        ({"headline": "Rain", "story": "It rains.", "data": [{"n": 1}]}, {}),
        ({"h": "Rain", "body": "It rains.", "posts": [{"text": "y"}]}, {"title": "h"}),
        ({"b": "It rains.", "posts": [{"text": "y"}]}, {"text": "b"}),
        ({"title": "x", "body": "a", "content": "b", "data": [{"text": "y"}]}, {}),
        ({"title": "Rain", "unknown": "It rains.", "data": []}, {}),
        ({"body": "It rains.", "data": []}, {}),
    ],
)
def test_article_with_a_list_is_one_article(document: dict[str, Any], fields: dict[str, str]) -> None:
    assert list_records(document, fields) is None


def test_feed_with_a_mapped_description_is_a_list() -> None:
    document = {"title": "News", "description": "All news", "items": [{"title": "Rain", "description": "It rains."}]}
    path, records = list_records(document, {"text": "description"}) or ("", [])
    assert (path, len(records)) == ("items", 1)


def test_empty_page_of_an_api_is_an_empty_list() -> None:
    assert list_records({"status": "ok", "totalResults": 0, "articles": []}) == ("articles", [])


def test_odd_item_does_not_hide_a_list() -> None:
    assert list_records({"items": [PLAIN, None, 7]}) == ("items", [PLAIN, None, 7])


def test_raw_article_is_unchanged() -> None:
    article = {"text": None, "html": "<p>x</p>", "extra": {"a": 1}, "options": {"quotes": "plain"}}
    assert map_record(article) == article


def test_raw_article_without_mapped_keys_is_unchanged() -> None:
    article = {"title": "A", "text": "One.<br>Two."}
    assert map_record(article, {"url": "link"}) == article


@pytest.mark.parametrize("record", [None, "x", [], {1: "x"}, {"title": "x", "body": "y", 1: 2}])
def test_value_that_is_no_record_is_an_error(record: Any) -> None:
    assert "an object whose keys are strings" in refusal(record)


def test_tuples_and_sets_are_read_as_lists() -> None:
    record = {"h": "Rain", "b": ("It rains.", "It pours."), "by": {"Max", "Anna"}, "k": frozenset({"a"}), "x": [("u",)]}
    mapped = map_record(record, {"title": "h", "text": "b", "authors": "by", "tags": "k"})
    assert mapped == {
        "title": "Rain",
        "text": "It rains.\n\nIt pours.",
        "authors": ["Anna", "Max"],
        "tags": ["a"],
        "extra": {"x": [("u",)]},
    }
    assert map_record(PLAIN | {"author": ("Anna",), "people": ()})["authors"] == ["Anna"]


def test_set_of_paragraphs_has_no_order_and_is_refused() -> None:
    assert "cannot be read" in refusal({"title": "x", "body": {"It rains.", "It pours."}})


@pytest.mark.parametrize(("key", "name"), [("body", "text"), ("raw_html", "html")])
def test_bytes_are_a_body(key: str, name: str) -> None:
    assert map_record({"headline": "Rain", key: b"It rains."}) == {"title": "Rain", name: b"It rains."}


@pytest.mark.parametrize("value", ["None", "nan", "", None, []])
def test_mapped_value_that_is_missing_is_left_out(value: object) -> None:
    record = PLAIN | {"first": value, "date": "2024-03-05"}
    assert "published" not in map_record(record, {"published": "first"})


def test_mapping_comes_before_shapes_and_names() -> None:
    record = {"a": {"b": "Rain"}, "c.d": "It rains.", "title": "Other", "link": "https://a.example/1", "n": [1]}
    mapped = map_record(record, {"title": "a.b", "text": "c.d"})
    expected = {"url": "https://a.example/1", "title": "Rain", "text": "It rains."}
    assert mapped == expected | {"extra": {"title": "Other", "n": [1]}}


def test_mapping_overrides_one_field_of_a_known_shape() -> None:
    record = next(case["record"] for case in CASES if case["name"] == "newspaper4k")
    cleaned = clean(record, {"subtitle": "meta_description", "tags": "keywords"})
    assert (cleaned["subtitle"], cleaned["tags"]) == ("d", ["bridge", "river"])
    assert cleaned["authors"] == ["Anna Bell", "Max Müller"]


@pytest.mark.parametrize("path", ["people.name", "people.0.name", "people[role=author].name"])
def test_path_reaches_into_lists(path: str) -> None:
    record = PLAIN | {"people": [{"name": "Anna Bell", "role": "author"}]}
    assert map_record(record, {"authors": path})["authors"] == ["Anna Bell"]


def test_mapped_text_may_be_html() -> None:
    assert map_record({"x": "<p>It rains.</p><p>It pours.</p>"}, {"text": "x"}) == {
        "html": "<p>It rains.</p><p>It pours.</p>"
    }


@pytest.mark.parametrize(
    ("record", "parts"),
    [
        ({"Inhalt X": "A long story.", "n": 1}, ["`Inhalt X`, `n`", "--map text=Inhalt X"]),
        ({"title": "x", "body": "a", "content": "b"}, ["`body`, `content`", "--map text=body"]),
        (
            {"title": "x", "text": "a", "autors": "Anna"},
            ["`autors`", "Did you mean `authors`", "--map authors=autors,"],
        ),
        (
            {"title": "x", "text": "a", "autors": "A", "langauge": "en"},
            ["--map authors=autors --map language=langauge,"],
        ),
        ({"text": "a", "label": 1}, ["`label`", "neither a title nor a URL", "--map text=text", "`extra`"]),
        ({"title": "x", "body": ["The ", "river", " rose."]}, ["`body` cannot be read"]),
        ({"title": "x", "body": 7}, ["`body` cannot be read"]),
        ({"a": "Rain", "link": "https://a.example/long", "b": "It rains."}, ["--map text=b,"]),
        ({"title": "x", "note": None}, ["No key of the record is known as the body"]),
        ({f"key {n}": "x" for n in range(99)}, ["and 79 more"]),
    ],
)
def test_unknown_record_is_one_error_that_says_what_to_do(record: dict[str, Any], parts: list[str]) -> None:
    detail = refusal(record)
    assert [part for part in parts if part not in detail] == []


def test_row_without_its_headline_is_mapped_as_its_table() -> None:
    assert map_record({"headline": "", "body": "It rains.", "price": "7"}) == {
        "text": "It rains.",
        "extra": {"price": "7"},
    }


def test_mapping_that_matches_nothing_is_an_error() -> None:
    assert "`a`" in refusal({"a": "x"}, {"text": "b"})


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"headline": "title"}, "Did you mean 'title'.$"),
        ({"title": ""}, "name of a key"),
        ({1: "title"}, "Unknown field"),
        ("title", "Expected a mapping"),
    ],
)
def test_wrong_mapping_is_an_error(fields: Any, part: str) -> None:
    with pytest.raises(ValidationFailed, match=part):
        check_fields(fields)


def test_equal_bodies_are_one_body() -> None:
    assert map_record(PLAIN | {"content": "It rains."})["text"] == "It rains."


def test_keys_with_another_meaning_are_not_dates_or_names() -> None:
    mapped = map_record(PLAIN | {"timestamp": 1709712000, "author": 7, "data": "x"})
    assert mapped["extra"] == {"timestamp": 1709712000, "author": 7, "data": "x"}
    assert mapped.keys() == {"url", "title", "text", "extra"}


def test_object_in_the_place_of_a_list_goes_to_extra() -> None:
    mapped = map_record(PLAIN | {"tags": {"Floods": {"id": 1}}})
    assert (mapped["extra"], "tags" in mapped) == ({"tags": {"Floods": {"id": 1}}}, False)


def test_blank_and_missing_values_are_left_out() -> None:
    assert map_record(PLAIN | {"date": "None", "a": "", "b": [], "c": "null"}).keys() == {"url", "title", "text"}


def test_names_agree_with_the_hints_of_the_contract() -> None:
    by_name = tables().fields_by_name
    hints = {alias: field for alias, field in RawArticle.aliases.items() if alias in by_name}
    assert len(hints) > 20
    assert {alias: by_name[alias] for alias in hints} == hints


def test_tables_name_only_fields_of_a_raw_article() -> None:
    named = {name for shape in tables().shapes for name in shape.paths} | tables().names.keys()
    assert named - {"body"} <= RAW_FIELDS
    words = [word for names in tables().names.values() for word in names]
    assert sorted(set(words)) == sorted(words)


def test_hostile_records_are_mapped() -> None:
    size = 50_000
    lists: Any = "x"
    objects: Any = "x"
    for _ in range(size):
        lists, objects = [lists], {"name": objects}
    record = {"title": "x", "body": "y", "authors": lists, "source": objects, "tags": "[" * size}
    record |= {"a." * size: 1, "[" * size: 2, f"b{' ' * size}": 3}
    assert map_record(record)["authors"] == ["x"]


@pytest.mark.parametrize(
    "record",
    [
        {"headline": "Rain", "body": "It rains."},
        {"title": {"rendered": "Rain"}, "content": {"rendered": "It rains."}, "link": "https://a.example"},
    ],
)
def test_no_other_key_is_read_for_a_mapped_body(record: dict[str, Any]) -> None:
    assert refusal(record, {"text": "nope"}).startswith("The record has no `nope`, which is mapped as the body. Found:")
    assert map_record(record | {"nope": None, "title": "Rain"}, {"text": "nope", "html": "x"})["title"] == "Rain"
