"""Removal of invisible characters: zero-width spaces, soft hyphens, stray marks, controls, private-use characters.

Private-use characters are icons of a page's own font; in a text they are boxes.

Some scripts need invisible characters, so these stay:

* joiners after a letter of a joining script (Persian `می‌خواهم`, Indic conjuncts) and inside emoji (👩‍🚒),
* zero-width spaces between letters of scripts written without spaces,
* direction marks in lines with right-to-left letters, except overrides, which only disguise a text,
* private-use characters next to non-ASCII letters: there they may be rare ideographs of an old charset, or damage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import chain

from copydesk.article import Edit, Options
from copydesk.changes.edits import LazyEdits, Replacement

# Contents of character classes.
_JOINING = "\u0600-\u07ff\u0840-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ua840-\ua87f\ufb50-\ufdcf\ufe70-\ufefc"
_EMOJI = "\u00a9\u00ae\u203c-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff"
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\uaa60-\uaadf"
_RIGHT_TO_LEFT = "\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdcf\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_TAG = "\U000e0020-\U000e007f"

# Removed in any context.
_ALWAYS = (
    "\x00-\x08\x0e-\x1b\x7f\u00ad\u180e\u202d\u202e\u2060\u206a-\u206f\ufeff\ufff9-\ufffc"
    "\ufdd0-\ufdef\ufffe\uffff\U000e0001"
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_C1 = "\u0080-\u0084\u0086-\u009f"
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202c\u2066-\u2069"
# The first characters of all that is removed.
_FIRST = f"{_ALWAYS}{_C1}{_DIRECTION}{_PRIVATE}{_TAG}\u200b-\u200d\ufe00-\ufe0f"


@cache
def _pattern(*, c1: bool, direction: bool) -> re.Pattern[str]:
    """Return the pattern of what is removed, perhaps with C1 controls and direction marks."""
    more = (_C1 if c1 else "") + (_DIRECTION if direction else "")
    alternatives = (
        # Variation selectors and joiners without a character before them.
        rf"(?<!\S)(?:[\ufe00-\ufe0f]|[\u200c\u200d](?![{_JOINING}]))++",
        # Escape sequences of terminals.
        r"\x1b\[[0-9;]*+[A-Za-z]",
        rf"[{_ALWAYS}{more}]",
        rf"(?<![^\x00-\x7f])[{_PRIVATE}]+(?![^\x00-\x7f])",
        rf"(?<![{_SPACELESS}])\u200b|\u200b(?![{_SPACELESS}])",
        rf"(?<![{_JOINING}])\u200c(?![{_JOINING}])",
        rf"(?<![{_JOINING}{_EMOJI}])\u200d(?![{_JOINING}])|(?<=[{_EMOJI}])\u200d(?![{_EMOJI}])",
        # Tags that do not belong to a flag.
        rf"(?<![\U0001f3f4{_TAG}])[{_TAG}]++",
    )
    # The first characters are tested together, which is faster.
    return re.compile(f"(?=[{_FIRST}])(?:{'|'.join(alternatives)})")


# A superset of all matches. Most texts need only this search.
_ANY_INVISIBLE = re.compile(f"[{_FIRST}]")
# Consecutive lines with right-to-left letters.
_RIGHT_TO_LEFT_LINES = re.compile(rf"^(?:[^\n{_RIGHT_TO_LEFT}]*+[{_RIGHT_TO_LEFT}][^\n]*+(?:\n|\Z))++", re.MULTILINE)


def propose_edits(text: str, options: Options, *, printable: bool = False) -> Sequence[Edit]:
    r"""Propose to remove invisible characters that have no function.

    C1 controls may be damaged quotes and dashes, so they are only removed after a full repair.

    Args:
        text: the text.
        options: the options.
        printable: whether the text passed the prefilter; it saves a search.

    >>> [(e.start, e.end) for e in propose_edits("co\u00adpy \u200bdesk می\u200cخواهم", Options())]
    [(2, 3), (6, 7)]
    """
    if (printable and _is_visible(text)) or not _ANY_INVISIBLE.search(text):
        return ()
    removes_c1 = options.repair in ("standard", "aggressive")
    left_to_right, right_to_left = (_pattern(c1=removes_c1, direction=removed) for removed in (True, False))
    replacements: list[Replacement] = []
    offset = 0
    for start, end in chain(map(re.Match.span, _RIGHT_TO_LEFT_LINES.finditer(text)), [(len(text), len(text))]):
        replacements += [(*match.span(), "") for match in left_to_right.finditer(text, offset, start)]
        replacements += [(*match.span(), "") for match in right_to_left.finditer(text, start, end)]
        offset = end
    return LazyEdits(text, replacements, "invisible")


def _is_visible(text: str) -> bool:
    """Return whether a printable text has no invisible character: no U+FFFC and no variation selector.

    The UTF-8 of the variation selectors is EF B8 80 to EF B8 8F.
    """
    return text.isascii() or ("\ufffc" not in text and b"\xef\xb8" not in text.encode())
