"""For operators and clients: is it alive, is it ready, what does it take."""

from __future__ import annotations

from flask import Blueprint, Response

from svc import __version__, lifecycle, metrics
from svc.errors import Draining, Starting
from svc.web import answer, body
from svc.web.access import needs_key, open_to_all

blueprint = Blueprint("ops", __name__)


@blueprint.get("/livez")
@open_to_all
def livez() -> Response:
    """Say that the process answers. Does no work, so that it answers under any load."""
    return answer.as_json({"status": "alive", "version": __version__})


@blueprint.get("/readyz")
@open_to_all
def readyz() -> Response:
    """Say whether articles may come: from warm-up on, until the service is told to stop."""
    if lifecycle.state() is lifecycle.State.STARTING:
        raise Starting("The tables are being loaded. It takes seconds.")
    if lifecycle.state() is lifecycle.State.DRAINING:
        raise Draining("This instance is about to stop. Send what is new to another; what still comes is served.")
    return answer.as_json({"status": "ready", "version": __version__})


@blueprint.get("/metrics")
@needs_key
def all_metrics() -> Response:
    """Tell the metrics of all workers, as Prometheus reads them."""
    return Response(metrics.render(), content_type=metrics.CONTENT_TYPE)


@blueprint.get("/v1/limits")
@open_to_all
def limits() -> Response:
    """Tell the limits, so that a client can keep to them."""
    return answer.as_json(dict(body.settings().limits()))
