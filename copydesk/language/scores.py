"""Scores of languages: the cost of the letters of a text in each language of its main script.

The costs are those of `copydesk.langmodel`, which also judge repairs. The language with the lowest cost is the most
likely one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from copydesk.langmodel.matrices import multiply
from copydesk.langmodel.model import CJK, UNITS_PER_BIT, Codes, LanguageModel, code_points, load_model

# A character of Chinese, Japanese or Korean carries as much information as three letters.
LETTERS_PER_CJK_CHARACTER = 3
# The number of letters that are in no script of the model.
_OTHER = CJK + 1
_LETTERS_BY_SCRIPT = np.array([0, *([1] * (CJK - 1)), LETTERS_PER_CJK_CHARACTER, 1])


@dataclass(frozen=True, eq=False)
class Scores:
    """The costs of the pieces of a text in the languages of its main script.

    Attributes:
        languages: the languages; empty if the script is unknown or the text has no letters.
        bits: the cost of each piece in each language (pieces × languages).
        main_letters: the number of letters of the main script in each piece.
        letters: the number of letters of any script in each piece.
    """

    languages: tuple[str, ...]
    bits: NDArray[np.float64]
    main_letters: NDArray[np.int64]
    letters: NDArray[np.int64]


def score_pieces(pieces: Sequence[str]) -> Scores:
    """Return the scores of the pieces of a text. A piece begins and ends at the edge of a word.

    >>> scores = score_pieces(["The council said on Tuesday that the bridge would open."])
    >>> scores.languages[scores.bits[0].argmin()]
    'en'
    """
    model = load_model()
    # The line break is the edge of the last word.
    codes = code_points("".join(f"{piece}\n" for piece in pieces))
    bounds = np.array(list(accumulate((len(piece) + 1 for piece in pieces), initial=0)))
    scripts = _script_numbers().take(codes)
    letters = _LETTERS_BY_SCRIPT.take(scripts)
    main = int(np.bincount(scripts, letters).argmax())
    is_main = scripts == main
    languages = model.languages(main) if 0 < main < _OTHER else ()
    return Scores(
        languages,
        _sum_costs(model, codes, is_main, main, bounds) if languages else np.zeros((len(pieces), 0)),
        np.add.reduceat(letters * is_main, bounds[:-1]),
        np.add.reduceat(letters, bounds[:-1]),
    )


@cache
def _script_numbers() -> NDArray[np.uint8]:
    """Return the number of the script of each code point; 0 for other characters than letters."""
    model = load_model()
    return np.where((model.script_of == 0) & model.is_letter, np.uint8(_OTHER), model.script_of)


def _sum_costs(
    model: LanguageModel, codes: Codes, is_main: NDArray[np.bool_], main: int, bounds: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the cost of the letters of the main script, in bits (pieces × languages)."""
    if main == CJK:
        positions = np.flatnonzero(is_main)
        costs = model.cjk.take(codes[positions], axis=0).astype(np.uint16)
    else:
        table = model.scripts[main - 1]
        contexts = table.contexts(model.symbol_of.take(codes) * is_main)
        positions, costs = contexts.positions, table.letter_costs(contexts)
    in_piece = np.zeros((len(bounds) - 1, len(positions)), np.float32)
    for row, (start, end) in zip(in_piece, pairwise(np.searchsorted(positions, bounds).tolist()), strict=True):
        row[start:end] = 1.0
    # The sums are exact: they are integers below 2**24.
    return np.asarray(multiply(in_piece, costs.astype(np.float32)), np.float64) / UNITS_PER_BIT
