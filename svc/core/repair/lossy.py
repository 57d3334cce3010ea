r"""What was lost for good, and what its surroundings still tell: `Russia�s`, `don?t`, `â€œgrowthâ€ `.

Nothing exact can be done here: the byte is gone. Only where one reading is left is it restored, marked `lossy`, and
never under `repair: safe`. Three losses are common enough to know:

* the closing quote `â€\x9d`, whose last byte windows-1252 does not assign and programs drop: no other mark of the kind
  has such a byte;
* the apostrophe of an English contraction or genitive that became U+FFFD;
* the same that became a question mark: where English has no other word (`don?t`); a genitive (`Russia?s`) only when
  guesses are asked for, since a question mark may stand in a word of a search address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from svc.core.article import Edit, Options

_ASKED = re.compile(r"\?(?<=[A-Za-z]\?)[A-Za-z]")
_CLOSING = re.compile("â€[\ufffd?]?(?=[ \\t\\n\\r.,;:!?)\\]<]|$)")
_REPLACED = re.compile(r"(?<=[A-Za-z])\ufffd(?=(?:s|t|re|ve|ll|d|m)\b)")
_CONTRACTION = re.compile(
    r"\b(?:(?:do|does|did|is|are|was|were|has|have|had|wo|ca|could|would|should|must|need)n(?=\?t\b)"
    r"|(?:I(?=\?(?:m|ve|ll|d)\b)|(?:you|we|they)(?=\?(?:re|ve|ll|d)\b)|(?:he|she|it|that|there|what|who)(?=\?(?:s|ll|d)\b)))"
    r"\?",
    re.IGNORECASE,
)
_GENITIVE = re.compile(r"(?<=[A-Za-z]{2})\?(?=s\b(?![=&/]))")
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


def edits(text: str, options: Options) -> Sequence[Edit]:
    """Propose the apostrophes that were lost.

    >>> [(e.start, e.after) for e in edits("Russia�s reply wasn?t � sent yet", Options())]
    [(6, '’'), (19, '’')]
    """
    if options.repair in ("off", "safe") or not ("\ufffd" in text or _ASKED.search(text)):
        return ()
    found = [_lost(match, "\ufffd", "’") for match in _REPLACED.finditer(text)]
    found += [_lost(match, "?", "’") for match in _CONTRACTION.finditer(text)]
    if options.repair == "aggressive":
        found += [_lost(match, "?", "’", _GUESS) for match in _GENITIVE.finditer(text)]
    return sorted({edit.start: edit for edit in reversed(found)}.values(), key=lambda edit: edit.start)


def _lost(match: re.Match[str], before: str, after: str, confidence: float = _CONFIDENCE) -> Edit:
    """Return the edit that puts `after` in the place of `before`, with which the match ends."""
    return Edit(match.end() - len(before), match.end(), after, "lossy", (("replace", before, after),), confidence)
