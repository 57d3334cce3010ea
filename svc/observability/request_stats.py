"""The metrics and the log line of each request.

Both are recorded when the response has been sent, so that a streamed batch counts all its articles. Neither has text of
an article, a key or the full IP address of a client.
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

from copydesk.article import CleanArticle, Json
from copydesk.errors import PROBLEM_TYPE_PREFIX
from copydesk.settings import Settings

from ..errors import Overloaded
from ..probes import PROBE_PATHS
from . import metrics

Networks: TypeAlias = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

_log = logging.getLogger("copydesk")

# Other methods are counted as one: a client could invent any number of them.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(slots=True)
class RequestStats:
    """The statistics of a request."""

    start: float = field(default_factory=time.perf_counter)
    cpu_start: float = field(default_factory=time.thread_time)
    articles: int = 0
    characters: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)

    def count_article(self, cleaned: CleanArticle) -> None:
        """Count a clean article or text."""
        self.articles += 1
        self.characters += cleaned.char_count
        self.changes.update(cleaned.change_counts)
        metrics.ARTICLES.inc()
        metrics.CHARACTERS.inc(cleaned.char_count)
        metrics.LANGUAGES.labels(cleaned.language.tag).inc()
        for kind, count in cleaned.change_counts.items():
            metrics.CHANGES.labels(kind).inc(count)
        for pair, count in cleaned.charset_repairs.items():
            metrics.CHARSET_REPAIRS.labels(*metrics.charset_pair_labels(pair)).inc(count)

    def count_problem(self, problem: dict[str, Json]) -> None:
        """Count a problem of the request or of an article in a batch."""
        slug = str(problem["type"]).removeprefix(PROBLEM_TYPE_PREFIX)
        self.problems[slug] += 1
        metrics.PROBLEMS.labels(slug).inc()


def request_stats() -> RequestStats:
    """Return the statistics of the current request."""
    stats: RequestStats = g.stats
    return stats


def register(app: Flask, settings: Settings) -> None:
    """Record the statistics of each request."""
    trusted = tuple(map(ipaddress.ip_network, settings.trusted_proxies))

    @app.before_request
    def _start() -> None:
        g.stats = RequestStats()
        metrics.REQUESTS_IN_FLIGHT.inc()

    @app.after_request
    def _record_on_close(response: Response) -> Response:
        fields = _log_fields(response, trusted)
        stats, timings, sampled = request_stats(), g.timings, _is_sampled(settings.log_sample_rate)
        response.call_on_close(lambda: _record(stats, fields, timings, sampled))
        return response


def _log_fields(response: Response, trusted: Networks) -> dict[str, Any]:
    """Return the fields that are known when the response starts. The route of an unknown path is `none`."""
    fields: dict[str, Any] = {
        "method": request.method if request.method in _METHODS else "other",
        "route": str(request.url_rule) if request.url_rule else "none",
        "status": response.status_code,
        "client": _network(_client_address(trusted)),
    }
    return fields | ({"key": g.key} if "key" in g else {})


def _record(stats: RequestStats, fields: dict[str, Any], timings: dict[str, float], sampled: bool) -> None:  # noqa: FBT001
    route, status = fields["route"], fields["status"]
    duration = time.perf_counter() - stats.start
    metrics.REQUESTS_IN_FLIGHT.dec()
    metrics.REQUESTS.labels(route, fields["method"], status).inc()
    metrics.REQUEST_DURATION_SECONDS.labels(route).observe(duration)
    failed = status >= 500 and Overloaded.slug not in stats.problems
    if route in PROBE_PATHS or not (failed or sampled):
        return
    more = {
        "duration_ms": round(duration * 1000, 2),
        "cpu_ms": round((time.thread_time() - stats.cpu_start) * 1000, 2),
        "queue_ms": round(timings.get("queue", 0.0) * 1000, 2),
        "articles": stats.articles,
        "characters": stats.characters,
        "changes": dict(stats.changes),
        "problems": dict(stats.problems),
    }
    _log.info("request", extra=fields | more)


def _is_sampled(rate: float) -> bool:
    """Return whether to log a request. This depends on its id, so that all retries of a request are logged or none."""
    return rate >= 1 or zlib.crc32(g.request_id.encode()) < rate * 2**32


def _client_address(trusted: Networks) -> str:
    """Return the client's address: that of the peer, or the one that trusted proxies forward."""
    address = request.remote_addr or ""
    for forwarded in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if not forwarded.strip() or not _is_in(address, trusted):
            break
        address = forwarded.strip()
    return address


def _is_in(address: str, networks: Networks) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


@lru_cache(maxsize=1024)
def _network(address: str) -> str:
    """Return the network of an address: enough to find the source of load, too little to identify a person."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))
