"""URLs: normalized by the WHATWG URL standard, without tracking parameters; and the site, country and date in a URL.

Two URLs of one article should be one string. The risk is a URL that no longer works: other cleaners drop the `q` of
`?id=7&q=ü`, turn `faß.de` into another site, or sort and re-encode the query, which servers may compare byte by byte.

* ada-url, the parser of Node.js, parses and serializes the URL (hosts by UTS 46, non-transitional, as in IDNA 2008).
* Query parameters are removed if their name is in `tracking.txt`. Every other byte of the query stays.
* The path stays: no slash is added or removed, and no `index.html`.
* Fragments are removed, except routes (`#!…`, `#/…`). So are empty queries, user names and passwords.

The registrable domain is from the public suffix list in the package publicsuffixlist. There are no network requests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import unquote

from ada_url import URL, HostType, idna_to_unicode
from publicsuffixlist import PublicSuffixList

from copydesk.metadata.urls.path_dates import YEAR_IN_URL, find_path_date
from copydesk.tables import read_rows

# The standard drops tabs and line breaks. UTS 46 ignores the others in a host; in a path they would be percent-encoded.
# Joiners are not included: Persian and Indic slugs need them.
_INVISIBLE = re.compile("[\t\n\r\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_ESCAPED_AMPERSAND = re.compile(r"&(?:(?:amp|#0*+38|#x0*+26);)++", re.IGNORECASE)
_WRAPPERS = {"<": ">", '"': '"', "'": "'", "“": "”", "«": "»"}
_MAX_ESCAPED_NAME_CHARS = 99
_HOME_PATHS = frozenset(("", "/", "/index.html", "/index.htm", "/index.php", "/home", "/home/"))

# Country-code domains that are mostly used without relation to the country.
_GENERIC_COUNTRY_CODES = frozenset(
    "ac ag ai as bz cc cf co dj eu fm ga gg gq im io la ly me ml ms nu pm pw sc sh so sr st su sx tk to tv vc vg "
    "ws".split()
)
_NATIONAL_SECOND_LEVELS = frozenset("com edu gob gov mil net org".split())
_COUNTRY_CODES = {"uk": "GB"}
_COUNTRIES_OF_IDN = dict(
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
    """The tracking parameters.

    Attributes:
        names: whole names.
        prefixes: prefixes of names.
        value_prefixes: prefixes of values by name. A whole value ends with a line break, which URLs do not have.
    """

    names: frozenset[str]
    prefixes: tuple[str, ...]
    value_prefixes: dict[str, tuple[str, ...]]


def normalize(url: str) -> str | None:
    """Serialize a URL by the standard, without tracking parameters.

    Args:
        url: an absolute URL as found: blanks around it, `&amp;` and invisible characters are tolerated.

    Returns:
        The URL, or None if it is not a URL with the scheme http or https.

    >>> normalize("HTTP://Faß.de:80/a/../b?utm_source=x&id=7&amp;q=ü#comments")
    'http://xn--fa-hia.de/b?id=7&q=%C3%BC'
    """
    return _serialize(_clean_input(url), None)


def resolve(url: str, base: str | None) -> str | None:
    """Resolve a relative URL against that of a page, and normalize it. An absolute URL is just normalized.

    Args:
        url: the URL as found.
        base: the URL of the page, if known.

    Returns:
        The URL; None if it is invalid, blank, or just a fragment: the URL of an image is never that of its page.

    >>> resolve("//cdn.example.org/1.jpg", "https://example.org/a/b"), resolve("../1.jpg", None)
    ('https://cdn.example.org/1.jpg', None)
    """
    cleaned = _clean_input(url)
    if not cleaned or cleaned.startswith("#"):
        return None
    return _serialize(cleaned, _clean_input(base) if base else None) or _serialize(cleaned, None)


def domain(url: str) -> str | None:
    """Return the registrable domain in its ASCII form (A-labels).

    Private suffixes count: `a.blogspot.com` and `b.blogspot.com` are two sites. A page directly on such a suffix
    belongs to its operator. The form is ASCII as in the normalized URL, so that homographs are visible.

    Returns:
        The domain; None for an IP address, a single label, a public suffix and an invalid URL.

    >>> domain("https://www.bbc.co.uk/news"), domain("https://blog.faß.de/"), domain("http://10.0.0.1/")
    ('bbc.co.uk', 'xn--fa-hia.de', None)
    """
    labels = _labels(url)
    return _registrable_domain(".".join(labels)) if len(labels) > 1 else None


# A feed has few sites, and each domain is needed several times per article.
@lru_cache(1 << 10)
def _registrable_domain(host: str) -> str | None:
    return _public_suffixes(icann=False).privatesuffix(host) or _public_suffixes(icann=True).privatesuffix(host)


def country(url: str) -> str | None:
    """Return the ISO 3166 code of the country of the top-level domain.

    `.io`, `.tv` and similar ones are not related to a country, but `.com.co` is.

    >>> country("https://www.bbc.co.uk/"), country("https://президент.рф/"), country("https://example.io/")
    ('GB', 'RU', None)
    """
    labels = _labels(url)
    if len(labels) < 2:
        return None
    top = labels[-1]
    if top.startswith("xn--"):
        return _COUNTRIES_OF_IDN.get(idna_to_unicode(top))
    if len(top) != 2 or not _public_suffixes(icann=True).publicsuffix(f"x.{top}", accept_unknown=False):
        return None
    if top in _GENERIC_COUNTRY_CODES and not (
        top != "eu" and len(labels) > 2 and labels[-2] in _NATIONAL_SECOND_LEVELS
    ):
        return None
    return _COUNTRY_CODES.get(top, top.upper())


def day(url: str) -> str | None:
    """Return the date in the path of a URL, as `2022-02-02` or `2022-02`.

    >>> day("https://example.org/2022/feb/02/title"), day("https://example.org/news/world-20191118")
    ('2022-02-02', None)
    """
    parsed = _parse(_clean_input(url), None) if YEAR_IN_URL.search(url) else None
    return find_path_date(parsed.pathname) if parsed else None


def disagreement(canonical: str, url: str) -> str | None:
    """Return a sentence about how a canonical URL contradicts that of the page; None if it does not.

    The canonical URL may still be right: that of a syndicated article is on the site of its origin.

    >>> disagreement("https://example.com/", "https://www.example.com/2022/an-article")
    'This is the home page of the site.'
    >>> disagreement("https://example.org/a", "https://example.com/a")
    'This is on another site: example.org.'
    """
    canonical_url, page_url = normalize(canonical), normalize(url)
    if canonical_url is None or page_url is None:
        return None
    canonical_site = _site(canonical_url)
    if canonical_site != _site(page_url):
        return f"This is on another site: {canonical_site}."
    is_home_page = _is_home_page(canonical_url) and not _is_home_page(page_url)
    return "This is the home page of the site." if is_home_page else None


def _clean_input(url: str) -> str:
    """Remove quotes around a copied URL, invisible characters and HTML escapes."""
    plain = _INVISIBLE.sub("", url).strip()
    if plain[:1] in _WRAPPERS and len(plain) > 1 and plain[-1] == _WRAPPERS[plain[0]]:
        plain = plain[1:-1].strip()
    return _ESCAPED_AMPERSAND.sub("&", plain) if "&" in plain else plain


def _parse(url: str, base: str | None) -> URL | None:
    """Parse a URL of http or https. A URL with a lone surrogate is invalid, because UTF-8 cannot encode it."""
    try:
        parsed = URL(url, base)
    except ValueError:
        return None
    return parsed if parsed.protocol in ("http:", "https:") else None


def _serialize(url: str, base: str | None) -> str | None:
    parsed = _parse(url, base)
    if parsed is None:
        return None
    without_fragment, _, fragment = parsed.href.partition("#")
    without_query, _, query = without_fragment.partition("?")
    scheme, _, authority_and_path = without_query.partition("//")
    authority, slash, path = authority_and_path.partition("/")
    query = _remove_tracking(query)
    route = fragment.partition(":~:")[0] if fragment.startswith(("!", "/")) else ""
    host = authority.rpartition("@")[2]
    return f"{scheme}//{host}{slash}{path}" + (f"?{query}" if query else "") + (f"#{route}" if route else "")


def _remove_tracking(query: str) -> str:
    """Remove the tracking parameters of a query. The others stay byte for byte."""
    parameters = query.split("&")
    kept = [parameter for parameter in parameters if not (parameter and _is_tracking(parameter))]
    if len(kept) == len(parameters):
        return query
    return "&".join(kept) if any(kept) else ""


def _is_tracking(parameter: str) -> bool:
    name, _, value = parameter.lower().partition("=")
    name = unquote(name) if "%" in name and len(name) <= _MAX_ESCAPED_NAME_CHARS else name
    tracking = _load_tracking()
    if name in tracking.names or name.startswith(tracking.prefixes):
        return True
    return name in tracking.value_prefixes and f"{value}\n".startswith(tracking.value_prefixes[name])


@cache
def _load_tracking() -> _Tracking:
    entries = [row.partition("#")[0].strip() for (row,) in read_rows("copydesk.metadata.urls", "tracking.txt")]
    values: dict[str, tuple[str, ...]] = {}
    for name, _, value in (entry.partition("=") for entry in entries if "=" in entry):
        values[name] = (*values.get(name, ()), value[:-1] if value.endswith("*") else f"{value}\n")
    names = [entry for entry in entries if "=" not in entry]
    prefixes = tuple(name[:-1] for name in names if name.endswith("*"))
    return _Tracking(frozenset(names), prefixes, values)


def _labels(url: str) -> list[str]:
    """Return the labels of the host from the left, or an empty list for an IP address."""
    parsed = _parse(_clean_input(url), None)
    if parsed is None or parsed.host_type is not HostType.DEFAULT:
        return []
    return parsed.hostname.rstrip(".").split(".")


@cache
def _public_suffixes(*, icann: bool) -> PublicSuffixList:
    """Read the public suffix list, with its private section or only that of ICANN."""
    return PublicSuffixList(only_icann=icann)


def _site(url: str) -> str:
    return domain(url) or URL(url).hostname


def _is_home_page(url: str) -> bool:
    parsed = URL(url)
    return parsed.pathname in _HOME_PATHS and not parsed.search and not parsed.hash
