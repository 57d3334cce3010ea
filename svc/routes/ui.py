"""`GET /`: the web page, and its files. It uses the public API."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from flask import Blueprint, Response, request

from ..errors import NotFound
from ..http.auth import public

blueprint = Blueprint("ui", __name__)

_INDEX = "index.html"
_MEDIA_TYPES = {
    "css": "text/css",
    "html": "text/html",
    "js": "text/javascript",  # RFC 9239
    "svg": "image/svg+xml",
}
_FOLDER = files(__package__.rpartition(".")[0]) / "static"
# Listed once, so that no path of a request reaches the file system.
_FILE_NAMES = frozenset(item.name for item in _FOLDER.iterdir() if item.name.rpartition(".")[2] in _MEDIA_TYPES)

# Its own files and its own API; no markup from scripts.
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


@blueprint.get("/")
@public
def index() -> Response:
    """Return the page."""
    return _file_response(_INDEX)


@blueprint.get("/static/<name>")
@public
def file(name: str) -> Response:
    """Return a file of the page.

    Raises:
        NotFound: there is no such file.
    """
    if name not in _FILE_NAMES:
        raise NotFound(f"No route for {request.path}; the page is at /.")
    return _file_response(name)


def _file_response(name: str) -> Response:
    response = Response(_content(name), mimetype=_MEDIA_TYPES[name.rpartition(".")[2]])
    response.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
    # A browser revalidates each time, so that files of different releases never mix.
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


@cache
def _content(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()
