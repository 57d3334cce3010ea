"""Recognition of the name of a site in a few words.

Pages sign with many forms of a name: `CBC News` at cbc.ca, `The Guardian` at theguardian.com, `SZ.de`, `Los Angeles
Times` at latimes.com, `Süddeutsche` at sueddeutsche.de, `Лента.ру` at lenta.ru. They are compared by letters and
digits.

A name with more words (`Der Spiegel-Chef`) is not the name of the site, with two exceptions: words that names of sites
start or end with (`sections.txt`), and any words after a bar.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from unicodedata import normalize

import regex
from ada_url import idna_to_unicode

from copydesk.cache import bounded_cache
from copydesk.metadata import urls
from copydesk.tables import read_rows
from copydesk.transforms.folding import fold_to_letters

WORD = regex.compile(r"[\p{L}\p{M}\p{N}]++(?:['’.&-][\p{L}\p{M}\p{N}]++)*+")
_WORD_WITHOUT_HYPHENS = regex.compile(r"[\p{L}\p{M}\p{N}]++(?:['’.&][\p{L}\p{M}\p{N}]++)*+")
_TOP_LEVEL_DOMAIN = regex.compile(r"\.(?:\p{L}{2,3}\.)?\p{L}{2,4}\Z")
_NAME_SEPARATOR = regex.compile(r"\s++[-–—:·•/]\s++|[|｜]")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
_CYRILLIC = "абвгдеёжзиіїйклмнопрстуфхцчшщъыьэюяєґ"
_LATIN = "a b v g d e e zh z i i i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya ye g"
_ROMANIZATION = str.maketrans(dict(zip(_CYRILLIC, _LATIN.split(" "), strict=True)))
_MAX_NAME_CHARS = 200
_MAX_URL_CHARS = 500
# A shorter name is a coincidence too often, each for its kind of match.
_MIN_INNER_LABEL_CHARS = 4
_MIN_GLUED_NAME_CHARS = 3
_MIN_PREFIX_NAME_CHARS = 4
_MIN_BARE_LABEL_CHARS = 4
_MIN_LABEL_CHARS_WITH_ARTICLE = 7
_MAX_WORDS_WITH_DOMAIN = 6
_MAX_ABBREVIATED_WORDS = 6
# An abbreviation of two words must be longer than one of three or more.
_MIN_ABBREVIATION_CHARS = 3
_MIN_ABBREVIATION_OF_TWO_CHARS = 5
_MAX_AFFIX_WORDS = 3
_OPTIONAL_WORDS = ("the", "of", "and")


@dataclass(frozen=True, slots=True)
class SiteNames:
    """The folded names of a site.

    Attributes:
        full: the names, and those of its host.
        bare: the names without the words that names of sites start or end with.
        label: the first label of the domain.
        domain: the registrable domain, not folded.
        directories: the directories of the URL.
    """

    full: frozenset[str]
    bare: frozenset[str]
    label: str
    domain: str
    directories: frozenset[str]


@dataclass(frozen=True, slots=True)
class SectionWords:
    """The folded words of `sections.txt`.

    Attributes:
        sections: the names of sections.
        news: the names of sections that mean nothing but news.
        affixes: the words that names of sites start or end with.
    """

    sections: frozenset[str]
    news: frozenset[str]
    affixes: frozenset[str]


def find_site_names(name: str | None, url: str | None) -> SiteNames:
    """Return the folded names that a site may sign with.

    Args:
        name: the name of the site, if known.
        url: the URL of the page, if known.

    >>> sorted(find_site_names("SZ.de", "https://www.sueddeutsche.de/sport/fussball/a").full)
    ['sueddeutsche', 'sueddeutschede', 'sz', 'szde']
    """
    url = url or ""
    domain = urls.domain(url) or ""
    directories = frozenset(map(fold_to_letters, url[:_MAX_URL_CHARS].partition("?")[0].split("/")[3:-1]))
    names = _names_of_site((name or "")[:_MAX_NAME_CHARS], domain, tuple(_inner_labels(url, domain)))
    return SiteNames(*names, directories)


# Consecutive articles are often from one site.
@bounded_cache
def _names_of_site(name: str, domain: str, inner: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str], str, str]:
    """Return the fields of `SiteNames` that are the same for all pages of a site."""
    label = fold_to_letters(idna_to_unicode(domain.partition(".")[0])) if domain else ""
    names = {name, _TOP_LEVEL_DOMAIN.sub("", name), *_NAME_SEPARATOR.split(name)}
    hosts = {domain, ".".join([*inner, domain]), *(part for part in inner if len(part) >= _MIN_INNER_LABEL_CHARS)}
    full = {spelling for text in names | hosts for spelling in fold_spellings(text)} | {label}
    bare = {core for text in names for core in _strip_affixes(_fold_words(text))} - _all_words() | {_bare_label(label)}
    return frozenset(full - {""}), frozenset(bare - {""}), label, domain


def is_site_name(text: str, site: SiteNames, *, after_bar: bool) -> bool:
    """Return whether a text is the name of a site.

    Args:
        text: a short text.
        site: the names of the site.
        after_bar: whether the text follows a bar. More words are then part of the name.

    >>> site = find_site_names(None, "https://www.cbc.ca/a")
    >>> is_site_name("CBC News", site, after_bar=False), is_site_name("CBC chief", site, after_bar=False)
    (True, False)
    """
    if not site.full.isdisjoint(fold_spellings(text) | fold_spellings(_TOP_LEVEL_DOMAIN.sub("", text))):
        return True
    folded, words = fold_to_letters(text), _fold_words(text)
    if after_bar and folded in site.bare:
        return True
    if any(core in site.full or core in site.bare for core in _strip_affixes(words)) or _has_glued_section(
        folded, site
    ):
        return True
    if site.domain and len(words) <= _MAX_WORDS_WITH_DOMAIN and site.domain in text.casefold():
        return True
    if after_bar and any(_is_full_name(words[:-extra], site) for extra in (1, 2)):
        return True
    return _is_abbreviation(site.label, words)


def fold_spellings(text: str) -> set[str]:
    """Fold a text in the ways that names and hosts are written: umlauts as two letters, Cyrillic romanized."""
    folded = fold_to_letters(text)
    spellings = {folded, folded.removeprefix("the")}
    if not text.isascii():
        lower = normalize("NFC", text).casefold()
        spellings |= {fold_to_letters(lower.translate(_UMLAUTS)), fold_to_letters(lower.translate(_ROMANIZATION))}
    return spellings - {""}


@cache
def load_section_words() -> SectionWords:
    """Read the table. The first character of an entry gives its kinds."""
    entries = [entry for (entry,) in read_rows("copydesk.metadata.titles", "sections.txt")]
    news, both, affixes = (
        frozenset(fold_to_letters(entry) for entry in entries if entry.startswith(mark)) for mark in "*=+"
    )
    plain = frozenset(fold_to_letters(entry) for entry in entries if entry[0] not in "*=+")
    return SectionWords(sections=plain | both | news, news=news, affixes=affixes | both | news)


@cache
def _all_words() -> frozenset[str]:
    return load_section_words().sections | load_section_words().affixes


def _fold_words(text: str) -> list[str]:
    return [fold_to_letters(word) for word in _WORD_WITHOUT_HYPHENS.findall(text)]


def _inner_labels(url: str, domain: str) -> list[str]:
    """Return the labels of a host before its domain: `profootballtalk` of `profootballtalk.nbcsports.com`."""
    host = url.partition("//")[2].partition("/")[0].casefold()
    if not domain or not host.endswith(f".{domain}"):
        return []
    return [label for label in host.removesuffix(domain).split(".") if label not in ("", "www")]


def _strip_affixes(words: list[str]) -> set[str]:
    """Return what is left of a name without section words and affixes at its ends."""
    affixes = _all_words()
    starts = [0, *(i + 1 for i in range(min(_MAX_AFFIX_WORDS, len(words))) if affixes.issuperset(words[: i + 1]))]
    ends = [
        i for i in range(len(words), max(0, len(words) - _MAX_AFFIX_WORDS - 1), -1) if affixes.issuperset(words[i:])
    ]
    return {"".join(words[start:end]) for start in starts for end in ends if 0 < end - start < len(words)}


def _has_glued_section(folded: str, site: SiteNames) -> bool:
    """Return whether a word is the name of the site and a section: `CNNPolitics`."""
    sections = load_section_words().sections
    return any(
        folded.startswith(name) and folded[len(name) :] in sections
        for name in site.full
        if len(name) >= _MIN_GLUED_NAME_CHARS
    )


def _bare_label(label: str) -> str:
    """Strip the affixes of a label if at least four letters are left: `sputniknews`, `theguardian`."""
    affixes = load_section_words().affixes
    end = next((i for i in range(_MIN_BARE_LABEL_CHARS, len(label) - 1) if label[i:] in affixes), len(label))
    label = label[:end]
    return label.removeprefix("the") if len(label) >= _MIN_LABEL_CHARS_WITH_ARTICLE else label


def _is_full_name(words: list[str], site: SiteNames) -> bool:
    name = "".join(words)
    return len(name) >= _MIN_PREFIX_NAME_CHARS and (name in site.full or name.removeprefix("the") in site.full)


def _is_abbreviation(label: str, words: list[str]) -> bool:
    """Return whether the label of a host consists of prefixes of all words: `nytimes`, `latimes`, `wsj`, `faz`."""
    min_chars = _MIN_ABBREVIATION_CHARS if len(words) > 2 else _MIN_ABBREVIATION_OF_TWO_CHARS
    if not 2 <= len(words) <= _MAX_ABBREVIATED_WORDS or len(label) < min_chars:
        return False
    ends = {0}
    for word in words:
        next_ends = {
            end + size for end in ends for size in range(1, len(word) + 1) if label.startswith(word[:size], end)
        }
        ends = next_ends | ends if word in _OPTIONAL_WORDS else next_ends
    return len(label) in ends
