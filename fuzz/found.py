"""What was found: inputs that a door did not take well, made small and kept, each as a file named by its SHA-256."""

from __future__ import annotations

import hashlib
import traceback
from pathlib import Path

from fuzz import checks
from fuzz.doors import DOORS, Door

FOUND = Path(__file__).parent / "found"
_ROOT = Path(__file__).parent.parent
# Executions that making an input small may take.
_PATIENCE = 600


def kept(door: str) -> list[Path]:
    """Return the inputs that were found at a door."""
    return sorted((FOUND / door).glob("*"))


def keep(door: str, data: bytes) -> Path:
    """Keep an input."""
    path = FOUND / door / hashlib.sha256(data).hexdigest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def fault(door: str, data: bytes) -> str | None:
    """Return what goes wrong with an input at a door, in words that are the same for all of its kind; None if nothing.

    It is the promise that is broken; or the error, and the function of ours that it came out of.
    """
    try:
        DOORS[door](data)
    except checks.Broken as broken:
        return broken.rule
    except Exception as error:  # noqa: BLE001  whatever it is, it is what was looked for
        return told(error)
    return None


def told(error: BaseException) -> str:
    """Name an error by its type and the innermost function of ours."""
    frames = traceback.extract_tb(error.__traceback__)
    folders = tuple(f"{_ROOT / package}/" for package in ("copydesk", "schemas"))
    ours = [frame for frame in frames if frame.filename.startswith(folders)]
    where = ours[-1] if ours else frames[-1]
    return f"{type(error).__name__} in {Path(where.filename).name}:{where.name}"


def smallest(door: str, data: bytes, said: str) -> bytes:
    """Return a small part of an input with which the same goes wrong: ever smaller pieces are left out."""
    left = _PATIENCE
    size = len(data) // 2
    while size:
        at = 0
        while at < len(data) and left:
            left -= 1
            without = data[:at] + data[at + size :]
            if fault(door, without) == said:
                data = without
            else:
                at += size
        size //= 2
    return data


__all__ = ["DOORS", "FOUND", "Door", "fault", "keep", "kept", "smallest", "told"]
