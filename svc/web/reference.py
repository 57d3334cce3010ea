"""GET /docs: the contract as a page to read and to try out, by Swagger UI. Nothing of it comes from another host.

The page, its start and its look are ours (svc/web/swagger); the rest is taken from where the package flask-swagger-ui
keeps it. Each file's address carries a digest of what is in it, so that a browser may keep it for ever.
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

from svc.errors import NotFound
from svc.web.access import open_to_all

blueprint = Blueprint("reference", __name__)

# Pictures as data, since Swagger UI's icons are in its stylesheet as such. It needs no more: no script and no style but
# the files, no other host to ask. Trusted types, which the page at / has, would stop its own innerHTML.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_TYPES: Final = {"css": "text/css", "js": "text/javascript"}  # RFC 9239


@blueprint.get("/docs")
@open_to_all
def page() -> Response:
    """Return the page."""
    response = Response(_page(), mimetype="text/html")
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


@blueprint.get("/docs/<name>")
@open_to_all
def file(name: str) -> Response:
    """Return one of the files that the page is made of.

    Raises:
        NotFound: there is none of that name, or another release had it.
    """
    found = _addresses().get(name)
    if found is None:
        raise NotFound(f"{request.path} leads nowhere; the reference is at /docs.")
    packed = bool(request.accept_encodings["gzip"])
    # Kept compressed only: few ask for it otherwise, and two megabytes need not lie in each worker's memory for them.
    response = Response(_packed(name) if packed else found.read_bytes(), mimetype=_TYPES[name.rpartition(".")[2]])
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    # Weak: compressed or not, it is the same.
    response.set_etag(name.split(".")[-2], weak=True)
    response.make_conditional(request)
    return response


def _sources() -> Mapping[str, Traversable]:
    ours, theirs = files("svc.web") / "swagger", files("flask_swagger_ui") / "dist"
    return {
        "bundle": theirs / "swagger-ui-bundle.js",
        "style": theirs / "swagger-ui.css",
        "start": ours / "start.js",
        "look": ours / "look.css",
    }


@cache
def _named() -> Mapping[str, str]:
    """Return the address of each file, by what the page calls it."""
    found = {}
    for part, source in _sources().items():
        stem, _, ending = source.name.rpartition(".")
        found[part] = f"{stem}.{hashlib.sha256(source.read_bytes()).hexdigest()[:12]}.{ending}"
    return MappingProxyType(found)


@cache
def _addresses() -> Mapping[str, Traversable]:
    """Return the file behind each address. These are all: no path that a caller sends touches the file system."""
    sources = _sources()
    return MappingProxyType({address: sources[part] for part, address in _named().items()})


@cache
def _packed(address: str) -> bytes:
    return gzip.compress(_addresses()[address].read_bytes(), 6, mtime=0)


@cache
def _page() -> str:
    template = (files("svc.web") / "swagger" / "index.html").read_text(encoding="utf-8")
    # Relative, so that the page works behind a proxy that serves it under a path of its own.
    return Template(template).substitute({part: f"docs/{address}" for part, address in _named().items()})
