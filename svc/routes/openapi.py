"""`GET /openapi.yaml` and `/openapi.json`: the OpenAPI document."""

from __future__ import annotations

from functools import cache

import yaml
from flask import Blueprint, Response

from copydesk._layout import OPENAPI_PATH
from copydesk.strict_json import dumps

from ..http import responses
from ..http.auth import public

blueprint = Blueprint("openapi", __name__)


@blueprint.get("/openapi.yaml")
@public
def openapi_yaml() -> Response:
    """Return the document as YAML."""
    return Response(_yaml(), mimetype="application/yaml")  # RFC 9512


@blueprint.get("/openapi.json")
@public
def openapi_json() -> Response:
    """Return the document as JSON."""
    return Response(_json(), mimetype=responses.JSON)


@cache
def _yaml() -> str:
    return OPENAPI_PATH.read_text(encoding="utf-8")


@cache
def _json() -> bytes:
    return dumps(yaml.safe_load(_yaml()))
