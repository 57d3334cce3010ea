"""The metrics, for Prometheus: of all workers together, in the files of `PROMETHEUS_MULTIPROC_DIR`.

Each worker slot has its own files, used again by the next worker in it: with one for each pid they would pile up.
Without that directory (in tests, under another server) they are of this process alone. No label holds what a caller
chose freely: each is bounded.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

import prometheus_client.values
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from svc import lifecycle

_SHARED: Final = "PROMETHEUS_MULTIPROC_DIR" in os.environ
if _SHARED:
    _by_slot = prometheus_client.values.MultiProcessValue(lifecycle.slot)  # type: ignore[no-untyped-call]
    prometheus_client.values.ValueClass = _by_slot

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_REGISTRY: Final = CollectorRegistry()
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def _counter(name: str, told: str, *labels: str) -> Counter:
    return Counter(f"copydesk_{name}", told, labels, registry=_REGISTRY)


def _histogram(name: str, told: str, buckets: Iterable[float], *labels: str) -> Histogram:
    return Histogram(f"copydesk_{name}", told, labels, buckets=tuple(buckets), registry=_REGISTRY)


REQUESTS = _counter("http_requests", "Requests answered.", "route", "method", "status")
SECONDS = _histogram("http_request_seconds", "Seconds from a request's head to its answer's end.", _SECONDS, "route")
IN_FLIGHT = Gauge("copydesk_http_in_flight", "Requests under way.", registry=_REGISTRY, multiprocess_mode="livesum")
QUEUE_WAIT = _histogram("queue_wait_seconds", "Seconds that a request waited for the CPU.", _SECONDS)
SHED = _counter("shed", "Requests refused as overload: the wait was too long, or the room was full.", "reason")
PROBLEMS = _counter("problems", "Problems answered, those of single articles in batches included.", "type")
ARTICLES = _counter("articles", "Articles and texts cleaned.")
CHARACTERS = _counter("characters", "Code points of the cleaned texts.")
CHANGES = _counter("changes", "Changes made, by kind.", "kind")
CHARSETS = _counter(
    "charset_repairs", "Changes that decoded a text anew, by its charset and the one misread.", "true", "misread"
)
LANGUAGES = _counter("languages", "Articles and texts by their language.", "language")
BATCH = _histogram("batch_articles", "Articles in a batch.", (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000))

# Two charsets of some sixty can make thousands of pairs. A pipeline meets a few dozen; the rest is told as one.
_MOST_PAIRS: Final = 50
_pairs: Final[set[tuple[str, str]]] = set()


def charset_pair(pair: tuple[str, str]) -> tuple[str, str]:
    """Return the labels for a pair of charsets: itself, or `other` when there are many already."""
    if len(_pairs) < _MOST_PAIRS:
        _pairs.add(pair)
    return pair if pair in _pairs else ("other", "other")


def render() -> bytes:
    """Return all metrics as Prometheus reads them."""
    registry = _REGISTRY
    if _SHARED:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
