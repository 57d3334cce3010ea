"""The cost of each code point without its context."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from copydesk.langmodel.model import CJK, LATIN, UNITS_PER_BIT, Floats, load_model
from copydesk.repairs.screen import likely_languages

# The number of Latin languages that an article may be in, and the maximum difference in bits to the best one.
NEAR_LANGUAGES = 24
# What a capital costs more than its small letter.
CAPITAL_BITS = 2
_NEAR_BITS, _MAX_CJK_BITS = 25, 16
# A ligature stands for two or three letters: ff, fi, fl, ffi, ffl.
_LIGATURES, _LIGATURE_BITS = slice(0xFB00, 0xFB05), 8


def letter_costs(context: Floats) -> Floats:
    """Return the cost of each code point in the likely Latin languages and in all others, in bits.

    Args:
        context: the cost of the plain words of the article in each Latin language.
    """
    costs = _costs_in_any_language()
    likely = likely_languages(context, NEAR_LANGUAGES)
    if likely is None:
        return costs
    model = load_model()
    columns = np.array(likely)
    near = columns[context[columns] <= context.min() + _NEAR_BITS]
    by_symbol = model.latin.unigrams[:, near].min(1)
    codes = _latin_codes()
    costs = costs.copy()
    costs[codes] = by_symbol[model.symbol_of[codes]] / UNITS_PER_BIT + CAPITAL_BITS * model.is_upper[codes]
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
