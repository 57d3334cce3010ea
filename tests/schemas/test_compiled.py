"""The compiled validator and serializer agree with the schemas."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

import schemas
from copydesk import article, pipeline
from copydesk.article import Article, CleanArticle, Options
from schemas.fields import MAX_LIST_ITEMS, MAX_STRING_CHARS

RAW, TEXT = schemas.RawArticle(), schemas.RawText()

STRINGS = st.one_of(
    st.text(max_size=5),
    st.sampled_from(
        ["", " ", "\ud800", "https://a.example/x", " https://a.example/x ", "http:", "x" * (MAX_STRING_CHARS + 1)]
    ),
)
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), STRINGS)
VALUES = st.recursive(PLAIN, lambda inner: st.one_of(st.lists(inner), st.dictionaries(STRINGS, inner)), max_leaves=8)
LIKELY = {
    "text": st.just("A text."),
    "authors": st.lists(STRINGS),
    "tags": st.lists(st.one_of(STRINGS, st.integers())),
    "extra": st.dictionaries(STRINGS, VALUES),
    "options": st.one_of(st.just({"changes": "none"}), st.dictionaries(st.just("changes"), STRINGS)),
}


def documents(schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    known = {name: st.one_of(STRINGS, VALUES, LIKELY.get(name, STRINGS)) for name in schema.load_fields}
    return st.fixed_dictionaries({}, optional={**known, "unknown": VALUES})


@pytest.mark.parametrize("schema", [RAW, TEXT], ids=lambda schema: type(schema).__name__)
@given(data=st.data())
def test_surely_valid_documents_load_unchanged(schema: schemas.StrictSchema, data: st.DataObject) -> None:
    document = data.draw(st.one_of(VALUES, documents(schema)))
    if schema.is_surely_valid(document):
        assert repr(schema.load(document)) == repr(
            {name: document[name] for name in schema.load_fields if name in document}
        )
        return
    try:
        loaded = schema.load(document)
    except ValidationError as error:
        with pytest.raises(ValidationError) as caught:
            schema.read(document)
        assert caught.value.messages == error.messages
    else:
        assert schema.read(document) == loaded


def test_common_documents_are_surely_valid() -> None:
    document = {
        "id": "a-1",
        "url": "https://a.example/ü",
        "title": "A title",
        "subtitle": None,
        "text": "A text.\n",
        "authors": ["Anna Bell"],
        "published": 1643810700,
        "fetched_at": "2022-02-02",
        "image": "/1.jpg",
        "extra": {"depth": 3, "seen": [{"é": None}]},
        "options": {"changes": "none", "detect_language": False},
    }
    assert RAW.is_surely_valid(document)
    assert TEXT.is_surely_valid({"text": "A text.", "declared_charset": None})


@pytest.mark.parametrize(
    "changed",
    [
        {"source": "A", "site_name": "B"},
        {"html": "<p>", "content_base64": ""},
        {"text": None},
        {"title": 7},
        {"title": "x" * (MAX_STRING_CHARS + 1)},
        {"url": " https://a.example/"},
        {"id": "\ud800"},
        {"authors": "Anna Bell"},
        {"tags": [" "]},
        {"tags": ["x"] * (MAX_LIST_ITEMS + 1)},
        {"published": True},
        {"extra": {"\ud800": 1}},
        {"options": {"changes": "some"}},
        {"unknown": 1},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_uncertain_values_are_left_to_the_schema(changed: dict[str, Any]) -> None:
    """The compiled check does not accept values that may be invalid, or that load as other values."""
    assert not RAW.is_surely_valid({"text": "A text."} | changed)


CONFIDENCES = st.one_of(st.integers(0, 1), st.floats(0, 1))
st.register_type_strategy(article.Language, st.builds(article.Language, confidence=CONFIDENCES))
CHANGES = st.one_of(
    st.builds(article.Change, confidence=CONFIDENCES),
    st.builds(article.ExplainedChange),
    st.builds(article.ChangeCount),
)
CLEANED = st.builds(
    CleanArticle,
    extra=st.dictionaries(STRINGS, VALUES),
    changes=st.lists(CHANGES, max_size=3).map(tuple),
)


@given(CLEANED)
def test_compiled_serializers_agree_with_the_schemas(cleaned: CleanArticle) -> None:
    for schema in (schemas.CleanArticle(), schemas.CleanText()):
        assert json.dumps(schemas.compile_serializer(schema)(cleaned)) == json.dumps(schema.dump(cleaned))


@pytest.mark.parametrize("changes", ["full", "explained", "summary", "none"])
def test_clean_articles_are_serialized_as_the_schemas_dump_them(changes: Any) -> None:
    raw = Article(text="LONDON, Feb 2 (Reuters) - Russiaâ€™s  envoy\n\nPhoto: Anna Bell", published="2 Feb 2022")
    cleaned = pipeline.clean(raw, Options(changes=changes))
    assert json.dumps(schemas.compile_serializer(schemas.CleanArticle())(cleaned)) == json.dumps(
        schemas.CleanArticle().dump(cleaned)
    )
