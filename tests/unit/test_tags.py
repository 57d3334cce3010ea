from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.metadata.tags import split
from schemas.fields import MAX_LIST_CHARS, MAX_LIST_ITEMS, MAX_STRING_CHARS
from tests.helpers.cases import cases

PIECES = st.sampled_from(
    [
        *(
            ",",
            ";",
            "|",
            "、",
            "，",
            "؛",
            "\n",
            " ",
            "#",
            "Tags:",
            "Keywords : ",
            "“",
            '"',
            "'",
            ".",
            ":",
            "-",
            "\u0301",
            "\u200b",
        ),
        *("climate", "Climate", "CLIMATE", "U.S.", "10,000", "5", "C++", "Straße", "经济", "مصر", "a" * 201),
    ]
)
RAWS = st.lists(st.lists(PIECES, max_size=10).map("".join) | st.text(max_size=30), max_size=5)


@pytest.mark.parametrize("case", cases("tags"))
def test_tags_are_divided_and_trimmed_and_each_is_there_once(case: dict[str, Any]) -> None:
    assert [tag.text for tag in split(case["raw"])] == case["expect"]


@given(RAWS)
def test_reading_the_tags_again_changes_nothing(raws: list[str]) -> None:
    once = [tag.text for tag in split(raws)]
    assert [tag.text for tag in split(once)] == once


@given(RAWS)
def test_a_tag_is_from_its_source_and_never_empty(raws: list[str]) -> None:
    tags = split(raws)
    assert len({tag.text.casefold() for tag in tags}) == len(tags)
    for tag in tags:
        assert tag.text.strip()
        assert tag.text in " ".join(raws[tag.source].split())


def test_the_source_is_where_the_spelling_first_came() -> None:
    assert [(tag.text, tag.source) for tag in split(["", "b; A", "a", "B", "c"])] == [("b", 1), ("A", 1), ("c", 4)]


def test_hostile_tags_end() -> None:
    for middle in (",", ";", "#a ", "Tags:", '"#', "1,", "a", ".", " ", "\u0301", "x, "):
        split([middle * (MAX_STRING_CHARS // len(middle)) + str(i) for i in range(2)])
        split([middle * (MAX_LIST_CHARS // MAX_LIST_ITEMS // len(middle)) + str(i) for i in range(MAX_LIST_ITEMS)])
