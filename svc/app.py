"""The Flask application."""

from __future__ import annotations

from flask import Flask

from copydesk.settings import Settings

from .http import admission, auth, compression, problems, request_id, security_headers, sending, server_timing
from .observability import opentelemetry, request_stats
from .routes import articles, docs, health, openapi, text, ui


def create_app(settings: Settings) -> Flask:
    """Create the application."""
    app = Flask(__name__, static_folder=None)
    app.config["COPYDESK"] = settings
    # Otherwise Flask redirects /v1/text/ to /v1/text.
    app.url_map.strict_slashes = True
    admission.register(app, settings)
    sending.register(app, settings)
    request_id.register(app)
    server_timing.register(app)
    request_stats.register(app, settings)
    opentelemetry.register(app)
    problems.register(app)
    auth.register(app, settings)
    security_headers.register(app, settings)
    compression.register(app)
    for module in (articles, text, openapi, health, ui, docs):
        app.register_blueprint(module.blueprint)
    return app
