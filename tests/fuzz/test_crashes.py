"""Regression tests: each saved crash passes its target now."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz import crashes
from fuzz.targets import TARGETS

KEPT = [(target, path) for target in TARGETS for path in crashes.saved_inputs(target)]


@pytest.mark.parametrize(("target", "path"), KEPT, ids=[f"{target}-{path.name}" for target, path in KEPT])
def test_saved_crash_passes(target: str, path: Path) -> None:
    TARGETS[target](path.read_bytes())


def test_all_that_was_kept_belongs_to_a_door() -> None:
    assert {path.name for path in crashes.CRASHES_DIR.glob("*")} <= set(TARGETS)
