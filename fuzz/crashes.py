"""The crash corpus: minimized inputs that failed, one file each, named by their SHA-256."""

from __future__ import annotations

import hashlib
import traceback
from pathlib import Path

from fuzz.checks import InvariantViolation
from fuzz.targets import TARGETS

CRASHES_DIR = Path(__file__).parent / "crashes"
_ROOT = Path(__file__).parent.parent
_OUR_FOLDERS = tuple(f"{_ROOT / package}/" for package in ("copydesk", "schemas"))
_MAX_MINIMIZE_RUNS = 600


def saved_inputs(target: str) -> list[Path]:
    """Return the saved inputs of a target."""
    return sorted((CRASHES_DIR / target).glob("*"))


def save_input(target: str, data: bytes) -> Path:
    """Save an input and return its path."""
    path = CRASHES_DIR / target / hashlib.sha256(data).hexdigest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def find_fault(target: str, data: bytes) -> str | None:
    """Run a target on an input and describe its failure.

    Returns:
        The violated invariant, or the exception and the function that raised it; equal for equal faults. None if the
        input passes.
    """
    try:
        TARGETS[target](data)
    except InvariantViolation as violation:
        return violation.rule
    except Exception as error:  # noqa: BLE001  any exception is a finding
        return describe_error(error)
    return None


def describe_error(error: BaseException) -> str:
    """Describe an error by its type and the innermost function of our code."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_OUR_FOLDERS)]
    frame = ours[-1] if ours else frames[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}:{frame.name}"


def minimize(target: str, data: bytes, fault: str) -> bytes:
    """Return a small input with the same fault, by removing smaller and smaller pieces."""
    runs_left = _MAX_MINIMIZE_RUNS
    size = len(data) // 2
    while size:
        start = 0
        while start < len(data) and runs_left:
            runs_left -= 1
            shorter = data[:start] + data[start + size :]
            if find_fault(target, shorter) == fault:
                data = shorter
            else:
                start += size
        size //= 2
    return data
