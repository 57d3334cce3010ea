"""URLs as found: without what surrounds them in markup, JSON, Markdown and prose."""

from __future__ import annotations

import re
from html import unescape

# A URL with nothing to remove, as most are.
_PLAIN_URL = re.compile(r"https?://[a-z0-9.-]+(?:/[\w./-]*)?(?:\?[\w.=&-]*)?(?<=[\w/=-])", re.ASCII)
# The standard drops tabs and line breaks. UTS 46 ignores the others in a host; in a path they would be percent-encoded.
# Joiners are not included: Persian and Indic slugs need them.
_INVISIBLE = re.compile("[\t\n\r\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_CONTROLS = "".join(map(chr, (*range(0x21), 0x7F)))
# A number sign starts the fragment: no URL has a character reference.
_CHARACTER_REFERENCE = re.compile(r"&#(?:x[0-9a-f]{1,6}|[0-9]{1,7});", re.IGNORECASE)
_ESCAPED_AMPERSAND = re.compile(r"&(?:(?:amp|#0*+38|#x0*+26);)++", re.IGNORECASE)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_WRAPPERS = {"<": ">", '"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "`": "`", "(": ")"}
# A tag, or the end of an attribute: `/a</div>`, `/a">`, `/a" title="…"`, `/a"https://…`.
_MARKUP = re.compile(
    r'<(?=/?[a-z][a-z0-9]{0,9}[\s/>]|!--|$)|"(?=\s*(?:/?>|<|$)|\s+[a-z-]+=|https?:)|>(?=\s*(?:<|$))', re.IGNORECASE
)
_NEXT_PARAMETER = re.compile(r"&[\w.%\[\]-]+=")
_OPENING = dict(zip(")]}”»’）】》」』\"'", "([{“«‘（【《「『\"'", strict=True))
_BRACKETS = frozenset((*_OPENING, *_OPENING.values()))
# Signs that do not end a URL, and those that do if no such sign is before them.
_END_SIGNS = "&<>\\^`|…。，、；：！？" + "".join(_OPENING)
_NEUTRAL_SIGNS = ".:!"
# After a letter that is not ASCII, these may be part of a name: `/君の名は。`.
_SENTENCE_ENDS = "。！？"
_MAX_BLANK_CHARS = 9
_ENCODED_BLANKS = ("%20", "%09", "%0a", "%0d", "%c2%a0", "%e2%80%8b")
# The name of a value that was not filled in: `/{user_name}`. An id in braces has digits or hyphens.
_PLACEHOLDER = re.compile(r"(?<=/)\$?\{{1,2}[A-Za-z_][A-Za-z_.]{0,49}\}{1,2}\Z")
# One URL after another. After a slash or a joiner, the second one belongs to the first:
# `https://archive.example/https://…`.
_REPEATED_SCHEME = re.compile(r"(?:https?:/{1,2})+(?=https?:)", re.IGNORECASE)
_JOINERS = ("-", "_")
_SECOND_URL = re.compile(r"(?<=[\w\s-])https?://", re.IGNORECASE)


def clean_input(url: str) -> str:
    r"""Remove quotes, brackets and markup around a URL, signs after it, invisible characters and escapes.

    >>> clean_input("<![CDATA[https://example.org/a?b=1&amp;c=2]]>"), clean_input(r"https:\/\/example.org\/a</a>")
    ('https://example.org/a?b=1&c=2', 'https://example.org/a')
    >>> clean_input("https://example.org/a_(b))."), clean_input("https://example.org/ahttps://example.org/a")
    ('https://example.org/a_(b)', 'https://example.org/a')
    """
    return url if _PLAIN_URL.fullmatch(url) else _clean_input(url)


def _clean_input(url: str) -> str:
    plain = _INVISIBLE.sub("", url).strip(_CONTROLS).strip()
    if plain.startswith(_CDATA):
        plain = plain.removeprefix(_CDATA).removesuffix(_CDATA_END).strip()
    if plain[:1] in _WRAPPERS and len(plain) > 1 and plain[-1] == _WRAPPERS[plain[0]]:
        plain = plain[1:-1].strip()
    if "\\/" in plain:
        plain = plain.replace("\\/", "/")
    if "&" in plain:
        plain = _ESCAPED_AMPERSAND.sub("&", plain)
        plain = _CHARACTER_REFERENCE.sub(lambda match: unescape(match[0]), plain) if "&#" in plain else plain
    return _PLACEHOLDER.sub("", _strip_end(_cut_markup(_first_url(plain))))


def _first_url(text: str) -> str:
    """Return the first URL of several ones without a separator. A URL whose host has no dot is rubbish."""
    scheme = _REPEATED_SCHEME.match(text)
    text = text[scheme.end() :] if scheme else text
    half = len(text) // 2
    if half and len(text) % 2 == 0 and text[:half] == text[half:] and "://" in text[:half]:
        return text[:half]
    start = 0
    for second in _SECOND_URL.finditer(text.partition("?")[0]):
        first = text[start : second.start()]
        if not _has_dotted_host(first):
            start = second.start()
        elif not first.endswith(_JOINERS):
            return first
    return text[start:] if start and _has_dotted_host(text[start:]) else text


def _has_dotted_host(url: str) -> bool:
    before, scheme_end, after = url.partition("://")
    return "." in (after if scheme_end else before).lstrip("/").partition("/")[0]


def _cut_markup(url: str) -> str:
    """Cut a tag, and a quote that ends an attribute. A quote that closes another one stays, and markup in a value."""
    before_query, _, query = url.partition("?")
    values_end = len(before_query) + _find_last_parameter(query.partition("?")[0])
    for match in _MARKUP.finditer(url):
        start = match.start()
        is_in_value = len(before_query) < start and (start <= values_end or url[start - 1 : start + 1] == '="')
        if not is_in_value and (match[0] != '"' or url.count('"', 0, start) % 2 == 0):
            return url[:start].rstrip()
    return url


def _find_last_parameter(query: str) -> int:
    """Return the offset of the last parameter after the first one, or 0."""
    return max((parameter.start() for parameter in _NEXT_PARAMETER.finditer(query)), default=0)


def _strip_end(url: str) -> str:
    """Remove signs from the end, and encoded blanks from the end of a path."""
    signs, neutral = (_END_SIGNS, f"{_NEUTRAL_SIGNS},;") if "?" in url else (f"{_END_SIGNS},;", _NEUTRAL_SIGNS)
    url = _strip_signs(url, signs, neutral)
    if "?" in url or "%" not in url[-_MAX_BLANK_CHARS:]:
        return url
    lower, end = url.lower(), len(url)
    while blank := next((blank for blank in _ENCODED_BLANKS if lower.endswith(blank, 0, end)), None):
        end -= len(blank)
    return url if end == len(url) else _strip_signs(url[:end], signs, neutral)


def _strip_signs(url: str, signs: str, neutral: str) -> str:
    """Remove signs from the end. A closing bracket or quote stays if it has its opening one."""
    body = url.rstrip(signs + neutral)
    counts = {sign: body.count(sign) for sign in _BRACKETS} if len(body) < len(url) else {}
    neutral = neutral if body[-1:].isascii() else f"{neutral}{_SENTENCE_ENDS}"
    for i in range(len(body), len(url)):
        sign = url[i]
        if sign in neutral:
            continue
        opening = _OPENING.get(sign)
        is_open = opening and (counts[sign] % 2 == 1 if opening == sign else counts[opening] > counts[sign])
        if not is_open:
            return url[:i].rstrip()
        counts[sign] += 1
    return url
