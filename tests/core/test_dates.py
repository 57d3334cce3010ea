from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import cases

from svc.core.metadata.dates import read


@pytest.mark.parametrize("case", cases("dates"))
def test_a_date_is_read_as_precisely_as_it_was_or_kept_as_it_came(case: dict[str, Any]) -> None:
    found = read(case["raw"])
    assert (found.value, found.precision) == (case["value"], case["precision"])
    assert found.raw == (None if case["value"] else str(case["raw"]))


@given(st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T.*")))
def test_nothing_raises_and_what_was_read_reads_the_same_again(value: str | float) -> None:
    found = read(value)
    if found.value is not None:
        assert read(found.value).value == found.value
