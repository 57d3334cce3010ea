"""Security headers and CORS.

Origins are compared as whole strings: no patterns, no subdomains, no `*`.
"""

from __future__ import annotations

from flask import Flask, Response, request

from copydesk.settings import Settings

_SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_ALLOWED_HEADERS = "Accept, Authorization, Content-Encoding, Content-Type, Traceparent, X-Request-ID"
_EXPOSED_HEADERS = "Retry-After, Server-Timing, X-Request-ID"


def register(app: Flask, settings: Settings) -> None:
    """Add the headers to every response."""
    origins = frozenset(settings.cors_origins)

    @app.after_request
    def _add_headers(response: Response) -> Response:
        _add_security_headers(response)
        if origins:
            _add_cors_headers(response, origins)
        return response


def _add_security_headers(response: Response) -> None:
    present = {name.lower() for name, _ in response.headers}
    response.headers.extend([(name, value) for name, value in _SECURITY_HEADERS.items() if name.lower() not in present])


def _add_cors_headers(response: Response, origins: frozenset[str]) -> None:
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin not in origins:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED_HEADERS
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = _ALLOWED_HEADERS
        response.headers["Access-Control-Max-Age"] = "600"
