"""A pair of charsets, applied to a text where it fits: to all of it, else line by line, else token by token.

Hardly anything but UTF-8 is valid UTF-8 by chance, so of such pairs a line that they do not fit takes the tokens that
they do: a clean `é` beside `Ã©` survives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import TypeAlias

from copydesk.article import Edit, Kind, Plan
from copydesk.changes.edits import LazyEdits, Replacement
from copydesk.changes.plan import replay
from copydesk.langmodel.bigrams import BIT
from copydesk.repairs import ftfy_plans
from copydesk.repairs.arbitration import TOKEN, Verdict, tokens
from copydesk.repairs.hypotheses import LONGEST, UTF8, Pair, reading
from copydesk.repairs.judge import Context, bits
from copydesk.repairs.weight import weigh
from copydesk.transforms.characters import LINE

VERIFIED = 40
_TOKEN_LOSS = 12 * BIT
# Of so many tokens one may come from elsewhere: from an entity, or a line that was pasted in.
_FEW = 12
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_Pieces: TypeAlias = dict[str, list[Replacement]]


def spread(items: list[str], most: int) -> list[str]:
    """Return at most so many items, taken evenly."""
    return items[:: -(-len(items) // most) or 1]


def applied(text: str, verdict: Verdict, context: Context, confidence: float) -> Sequence[Edit]:
    """Apply a pair of charsets where it fits: to the whole text, else line by line, else token by token."""
    plan: Plan = (("encode", verdict.pair[0]), ("decode", verdict.pair[1]))
    readings = {token: reading(token, verdict.pair) for token in tokens(text)}
    pieces: _Pieces = {}
    swaps: list[Replacement] = []
    spaced: list[Edit] = []
    if _fits(readings, context) and not (verdict.pair[1] in UTF8 and None in readings.values()):
        swaps += _swaps(text, readings, verdict.pair, pieces)
    else:
        known: dict[str, tuple[list[Replacement], list[Edit]]] = {}
        for line in LINE.finditer(text):
            if not line[0].isascii():
                if line[0] not in known:
                    known[line[0]] = _in_line(line[0], readings, verdict.pair, context, pieces)
                at, (plain, whole) = line.start(), known[line[0]]
                swaps += [(start + at, end + at, after) for start, end, after in plain]
                spaced += [replace(edit, start=edit.start + at, end=edit.end + at) for edit in whole]
    found = LazyEdits(text, swaps, _kind(plan), plan, confidence)
    return sorted([*found, *spaced], key=attrgetter("start")) if spaced else found


def _in_line(
    line: str, readings: Mapping[str, str | None], pair: Pair, context: Context, pieces: _Pieces
) -> tuple[list[Replacement], list[Edit]]:
    """Apply a pair of charsets to a line: by token, or to the line as a whole if its spaces were damaged, too."""
    here = {token: readings[token] for token in tokens(line)}
    fits = _fits(here, context)
    if not fits or None in here.values():
        spaced = _with_spaces(line, pair, context)
        if spaced:
            return [], spaced
    if not fits:
        here = _best_of(here, context) if pair[1] in UTF8 else {}
    return list(_swaps(line, here, pair, pieces)), []


def _swaps(text: str, readings: Mapping[str, str | None], pair: Pair, pieces: _Pieces) -> Iterator[Replacement]:
    for token in TOKEN.finditer(text):
        after = readings.get(token[0])
        if after is not None and after != token[0]:
            if token[0] not in pieces:
                pieces[token[0]] = _cut(token[0], after, pair)
            at = token.start()
            for start, end, other in pieces[token[0]]:
                yield start + at, end + at, other


def _fits(readings: dict[str, str | None], context: Context) -> bool:
    """Return whether hardly any token can't be read by the pair, and none looked at loses more than a name may."""
    unreadable = list(readings.values()).count(None)
    if unreadable > len(readings) // _FEW:
        return False
    gains = [_gain(token, readings[token], context) for token in spread(list(readings), VERIFIED)]
    return sum(gains) > 0 and min(gains) > -_TOKEN_LOSS - sum(gains) // 3


def _best_of(readings: dict[str, str | None], context: Context) -> dict[str, str | None]:
    """Choose the tokens that are better read by the pair, beside others that are not."""
    return {token: text for token, text in readings.items() if _gain(token, text, context) > 0}


def _gain(token: str, other: str | None, context: Context) -> int:
    if other is None or other == token:
        return 0
    if len(token) > LONGEST:
        token, other = token[:LONGEST], other[: LONGEST * len(other) // len(token)]
    return context.cost(weigh(token)) - context.cost(weigh(other))


def _with_spaces(line: str, pair: Pair, context: Context) -> list[Edit]:
    """Read a whole line in which the byte A0 of UTF-8 has become a plain space (`voilÃ  `)."""
    if pair[1] != "utf-8":
        return []
    plan: Plan = (("encode", pair[0]), ("restore-nbsp",), ("decode", pair[1]))
    try:
        after = replay(plan, line)
    except UnicodeError:
        return []
    before, now = ([weigh(token) for token in TOKEN.findall(text)] for text in (line, after))
    return ftfy_plans.cut(line, 0, plan) if bits(now, context) < bits(before, context) else []


def _cut(before: str, after: str, pair: Pair) -> list[Replacement]:
    """Cut the repair of a token down to the characters that change, if the plan can be replayed on those alone."""
    pieces = [(match.start(), match.end(), reading(match[0], pair)) for match in _NON_ASCII.finditer(before)]
    made, at = [], 0
    for start, end, other in pieces:
        made += [before[at:start], before[start:end] if other is None else other]
        at = end
    if "".join((*made, before[at:])) != after:
        pieces = [(0, len(before), after)]
    return [(start, end, other) for start, end, other in pieces if other is not None and other != before[start:end]]


def _kind(plan: Plan) -> Kind:
    return "mojibake" if plan[-1][1] in UTF8 else "charset"
