"""URLs: normalized by the WHATWG URL standard, without tracking parameters; and the site, country and date in a URL.

    URL as found -> `found` -> ada-url -> `wrappers` -> `parameters` -> normalized URL

Two URLs of one article should be one string. The risk is a URL that no longer works: other cleaners drop the `q` of
`?id=7&q=ü`, turn `faß.de` into another site, or sort and re-encode the query, which servers may compare byte by byte.

* What surrounds a URL in markup and prose is removed. Without a scheme, https is assumed, except for file names.
* ada-url, the parser of Node.js, parses and serializes the URL (hosts by UTS 46, non-transitional, as in IDNA 2008).
* URLs of redirects and AMP caches become those of the page, by `wrappers.txt`.
* Query parameters are removed if their name is in `tracking.txt`, and session ids. Every other byte of the query stays.
* The path stays: no slash is added or removed, and no `index.html`.
* Fragments are removed, except routes (`#!…`, `#/…`). So are empty queries, user names and passwords.

The registrable domain is from the public suffix list in the package publicsuffixlist. There are no network requests.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ada_url import URL, HostType, idna_to_unicode

from copydesk.metadata.urls.found import clean_input
from copydesk.metadata.urls.hosts import is_country_code, is_public, registrable_domain
from copydesk.metadata.urls.parameters import clean_path, clean_query
from copydesk.metadata.urls.path_dates import YEAR_IN_URL, find_path_date
from copydesk.metadata.urls.wrappers import unwrap
from copydesk.tables import read_rows

# A host without a scheme: `www.example.org/a`, `//example.org`.
_LABEL = r"[^/?#@:.\\\[\]\s]+"
_SCHEMELESS = re.compile(rf"(?://)?(?P<rest>{_LABEL}(?:\.{_LABEL})+\.?(?::\d{{1,5}})?(?:[/?#].*)?)", re.DOTALL)
_HTTP_SCHEME = re.compile("https?://", re.IGNORECASE)
# A bare host or the name of a file: `example.md`, `story.pl?id=7`.
_BARE_NAME = re.compile(rf"{_LABEL}\.(?P<suffix>{_LABEL})(?:[?#].*)?", re.DOTALL)
# Nested redirects, and rubbish before parameters that are removed.
_MAX_ROUNDS = 10
# An article has few URLs, and the next one has others.
_MAX_CACHED_URLS = 8
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


def normalize(url: str) -> str | None:
    """Serialize a URL by the standard, without tracking parameters and session ids.

    Args:
        url: an absolute URL as found: blanks, quotes and markup around it, `&amp;` and invisible characters are
            tolerated. Without a scheme, https is assumed. That of a redirect or AMP cache becomes that of the page.

    Returns:
        The URL, or None if it is not a URL with the scheme http or https.

    >>> normalize("HTTP://Faß.de:80/a/../b?utm_source=x&id=7&amp;q=ü#comments")
    'http://xn--fa-hia.de/b?id=7&q=%C3%BC'
    """
    parsed = _find(url)
    return _normalize(parsed) if parsed else None


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
    cleaned = clean_input(url)
    if not cleaned or cleaned.startswith("#"):
        return None
    base_url = _find(base) if base else None
    if base_url is None or _is_schemeless(cleaned, base_url):
        return normalize(cleaned)
    parsed = _parse(cleaned, base_url.href)
    return _normalize(_unwrap(parsed)) if parsed else None


def has_http_scheme(url: str) -> bool:
    r"""Return whether a URL starts with the scheme http or https, as it is.

    >>> has_http_scheme("HTTPS://example.com/a"), has_http_scheme("/a"), has_http_scheme(r"https:\/\/example.com")
    (True, False, False)
    """
    return _HTTP_SCHEME.match(url) is not None


def is_schemeless(url: str, base: str | None = None) -> bool:
    """Return whether a URL starts with a host, so that https is assumed.

    Args:
        url: the URL as found.
        base: the URL of the page. A relative path may look like a host: only one with `www.` or on the site is one.

    >>> is_schemeless("www.example.com/a"), is_schemeless("example.com/a", "https://example.org/")
    (True, False)
    """
    return _is_schemeless(clean_input(url), _find(base) if base else None)


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
    return registrable_domain(".".join(labels)) if len(labels) > 1 else None


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
    if len(top) != 2 or not is_country_code(top):
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
    parsed = _find(url) if YEAR_IN_URL.search(url) else None
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


# Several stages ask for the site, the country and the date of the URL of an article.
@lru_cache(_MAX_CACHED_URLS)
def _find(url: str) -> URL | None:
    """Parse an absolute URL as found. The result is shared: it must not be changed."""
    cleaned = clean_input(url)
    parsed = _parse(cleaned, None) or _parse_schemeless(cleaned)
    return _unwrap(parsed) if parsed else None


def _unwrap(url: URL) -> URL:
    """Return the URL that redirects and caches lead to."""
    for _ in range(_MAX_ROUNDS):
        target = unwrap(url)
        parsed = _parse(clean_input(target), None) if target else None
        if parsed is None:
            break
        url = parsed
    return url


def _parse_schemeless(url: str) -> URL | None:
    """Parse a URL that starts with a host: `www.`, or a name with a known suffix that is not that of a file."""
    match = _SCHEMELESS.fullmatch(url)
    parsed = _parse(f"https://{match['rest']}", None) if match else None
    if parsed is None or parsed.hostname.startswith("www."):
        return parsed
    return parsed if is_public(parsed.hostname) and not _is_file_name(url) else None


def _is_file_name(url: str) -> bool:
    match = _BARE_NAME.fullmatch(url)
    return match is not None and match["suffix"].lower() in _load_file_suffixes()


@cache
def _load_file_suffixes() -> frozenset[str]:
    return frozenset(suffix for (suffix,) in read_rows("copydesk.metadata.urls", "file_suffixes.txt"))


def _is_schemeless(url: str, base: URL | None) -> bool:
    parsed = _parse_schemeless(url)
    if parsed is None or base is None:
        return parsed is not None
    if url.startswith("//"):
        return False
    return parsed.hostname.startswith("www.") or (
        registrable_domain(parsed.hostname) is not None
        and registrable_domain(parsed.hostname) == registrable_domain(base.hostname)
    )


def _parse(url: str, base: str | None) -> URL | None:
    """Parse a URL of http or https. A URL with a lone surrogate is invalid, because UTF-8 cannot encode it."""
    try:
        parsed = URL(url, base)
    except ValueError:
        return None
    return parsed if parsed.protocol in ("http:", "https:") else None


def _normalize(url: URL) -> str | None:
    """Serialize a URL. What is removed from it may leave rubbish, dots at an end, or an invalid URL."""
    normalized = _serialize(url)
    if normalized == url.href and clean_input(normalized) == normalized:
        return normalized
    for _ in range(_MAX_ROUNDS):
        again = _find(normalized)
        if again is None:
            return None
        serialized = _serialize(again)
        if serialized == normalized:
            break
        normalized = serialized
    return normalized


def _serialize(url: URL) -> str:
    without_fragment, _, fragment = url.href.partition("#")
    without_query, _, query = without_fragment.partition("?")
    scheme, _, authority_and_path = without_query.partition("//")
    authority, slash, path = authority_and_path.partition("/")
    host, colon, port = authority.rpartition("@")[2].partition(":") if "[" not in authority else (authority, "", "")
    host = host.rstrip(".") or host
    path = clean_path(f"{slash}{path}", host)
    query = clean_query(query, host) if query else ""
    route = fragment.partition(":~:")[0] if fragment.startswith(("!", "/")) else ""
    return f"{scheme}//{host}{colon}{port}{path}" + (f"?{query}" if query else "") + (f"#{route}" if route else "")


@lru_cache(_MAX_CACHED_URLS)
def _labels(url: str) -> tuple[str, ...]:
    """Return the labels of the host from the left; none for an IP address."""
    parsed = _find(url)
    if parsed is None or parsed.host_type is not HostType.DEFAULT:
        return ()
    return tuple(parsed.hostname.rstrip(".").split("."))


def _site(url: str) -> str:
    return domain(url) or URL(url).hostname


def _is_home_page(url: str) -> bool:
    parsed = URL(url)
    return parsed.pathname in _HOME_PATHS and not parsed.search and not parsed.hash
