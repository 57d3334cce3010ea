"""Arbitration: of all ways in which a text may have been damaged, the one that replays it best, if any does.

One look at every token with letters beyond ASCII tells whether it is spelt as its language spells. Only what is not is
put before the judge: each hypothesis about its charsets gives other tokens, and wins when they take so many fewer bits
that its own surprise is paid for with a margin.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import filterfalse

from copydesk.langmodel.bigrams import BIT
from copydesk.repairs.evidence import holds, in_words
from copydesk.repairs.hypotheses import UTF8, Hypothesis, Pair, beyond_ascii, hypotheses, reading
from copydesk.repairs.judge import Context, bits
from copydesk.repairs.weight import Weight, weigh

# A token that may be damaged: what stands between ASCII white space, with a character beyond ASCII in it. NO-BREAK
# SPACE and NEXT LINE do not end one, they may be damage.
TOKEN = re.compile(r"(?<![^ \t\n\r])[^ \t\n\r\x80-\U0010ffff]*+[^\x00-\x7f][^ \t\n\r]*+")

# One token this strange raises suspicion; then those count too that are a little unusual.
_SUSPICIOUS = 6 * BIT
_UNUSUAL = 2 * BIT
# In so few tokens any strange one is worth a look.
_FEW = 12
_MANY = 40
_OFTEN = 30
# By how much less than usual a token may cost at best.
_HOPE = 6.0
_SAMPLE = 14
_LARGEST = 24
_CLOSE = 10.0
_WIDER = 150
# What it is worth that bytes are valid UTF-8 throughout, even if what they say is mojibake still.
_DECISIVE = 24.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The best hypothesis: its charsets, and by how many bits it beats leaving the text as it is."""

    pair: Pair
    gain: float
    plausible: bool


def tokens(text: str) -> list[str]:
    """Return the different tokens of a text that may be damaged, as `TOKEN` finds them.

    >>> tokens("un café noir, un café au lait à part")
    ['café', 'à']
    """
    spaced = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    return list(dict.fromkeys(filterfalse(str.isascii, spaced.split(" "))))


def suspects(tokens: Sequence[str], context: Context) -> list[str]:
    """Return the tokens that are not spelt as their language spells, the strangest first; none if it is no wonder.

    The more tokens a text has, the stranger is the strangest of them without anything being wrong. But where a
    character is strange nearly wherever it stands, it does not belong.
    """
    excesses = context.excesses(tokens)
    if max(excesses, default=0) <= _SUSPICIOUS:
        return []
    found = sorted(zip(excesses, tokens, strict=True), reverse=True)
    strange = [token for excess, token in found if excess > _SUSPICIOUS]
    if found[0][0] <= _no_wonder(len(tokens)) and not _misplaced(strange, tokens):
        return []
    return [token for excess, token in found if excess > _UNUSUAL]


def _no_wonder(tokens: int) -> float:
    """Return how strange the strangest of so many tokens may be: more so the more there are, of an article most."""
    return _SUSPICIOUS + BIT * (0.5 * math.log2(tokens) + 1.5 * math.log2(max(tokens / _MANY, 1)))


def _misplaced(strange: Sequence[str], tokens: Sequence[str]) -> bool:
    """Return whether some character stands in strange tokens more than once, and in few others."""
    in_strange = Counter(character for token in strange for character in set(beyond_ascii(token)))
    often = max(2, len(tokens) // _OFTEN)
    repeated = {character for character, count in in_strange.items() if count >= often}
    if not repeated:
        return len(tokens) <= _FEW
    everywhere = Counter(character for token in tokens for character in repeated.intersection(token))
    return any(2 * in_strange[character] >= everywhere[character] for character in repeated)


@lru_cache(1 << 9)
def arbitrate(
    tokens: tuple[str, ...],
    context: Context,
    hints: frozenset[Pair] = frozenset(),
    declared: str | None = None,
    *,
    anew: bool = True,
) -> Verdict | None:
    """Judge the hypotheses about some tokens.

    Args:
        tokens: the tokens, the strangest first.
        context: what the text around them tells of the language.
        hints: pairs of charsets that other fields of the article have proved.
        declared: the charset that the text is said to have been decoded with.
        anew: whether to look for pairs that nobody has proved.

    Returns:
        The best of them, or None when each is dearer than leaving the tokens alone.
    """
    sample = _sample(tokens)
    limit = sum(max(excess, 0) for excess in context.excesses(sample)) / BIT + _HOPE
    found = hypotheses(sample, context, limit, declared) if anew else ()
    judged = _judged([*_hinted(sample, hints), *found], sample, context)
    if not judged:
        return None
    rivals = [hypothesis for verdict, hypothesis in judged if verdict.gain > judged[0][0].gain - _CLOSE]
    if len(rivals) > 1 and len(tokens) > len(sample):
        wider = tokens[:_WIDER]
        again = [replace(rival, readings=tuple(reading(token, rival.pair) for token in wider)) for rival in rivals]
        judged = _judged(again, wider, context) or judged
    return judged[0][0]


def _judged(
    hypotheses: Iterable[Hypothesis], sample: Sequence[str], context: Context
) -> list[tuple[Verdict, Hypothesis]]:
    """Return those hypotheses that beat leaving the tokens alone, the best first."""
    was = bits(map(weigh, sample), context)
    judged = []
    for hypothesis in hypotheses:
        readings = _filled(hypothesis, sample)
        weights = [weigh(text) for text in readings]
        now = bits(weights, context)
        gain = (was - now) / BIT - hypothesis.surprise
        plausible = now - context.floor <= _bearable(weights)
        if hypothesis.decisive and gain > 0:
            gain = max(gain, _DECISIVE - hypothesis.surprise)
        plausible = plausible or (hypothesis.pair[1] in UTF8 and None not in hypothesis.readings)
        sure = hypothesis.proved or hypothesis.decisive
        if gain > 0 and (sure or in_words(hypothesis.pair, sample, readings, context)):
            judged.append((Verdict(hypothesis.pair, gain, plausible), hypothesis))
    judged.sort(key=lambda item: -item[0].gain)
    best = judged[0][1] if judged else None
    if best and not best.proved and not holds(best.pair, sample, _filled(best, sample), context):
        return [item for item in judged if item[0].pair[1] in UTF8]
    return judged


def _bearable(weights: Iterable[Weight]) -> float:
    """Return what readings may cost at most to pass for language. Any bytes give Han, though seldom everyday ones."""
    han = other = 0
    for weight in weights:
        if any(name == "Jpan" for name, *_ in weight.words):
            han += weight.usual
        else:
            other += weight.usual
    return 1.3 * han + 1.5 * other + 12 * BIT


def _filled(hypothesis: Hypothesis, sample: Sequence[str]) -> list[str]:
    return [token if text is None else text for token, text in zip(sample, hypothesis.readings, strict=True)]


def _sample(tokens: Sequence[str]) -> list[str]:
    """Choose the first tokens, and of the others those with characters not yet among them."""
    sample = list(tokens[:_SAMPLE])
    covered = set("".join(sample))
    for token in tokens[_SAMPLE:]:
        if not covered.issuperset(beyond_ascii(token)):
            sample.append(token)
            covered.update(token)
            if len(sample) == _LARGEST:
                break
    return sample


def _hinted(sample: Sequence[str], hints: Iterable[Pair]) -> list[Hypothesis]:
    """Return what other fields of the article have proved as hypotheses without any surprise."""
    return [Hypothesis(pair, tuple(reading(token, pair) for token in sample), 0, proved=True) for pair in hints]
