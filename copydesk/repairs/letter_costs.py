"""The cost of each code point without its context."""

from __future__ import annotations

from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from copydesk.langmodel.model import CJK, LATIN, UNITS_PER_BIT, Codes, Floats, Integers, load_model
from copydesk.repairs.byte_tables import byte_tables
from copydesk.repairs.screen import likely_languages

# The number of Latin languages that an article may be in, and the maximum difference in bits to the best one.
NEAR_LANGUAGES = 24
# What a capital costs more than its small letter.
CAPITAL_BITS = 2
_NEAR_BITS, _MAX_CJK_BITS = 25, 16
# A ligature stands for two or three letters: ff, fi, fl, ffi, ffl.
_LIGATURES, _LIGATURE_BITS = slice(0xFB00, 0xFB05), 8
# What a character that no text has costs in addition.
_UNWRITTEN_BITS = 24


class LetterCosts:
    """The cost of each character in the likely Latin languages of an article and in all others, in bits.

    Attributes:
        context: the cost of the plain words of the article in each Latin language.
        languages: the columns of the likely Latin languages; None for all, if the context says nothing.
    """

    def __init__(self, context: Floats) -> None:
        self.context = context
        self.languages = likely_languages(context, NEAR_LANGUAGES)

    @cached_property
    def by_code(self) -> Floats:
        """The cost of each code point."""
        costs = _costs_in_any_language()
        if self._by_symbol is None:
            return costs
        costs = costs.copy()
        codes, symbols, capitals = _latin_codes()
        costs[codes] = self._by_symbol.take(symbols) + capitals
        return costs

    @cached_property
    def by_byte(self) -> Floats:
        """The cost of the character of each byte of each charset (charsets × 256), with 0 for the byte 0."""
        costs = _bytes_costs_in_any_language()
        if self._by_symbol is None:
            return costs
        costs = costs.copy()
        indexes, symbols, capitals = _latin_bytes()
        costs.ravel()[indexes] = self._by_symbol.take(symbols) + capitals
        return costs

    def of(self, characters: Codes) -> Floats:
        """Return the costs of some code points, as `by_code` has them."""
        costs: Floats = _costs_in_any_language().take(characters)
        if self._by_symbol is not None:
            model = load_model()
            is_latin = model.script_of.take(characters) == LATIN
            letters = characters[is_latin]
            costs[is_latin] = self._by_symbol.take(model.symbol_of.take(letters)) + _capital_bits(letters)
        return costs

    @cached_property
    def _by_symbol(self) -> NDArray[np.float64] | None:
        """The cost of each Latin letter in the likely languages; None if the context says nothing."""
        if self.languages is None:
            return None
        columns = np.array(self.languages)
        near = columns[self.context[columns] <= self.context.min() + _NEAR_BITS]
        costs: NDArray[np.float64] = load_model().latin.unigrams[:, near].min(1) / UNITS_PER_BIT
        return costs


def _capital_bits(codes: NDArray[np.integer]) -> NDArray[np.int64]:
    bits: NDArray[np.int64] = CAPITAL_BITS * load_model().is_upper[codes]
    return bits


@cache
def _costs_in_any_language() -> Floats:
    """Return the cost of each code point in the language where it costs least, in bits."""
    model = load_model()
    costs: Floats = model.signs.reshape(4, -1).min(0).astype(np.float32)
    for script in model.scripts:
        here = model.script_of == script.id
        costs[here] = script.unigrams[model.symbol_of[here]].min(1)
    here = model.script_of == CJK
    costs[here] = np.minimum(model.cjk[here].min(1), _MAX_CJK_BITS * UNITS_PER_BIT)
    costs /= UNITS_PER_BIT
    costs[model.is_upper] += CAPITAL_BITS
    costs[_LIGATURES] = _LIGATURE_BITS
    return costs


@cache
def _latin_codes() -> tuple[NDArray[np.intp], Integers, NDArray[np.int64]]:
    """Return the code points of Latin letters, the symbol of each, and what it costs more as a capital."""
    codes = np.flatnonzero(load_model().script_of == LATIN)
    return codes, load_model().symbol_of[codes], _capital_bits(codes)


@cache
def _bytes_costs_in_any_language() -> Floats:
    tables = byte_tables()
    costs: Floats = _costs_in_any_language()[tables.from_byte]
    costs += _UNWRITTEN_BITS * tables.is_unwritten[tables.from_byte]
    costs[:, 0] = 0
    return costs


@cache
def _latin_bytes() -> tuple[NDArray[np.intp], Integers, NDArray[np.int64]]:
    """Return the same of the bytes that are Latin letters, as indexes of the flat table."""
    shown = byte_tables().from_byte
    is_latin = load_model().script_of[shown] == LATIN
    is_latin[:, 0] = False
    codes = shown[is_latin]
    return np.flatnonzero(is_latin), load_model().symbol_of[codes], _capital_bits(codes)
