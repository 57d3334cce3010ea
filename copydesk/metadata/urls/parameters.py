"""Removal of what identifies a reader: tracking parameters and session ids, by the list in `tracking.txt`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from copydesk.metadata.urls.hosts import is_within
from copydesk.tables import read_rows

_MAX_ESCAPED_NAME_CHARS = 99
# A whole value ends with a line break, which URLs do not have.
_END = "\n"
# The mark of a name that is removed if its value is a session id.
_SESSION = "~"
# 20 to 128 letters and digits, at least one of each. An id of an article is shorter, a number, a UUID or, with 24
# hexadecimal digits, an ObjectId of MongoDB.
_SESSION_ID = re.compile(r"(?=[a-z,]{0,127}[0-9])(?=[0-9,]{0,127}[a-z])(?![0-9a-f]{24}\Z)[0-9a-z,]{20,128}")
# Session ids in the path: `;jsessionid=…` of Java, and `/(S(…))/` of ASP.NET.
_PATH_SESSION = re.compile(
    r"(?:;|%3b)(?:jsessionid|phpsessid|aspsessionid[a-z]*|session_?id|sessid)=[^/;]*"
    r"|/\((?:[a-z]\([0-9a-z_-]{15,200}\)){1,9}\)(?=/)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Tracking:
    """The parameters.

    Attributes:
        names: whole names.
        prefixes: prefixes of names.
        suffixes: suffixes of names.
        value_prefixes: prefixes of values by name.
        sessions: names that are removed if the value is a session id.
        domains: the domains by name, for names that count only there.
    """

    names: frozenset[str]
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    value_prefixes: dict[str, tuple[str, ...]]
    sessions: frozenset[str]
    domains: dict[str, tuple[str, ...]]


def clean_query(query: str, host: str) -> str:
    """Remove the parameters of a query that identify a reader. The others stay byte for byte.

    >>> clean_query("a=%41&utm_source=x", "example.org"), clean_query("v=1&si=x", "www.youtube.com")
    ('a=%41', 'v=1')
    """
    parameters = query.split("&")
    kept = [parameter for parameter in parameters if not (parameter and _is_tracking(parameter, host))]
    if len(kept) == len(parameters):
        return query
    return "&".join(kept) if any(kept) else ""


def clean_path(path: str, host: str) -> str:
    """Remove session ids from a path, and tracking parameters that were appended with `&` instead of `?`.

    >>> clean_path("/a;jsessionid=1A2B/b", "example.org"), clean_path("/a&utm_source=x&", "example.org")
    ('/a/b', '/a')
    """
    path = _PATH_SESSION.sub("", path)
    if "&" not in path:
        return path
    first, *parameters = path.split("&")
    while parameters and (not parameters[-1] or ("=" in parameters[-1] and _is_tracking(parameters[-1], host))):
        parameters.pop()
    return "&".join((first, *parameters))


def _is_tracking(parameter: str, host: str) -> bool:
    name, _, value = parameter.lower().partition("=")
    name = unquote(name) if "%" in name and len(name) <= _MAX_ESCAPED_NAME_CHARS else name
    tracking = _load_tracking()
    if name in tracking.names or name.startswith(tracking.prefixes) or name.endswith(tracking.suffixes):
        return True
    if name in tracking.sessions and _SESSION_ID.fullmatch(value):
        return True
    if name in tracking.domains and any(is_within(host, domain) for domain in tracking.domains[name]):
        return True
    return name in tracking.value_prefixes and f"{value}{_END}".startswith(tracking.value_prefixes[name])


@cache
def _load_tracking() -> _Tracking:
    entries = [row.partition("#")[0].strip() for (row,) in read_rows("copydesk.metadata.urls", "tracking.txt")]
    values: dict[str, tuple[str, ...]] = {}
    domains: dict[str, tuple[str, ...]] = {}
    names: list[str] = []
    sessions: set[str] = set()
    for entry in entries:
        bare, _, domain = entry.partition("@")
        name, _, value = entry.partition("=")
        if domain:
            domains[bare] = (*domains.get(bare, ()), domain)
        elif value == _SESSION:
            sessions.add(name)
        elif value:
            values[name] = (*values.get(name, ()), value[:-1] if value.endswith("*") else f"{value}{_END}")
        else:
            names.append(name)
    prefixes = tuple(name[:-1] for name in names if name.endswith("*"))
    suffixes = tuple(name[1:] for name in names if name.startswith("*"))
    return _Tracking(frozenset(names), prefixes, suffixes, values, frozenset(sessions), domains)
