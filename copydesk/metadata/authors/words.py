"""The words of bylines: which of them mean “by”, an office, a desk, an agency, or only a button of the page.

`bylines.txt` has them, folded and by kind. A phrase is looked up by its words, the longest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import regex

_EDGES = "+.,;:!?\"“”„«»…*()[]'’‘：，"
_LONGEST_PHRASE = 8
# What stands small within names.
PARTICLES = frozenset(
    "van von der den de del des da das do dos du las los ter ten te zu zum zur af av y und bin ibn bint vom dei degli "
    "фон дер ван де".split()
)
ARTICLES = frozenset("the der die das le la les el los il o".split())
_OFFICE = frozenset({"role", "modifier", "desk", "paper", "agency", "degree"})
_MOST_WORDS = 6
_SMALL = regex.compile(r"\p{Ll}")
_DOMAINS = frozenset("com org net de uk at ch pl fr it es tv ru ua news info".split())

_NONE: frozenset[str] = frozenset()


def fold(word: str) -> str:
    """Fold a word for looking it up: without case and the punctuation around it.

    >>> fold("Editor,")
    'editor'
    """
    return word.casefold().strip(_EDGES)


def kinds(phrase: str) -> frozenset[str]:
    """Return the kinds that a folded word or phrase has in the table.

    >>> sorted(kinds("autor"))
    ['credit', 'role']
    """
    return _table().get(phrase, _NONE)


def longest(folded: Sequence[str], at: int, wanted: frozenset[str]) -> int:
    """Return how many words from an offset on make the longest phrase of one of the kinds; 0 if none does.

    >>> longest(["the", "associated", "press", "says"], 0, frozenset({"agency"}))
    3
    """
    table = _table()
    for size in _sizes().get(folded[at], ()):
        if at + size <= len(folded) and wanted & table.get(" ".join(folded[at : at + size]), _NONE):
            return size
    return 0


def ending(folded: Sequence[str], wanted: frozenset[str]) -> int:
    """Return how many of the last words make the longest phrase of one of the kinds; 0 if none does."""
    table = _table()
    for size in range(min(_LONGEST_PHRASE, len(folded)), 0, -1):
        if wanted & table.get(" ".join(folded[-size:]), _NONE):
            return size
    return 0


def made_of(folded: Sequence[str], wanted: frozenset[str]) -> bool:
    """Whether phrases of some kinds, one behind the other, make the whole."""
    at = 0
    while at < len(folded):
        size = 1 if not folded[at] else longest(folded, at, wanted)
        if not size:
            return False
        at += size
    return True


def is_desk(words: list[str], folded: list[str]) -> bool:
    """Whether words surely name a desk, an agency or a firm."""
    whole = " ".join(folded)
    if "agency" in kinds(whole) or _is_domain(words[-1]) or (folded[0] in ("the", "our") and len(words) > 1):
        return True
    if any("desk" in kinds(word) and (last or "role" not in kinds(word)) for word, last in _with_last(folded)):
        return True
    if ending(folded, frozenset({"desk"})):
        return True
    if any("role" in kinds(word) for word in folded):
        return False
    papers = sum(bool(kinds(word) & {"paper", "agency"}) for word in folded)
    return (
        papers > 0 and (len(words) > 2 or folded[0] in ARTICLES or made_of(folded, _OFFICE)) and not _is_given(folded)
    )


def _with_last(folded: list[str]) -> list[tuple[str, bool]]:
    return [(word, at == len(folded) - 1) for at, word in enumerate(folded)]


def _is_given(folded: list[str]) -> bool:
    return "given" in kinds(folded[0])


def _is_domain(word: str) -> bool:
    name, dot, top = word.rpartition(".")
    return bool(name and dot) and top.casefold() in _DOMAINS


def is_text(words: list[str], least: int = 2) -> bool:
    """Whether words are a phrase rather than a name: too many, or several in lower case that no name holds."""
    small = [word for word in words if _SMALL.match(word) and fold(word) not in PARTICLES and word[1:2] not in "’'-"]
    if len(words) > _MOST_WORDS and (small or len(words) > 8):
        return True
    return words[-1][-1:] in "!?" or len(small) > 4 or least <= len(small) < len(words)


@cache
def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in files("copydesk.metadata.authors").joinpath("bylines.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, phrase = line.split("\t")
            found.setdefault(" ".join(map(fold, phrase.split())), set()).add(kind)
    return {phrase: frozenset(kinds) for phrase, kinds in found.items()}


@cache
def _sizes() -> dict[str, tuple[int, ...]]:
    """Return the numbers of words of the phrases that begin with a word, most first."""
    found: dict[str, set[int]] = {}
    for phrase in _table():
        spelt = phrase.split(" ")
        found.setdefault(spelt[0], set()).add(len(spelt))
    return {word: tuple(sorted(sizes, reverse=True)) for word, sizes in found.items()}
