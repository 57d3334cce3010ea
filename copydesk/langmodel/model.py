"""The language model: the costs of letters and signs in each language, and lists of known words.

A cost is −log₂ of a probability, in twelfths of a bit. The model knows the letters of each script by the two letters
before them (trigrams, with a fallback to bigrams), signs by the class of the character before them, and characters of
Chinese, Japanese and Korean by themselves. `tools/train_model` writes it; `data/manifest.json` names its sources.

All functions take arrays of code points, because one NumPy pass over a whole article is faster than Python code for
each word. Tokens are joined by newlines.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from copydesk.langmodel.word_hashes import hash_runs

Codes: TypeAlias = NDArray[np.uint32]
Integers: TypeAlias = NDArray[np.int32]
Indexes: TypeAlias = NDArray[np.intp]
Booleans: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float32]

UNITS_PER_BIT = 12
# Characters beyond the Basic Multilingual Plane are scored as this one.
_MAX_CODE = 0xFFFF
_CODES = _MAX_CODE + 1
_MAX_ASCII = 0x7F
NEWLINE = 10
LATIN, CJK = 1, 100
CJK_LANGUAGES = ("zh-Hans", "zh-Hant", "ja", "ko")
_CJK_RANGES = (
    *((0x1100, 0x1200), (0x3005, 0x3008), (0x3041, 0x3100), (0x3130, 0x3190), (0x3400, 0xA000), (0xAC00, 0xD7A4)),
    *((0xF900, 0xFB00), (0xFF66, 0xFFA0)),
)
# These letters are scored as the letter on the right.
_FOLDED = {"İ": "i", "ș": "ş", "ț": "ţ", "Ș": "ş", "Ț": "ţ"}
_NOT_LETTERS = "ªºµ"
# In languages with few letters beyond ASCII, words with such letters are foreign and have no usual cost of their own.
_MAX_LATIN_USUAL = (4.5, 3.5)
# These signs are within words.
INNER_SIGNS = "’·\xad\u2010\u2011\u200c\u200d"
# A character of this cost does not occur in the language.
_MAX_CJK_COST = 20 * UNITS_PER_BIT
# The marks of scripts whose vowel signs are not letters of the table.
_MARKS = (("Hebr", 0x591, 0x5C8), ("Arab", 0x610, 0x61B), ("Arab", 0x64B, 0x660), ("Arab", 0x670, 0x671))
# The class of a character as context of a sign.
_SPACE, _LETTER, _DIGIT, _SIGN = range(4)

# The flags of a code point. Outer signs are not within words.
_IS_LETTER, _IS_UPPER, _IS_LOWER, _IS_MARK, _IS_OUTER_SIGN = (np.uint8(1 << bit) for bit in range(5))

_HASH = np.uint64(0x9E3779B97F4A7C15)

_DATA = Path(__file__).parent / "data" / "model.npz"
_lock = threading.Lock()


@dataclass(frozen=True, eq=False)
class Contexts:
    """The rows of the table for letters in their context, independent of the language.

    Attributes:
        positions: the positions of the letters, and of the word edges after them.
        rows: the row of each.
        misses: the indexes of those without a trigram in the table.
        backoff_rows: the rows of the fallback costs of those.
    """

    positions: Indexes
    rows: Integers
    misses: Indexes
    backoff_rows: Integers


@dataclass(frozen=True, eq=False)
class ScriptTable:
    """The costs of the letters of a script, in all its languages.

    Attributes:
        id: the number of the script in `LanguageModel.script_of`.
        languages: the tags of the languages, in the order of the columns.
        letters: the letters in lower case; the symbol of a letter is its index plus one.
        unigrams: the cost of each symbol without context.
        costs: the costs of trigrams, followed by those of all bigrams.
        backoff: the costs of falling back from a trigram to a bigram, by the bigram before.
        slots: the row in `costs` of each trigram, in a hash table.
        checks: 16 bits of the hash of each trigram in that table. Others are absent.
        shift: the number of low bits of a hash that do not select the slot.
        bigram_offset: the row in `costs` of the first bigram.
    """

    id: int
    name: str
    languages: tuple[str, ...]
    letters: tuple[str, ...]
    unigrams: NDArray[np.uint8]
    costs: NDArray[np.uint8]
    backoff: NDArray[np.uint8]
    slots: NDArray[np.int32]
    checks: NDArray[np.uint16]
    shift: int
    bigram_offset: int

    def contexts(self, symbols: Integers) -> Contexts:
        """Find the rows of all letters of a text.

        Args:
            symbols: the symbol of each character; 0 for all that are not letters of the script.
        """
        size = len(self.letters) + 1
        before = np.empty_like(symbols)
        before[0] = 0
        before[1:] = symbols[:-1]
        bigrams = before * size + symbols
        positions = np.flatnonzero(bigrams)
        # The bigram before that of each position, if it is in the same word.
        prefixes = np.where(before.take(positions) != 0, bigrams.take(positions - 1), 0)
        trigrams = prefixes * np.int64(size) + symbols.take(positions)
        hashes = trigrams.view(np.uint64) * _HASH
        slots = (hashes >> np.uint64(self.shift)).view(np.int64)
        hits = self.checks.take(slots) == (hashes >> np.uint64(20)).astype(np.uint16)
        rows = np.where(hits, self.slots.take(slots), bigrams.take(positions) + self.bigram_offset)
        misses = np.flatnonzero(~hits)
        return Contexts(positions, rows, misses, prefixes.take(misses))

    def letter_costs(self, contexts: Contexts, columns: Sequence[int] | None = None) -> NDArray[np.uint16]:
        """Return the cost of each letter in each language (letters × columns).

        Args:
            contexts: the contexts of the letters.
            columns: the columns of the languages; None for all.
        """
        if columns is None:
            costs = self.costs.take(contexts.rows, axis=0).astype(np.uint16)
            costs[contexts.misses] += self.backoff.take(contexts.backoff_rows, axis=0)
            return costs
        width, chosen = len(self.languages), np.asarray(columns, np.int32)
        costs = self.costs.ravel().take(contexts.rows[:, None] * width + chosen).astype(np.uint16)
        costs[contexts.misses] += self.backoff.ravel().take(contexts.backoff_rows[:, None] * width + chosen)
        return costs


@dataclass(frozen=True, eq=False)
class TokenCosts:
    """The costs of tokens.

    Attributes:
        fixed: the cost of signs and capitals of each token, in any language.
        by_script: the costs of the letters of each script (tokens × columns).
        columns: the languages that the columns stand for, by script.
        letters: the number of letters of each script in each token.
        ordinary: the part of the fixed cost that signs of all languages have.
    """

    fixed: Integers
    by_script: Mapping[int, Integers]
    columns: Mapping[int, tuple[int, ...]]
    letters: Mapping[int, Integers]
    ordinary: Integers


class LanguageModel:
    """The model; the arrays are shared by forked processes and never change."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        """Build the tables by code point."""
        self.scripts = tuple(_read_script(arrays, str(name), i) for i, name in enumerate(arrays["scripts"], 1))
        self.latin = self.scripts[0]
        characters = np.arange(_CODES, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
        self.folded = _fold(characters)
        self.is_letter = np.fromiter(map(str.isalpha, characters), np.bool_, _CODES)
        self.is_letter[[ord(c) for c in _NOT_LETTERS]] = False
        self.is_upper = np.fromiter(map(str.isupper, characters), np.bool_, _CODES)
        self.is_lower = np.fromiter(map(str.islower, characters), np.bool_, _CODES)
        self.is_space = np.zeros(_CODES, np.bool_)
        self.is_space[[9, 10, 13, 32]] = True
        self.script_of, self.symbol_of = self._letter_tables()
        self.is_word = (self.script_of > 0) | self.is_letter
        self.sign_class = np.full(_CODES, _SIGN, np.int32)
        self.sign_class[self.is_letter] = _LETTER
        self.sign_class[np.fromiter(map(str.isdecimal, characters), np.bool_, _CODES)] = _DIGIT
        self.sign_class[self.is_space] = _SPACE
        self.signs = arrays["signs"].astype(np.int32).ravel()
        self.cjk = arrays["cjk"].astype(np.uint8)
        self.is_ordinary = self._ordinary_signs()
        self.mark_script = np.zeros(_CODES, np.uint8)
        for name, first, end in _MARKS:
            script = next((one.id for one in self.scripts if one.name == name), 0)
            self.mark_script[first:end] = np.where(self.script_of[first:end] == 0, script, 0)
        self.flags, self._sign_rows, self._sign_costs = self._sign_tables()
        self.word_lists = _read_word_lists(arrays)
        self.usual = {
            str(language): (float(mean), float(spread))
            for language, (mean, spread) in zip(arrays["usual_languages"], arrays["usual"], strict=True)
        }

        self.usual |= _usual_of_cjk(self.cjk)

    @cached_property
    def words(self) -> NDArray[np.uint32]:
        """The hashes of the words of all languages, sorted."""
        # The lists are sorted: a stable sort merges them.
        return np.sort(np.concatenate(list(self.word_lists.values())), kind="stable")

    def usual_of(self, script: int, column: int) -> tuple[float, float]:
        """Return the mean cost of a letter in a language, in bits, and its spread by the root of the letters."""
        mean, spread = self.usual[self.languages(script)[column]]
        return (min(mean, _MAX_LATIN_USUAL[0]), min(spread, _MAX_LATIN_USUAL[1])) if script == LATIN else (mean, spread)

    def _letter_tables(self) -> tuple[NDArray[np.uint8], Integers]:
        """Return the script and the symbol of each code point."""
        script_of = np.zeros(_CODES, np.uint8)
        symbol_of = np.zeros(_CODES, np.int32)
        for script in self.scripts:
            codes = np.array([ord(letter) for letter in script.letters], np.uint32)
            symbols = np.zeros(_CODES, np.int32)
            symbols[codes] = np.arange(1, len(codes) + 1, dtype=np.int32)
            symbols = symbols[self.folded]
            script_of[symbols > 0] = script.id
            symbol_of += symbols
        for first, end in _CJK_RANGES:
            script_of[first:end] = CJK
        return script_of, symbol_of

    def _sign_tables(self) -> tuple[NDArray[np.uint8], Integers, Integers]:
        """Return the flags of each code point, the row of sign costs after it, and the costs of signs by row."""
        is_outer = (self.script_of == 0) & ~self.is_letter
        is_outer[: _MAX_ASCII + 1] = False
        is_outer[[ord(c) for c in INNER_SIGNS]] = False
        flags = np.zeros(_CODES, np.uint8)
        for flag, is_set in (
            (_IS_LETTER, self.is_letter),
            (_IS_UPPER, self.is_upper),
            (_IS_LOWER, self.is_lower),
            (_IS_MARK, self.mark_script > 0),
            (_IS_OUTER_SIGN, is_outer),
        ):
            flags |= flag * is_set.astype(np.uint8)
        costs = np.where(self.script_of == 0, self.signs.reshape(-1, _CODES), 0).astype(np.int32)
        costs[:, NEWLINE] = 0
        return flags, self.sign_class * _CODES, costs.ravel()

    def _ordinary_signs(self) -> Booleans:
        """Return which signs are ordinary: ASCII, and the punctuation of the languages."""
        ordinary = np.zeros(_CODES, np.bool_)
        ordinary[0x20:0x7F] = True
        signs = "’‘“”–—…«»„·،؛؟۔।、。，：；！？（）「」『』《》\u200c\u200d"
        ordinary[[ord(c) for c in signs]] = True
        ordinary &= self.script_of == 0
        return ordinary

    def languages(self, script: int) -> tuple[str, ...]:
        """Return the languages of a script, by the number of the script."""
        return CJK_LANGUAGES if script == CJK else self.scripts[script - 1].languages

    def plain_costs(self, codes: Codes) -> NDArray[np.int64]:
        """Return the cost of the ASCII letters of a text in each Latin language."""
        return self._latin_costs((codes < 0x80) & (self.script_of[codes] == LATIN), codes)

    def latin_costs(self, codes: Codes) -> NDArray[np.int64]:
        """Return the cost of the Latin letters of a text in each Latin language."""
        return self._latin_costs(self.script_of[codes] == LATIN, codes)

    def _latin_costs(self, is_chosen: Booleans, codes: Codes) -> NDArray[np.int64]:
        if not is_chosen.any():
            return np.zeros(len(self.latin.languages), np.int64)
        table = self.latin
        contexts = table.contexts(np.where(is_chosen, self.symbol_of[codes], 0))
        costs: NDArray[np.int64] = table.letter_costs(contexts).sum(0, dtype=np.int64)
        return costs

    def token_costs(
        self, codes: Codes, starts: Integers, columns: Mapping[int, Sequence[int] | None] | None = None
    ) -> TokenCosts:
        """Return the costs of tokens that are joined by newlines.

        Args:
            codes: the code points of the joined tokens.
            starts: the index of the first character of each token.
            columns: the languages to score by script; None for all.
        """
        # The edge of the last word is a position, too.
        codes = np.append(codes, np.uint32(NEWLINE))
        scripts = self.script_of.take(codes)
        by_script: dict[int, Integers] = {}
        letters: dict[int, Integers] = {}
        chosen: dict[int, tuple[int, ...]] = {}
        for number in _numbers(scripts):
            is_here = scripts == number
            letters[number] = np.add.reduceat(is_here, starts, dtype=np.int32)
            wanted = columns.get(number) if columns else None
            chosen[number] = tuple(range(len(self.languages(number))) if wanted is None else wanted)
            if number == CJK:
                costs = np.where(is_here[:, None], self.cjk[codes], 0)
                by_script[number] = np.add.reduceat(costs, starts, axis=0, dtype=np.int32)[:, list(chosen[number])]
                continue
            table = self.scripts[number - 1]
            contexts = table.contexts(self.symbol_of.take(codes) * is_here)
            by_script[number] = _sum_by_token(table.letter_costs(contexts, wanted), contexts.positions, starts)
        costs = self._fixed_costs(codes, scripts)
        fixed = np.add.reduceat(costs, starts, dtype=np.int32)
        ordinary = np.add.reduceat(costs * self.is_ordinary.take(codes), starts, dtype=np.int32)
        return TokenCosts(fixed, by_script, chosen, letters, ordinary)

    def _fixed_costs(self, codes: Codes, scripts: NDArray[np.uint8]) -> Integers:
        """Return the costs of signs, of capitals and of letters of two scripts side by side."""
        flags = self.flags.take(codes)
        before = np.empty_like(flags)
        before[0] = 0
        before[1:] = flags[:-1]
        classes = np.empty(len(codes), np.int32)
        classes[0] = _SPACE
        classes[1:] = self._sign_rows.take(codes[:-1])
        costs = self._sign_costs.take(classes + codes)
        is_mixed = (flags & before & _IS_LETTER) > 0
        is_mixed[1:] &= scripts[1:] != scripts[:-1]
        costs += _MIXED_SCRIPTS * is_mixed
        is_upper = flags & _IS_UPPER
        if is_upper.any():
            costs += np.where(is_upper > 0, np.where(before & _IS_LOWER, _INNER_CAPITAL, _CAPITAL), 0)
            costs[2:] += _LOWER_AFTER_CAPITALS * ((flags[2:] & _IS_LOWER > 0) & (is_upper[1:-1] & is_upper[:-2] > 0))
        is_sign = (flags & _IS_OUTER_SIGN > 0) & (before & _IS_LETTER > 0)
        is_sign[:-1] &= flags[1:] & _IS_LETTER > 0
        is_sign[-1] = False
        costs += _INNER_SIGN * is_sign
        if (flags & _IS_MARK).any():
            marked = self.mark_script.take(codes)
            costs[1:] += _MIXED_SCRIPTS * (
                (marked[1:] > 0) & (marked[1:] != scripts[:-1]) & (marked[1:] != marked[:-1])
            )
        return costs

    def hash_words(self, codes: Codes) -> tuple[Integers, NDArray[np.uint32], Integers]:
        """Hash the words of a text: the runs of letters that hold a letter beyond ASCII.

        Returns:
            The first positions of the words, their hashes, and their lengths.
        """
        is_word = self.is_word[codes]
        is_start = is_word.copy()
        is_start[1:] &= ~is_word[:-1]
        starts = np.flatnonzero(is_start).astype(np.int32)
        if not len(starts):
            return starts, np.empty(0, np.uint32), np.empty(0, np.int32)
        letters = codes[is_word]
        firsts = np.flatnonzero(is_start[is_word])
        hashes = hash_runs(self.folded[letters], firsts)
        lengths = np.diff(np.append(firsts, len(letters))).astype(np.int32)
        is_foreign = np.maximum.reduceat(letters, firsts) > 0x7F
        return starts[is_foreign], hashes[is_foreign], lengths[is_foreign]

    def are_known(self, hashes: NDArray[np.uint32], language: str | None = None) -> Booleans:
        """Return which words are in the word list of a language, or of any."""
        words = self.words if language is None else self.word_lists.get(language)
        if words is None or not len(words):
            return np.zeros(len(hashes), np.bool_)
        indexes = np.searchsorted(words, hashes)
        known: Booleans = words[np.minimum(indexes, len(words) - 1)] == hashes
        return known


# The costs of what letters of all languages have in common, in twelfths of a bit.
_MIXED_SCRIPTS = 16 * UNITS_PER_BIT
_CAPITAL, _INNER_CAPITAL, _LOWER_AFTER_CAPITALS = UNITS_PER_BIT, 7 * UNITS_PER_BIT, 8 * UNITS_PER_BIT
_INNER_SIGN = 6 * UNITS_PER_BIT


def code_points(text: str) -> Codes:
    """Return the code points of a text. Those beyond 16 bits become U+FFFF."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.minimum(codes, np.uint32(_MAX_CODE))


def _fold(characters: str) -> NDArray[np.uint32]:
    """Return the code points of the lower case of characters. `İ` is the only one that becomes two characters."""
    for letter, folded in _FOLDED.items():
        characters = characters.replace(letter, folded)
    return np.frombuffer(characters.lower().encode("utf-32-le", "surrogatepass"), np.uint32)


def token_starts(codes: Codes) -> Integers:
    """Return the positions of the first characters of tokens that are joined by newlines."""
    breaks = np.flatnonzero(codes == NEWLINE)
    starts = np.zeros(len(breaks) + 1, np.int32)
    starts[1:] = breaks + 1
    return starts


def load_model() -> LanguageModel:
    """Return the model. It is read once."""
    with _lock:
        return _load()


@cache
def _load() -> LanguageModel:
    with np.load(_DATA) as arrays:
        return LanguageModel({name: arrays[name] for name in arrays.files})


def _read_script(arrays: Mapping[str, NDArray[np.generic]], name: str, number: int) -> ScriptTable:
    def read(part: str) -> NDArray[np.generic]:
        return arrays[f"{name}.{part}"]

    trigrams = read("trigrams")
    return ScriptTable(
        id=number,
        name=name,
        languages=tuple(map(str, read("languages"))),
        letters=tuple(map(str, read("letters"))),
        unigrams=read("unigrams").astype(np.uint8),
        costs=np.ascontiguousarray(np.concatenate((trigrams, read("bigrams")))).astype(np.uint8),
        backoff=read("backoff").astype(np.uint8),
        slots=read("slots").astype(np.int32),
        checks=read("checks").astype(np.uint16),
        shift=64 - int(read("bits").ravel()[0]),
        bigram_offset=len(trigrams),
    )


def _read_word_lists(arrays: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.uint32]]:
    offsets = arrays["word_offsets"].astype(np.int64).tolist()
    hashes = arrays["word_hashes"].astype(np.uint32)
    return {str(language): hashes[offsets[i] : offsets[i + 1]] for i, language in enumerate(arrays["word_languages"])}


def _usual_of_cjk(costs: NDArray[np.uint8]) -> dict[str, tuple[float, float]]:
    """Return the entropy of a character in each language, and its standard deviation, in bits."""
    usual: dict[str, tuple[float, float]] = {}
    for language, units in zip(CJK_LANGUAGES, costs.T, strict=True):
        bits = units.astype(np.float64) / UNITS_PER_BIT
        shares = np.exp2(-bits) * (units < _MAX_CJK_COST)
        shares /= shares.sum()
        mean = float((shares * bits).sum())
        usual[language] = mean, float(np.sqrt((shares * (bits - mean) ** 2).sum()))
    return usual


def _numbers(scripts: NDArray[np.uint8]) -> list[int]:
    """Return the numbers of the scripts that occur."""
    counts = np.bincount(scripts)
    counts[0] = 0
    numbers: list[int] = np.flatnonzero(counts).tolist()
    return numbers


def _sum_by_token(costs: NDArray[np.uint16], positions: Indexes, starts: Integers) -> Integers:
    """Sum the costs of letters by token. The edge of a word may be the newline after the token."""
    sums = np.zeros((len(starts), costs.shape[1]), np.int32)
    # A newline is the last position of its token.
    firsts = np.zeros(len(starts), np.int32)
    firsts[1:] = np.searchsorted(positions, starts[1:] - 1, side="right")
    ends = np.append(firsts[1:], len(positions))
    filled = np.flatnonzero(ends > firsts)
    if len(filled):
        sums[filled] = np.add.reduceat(costs, firsts[filled], axis=0, dtype=np.int32)
    return sums
