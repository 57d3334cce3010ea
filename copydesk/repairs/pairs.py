"""The ranking of all pairs of single-byte charsets by the letters that they give, each without its context."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from copydesk.encoding.charsets import DECLARED_BONUS
from copydesk.langmodel.matrices import multiply
from copydesk.langmodel.model import CJK, LATIN, Booleans, Floats, LanguageModel, load_model
from copydesk.repairs.byte_tables import INDEX, SINGLE_BYTE, byte_tables
from copydesk.repairs.letter_costs import CAPITAL_BITS, Near, bytes_costs, character_costs
from copydesk.repairs.readings import Tokens

# A charset must have this share of the characters.
MIN_SHARE = 0.85
# Two pairs with equal results for some tokens may differ for others.
EQUAL_PAIRS = 2
# How many pairs are chosen: of those that give Latin letters, and of those of each other script.
_LATIN_PAIRS, _OTHER_PAIRS = 6, 3
_RANKED = 200
# A pair that costs this much more than the best one is left out.
MAX_BEHIND_BITS = 150.0
# Of 1,500 pairs, some always give a rare Latin word letters that are more common. Pairs of unrelated charsets are left
# out.
_MAX_LATIN_PRIOR = 18
_BESIDE_PLAIN_BITS, _OWN_BITS = 8, 4
# If all characters are beside plain letters, another script is no explanation.
_ONLY_BESIDE_PLAIN_BITS = 1_000
_SOFT_HYPHEN = 0xAD


def rank_pairs(tokens: Tokens, near: Near, declared: str | None) -> list[tuple[str, str]]:
    """Return the best pairs of single-byte charsets that may explain tokens, as decoded and actual charset.

    Args:
        tokens: the tokens.
        near: the near languages of the article.
        declared: the charset that the text was decoded as, if known.
    """
    tables, codes = byte_tables(), tokens.codes
    is_high = (codes > 0x7F) & (codes != _SOFT_HYPHEN)
    characters, counts = np.unique(codes[is_high], return_counts=True)
    if not len(characters):
        return []
    encoded = tables.to_byte.take(characters, axis=1)
    possible = np.flatnonzero((encoded > 0) @ counts >= MIN_SHARE * counts.sum())
    if not len(possible):
        return []
    encoded = encoded[possible]
    by_byte = _count_bytes(encoded, counts)
    totals = multiply(by_byte, bytes_costs(near).T)
    is_missing = encoded == 0
    if is_missing.any():
        totals += multiply(is_missing, counts * (character_costs(characters, near) + _OWN_BITS))[:, None]
    beside = _are_beside_plain_letters(load_model(), codes)[is_high]
    if beside.any():
        beside_counts = np.bincount(np.searchsorted(characters, codes[is_high]), beside, len(characters))
        bits = _ONLY_BESIDE_PLAIN_BITS if beside.all() else _BESIDE_PLAIN_BITS
        totals += bits * multiply(_count_bytes(encoded, beside_counts), _other_script_bytes().T)
    # Where most letters are capitals, a capital is not rarer than a small letter.
    plain_case = _cases()[codes[codes < 0x80]].sum()
    totals -= CAPITAL_BITS * np.maximum(multiply(by_byte, _byte_cases().T) + plain_case, 0)
    priors = tables.priors[possible]
    if declared in INDEX:
        is_declared = (possible == INDEX[declared])[:, None] & np.isfinite(priors)
        priors = np.where(is_declared, np.maximum(priors - DECLARED_BONUS, 0), priors)
    return _best_pairs(totals + priors, possible, encoded, characters, counts)


def _best_pairs(
    totals: Floats,
    possible: NDArray[np.intp],
    encoded: NDArray[np.uint8],
    characters: NDArray[np.uint32],
    counts: NDArray[np.intp],
) -> list[tuple[str, str]]:
    """Return the cheapest pairs with different results: some of Latin letters, some of each other script."""
    tables = byte_tables()
    flat = totals.ravel()
    count = min(_RANKED, flat.size)
    highest = min(np.partition(flat, count - 1)[count - 1], flat.min() + MAX_BEHIND_BITS)
    cheap = np.flatnonzero((flat <= highest) & np.isfinite(flat))
    ranked = cheap[np.argsort(flat[cheap], kind="stable")][:_RANKED]
    rows, actual = np.divmod(ranked, len(SINGLE_BYTE))
    data = encoded.take(rows, axis=0)
    shown = np.where(data > 0, tables.from_byte[actual[:, None], data], characters)
    scripts = _result_scripts(load_model().script_of.take(shown), counts)
    is_related = tables.priors[possible[rows], actual] < _MAX_LATIN_PRIOR
    kinds = scripts.tolist()
    unchanged, results = characters.astype(shown.dtype).tobytes(), shown.tobytes()
    size = len(unchanged)
    quotas = {kind: _LATIN_PAIRS if kind == 0 else _OTHER_PAIRS for kind in set(kinds)}
    seen: dict[bytes, list[str]] = {}
    chosen: list[tuple[str, str]] = []
    for i in np.flatnonzero((scripts > 0) | is_related).tolist():
        kind = kinds[i]
        if not quotas[kind]:
            continue
        key = results[i * size : (i + 1) * size]
        equal = seen.setdefault(key, [])
        decoded_as = SINGLE_BYTE[possible[rows[i]]]
        if key != unchanged and len(equal) < EQUAL_PAIRS and equal in ([], [decoded_as]):
            quotas[kind] -= not equal
            equal.append(decoded_as)
            chosen.append((decoded_as, SINGLE_BYTE[actual[i]]))
    return chosen


@cache
def _cases() -> Floats:
    """Return 1 for the code point of a capital, -1 for that of another letter, and 0 for others."""
    model = load_model()
    return np.where(model.is_upper, 1, -1 * model.is_letter).astype(np.float32)


@cache
def _byte_cases() -> Floats:
    """Return the cases of the characters of all bytes (charsets × 256)."""
    return _cases()[byte_tables().from_byte]


@cache
def _other_script_bytes() -> Floats:
    """Return 1 for each byte that is a letter or mark of another script than Latin, else 0 (charsets × 256)."""
    model = load_model()
    scripts = np.maximum(model.script_of, model.mark_script)[byte_tables().from_byte]
    return (scripts > LATIN).astype(np.float32)


def _count_bytes(encoded: NDArray[np.uint8], counts: NDArray[np.generic]) -> Floats:
    """Return how often each charset shows each byte (charsets × 256)."""
    rows = np.arange(len(encoded))[:, None] * 256 + encoded
    histogram = np.bincount(rows.ravel(), np.tile(counts, len(encoded)), len(encoded) * 256)
    return histogram.reshape(-1, 256).astype(np.float32)


def _are_beside_plain_letters(model: LanguageModel, codes: NDArray[np.uint32]) -> Booleans:
    """Return which characters are next to an ASCII letter: there, another script is out of place."""
    plain = np.zeros(len(codes) + 2, np.bool_)
    plain[1:-1] = (codes < 0x80) & model.is_letter[codes]
    return plain[:-2] | plain[2:]


def _result_scripts(scripts: NDArray[np.uint8], counts: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Return the script other than Latin that most characters of each result are in, or 0."""
    kinds = np.zeros(len(scripts), np.uint8)
    minimum = np.maximum((scripts == LATIN) @ counts, 0.3 * np.float32(counts.sum()))
    for script in np.flatnonzero(np.bincount(scripts.ravel())[:CJK]).tolist():
        if script > LATIN:
            kinds[(scripts == script) @ counts > minimum] = script
    return kinds
