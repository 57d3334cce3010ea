"""Mojibake whose case was changed: `russiaã¢â‚¬â„¢s`, `RUSSIAÂ€™S`.

Lower-casing turns the first character of a UTF-8 sequence read as windows-1252 into another one (`Ã` into `ã`), so that
the bytes are no UTF-8 any more. Which of them were changed can be told from the number of characters that follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from copydesk.article import Edit
from copydesk.langmodel.bigrams import BIT
from copydesk.langmodel.scripts import find_script
from copydesk.repairs.arbitration import TOKEN
from copydesk.repairs.evidence import PUNCTUATION
from copydesk.repairs.hypotheses import beyond_ascii
from copydesk.repairs.judge import Context
from copydesk.repairs.weight import weigh
from copydesk.transforms.case import restore_case

_PLAN = (("restore-case",), ("encode", "windows-1252"), ("decode", "utf-8"))
_CODEC = "sloppy-windows-1252"
_CONTROL = re.compile("[\x80-\x9f]")
_MARGIN = 16 * BIT
_CONFIDENCE = 0.95


def edits(text: str, strange: Iterable[str], context: Context) -> Iterator[Edit]:
    """Propose to read strange tokens in their right case, if all of each can be read so and no other way as well."""
    readings = {token: after for token in strange if (after := _read(token, context))}
    if readings:
        for token in TOKEN.finditer(text):
            after = readings.get(token[0])
            if after:
                yield Edit(token.start(), token.end(), after, "mojibake", _PLAN, _CONFIDENCE)


def _valid(token: str) -> bool:
    """Return whether the bytes are UTF-8 as they stand, and no controls."""
    try:
        return token.encode(_CODEC).decode().isprintable()
    except UnicodeError:
        return False


@lru_cache(1 << 12)
def _read(token: str, context: Context) -> str | None:
    if _CONTROL.search(token):
        return None  # a byte of another charset: what was given another case had been read as windows-1252
    try:
        recased = restore_case(token)
        after = recased.encode(_CODEC).decode()
    except UnicodeError:
        return None
    if recased == token or _valid(token) or not all(map(_western, beyond_ascii(after))):
        return None
    return after if context.cost(weigh(token)) - context.cost(weigh(after)) > _MARGIN else None


def _western(character: str) -> bool:
    return find_script(character) == "Latn" or character in PUNCTUATION
