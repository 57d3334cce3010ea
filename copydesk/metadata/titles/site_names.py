"""Whether a few words name a site: its name, its host, or the way that hosts abbreviate names.

Pages sign themselves as they please: `CBC News` at cbc.ca, `The Guardian` at theguardian.com, `SZ.de`, `Los Angeles
Times` at latimes.com, `Süddeutsche` at sueddeutsche.de, `Лента.ру` at lenta.ru. All are compared by their letters and
digits. A name with further words (`Der Spiegel-Chef`) is not the name, unless these are words that sites' names begin
or end with (`sections.txt` has them) or a bar in front says that nothing else can be meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from unicodedata import normalize

import regex
from ada_url import idna_to_unicode

from copydesk.metadata import urls

WORD = regex.compile(r"[\p{L}\p{M}\p{N}]++(?:['’.&-][\p{L}\p{M}\p{N}]++)*+")
_PLAIN_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]++(?:['’.&][\p{L}\p{M}\p{N}]++)*+")
_NO_WORD = regex.compile(r"[^\p{L}\p{M}\p{N}]++")
_ACCENTS = regex.compile(r"\p{Mn}++")
_TOP_LEVEL = regex.compile(r"\.(?:\p{L}{2,3}\.)?\p{L}{2,4}\Z")
_BETWEEN_NAMES = regex.compile(r"\s++[-–—:·•/]\s++|[|｜]")
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
_CYRILLIC = "абвгдеёжзиіїйклмнопрстуфхцчшщъыьэюяєґ"
_LATIN = "a b v g d e e zh z i i i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya ye g"
_ROMAN = str.maketrans(dict(zip(_CYRILLIC, _LATIN.split(" "), strict=True)))
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a site, folded.

    `full` are its names as they are, `bare` those without what names of sites begin or end with; `label` is the name in
    the host, `domain` the registrable domain as it is; `directories` are those of the address.
    """

    full: frozenset[str]
    bare: frozenset[str]
    label: str
    domain: str
    directories: frozenset[str]


@dataclass(frozen=True, slots=True)
class Words:
    """Names of sections; those of them that name nothing but news; what names of sites begin or end with."""

    sections: frozenset[str]
    news: frozenset[str]
    attached: frozenset[str]


def known(name: str | None, url: str | None) -> Known:
    """Gather what the name of a site and the address of a page tell of how the site may sign.

    >>> sorted(known("SZ.de", "https://www.sueddeutsche.de/sport/fussball/a").full)
    ['sueddeutsche', 'sueddeutschede', 'sz', 'szde']
    """
    url = url or ""
    domain = urls.domain(url) or ""
    directories = frozenset(map(fold, url[:500].partition("?")[0].split("/")[3:-1]))
    return Known(*_signatures((name or "")[:_LONGEST_NAME], domain, tuple(_inner_labels(url, domain))), directories)


# Articles of one site come one after another.
@lru_cache(1 << 8)
def _signatures(name: str, domain: str, inner: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str], str, str]:
    """Return what of `Known` is the same for all pages of a site."""
    label = fold(idna_to_unicode(domain.partition(".")[0])) if domain else ""
    signed = {name, _TOP_LEVEL.sub("", name), *_BETWEEN_NAMES.split(name)}
    hosts = {domain, ".".join([*inner, domain]), *(part for part in inner if len(part) > 3)}
    full = {spelling for spelt in signed | hosts for spelling in spellings(spelt)} | {label}
    bare = {core for spelt in signed for core in _cores(_folded_words(spelt))} - _all_words() | {_bare_label(label)}
    return frozenset(full - {""}), frozenset(bare - {""}), label, domain


def is_name(text: str, site: Known, *, barred: bool) -> bool:
    """Whether a text names the site.

    Args:
        text: a short text.
        site: what is known of the site.
        barred: whether a bar stood before it: further words are then taken as part of the name.

    >>> site = known(None, "https://www.cbc.ca/a")
    >>> is_name("CBC News", site, barred=False), is_name("CBC chief", site, barred=False)
    (True, False)
    """
    if not site.full.isdisjoint(spellings(text) | spellings(_TOP_LEVEL.sub("", text))):
        return True
    spelt = _folded_words(text)
    if barred and fold(text) in site.bare:
        return True
    if any(core in site.full or core in site.bare for core in _cores(spelt)) or _glued(fold(text), site):
        return True
    if site.domain and len(spelt) <= 6 and site.domain in text.casefold():
        return True
    if barred and any(_begins_with_name(spelt[:-more], site) for more in (1, 2)):
        return True
    return _abbreviates(site.label, spelt)


def spellings(text: str) -> set[str]:
    """Return a text folded in the ways that names and hosts write it: umlauts spelt out, Cyrillic in Latin letters."""
    folded = fold(text)
    found = {folded, folded.removeprefix("the")}
    if not text.isascii():
        lower = normalize("NFC", text).casefold()
        found |= {fold(lower.translate(_SPELT_OUT)), fold(lower.translate(_ROMAN))}
    return found - {""}


def fold(text: str) -> str:
    """Fold a text to its letters and digits, without case and accents.

    >>> fold("El País"), fold("The Spokesman-Review")
    ('elpais', 'thespokesmanreview')
    """
    if text.isascii():
        return "".join(filter(str.isalnum, text.lower()))
    return _ACCENTS.sub("", normalize("NFKD", _NO_WORD.sub("", normalize("NFKC", text).casefold())))


@cache
def words() -> Words:
    """Read the table; the sign before a word tells of what kinds it is."""
    text = files("copydesk.metadata.titles").joinpath("sections.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    news, both, added = (frozenset(fold(line) for line in lines if line.startswith(sign)) for sign in "*=+")
    plain = frozenset(fold(line) for line in lines if line[0] not in "*=+")
    return Words(sections=plain | both | news, news=news, attached=added | both | news)


@cache
def _all_words() -> frozenset[str]:
    return words().sections | words().attached


def _folded_words(text: str) -> list[str]:
    return [fold(word) for word in _PLAIN_WORD.findall(text)]


def _inner_labels(url: str, domain: str) -> list[str]:
    """Return what stands in a host before the domain: `profootballtalk` of `profootballtalk.nbcsports.com`."""
    host = url.partition("//")[2].partition("/")[0].casefold()
    if not domain or not host.endswith(f".{domain}"):
        return []
    return [label for label in host.removesuffix(domain).split(".") if label not in ("", "www")]


def _cores(spelt: list[str]) -> set[str]:
    """Return what is left when sections, and what names begin or end with, are taken off: one or more, never all."""
    extra = _all_words()
    starts = [0, *(at + 1 for at in range(min(3, len(spelt))) if extra.issuperset(spelt[: at + 1]))]
    ends = [at for at in range(len(spelt), max(0, len(spelt) - 4), -1) if extra.issuperset(spelt[at:])]
    return {"".join(spelt[start:end]) for start in starts for end in ends if 0 < end - start < len(spelt)}


def _glued(folded: str, site: Known) -> bool:
    """Whether a word is the site's name and a section in one: `CNNPolitics`."""
    return any(
        folded.startswith(name) and folded[len(name) :] in words().sections for name in site.full if len(name) > 2
    )


def _bare_label(label: str) -> str:
    """Take off what a label begins or ends with where at least four letters are left: `sputniknews`, `theguardian`."""
    attached = words().attached
    end = next((at for at in range(4, len(label) - 1) if label[at:] in attached), len(label))
    label = label[:end]
    return label.removeprefix("the") if len(label) > 6 else label


def _begins_with_name(spelt: list[str], site: Known) -> bool:
    name = "".join(spelt)
    return len(name) > 3 and (name in site.full or name.removeprefix("the") in site.full)


def _abbreviates(label: str, spelt: list[str]) -> bool:
    """Whether a host's label is made of the beginnings of all words: `nytimes`, `latimes`, `wsj`, `faz`."""
    if not 1 < len(spelt) < 7 or len(label) < (3 if len(spelt) > 2 else 5):
        return False
    ends = {0}
    for word in spelt:
        more = {at + size for at in ends for size in range(1, len(word) + 1) if label.startswith(word[:size], at)}
        ends = more | ends if word in ("the", "of", "and") else more
    return len(label) in ends
