"""OpenTelemetry traces, with the extra `copydesk[otel]`: one span per request.

Traces are on if `OTEL_EXPORTER_OTLP_ENDPOINT` or its variant for traces is set. The other `OTEL_*` variables have their
standard meaning. This is the only outbound connection that Copydesk ever opens.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import structlog
from flask import Flask, Response, g, request

from copydesk import __version__
from copydesk.errors import SettingsError

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from .request_stats import RequestStats

_ENDPOINT_VARIABLES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def is_enabled() -> bool:
    """Return whether traces are on."""
    return any(os.environ.get(name) for name in _ENDPOINT_VARIABLES)


def check() -> None:
    """Check that the extra is installed if traces are on.

    Raises:
        SettingsError: it is not installed.
    """
    if is_enabled():
        try:
            import opentelemetry.exporter.otlp.proto.http.trace_exporter  # noqa: F401, PLC0415  an extra
        except ImportError as error:
            raise SettingsError(f"{_ENDPOINT_VARIABLES[0]} is set, but copydesk[otel] is not installed.") from error


def start_exporter() -> None:
    """Start the exporter of this process if traces are on. It has a thread, so that it must start after the fork."""
    if not is_enabled():
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


def register(app: Flask) -> None:
    """Trace each request, if traces are on: from its start until the response is sent."""
    if not is_enabled():
        return
    from opentelemetry import trace  # noqa: PLC0415  an extra
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    tracer, propagator = trace.get_tracer("copydesk"), TraceContextTextMapPropagator()

    @app.before_request
    def _start_span() -> None:
        route = str(request.url_rule) if request.url_rule else "none"
        g.span = tracer.start_span(
            f"{request.method} {route}",
            context=propagator.extract({name.lower(): value for name, value in request.headers}),
            kind=trace.SpanKind.SERVER,
            attributes={
                "http.request.method": request.method,
                "http.route": route,
                "copydesk.request_id": g.request_id,
            },
        )
        structlog.contextvars.bind_contextvars(trace_id=trace.format_trace_id(g.span.get_span_context().trace_id))

    @app.after_request
    def _end_span_on_close(response: Response) -> Response:
        span, stats = g.span, g.stats
        span.set_attribute("http.response.status_code", response.status_code)
        response.call_on_close(lambda: _end_span(span, stats))
        return response


def _end_span(span: Span, stats: RequestStats) -> None:
    span.set_attribute("copydesk.articles", stats.articles)
    span.set_attribute("copydesk.characters", stats.characters)
    span.set_attribute("copydesk.problems", sum(stats.problems.values()))
    span.end()
