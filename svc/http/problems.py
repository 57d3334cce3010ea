"""Every error as a problem details object, `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from copydesk.errors import InternalError, ProblemError

from ..errors import MethodNotAllowed, NotFound
from ..observability.request_stats import request_stats
from .admission import out_of_memory
from .auth import add_challenge
from .responses import PROBLEM, json_response

_log = logging.getLogger("copydesk")


def register(app: Flask) -> None:
    """Handle all errors."""
    app.register_error_handler(ProblemError, _respond)
    app.register_error_handler(HTTPException, _respond_to_http_exception)
    app.register_error_handler(MemoryError, _respond_to_memory_error)
    app.register_error_handler(Exception, _respond_to_fault)


def _respond(error: ProblemError) -> Response:
    problem = error.to_problem()
    request_stats().count_problem(problem)
    response = json_response(problem, PROBLEM, error.status)
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "1"
    if error.status == HTTPStatus.UNAUTHORIZED:
        add_challenge(response)
    return response


def _respond_to_http_exception(error: HTTPException) -> Response:
    """Respond to Werkzeug's errors for unknown paths and methods."""
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
        methods = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        response = _respond(MethodNotAllowed(f"{request.path} supports {methods}."))
        response.headers["Allow"] = methods
        return response
    if error.code == HTTPStatus.NOT_FOUND:
        return _respond(NotFound(f"No route for {request.path}; see /openapi.yaml."))
    return _respond_to_fault(error)


def _respond_to_memory_error(error: MemoryError) -> Response:
    """Log that the memory was not enough, and ask the client to retry: other requests free theirs."""
    _log.error("request %s needs too much memory: %s %s", g.request_id, request.method, request.path, exc_info=error)
    return _respond(out_of_memory())


def _respond_to_fault(error: Exception) -> Response:
    """Log an unexpected exception. The response has no details, which may be confidential."""
    _log.error("request %s failed: %s %s", g.request_id, request.method, request.path, exc_info=error)
    return _respond(InternalError("Internal error. The log has the details under the X-Request-ID of this response."))
