"""The likelihood of encodings: the cost of the decoded text in each, by the language model.

    bytes -> sample of the words with bytes beyond ASCII -> text in each encoding -> bits -> encoding and confidence

The cost is that of the letters in the best language, plus a penalty for each invalid byte, plus a prior cost: most old
text is in a charset of the web. The detector's own choice has a lower cost. `tests/unit/test_encoding.py` tests the
sensitivity to the constants, which were measured on sentences in many languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copydesk.langmodel.model import LATIN, UNITS_PER_BIT, code_points, load_model, token_starts

# Beyond that, only words with bytes that the others do not have are added.
_SAMPLE_BYTES = 600
_MAX_WORD_BYTES = 400
_MAX_LATER_WORD_BYTES = 32
# The first words rule out most encodings: wrong ones cost hundreds of bits more.
_FIRST_BYTES = 120
_MAX_EXCESS_BITS = 80.0
_INVALID_BYTE_BITS = 26.0
_CUT_CHARACTER_BITS = 14.0
# Some letters of another script in a text in Latin script.
_INSERTED_LETTERS_BITS = 10.0
_DETECTOR_BITS = 10.0
# The bits that double the odds: letters are not independent, so the costs exaggerate.
_TEMPERATURE = 4.0
_MAX_CONFIDENCE = 0.99
_INVALID = "\ufffd"
# A noncharacter that stands for a character that is cut off.
_CUT = "\ufdd0"
_CUT_CHARACTER = re.compile(rf"{_INVALID}\Z")
_NOT_SCORED = re.compile(rf"[{_INVALID}\x00{_CUT}]+")
_TAG = re.compile(rb"</?[A-Za-z][^<>]*>")
# ASCII signs that are never the second byte of a character, except `:;<=>?` in Johab.
_SIGNS = bytes((*range(0x30), *b":;<=>?"))
_SEPARATORS = bytes.maketrans(_SIGNS, b" " * len(_SIGNS))


@dataclass(frozen=True, slots=True)
class Estimate:
    """The most likely encoding.

    Attributes:
        name: the encoding.
        confidence: the probability that the text is the right one.
    """

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Sample:
    """Words of a text, as bytes.

    Attributes:
        whole: whole words.
        cut: words that may end within a character.
    """

    whole: bytes
    cut: tuple[bytes, ...] = ()

    @classmethod
    def of_words(cls, data: bytes) -> Sample:
        """Choose words with bytes beyond ASCII, and the ASCII words next to them, which show the language."""
        text = _TAG.sub(b" ", data)
        words = (data if text.isascii() else text).translate(_SEPARATORS).split()
        chosen: dict[bytes, None] = {}
        cut: dict[bytes, None] = {}
        seen: set[int] = set()
        size = 0
        for i, word in enumerate(words):
            if word.isascii() or word in chosen:
                continue
            part = word[: _MAX_WORD_BYTES if size < _SAMPLE_BYTES else _MAX_LATER_WORD_BYTES]
            if size >= _SAMPLE_BYTES and seen.issuperset(part):
                continue
            seen.update(part)
            size += len(part)
            is_cut = len(part) < len(word) or (i == len(words) - 1 and data.endswith(word))
            (cut if is_cut else chosen)[part] = None
            for neighbour in (*words[max(0, i - 1) : i], *words[i + 1 : i + 2]):
                if neighbour.isalpha() and neighbour.isascii():
                    chosen[neighbour] = None
        return cls(b" ".join(chosen), tuple(cut))

    def first_words(self) -> Sample:
        """Return the first whole words, or the sample itself if it is short."""
        end = self.whole.rfind(b" ", 0, _FIRST_BYTES)
        return Sample(self.whole[:end]) if end > 0 and len(self.whole) > 2 * _FIRST_BYTES else self

    def decode(self, codec: str) -> str:
        """Decode the sample. Invalid bytes become U+FFFD, an incomplete character at the end of a word U+FDD0."""
        cut = (_CUT_CHARACTER.sub(_CUT, word.decode(codec, "replace")) for word in self.cut)
        return " ".join((self.whole.decode(codec, "replace"), *cut))


def cost_bits(texts: Sequence[str]) -> list[float]:
    """Return the cost of each text in its best language, with a penalty for each U+FFFD and NUL, in bits.

    >>> right, wrong = cost_bits(["Größe der Brücke", "Gr\u0446\u044fe der Br\u044ccke"])
    >>> right < wrong
    True
    """
    model = load_model()
    shown = [unicodedata.normalize("NFC", _NOT_SCORED.sub("", text)).replace("\n", " ") for text in texts]
    codes = code_points("\n".join(text or " " for text in shown))
    costs = model.token_costs(codes, token_starts(codes))
    totals = costs.fixed.astype(np.float64)
    other_letters = np.zeros(len(texts), np.int32)
    for script, by_language in costs.by_script.items():
        totals += by_language.min(1)
        other_letters += 0 if script == LATIN else costs.letters[script]
    is_inserted = (other_letters > 0) & (other_letters < costs.letters.get(LATIN, 0))
    lost = np.array([text.count(_INVALID) + text.count("\x00") for text in texts])
    penalties = _INVALID_BYTE_BITS * lost + np.array(list(map(_cut_bits, texts))) + _INSERTED_LETTERS_BITS * is_inserted
    bits: list[float] = (totals / UNITS_PER_BIT + penalties).tolist()
    return bits


def _cut_bits(text: str) -> float:
    """Return the penalty for characters that are cut off. Without a complete one, they are invalid bytes."""
    count = text.count(_CUT)
    is_only = count > 0 and text.replace(_CUT, "").isascii()
    return count * (_INVALID_BYTE_BITS if is_only else _CUT_CHARACTER_BITS)


def most_likely(sample: Sample, candidates: Sequence[tuple[str, str, float]], favourite: str | None = None) -> Estimate:
    """Return the most likely encoding of a sample. Of those with the same text, the first one stands for all.

    Args:
        sample: the sample.
        candidates: the name of each encoding, its codec, and its prior cost in bits; at least one.
        favourite: the choice of the detector.
    """
    candidates = [(name, codec, bits - _DETECTOR_BITS * (name == favourite)) for name, codec, bits in candidates]
    first = sample.first_words()
    if first is not sample:
        _, totals = _total_bits(first, candidates)
        max_bits = min(totals) + _MAX_EXCESS_BITS
        candidates = [candidate for candidate, bits in zip(candidates, totals, strict=True) if bits <= max_bits]
    texts, totals = _total_bits(sample, candidates)
    by_text: dict[str, float] = {}
    for text, bits in zip(texts, totals, strict=True):
        by_text[text] = min(bits, by_text.get(text, bits))
    best = min(by_text, key=by_text.__getitem__)
    confidence = 1.0 / sum(2 ** ((by_text[best] - bits) / _TEMPERATURE) for bits in by_text.values())
    return Estimate(candidates[texts.index(best)][0], round(min(confidence, _MAX_CONFIDENCE), 3))


def _total_bits(sample: Sample, candidates: Sequence[tuple[str, str, float]]) -> tuple[list[str], list[float]]:
    """Return the text in each encoding, and its cost with the prior."""
    texts = [sample.decode(codec) for _, codec, _ in candidates]
    distinct = tuple(dict.fromkeys(texts))
    bits = dict(zip(distinct, cost_bits(distinct), strict=True))
    return texts, [prior + bits[text] for (_, _, prior), text in zip(candidates, texts, strict=True)]
