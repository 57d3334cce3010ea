"""What operators see of each request: its metrics, and one line in the log.

Both are told when the answer has left, so that a streamed batch counts with all its articles. Neither ever holds text
of an article, a key, or a client's address in full.
"""

from __future__ import annotations

import ipaddress
import logging
import time
import zlib
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from flask import Flask, Response, g, request

from svc import metrics
from svc.core.article import Cleaned, Json
from svc.errors import PROBLEM_TYPES, Overloaded
from svc.settings import Settings

Networks: TypeAlias = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

_log = logging.getLogger("copydesk")

# What else comes is counted as one: whoever sends it could make it up.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Asked every few seconds by machines: counted, but a line for each would drown the others.
_QUIET = frozenset({"/livez", "/readyz", "/metrics"})


@dataclass(slots=True)
class Account:
    """What a request has come to so far."""

    wall: float = field(default_factory=time.perf_counter)
    cpu: float = field(default_factory=time.thread_time)
    articles: int = 0
    characters: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)

    def article(self, cleaned: Cleaned) -> None:
        """Count a clean article or text."""
        self.articles += 1
        self.characters += cleaned.char_count
        self.changes.update(cleaned.changed)
        metrics.ARTICLES.inc()
        metrics.CHARACTERS.inc(cleaned.char_count)
        metrics.LANGUAGES.labels(cleaned.language.tag).inc()
        for kind, count in cleaned.changed.items():
            metrics.CHANGES.labels(kind).inc(count)
        for pair, count in cleaned.misread.items():
            metrics.CHARSETS.labels(*metrics.charset_pair(pair)).inc(count)

    def problem(self, problem: dict[str, Json]) -> None:
        """Count a problem: the request's own, or that of an article in a batch."""
        slug = str(problem["type"]).removeprefix(PROBLEM_TYPES)
        self.problems[slug] += 1
        metrics.PROBLEMS.labels(slug).inc()


def account() -> Account:
    """Return the account of the request under way."""
    found: Account = g.account
    return found


def register(app: Flask, settings: Settings) -> None:
    """Open an account for each request, and close it when its answer has left."""
    trusted = tuple(map(ipaddress.ip_network, settings.trusted_proxies))

    @app.before_request
    def _open() -> None:
        g.account = Account()
        metrics.IN_FLIGHT.inc()

    @app.after_request
    def _close_later(response: Response) -> Response:
        known = _known(response, trusted)
        opened, timings, drawn = account(), g.timings, _drawn(settings.log_sample)
        response.call_on_close(lambda: _close(opened, known, timings, drawn))
        return response


def _known(response: Response, trusted: Networks) -> dict[str, Any]:
    """Return what is known of a request when its answer begins. A path that leads nowhere has no name of ours."""
    known: dict[str, Any] = {
        "method": request.method if request.method in _METHODS else "other",
        "route": str(request.url_rule) if request.url_rule else "none",
        "status": response.status_code,
        "client": _network(_client(trusted)),
    }
    return known | ({"key": g.key} if "key" in g else {})


def _close(opened: Account, known: dict[str, Any], timings: dict[str, float], drawn: bool) -> None:  # noqa: FBT001
    route, status = known["route"], known["status"]
    wall = time.perf_counter() - opened.wall
    metrics.IN_FLIGHT.dec()
    metrics.REQUESTS.labels(route, known["method"], status).inc()
    metrics.SECONDS.labels(route).observe(wall)
    failed = status >= 500 and Overloaded.slug not in opened.problems
    if route in _QUIET or not (failed or drawn):
        return
    told = known | {
        "wall_ms": round(wall * 1000, 2),
        "cpu_ms": round((time.thread_time() - opened.cpu) * 1000, 2),
        "queue_ms": round(timings.get("queue", 0.0) * 1000, 2),
        "articles": opened.articles,
        "characters": opened.characters,
        "changes": dict(opened.changes),
        "problems": dict(opened.problems),
    }
    _log.info("request", extra=told)


def _drawn(share: float) -> bool:
    """Draw by the request's id, so that all instances and tries of one request are drawn alike."""
    return share >= 1 or zlib.crc32(g.request_id.encode()) < share * 2**32


def _client(trusted: Networks) -> str:
    """Return the client's address: the peer's, or what trusted proxies say of theirs, from the last to the first."""
    address = request.remote_addr or ""
    for named in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if not named.strip() or not _within(address, trusted):
            break
        address = named.strip()
    return address


def _within(address: str, networks: Networks) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


@lru_cache(maxsize=1024)
def _network(address: str) -> str:
    """Return the network that an address is in: enough to see where load comes from, too little to name a person."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))
