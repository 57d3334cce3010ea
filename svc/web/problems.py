"""Problems: every error, whoever raised it, as application/problem+json (RFC 9457)."""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from svc import errors
from svc.web import access
from svc.web.answer import PROBLEM, as_json
from svc.web.observe import account

_log = logging.getLogger("copydesk")


def register(app: Flask) -> None:
    """Answer all errors as problems."""
    app.register_error_handler(errors.CopydeskError, _answer)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_unforeseen)


def _answer(error: errors.CopydeskError) -> Response:
    problem = error.problem()
    account().problem(problem)
    response = as_json(problem, PROBLEM, error.status)
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "1"
    if error.status == HTTPStatus.UNAUTHORIZED:
        access.challenge(response)
    return response


def _answer_http(error: HTTPException) -> Response:
    """Say in our words what Werkzeug found out: a path or method that isn't there."""
    if error.code == 405:
        known = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        response = _answer(errors.MethodNotAllowed(f"{request.path} takes {known}."))
        response.headers["Allow"] = known
        return response
    if error.code == 404:
        return _answer(errors.NotFound(f"{request.path} leads nowhere; /openapi.yaml lists all paths."))
    return _answer_unforeseen(error)


def _answer_unforeseen(error: Exception) -> Response:
    """Tell the log everything and the caller nothing but that it was our fault."""
    _log.error("request %s failed: %s %s", g.request_id, request.method, request.path, exc_info=error)
    return _answer(errors.InternalError("This was our fault. The log has it under the X-Request-ID of this answer."))
