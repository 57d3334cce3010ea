"""Fixtures of all tests: the application and a client for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from copydesk import language
from copydesk.settings import Settings
from svc import lifecycle
from svc.app import create_app
from tests.offline import sitecustomize  # noqa: F401  from here on, no test reaches another host

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

# No deadline: the cost of examples varies, and other tests measure time.
settings.register_profile("copydesk", deadline=None, max_examples=100)
settings.load_profile("copydesk")
language.warm_up()
lifecycle.set_state(lifecycle.State.READY)


@pytest.fixture(scope="session")
def app() -> Flask:
    return create_app(Settings())


@pytest.fixture(scope="session")
def client(app: Flask) -> FlaskClient:
    return app.test_client()
