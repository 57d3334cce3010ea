"""Health checks, metrics and limits."""

from __future__ import annotations

from flask import Blueprint, Response

from copydesk import __version__

from .. import lifecycle
from ..api_keys import KeysState
from ..errors import Draining, KeysUnavailable, Starting
from ..http import request_body, responses
from ..http.auth import keys_state, public, require_api_key
from ..observability import metrics

blueprint = Blueprint("health", __name__)


@blueprint.get("/livez")
@public
def livez() -> Response:
    """Return 200 if the process responds. It does no work, so that it responds under any load."""
    return responses.json_response({"status": "alive", "version": __version__})


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """Return 200 if the service accepts requests: after warm-up and until shutdown starts.

    The status is `degraded` if the file of API keys is invalid, empty or missing. An instance without keys stays: it
    rejects requests with 401, which says more to a client than a load balancer without instances.

    Raises:
        Starting: the tables are not loaded yet.
        Draining: the service is shutting down.
        KeysUnavailable: the file of API keys has been invalid for too long.
    """
    if lifecycle.state() is lifecycle.State.STARTING:
        raise Starting("Loading tables. Retry in a few seconds.")
    if lifecycle.state() is lifecycle.State.DRAINING:
        raise Draining("Shutting down. Send new requests to another instance.")
    keys = keys_state()
    if keys is KeysState.EXPIRED:
        raise KeysUnavailable("The file of API keys is invalid. The log has its error.")
    status = "ready" if keys is KeysState.VALID else "degraded"
    return responses.json_response({"status": status, "version": __version__})


@blueprint.get("/metrics")
@require_api_key
def prometheus_metrics() -> Response:
    """Return the metrics of all workers in Prometheus' text format."""
    return Response(metrics.render(), content_type=metrics.CONTENT_TYPE)


@blueprint.get("/v1/limits")
@public
def limits() -> Response:
    """Return the limits of requests."""
    return responses.json_response(request_body.current_settings().limits())
