"""The data that tests read: the corpus of clean articles, and the tables of cases."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.helpers.paths import TESTS


def corpus() -> list[Any]:
    """Return all raw articles of the corpus."""
    files = sorted((TESTS / "corpus").glob("*.json"))
    return [article for file in files for article in json.loads(file.read_text(encoding="utf-8"))]


def cases(name: str) -> list[Any]:
    """Return the cases of a table as parameters named by their labels.

    The text in `xfail` is the reason for a case that fails.
    """
    table = json.loads((TESTS / "cases" / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["label"], marks=_marks(case)) for case in table]


def _marks(case: dict[str, Any]) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(reason=case["xfail"], strict=True)] if "xfail" in case else []
