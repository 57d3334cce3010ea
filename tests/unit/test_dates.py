from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.metadata.dates import Hints, parse
from copydesk.metadata.dates.words import load_calendar
from schemas.clean import DATE
from tests.helpers.cases import cases

# Random texts with many parts of dates.
PIECES = st.lists(
    st.sampled_from(
        "2 02 31 12 2022 22 1400 2565 . / - : , 年 月 日 時 h14 14:05 14h05 pm 下午 Uhr Feb февраля mars شباط "
        "بهمن ก.พ. Wed пятница updated Stand: GMT +3 EST ago hours yesterday вчера vor tháng 令和 x ٢".split()
    ),
    max_size=12,
).map(" ".join)


@pytest.mark.parametrize("case", cases("dates"))
def test_date_keeps_its_precision_or_its_raw_form(case: dict[str, Any]) -> None:
    instant = parse(case["raw"], Hints(**case.get("hints", {})))
    assert (instant.value, instant.precision) == (case["value"], case["precision"])
    assert (instant.zone, instant.ambiguous) == (case.get("zone"), case.get("ambiguous", False))
    assert instant.raw == (None if instant.value == case["raw"] else str(case["raw"]))


def test_of_two_dates_in_one_string_each_field_takes_its_own() -> None:
    both = "Published: 14:05, 2 February 2022 | Updated: 15:30, 3 February 2022"
    assert parse(both).value == "2022-02-02T14:05:00"
    assert parse(both, latest=True).value == "2022-02-03T15:30:00"


MONTHS = [
    (word, int(month), language)
    for word, months in load_calendar()["month"].items()
    for month, languages in months.items()
    for language in languages
]
# Languages that join the parts of a date with "de".
WITH_DE = frozenset({"pt", "es", "gl", "ca"})


@pytest.mark.parametrize(
    "form",
    ["5 {} 2024", "5. {} 2024", "5-{}-2024", "5 {}, 2024 9:30", "{} 5, 2024", "2024 {} 5", "Sunday 5 {} 2024"],
)
def test_every_month_is_read_in_every_form(form: str) -> None:
    for word, month, language in MONTHS:
        for spelling in {word, word.title(), word.upper(), word.replace("’", "'")}:
            instant = parse(form.format(spelling), Hints(language=language))
            assert (instant.value or "")[:10] == f"2024-{month:02}-05", (spelling, language)


def test_every_month_is_read_between_words_that_join() -> None:
    for word, month, language in MONTHS:
        if language in WITH_DE and not word.startswith(("de ", "d’")):
            for hints in (Hints(language=language), Hints()):
                assert parse(f"À terça-feira, 5 de {word} de 2024", hints).value == f"2024-{month:02}-05", word


@given(
    st.one_of(
        PIECES, st.text(), st.integers(), st.floats(allow_nan=False), st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T.*")
    ),
    st.sampled_from([None, "en", "de-AT", "fa", "xx"]),
    st.sampled_from([None, "2022-02", "2022-02-02", "2022-02-02T20:00:00Z"]),
)
def test_parsing_any_date_is_valid_and_idempotent(
    value: str | float, language: str | None, fetched_at: str | None
) -> None:
    hints = Hints(language=language, fetched_at=fetched_at)
    instant = parse(value, hints)
    if instant.value is None:
        assert instant.raw in (None, str(value))
    else:
        assert re.match(DATE, instant.value)
        assert parse(instant.value, hints).value == instant.value


@pytest.mark.parametrize(
    "value", ["1" * 100_000, "2022-" * 50_000, "2 Feb " * 50_000, "\u0301" * 100_000, "\x00\ud800" * 9]
)
def test_long_and_strange_strings_are_read_in_bounded_time(value: str) -> None:
    parse(value, Hints(fetched_at="2022-02-02T20:00:00Z"))
