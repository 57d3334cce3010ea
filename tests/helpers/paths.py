"""Directories of the repository."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TESTS = ROOT / "tests"
DEPLOY = ROOT / "deploy"
# On PYTHONPATH, this directory forbids a Python process to reach other hosts.
OFFLINE = TESTS / "offline"
