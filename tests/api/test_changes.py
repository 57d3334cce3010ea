"""The changes of a field lead from the returned text back to the text that was sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import copydesk
from copydesk.article import CleanArticle
from tests.helpers.changes import check_restored

RUSSIAN = (
    "Мэр сообщил, что старый мост закрыт до весны, а паромы ходят каждый час. "
    "Три дня шёл дождь, и река поднялась на два метра; школы не работают."
)
WORDS = [
    *(
        "It rains. ",
        "cafÃ© ",
        "cafÃ©s ",
        "naÃ¯ve ",
        "Russiaâ€™s ",
        "â€œnoâ€\x9d ",
        "caf&eacute; ",
        "&amp; ",
        "l\\u2019e ",
    ),
    *("  ", " \n\n\n", "\u200b", "\xad", "\ufeff", "a\u200b\u200db ", "e\u0301 ", "😀  ", "it\x92s ", "don\ufffdt "),
    "Advertisement\n\n",
    RUSSIAN.encode().decode("latin-1"),
    RUSSIAN.encode("cp1251").decode("latin-1"),
]
OPTIONS: list[dict[str, Any]] = [
    {},
    {"changes": "explained", "boilerplate": "keep"},
    {"repair": "aggressive", "quotes": "plain", "normalization": "NFKC"},
    {"repair": "safe", "whitespace": "keep"},
]


def clean(text: str, **options: Any) -> CleanArticle:
    """Clean a text, and check its changes."""
    cleaned = copydesk.clean({"text": text}, {"detect_language": False} | options)
    check_restored(text, cleaned.text, cleaned.changes)
    keys = [(change.kind, change.before, change.after, change.plan) for change in cleaned.changes if change.count == 1]
    assert len(keys) == len(set(keys))
    assert [change.places[0] for change in cleaned.changes] == sorted(change.places[0] for change in cleaned.changes)
    return cleaned


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(WORDS), st.integers(1, 4)), min_size=1, max_size=12),
    st.integers(1, 12),
    st.sampled_from(OPTIONS),
)
def test_changes_lead_back_to_any_text(words: list[tuple[str, int]], times: int, options: dict[str, Any]) -> None:
    clean("The river rose. " + "".join(word * count for word, count in words) * times, **options)


@pytest.mark.parametrize(
    "text",
    [
        "a\u200bb\u200d  " * 2_000,
        "cafÃ© fÃ¼r  \u200b" * 3_000,
        "".join(f"Line {i} " + " " * (i % 40) + "a\u200b\n" for i in range(3_000)),
        "".join(f"{'aeiouyAEIOUYcnszlrCNSZLR'[i % 24]}\u0301 " for i in range(3_000)),
    ],
    ids=["of two kinds", "of repairs", "of many lengths", "of many letters"],
)
def test_changes_lead_back_from_thousands(text: str) -> None:
    cleaned = clean(text)
    assert sum(change.count for change in cleaned.changes) > 2_000


def test_equal_changes_are_one_with_all_places() -> None:
    cleaned = clean("cafÃ©  bar, cafÃ©  bar")
    repair, space = cleaned.changes
    assert (repair.before, repair.count, repair.starts, repair.original_starts) == ("Ã©", 2, (3, 13), (3, 15))
    assert (space.before, space.count, space.starts, space.original_starts) == ("  ", 2, (4, 14), (5, 17))


def test_many_repairs_are_one_change_only_if_dense() -> None:
    """A stretch has no places. Repairs between other words are reported with each of them."""
    (stretch,) = clean(RUSSIAN.encode().decode("latin-1")).changes
    assert stretch.count > 10
    assert (stretch.starts, stretch.places) == ((), ((0, 0),))
    accents = clean("start " + "cafÃ© fÃ¼r " * 200 + "end").changes
    assert [(change.before, change.count, len(change.places)) for change in accents] == [
        ("Ã©", 200, 200),
        ("Ã¼", 200, 200),
    ]


def test_places_in_the_json_are_those_of_repeated_changes() -> None:
    changes = clean("cafÃ©  bar, cafÃ© naÃ¯ve").to_dict()["changes"]
    assert [change.get("starts") for change in changes] == [[3, 13], None, None]
    assert changes[0]["original_starts"] == [3, 15]
