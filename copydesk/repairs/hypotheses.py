"""Hypotheses: how a text may have been damaged, each with the text that would have been before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from copydesk.encoding.charsets import CODECS, prior_cost
from copydesk.langmodel.bigrams import BIT, bigram_models, normalize_word
from copydesk.langmodel.packed import unpack
from copydesk.langmodel.scripts import find_script
from copydesk.repairs.judge import Context
from copydesk.repairs.outlook import NEARLY_ALL, maybe_utf8, worth_hearing
from copydesk.repairs.prices import UNWANTED
from copydesk.repairs.weight import sign

Pair = tuple[str, str]

# Nor may it bring in invisible characters where no spelling has them: there the byte is a letter's in another charset.
_INVISIBLE = re.compile(
    "(?<=[^\\W\\d_])\xa0(?=[^\\W\\d_])|\u00ad|(?<![\u0600-\u0fff])[\u200b-\u200f\u2060\u202a-\u202e\ufeff]"
)
# Half-width kana, Han and Latin letters in one word are what any bytes become in Shift_JIS, and no word of Japanese.
_HALF_WIDTH, _HAN, _LATIN = (re.compile(letters) for letters in ("[\uff61-\uff9f]", "[\u4e00-\u9fff]", "[A-Za-z]"))
# UTF-8 as Java and Oracle once wrote it: a surrogate pair as two characters of three bytes.
_SURROGATE = re.compile(b"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf]")
_TYPOGRAPHIC = re.compile("[\u2013-\u2026\u20ac\u2122]")
UTF8 = ("utf-8", "cesu-8")
_ASCII = re.compile("[\x00-\x7f]+")
_BETWEEN_SCRIPTS = re.compile("[A-Za-z](?=[\u0370-\u1dff\u3040-\ufdff])|[\u0370-\u1dff\u3040-\ufdff](?=[A-Za-z])")

# Only so much of a token is looked at: a language without spaces may write a megabyte as one.
LONGEST = 512
_LONGEST_CHARACTER = 4
# So many are worth the judge's time, of each script that they would be in.
_MOST = 6
# So many characters in valid UTF-8 are no accident; fewer suffice where it was misread as it usually is.
_PROVING = 3
_PROVING_USUALLY = 2
USUAL = ("windows-1252", "iso-8859-1")


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A pair of charsets, what each token would have been (None where the pair does not fit), and its surprise.

    It is decisive when the bytes are UTF-8 throughout: hardly any others are by chance. It is proved when another field
    of the same article was damaged so, or when somebody says that the text was read in such an unusual charset.
    """

    pair: Pair
    readings: tuple[str | None, ...]
    surprise: int
    decisive: bool = False
    proved: bool = False


def hypotheses(
    tokens: Sequence[str], context: Context, most_surprise: float, declared: str | None = None
) -> list[Hypothesis]:
    """Return the likeliest readings of some tokens.

    If the bytes can be UTF-8 throughout, only such readings; otherwise those too that look best by their letters alone.

    Args:
        tokens: strings that hold characters beyond ASCII.
        context: what the text around them tells of the language.
        most_surprise: the surprise in bits beyond which none can win.
        declared: the charset that the text is said to have been decoded with.
    """
    as_utf8 = [
        _as_utf8(tokens, (misread, true), data, declared)
        for misread, data in _written_as(tokens, maybe_utf8(tokens)).items()
        for true in ("utf-8", *(["cesu-8"] if any(raw and _SURROGATE.search(raw) for raw in data) else []))
    ]
    found = [hypothesis for hypothesis in as_utf8 if _different(hypothesis.readings, tokens)]
    if any(hypothesis.decisive for hypothesis in found):
        return found
    rough: dict[tuple[str | None, ...], tuple[int, Pair]] = {}
    worth = worth_hearing(tokens, context, most_surprise, declared)
    for misread, data in _written_as(tokens, worth).items():
        if len(data) - data.count(None) < NEARLY_ALL * len(data):
            continue
        for true in worth[misread]:
            bits = prior_cost(misread, true, declared)
            readings = _readings(tokens, data, true)
            if not _different(readings, tokens):
                continue
            cost = bits * BIT + _rough_cost(tokens, readings, context)
            if readings not in rough or rough[readings][0] > cost:
                rough[readings] = (cost, (misread, true))
    heard: Counter[str | None] = Counter()
    for readings, (_, pair) in sorted(rough.items(), key=lambda item: item[1][0]):
        name = _main_script(readings)
        heard[name] += 1
        if heard[name] <= _MOST:
            told = pair[0] == declared and declared not in USUAL
            found.append(Hypothesis(pair, readings, prior_cost(*pair, declared), proved=told))
    return found


def _main_script(readings: Iterable[str | None]) -> str | None:
    """Name the script of most letters beyond ASCII."""
    scripts = Counter(find_script(character) for text in readings if text for character in beyond_ascii(text))
    del scripts[None]
    return max(scripts, key=scripts.__getitem__, default=None)


def reading(token: str, pair: Pair) -> str | None:
    """Return what a token would have been under a pair of charsets, or None if the pair does not fit it.

    >>> reading("Ïðèâåò", ("windows-1252", "windows-1251"))
    'Привет'
    """
    misread, true = pair
    raw = None if token.isascii() else _written(token, misread)
    return None if raw is None else _read(raw, true, token)


def beyond_ascii(text: str) -> str:
    """Return the characters of a text that are not ASCII."""
    return _ASCII.sub("", text)


_Bytes = tuple[bytes | None, ...]


def _written_as(tokens: Sequence[str], charsets: Iterable[str]) -> dict[str, _Bytes]:
    """Return the bytes of the tokens in each of the charsets that can write any, the same bytes but once."""
    found: dict[_Bytes, str] = {}
    whole = "\n".join(tokens)
    for misread in charsets:
        raw = _written(whole, misread)
        data = tuple(raw.split(b"\n")) if raw else tuple(_written(token, misread) for token in tokens)
        if any(data):
            found.setdefault(data, misread)
    return {misread: data for data, misread in found.items()}


def _written(token: str, charset: str) -> bytes | None:
    """Return the bytes that were misread as the token, or None if the charset can't have given it."""
    if "\ufffd" in token:
        return None
    try:
        raw = token.encode(CODECS[charset])
    except UnicodeEncodeError:
        return None
    # Nobody misreads text as the four-byte characters of GB 18030.
    return None if charset == "gbk" and len(raw) > len(token) + len(beyond_ascii(token)) else raw


def _as_utf8(tokens: Sequence[str], pair: Pair, data: _Bytes, declared: str | None) -> Hypothesis:
    misread, true = pair
    readings = _readings(tokens, data, true)
    characters = sum(_proofs(text) for text in readings if text is not None)
    enough = _PROVING_USUALLY if misread in USUAL else _PROVING
    decisive = None not in readings and characters >= enough
    return Hypothesis(pair, readings, prior_cost(misread, "utf-8", declared), decisive)


def _proofs(text: str) -> int:
    """Count the characters of a reading; what stood there for typography (`â€™`) no one writes, so it counts twice."""
    return len(beyond_ascii(text)) + len(_TYPOGRAPHIC.findall(text)) + _PROVING * ("\ufffd" in text)


def _readings(tokens: Sequence[str], data: _Bytes, true: str) -> tuple[str | None, ...]:
    whole = [raw for raw in data if raw is not None]
    if len(whole) == len(data):
        try:
            text = b"\n".join(whole).decode(CODECS[true])
        except UnicodeDecodeError:
            pass  # some of them may be readable one by one
        else:
            if not UNWANTED.search(text) and not _INVISIBLE.search(text) and not _HALF_WIDTH.search(text):
                return tuple(text.split("\n"))
    return tuple(None if raw is None else _read(raw, true, token) for raw, token in zip(data, tokens, strict=True))


def _read(raw: bytes, charset: str, token: str) -> str | None:
    """Return the text that the bytes are in a charset, or None if they are none that anyone would write."""
    try:
        text = raw.decode(CODECS[charset])
    except UnicodeDecodeError as error:
        if len(token) != LONGEST or error.start < len(raw) - _LONGEST_CHARACTER:
            return None
        text = raw[: error.start].decode(CODECS[charset])  # a long token was cut in the middle of a character
    if charset not in UTF8 and all(letters.search(text) for letters in (_HALF_WIDTH, _HAN, _LATIN)):
        return None
    if charset in UTF8 or text.isprintable():
        return text
    more = any(len(pattern.findall(text)) > len(pattern.findall(token)) for pattern in (UNWANTED, _INVISIBLE))
    return None if more else text


def _different(readings: Iterable[str | None], tokens: Iterable[str]) -> bool:
    return any(text is not None and text != token for text, token in zip(readings, tokens, strict=True))


def _rough_cost(tokens: Sequence[str], readings: Iterable[str | None], context: Context) -> int:
    """Return what the readings cost letter by letter: enough to tell which deserve a hearing."""
    text = " ".join(token if text is None else text for token, text in zip(tokens, readings, strict=True))
    total, lanes = len(_BETWEEN_SCRIPTS.findall(text)) * 8 * BIT, context.latin
    for character in beyond_ascii(text):
        cost, letter = _rough(character)
        total += cost
        lanes += letter
    return total + (min(unpack(lanes, len(bigram_models()["Latn"].languages))) if lanes else 0)


@cache
def _rough(character: str) -> tuple[int, int]:
    """Return what a character costs on its own: for a Latin letter the lanes of its languages, else a fixed amount."""
    name = find_script(character)
    if name is None:
        return sign(character), 0
    capital = 2 * BIT if character.isupper() else 0
    if name == "Latn":
        return capital, bigram_models()["Latn"].letter_costs(normalize_word(character))
    if name in ("Jpan", "Hang"):
        return 13 * BIT, 0
    known = bigram_models().get(name)
    if known is None:
        return 8 * BIT + capital, 0
    return capital + min(unpack(known.letter_costs(normalize_word(character)[:1]), len(known.languages))), 0
