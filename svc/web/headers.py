"""What every answer tells a browser: to trust it with nothing, and which other sites may read it.

Origins are compared whole, as text: no patterns, no subdomains, no `*`.
"""

from __future__ import annotations

from flask import Flask, Response, request

from svc.settings import Settings

_ALWAYS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_ASKABLE = "Accept, Authorization, Content-Encoding, Content-Type, Traceparent, X-Request-ID"
_READABLE = "Retry-After, Server-Timing, X-Request-ID"


def register(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer."""
    origins = frozenset(settings.cors_origins)

    @app.after_request
    def _dress(response: Response) -> Response:
        own = {name.lower() for name, _ in response.headers}
        response.headers.extend([(name, value) for name, value in _ALWAYS.items() if name.lower() not in own])
        if origins:
            _share(response, origins)
        return response


def _share(response: Response, origins: frozenset[str]) -> None:
    """Let the pages of some origins read the answer, and let their browsers ask beforehand (Fetch, CORS protocol)."""
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin not in origins:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = _READABLE
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = _ASKABLE
        response.headers["Access-Control-Max-Age"] = "600"
