"""URLs within others: those of redirects and share buttons, and of pages in AMP caches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote_to_bytes

from ada_url import URL

from copydesk.cache import bounded_cache
from copydesk.metadata.urls.hosts import MAX_HOST_CHARS, is_public, registrable_domain
from copydesk.tables import read_rows

_WEB_URL = re.compile(r"https?://[^/?#\\]*\.", re.IGNORECASE)
# A value may be encoded twice.
_MAX_DECODINGS = 2
# `/c/s/example.org/a` and `/ii/w820/s/example.org/1.jpg` in a cache, and `/amp/s/example.org/a` in a search engine. The
# `s` stands for https.
_ADDRESS = r"(?P<s>s/)?(?P<rest>(?P<host>[^/]+\.[^/]+)(?:/.*)?)"
_CACHED, _VIEWED = re.compile(rf"/[a-z]{{1,3}}/(?:w\d{{1,5}}/)?{_ADDRESS}"), re.compile(rf"/amp/{_ADDRESS}")
_AMP_PATHS = {"cdn.ampproject.org": _CACHED, "bing-amp.com": _CACHED, "google.*": _VIEWED, "bing.com": _VIEWED}


@dataclass(frozen=True, slots=True)
class _Wrapper:
    """A page that leads to another one.

    Attributes:
        path: its path; `*` for any end.
        parameters: the parameters with the URL, in the order of preference.
    """

    path: str
    parameters: tuple[str, ...]


def unwrap(url: URL) -> str | None:
    """Return the URL that a redirect or cache leads to, or None for all others.

    >>> unwrap(URL("https://www.google.com/url?q=https%3A%2F%2Fexample.org%2Fa&sa=D"))
    'https://example.org/a'
    >>> unwrap(URL("https://example-org.cdn.ampproject.org/c/s/example.org/a?b=1"))
    'https://example.org/a?b=1'
    """
    form, wrappers = _rules(url.hostname)
    if form is None and not wrappers:
        return None
    path, query = url.pathname, url.search
    cached = form.fullmatch(path) if form else None
    if cached and is_public(cached["host"].lower()):
        return f"{'https' if cached['s'] else 'http'}://{cached['rest']}{query}"
    for wrapper in wrappers:
        is_here = path.startswith(wrapper.path[:-1]) if wrapper.path.endswith("*") else path == wrapper.path
        target = _find_target(query, wrapper.parameters) if is_here else None
        if target:
            return target
    return None


# A feed has few sites.
@bounded_cache
def _rules(host: str) -> tuple[re.Pattern[str] | None, tuple[_Wrapper, ...]]:
    """Return the form of AMP paths on a host, and its wrappers."""
    if len(host) > MAX_HOST_CHARS:
        return None, ()
    names = tuple(_names(host))
    forms = (_AMP_PATHS[name] for name in names if name in _AMP_PATHS)
    return next(forms, None), tuple(wrapper for name in names for wrapper in _load_wrappers().get(name, ()))


def _names(host: str) -> Iterator[str]:
    """Yield a host, the domains above it, and its domain with any suffix."""
    labels = host.split(".")
    yield from (".".join(labels[i:]) for i in range(len(labels) - 1))
    domain = registrable_domain(host)
    if domain:
        yield f"{domain.partition('.')[0]}.*"


def _find_target(query: str, parameters: tuple[str, ...]) -> str | None:
    """Return the first parameter that is a URL."""
    values = dict(pair.partition("=")[::2] for pair in reversed(query.removeprefix("?").split("&")))
    return next(filter(None, (_decode(values.get(name, "")) for name in parameters)), None)


def _decode(value: str) -> str | None:
    """Decode a URL, or return None for another value."""
    for _ in range(_MAX_DECODINGS):
        try:
            value = unquote_to_bytes(value).decode()
        except UnicodeDecodeError:
            return None
        if _WEB_URL.match(value):
            return value
    return None


@cache
def _load_wrappers() -> dict[str, list[_Wrapper]]:
    wrappers: dict[str, list[_Wrapper]] = {}
    for name, path, parameters in read_rows("copydesk.metadata.urls", "wrappers.txt"):
        wrappers.setdefault(name, []).append(_Wrapper(path, tuple(parameters.split())))
    return wrappers
