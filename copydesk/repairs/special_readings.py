"""Readings of single tokens that no pair of charsets gives: where bytes were changed after the damage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import ftfy  # noqa: TID251

from copydesk.article import Plan, Step
from copydesk.changes.plan import replay
from copydesk.encoding.charsets import CODECS
from copydesk.repairs.byte_tables import INDEX, UNASSIGNED, WESTERN, byte_tables
from copydesk.repairs.readings import UTF8, Candidate, show_c1

# How many tokens of a candidate get special readings.
MAX_TOKENS = 24
# What each kind costs, in bits.
_SPACE_BITS, _CASE_BITS, _FTFY_BITS, _PARTS_BITS = 2.0, 5.0, 4.0, 6.0
_CONFIG = ftfy.TextFixerConfig(unescape_html=False, replace_lossy_sequences=False, decode_inconsistent_utf8=False)
_CHARSETS = {codec: name for name, codec in CODECS.items()} | {"latin-1": "iso-8859-1", "macroman": "macintosh"}
_STEPS: dict[str, Step] = {"restore_byte_a0": ("restore-nbsp",), "fix_c1_controls": ("decode-c1",)}


@dataclass(frozen=True, slots=True)
class SpecialReading:
    """A reading of a token with its own plan.

    Attributes:
        text: the reading.
        plan: the steps that give it.
        bits: what it costs on top of the cost of the text.
    """

    text: str
    plan: Plan
    bits: float


def finish(reading: str, plan: Plan) -> tuple[str, Plan]:
    """Return a reading as UTF-8 with its C1 controls shown, and the plan that gives it."""
    shown = show_c1(reading)
    return (shown, (*plan, ("decode-c1",))) if shown != reading else (reading, plan)


@cache
def utf8_shapes(charset: str) -> re.Pattern[str]:
    """Return the pattern of characters that a single-byte charset shows for one character of UTF-8."""
    shown = byte_tables().from_byte[INDEX[charset]].tolist()

    def characters(first: int, end: int) -> str:
        return "".join(re.escape(chr(code)) for code in shown[first:end] if code != UNASSIGNED)

    two, three, four = characters(0xC2, 0xE0), characters(0xE0, 0xF0), characters(0xF0, 0xF5)
    follow = f"[{characters(0x80, 0xC0)}]"
    return re.compile(f"[{two}]{follow}|[{three}]{follow}{{2}}|[{four}]{follow}{{3}}")


def read_parts(token: str, candidate: Candidate) -> str:
    """Read the characters of UTF-8 in a token whose other characters have no reading."""

    def read(match: re.Match[str]) -> str:
        try:
            return replay(candidate.plan, match[0])
        except UnicodeError:
            return match[0]

    return utf8_shapes(candidate.decoded_as).sub(read, token)


def find(token: str, candidate: Candidate) -> Iterator[SpecialReading]:
    """Yield the special readings of a token that a candidate cannot read.

    >>> [one.text for one in find("ã©tã©", Candidate("windows-1252", "utf-8", 0))]
    ['été']
    """
    plans: list[tuple[Plan, float]] = []
    encode, decode = candidate.plan
    if " " in token:
        plans.append(((encode, ("restore-nbsp",), decode), _SPACE_BITS))
    if candidate.decoded_as == WESTERN:
        plans.append(((("restore-case",), encode, decode), _CASE_BITS))
        proposed = _plan_of_ftfy(token)
        if proposed:
            plans.append((proposed, _FTFY_BITS))
    for plan, bits in plans:
        try:
            text = replay(plan, token)
        except UnicodeError:
            continue
        if text not in (token, "") and "\x1a" not in text:
            shown, finished = finish(text, plan)
            yield SpecialReading(shown, finished, bits)
    parts = read_parts(token, candidate)
    if parts != token:
        yield SpecialReading(parts, candidate.plan, _PARTS_BITS)


@lru_cache(1 << 10)
def _plan_of_ftfy(token: str) -> Plan:
    """Return the plan that ftfy proposes for a token; empty if it has none."""
    steps = ftfy.fix_encoding_and_explain(token, _CONFIG)[1] or ()
    plan: list[Step] = []
    for action, name in steps:
        if action in ("encode", "decode"):
            if name not in _CHARSETS:
                return ()
            plan.append((action, _CHARSETS[name]))
        elif name in _STEPS:
            plan.append(_STEPS[name])
        else:
            return ()
    return tuple(plan) if ("decode", UTF8) in plan else ()


__all__ = ["MAX_TOKENS", "UTF8", "SpecialReading", "find", "finish"]
