r"""C1 controls: `\x93Yes\x94`, from text in windows-1252 that was decoded as ISO 8859-1, and `Å\x99` from UTF-8.

No text has these controls on purpose; browsers decode both charsets as windows-1252.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from copydesk.article import Edit, Kind, Options, Plan
from copydesk.cache import character_cache
from copydesk.langmodel.model import LATIN, UNITS_PER_BIT, load_model
from copydesk.repairs.readings import show_c1

_CONTROL = "[\x80-\x9f]"
# Letters, punctuation and emoji in UTF-8 of which a byte is shown as a control.
_UTF8 = f"[\xc2-\xdf]{_CONTROL}|\xe2{_CONTROL}[\x80-\xbf]|\xf0\x9f[\x80-\xbf]{{2}}"
# The first characters are tested together, which is faster.
_DAMAGED = re.compile(f"(?=[\x80-\x9f\xc2-\xdf\xe2\xf0])(?:{_UTF8}|{_CONTROL}+)")
_FIRST_LEAD = "\xc2"
_AS_UTF8: Plan = (("encode", "iso-8859-1"), ("decode", "utf-8"))
_AS_WINDOWS_1252: Plan = (("encode", "iso-8859-1"), ("decode", "windows-1252"))
# The controls that windows-1252 has no characters for.
_UNASSIGNED = frozenset("\x81\x8d\x8f\x90\x9d")
# A rarer letter is one of windows-1252 and a sign after it.
_MAX_LETTER_BITS = 10.0
_CONFIDENCE = 0.99


def edits(text: str, options: Options) -> Sequence[Edit]:
    r"""Propose to decode C1 controls.

    >>> [(e.start, e.after) for e in edits("\x93Yes\x94, Dvo\xc5\x99", Options())]
    [(0, '“'), (4, '”'), (10, 'ř')]
    """
    if options.repair == "off" or text.isascii():
        return ()
    return list(_edits(text))


def _edits(text: str) -> Iterator[Edit]:
    for match in _DAMAGED.finditer(text):
        if decoded := _decode(match[0]):
            after, chars, kind, plan = decoded
            end = match.end()
            yield Edit(end - chars, end, after, kind, plan, _CONFIDENCE)


@character_cache
def _decode(damaged: str) -> tuple[str, int, Kind, Plan] | None:
    """Return how controls are decoded, and how many of the last characters that concerns; None if they are kept."""
    if damaged[0] >= _FIRST_LEAD:
        after = damaged.encode("iso-8859-1").decode()
        if _is_likely(after):
            return after, len(damaged), "mojibake", _AS_UTF8
        damaged = damaged[1:]
    # The controls that windows-1252 has no characters for are kept, with those next to them.
    if not _UNASSIGNED.isdisjoint(damaged):
        return None
    return show_c1(damaged), len(damaged), "charset", _AS_WINDOWS_1252


def _is_likely(character: str) -> bool:
    """Return whether a character is an emoji, punctuation, or a Latin letter that is not rare."""
    if character > "\uffff" or "\u2010" <= character <= "\u2040":
        return True
    model = load_model()
    code = ord(character)
    if model.script_of[code] != LATIN:
        return False
    return int(model.latin.unigrams[model.symbol_of[code]].min()) <= _MAX_LETTER_BITS * UNITS_PER_BIT
