"""Who may come in: API keys, where there are any. Every route says whether it needs one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, Response, current_app, g, request

from svc.errors import Unauthorized
from svc.keys import KeyRing
from svc.settings import Settings

View = TypeVar("View", bound=Callable[..., Any])

# What each view says of itself, under this name.
MARK: Final = "copydesk_needs_key"


def open_to_all(view: View) -> View:
    """Declare that a view needs no key."""
    setattr(view, MARK, False)
    return view


def needs_key(view: View) -> View:
    """Declare that a view needs a key, where keys are in use."""
    setattr(view, MARK, True)
    return view


def register(app: Flask, settings: Settings) -> None:
    """Ask for keys, when a file of them is set."""
    if settings.api_keys_file:
        app.extensions["copydesk-keys"] = KeyRing(settings.api_keys_file)
        app.before_request(_check)


def _check() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    # What asks beforehand (OPTIONS) runs no view, and browsers send no key with it.
    if view is None or not getattr(view, MARK, True) or request.method == "OPTIONS":
        return
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthorized("Send an API key: Authorization: Bearer KEY.")
    ring: KeyRing = current_app.extensions["copydesk-keys"]
    owner = ring.owner(key.strip())
    if owner is None:
        raise Unauthorized("This API key is not known.")
    g.key = owner


def challenge(response: Response) -> None:
    """Tell a client that was refused how to come in (RFC 6750)."""
    wrong = ', error="invalid_token"' if "Authorization" in request.headers else ""
    response.headers["WWW-Authenticate"] = f'Bearer realm="copydesk"{wrong}'
