"""Folding of hostile texts."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable

import pytest

from copydesk.transforms.folding import fold_case, fold_to_letters, remove_latin_accents

SMALL, LARGE = 4_000, 16_000
# Two classes of marks in alternation, so that normalization has to sort them.
MARKS = "\u0301\u0316"


def cpu_seconds(function: Callable[[str], object], text: str) -> float:
    """Return the least CPU time of three calls."""
    times = []
    for _ in range(3):
        start = time.process_time()
        function(text)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("function", [fold_case, remove_latin_accents, fold_to_letters])
def test_folding_time_grows_linearly_with_marks(function: Callable[[str], object]) -> None:
    small, large = (cpu_seconds(function, "a" + MARKS * (size // 2)) for size in (SMALL, LARGE))
    assert large < 10 * small + 0.02


def test_fold_case_of_many_marks_is_nfkc() -> None:
    text = "É" + MARKS * 100
    expected = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    assert fold_case(text) == expected
