"""Mojibake: text whose bytes were read in the wrong charset, put right.

The article is the unit: all its fields went through the same hands. The longest damaged one is decided first, and what
it proves is a strong hint for the short ones, where a title alone may be undecidable. Within a field, a pair of
charsets is applied to all of it where it fits all of it; else line by line; and, since hardly anything but UTF-8 is
valid UTF-8 by chance, token by token, so that a clean `é` beside `Ã©` survives.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from copydesk.article import Edit, Options
from copydesk.encoding.charsets import prior_cost
from copydesk.repairs import ftfy_plans, recased
from copydesk.repairs.application import VERIFIED, applied, spread
from copydesk.repairs.arbitration import TOKEN, Verdict, arbitrate, suspects, tokens
from copydesk.repairs.evidence import closes, is_cut_utf8
from copydesk.repairs.hypotheses import LONGEST, USUAL, UTF8, Pair, reading
from copydesk.repairs.judge import Context
from copydesk.transforms.characters import LINE

# By how many bits a plan must beat leaving the text as it is. Of 29,600 sentences in 75 languages, no clean one is
# harmed at 5 and a dozen are at 2; a single word without any context is asked for more.
_MARGIN = {"safe": 16.0, "standard": 5.0, "aggressive": 2.0}
_LONE_WORD = 5.0
_HINT_MARGIN = 2.0
_HINT = 10.0
# A bit of doubt is always left: no text says how it was damaged.
_SUREST = 0.99
_PROOF = 30.0
# What is worth a warning: bits enough, and charsets that were seen mistaken for each other. Of 1,500 pairs there is
# always one in which a few rare words look better: of clean Thai, 16 sentences in 400.
_SUSPECTED = 3.0
_UNHEARD_OF = 18
_USUALLY = ("windows-1252", "utf-8")

# What ftfy can do something about: characters that were bytes of one, C1 controls, and bytes whose fellow is lost.
_BROKEN = re.compile("[^\x00-\x7f]{2}|[\x80-\x9f\xc2\xc3\xe2]")
# Portuguese writes of these letters; with the space that has been A0 doubled, nobody does.
_ALONE = frozenset("ÃÂ")
_BEFORE_MENTION = frozenset("\"'`“„‘«»(")
_AFTER_MENTION = frozenset("\"'`”“’»«)")
# What is not done twice over for an article, however large and strange it is: texts that are judged from the ground up
# (beyond, they are held against what others have proved), and characters that ftfy is asked about in one round. What it
# repairs is out of the way in the next.
_JUDGED, _ASKED = 100, 20_000
_SCREENED = 400
_HEARD = 150
_LONGEST_LINE = 20_000


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Damage that the evidence does not suffice to repair."""

    path: str
    pair: Pair
    example: str


@dataclass(slots=True)
class _Budget:
    """What may still be done in this round: texts to be judged from the ground up, characters to ask ftfy about."""

    judged: int = _JUDGED
    asked: int = _ASKED


@dataclass(slots=True)
class Findings:
    """What was found in an article: the repairs of each text, and what is only suspected."""

    edits: dict[str, Sequence[Edit]] = field(default_factory=dict)
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
    budget = _Budget()
    around = Context(main)
    for path in sorted(damaged, key=lambda path: -len(texts[path])):
        text = texts[path]
        context = around if text is main or around.covers(text) else Context(text, main)
        verdict, strange = _verdict(text, context, frozenset(hints), declared, budget)
        if not strange and not verdict:
            continue
        found: Sequence[Edit] = ()
        if options.repair != "safe" and not (verdict and _reads_as_utf8(verdict, strange)):
            found = list(recased.edits(text, strange, context))
        if not found and verdict and _convincing(verdict, text, options, hinted=verdict.pair in hints):
            found = applied(text, verdict, context, _confidence(verdict, hinted=verdict.pair in hints))
            if found and verdict.gain >= _PROOF:
                hints.add(verdict.pair)
        if not found:
            found = list(_by_ftfy(text, strange, options, context, budget))
        kept = _kept(text, found, options)
        if kept:
            findings.edits[path] = kept
        elif not any(closes(text, edit.start, edit.end) for edit in found):
            findings.suspicions += _suspected(path, verdict, strange, declared)
    return findings


def _verdict(
    text: str, context: Context, hints: frozenset[Pair], declared: str | None, budget: _Budget
) -> tuple[Verdict | None, list[str]]:
    """Return the best explanation of what is strange in a text, and the strange tokens."""
    seen = spread([token[:LONGEST] for token in tokens(text)], _SCREENED)
    strange = suspects(seen, context)
    heard = strange + [token for token in spread(seen, VERIFIED) if token not in strange] if hints else strange
    if not heard:
        return None, strange
    budget.judged -= 1
    return arbitrate(tuple(heard[:_HEARD]), context, hints, declared, anew=budget.judged >= 0), strange


def _convincing(verdict: Verdict, text: str, options: Options, *, hinted: bool) -> bool:
    margin = _MARGIN[options.repair]
    if hinted and options.repair != "safe":
        margin = _HINT_MARGIN
    elif " " not in text.strip():
        margin += _LONE_WORD
    return verdict.plausible and verdict.gain >= margin


def _worth_telling(verdict: Verdict, declared: str | None) -> bool:
    """Tell whether a repair that is not made is likely enough to warn of."""
    heard_of = verdict.pair[0] in USUAL or prior_cost(*verdict.pair, declared) < _UNHEARD_OF
    return heard_of and verdict.gain >= _SUSPECTED


def _kept(text: str, edits: Iterable[Edit], options: Options) -> list[Edit]:
    """Leave out what is a word and the sign after it, and under `safe` what stands alone in quotes: prose about it."""
    return [
        edit
        for edit in edits
        if not closes(text, edit.start, edit.end)
        and (
            options.repair != "safe"
            or text[edit.start - 1 : edit.start] not in _BEFORE_MENTION
            or text[edit.end : edit.end + 1] not in _AFTER_MENTION
        )
    ]


def _suspected(path: str, verdict: Verdict | None, strange: Sequence[str], declared: str | None) -> Iterator[Suspicion]:
    if strange and verdict and _worth_telling(verdict, declared):
        yield Suspicion(path, verdict.pair, strange[0])
    elif strange and is_cut_utf8(strange):
        yield Suspicion(path, _USUALLY, strange[0])


def _reads_as_utf8(verdict: Verdict, tokens: Iterable[str]) -> bool:
    """Return whether the verdict makes proper text of UTF-8, misread as it usually is: `ã¼` is no DOS text of `Ƭ`."""
    if verdict.pair[0] not in USUAL or verdict.pair[1] not in UTF8:
        return False
    return all(text.isprintable() for token in tokens if (text := reading(token, verdict.pair)))


def _confidence(verdict: Verdict, *, hinted: bool) -> float:
    gain = verdict.gain + (_HINT if hinted else 0.0)
    return min(_SUREST, round(1.0 - math.pow(0.5, 1 + gain / 4), 2))


def _by_ftfy(text: str, strange: Iterable[str], options: Options, context: Context, budget: _Budget) -> Iterator[Edit]:
    broken = {token for token in strange if _BROKEN.search(token) and (token not in _ALONE or f"{token}  " in text)}
    if not broken:
        return
    known: dict[str, list[Edit]] = {}
    for line in LINE.finditer(text):
        if len(line[0]) > _LONGEST_LINE or line[0].isascii():
            continue
        found = known.get(line[0])
        if found is None:
            suspicious = not broken.isdisjoint(token[:LONGEST] for token in TOKEN.findall(line[0]))
            if suspicious:
                budget.asked -= len(line[0])
            if budget.asked < 0:
                return
            found = ftfy_plans.edits(line[0], 0, options, context) if suspicious else []
            known[line[0]] = found = found if found and _touch(found, line[0], broken) else []
        for edit in found:
            yield replace(edit, start=edit.start + line.start(), end=edit.end + line.start())


def _touch(edits: Iterable[Edit], line: str, broken: AbstractSet[str]) -> bool:
    """Return whether any of the edits of a line is of a broken token, and not all of others that stand beside one."""
    places = [(token.start(), token.end()) for token in TOKEN.finditer(line) if token[0][:LONGEST] in broken]
    return any(start < edit.end and edit.start < end for edit in edits for start, end in places)
