"""Folding: forms of a text for comparison.

Two texts are equal for a comparison if their folded forms are equal. The subject decides how much is ignored, so there
is one function per degree.

    fold_case                compatibility forms and case
    remove_latin_accents     the marks of Latin, Greek and Cyrillic letters
    fold_to_letters          everything but letters, digits and the marks of words: case, accents, punctuation, blanks
"""

from __future__ import annotations

import regex

from copydesk.transforms.unicode_form import normalize

_NOT_IN_WORDS = regex.compile(r"[^\p{L}\p{M}\p{N}]++")
_MARKS = regex.compile(r"\p{Mn}++")
_LATIN_ACCENTS = regex.compile("[\u0300-\u036f]++")


def fold_case(text: str) -> str:
    """Fold case and compatibility forms: NFKC, case folding, NFKC.

    >>> fold_case("Straße"), fold_case("Ａｎｎａ ﬁn")
    ('strasse', 'anna fin')
    """
    if text.isascii():
        return text.lower()
    return normalize("NFKC", normalize("NFKC", text).casefold())


def remove_latin_accents(text: str) -> str:
    """Decompose a text (NFKD) and remove U+0300 to U+036F. The vowel signs of other scripts stay.

    >>> remove_latin_accents("café"), remove_latin_accents("हिन्दी") == "हिन्दी"
    ('cafe', True)
    """
    return text if text.isascii() else _LATIN_ACCENTS.sub("", normalize("NFKD", text))


def fold_to_letters(text: str) -> str:
    """Fold a text to its letters and digits, without case and accents.

    >>> fold_to_letters("El País"), fold_to_letters("The Spokesman-Review")
    ('elpais', 'thespokesmanreview')
    """
    if text.isascii():
        return "".join(filter(str.isalnum, text.lower()))
    return _MARKS.sub("", normalize("NFKD", _NOT_IN_WORDS.sub("", normalize("NFKC", text).casefold())))
