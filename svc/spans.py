"""OpenTelemetry, for those who want it (`copydesk[otel]`): where spans go, and that they go.

It is on when `OTEL_EXPORTER_OTLP_ENDPOINT` (or its variant for traces) is set; the other `OTEL_*` variables mean what
they mean everywhere. This is the one connection that Copydesk ever opens, and only then.
"""

from __future__ import annotations

import os

from svc import __version__
from svc.errors import SettingsError

_SWITCHES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def wanted() -> bool:
    """Tell whether spans are to be sent anywhere."""
    return any(os.environ.get(name) for name in _SWITCHES)


def check() -> None:
    """Make sure that what is wanted can be done.

    Raises:
        SettingsError: the extra is not installed.
    """
    if wanted():
        try:
            import opentelemetry.exporter.otlp.proto.http.trace_exporter  # noqa: F401, PLC0415  an extra
        except ImportError as error:
            raise SettingsError(f"{_SWITCHES[0]} is set, but copydesk[otel] is not installed.") from error


def start() -> None:
    """Start to send spans from this process. It has a thread of its own, so this comes after the fork."""
    if not wanted():
        return
    from opentelemetry import trace  # noqa: PLC0415  an extra
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    name = os.environ.get("OTEL_SERVICE_NAME", "copydesk")
    provider = TracerProvider(resource=Resource.create({"service.name": name, "service.version": __version__}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
