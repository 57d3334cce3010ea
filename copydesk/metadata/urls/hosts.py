"""Hosts: registrable domains by the public suffix list in the package publicsuffixlist."""

from __future__ import annotations

from functools import cache

from publicsuffixlist import PublicSuffixList

from copydesk.cache import bounded_cache

# Of the DNS. The list takes time quadratic in the number of labels.
MAX_HOST_CHARS = 253


# A feed has few sites, and each domain is needed several times per article.
@bounded_cache
def registrable_domain(host: str) -> str | None:
    """Return the registrable domain of a host, or None for a public suffix or an invalid host. Private suffixes count.

    >>> registrable_domain("www.bbc.co.uk"), registrable_domain("a.blogspot.com"), registrable_domain("co.uk")
    ('bbc.co.uk', 'a.blogspot.com', None)
    """
    if len(host) > MAX_HOST_CHARS:
        return None
    return _public_suffixes(icann=False).privatesuffix(host) or _public_suffixes(icann=True).privatesuffix(host)


@bounded_cache
def is_public(host: str) -> bool:
    """Return whether a host is below a suffix that the list has.

    >>> is_public("example.org"), is_public("index.html"), is_public("localhost")
    (True, False, False)
    """
    if len(host) > MAX_HOST_CHARS:
        return False
    suffix = _public_suffixes(icann=True).publicsuffix(host, accept_unknown=False)
    return suffix is not None and suffix != host


def is_within(host: str, domain: str) -> bool:
    """Return whether a host is a domain or below it.

    >>> is_within("news.example.org", "example.org"), is_within("badexample.org", "example.org")
    (True, False)
    """
    return host == domain or host.endswith(f".{domain}")


def is_country_code(label: str) -> bool:
    """Return whether a label of two letters is a top-level domain."""
    return bool(_public_suffixes(icann=True).publicsuffix(f"x.{label}", accept_unknown=False))


@cache
def _public_suffixes(*, icann: bool) -> PublicSuffixList:
    """Read the public suffix list, with its private section or only that of ICANN."""
    return PublicSuffixList(only_icann=icann)
