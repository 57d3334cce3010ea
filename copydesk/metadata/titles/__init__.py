"""Titles: removal of the name of the site (` | Site`, ` - Section - Site`, `_新浪网`, `Site: ` in front).

Most titles of pages have such a suffix, which spoils comparisons. The risk is a headline with its own dash:
`Trump - Biden`, `Real Madrid - Barcelona`, `Interview – Der Spiegel-Chef`. So a suffix is removed only with evidence:
the name of the site, its host, the name of a section, or other titles of the host with the same suffix. Quotations are
not cut, and the rest must still be a title.

The name of a section is weak evidence, because headlines also end with such words (`Was wirklich zählt – Gesundheit`).
After a dash, a section is removed only in three cases: the name of the site followed the same dash, the URL contains
the section, or the word means nothing but news.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import regex

from copydesk.metadata import urls
from copydesk.metadata.titles.site_names import (
    WORD,
    SiteNames,
    find_site_names,
    fold_spellings,
    is_site_name,
    load_section_words,
)
from copydesk.transforms.folding import fold_to_letters

# A longer string is a text instead of a title; a longer suffix is not a name.
_MAX_TITLE_CHARS = 1000
_MAX_SUFFIX_CHARS = 80
# A suffix that this number of titles and half of the titles share is that of the site.
_MIN_SHARED_TITLES = 3
# The rest of a title has at least this number of words, depending on the evidence.
_MIN_REST_WORDS = 2
_MIN_REST_WORDS_WEAK = 3
_MIN_CHARS_OF_TWO_WORDS = 8

_HAN = r"\p{Han}\p{Hiragana}\p{Katakana}"
_BARS = "|｜￨│ㅣ•·⋆★▷»›<>_"
_PREFIX_BARS = "|｜"
_SEPARATOR = regex.compile(
    r"(?<=\s)(?:[-–—―·•»«›‹:/~<>_⋆★▷]|::|--|//|>>)(?=\s)|[|｜￨│－ㅣ]"
    rf"|(?<=[{_HAN}）」』？！])(?:--|[-–_：:]|——?)|(?<=[^\s-])(?:--|[-_])(?=[{_HAN}])"
    r"|(?<=\p{Hangul})[-_](?=\p{Hangul})"
)
_PREFIX_SEPARATOR = regex.compile(r"(?<=\s)(?:[-–—·•»:]|::)(?=\s)|[|｜￨│：]|:(?=\s)")
_BRACKETED = regex.compile(r"[（(\[【［]([^（()）\[\]【】［］]{2,40})[）)\]】］]\s*+\Z")
_PAYWALL_MARK = regex.compile(r"\A(?:\(\+\)|\[\+\])\s++(?=\S)")
_TRAILING_SEPARATORS = regex.compile(r"(?:\s++[-–—―·•:/~_›‹]|[|｜ㅣ_]|\s)++\Z")
_OPENING_BRACKETS, _CLOSING_BRACKETS = "([（【［「『", ")]）】］」』"
_PAIRED_QUOTES = '"“”„«»‹›'

_WITHOUT_SPACES = regex.compile(rf"[{_HAN}]")


@dataclass(frozen=True, slots=True)
class Site:
    """The site of a title.

    Attributes:
        name: its name, if known.
        url: the URL of the page, if known.
    """

    name: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class _Suffix:
    """The end of a title: the start of its separator, the separator, the text after it."""

    start: int
    separator: str
    text: str

    @property
    def is_after_bar(self) -> bool:
        """Whether the separator is a bar, which is rare inside headlines."""
        return self.separator in _BARS


def remove_site_name(title: str, site: Site, suffixes: frozenset[str] = frozenset()) -> str:
    """Return the title without the name of the site and of its sections.

    Args:
        title: the title, on one line.
        site: the name of the site and the URL of the page.
        suffixes: folded suffixes that titles of the site share, from `shared_suffixes`.

    >>> remove_site_name("Hong Kong: on the brink | Opinion | The Guardian", Site(None, "https://www.theguardian.com/a"))
    'Hong Kong: on the brink'
    >>> remove_site_name("Interview – Der Spiegel-Chef", Site("Der Spiegel", "https://www.spiegel.de/a"))
    'Interview – Der Spiegel-Chef'
    """
    patterns = (_SEPARATOR, _PREFIX_SEPARATOR, _BRACKETED, _PAYWALL_MARK)
    if len(title) > _MAX_TITLE_CHARS or not any(pattern.search(title) for pattern in patterns):
        return title
    names = find_site_names(site.name, site.url)
    title = _PAYWALL_MARK.sub("", title)
    return _remove_prefixes(_remove_suffixes(title, names, suffixes), names)


def suffix(title: str) -> str | None:
    """Return the folded suffix of a title, for counting per site.

    >>> suffix("Council approves budget - The Daily Example"), suffix("Council approves budget")
    ('thedailyexample', None)
    """
    last = _last_suffix(title) if len(title) <= _MAX_TITLE_CHARS else None
    return (fold_to_letters(last.text) or None) if last and _is_whole(title, last) else None


def is_label(text: str, site: Site) -> bool:
    """Return whether a text is the name of the site, or of a section, instead of a title.

    >>> site = Site("Harbour Gazette", "https://gazette.example/a")
    >>> is_label("The Harbour Gazette", site), is_label("Press releases", site), is_label("Bridge closed", site)
    (True, True, False)
    """
    if len(text) > _MAX_SUFFIX_CHARS:
        return False
    words = load_section_words()
    return fold_to_letters(text) in words.sections or is_site_name(
        text, find_site_names(site.name, site.url), after_bar=False
    )


def shared_suffixes(titles: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Return the folded suffixes that titles of a site share, by domain.

    A suffix is shared if at least three titles have it, and half of the titles of the site. Three headlines may well
    end with the same name, but not every second one.

    Args:
        titles: raw titles, each with the URL of its page.

    >>> page = "https://example.org/"
    >>> shared_suffixes([("A storm | Examiner", page), ("A flood | Examiner", page), ("A drought | Examiner", page)])
    {'example.org': frozenset({'examiner'})}
    """
    counts_by_domain: dict[str, Counter[str | None]] = defaultdict(Counter)
    for title, url in set(titles):
        counts_by_domain[urls.domain(url) or ""][suffix(title)] += 1
    return {domain: _select_shared(counts) for domain, counts in counts_by_domain.items() if domain}


def _select_shared(counts: Counter[str | None]) -> frozenset[str]:
    total = counts.total()
    return frozenset(
        text for text, count in counts.items() if text and count >= _MIN_SHARED_TITLES and 2 * count >= total
    )


def _remove_suffixes(title: str, site: SiteNames, suffixes: frozenset[str]) -> str:
    """Remove one suffix after the other."""
    rest, previous_separator = title, None
    while True:
        last, bracketed = _last_suffix(rest), _BRACKETED.search(rest)
        if last and _is_whole(rest, last) and _is_removable(rest, last, site, suffixes, previous_separator):
            rest, previous_separator = _TRAILING_SEPARATORS.sub("", rest[: last.start]), last.separator
        elif bracketed and _is_bracketed_name(rest, bracketed, site):
            rest, previous_separator = rest[: bracketed.start()].rstrip(), previous_separator or ""
        else:
            return rest


def _is_bracketed_name(title: str, bracketed: regex.Match[str], site: SiteNames) -> bool:
    is_name = fold_to_letters(bracketed[1]) in site.full
    return is_name and _is_title(title[: bracketed.start()], _MIN_REST_WORDS)


def _remove_prefixes(title: str, site: SiteNames) -> str:
    """Remove `Site: `, `Site | ` and `Section | ` in front: only an exact name, and only if a title is left."""
    while match := _PREFIX_SEPARATOR.search(title[:_MAX_SUFFIX_CHARS]):
        prefix, rest = title[: match.start()], title[match.end() :].lstrip()
        is_section = match[0] in _PREFIX_BARS and fold_to_letters(prefix) in load_section_words().sections
        is_prefix = is_section or _is_site_in_front(prefix, match[0], rest, site)
        if not is_prefix or not _is_title(rest, _MIN_REST_WORDS_WEAK):
            break
        title = rest
    return title


def _is_site_in_front(prefix: str, separator: str, rest: str, site: SiteNames) -> bool:
    """Return whether a prefix is the name of the site, and not the start of a headline."""
    if site.full.isdisjoint(fold_spellings(prefix)) or not _is_balanced(prefix):
        return False
    # `Nature: Why it heals` is a headline at Nature, and probably about nature.
    is_ordinary_word = len(WORD.findall(prefix)) == 1 and not prefix.isupper()
    return separator not in ":：" or not (rest[:1].islower() or is_ordinary_word)


def _last_suffix(title: str) -> _Suffix | None:
    """Return the text after the last separator that is followed by text."""
    end = len(title)
    for separator in reversed(list(_SEPARATOR.finditer(title))):
        text = title[separator.end() : end].strip()
        if text:
            return _Suffix(separator.start(), separator[0], text)
        end = separator.start()
    return None


def _is_whole(title: str, last: _Suffix) -> bool:
    """Return whether a suffix is short and its start does not split a quotation or a bracket."""
    if len(last.text) > _MAX_SUFFIX_CHARS or last.text[-1] in "'’‘" or not _is_balanced(last.text):
        return False
    return last.separator not in "«»" or _is_balanced(title[: last.start])


def _is_balanced(text: str) -> bool:
    opened, closed = (sum(map(text.count, brackets)) for brackets in (_OPENING_BRACKETS, _CLOSING_BRACKETS))
    return opened == closed and sum(map(text.count, _PAIRED_QUOTES)) % 2 == 0


def _is_title(rest: str, min_words: int) -> bool:
    """Return whether a text is long enough for a title. Two words may also be eight characters.

    In Han and kana, a word counts as two characters.
    """
    rest = rest.strip()
    if _WITHOUT_SPACES.search(rest):
        return len(rest) >= 2 * min_words
    return len(WORD.findall(rest)) >= min_words or (min_words == 2 and len(rest) >= _MIN_CHARS_OF_TWO_WORDS)


def _is_removable(
    title: str, last: _Suffix, site: SiteNames, suffixes: frozenset[str], previous_separator: str | None
) -> bool:
    """Return whether there is evidence that a suffix belongs to the site.

    Args:
        title: the title.
        last: its suffix.
        site: the names of the site.
        suffixes: folded suffixes that titles of the site share.
        previous_separator: the separator of the suffix that was removed before, if any.
    """
    folded, rest = fold_to_letters(last.text), title[: last.start]
    if folded in suffixes or is_site_name(last.text, site, after_bar=last.is_after_bar):
        return _is_title(rest, _MIN_REST_WORDS)
    words = load_section_words()
    is_like_site = previous_separator is not None and (last.is_after_bar or last.separator == previous_separator)
    if folded in words.sections:
        # Without white space, as in Korean: `Headline-Politics|Site`.
        is_glued_before_site = previous_separator is not None and not rest[-1:].isspace()
        is_certain = last.is_after_bar or is_like_site or is_glued_before_site
        is_certain = is_certain or folded in words.news or folded in site.directories
        return is_certain and _is_title(rest, _MIN_REST_WORDS_WEAK)
    return is_like_site and _is_topic_news(last.text) and _is_title(rest, _MIN_REST_WORDS_WEAK)


def _is_topic_news(text: str) -> bool:
    """Return whether a suffix has two or three words, and the first or last means news: `Afghanistan News`."""
    words = WORD.findall(text)
    news = load_section_words().news
    return len(words) in (2, 3) and any(fold_to_letters(word) in news for word in (words[0], words[-1]))
