"""Authentication by API key. Every view declares whether it needs one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, Response, current_app, g, request

from copydesk.settings import Settings

from ..api_keys import KeyRing, KeysState
from ..errors import Unauthorized

View = TypeVar("View", bound=Callable[..., Any])

REQUIRES_KEY: Final = "copydesk_requires_api_key"
"""The attribute of a view that says whether it needs a key."""


def public(view: View) -> View:
    """Declare that a view needs no API key."""
    setattr(view, REQUIRES_KEY, False)
    return view


def require_api_key(view: View) -> View:
    """Declare that a view needs an API key, if the service has any."""
    setattr(view, REQUIRES_KEY, True)
    return view


def register(app: Flask, settings: Settings) -> None:
    """Check API keys, if a key file is set."""
    if settings.api_keys_file:
        app.extensions["copydesk-keys"] = KeyRing(settings.api_keys_file, settings.api_keys_grace_period)
        app.before_request(_check_key)


def has_keys() -> bool:
    """Return whether the service requires API keys."""
    return "copydesk-keys" in current_app.extensions


def keys_state() -> KeysState:
    """Return the state of the API keys. It is valid if the service needs none."""
    ring: KeyRing | None = current_app.extensions.get("copydesk-keys")
    return ring.state() if ring else KeysState.VALID


def _check_key() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    # Browsers send preflight requests (OPTIONS) without a key. They run no view.
    if view is None or not getattr(view, REQUIRES_KEY, True) or request.method == "OPTIONS":
        return
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthorized("Missing API key. Expected the header `Authorization: Bearer KEY`.")
    ring: KeyRing = current_app.extensions["copydesk-keys"]
    owner = ring.find_owner(key.strip())
    if owner is None:
        raise Unauthorized("Unknown API key.")
    g.key = owner


def add_challenge(response: Response) -> None:
    """Add the `WWW-Authenticate` header to a 401 response (RFC 6750)."""
    error = ', error="invalid_token"' if "Authorization" in request.headers else ""
    response.headers["WWW-Authenticate"] = f'Bearer realm="copydesk"{error}'
