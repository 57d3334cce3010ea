r"""C1 controls: `\x93Yes\x94`, from text in windows-1252 that was decoded as ISO 8859-1.

No text has these controls on purpose; browsers decode both charsets as windows-1252. Bytes of UTF-8 are not changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from copydesk.article import Edit, Options
from copydesk.changes.plan import replay

# Not beside what may be another byte of the same UTF-8 character. Python's windows-1252 lacks five of the controls.
_CONTROLS = re.compile(r"(?<![\x80-\xf4])[\x80\x82-\x8c\x8e\x91-\x9c\x9e\x9f]+(?![\x80-\xbf])")
_PLAN = (("encode", "iso-8859-1"), ("decode", "windows-1252"))
_CONFIDENCE = 0.99


def edits(text: str, options: Options) -> Sequence[Edit]:
    r"""Propose to decode C1 controls as windows-1252.

    >>> [(e.start, e.after) for e in edits("\x93Yes\x94", Options())]
    [(0, '“'), (4, '”')]
    """
    if options.repair == "off" or text.isascii():
        return ()
    return [
        Edit(match.start(), match.end(), replay(_PLAN, match[0]), "charset", _PLAN, _CONFIDENCE)
        for match in _CONTROLS.finditer(text)
    ]
