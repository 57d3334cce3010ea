"""Prometheus metrics of all workers, in the files of `PROMETHEUS_MULTIPROC_DIR`.

Each worker slot has its own files, which the next worker in the slot reuses; one set per pid would pile up. Without
that directory, as in tests, the metrics are those of this process. The cardinality of every label is bounded. Where the
values of a label are known, their series exist from the start, so that the first increment is an increase.
"""

from __future__ import annotations

import json
import os
import platform
import struct
import time
from collections.abc import Iterable
from importlib.resources import files
from typing import Final, Literal

import prometheus_client.values
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from copydesk import __version__
from copydesk.errors import ProblemError

from .. import errors, lifecycle  # noqa: F401  the problems of HTTP are subclasses, too
from .processes import ProcessCollector

_IS_MULTIPROCESS: Final = "PROMETHEUS_MULTIPROC_DIR" in os.environ
if _IS_MULTIPROCESS:
    _by_slot = prometheus_client.values.MultiProcessValue(lifecycle.worker_number)  # type: ignore[no-untyped-call]
    prometheus_client.values.ValueClass = _by_slot

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_REGISTRY: Final = CollectorRegistry()
_PROCESSES: Final = ProcessCollector()
_REGISTRY.register(_PROCESSES)
_TIME_BUCKETS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def _counter(name: str, description: str, *labels: str) -> Counter:
    return Counter(f"copydesk_{name}", description, labels, registry=_REGISTRY)


def _counter_of(name: str, description: str, label: str, values: Iterable[str]) -> Counter:
    """Create a counter with one label, and a series for each of its values."""
    counter = _counter(name, description, label)
    for value in values:
        counter.labels(value)
    return counter


def _gauge(name: str, description: str, mode: Literal["livesum", "livemax", "max"], *labels: str) -> Gauge:
    return Gauge(f"copydesk_{name}", description, labels, registry=_REGISTRY, multiprocess_mode=mode)


def _histogram(name: str, description: str, buckets: Iterable[float], *labels: str) -> Histogram:
    return Histogram(f"copydesk_{name}", description, labels, buckets=tuple(buckets), registry=_REGISTRY)


REQUESTS = _counter("http_requests", "HTTP requests.", "route", "method", "status")
REQUEST_DURATION_SECONDS = _histogram(
    "http_request_duration_seconds",
    "Time from the request headers to the end of the response.",
    _TIME_BUCKETS_S,
    "route",
)
REQUESTS_IN_FLIGHT = _gauge("http_requests_in_flight", "Requests in flight.", "livesum")
BODY_BYTES_HELD = _gauge("body_bytes_held", "Bytes of request and response bodies in memory.", "livesum")
QUEUE_WAIT_SECONDS = _histogram("queue_wait_seconds", "Queue time of admitted requests.", _TIME_BUCKETS_S)
REQUESTS_REJECTED = _counter_of(
    "requests_rejected",
    "Requests rejected as overload.",
    "reason",
    ("queue_timeout", "queue_full", "batches_full", "connections", "body_bytes", "memory"),
)
CONNECTIONS_CUT = _counter_of(
    "connections_cut",
    "Connections closed while idle or in a request head.",
    "reason",
    ("head_timeout", "connection_limit"),
)
LOG_LINES_DROPPED = _counter("log_lines_dropped", "Log lines dropped because the reader was too slow or gone.")
API_KEYS_ERRORS = _counter("api_keys_errors", "Times that a worker found the file of API keys invalid.")
API_KEYS_DEGRADED = _gauge("api_keys_degraded", "1 if the file of API keys is invalid, empty or missing.", "livemax")
PROBLEMS = _counter_of(
    "problems",
    "Problem responses, including those of articles in batches.",
    "type",
    sorted(problem.slug for problem in ProblemError.__subclasses__()),
)
ARTICLES = _counter("articles", "Cleaned articles and texts.")
CHARACTERS = _counter("characters", "Code points of cleaned texts.")
CHANGES = _counter("changes", "Changes by kind.", "kind")
CHARSET_REPAIRS = _counter(
    "charset_repairs",
    "Repairs by pair of charsets; `other` after fifty pairs per process.",
    "actual",
    "decoded_as",
)
LANGUAGES = _counter("languages", "Articles and texts by language.", "language")
BATCH_ARTICLES = _histogram("batch_articles", "Articles per batch.", (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000))

WORKERS = _gauge("workers", "Worker processes that serve.", "livesum")
BUILD_INFO = _gauge(
    "build_info",
    "1; the model is the digest of its data.",
    "max",
    "version",
    "python",
    "model",
)
_MANIFEST: Final = json.loads((files("copydesk.langmodel") / "data" / "manifest.json").read_text(encoding="utf-8"))
BUILD_INFO.labels(__version__, platform.python_version(), _MANIFEST["sha256"][:12]).set(1)

_MAX_READS: Final = 10
_READ_INTERVAL_S: Final = 0.01


class WorkersCollector(MultiProcessCollector):
    """Collects the metrics of all workers. An empty file is read again: its worker has just created it."""

    def collect(self) -> Iterable[Metric]:
        """Return the metrics."""
        for _ in range(_MAX_READS - 1):
            try:
                return self._collect()
            except struct.error:
                time.sleep(_READ_INTERVAL_S)
        return self._collect()

    def _collect(self) -> Iterable[Metric]:
        collected: Iterable[Metric] = super().collect()  # type: ignore[no-untyped-call]
        return collected


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
    return generate_latest(_registry())


def requests_in_flight() -> int:
    """Return the number of requests in flight in all workers."""
    return int(_registry().get_sample_value("copydesk_http_requests_in_flight") or 0)


def _registry() -> CollectorRegistry:
    """Return the registry of all workers."""
    if not _IS_MULTIPROCESS:
        return _REGISTRY
    registry = CollectorRegistry()
    WorkersCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(_PROCESSES)
    return registry
