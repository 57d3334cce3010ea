"""One span a request, for OpenTelemetry. It holds what the log's line holds, and as little of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from flask import Flask, Response, g, request

from svc import spans
from svc.web.observe import Account, account

if TYPE_CHECKING:
    from opentelemetry.trace import Span


def register(app: Flask) -> None:
    """Begin a span with each request and end it when its answer has left, if spans are wanted."""
    if not spans.wanted():
        return
    from opentelemetry import trace  # noqa: PLC0415  an extra
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    tracer, propagator = trace.get_tracer("copydesk"), TraceContextTextMapPropagator()

    @app.before_request
    def _begin() -> None:
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
    def _end_later(response: Response) -> Response:
        span, opened = g.span, account()
        span.set_attribute("http.response.status_code", response.status_code)
        response.call_on_close(lambda: _end(span, opened))
        return response


def _end(span: Span, opened: Account) -> None:
    span.set_attribute("copydesk.articles", opened.articles)
    span.set_attribute("copydesk.characters", opened.characters)
    span.set_attribute("copydesk.problems", sum(opened.problems.values()))
    span.end()
