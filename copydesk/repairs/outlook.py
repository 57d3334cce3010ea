"""The outlook: which pairs of charsets are worth hearing about some tokens, at a hundredth of the cost of hearing all.

There are 1,500 pairs, and nearly all of them make rubbish of nearly every text. What a pair does to text in a
single-byte charset it does to each character by itself, so the letters that it brings in can be priced without reading
a token: each byte has a big integer with a lane for each true charset (as in `spelling`), and those of all characters
are added up. A pair is worth hearing when what it brings in is hardly dearer than what stands there.

That UTF-8 needs a leading byte and a continuation byte side by side is exact. The prices are a forecast: the judge goes
by pairs of letters. With it, of 6,300 damaged sentences in 75 languages (`bench.repair --data`, a case of each kind)
two titles are left alone that would be restored if all pairs were heard; of 30,000 clean ones none fares otherwise. A
text with a few rare words, which is what most clean articles are, costs 0.3 ms instead of 15.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from copydesk.encoding.charsets import ACTUAL_CHARSETS, CODECS, DECODED_AS_CHARSETS, MULTIBYTE, prior_cost
from copydesk.langmodel.bigrams import BIT, bigram_models, normalize_word
from copydesk.langmodel.packed import minimum, pack, unpack
from copydesk.langmodel.scripts import find_script
from copydesk.repairs.judge import Context
from copydesk.repairs.prices import (
    BORDER,
    CJK_LETTER,
    SINGLE,
    Prices,
    border,
    borders,
    bytes_of,
    capital,
    prices_in,
    unreadable,
)

# How much dearer the letters of a pair may be that wins all the same, as its words are the likelier ones.
_SLACK = 12 * BIT
_IMPOSSIBLE = 1 << 24
# What a plain letter costs that becomes a trailing byte.
_PLAIN = 5 * BIT
# What two bytes of one character cost at the least as characters of a single-byte charset.
_TWO_LETTERS = 8 * BIT
# A legacy charset took hold of a whole text: it must be able to have given nearly all of what is strange in it.
NEARLY_ALL = 0.75
# With more languages in question than this, the price of a letter is that of the language it is cheapest in.
_FEW = 4

_ONES = pack([1] * len(SINGLE))
_NEIGHBOURS = re.compile("(?=([^\x00-\x7f]{2}))")
_RUN = re.compile("[^\x00-\x7f]+")
_UTF8_SEQUENCE = re.compile(b"[\xc2-\xf4][\x80-\xbf]")
_LEADING, _CONTINUING = range(0xC2, 0xF5), range(0x80, 0xC0)
_AT_BORDER = re.compile("(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])")
_AFTER_LETTER = re.compile("(?<=[A-Za-z])[^\x00-\x7f]")


def maybe_utf8(tokens: Sequence[str]) -> list[str]:
    """Return the charsets, likeliest first, as which some of the tokens may be UTF-8 misread: all others can't be."""
    neighbours = {pair for token in tokens for pair in _NEIGHBOURS.findall(token)}
    leads, continues = _roles(_LEADING), _roles(_CONTINUING)
    found = 0
    for one, other in neighbours:
        found |= leads.get(one, 0) & continues.get(other, 0)
    return [
        misread
        for at, misread in enumerate(DECODED_AS_CHARSETS)
        if found >> at & 1 or (misread in MULTIBYTE and _has_utf8(tokens, misread))
    ]


def _has_utf8(tokens: Iterable[str], misread: str) -> bool:
    return any(_UTF8_SEQUENCE.search(token.encode(CODECS[misread], "replace")) for token in tokens)


@cache
def _roles(wanted: range) -> dict[str, int]:
    """Return for each character a bit for each single-byte charset of `DECODED_AS_CHARSETS` with the character."""
    found: dict[str, int] = defaultdict(int)
    for at, misread in enumerate(DECODED_AS_CHARSETS):
        if misread not in MULTIBYTE:
            for character, byte in bytes_of(misread).items():
                found[character] |= (byte in wanted) << at
    return found


def worth_hearing(
    tokens: Sequence[str], context: Context, most_surprise: float, declared: str | None = None
) -> dict[str, list[str]]:
    """Return the charsets that tokens may have been misread as, likeliest first, each with those they may be in.

    Args:
        tokens: strings that hold characters beyond ASCII.
        context: what the text around them tells of the language.
        most_surprise: the surprise in bits beyond which no pair can win.
        declared: the charset that the text is said to have been decoded with.
    """
    letters = _Letters.of(tokens)
    languages = context.alike if len(context.alike) <= _FEW else [None]
    outlooks = [_Outlook(letters, prices_in(language), context) for language in languages]
    as_cjk = _as_cjk(tokens)
    found: dict[str, list[str]] = {}
    for misread in DECODED_AS_CHARSETS:
        trues: set[str] = set()
        if misread in MULTIBYTE:
            for outlook in outlooks:
                trues.update(_of_multibyte(misread, letters.counts.total(), outlook.most, declared))
        elif _gives_nearly_all(tokens, letters.counts.keys() - bytes_of(misread).keys()):
            for outlook in outlooks:
                trues.update(outlook.of(misread, declared), MULTIBYTE if as_cjk <= outlook.most else ())
        hopeful = [
            true
            for true in ACTUAL_CHARSETS
            if true in trues and true != misread and prior_cost(misread, true, declared) <= most_surprise
        ]
        if hopeful:
            found[misread] = hopeful
    return found


@dataclass(frozen=True, slots=True)
class _Letters:
    """The characters beyond ASCII of some tokens: how often each is there, and how often beside a plain letter."""

    counts: Counter[str]
    borders: Counter[str]

    @classmethod
    def of(cls, tokens: Iterable[str]) -> _Letters:
        counts = Counter(character for token in tokens for character in token if character > "\x7f")
        return cls(counts, Counter(border for token in tokens for border in _AT_BORDER.findall(token)))


class _Outlook:
    """What characters cost in a language, and what pairs of charsets would make of them."""

    def __init__(self, letters: _Letters, prices: Prices, context: Context) -> None:
        self._letters, self._prices = letters, prices
        self._stands = {
            character: count * prices.of(character) + letters.borders[character] * border(character)
            for character, count in letters.counts.items()
        }
        self.most = sum(self._stands.values()) + _SLACK
        if prices.language is None:
            self.most += self._in_one_language(context)

    def _in_one_language(self, context: Context) -> int:
        """Return by how much the letters that stand are dearer in any one language than each in the one it suits."""
        counts = {letter: count for letter, count in self._letters.counts.items() if find_script(letter) == "Latn"}
        latin = bigram_models()["Latn"]
        lanes = sum(latin.letter_costs(normalize_word(letter)[:1]) * count for letter, count in counts.items())
        apart = sum((self._prices.of(letter) - capital(letter)) * count for letter, count in counts.items())
        return minimum(context.latin + lanes, len(latin.languages)) - context.floor - apart

    def of(self, misread: str, declared: str | None) -> Iterator[str]:
        """Yield the single-byte charsets that may be the true ones."""
        written = bytes_of(misread)
        lanes = _surprises(misread, declared)
        for character, count in self._letters.counts.items():
            byte = written.get(character)
            if byte is None:
                lanes += _ONES * self._stands[character]
            else:
                lanes += self._prices.lanes[byte] * count + borders()[byte] * self._letters.borders[character]
                lanes += unreadable()[byte] * self._stands[character]
        return (true for true, cost in zip(SINGLE, unpack(lanes, len(SINGLE)), strict=True) if cost <= self.most)


def _gives_nearly_all(tokens: Sequence[str], missing: Iterable[str]) -> bool:
    """Return whether most tokens can be written without the missing characters."""
    lacking = frozenset(missing)
    return not lacking or sum(map(lacking.isdisjoint, tokens)) >= NEARLY_ALL * len(tokens)


def _of_multibyte(misread: str, characters: int, most: int, declared: str | None) -> list[str]:
    """Return what tokens may be in that were read as a multi-byte charset, by the least that they may cost."""
    return [
        true
        for true in ACTUAL_CHARSETS
        if characters * (CJK_LETTER if true in MULTIBYTE else _TWO_LETTERS) + prior_cost(misread, true, declared) * BIT
        <= most
    ]


def _as_cjk(tokens: Iterable[str]) -> int:
    """Return the least that tokens may cost as Han and kana, of which a byte and the next make one."""
    lengths = [len(run) for token in tokens for run in _RUN.findall(token)]
    inside = sum(len(_AFTER_LETTER.findall(token)) for token in tokens)
    return sum(-(-length // 2) * CJK_LETTER - length % 2 * _PLAIN for length in lengths) + inside * BORDER


@cache
def _surprises(misread: str, declared: str | None) -> int:
    return pack(_IMPOSSIBLE if true == misread else BIT * prior_cost(misread, true, declared) for true in SINGLE)


def warm_up() -> None:
    """Price the letters for all languages now (0.2 s)."""
    for language in (None, *range(len(bigram_models()["Latn"].languages))):
        prices_in(language)
    for misread in DECODED_AS_CHARSETS:
        _surprises(misread, None)
    maybe_utf8(["’é"])
