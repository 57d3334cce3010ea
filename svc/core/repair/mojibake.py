"""Mojibake: text whose bytes were read in the wrong charset, put right.

The article is the unit: all its fields went through the same hands. The longest damaged one is decided first, and what
it proves is a strong hint for the short ones, where a title alone may be undecidable. Within a field, a pair of
charsets is applied to all of it where it fits all of it; else line by line; and, since hardly anything but UTF-8 is
valid UTF-8 by chance, token by token, so that a clean `é` beside `Ã©` survives.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from svc.core.article import Edit, Kind, Options, Plan
from svc.core.repair import ftfy_plans, recased
from svc.core.repair.arbitration import TOKEN, Verdict, arbitrate, suspects
from svc.core.repair.hypotheses import LONGEST, UTF8, Pair, reading
from svc.core.repair.judge import Context, bits
from svc.core.repair.replay import replay
from svc.core.repair.spelling import BIT
from svc.core.repair.weight import weigh

# By how many bits a plan must beat leaving the text as it is. Of 29,600 sentences in 75 languages, no clean one is
# harmed at 5 and a dozen are at 2; a single word without any context is asked for more.
_MARGIN = {"safe": 16.0, "standard": 5.0, "aggressive": 2.0}
_LONE_WORD = 5.0
_HINT_MARGIN = 2.0
_HINT = 10.0
# A bit of doubt is always left: no text says how it was damaged.
_SUREST = 0.99
_PROOF = 30.0
_SUSPECTED = 3.0

_LINE = re.compile(r"[^\n]+")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
# What ftfy can do something about: characters that were bytes of one, C1 controls, and bytes whose fellow is lost.
_BROKEN = re.compile("[^\x00-\x7f]{2}|[\x80-\x9f\xc2\xc3\xe2]")
# Portuguese writes of these letters; with the space that has been A0 doubled, nobody does.
_ALONE = frozenset("ÃÂ")
_OPENING = frozenset("\"'`“„‘«»(")
_CLOSING = frozenset("\"'`”“’»«)")
_SCREENED = 400
_VERIFIED = 40
_HEARD = 150
_LONGEST_LINE = 20_000
_TOKEN_LOSS = 12 * BIT
# Of so many tokens one may come from elsewhere: from an entity, or a line that was pasted in.
_FEW = 12


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Damage that the evidence does not suffice to repair."""

    path: str
    pair: Pair
    example: str


@dataclass(slots=True)
class Findings:
    """What was found in an article: the repairs of each text, and what is only suspected."""

    edits: dict[str, list[Edit]] = field(default_factory=dict)
    suspicions: list[Suspicion] = field(default_factory=list)


def find(texts: Mapping[str, str], options: Options, declared: str | None = None) -> Findings:
    """Look at all texts of an article and propose repairs, by one pair of charsets for each text.

    Args:
        texts: the texts by path.
        options: how sure a repair must be.
        declared: the charset that somebody says the text was decoded with.

    >>> find({"text": "Ïðåçèäåíò ïðèáûë â Ìîñêâó"}, Options()).edits["text"][0].after
    'Президент'
    """
    findings = Findings()
    damaged = [path for path, text in texts.items() if not text.isascii()]
    if options.repair == "off" or not damaged:
        return findings
    main = max(texts.values(), key=len)
    hints: set[Pair] = set()
    for path in sorted(damaged, key=lambda path: -len(texts[path])):
        text = texts[path]
        context = Context(text) if text is main else Context(text, main)
        verdict, strange = _verdict(text, context, frozenset(hints), declared)
        found = []
        if options.repair != "safe" and not (verdict and _reads_as_utf8(verdict, strange)):
            found = list(recased.edits(text, strange, context))
        if not found and verdict and _convincing(verdict, text, options, hinted=verdict.pair in hints):
            found = list(_edits(text, verdict, context, _confidence(verdict, hinted=verdict.pair in hints)))
            if found and verdict.gain >= _PROOF:
                hints.add(verdict.pair)
        if not found:
            found = list(_by_ftfy(text, strange, options, context))
        if options.repair == "safe":
            found = [edit for edit in found if not _mentioned(text, edit)]
        if found:
            findings.edits[path] = found
        elif verdict and strange and verdict.gain >= _SUSPECTED:
            findings.suspicions.append(Suspicion(path, verdict.pair, strange[0]))
    return findings


def _verdict(
    text: str, context: Context, hints: frozenset[Pair], declared: str | None
) -> tuple[Verdict | None, list[str]]:
    """Return the best explanation of what is strange in a text, and the strange tokens."""
    tokens = _spread([token[:LONGEST] for token in dict.fromkeys(TOKEN.findall(text))], _SCREENED)
    strange = suspects(tokens, context)
    heard = strange + [token for token in _spread(tokens, _VERIFIED) if token not in strange] if hints else strange
    return (arbitrate(tuple(heard[:_HEARD]), context, hints, declared) if heard else None), strange


def _spread(items: list[str], most: int) -> list[str]:
    """Return at most so many items, taken evenly."""
    return items[:: -(-len(items) // most) or 1]


def _convincing(verdict: Verdict, text: str, options: Options, *, hinted: bool) -> bool:
    margin = _MARGIN[options.repair]
    if hinted and options.repair != "safe":
        margin = _HINT_MARGIN
    elif " " not in text.strip():
        margin += _LONE_WORD
    return verdict.plausible and verdict.gain >= margin


def _mentioned(text: str, edit: Edit) -> bool:
    """Tell whether damage stands alone in quotes: somebody writes about it."""
    before, after = text[edit.start - 1 : edit.start], text[edit.end : edit.end + 1]
    return before in _OPENING and after in _CLOSING


def _reads_as_utf8(verdict: Verdict, tokens: Iterable[str]) -> bool:
    """Tell whether the verdict makes proper text of UTF-8."""
    if verdict.pair[1] not in UTF8:
        return False
    return all(text.isprintable() for token in tokens if (text := reading(token, verdict.pair)))


def _confidence(verdict: Verdict, *, hinted: bool) -> float:
    gain = verdict.gain + (_HINT if hinted else 0.0)
    return min(_SUREST, round(1.0 - math.pow(0.5, 1 + gain / 4), 2))


def _edits(text: str, verdict: Verdict, context: Context, confidence: float) -> Iterator[Edit]:
    """Apply a pair of charsets where it fits: to the whole text, else line by line, else token by token."""
    plan: Plan = (("encode", verdict.pair[0]), ("decode", verdict.pair[1]))
    readings = {token: reading(token, verdict.pair) for token in set(TOKEN.findall(text))}
    chosen = readings if _fits(readings, context) else None
    for line in _LINE.finditer(text):
        if line[0].isascii():
            continue
        here = chosen
        if here is None:
            here = {token: readings[token] for token in TOKEN.findall(line[0])}
            if not _fits(here, context):
                spaced = _with_spaces(line[0], line.start(), plan, context)
                if spaced:
                    yield from spaced
                    continue
                here = _best_of(here, context) if verdict.pair[1] in UTF8 else {}
        for token in TOKEN.finditer(line[0]):
            after = here.get(token[0])
            if after is not None and after != token[0]:
                yield from _cut(token[0], after, token.start() + line.start(), plan, confidence)


def _fits(readings: dict[str, str | None], context: Context) -> bool:
    """Tell whether hardly any token can't be read by the pair, and none looked at loses more than a name may."""
    unreadable = list(readings.values()).count(None)
    if unreadable > len(readings) // _FEW:
        return False
    gains = [_gain(token, readings[token], context) for token in _spread(list(readings), _VERIFIED)]
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


def _with_spaces(line: str, offset: int, plan: Plan, context: Context) -> list[Edit]:
    """Read a whole line in which the byte A0 of UTF-8 has become a plain space (`voilÃ  `)."""
    if plan[-1] != ("decode", "utf-8"):
        return []
    plan = (plan[0], ("restore-nbsp",), plan[1])
    try:
        after = replay(plan, line)
    except UnicodeError:
        return []
    before, now = ([weigh(token) for token in TOKEN.findall(text)] for text in (line, after))
    return ftfy_plans.cut(line, offset, plan) if bits(now, context) < bits(before, context) else []


def _by_ftfy(text: str, strange: Iterable[str], options: Options, context: Context) -> Iterator[Edit]:
    broken = {token for token in strange if _BROKEN.search(token) and (token not in _ALONE or f"{token}  " in text)}
    if not broken:
        return
    for line in _LINE.finditer(text):
        if len(line[0]) > _LONGEST_LINE or line[0].isascii():
            continue
        if not broken.isdisjoint(token[:LONGEST] for token in TOKEN.findall(line[0])):
            yield from ftfy_plans.edits(line[0], line.start(), options, context)


def _cut(before: str, after: str, offset: int, plan: Plan, confidence: float) -> Iterable[Edit]:
    """Cut the repair of a token down to the characters that change, if the plan can be replayed on those alone."""
    pair = (plan[0][1], plan[1][1])
    pieces = [(match.start(), match.end(), reading(match[0], pair)) for match in _NON_ASCII.finditer(before)]
    made, at = [], 0
    for start, end, other in pieces:
        made += [before[at:start], before[start:end] if other is None else other]
        at = end
    if "".join((*made, before[at:])) != after:
        pieces = [(0, len(before), after)]
    return [
        Edit(start + offset, end + offset, other, _kind(plan), plan, confidence)
        for start, end, other in pieces
        if other is not None and other != before[start:end]
    ]


def _kind(plan: Plan) -> Kind:
    return "mojibake" if plan[-1][1] in UTF8 else "charset"
