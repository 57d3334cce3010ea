"""Characters that nobody sees and that break every search: zero-width spaces, soft hyphens, stray marks, controls.

Characters for private use go, too: on a page they are icons of its own font, in a text they are boxes.

The danger is that some scripts need them. Joiners stay after a letter of a script that joins (Persian `می‌خواهم`, Indic
conjuncts) and inside emoji (👩‍🚒); zero-width spaces stay between letters of scripts written without spaces; direction
marks stay on lines with right-to-left letters, except overrides, which only ever disguise a text. Beside letters beyond
ASCII, private use may be a rare ideograph of an old charset, or what is left of another letter: there it stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from copydesk.article import Edit, Options
from copydesk.changes.edits import LazyEdits, Replacement

_JOINING = "\u0600-\u07ff\u0840-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ua840-\ua87f\ufb50-\ufdcf\ufe70-\ufefc"
_EMOJI = "\u00a9\u00ae\u203c-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff"
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\uaa60-\uaadf"
_RIGHT_TO_LEFT = "\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdcf\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_TAG = "\U000e0020-\U000e007f"

# Always removed, whatever stands around them.
_NEVER = (
    "\x00-\x08\x0e-\x1b\x7f\u00ad\u180e\u202d\u202e\u2060\u206a-\u206f\ufeff\ufff9-\ufffc"
    "\ufdd0-\ufdef\ufffe\uffff\U000e0001"
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_C1 = "\u0080-\u0084\u0086-\u009f"
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202c\u2066-\u2069"


def _pattern(more: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\S)(?:[\ufe00-\ufe0f]|[\u200c\u200d](?![{_JOINING}]))++"
        rf"|\x1b\[[0-9;]*+[A-Za-z]|[{_NEVER}{more}]|(?<![^\x00-\x7f])[{_PRIVATE}]+(?![^\x00-\x7f])"
        rf"|(?<![{_SPACELESS}])\u200b|\u200b(?![{_SPACELESS}])"
        rf"|(?<![{_JOINING}])\u200c(?![{_JOINING}])"
        rf"|(?<![{_JOINING}{_EMOJI}])\u200d(?![{_JOINING}])|(?<=[{_EMOJI}])\u200d(?![{_EMOJI}])"
        rf"|(?<![\U0001f3f4{_TAG}])[{_TAG}]++"
    )


_PATTERNS = {
    (c1, direction): _pattern((_C1 if c1 else "") + (_DIRECTION if direction else ""))
    for c1 in (True, False)
    for direction in (True, False)
}
# All that any of them could match: one look at the text spares most texts the rest.
_HIDDEN = re.compile(f"[{_NEVER}{_C1}{_DIRECTION}{_PRIVATE}{_TAG}\u200b-\u200d\ufe00-\ufe0f]")
# The lines with right-to-left letters, as many as follow one another.
_LINES_RIGHT_TO_LEFT = re.compile(rf"^(?:[^\n{_RIGHT_TO_LEFT}]*+[{_RIGHT_TO_LEFT}][^\n]*+(?:\n|\Z))++", re.MULTILINE)


def edits(text: str, options: Options, *, printable: bool = False) -> Sequence[Edit]:
    r"""Propose to remove invisible characters that have no work to do.

    C1 controls are often the remains of quotes and dashes: they go only when repair had its full chance at them. That
    the text is `printable` spares it a search.

    >>> [(e.start, e.end) for e in edits("co\u00adpy \u200bdesk می\u200cخواهم", Options())]
    [(2, 3), (6, 7)]
    """
    if (printable and _is_visible(text)) or not _HIDDEN.search(text):
        return ()
    c1 = options.repair in ("standard", "aggressive")
    found: list[Replacement] = []
    at = 0
    for start, end in chain(map(re.Match.span, _LINES_RIGHT_TO_LEFT.finditer(text)), [(len(text), len(text))]):
        found += [(*match.span(), "") for match in _PATTERNS[c1, True].finditer(text, at, start)]
        found += [(*match.span(), "") for match in _PATTERNS[c1, False].finditer(text, start, end)]
        at = end
    return LazyEdits(text, found, "invisible")


def _is_visible(text: str) -> bool:
    """Tell that nothing is hidden in printable text: U+FFFC or a variation selector, EF B8 80 to EF B8 8F in UTF-8."""
    return text.isascii() or ("\ufffc" not in text and b"\xef\xb8" not in text.encode())
