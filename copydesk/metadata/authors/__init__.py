"""The authors of an article: the names out of bylines such as `By Tom Krisher and ANNA BELL, AP Auto Writer`.

Bylines are split, and freed of “by” in some forty languages, of offices, agencies, dates, addresses and buttons of the
page; names in capitals or in lower case are set right; whoever is named twice is named once.

Two dangers: to lose an author, and to damage a name. `Guardian staff reporter` is all that some papers tell, so desks
and offices go only where a person is named beside them, and a string that names somebody never becomes nothing.
And names hold the very words of bylines: `von der Leyen`, `Ortega y Gasset`, `Anna Press`, `Byron`. A “von” goes only
before two words or a known given name, a “y” divides only two full names, and `Bell, Anna` is turned round only if
`Anna` is a given name and `Bell` none. An unknown name comes back as it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from copydesk.metadata.authors import byline_dates, naming, splits
from copydesk.metadata.authors.pieces import Rank, is_nameless, lead, rank, tail
from copydesk.metadata.authors.words import fold, kinds

_PASSES = 6
_LOOK = 14
_PLAIN = regex.compile(
    r"\p{Lu}[\p{Ll}\p{M}]++(?:[-’'](?:\p{Lu}[\p{Ll}\p{M}]++))?+"
    r"(?: (?:\p{Lu}\.|(?:(?:O|D)[’'])?(?:Mc|Mac)?\p{Lu}[\p{Ll}\p{M}]++(?:-\p{Lu}[\p{Ll}\p{M}]++)?+)){1,3}+"
)
_LONGEST_KEPT = 200
_HUMBLE = frozenset({"given", "soft", "joined", "told", "degree", "dated"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name, and the index of the raw string that it is from."""

    text: str
    source: int


@dataclass(frozen=True, slots=True)
class _Author:
    """A candidate: a name, the string it is from, what it is, and whether its case was set right."""

    text: str
    source: int
    rank: Rank
    recased: bool = False


def parse(raws: Sequence[str], *, turkish: bool = False) -> tuple[Name, ...]:
    """Return the people that bylines name; if they name none, the desk or office; in order.

    Args:
        raws: the strings of the field `authors`, each a single line of tidy white space.
        turkish: whether an I without a dot stays without one: the article is in Turkish or Azerbaijani.

    >>> [name.text for name in parse(["By Tom Krisher and ANNA BELL, AP Auto Writer"])]
    ['Tom Krisher', 'Anna Bell']
    >>> [name.text for name in parse(["Guardian staff reporter"])], parse(["19.11.2019"])
    (['Guardian staff reporter'], ())
    """
    names, before = _read(enumerate(raws), turkish=turkish), list(raws)
    for _ in range(_PASSES):
        spelt = [name.text for name in names]
        if spelt == before or all(map(_is_plain, spelt)):
            break
        names, before = _read(((name.source, name.text) for name in names), turkish=turkish), spelt
    return names


def _read(raws: Iterable[tuple[int, str]], *, turkish: bool) -> tuple[Name, ...]:
    authors = [replace(author, source=source) for source, raw in raws for author in _known(raw, turkish=turkish)]
    best = min((author.rank for author in authors), default=Rank.NOTHING)
    return _once([author for author in authors if author.rank is best])


def _once(authors: list[_Author]) -> tuple[Name, ...]:
    """Name each author once, in the spelling that has its own case rather than one we set."""
    found: dict[str, _Author] = {}
    for author in authors:
        key = _key(author.text)
        if key not in found or (found[key].recased and not author.recased):
            found[key] = author
    return tuple(Name(author.text, author.source) for author in found.values())


def _key(name: str) -> str:
    """Fold a name for comparing: `BELL, Anna` and `Anna Bell` are one."""
    family, comma, given = name.partition(", ")
    turned = f"{given} {family}" if comma and "," not in given else name
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", turned).casefold())


def _is_plain(raw: str) -> bool:
    """Whether a string is a name and nothing else, as most are: some words with capitals, none of them a byline's."""
    return _PLAIN.fullmatch(raw) is not None and all(kinds(fold(word)) <= _HUMBLE for word in raw.split(" "))


def _known(raw: str, *, turkish: bool) -> tuple[_Author, ...]:
    """Return the candidates of one string. The same few hundred bylines stand over all articles of a site."""
    return (_read_before if len(raw) <= _LONGEST_KEPT else _authors)(raw, turkish=turkish)


def _authors(raw: str, *, turkish: bool) -> tuple[_Author, ...]:
    """Return the candidates of one string, as if it were the first."""
    if _is_plain(raw):
        return (_Author(raw, 0, Rank.PERSON),)
    text, handles = splits.without_addresses(raw)
    found: list[_Author] = []
    for stretch in byline_dates.between_dates(splits.without_brackets(text)):
        if not any(author.rank is Rank.PERSON for author in found) or fold(stretch.partition(" ")[0]) == "by":
            found += _of_stretch(stretch, turkish=turkish)
    if not found:
        found = [_Author(handle, 0, Rank.HANDLE) for handle in handles]
    return tuple(found)


_read_before = lru_cache(1 << 11)(_authors)


def _of_stretch(stretch: str, *, turkish: bool) -> list[_Author]:
    """Read what stands before, between or behind dates."""
    found: list[_Author] = []
    carried: str | None = None
    for piece in splits.pieces(stretch):
        led = lead(piece.words)
        credit = led.credit or carried
        carried = None if led.words else led.credit
        for words in splits.joined(led.words):
            inner = lead(words)
            author = _author(inner.words, inner.credit or credit, turkish=turkish)
            if author and not (piece.loose and _is_place(author, found)):
                found.append(author)
    return found


def _is_place(author: _Author, before: list[_Author]) -> bool:
    """Whether what stands behind a comma is no author: one word behind full names, or any behind an agency."""
    if not before or author.rank is not Rank.PERSON:
        return False
    if all(other.rank is Rank.DESK for other in before):
        return "given" not in kinds(fold(author.text.partition(" ")[0]))
    return " " not in author.text and all(" " in other.text or other.rank is not Rank.PERSON for other in before)


def _author(words: list[str], credit: str | None, *, turkish: bool) -> _Author | None:
    if splits.PHOTO_SIGN in words:
        words, credit = [word for word in words if word != splits.PHOTO_SIGN], "photo"
    if not words or is_nameless(words):
        return None
    words = splits.trimmed(tail(_undoubled(words)))
    what = rank(words) if words else Rank.NOTHING
    if what is Rank.NOTHING:
        return None
    text = " ".join(words)
    if what is not Rank.PERSON:
        return _Author(text, 0, what)
    name = naming.cased(text, turkish=turkish)
    return _Author(name, 0, Rank.PHOTOGRAPHER if credit == "photo" else what, recased=name != text)


def _undoubled(words: list[str]) -> list[str]:
    """Cut `Anna Bell Follow Anna Bell is a writer` where the first two words come again."""
    for at in range(2, min(len(words) - 1, _LOOK)):
        if words[at] == words[0] and words[at + 1] == words[1]:
            return words[:at]
    return words
