"""The metrics that the service exposes, as Prometheus sees them."""

from __future__ import annotations

import re

from prometheus_client.metrics import MetricWrapperBase

from svc.observability import metrics

# A metric in a PromQL expression, and its label matchers.
SELECTOR = re.compile(r"\b(copydesk_\w+)(?:\{([^}]*)\})?")
# The series that a metric of each type has.
_SERIES_SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_count", "_sum")}


def metric_labels() -> dict[str, set[str]]:
    """Return the labels of each metric, by the name that the exposition format has for it."""
    labels = {}
    for metric in _metrics():
        family = next(iter(metric.describe()))
        name = family.name + ("_total" if family.type == "counter" else "")
        labels[name] = set(metric._labelnames)  # noqa: SLF001
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
