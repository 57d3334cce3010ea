from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copydesk.metadata.datelines import MIN_STRIP_CONFIDENCE, find
from tests.helpers.cases import cases


@pytest.mark.parametrize("case", cases("datelines"))
def test_a_dateline_is_read_and_an_ordinary_opening_is_not(case: dict[str, Any]) -> None:
    dateline = find(case["text"], case.get("known"))
    fields = dateline and {name: getattr(dateline, name) for name in ("place", "date", "agency", "byline")}
    assert fields == (case["expect"] and {"place": None, "date": None, "agency": None, "byline": None} | case["expect"])


@pytest.mark.parametrize(
    ("known", "expect"),
    [
        ("2022-01-01T08:00:00Z", "2021-12-31"),
        ("2021-12-30", "2021-12-31"),
        ("2022-07-15", "2022-12-31"),
        ("2022-01", "2021-12-31"),
        (None, "--12-31"),
        ("soon", "--12-31"),
        ("0000-99-99", "--12-31"),
    ],
)
def test_the_year_is_the_one_that_brings_the_day_nearest(known: str | None, expect: str) -> None:
    dateline = find("LONDON, Dec 31 (Reuters) - Shares rose", known)
    assert dateline is not None
    assert dateline.date == expect


def test_a_day_without_a_month_needs_to_know_when() -> None:
    text = "[東京 31日 ロイター] - 日経平均"
    assert [getattr(find(text, known), "date", "") for known in (None, "2022-02-01")] == [None, "2022-01-31"]


@pytest.mark.parametrize(("day", "expect"), [("Feb 31", None), ("Feb 29", "--02-29"), ("Feb 29, 2022", None)])
def test_a_day_that_cannot_be_is_no_date_and_no_failure(day: str, expect: str | None) -> None:
    dateline = find(f"LONDON, {day} (Reuters) - Shares rose")
    assert dateline is not None
    assert (dateline.place, dateline.date, dateline.agency) == ("LONDON", expect, "Reuters")


def test_place_without_agency_must_be_in_the_first_paragraph() -> None:
    """An agency may be in the third paragraph."""
    lead = "What happened today\n\nBy Jane Doe\n\n"
    assert getattr(find(f"{lead}LONDON (AP) — The queen"), "start", None) == len(lead)
    assert find(f"{lead}By John Doe\n\nLONDON (AP) — The queen") is None
    assert find("LONDON — The queen") is not None
    assert find(f"{lead}LONDON — The queen") is None


def test_the_story_begins_behind_the_dateline() -> None:
    text = "Exclusive\n\n  MADRID, 6 May. (EUROPA PRESS) - \n   Químicos del MIT"
    dateline = find(text)
    assert dateline is not None
    assert dateline.raw == "MADRID, 6 May. (EUROPA PRESS) -"
    assert text[dateline.start :].startswith(dateline.raw)
    assert text[dateline.end :] == "Químicos del MIT"


@pytest.mark.parametrize(
    ("text", "expect"),
    [("LONDON (AP) — The queen", True), ("AUSTIN (KXAN) — A man", False), ("LONDON — The queen", False)],
)
def test_only_known_agencies_and_fixed_forms_are_stripped(text: str, *, expect: bool) -> None:
    dateline = find(text)
    assert dateline is not None
    assert (dateline.confidence >= MIN_STRIP_CONFIDENCE) is expect


PIECES = [
    "LONDON", "Paris", ", ", "Feb 2", " (AP)", "/TASS/", " — ", "- ", ". ", "The queen", "新华社", "8月12日", "电",
    "【", "】", "서울=연합뉴스", "기자 =", "(", ")", "\n", "\n\n", "31", "\ud800", "\0", "的", "القاهرة", "रपट",
    "共同", ":", "a",
]  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)), st.sampled_from([None, "2022-02-03"]))
@example("LONDON (AP) — ", None)
def test_whatever_the_text_what_is_found_stands_in_it(text: str, known: str | None) -> None:
    dateline = find(text, known)
    if dateline is not None:
        assert dateline.raw
        assert dateline.raw == text[dateline.start : dateline.end].strip()
        assert text[dateline.start :].startswith(dateline.raw)
        assert 0 <= dateline.confidence <= 1
        assert any((dateline.place, dateline.date, dateline.agency, dateline.byline))
        assert dateline.date is None or dateline.date.startswith("--") or date.fromisoformat(dateline.date)
        assert find(text, known) == dateline


@pytest.mark.parametrize(
    "piece",
    ["A", "A ", "a ", "1 ", "1.", "(", "(a) ", "[A] ", "/a ", "A, ", "A-", "— ", " ", "\n", " \n", "中", "(가=나) ",
     "【ワ", "• ", "A\u0300", "\u093e", "\ud800", "एक ", "LONDON (AP) "],
)  # fmt: skip
def test_a_long_hostile_text_comes_to_an_end(piece: str) -> None:
    find(piece * 300_000, "2022-02-03")
    find("LONDON (" + piece * 100_000, "2022-02-03")
