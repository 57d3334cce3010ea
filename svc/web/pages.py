"""GET /: the page for people, and the files that it is made of. It asks the same API as everybody else."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from flask import Blueprint, Response, request

from svc.errors import NotFound
from svc.web.access import open_to_all

blueprint = Blueprint("pages", __name__)

_INDEX = "index.html"
_TYPES = {
    "css": "text/css",
    "html": "text/html",
    "js": "text/javascript",  # RFC 9239
    "svg": "image/svg+xml",
}
_FOLDER = files("svc.web") / "static"
# Known by name from the start, so that no path a caller sends touches the file system.
_NAMES = frozenset(item.name for item in _FOLDER.iterdir() if item.name.rpartition(".")[2] in _TYPES)

# Its own files and its own API; no markup made by scripts.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


@blueprint.get("/")
@open_to_all
def index() -> Response:
    """Return the page."""
    return _sent(_INDEX)


@blueprint.get("/static/<name>")
@open_to_all
def file(name: str) -> Response:
    """Return one of the page's files.

    Raises:
        NotFound: there is none of that name.
    """
    if name not in _NAMES:
        raise NotFound(f"{request.path} leads nowhere; the page is at /.")
    return _sent(name)


def _sent(name: str) -> Response:
    response = Response(_content(name), mimetype=_TYPES[name.rpartition(".")[2]])
    response.headers["Content-Security-Policy"] = _POLICY
    # A browser asks each time whether it has changed, and gets a 304: after an update nothing old is mixed with new.
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


@cache
def _content(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()
