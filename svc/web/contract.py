"""GET /openapi.yaml and /openapi.json: the contract, as it lies in the repository."""

from __future__ import annotations

from functools import cache

import yaml
from flask import Blueprint, Response

from svc.contract import PATH
from svc.strict_json import dumps
from svc.web import answer
from svc.web.access import open_to_all

blueprint = Blueprint("contract", __name__)


@blueprint.get("/openapi.yaml")
@open_to_all
def as_yaml() -> Response:
    """Return the contract as it was written."""
    return Response(_text(), mimetype="application/yaml")  # RFC 9512


@blueprint.get("/openapi.json")
@open_to_all
def as_json() -> Response:
    """Return the contract for programs that read JSON only."""
    return Response(_json(), mimetype=answer.JSON)


@cache
def _text() -> str:
    return PATH.read_text(encoding="utf-8")


@cache
def _json() -> bytes:
    return dumps(yaml.safe_load(_text()))
