"""For operators and clients: is it alive, is it ready, what does it take."""

from __future__ import annotations

from flask import Blueprint, Response

from svc import __version__
from svc.web import answer, body

blueprint = Blueprint("ops", __name__)


@blueprint.get("/livez")
def livez() -> Response:
    """Say that the process answers. Does no work, so that it answers under any load."""
    return answer.as_json({"status": "alive", "version": __version__})


@blueprint.get("/readyz")
def readyz() -> Response:
    """Say that articles may come: the models are loaded before the first worker is forked."""
    return answer.as_json({"status": "ready", "version": __version__})


@blueprint.get("/v1/limits")
def limits() -> Response:
    """Tell the limits, so that a client can keep to them."""
    return answer.as_json(dict(body.settings().limits()))
