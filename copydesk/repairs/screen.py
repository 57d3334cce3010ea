"""The screen: finds the tokens of an article that may be damaged, and costs little for clean text.

Only tokens with a character beyond ASCII are looked at. A token is suspicious if it costs more bits than tokens of its
language usually do and is not a known word. The spread of the usual cost was measured with the model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import filterfalse

import numpy as np
from numpy.typing import NDArray

from copydesk.langmodel.model import (
    CJK,
    LATIN,
    UNITS_PER_BIT,
    Booleans,
    Floats,
    Integers,
    LanguageModel,
    TokenCosts,
    code_points,
    load_model,
)
from copydesk.repairs.byte_tables import INDEX, byte_tables
from copydesk.repairs.readings import Tokens

# The cost of a word of another language, in addition to its cost in that language, in bits.
FOREIGN_WORD_BITS = 11.0
# A letter that costs more than this without context does not belong to the language.
FOREIGN_LETTER_BITS = 11.5
# The languages that are scored for Latin letters, best by the plain words of the article.
SCORED_LANGUAGES = 8
# Without plain words, they are chosen by this number of pieces of a long text.
_SAMPLE_PIECES = 128
_CONTEXT_WORDS = 96
_SURE_LEAD_BITS = 8.0
# Longer tokens, as in languages without spaces, are screened in pieces.
MAX_TOKEN_CHARS = 60
# The allowed cost of a token apart from its letters and ordinary signs, in bits.
_TOKEN_BITS = 0.0
# In a short text, a token needs less to be suspicious: there is no other evidence of damage.
_MANY_TOKENS, _FEW_TOKENS, _SHORT_CHARS = 12, 4, 600
_MANY_EXCESS, _SOME_EXCESS, _FEW_EXCESS = 3.0, 0.0, -6.0
# A letter that is a word of the language by itself, such as `è` in Italian, has less excess; other single letters have
# more.
_LETTER_WORD_EXCESS = 6.0
# In a long text, a token without a strange character needs more. A foreign letter counts at least this much.
_NATIVE_EXCESS, _FOREIGN_EXCESS = 12.0, 6.0
_RARE_SIGN_BITS = 11.0
# A long text without a strange character may have this excess: names, and words that no list has. A damaged sentence
# has several times as much.
_EXPECTED_BITS, _EXPECTED_BITS_PER_TOKEN = 30.0, 0.3
_QUOTES = "’‘“”–—…«»„\xa0"
_NO_PUNCTUATION = re.compile(f"[^\\x00-\\x7f{_QUOTES}]")
_INNER_PUNCTUATION = re.compile("[^\\W\\d_][‘“”…«»„–—][^\\W\\d_]")
# UTF-8 that was decoded as one of these has a typical shape: a lead byte and its continuation bytes.
_MISREAD_UTF8 = (
    *("windows-1252", "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1257"),
    *("iso-8859-2", "macintosh", "ibm437", "ibm850"),
)


@dataclass(frozen=True, eq=False)
class Screened:
    """The result of the screen.

    Attributes:
        text: the text.
        tokens: the distinct suspicious tokens.
        excess: by how many bits each is above the usual cost.
        context: the cost of the plain words of the article in each Latin language, in bits.
        token_count: the number of distinct tokens beyond ASCII, suspicious or not.
    """

    text: str
    tokens: tuple[str, ...]
    excess: Floats
    context: Floats
    token_count: int


def find_suspects(text: str) -> Screened | None:
    """Return the suspicious tokens of a text, or None if there are none.

    >>> find_suspects("Le café est fermé.") is None
    True
    >>> find_suspects("Le cafÃ© est fermÃ©.").tokens
    ('cafÃ©', 'fermÃ©.')
    """
    words = split_words(text)
    distinct = list(dict.fromkeys(filterfalse(str.isascii, words)))
    if not distinct or _is_only_punctuation(distinct):
        return None
    model = load_model()
    context = plain_context(model, list(filter(str.isascii, words)))
    pieces, owners = _cut_long(distinct)
    measured = _measure(model, Tokens.of(pieces), context)
    threshold = _threshold(len(distinct), len(text))
    if len(distinct) > _MANY_TOKENS:
        may_be = measured.excess > np.where(measured.is_odd, threshold, _NATIVE_EXCESS + measured.deviation)
    else:
        may_be = measured.excess > threshold
    may_be &= _is_reachable(measured.tokens)
    indexes = np.flatnonzero(may_be)
    if len(indexes):
        indexes = indexes[~_are_words(model, measured, indexes)]
    strongest: dict[str, float] = {}
    for i, value in zip(indexes.tolist(), measured.excess[indexes].tolist(), strict=True):
        token = distinct[owners[i]]
        strongest[token] = max(value, strongest.get(token, value))
    has_odd = bool(measured.is_odd[indexes].any())
    if not strongest or _is_expected(strongest, len(distinct), len(text), has_odd=has_odd):
        return None
    return Screened(text, tuple(strongest), np.array(list(strongest.values()), np.float32), context, len(distinct))


@dataclass(frozen=True, eq=False)
class _Measured:
    """Tokens and how unusual they are.

    Attributes:
        tokens: the tokens.
        excess: by how many bits each is above the usual cost.
        deviation: the standard deviation of the usual cost, in bits.
        is_foreign: which have a letter that their language does not write.
        is_odd: which have a foreign letter, a capital within the word, a rare sign, or, if the Latin language is not
            sure, a Latin letter.
        language: the Latin language of the article, if it is sure.
    """

    tokens: Tokens
    excess: Floats
    deviation: Floats
    is_foreign: Booleans
    is_odd: Booleans
    language: str | None


def _measure(model: LanguageModel, tokens: Tokens, context: Floats) -> _Measured:
    """Score tokens in the likely languages. The context is the cost of the plain words in each Latin language."""
    columns = likely_languages(context, SCORED_LANGUAGES)
    if columns is None and len(tokens.texts) > _SAMPLE_PIECES:
        columns = _languages_of_sample(model, tokens.texts[:: len(tokens.texts) // _SAMPLE_PIECES])
    costs = model.token_costs(tokens.codes, tokens.starts, {LATIN: columns})
    excess, deviation, best = _excess(model, costs, context)
    is_foreign = _has_foreign_letter(model, tokens, best)
    excess = np.where(is_foreign, np.maximum(excess, _FOREIGN_EXCESS), excess)
    is_odd = is_foreign | _has_inner_capital(model, tokens) | _has_rare_sign(model, tokens)
    is_sure = _lead(context) > _SURE_LEAD_BITS
    if LATIN not in best:
        return _Measured(tokens, excess, deviation, is_foreign, is_odd, None)
    if not is_sure:
        is_odd |= costs.letters[LATIN] > 0
    language = model.latin.languages[best[LATIN]] if is_sure else None
    return _Measured(tokens, excess, deviation, is_foreign, is_odd, language)


def _are_words(model: LanguageModel, measured: _Measured, indexes: NDArray[np.intp]) -> Booleans:
    """Return which of some tokens are known words. Those with a foreign letter must be words of the language."""
    some = Tokens.of([measured.tokens.texts[i] for i in indexes])
    known = are_known(model, some)
    if not measured.language:
        return known
    is_foreign = measured.is_foreign[indexes]
    if (is_foreign & known).any():
        known &= ~is_foreign | are_known(model, some, measured.language)
    is_usual = ~is_foreign & (measured.excess[indexes] < _LETTER_WORD_EXCESS)
    return known | (is_usual & _have_only_letter_words(model, some))


def _is_expected(excess: Mapping[str, float], token_count: int, characters: int, *, has_odd: bool) -> bool:
    """Return whether clean text of this length usually has rare words as dear as these, or lone signs."""
    if characters >= _SHORT_CHARS and all(map(_is_lone_sign, excess)):
        return True
    expected = _EXPECTED_BITS + _EXPECTED_BITS_PER_TOKEN * token_count
    return token_count > _MANY_TOKENS and not has_odd and sum(excess.values()) < expected


def _is_lone_sign(token: str) -> bool:
    """Return whether a token is a sign without letters, such as `§` or `£5`. It proves no charset in a long text."""
    if any(map(str.isalpha, token)):
        return False
    beyond = [character for character in token if character > "\x7f"]
    return len(beyond) == 1 and beyond[0].isprintable() and beyond[0] != "\ufffd"


def _languages_of_sample(model: LanguageModel, pieces: Sequence[str]) -> tuple[int, ...] | None:
    """Return the columns of the Latin languages that suit a sample of tokens."""
    costs = model.latin_costs(code_points("\n".join([*pieces, ""])))
    return likely_languages(costs.astype(np.float32), SCORED_LANGUAGES)


def split_words(text: str) -> list[str]:
    """Split a text at plain white space. Other spaces may be bytes of damaged characters."""
    return text.replace("\n", " ").replace("\t", " ").replace("\r", " ").split(" ")


def plain_context(model: LanguageModel, words: Sequence[str]) -> Floats:
    """Return the cost of plain ASCII words in each Latin language, in bits. Of many words, some are taken evenly."""
    some = words[:: -(-len(words) // _CONTEXT_WORDS) or 1]
    return (model.plain_costs(code_points(" ".join(some))) / UNITS_PER_BIT).astype(np.float32)


def may_be_language(text: str, language: str) -> bool:
    """Return whether the plain words of a text may be in a Latin language: no other one costs much less.

    >>> may_be_language("The envoy said that the talks would go on.", "en")
    True
    >>> may_be_language("Le fleuve est monté dans la nuit.", "en")
    False
    """
    model = load_model()
    context = plain_context(model, list(filter(str.isascii, split_words(text))))
    return float(context[model.latin.languages.index(language)] - context.min()) < _SURE_LEAD_BITS


def likely_languages(context: Floats, count: int) -> tuple[int, ...] | None:
    """Return the columns of the Latin languages that a context speaks for; None for all, if it says nothing."""
    if not context.any():
        return None
    return tuple(np.argpartition(context, count)[:count].tolist())


def are_known(model: LanguageModel, tokens: Tokens, language: str | None = None) -> Booleans:
    """Return which tokens are known words: all their words beyond ASCII are listed, and the signs are quotes or dashes.

    Args:
        model: the model.
        tokens: the tokens.
        language: the language to look the words up in; None for any.
    """
    return known_lengths(model, tokens, language) > 0


def known_lengths(model: LanguageModel, tokens: Tokens, language: str | None = None) -> Integers:
    """Return the length of the longest word beyond ASCII of each known token; 0 for other tokens."""
    count = len(tokens.texts)
    positions, hashes, lengths = model.hash_words(tokens.codes)
    owners = np.searchsorted(tokens.starts, positions, side="right") - 1
    is_long = lengths > 1
    unlisted = np.bincount(owners[is_long & ~model.are_known(hashes, language)], minlength=count)
    longest = np.zeros(count, np.int32)
    np.maximum.at(longest, owners[is_long], lengths[is_long])
    longest[(unlisted > 0) | _has_odd_sign(model, tokens) | looks_like_utf8(tokens)] = 0
    return longest


def _have_only_letter_words(model: LanguageModel, tokens: Tokens) -> Booleans:
    """Return which tokens have letters beyond ASCII, none of them beside another letter, and no odd sign."""
    codes = tokens.codes
    is_word = np.concatenate(([False], model.is_word[codes], [False]))
    is_beyond = model.is_word[codes] & (codes > 0x7F)
    is_joined = is_beyond & (is_word[:-2] | is_word[2:])
    has_word, has_joined = (np.add.reduceat(flags, tokens.starts) > 0 for flags in (is_beyond, is_joined))
    return has_word & ~has_joined & ~_has_odd_sign(model, tokens)


def looks_like_utf8(tokens: Tokens) -> Booleans:
    """Return which tokens have a C1 control, U+FFFD, or characters in the shape of misread UTF-8."""
    lead2, lead3, lead4, continuation = _utf8_shapes()
    codes = tokens.codes
    follows = continuation[codes]
    padded = np.zeros(len(codes) + 3, np.uint16)
    padded[: len(codes)] = follows
    one, two, three = padded[1 : len(codes) + 1], padded[2 : len(codes) + 2], padded[3:]
    shaped = lead2[codes] & one & ~two
    shaped |= lead3[codes] & one & two
    shaped |= lead4[codes] & one & two & three
    is_broken = (shaped > 0) | ((codes >= 0x80) & (codes < 0xA0)) | (codes == 0xFFFD) | _is_private(codes)
    return np.add.reduceat(is_broken, tokens.starts) > 0


def _is_private(codes: NDArray[np.uint32]) -> Booleans:
    return (codes >= 0xE000) & (codes < 0xF900)


@cache
def _utf8_shapes() -> tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint16]]:
    """Return, as one bit for each charset, the code points that show lead bytes (of 2, 3, 4) and continuation bytes."""
    tables = byte_tables()
    shapes = tuple(np.zeros(0x10000, np.uint16) for _ in range(4))
    ranges = ((0xC2, 0xE0), (0xE0, 0xF0), (0xF0, 0xF5), (0x80, 0xC0))
    for bit, name in enumerate(_MISREAD_UTF8):
        shown = tables.from_byte[INDEX[name]]
        for shape, (first, end) in zip(shapes, ranges, strict=True):
            shape[shown[first:end]] |= np.uint16(1 << bit)
    for shape in shapes:
        shape[0xFFFF] = 0
    return shapes  # type: ignore[return-value]


def _is_only_punctuation(tokens: Sequence[str]) -> bool:
    """Return whether the tokens are plain words with the quotes and dashes of print."""
    joined = "\n".join(tokens)
    return not (_NO_PUNCTUATION.search(joined) or _INNER_PUNCTUATION.search(joined))


def _cut_long(tokens: Sequence[str]) -> tuple[list[str], list[int]]:
    """Cut long tokens into pieces. Return the pieces, and the index of the token of each."""
    if max(map(len, tokens)) <= MAX_TOKEN_CHARS:
        return list(tokens), list(range(len(tokens)))
    pieces, owners = [], []
    for i, token in enumerate(tokens):
        for start in range(0, len(token), MAX_TOKEN_CHARS):
            pieces.append(token[start : start + MAX_TOKEN_CHARS])
            owners.append(i)
    return pieces, owners


def _threshold(token_count: int, characters: int) -> float:
    if token_count > _MANY_TOKENS:
        return _MANY_EXCESS
    return _FEW_EXCESS if token_count <= _FEW_TOKENS and characters < _SHORT_CHARS else _SOME_EXCESS


def _excess(model: LanguageModel, costs: TokenCosts, context: Floats) -> tuple[Floats, Floats, dict[int, int]]:
    """Compare the cost of each token with the usual one.

    Returns:
        By how many bits each token is dearer than usual and one standard deviation, the standard deviations, and the
        column of the best language of each script.
    """
    total = (costs.fixed - costs.ordinary).astype(np.float32) / UNITS_PER_BIT
    usual = np.full(len(total), _TOKEN_BITS, np.float32)
    spread = np.ones(len(total), np.float32)
    letters = np.zeros(len(total), np.int32)
    best: dict[int, int] = {}
    for script, by_language in costs.by_script.items():
        bits = by_language.astype(np.float32) / UNITS_PER_BIT
        cheapest = bits.min(1) + FOREIGN_WORD_BITS
        capped = np.minimum(bits, cheapest[:, None])
        columns = costs.columns[script]
        prior = context[list(columns)] if script == LATIN else 0.0
        column = int((capped.sum(0) + prior).argmin())
        total += capped[:, column]
        best[script] = columns[column]
        mean, deviation = model.usual_of(script, columns[column])
        count = costs.letters[script]
        usual = usual + mean * count
        spread = np.where(count > 0, deviation, spread)
        letters = letters + count
    deviation_bits = spread * np.sqrt(np.maximum(letters, 1))
    return (total - usual - deviation_bits).astype(np.float32), deviation_bits, best


def _has_foreign_letter(model: LanguageModel, tokens: Tokens, best: Mapping[int, int]) -> Booleans:
    """Return which tokens have a letter beyond ASCII that the best language of its script does not write."""
    codes = tokens.codes
    scripts = model.script_of[codes]
    odd = (codes > 0x7F) & model.is_letter[codes] & (scripts == 0)
    for script, column in best.items():
        if script != CJK:
            is_foreign = model.scripts[script - 1].unigrams[:, column] > FOREIGN_LETTER_BITS * UNITS_PER_BIT
            here = (scripts == script) & (codes > 0x7F)
            odd |= here & is_foreign[model.symbol_of[codes] * here]
    return np.add.reduceat(odd, tokens.starts) > 0


def _has_inner_capital(model: LanguageModel, tokens: Tokens) -> Booleans:
    """Return which tokens have a capital beyond ASCII after a small letter and not before another capital."""
    codes = tokens.codes
    is_upper = model.is_upper[codes]
    odd = is_upper & (codes > 0x7F)
    odd[0] = False
    odd[1:] &= model.is_lower[codes[:-1]]
    odd[:-1] &= ~is_upper[1:]
    return np.add.reduceat(odd, tokens.starts) > 0


def _has_odd_sign(model: LanguageModel, tokens: Tokens) -> Booleans:
    codes = tokens.codes
    odd = (codes > 0x7F) & ~model.is_word[codes] & ~_quote_flags()[codes]
    return np.add.reduceat(odd, tokens.starts) > 0


def _has_rare_sign(model: LanguageModel, tokens: Tokens) -> Booleans:
    """Return which tokens have a sign beyond ASCII that is rare in all contexts."""
    return np.add.reduceat(_rare_sign_flags(model)[tokens.codes], tokens.starts) > 0


@cache
def _rare_sign_flags(model: LanguageModel) -> Booleans:
    flags: Booleans = model.signs.reshape(4, -1).min(0) > _RARE_SIGN_BITS * UNITS_PER_BIT
    flags &= ~model.is_ordinary & ~model.is_word
    flags[:0x80] = False
    return flags


@cache
def _quote_flags() -> Booleans:
    flags = np.zeros(0x10000, np.bool_)
    flags[list(map(ord, _QUOTES))] = True
    return flags


def _is_reachable(tokens: Tokens) -> Booleans:
    """Return which tokens have only characters that some charset can have shown."""
    reachable: Booleans = np.add.reduceat(~byte_tables().is_reachable[tokens.codes], tokens.starts) == 0
    return reachable


def _lead(context: Floats) -> float:
    """Return the lead of the best language over the second, in bits."""
    if not context.any():
        return 0.0
    best, second = np.partition(context, 1)[:2]
    return float(second - best)


__all__ = [
    "CJK",
    "FOREIGN_LETTER_BITS",
    "FOREIGN_WORD_BITS",
    "Screened",
    "are_known",
    "find_suspects",
    "likely_languages",
    "looks_like_utf8",
]
