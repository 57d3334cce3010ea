"""The cost of each code point without its context."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from copydesk.langmodel.model import CJK, LATIN, UNITS_PER_BIT, Codes, Floats, load_model
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


def letter_costs(context: Floats) -> Floats:
    """Return the cost of each code point in the likely Latin languages and in all others, in bits.

    Args:
        context: the cost of the plain words of the article in each Latin language.
    """
    costs = _costs_in_any_language()
    codes = _latin_codes()
    near = _costs_in_near_languages(codes, context)
    if near is None:
        return costs
    costs = costs.copy()
    costs[codes] = near
    return costs


def character_costs(characters: Codes, context: Floats) -> Floats:
    """Return the costs of some code points, as `letter_costs` has them."""
    costs: Floats = _costs_in_any_language()[characters]
    is_latin = load_model().script_of[characters] == LATIN
    near = _costs_in_near_languages(characters[is_latin], context)
    if near is not None:
        costs[is_latin] = near
    return costs


def bytes_costs(context: Floats) -> Floats:
    """Return the cost of the character of each byte of each charset (charsets × 256), with 0 for the byte 0."""
    costs = _bytes_costs_in_any_language()
    indexes = _latin_bytes()
    near = _costs_in_near_languages(byte_tables().from_byte.ravel()[indexes], context)
    if near is None:
        return costs
    costs = costs.copy()
    costs.ravel()[indexes] = near
    return costs


def _costs_in_near_languages(codes: NDArray[np.integer], context: Floats) -> Floats | None:
    """Return the cost of Latin letters in the likely languages; None if the context says nothing."""
    likely = likely_languages(context, NEAR_LANGUAGES)
    if likely is None:
        return None
    model = load_model()
    columns = np.array(likely)
    near = columns[context[columns] <= context.min() + _NEAR_BITS]
    by_symbol = model.latin.unigrams[:, near].min(1)
    costs: Floats = by_symbol[model.symbol_of[codes]] / UNITS_PER_BIT + CAPITAL_BITS * model.is_upper[codes]
    return costs


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
def _latin_codes() -> NDArray[np.intp]:
    return np.flatnonzero(load_model().script_of == LATIN)


@cache
def _bytes_costs_in_any_language() -> Floats:
    tables = byte_tables()
    costs: Floats = _costs_in_any_language()[tables.from_byte]
    costs += _UNWRITTEN_BITS * tables.is_unwritten[tables.from_byte]
    costs[:, 0] = 0
    return costs


@cache
def _latin_bytes() -> NDArray[np.intp]:
    """Return the bytes that are Latin letters, as indexes of the flat table."""
    is_latin = load_model().script_of[byte_tables().from_byte] == LATIN
    is_latin[:, 0] = False
    return np.flatnonzero(is_latin)
