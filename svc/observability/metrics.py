"""Prometheus metrics of all workers, in the files of `PROMETHEUS_MULTIPROC_DIR`.

Each worker slot has its own files, which the next worker in the slot reuses; one set per pid would pile up. Without
that directory, as in tests, the metrics are those of this process. The cardinality of every label is bounded.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

import prometheus_client.values
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from .. import lifecycle

_IS_MULTIPROCESS: Final = "PROMETHEUS_MULTIPROC_DIR" in os.environ
if _IS_MULTIPROCESS:
    _by_slot = prometheus_client.values.MultiProcessValue(lifecycle.worker_number)  # type: ignore[no-untyped-call]
    prometheus_client.values.ValueClass = _by_slot

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_REGISTRY: Final = CollectorRegistry()
_TIME_BUCKETS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def _counter(name: str, description: str, *labels: str) -> Counter:
    return Counter(f"copydesk_{name}", description, labels, registry=_REGISTRY)


def _histogram(name: str, description: str, buckets: Iterable[float], *labels: str) -> Histogram:
    return Histogram(f"copydesk_{name}", description, labels, buckets=tuple(buckets), registry=_REGISTRY)


REQUESTS = _counter("http_requests", "HTTP requests.", "route", "method", "status")
REQUEST_DURATION_SECONDS = _histogram(
    "http_request_duration_seconds",
    "Time from the request headers to the end of the response.",
    _TIME_BUCKETS_S,
    "route",
)
REQUESTS_IN_FLIGHT = Gauge(
    "copydesk_http_requests_in_flight", "Requests in flight.", registry=_REGISTRY, multiprocess_mode="livesum"
)
BODY_BYTES_HELD = Gauge(
    "copydesk_body_bytes_held",
    "Bytes of bodies and responses in memory.",
    registry=_REGISTRY,
    multiprocess_mode="livesum",
)
QUEUE_WAIT_SECONDS = _histogram("queue_wait_seconds", "Time that a request waited for the CPU slot.", _TIME_BUCKETS_S)
REQUESTS_REJECTED = _counter("requests_rejected", "Requests rejected as overload.", "reason")
CONNECTIONS_CUT = _counter("connections_cut", "Connections closed while they were idle or sent a head.", "reason")
LOG_LINES_DROPPED = _counter("log_lines_dropped", "Log lines dropped as their reader was too slow.")
API_KEYS_ERRORS = _counter("api_keys_errors", "Failed attempts to load the file of API keys.")
API_KEYS_DEGRADED = Gauge(
    "copydesk_api_keys_degraded",
    "1 if the file of API keys is invalid, empty or missing.",
    registry=_REGISTRY,
    multiprocess_mode="livemax",
)
PROBLEMS = _counter("problems", "Problems, including those of single articles in batches.", "type")
ARTICLES = _counter("articles", "Articles and texts cleaned.")
CHARACTERS = _counter("characters", "Code points of cleaned texts.")
CHANGES = _counter("changes", "Changes by kind.", "kind")
CHARSET_REPAIRS = _counter(
    "charset_repairs",
    "Repairs by the actual charset and the one that the text was decoded as.",
    "actual",
    "decoded_as",
)
LANGUAGES = _counter("languages", "Articles and texts by language.", "language")
BATCH_ARTICLES = _histogram("batch_articles", "Articles per batch.", (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000))

# Sixty charsets make thousands of pairs. Real traffic has a few dozen; the rest is counted as one.
_MAX_PAIRS: Final = 50
_pairs: Final[set[tuple[str, str]]] = set()


def charset_pair_labels(pair: tuple[str, str]) -> tuple[str, str]:
    """Return the labels of a pair of charsets: `other` if there are too many pairs."""
    if len(_pairs) < _MAX_PAIRS:
        _pairs.add(pair)
    return pair if pair in _pairs else ("other", "other")


def render() -> bytes:
    """Return all metrics in Prometheus' text format."""
    registry = _REGISTRY
    if _IS_MULTIPROCESS:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
