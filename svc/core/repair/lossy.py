"""What was lost for good, and what its surroundings still tell: `Russia�s`.

Nothing exact can be done here: the byte is gone. Only where English grammar leaves one reading is it restored, marked
`lossy`, and only when the caller asks for guesses (`repair: aggressive`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.core.article import Edit, Options

_APOSTROPHE = re.compile(r"(?<=[A-Za-z])\ufffd(?=(?:s|t|re|ve|ll|d|m)\b)")
_PLAN = (("replace", "\ufffd", "’"),)
_CONFIDENCE = 0.8


def edits(text: str, options: Options) -> Iterator[Edit]:
    """Propose an apostrophe for U+FFFD before an English contraction or genitive.

    >>> [e.after for e in edits("Russia�s reply wasn�t sent � yet", Options(repair="aggressive"))]
    ['’', '’']
    """
    if options.repair != "aggressive" or "\ufffd" not in text:
        return
    for match in _APOSTROPHE.finditer(text):
        yield Edit(match.start(), match.end(), "’", "lossy", _PLAN, _CONFIDENCE)
