"""`GET /docs`: the API reference by Swagger UI. All files come from this host.

The page, its script and a stylesheet are in `swagger/`; the others are in the package flask-swagger-ui. The URL of each
file has a digest of its content, so that browsers may cache it forever.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template
from types import MappingProxyType
from typing import Final

from flask import Blueprint, Response, request

from ..errors import NotFound
from ..http.auth import has_keys, public

blueprint = Blueprint("docs", __name__)

# The icons in Swagger UI's stylesheet are data URLs. Trusted types, which the page at / has, would stop its innerHTML.
_CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_MEDIA_TYPES: Final = {"css": "text/css", "js": "text/javascript"}  # RFC 9239
_FOLDER: Final = files(__package__.rpartition(".")[0]) / "swagger"


@blueprint.get("/docs")
@public
def page() -> Response:
    """Return the page."""
    response = Response(_page("on" if has_keys() else "off"), mimetype="text/html")
    response.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


@blueprint.get("/docs/<name>")
@public
def file(name: str) -> Response:
    """Return a file of the page.

    Raises:
        NotFound: there is no such file in this release.
    """
    source = _files_by_name().get(name)
    if source is None:
        raise NotFound(f"No route for {request.path}; the API reference is at /docs.")
    is_gzip = bool(request.accept_encodings["gzip"])
    # Only the compressed form is cached: few clients need the other, and it has two megabytes.
    response = Response(_gzip(name) if is_gzip else source.read_bytes(), mimetype=_MEDIA_TYPES[name.rpartition(".")[2]])
    if is_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    # Weak: it is the same for both encodings.
    response.set_etag(name.split(".")[-2], weak=True)
    response.make_conditional(request)
    return response


def _sources() -> Mapping[str, Traversable]:
    dist = files("flask_swagger_ui") / "dist"
    return {
        "bundle": dist / "swagger-ui-bundle.js",
        "style": dist / "swagger-ui.css",
        "start": _FOLDER / "start.js",
        "look": _FOLDER / "look.css",
    }


@cache
def _names() -> Mapping[str, str]:
    """Return the name of each file with its digest, by its placeholder in the page."""
    names = {}
    for part, source in _sources().items():
        stem, _, extension = source.name.rpartition(".")
        names[part] = f"{stem}.{hashlib.sha256(source.read_bytes()).hexdigest()[:12]}.{extension}"
    return MappingProxyType(names)


@cache
def _files_by_name() -> Mapping[str, Traversable]:
    """Return all files by name. No path of a request reaches the file system."""
    sources = _sources()
    return MappingProxyType({name: sources[part] for part, name in _names().items()})


@cache
def _gzip(name: str) -> bytes:
    return gzip.compress(_files_by_name()[name].read_bytes(), 6, mtime=0)


@cache
def _page(keys: str) -> str:
    template = (_FOLDER / "index.html").read_text(encoding="utf-8")
    # Relative URLs, so that the page works behind a proxy with a path prefix.
    return Template(template).substitute({part: f"docs/{name}" for part, name in _names().items()} | {"keys": keys})
