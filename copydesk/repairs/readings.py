"""Readings: what tokens become if they were decoded as the wrong charset.

A candidate names the charset that the text was decoded as and the actual one. Text that was damaged several times has
one pair for each time. A reading is None where the candidate cannot have shown the token.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from copydesk.article import Plan
from copydesk.cache import character_cache
from copydesk.encoding.charsets import CODECS
from copydesk.langmodel.model import NEWLINE, Booleans, Codes, Integers, code_points, token_starts
from copydesk.repairs.byte_tables import INDEX, UNWRITTEN, WESTERN, byte_tables
from copydesk.transforms.characters import CESU8_PAIR

_ELIDED = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]{1,2}’[^\W\d_]{2,}|[^\W\d_]{2,}’[^\W\d_]{1,2}(?![^\W\d_]))")
UTF8 = "utf-8"
# The number of bytes of an incomplete character.
_MAX_PENDING = 3
Reading = str | None

_C1 = {code: bytes([code]).decode("sloppy-windows-1252") for code in range(0x80, 0xA0)}
# A vowel sign or an accent of Hebrew or Arabic that does not follow a letter of its script.
_STRAY_MARK = re.compile("(?<![\u0590-\u08ff])[\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")
_C1_CHARACTERS = re.compile("[\x80-\x9f]")
# The characters beyond ASCII that no text has, and those that no legacy charset has.
_UNWRITTEN = re.compile(
    f"[{''.join(f'{chr(max(a, 0x80))}-{chr(b - 1)}' for a, b in UNWRITTEN if b > 0x80)}\U00010000-\U0010ffff]"
)
# PDF files write these for letters.
LIGATURES = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
_SCORED = str.maketrans({chr(code): shown for code, shown in _C1.items()} | LIGATURES | {"\n": " "})
_NOT_SCORED = re.compile("[\n\x80-\x9f\ufb00-\ufb04]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An explanation of damage.

    Attributes:
        decoded_as: the charset that the text was decoded as.
        actual: the actual charset.
        prior: −log₂ of its probability, in bits.
        again: if the result was damaged before, the charsets that it was decoded as; the actual one was UTF-8.
    """

    decoded_as: str
    actual: str
    prior: float
    again: tuple[str, ...] = ()

    @property
    def is_utf8(self) -> bool:
        """Whether the actual charset is UTF-8."""
        return self.actual == UTF8

    @property
    def plan(self) -> Plan:
        """The steps that undo the damage."""
        return _plan(self.decoded_as, self.actual, self.again)

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What identifies the candidate, without its prior."""
        return self.decoded_as, self.actual, self.again


@character_cache
def _plan(decoded_as: str, actual: str, again: tuple[str, ...]) -> Plan:
    pairs = [(decoded_as, actual), *((charset, UTF8) for charset in again)]
    return tuple(step for one, other in pairs for step in (("encode", one), ("decode", other)))


@dataclass(frozen=True, eq=False)
class Tokens:
    """Tokens, also joined by newlines as code points."""

    texts: tuple[str, ...]
    codes: Codes
    starts: Integers
    max_chars: int | None = None
    _encoded: dict[str, tuple[bytes, list[bool]]] = field(default_factory=dict)
    _encoded_each: dict[str, list[bytes | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Sequence[str], max_chars: int | None = None) -> Tokens:
        """Join tokens. None of them may have a newline.

        Args:
            texts: the tokens.
            max_chars: the length to cut tokens to, for samples. The last character of their readings may be missing.
        """
        texts = [text[:max_chars] for text in texts] if max_chars else texts
        codes = code_points("\n".join(texts))
        return cls(tuple(texts), codes, token_starts(codes), max_chars)

    def is_cut(self, token: str) -> bool:
        """Return whether a token was cut."""
        return len(token) == self.max_chars

    def encode(self, charset: str) -> tuple[bytes, list[bool]]:
        """Return the bytes of the tokens in a single-byte charset, and which tokens have a character that it lacks."""
        if charset not in self._encoded:
            is_high = self.codes > 0x7F
            shown = byte_tables().to_byte[INDEX[charset]].take(self.codes)
            encoded = np.where(is_high, shown, self.codes.astype(np.uint8))
            lacks = np.add.reduceat(is_high & (shown == 0), self.starts) > 0
            self._encoded[charset] = encoded.tobytes(), lacks.tolist()
        return self._encoded[charset]

    def encode_each(self, charset: str) -> list[bytes | None]:
        """Return the bytes of each token in a multibyte charset; None for those that are not in it."""
        if charset not in self._encoded_each:
            self._encoded_each[charset] = [_encode_token(text, charset) for text in self.texts]
        return self._encoded_each[charset]


def read_tokens(tokens: Tokens, candidate: Candidate) -> list[Reading]:
    """Return the readings of tokens under a candidate, in NFC.

    >>> read_tokens(Tokens.of(["Ïðèâåò", "Ж"]), Candidate("windows-1252", "windows-1251", 3))
    ['Привет', None]
    """
    if candidate.again:
        first = Candidate(candidate.decoded_as, candidate.actual, 0, candidate.again[:-1])
        readings = read_tokens(tokens, first)
        return read_again(tokens, readings, candidate.again[-1])
    if _is_single_byte(candidate):
        return _read_single_byte(tokens, [candidate])[0]
    if candidate.decoded_as in INDEX:
        return _read_bytes(tokens, candidate)
    return [
        _read_token(data, candidate, is_cut=tokens.is_cut(token))
        for token, data in zip(tokens.texts, tokens.encode_each(candidate.decoded_as), strict=True)
    ]


def read_candidates(tokens: Tokens, candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, Sequence[Reading]]]:
    """Yield each of several candidates with the readings of tokens under it."""
    single = list(filter(_is_single_byte, candidates))
    known = iter(_read_single_byte(tokens, single)) if single else iter(())
    for candidate in candidates:
        yield candidate, next(known) if _is_single_byte(candidate) else read_tokens(tokens, candidate)


def _is_single_byte(candidate: Candidate) -> bool:
    return candidate.decoded_as in INDEX and candidate.actual in INDEX


def _read_single_byte(tokens: Tokens, candidates: Sequence[Candidate]) -> list[list[Reading]]:
    """Return the readings of tokens under several pairs of single-byte charsets, in one pass."""
    tables, codes = byte_tables(), tokens.codes
    decoded_as = np.array([INDEX[candidate.decoded_as] for candidate in candidates])
    actual = np.array([INDEX[candidate.actual] for candidate in candidates])
    is_high = codes > 0x7F
    encoded = tables.to_byte[decoded_as[:, None], codes]
    decoded = np.where(is_high, tables.from_byte[actual[:, None], encoded], codes)
    is_bad: Booleans = is_high & ((encoded == 0) | (tables.is_unwritten.take(decoded) & (decoded != codes)))
    unread: Booleans = np.add.reduceat(is_bad, tokens.starts, axis=1) > 0
    lines = np.full((len(candidates), len(codes) + 1), NEWLINE, "<u4")
    lines[:, :-1] = decoded
    texts: list[Reading] = list(_nfc(lines.tobytes().decode("utf-32-le", "surrogatepass")).split("\n"))
    for i in np.flatnonzero(unread).tolist():
        texts[i] = None
    count = len(tokens.texts)
    return [texts[i * count : (i + 1) * count] for i in range(len(candidates))]


def read_again(tokens: Tokens, readings: Sequence[Reading], charset: str) -> list[Reading]:
    """Return readings after another reading of UTF-8 that was decoded as a charset. Those without one stay."""
    candidate = Candidate(charset, UTF8, 0)
    some = [i for i, reading in enumerate(readings) if reading is not None and not reading.isascii()]
    results = list(readings)
    if some:
        again = read_tokens(Tokens.of([readings[i] or "" for i in some]), candidate)
        for place, i in enumerate(some):
            if again[place] is None and tokens.is_cut(tokens.texts[i]):
                again[place] = _read_start(readings[i] or "", candidate)
        for i, reading in zip(some, again, strict=True):
            results[i] = reading if reading is not None else results[i]
    return results


def _read_start(token: str, candidate: Candidate) -> Reading:
    """Read a token. Its last character may be incomplete."""
    starts = (token[:-count] for count in range(1, _MAX_PENDING + 1))
    return next((text for start in starts if (text := read_tokens(Tokens.of([start]), candidate)[0])), None)


def _read_bytes(tokens: Tokens, candidate: Candidate) -> list[Reading]:
    """Encode tokens by a single-byte charset, and decode the bytes."""
    data, unread = tokens.encode(candidate.decoded_as)
    codec = CODECS[candidate.actual]
    if not any(unread):
        try:
            texts = data.decode(codec).split("\n")
        except UnicodeDecodeError:
            pass
        else:
            if len(texts) == len(tokens.texts):
                return [_accept(text, candidate.actual) for text in texts]
    pieces = data.split(bytes([NEWLINE]))
    return [
        None if flag else _decode(piece, codec, candidate.actual, is_cut=len(token) == tokens.max_chars)
        for flag, piece, token in zip(unread, pieces, tokens.texts, strict=True)
    ]


def _decode(data: bytes, codec: str, actual: str, *, is_cut: bool) -> Reading:
    try:
        return _accept(_decode_start(data, codec) if is_cut else data.decode(codec), actual)
    except UnicodeDecodeError:
        if actual == UTF8 and CESU8_PAIR.search(data):
            return _accept_cesu8(data)
        return None


def _decode_start(data: bytes, codec: str) -> str:
    """Decode bytes. The last character may be incomplete."""
    decoder = codecs.lookup(codec).incrementaldecoder
    return decoder().decode(data) if decoder else data.decode(codec)


def _accept_cesu8(data: bytes) -> Reading:
    try:
        return data.decode("utf-8-variants")
    except UnicodeDecodeError:
        return None


def _read_token(data: bytes | None, candidate: Candidate, *, is_cut: bool) -> Reading:
    """Read a token that was decoded as a multibyte charset."""
    if data is None:
        return None
    codec = CODECS[candidate.actual]
    try:
        return _accept(_decode_start(data, codec) if is_cut else data.decode(codec), candidate.actual)
    except UnicodeError:
        return None


def _encode_token(token: str, charset: str) -> bytes | None:
    """Return the bytes of a token in a multibyte charset, or None if it is ASCII or has other characters."""
    if token.isascii():
        return None
    try:
        data = token.encode(CODECS[charset])
    except UnicodeError:
        return None
    # GBK does not have the sequences of four bytes of GB 18030.
    return None if charset == "gbk" and len(data) > 2 * len(token) else data


def _accept(text: str, actual: str) -> Reading:
    """Return a reading in NFC, or None if it has characters that no text has."""
    if text.isascii():
        return text
    if actual == UTF8:
        return None if _STRAY_MARK.search(text) else _nfc(text)
    return None if _UNWRITTEN.search(text) else _nfc(text)


def _nfc(text: str) -> str:
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def show_scored(texts: Sequence[str]) -> list[str]:
    """Return readings as they are scored: in one line, with their C1 controls shown and with ligatures as letters."""
    if not _NOT_SCORED.search("".join(texts)):
        return list(texts)
    return [text.translate(_SCORED) for text in texts]


def is_elided(text: str) -> bool:
    """Return whether a reading has an apostrophe and at most two letters on one side of it, as in `don’t`, `l’eau`."""
    return "’" in text and bool(_ELIDED.search(text))


def show_c1(text: str) -> str:
    """Return a text with the C1 controls that windows-1252 shows as characters."""
    return text.translate(_C1) if _C1_CHARACTERS.search(text) else text


__all__ = [
    "LIGATURES",
    "UTF8",
    "WESTERN",
    "Candidate",
    "Reading",
    "Tokens",
    "is_elided",
    "read_again",
    "read_candidates",
    "read_tokens",
    "show_c1",
    "show_scored",
]
