"""What fuzzing once found stays mended: each input that was kept is thrown at its door again."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz import crashes
from fuzz.targets import TARGETS

KEPT = [(door, path) for door in TARGETS for path in crashes.saved_inputs(door)]


@pytest.mark.parametrize(("door", "path"), KEPT, ids=[f"{door}-{path.name}" for door, path in KEPT])
def test_what_was_once_found_is_taken_well_now(door: str, path: Path) -> None:
    TARGETS[door](path.read_bytes())


def test_all_that_was_kept_belongs_to_a_door() -> None:
    assert {path.name for path in crashes.CRASHES_DIR.glob("*")} <= set(TARGETS)
