"""The instructions of the Dockerfile."""

from __future__ import annotations

import re

from tests.helpers.paths import ROOT


def instructions() -> list[tuple[str, str]]:
    """Return all instructions in their order, each as its keyword and its arguments on one line."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    joined = re.sub(r" *\\\n *", " ", "\n".join(lines))
    pairs = (line.partition(" ") for line in joined.splitlines())
    return [(keyword, arguments) for keyword, _, arguments in pairs if keyword]


def instruction(keyword: str) -> str:
    """Return the arguments of the only instruction with a keyword in the last stage."""
    last_stage = instructions()
    last_stage = last_stage[max(i for i, (name, _) in enumerate(last_stage) if name == "FROM") :]
    [arguments] = [arguments for name, arguments in last_stage if name == keyword]
    return arguments
