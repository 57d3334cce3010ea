"""The responses of the health checks, and the limits."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

ALIVE = ("alive",)
READY = ("ready", "degraded")


def _status(choices: tuple[str, ...], description: str) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(choices), metadata={"description": description})


def _version() -> fields.String:
    return fields.String(required=True, metadata={"description": "The version of Copydesk."})


def _limit(description: str) -> fields.Integer:
    return fields.Integer(
        required=True, strict=True, validate=validate.Range(min=1), metadata={"description": description}
    )


class Liveness(Schema):
    """The process responds."""

    status = _status(ALIVE, "Always `alive`.")
    version = _version()


class Readiness(Schema):
    """The service accepts requests."""

    status = _status(READY, "`ready`, or `degraded` if the file of API keys is invalid, empty or missing.")
    version = _version()


class Limits(Schema):
    """The limits of this service."""

    max_body_bytes = _limit("The bytes of a body, except a batch as NDJSON.")
    max_decompressed_bytes = _limit("The bytes of a decompressed body, except a batch as NDJSON.")
    max_text_characters = _limit("The characters of a text, with the strings of its `extra`.")
    max_batch_articles = _limit("The articles of a batch as JSON.")
    max_batch_bytes = _limit("The bytes of a batch as NDJSON, as sent and decompressed.")
    max_batch_lines = _limit("The lines of a batch as NDJSON, blank ones included.")
    max_held_bytes = _limit("The bytes of bodies and responses that a worker holds.")
    max_json_depth = _limit("The nesting of JSON.")
