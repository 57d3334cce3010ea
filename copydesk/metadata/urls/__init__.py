"""Addresses as the WHATWG's URL standard writes them, without tracking parameters; and what an address tells.

Two addresses of one article should be one string. The danger is an address that leads elsewhere: cleaners on offer drop
the `q` of `?id=7&q=ü`, turn `faß.de` into another site, or sort and re-encode what a server compares byte by byte. So
ada-url, the parser of Node.js, reads and writes the address (hosts by UTS 46, non-transitional, as IDNA 2008 has them),
and of the query only whole pieces go whose name is in `tracking.txt`; every other byte stays. The path stays, too: no
slash is added or removed, no `index.html` cut. Besides these go a fragment, unless it is a route (`#!…`, `#/…`): it
names a place on the page, not the page; an empty query; and a name and password, which are nobody's business.

The registrable domain is by the public suffix list that publicsuffixlist carries; nothing asks the network.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import unquote

from ada_url import URL, HostType, idna_to_unicode
from publicsuffixlist import PublicSuffixList

from copydesk.metadata.urls.path_dates import MAYBE_DATED, dated

# Tabs and line breaks are for the standard to drop; the others UTS 46 ignores in a host, but a path would get them
# percent-encoded. Joiners are not among them: Persian and Indic slugs need them.
_INVISIBLE = re.compile("[\t\n\r\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_ESCAPED = re.compile(r"&(?:(?:amp|#0*+38|#x0*+26);)++", re.IGNORECASE)
_WRAPPED = {"<": ">", '"': '"', "'": "'", "“": "”", "«": "»"}
_HOMES = frozenset(("", "/", "/index.html", "/index.htm", "/index.php", "/home", "/home/"))

# Country-code domains that anybody may have and most holders have for their looks.
_GENERIC = frozenset(
    "ac ag ai as bz cc cf co dj eu fm ga gg gq im io la ly me ml ms nu pm pw sc sh so sr st su sx tk to tv vc vg "
    "ws".split()
)
_NATIONAL_SECOND = frozenset("com edu gob gov mil net org".split())
_CODES = {"uk": "GB"}
_NATIVE_CODES = dict(
    pair.split(":")
    for pair in (
        "рф:RU бел:BY укр:UA бг:BG срб:RS мкд:MK қаз:KZ мон:MN ελ:GR հայ:AM გე:GE 中国:CN 中國:CN 台灣:TW 台湾:TW "
        "香港:HK 澳門:MO 한국:KR 新加坡:SG சிங்கப்பூர்:SG இலங்கை:LK ලංකා:LK ไทย:TH ລາວ:LA বাংলা:BD भारत:IN ভারত:IN "
        "ਭਾਰਤ:IN ભારત:IN భారత్:IN இந்தியா:IN ഭാരതം:IN ಭಾರತ:IN بھارت:IN پاکستان:PK ایران:IR عراق:IQ سورية:SY "
        "الاردن:JO فلسطين:PS السعودية:SA اليمن:YE عمان:OM امارات:AE قطر:QA مصر:EG سودان:SD تونس:TN الجزائر:DZ "
        "المغرب:MA موريتانيا:MR مليسيا:MY"
    ).split()
)


@dataclass(frozen=True, slots=True)
class _Tracking:
    """The list, made ready: whole names, beginnings of names, and beginnings of values by name."""

    names: frozenset[str]
    beginnings: tuple[str, ...]
    values: dict[str, tuple[str, ...]]


def normalize(url: str) -> str | None:
    """Return the address as the standard serialises it, without tracking parameters.

    Args:
        url: an absolute address as found: blanks around it, `&amp;` and characters that nobody sees are forgiven.

    Returns:
        The address, or None if it is none of http or https.

    >>> normalize("HTTP://Faß.de:80/a/../b?utm_source=x&id=7&amp;q=ü#comments")
    'http://xn--fa-hia.de/b?id=7&q=%C3%BC'
    """
    return _written(_typed(url), None)


def resolve(address: str, base: str | None) -> str | None:
    """Return a relative address as seen from a page, normalised; an absolute one for what it is.

    A blank address or a bare fragment would be the page itself, which is never what an image's address means: None.

    >>> resolve("//cdn.example.org/1.jpg", "https://example.org/a/b"), resolve("../1.jpg", None)
    ('https://cdn.example.org/1.jpg', None)
    """
    typed = _typed(address)
    if not typed or typed.startswith("#"):
        return None
    return _written(typed, _typed(base) if base else None) or _written(typed, None)


def domain(url: str) -> str | None:
    """Return the registrable domain, as its ASCII form (A-labels).

    Private suffixes count: `a.blogspot.com` and `b.blogspot.com` are two houses. A page right on such a suffix belongs
    to who runs it. The form is ASCII because the host in `url` is: the one can be found in the other, and a letter that
    only looks like another can't hide.

    Returns:
        The domain; None for an IP address, a single label, a public suffix and what is no address.

    >>> domain("https://www.bbc.co.uk/news"), domain("https://blog.faß.de/"), domain("http://10.0.0.1/")
    ('bbc.co.uk', 'xn--fa-hia.de', None)
    """
    labels = _labels(url)
    return _registrable(".".join(labels)) if len(labels) > 1 else None


# Most articles of a feed are of few sites, and each is asked for several times.
@lru_cache(1 << 10)
def _registrable(host: str) -> str | None:
    return _suffixes(icann=False).privatesuffix(host) or _suffixes(icann=True).privatesuffix(host)


def country(url: str) -> str | None:
    """Return the ISO 3166 code of the country whose top-level domain the address is under.

    `.io`, `.tv` and their like say nothing of a country, but `.com.co` does.

    >>> country("https://www.bbc.co.uk/"), country("https://президент.рф/"), country("https://example.io/")
    ('GB', 'RU', None)
    """
    labels = _labels(url)
    if len(labels) < 2:
        return None
    top = labels[-1]
    if top.startswith("xn--"):
        return _NATIVE_CODES.get(idna_to_unicode(top))
    if len(top) != 2 or not _suffixes(icann=True).publicsuffix(f"x.{top}", accept_unknown=False):
        return None
    if top in _GENERIC and not (top != "eu" and len(labels) > 2 and labels[-2] in _NATIONAL_SECOND):
        return None
    return _CODES.get(top, top.upper())


def day(url: str) -> str | None:
    """Return the date that the path of an address holds, as `2022-02-02` or `2022-02`; never one guessed from an id.

    >>> day("https://example.org/2022/feb/02/title"), day("https://example.org/news/world-20191118")
    ('2022-02-02', None)
    """
    parsed = _parsed(_typed(url), None) if MAYBE_DATED.search(url) else None
    return dated(parsed.pathname) if parsed else None


def disagreement(canonical: str, url: str) -> str | None:
    """Say in a sentence how a canonical address contradicts the page's own, if it does.

    It may still be right (a syndicated article names its origin), so this is for a warning.

    >>> disagreement("https://example.com/", "https://www.example.com/2022/an-article")
    'This is the home page of the site.'
    >>> disagreement("https://example.org/a", "https://example.com/a")
    'This is on another site: example.org.'
    """
    told, page = normalize(canonical), normalize(url)
    if told is None or page is None:
        return None
    there, here = _site(told), _site(page)
    if there != here:
        return f"This is on another site: {there}."
    return "This is the home page of the site." if _is_home(told) and not _is_home(page) else None


def _typed(address: str) -> str:
    """Take off what copying has put around and into an address."""
    plain = _INVISIBLE.sub("", address).strip()
    if plain[:1] in _WRAPPED and len(plain) > 1 and plain[-1] == _WRAPPED[plain[0]]:
        plain = plain[1:-1].strip()
    return _ESCAPED.sub("&", plain) if "&" in plain else plain


def _parsed(typed: str, base: str | None) -> URL | None:
    """Parse an address of http or https. A lone surrogate can't be written as UTF-8, so it is no address."""
    try:
        parsed = URL(typed, base)
    except ValueError:
        return None
    return parsed if parsed.protocol in ("http:", "https:") else None


def _written(typed: str, base: str | None) -> str | None:
    parsed = _parsed(typed, base)
    if parsed is None:
        return None
    rest, _, fragment = parsed.href.partition("#")
    front, _, query = rest.partition("?")
    scheme, _, place = front.partition("//")
    authority, slash, path = place.partition("/")
    query = _untracked(query)
    route = fragment.partition(":~:")[0] if fragment.startswith(("!", "/")) else ""
    host = authority.rpartition("@")[2]
    return f"{scheme}//{host}{slash}{path}" + (f"?{query}" if query else "") + (f"#{route}" if route else "")


def _untracked(query: str) -> str:
    """Drop the pieces of a query that are on the list. Whatever stays, stays as it was."""
    pieces = query.split("&")
    kept = [piece for piece in pieces if not (piece and _tracks(piece))]
    if len(kept) == len(pieces):
        return query
    return "&".join(kept) if any(kept) else ""


def _tracks(piece: str) -> bool:
    name, _, value = piece.lower().partition("=")
    name = unquote(name) if "%" in name and len(name) < 100 else name
    tracking = _tracking()
    if name in tracking.names or name.startswith(tracking.beginnings):
        return True
    return name in tracking.values and f"{value}\n".startswith(tracking.values[name])


@cache
def _tracking() -> _Tracking:
    """Read the list. A value that must be whole is a beginning that ends in a line break, which no address holds."""
    text = files("copydesk.metadata.urls").joinpath("tracking.txt").read_text(encoding="utf-8")
    entries = [entry for line in text.splitlines() if (entry := line.partition("#")[0].strip())]
    values: dict[str, tuple[str, ...]] = {}
    for name, _, value in (entry.partition("=") for entry in entries if "=" in entry):
        values[name] = (*values.get(name, ()), value[:-1] if value.endswith("*") else f"{value}\n")
    names = [entry for entry in entries if "=" not in entry]
    beginnings = tuple(name[:-1] for name in names if name.endswith("*"))
    return _Tracking(frozenset(names), beginnings, values)


def _labels(url: str) -> list[str]:
    """Return the labels of the host, from the left; none for an IP address."""
    parsed = _parsed(_typed(url), None)
    if parsed is None or parsed.host_type is not HostType.DEFAULT:
        return []
    return parsed.hostname.rstrip(".").split(".")


@cache
def _suffixes(*, icann: bool) -> PublicSuffixList:
    """Read the public suffix list, with or without its private section."""
    return PublicSuffixList(only_icann=icann)


def _site(url: str) -> str:
    return domain(url) or URL(url).hostname


def _is_home(url: str) -> bool:
    parsed = URL(url)
    return parsed.pathname in _HOMES and not parsed.search and not parsed.hash
