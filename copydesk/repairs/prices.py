"""What characters cost on their own, and what the bytes behind them cost as characters of another charset.

All single-byte charsets that text may really be in are counted in one go, a lane of one big integer for each (as the
languages in `spelling`).
"""

from __future__ import annotations

import re
from functools import cache

from copydesk.encoding.charsets import ACTUAL_CHARSETS, CODECS, MULTIBYTE
from copydesk.langmodel.bigrams import BIT, bigram_models, normalize_word
from copydesk.langmodel.packed import pack, unpack
from copydesk.langmodel.scripts import find_script
from copydesk.repairs.judge import FOREIGN
from copydesk.repairs.weight import sign
from copydesk.transforms.characters import C0_CONTROLS

# What a Han or kana costs; and a letter of another script beside a plain one.
CJK_LETTER = 13 * BIT
BORDER = 8 * BIT
_CAPITAL = 2 * BIT
_UNMODELLED = 8 * BIT

SINGLE = tuple(true for true in ACTUAL_CHARSETS if true not in MULTIBYTE)
# What no reading may bring in that was not there: controls, private use, noncharacters, what an honest text never has.
UNWANTED = re.compile(f"[{C0_CONTROLS}\x7f-\x9f\ufffd\u2500-\u259f\ue000-\uf8ff\ufff0-\uffff\U000f0000-\U0010ffff]")
_OTHER_SCRIPT = re.compile("[\u0370-\u1dff\u3040-\ufdff]")


class Prices:
    """What letters cost on their own where a language is written, in sixteenths of a bit.

    `lanes` has for each byte from 80 on what it costs as a character of each single-byte charset.
    """

    def __init__(self, language: int | None) -> None:
        self.language = language
        self._known: dict[str, int] = {}
        read = [decoded(true) for true in SINGLE]
        self.lanes = {
            byte: pack(self.of(text[byte]) if text[byte] else 0 for text in read) for byte in range(0x80, 256)
        }

    def of(self, character: str) -> int:
        """Return what a character costs."""
        cost = self._known.get(character)
        if cost is None:
            cost = self._known[character] = self._worked_out(character)
        return cost

    def _worked_out(self, character: str) -> int:
        name = find_script(character)
        if name is None:
            return sign(character)
        if name in ("Jpan", "Hang"):
            return CJK_LETTER
        known = bigram_models().get(name)
        if known is None:
            return _UNMODELLED + capital(character)
        costs = unpack(known.letter_costs(normalize_word(character)[:1]), len(known.languages))
        if name == "Latn" and self.language is not None:
            return capital(character) + min(costs[self.language], min(costs) + FOREIGN)
        return capital(character) + min(costs)


@cache
def prices_in(language: int | None) -> Prices:
    """Return the prices in the language of a number; without one, each letter's in the language that it suits best."""
    return Prices(language)


def capital(character: str) -> int:
    """Return what a letter costs more for being a capital."""
    return _CAPITAL if character.isupper() else 0


def border(character: str) -> int:
    """Return what a character costs more beside a plain letter: something if it is of another script."""
    return BORDER if _OTHER_SCRIPT.match(character) else 0


@cache
def borders() -> dict[int, int]:
    """Return for each byte what it costs more beside a plain letter, as a character of each single-byte charset."""
    read = [decoded(true) for true in SINGLE]
    return {byte: pack(border(text[byte]) for text in read) for byte in range(0x80, 256)}


@cache
def unreadable() -> dict[int, int]:
    """Return for each byte a 1 for each single-byte charset in which it is nothing: what holds it stays as it is."""
    read = [decoded(true) for true in SINGLE]
    return {byte: pack(not text[byte] for text in read) for byte in range(0x80, 256)}


@cache
def decoded(charset: str) -> tuple[str, ...]:
    """Return what each byte is in a single-byte charset; nothing where it is no character that anyone would write."""
    read = (bytes([byte]).decode(CODECS[charset], "replace") for byte in range(256))
    return tuple("" if UNWANTED.search(character) else character for character in read)


@cache
def bytes_of(charset: str) -> dict[str, int]:
    """Return the byte of each character beyond ASCII in a single-byte charset."""
    read = (bytes([byte]).decode(CODECS[charset], "replace") for byte in range(256))
    return {character: byte for byte, character in enumerate(read) if character > "\x7f" and character != "\ufffd"}
