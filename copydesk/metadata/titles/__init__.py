"""The piece of a title that is not of the article: ` | Site`, ` - Section - Site`, `_新浪网`, `Site: ` in front.

Most titles of pages end in one, and it spoils every comparison. The danger is a headline with a dash of its own:
`Trump - Biden`, `Real Madrid - Barcelona`, `Interview – Der Spiegel-Chef`. So a piece goes only when something vouches
for it: the name of the site, its host, a word that names a section, or the other titles of the host, which end in the
same. Nothing is cut inside a quotation, and what is left must still be a title.

A section's name is weak evidence, as headlines end so, too (`Was wirklich zählt – Gesundheit`). After a dash it goes
only if the site stood behind the same dash, or the address names the section, or the word names nothing but news.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import regex

from copydesk.metadata import urls
from copydesk.metadata.titles.site_names import WORD, Known, fold, is_name, known, spellings, words

# A longer string is no title but a text; a longer piece is no name.
_LONGEST_TITLE, _LONGEST_PIECE = 1000, 80
# So many titles of a site end in what is the site's, not theirs.
_FEWEST = 3

_HAN = r"\p{Han}\p{Hiragana}\p{Katakana}"
_BARS = "|｜￨│•·⋆★▷»<>_"
_SEPARATOR = regex.compile(
    r"(?<=\s)(?:[-–—―·•»«:/~<>_⋆★▷]|::|--|//|>>)(?=\s)|[|｜￨│－]"
    rf"|(?<=[{_HAN}）」』？！])(?:[-–_]|——?)|(?<=\S)[-_](?=[{_HAN}])"
)
_FRONT = regex.compile(r"(?<=\s)(?:[-–—·•»:]|::)(?=\s)|[|｜￨│：]|:(?=\s)")
_BRACKETED = regex.compile(r"[（(\[【［]([^（()）\[\]【】［］]{2,40})[）)\]】］]\s*+\Z")
_LEFT_OVER = regex.compile(r"(?:\s++[-–—―·•:/~_]|[|｜_]|\s)++\Z")
_OPENING, _CLOSING, _PAIRED = "([（【［「『", ")]）】］」』", '"“”„«»‹›'

_SPACELESS = regex.compile(rf"[{_HAN}]")


@dataclass(frozen=True, slots=True)
class Site:
    """What is known of where a title is from: the site's name and the address of the page."""

    name: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class _Piece:
    """The end of a title: where its separator begins, the separator, and the text after it."""

    start: int
    separator: str
    text: str

    @property
    def barred(self) -> bool:
        """Whether a bar divides, which headlines hardly ever hold themselves."""
        return self.separator in _BARS


def remove_site_name(title: str, site: Site, suffixes: frozenset[str] = frozenset()) -> str:
    """Return the title without the pieces of the site and its sections.

    Args:
        title: the title, on one line.
        site: the source's name and the page's address, as far as known.
        shared: folded pieces that other titles of the host end in, too: see `tail`.

    >>> remove_site_name("Hong Kong: a city on the brink | Opinion | The Guardian", Site(None, "https://www.theguardian.com/a"))
    'Hong Kong: a city on the brink'
    >>> remove_site_name("Interview – Der Spiegel-Chef", Site("Der Spiegel", "https://www.spiegel.de/a"))
    'Interview – Der Spiegel-Chef'
    """
    if len(title) > _LONGEST_TITLE or not any(form.search(title) for form in (_SEPARATOR, _FRONT, _BRACKETED)):
        return title
    source = known(site.name, site.url)
    return _without_front(_without_end(title, source, suffixes), source)


def suffix(title: str) -> str | None:
    """Return the folded last piece of a title: what to count per host to find the suffixes that titles share.

    >>> suffix("Council approves budget - The Daily Example"), suffix("Council approves budget")
    ('thedailyexample', None)
    """
    last = _last_piece(title) if len(title) <= _LONGEST_TITLE else None
    return (fold(last.text) or None) if last and _is_whole(title, last) else None


def shared_suffixes(titles: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Return the folded endings that titles of a site share, by the site's domain: what `cut` takes for the site's.

    An ending must be that of three titles at least, and of half of the site's: three headlines may well end in the same
    name, but not every second one.

    Args:
        titles: titles as they came, each with the address of its page.

    >>> page = "https://example.org/"
    >>> shared_suffixes([("A storm | Examiner", page), ("A flood | Examiner", page), ("A drought | Examiner", page)])
    {'example.org': frozenset({'examiner'})}
    """
    tails: dict[str, Counter[str | None]] = defaultdict(Counter)
    for title, url in set(titles):
        tails[urls.domain(url) or ""][suffix(title)] += 1
    return {
        domain: frozenset(
            end for end, count in counts.items() if end and count >= _FEWEST and 2 * count >= counts.total()
        )
        for domain, counts in tails.items()
        if domain
    }


def _without_end(title: str, site: Known, suffixes: frozenset[str]) -> str:
    """Cut one piece after the other from the end."""
    head, after = title, None
    while True:
        last, bracketed = _last_piece(head), _BRACKETED.search(head)
        if last and _is_whole(head, last) and _may_go(head, last, site, suffixes, after):
            head, after = _LEFT_OVER.sub("", head[: last.start]), last.separator
        elif bracketed and fold(bracketed[1]) in site.full and _stands(head[: bracketed.start()], 2):
            head, after = head[: bracketed.start()].rstrip(), after or ""
        else:
            return head


def _without_front(title: str, site: Known) -> str:
    """Cut `Site: ` and `Site | ` in front: only the very name of the site, and only from a title that can spare it."""
    while found := _FRONT.search(title[:_LONGEST_PIECE]):
        piece, rest = title[: found.start()], title[found.end() :].lstrip()
        if site.full.isdisjoint(spellings(piece)) or not _balanced(piece) or not _stands(rest, 3):
            break
        # `Nature: Why it heals` is a headline of Nature's, and most likely about nature.
        if found[0] in ":：" and (rest[:1].islower() or (len(WORD.findall(piece)) == 1 and not piece.isupper())):
            break
        title = rest
    return title


def _last_piece(title: str) -> _Piece | None:
    """Return what stands after the last separator that anything stands after."""
    end = len(title)
    for separator in reversed(list(_SEPARATOR.finditer(title))):
        text = title[separator.end() : end].strip()
        if text:
            return _Piece(separator.start(), separator[0], text)
        end = separator.start()
    return None


def _is_whole(title: str, piece: _Piece) -> bool:
    """Whether a piece is short and no quotation or bracket is cut in two before it."""
    if len(piece.text) > _LONGEST_PIECE or piece.text[-1] in "'’‘" or not _balanced(piece.text):
        return False
    return piece.separator not in "«»" or _balanced(title[: piece.start])


def _balanced(text: str) -> bool:
    opened, closed = (sum(map(text.count, signs)) for signs in (_OPENING, _CLOSING))
    return opened == closed and sum(map(text.count, _PAIRED)) % 2 == 0


def _stands(head: str, words: int) -> bool:
    """Whether what is left is a title: so many words, or eight characters for two; half of that in Han and kana."""
    head = head.strip()
    if _SPACELESS.search(head):
        return len(head) >= 2 * words
    return len(WORD.findall(head)) >= words or (words == 2 and len(head) >= 8)


def _may_go(title: str, piece: _Piece, site: Known, suffixes: frozenset[str], after: str | None) -> bool:
    """Whether something vouches for cutting a piece. `after` is the separator of the piece cut before it, if any."""
    folded, head = fold(piece.text), title[: piece.start]
    if folded in suffixes or is_name(piece.text, site, barred=piece.barred):
        return _stands(head, 2)
    if folded in words().sections:
        certain = piece.barred or piece.separator == after or folded in words().news | site.directories
        return certain and _stands(head, 3)
    return after is not None and piece.barred and _is_news_of(piece.text) and _stands(head, 3)


def _is_news_of(text: str) -> bool:
    """Whether a piece is like `Afghanistan News`: two or three words, the last of which names nothing but news."""
    spelt = WORD.findall(text)
    return len(spelt) in (2, 3) and fold(spelt[-1]) in words().news
