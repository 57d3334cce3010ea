"""The cost of each code point without its context."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TypeAlias

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
# Consecutive articles are often in the same language. The costs take about 300 kB.
_cached_by_language = lru_cache(maxsize=8)
# The near languages of an article: the columns of the Latin languages it may be in; None for all.
Near: TypeAlias = tuple[int, ...] | None


def near_languages(context: Floats) -> Near:
    """Return the near languages of an article; None if the context says nothing.

    Args:
        context: the cost of the plain words of the article in each Latin language.
    """
    likely = likely_languages(context, NEAR_LANGUAGES)
    if likely is None:
        return None
    columns = np.sort(likely)
    near: list[int] = columns[context[columns] <= context.min() + _NEAR_BITS].tolist()
    return tuple(near)


@_cached_by_language
def letter_costs(near: Near) -> Floats:
    """Return the cost of each code point in the near Latin languages and in all others, in bits."""
    costs = _costs_in_any_language()
    if near is None:
        return costs
    costs = costs.copy()
    codes, symbols, capitals = _latin_codes()
    costs[codes] = _symbol_costs(near).take(symbols) + capitals
    return costs


@_cached_by_language
def bytes_costs(near: Near) -> Floats:
    """Return the cost of the character of each byte of each charset (charsets × 256), with 0 for the byte 0."""
    costs = _bytes_costs_in_any_language()
    if near is None:
        return costs
    costs = costs.copy()
    indexes, symbols, capitals = _latin_bytes()
    costs.ravel()[indexes] = _symbol_costs(near).take(symbols) + capitals
    return costs


def character_costs(characters: Codes, near: Near) -> Floats:
    """Return the costs of some code points, as `letter_costs` has them."""
    costs: Floats = _costs_in_any_language().take(characters)
    if near is not None:
        model = load_model()
        is_latin = model.script_of.take(characters) == LATIN
        letters = characters[is_latin]
        costs[is_latin] = _symbol_costs(near).take(model.symbol_of.take(letters)) + _capital_bits(letters)
    return costs


@_cached_by_language
def _symbol_costs(near: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the cost of each Latin letter in the near languages."""
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
