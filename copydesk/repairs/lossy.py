r"""Repair of lost characters from their context: `Russia�s`, `don?t`, `â€œgrowthâ€ `.

The byte is gone, so no repair is exact. A character is restored only if one reading is possible. The change is marked
`lossy` and is never made with `repair: safe`. Three losses are common:

* the closing quote `â€\x9d`, whose last byte windows-1252 does not assign and programs drop: no other mark of the kind
  has such a byte;
* the apostrophe of an English contraction that became U+FFFD or a question mark: no other word has such letters
  (`don?t`);
* that of an English genitive that became U+FFFD (`Russia�s`): only where the text is English and the word may be, since
  a lost letter looks the same (`tr�s`, `caf�s`). Of a question mark it is read only when guesses are asked for: one may
  stand in a word of a search address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from copydesk.article import Edit, Options
from copydesk.repairs.screen import may_be_language

_WITHIN_WORD = re.compile("[?\ufffd](?<=[A-Za-z].)[A-Za-z]")
_CLOSING = re.compile("(?<![ÂÃ¢\\s])â€[\ufffd?]?(?=[ \\t\\n\\r.,;:!?)\\]<]|$)")
_CONTRACTION = re.compile(
    r"(?<![\w?\ufffd])(?:(?:do|does|did|is|are|was|were|has|have|had|wo|ca|could|would|should|must|might|need|ai)n(?=[?\ufffd]t\b)"
    r"|(?:could|would|should|might|must)(?=[?\ufffd]ve\b)|(?-i:I)(?=[?\ufffd](?:m|ve|ll|d)\b)"
    r"|(?:you|we|they)(?=[?\ufffd](?:re|ve|ll|d)\b)"
    r"|(?:he|she|it|that|there|here|what|who|where|let)(?=[?\ufffd](?:s|ll|d)\b))"
    r"[?\ufffd](?![a-z]{1,2}[=&/])",
    re.IGNORECASE,
)
_GENITIVE = re.compile(r"(?<![\w?\ufffd])([A-Za-z]{2,}+)[?\ufffd](?=s\b(?![=&/]))")
# What no English word ends in, or has no vowel: it was cut short. Of those that look whole, the ones that go on in `é`,
# and names of Spain.
_NO_WORD = re.compile(r"[^aeiouy]+|.*(?:[bcdfgkpt][lr]|[cn]c|[gq]u|pu)", re.IGNORECASE)
_CUT_SHORT = frozenset(
    "adem attach caf canap clich consomm cort cur curat divorc expos flamb frapp garc habitu in jes jos macram matin"
    " mois nicol par past pat pel pur ren resum ros saut soign sout touch tom vald".split()
)
_CONFIDENCE = 0.95
_GUESS = 0.8


def closing_quotes(text: str, options: Options) -> Sequence[Edit]:
    """Propose the closing quotes that have lost their last byte.

    >>> [(e.start, e.after) for e in closing_quotes("â€œgrowthâ€, he said", Options())]
    [(9, '”')]
    """
    if "â€" not in text or options.repair in ("off", "safe"):
        return ()
    return [_lost(match, match[0], "”") for match in _CLOSING.finditer(text)]


def edits(text: str, options: Options, around: str = "") -> Sequence[Edit]:
    """Propose the apostrophes that were lost.

    Args:
        text: the text.
        options: whether guesses are asked for.
        around: a text of the same article, which shows its language.

    >>> [(e.start, e.after) for e in edits("Russia�s reply wasn?t � sent yet", Options())]
    [(6, '’'), (19, '’')]
    """
    if options.repair in ("off", "safe") or not _WITHIN_WORD.search(text):
        return ()
    found = [_lost(match, match[0][-1], "’") for match in _CONTRACTION.finditer(text)]
    genitives = list(_genitives(text, guess=options.repair == "aggressive"))
    if genitives and (found or may_be_language(f"{text} {around}", "en")):
        found += genitives
    return sorted({edit.start: edit for edit in reversed(found)}.values(), key=lambda edit: edit.start)


def _genitives(text: str, *, guess: bool) -> Iterator[Edit]:
    """Yield what may be genitives, if the text is English."""
    for match in _GENITIVE.finditer(text):
        word, sign = match[1], match[0][-1]
        may_be = word.isupper() or not (word.lower() in _CUT_SHORT or _NO_WORD.fullmatch(word))
        if may_be and (guess or sign == "\ufffd"):
            yield _lost(match, sign, "’", _GUESS if sign == "?" else _CONFIDENCE)


def _lost(match: re.Match[str], before: str, after: str, confidence: float = _CONFIDENCE) -> Edit:
    """Return the edit that puts `after` in the place of `before`, with which the match ends."""
    return Edit(match.end() - len(before), match.end(), after, "lossy", (("replace", before, after),), confidence)
