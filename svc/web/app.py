"""The application: its routes, its error handlers, and what every answer carries."""

from __future__ import annotations

from flask import Flask

from svc.settings import Settings
from svc.web import (
    access,
    admission,
    articles,
    compression,
    contract,
    headers,
    observe,
    ops,
    pages,
    problems,
    reference,
    text,
    trace,
    tracing,
)


def create_app(settings: Settings) -> Flask:
    """Make the application.

    Args:
        settings: all that may differ between two of them.
    """
    app = Flask("svc", static_folder=None)
    app.config["COPYDESK"] = settings
    # Otherwise Flask answers /v1/text/ with a redirect page; here a path is right or it is not.
    app.url_map.strict_slashes = True
    trace.register(app)
    observe.register(app, settings)
    tracing.register(app)
    problems.register(app)
    access.register(app, settings)
    admission.register(app)
    headers.register(app, settings)
    compression.register(app)
    for part in (articles, text, contract, ops, pages, reference):
        app.register_blueprint(part.blueprint)
    return app
