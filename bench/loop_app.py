"""A minimal Flask application that runs the loop, to compare the throughput of the service with.

It has the paths of the service: `/v1/articles` for one article as JSON, `/v1/articles/batch` for NDJSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import ftfy
import langdetect
from flask import Flask, Response, request

app = Flask(__name__)


def _clean(line: bytes) -> str:
    text = ftfy.fix_text(json.loads(line)["text"])
    try:
        languages = [str(language) for language in langdetect.detect_langs(text)]
    except langdetect.LangDetectException:  # a text without letters
        languages = []
    return json.dumps({"text": text, "languages": languages}) + "\n"


@app.get("/readyz")
def is_ready() -> str:
    """Answer that the application is ready."""
    return "ready"


@app.post("/v1/articles")
def clean_article() -> Response:
    """Clean one article."""
    return Response(_clean(request.get_data()), mimetype="application/json")


@app.post("/v1/articles/batch")
def clean_batch() -> Response:
    """Clean articles as NDJSON."""
    body = request.get_data()

    def generate() -> Iterator[str]:
        yield from map(_clean, body.splitlines())

    return Response(generate(), mimetype="application/x-ndjson")
