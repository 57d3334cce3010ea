"""Recognition of pages that are not articles: errors, checks of the browser, requests for consent, empty shells.

A server often answers with such a page in the place of an article, and with the status 200. The danger is an article
about errors, scripts or privacy. So a phrase counts only if it is a whole title, or if little else is on the page. A
page with a date or an author is an article unless it has nothing but notices.
"""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus

from copydesk.html.page import Page
from copydesk.tables import read_rows
from copydesk.transforms.folding import fold_to_letters

_REASONS = {
    "error": "an error page",
    "challenge": "a check of the browser",
    "script": "a notice that JavaScript is required",
    "login": "a login page",
    "consent": "a request for consent",
    "placeholder": "a placeholder",
    "empty": "an empty shell",
}

# Longer texts are articles, whatever the title says.
_MAX_TITLED_CHARS = 3_000
_MAX_TITLE_CHARS = 200
_MAX_PAIR_CHARS = 50
# Error pages with prose exist, but a headline may start with a phrase, so titles of prose are compared as a whole.
_MIN_PROSE_CHARS = 400
_MIN_PROSE_SENTENCES = 4
_MAX_PAIR_CHARS_BESIDE_PROSE = 22
# Thai, and the scripts after it in Unicode, have no blanks between words.
_FIRST_LETTER_WITHOUT_BLANKS = "\u0e00"
# A text consists of notices if all its other sentences together are shorter, or if this share of it is in notices.
_MAX_NOTICE_CHARS = 1_500
_MAX_NOTICE_CHARS_WITH_BYLINE = 400
_MAX_OTHER_CHARS = 150
_MIN_NOTICE_SHARE = 0.5
# A text that is so short and mentions JavaScript requires it, in any language.
_MAX_SCRIPT_CHARS = 150
# A request for consent has a phrase such as “we use cookies”, and a term in this number of letters.
_MAX_CONSENT_CHARS = 6_000
_LETTERS_PER_TERM = 80
# Lines with more bytes of UTF-8 may be of an article: scripts without blanks have more bytes per character.
_MAX_SHELL_CHARS = 300
_MAX_MENU_LINE_BYTES = 40
# Several lines of a poem have more words per line.
_MAX_WORDS_PER_MENU_ITEM = 3

_SITE_NAME_SEPARATOR = re.compile(r"\s*[|｜–—·•«»‹›]\s*|\s+-\s+")
# A full stop before a number ends an abbreviation.
_PART_SEPARATOR = re.compile(rf"{_SITE_NAME_SEPARATOR.pattern}|\s*[:!?！？。]\s*|\.\s+(?!\d)")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_SENTENCE_END = re.compile(r"[.!?…。！？।؟]")
_SENTENCE_BREAK = re.compile(r"\n+|(?<=[.!?。！？।؟])\s*")
_DIRECTORY = re.compile(r"(?:Index of|Directory listing for) /", re.IGNORECASE)
# Status codes of HTTP, and those of proxies.
_CODES = frozenset(map(str, (*range(400, 452), *range(500, 512), *range(520, 531))))


def find_reason(page: Page, *, needs_text: bool = True) -> str | None:
    """Return what a page is instead of an article, or None if it may be one.

    Args:
        page: the page as it was extracted.
        needs_text: whether a page without a text is an empty shell.

    >>> from copydesk.html.extract import extract_page
    >>> find_reason(extract_page("<html><title>Courier</title><p>You need to enable JavaScript to run this app.</p>"))
    'a notice that JavaScript is required'
    """
    kind = _find_kind(page)
    return None if kind is None or (kind == "empty" and not needs_text) else _REASONS[kind]


def _find_kind(page: Page) -> str | None:
    title, text = page.title or "", page.text
    has_date = page.published is not None and page.published_source != "url"
    if text and (has_date or page.authors):
        return _notice_kind(text) if len(text) <= _MAX_NOTICE_CHARS_WITH_BYLINE else None
    if kind := _notice_kind(text):
        return kind
    if len(text) <= _MAX_TITLED_CHARS:
        has_prose = _has_prose(text)
        titles = filter(None, (title, page.headline))
        if kind := next(filter(None, (_title_kind(each, has_prose=has_prose) for each in titles)), None):
            return kind
    if len(text) <= _MAX_SCRIPT_CHARS and "javascript" in text.lower():
        return "script"
    if _is_consent(f"{title}\n{text}"):
        return "consent"
    return "empty" if _is_menu(text) else None


def _notice_kind(text: str) -> str | None:
    """Return the kind of a text that consists of notices."""
    if len(text) > _MAX_NOTICE_CHARS:
        return None
    kinds = {sentence: _sentence_kind(sentence) for sentence in _SENTENCE_BREAK.split(text)}
    notices = sum(len(sentence) for sentence, kind in kinds.items() if kind)
    others = sum(map(len, kinds)) - notices
    if others <= _MAX_OTHER_CHARS or notices >= _MIN_NOTICE_SHARE * (notices + others):
        return next(filter(None, kinds.values()), None)
    return None


def _sentence_kind(sentence: str) -> str | None:
    folded = fold_to_letters(sentence)
    inside = (kind for phrase, kind in _phrases("inside").items() if phrase in folded)
    return next(inside, None) or _title_kind(sentence)


def _has_prose(text: str) -> bool:
    return len(text) >= _MIN_PROSE_CHARS and len(_SENTENCE_END.findall(text)) >= _MIN_PROSE_SENTENCES


def _title_kind(title: str, *, has_prose: bool = False) -> str | None:
    """Return the kind of page that a title names, as a whole or without the name of the site.

    Without prose below it, any other part of the title may name the kind, too.
    """
    if len(title) > _MAX_TITLE_CHARS:
        return None
    if _DIRECTORY.match(title):
        return "placeholder"
    titles, code_words = _phrases("title"), _phrases("code")
    separator = _SITE_NAME_SEPARATOR if has_prose else _PART_SEPARATOR
    max_pair_chars = _MAX_PAIR_CHARS_BESIDE_PROSE if has_prose else _MAX_PAIR_CHARS
    for part in (title, *separator.split(title)):
        words = _words(part)
        without_code = [word for word in words if word not in _CODES]
        others = [word for word in without_code if word not in code_words]
        if not others and len(without_code) < len(words):
            return "error"
        kinds = (titles.get("".join(kept)) for kept in (words, without_code, others))
        if kind := next(filter(None, kinds), None):
            return kind
        if len(" ".join(others)) <= max_pair_chars and (kind := _pair_kind(words)):
            return kind
    return None


def _pair_kind(words: list[str]) -> str | None:
    """Return the kind of a title that names a thing and its state: a page that does not exist, a robot check."""
    title = " " + " ".join(words)
    things, states = ({kind for term, kind in _terms(place) if term in title} for place in ("thing", "state"))
    return next(iter(sorted(things & states)), None)


def _words(text: str) -> list[str]:
    return [fold_to_letters(word) for word in _WORD.findall(text)]


def _is_consent(text: str) -> bool:
    """Return whether a text asks for consent and is full of terms of all three groups."""
    if len(text) > _MAX_CONSENT_CHARS:
        return False
    folded = fold_to_letters(text)
    counts = [sum(map(folded.count, _phrases(group))) for group in ("cookie", "choice", "privacy")]
    has_phrase = any(kind == "consent" and phrase in folded for phrase, kind in _phrases("inside").items())
    return has_phrase and min(counts) > 0 and sum(counts) * _LETTERS_PER_TERM >= len(folded)


def _is_menu(text: str) -> bool:
    """Return whether a text is short and has only words of menus, no sentence."""
    if len(text) > _MAX_SHELL_CHARS or _SENTENCE_END.search(text):
        return False
    lines = text.splitlines()
    has_short_lines = all(len(line.encode("utf-8", "surrogatepass")) <= _MAX_MENU_LINE_BYTES for line in lines)
    return has_short_lines and (len(lines) == 1 or len(text.split()) <= _MAX_WORDS_PER_MENU_ITEM * len(lines))


@cache
def _terms(place: str) -> list[tuple[str, str]]:
    """Return the terms of a place with their kinds. A term starts a word if its script has blanks."""
    rows = read_rows("copydesk.html", "notices.txt")
    terms = ((" ".join(_words(phrase)), kind) for kind, row_place, phrase in rows if row_place == place)
    return [(f" {term}" if term < _FIRST_LETTER_WITHOUT_BLANKS else term, kind) for term, kind in terms]


@cache
def _phrases(place: str) -> dict[str, str]:
    """Return the kinds of the phrases of a place, folded. Reasons of HTTP with several words are titles, too."""
    rows = read_rows("copydesk.html", "notices.txt")
    phrases = {fold_to_letters(phrase): kind for kind, row_place, phrase in rows if row_place == place}
    if place == "title":
        errors = (status.phrase for status in HTTPStatus if status >= HTTPStatus.BAD_REQUEST and " " in status.phrase)
        phrases |= {fold_to_letters(phrase): "error" for phrase in errors}
    return phrases
