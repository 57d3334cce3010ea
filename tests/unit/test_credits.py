from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.article import Credit
from copydesk.boilerplate import lines
from copydesk.boilerplate.credits import credit_kind, find_credits
from tests.helpers.cases import cases

_PARTS = (
    "Photo|Foto:|©|Getty Images|/|(|)|AP Photo|Reporting by| via |Copyright|2019|Jane Doe|\n|. |图片来源：|a|;".split(
        "|"
    )
)
LINES = st.lists(st.sampled_from(_PARTS), max_size=12).map("".join) | st.text(max_size=60)
FORMS = {
    "whole": "{}",
    "label": "{}: Jane",
    "start": "{} Jane",
    "brief": "{} Jane",
    "end": "Jane Doe {}.",
    "inside": "Jane Doe {} from",
    "agency": "Jane Doe/{}",
}


@pytest.mark.parametrize("case", cases("credits"))
def test_a_credit_is_known_by_where_its_words_stand(case: dict[str, Any]) -> None:
    assert {line: credit_kind(line) for line in case["lines"]} == dict.fromkeys(case["lines"], case["expect"])


def test_table_entries_find_credits_and_not_boilerplate() -> None:
    for entry in files("copydesk.boilerplate").joinpath("data/credits.txt").read_text(encoding="utf-8").splitlines():
        if not entry.startswith("#"):
            credit, place, words = entry.split("\t")
            line = FORMS[place].format(words.replace("0", "2019").replace("*", "Some Name"))
            assert credit_kind(line) == credit, line
            assert lines.classify_line(line) == "text", line


def test_credits_stand_where_they_stood() -> None:
    text = "Foto: dpa\n\nEin Lager brannte.\n\n  (Reporting by Jane Doe) \n© 2024 Reuters"
    assert find_credits(text) == (
        Credit("photo", "Foto: dpa", 0, 9),
        Credit("reporting", "(Reporting by Jane Doe)", 33, 56),
        Credit("copyright", "© 2024 Reuters", 58, 72),
    )


@given(st.lists(LINES, max_size=6).map("\n".join))
def test_credits_are_whole_lines_in_order_of_place(text: str) -> None:
    results = find_credits(text)
    assert list(results) == sorted(results, key=lambda credit: credit.start)
    for credit in results:
        assert text[credit.start : credit.end] == credit.text == credit.text.strip()
        assert "\n" not in credit.text


@pytest.mark.parametrize(
    "part", ["Photo: ", "© ", "(", "()", "/", " via ", "\u0301", "\n", "Foto: dpa\n", "\ud800", "\0", "["]
)
def test_hostile_texts_end(part: str) -> None:
    text = part * (90_000 // len(part))
    for hostile in (text, text[:400], f"{text[:300]})", f"Copyright {text[:200]}"):
        find_credits(hostile)
