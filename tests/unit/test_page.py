from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring, tostring  # type: ignore[import-untyped]

from copydesk.html import linked_data
from copydesk.html.metadata import read_metadata
from tests.helpers.cases import cases

KEYS = st.sampled_from(
    [
        "@type",
        "@id",
        "@graph",
        "name",
        "headline",
        "author",
        "datePublished",
        "url",
        "mainEntityOfPage",
        "keywords",
        "image",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=20,
)


@pytest.mark.parametrize("case", [case for case in cases("pages") if case.values[0]["kind"] == "page"])
def test_each_field_is_read_from_the_source_that_knows_it_best(case: dict[str, Any]) -> None:
    metadata = read_metadata(document_fromstring(case["html"]), case.get("url"))
    fields = {name: getattr(metadata, name) for name in case["expect"]}
    assert {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()} == case[
        "expect"
    ]


def test_the_tree_is_not_changed() -> None:
    tree = document_fromstring(
        "<html><head><title>x</title></head><body><h1>x</h1><time>2020-01-01</time></body></html>"
    )
    before = tostring(tree)
    read_metadata(tree)
    assert tostring(tree) == before


@given(JSON)
def test_any_json_is_forgiven(value: Any) -> None:
    data = linked_data.LinkedData((value,), (value,)) if isinstance(value, dict) else linked_data.LinkedData()
    for key in ("headline", "author", "image"):
        assert all(isinstance(text, str) for text in (*data.find_texts(key), *data.find_all_texts(key)))


@given(st.text(alphabet='{}[]:,"\\@type NewsArticle/*<!-->', max_size=200))
def test_any_string_that_should_be_json_is_forgiven(script: str) -> None:
    assert linked_data.parse_linked_data([script], ["https://a.example/"]).find_texts("author") is not None


@pytest.mark.parametrize(
    "script",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"@type":"Article","headline":"x"},' * 30_000,
        '{"headline": "' + "x\\" * 500_000,
        "{" + ", " * 500_000,
        "9" * 10_000,
        '{"@type":"Article","author":{"@id":"#a","author":{"@id":"#a"}}}',
    ],
    ids=["brackets", "braces", "articles", "escapes", "commas", "a number", "a circle"],
)
def test_hostile_json_is_done_with(script: str) -> None:
    linked_data.parse_linked_data([script], []).find_texts("headline", "author")
