"""The vocabulary of bylines: words for “by”, job titles, desks, agencies, labels of the page.

`bylines.txt` has the phrases by kind. They are looked up folded, the longest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import regex

from copydesk.tables import read_rows

# Particles inside names.
PARTICLES = frozenset(
    "van von der den de del des da das do dos du las los ter ten te zu zum zur af av y und bin ibn bint vom dei degli "
    "фон дер ван де".split()
)
ARTICLES = frozenset("the der die das le la les el los il o".split())

_EDGE_CHARS = "+.,;:!?\"“”„«»…*()[]'’‘：，"
_MAX_PHRASE_WORDS = 8
_ORGANIZATION_KINDS = frozenset({"role", "modifier", "desk", "paper", "agency", "degree"})
_DESK = frozenset({"desk"})
_MAX_NAME_WORDS = 6
# Words in any case: beyond this number, they are a phrase even without a word in lower case.
_MAX_CAPITALIZED_WORDS = 8
_MAX_LOWERCASE_WORDS = 4
# A letter in lower case.
LOWERCASE = regex.compile(r"\p{Ll}")
_DOMAINS = frozenset("com org net de uk at ch pl fr it es tv ru ua news info".split())

_NO_KINDS: frozenset[str] = frozenset()


def fold_word(word: str) -> str:
    """Fold a word for a lookup: case folding, no punctuation at its edges.

    >>> fold_word("Editor,")
    'editor'
    """
    return word.casefold().strip(_EDGE_CHARS)


def kinds_of(phrase: str) -> frozenset[str]:
    """Return the kinds of a folded word or phrase.

    >>> sorted(kinds_of("autor"))
    ['credit', 'role']
    """
    return _phrase_kinds().get(phrase, _NO_KINDS)


def is_role(folded: str) -> bool:
    """Return whether a folded word is a job title, or a compound with one.

    >>> is_role("reporter"), is_role("radio-reporter"), is_role("bell-smith")
    (True, True, False)
    """
    return "role" in kinds_of(folded) or "role" in kinds_of(folded.rpartition("-")[2])


def longest_phrase(folded: Sequence[str], start: int, kinds: frozenset[str]) -> int:
    """Return the length in words of the longest phrase of some kinds at an index, or 0.

    >>> longest_phrase(["the", "associated", "press", "says"], 0, frozenset({"agency"}))
    3
    """
    table = _phrase_kinds()
    for size in _phrase_sizes().get(folded[start], ()):
        if start + size <= len(folded) and kinds & table.get(" ".join(folded[start : start + size]), _NO_KINDS):
            return size
    return 0


def longest_suffix(folded: Sequence[str], kinds: frozenset[str]) -> int:
    """Return the length in words of the longest phrase of some kinds at the end, or 0."""
    table = _phrase_kinds()
    for size in range(min(_MAX_PHRASE_WORDS, len(folded)), 0, -1):
        if kinds & table.get(" ".join(folded[-size:]), _NO_KINDS):
            return size
    return 0


def consists_of(folded: Sequence[str], kinds: frozenset[str]) -> bool:
    """Return whether words are a sequence of phrases of some kinds."""
    i = 0
    while i < len(folded):
        size = longest_phrase(folded, i, kinds) if folded[i] else 1
        if not size:
            return False
        i += size
    return True


def is_organization(words: list[str], folded: list[str]) -> bool:
    """Return whether words certainly name a desk, an agency or a company."""
    has_determiner = folded[0] in ("the", "our") and len(words) > 1
    if "agency" in kinds_of(" ".join(folded)) or _is_domain(words[-1]) or has_determiner:
        return True
    if _has_desk_word(folded) or longest_suffix(folded, _DESK):
        return True
    return not any(map(is_role, folded)) and _is_paper(folded)


def _has_desk_word(folded: list[str]) -> bool:
    """Return whether a word names a desk. A word that is also a job title counts only at the end."""
    last = len(folded) - 1
    return any(
        "desk" in kinds_of(word) and (i == last or "role" not in kinds_of(word)) for i, word in enumerate(folded)
    )


def _is_paper(folded: list[str]) -> bool:
    """Return whether words name a paper. The words of its name may also be surnames."""
    if not any(kinds_of(word) & {"paper", "agency"} for word in folded) or "given_name" in kinds_of(folded[0]):
        return False
    return len(folded) > 2 or folded[0] in ARTICLES or consists_of(folded, _ORGANIZATION_KINDS)


def _is_domain(word: str) -> bool:
    name, dot, top_level = word.rpartition(".")
    return bool(name and dot) and top_level.casefold() in _DOMAINS


def is_phrase(words: list[str], min_lowercase: int = 2) -> bool:
    """Return whether words are a phrase instead of a name: too many, or too many in lower case.

    Args:
        words: the words.
        min_lowercase: the number of words in lower case, except particles, that make a phrase.
    """
    lowercase = sum(
        bool(LOWERCASE.match(word)) and fold_word(word) not in PARTICLES and word[1:2] not in "’'-" for word in words
    )
    if len(words) > _MAX_NAME_WORDS and (lowercase or len(words) > _MAX_CAPITALIZED_WORDS):
        return True
    return words[-1][-1:] in "!?" or lowercase > _MAX_LOWERCASE_WORDS or min_lowercase <= lowercase < len(words)


@cache
def _phrase_kinds() -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for kind, phrase in read_rows("copydesk.metadata.authors", "bylines.txt"):
        kinds.setdefault(" ".join(map(fold_word, phrase.split())), set()).add(kind)
    return {phrase: frozenset(names) for phrase, names in kinds.items()}


@cache
def _phrase_sizes() -> dict[str, tuple[int, ...]]:
    """Return the lengths in words of the phrases that start with a word, longest first."""
    sizes: dict[str, set[int]] = {}
    for phrase in _phrase_kinds():
        words = phrase.split(" ")
        sizes.setdefault(words[0], set()).add(len(words))
    return {word: tuple(sorted(lengths, reverse=True)) for word, lengths in sizes.items()}
