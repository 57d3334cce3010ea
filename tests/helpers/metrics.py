"""The metrics that the service exposes, as Prometheus sees them."""

from __future__ import annotations

import re

from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families

from svc.observability import metrics
from svc.observability.processes import ProcessCollector
from tests.helpers.server import Server

# A metric in a PromQL expression, and its label matchers.
SELECTOR = re.compile(r"\b((?:copydesk|process)_\w+)(?:\{([^}]*)\})?")
# The series that a metric of each type has.
_SERIES_SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_count", "_sum")}


def metric_labels() -> dict[str, set[str]]:
    """Return the labels of each metric, by the name that the exposition format has for it."""
    labels = {}
    for metric in _metrics():
        family = next(iter(metric.describe()))
        name = family.name + ("_total" if family.type == "counter" else "")
        labels[name] = set(metric._labelnames)  # noqa: SLF001
    for family in ProcessCollector().collect():
        labels[family.name + ("_total" if family.type == "counter" else "")] = set()
    return labels


def exported_labels(server: Server) -> dict[str, set[str]]:
    """Return the labels of each time series that a server exports, by name, with those that Prometheus adds."""
    labels: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(server.ask("GET", "/metrics")[1].decode()):
        for sample in family.samples:
            labels.setdefault(sample.name, {"instance", "job"}).update(sample.labels)
    return labels


def series_labels() -> dict[str, set[str]]:
    """Return the labels of each time series, by name, with those that Prometheus adds."""
    labels = {}
    for metric in _metrics():
        family = next(iter(metric.describe()))
        for suffix in _SERIES_SUFFIXES[family.type]:
            extra = {"instance", "job"} | ({"le"} if suffix == "_bucket" else set())
            labels[family.name + suffix] = set(metric._labelnames) | extra  # noqa: SLF001
    return labels


def value_of(metric: MetricWrapperBase) -> float:
    """Return the value of a metric without labels."""
    [family] = metric.collect()
    return float(family.samples[0].value)


def _metrics() -> list[MetricWrapperBase]:
    return [metric for metric in vars(metrics).values() if isinstance(metric, MetricWrapperBase)]
