"""Problem details (RFC 9457), and how a validation error becomes their list of pointers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, pre_load, validate

# The errors in one response.
MAX_ERRORS = 100

# The characters of an unknown field that are compared with the known ones.
_MAX_COMPARED_CHARS = 100


class SuggestingSchema(Schema):
    """A schema that suggests a known field for each unknown one.

    Attributes:
        aliases: other names of fields, as scrapers and feeds use them.
        hints: sentences for fields that belong elsewhere.
        footer: a sentence for every unknown field.
    """

    error_messages = {"unknown": "Unknown field.", "type": "Send an object."}
    aliases: ClassVar[Mapping[str, str]] = {}
    hints: ClassVar[Mapping[str, str]] = {}
    footer: ClassVar[str] = ""

    @pre_load
    def _limit_unknown(self, data: Any, **_: Any) -> Any:
        """Keep only the first unknown fields: an object may have a million of them, and suggestions are slow."""
        if not isinstance(data, dict) or len(data) <= MAX_ERRORS:
            return data
        return {name: data[name] for name in self.load_fields if name in data} | dict(self._unknown(data))

    def handle_error(self, error: ValidationError, data: Any, **_: Any) -> None:
        """Replace marshmallow's messages for unknown fields, which are unordered."""
        if isinstance(error.messages, dict) and isinstance(data, dict):
            for name, _value in self._unknown(data):
                error.messages.pop(name, None)
                error.messages[name] = [self._unknown_message(str(name))]

    def _unknown(self, data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        return islice(((name, value) for name, value in data.items() if name not in self.load_fields), MAX_ERRORS)

    def _unknown_message(self, name: str) -> str:
        nearest = get_close_matches(name[:_MAX_COMPARED_CHARS], self.load_fields, n=1)
        suggestion = self.aliases.get(name.lower()) or next(iter(nearest), None)
        hint = self.hints.get(name) or (f"Did you mean `{suggestion}`?" if suggestion else "")
        return " ".join(filter(None, (self.error_messages["unknown"], hint, self.footer)))


class FieldError(Schema):
    """An invalid field: its pointer in the body or, for an option in the query, its parameter."""

    pointer = fields.String(metadata={"description": "A JSON Pointer (RFC 6901) into the request body."})
    parameter = fields.String(metadata={"description": "The name of a query parameter."})
    detail = fields.String(required=True, metadata={"description": "What is wrong, and what is expected."})


class Problem(Schema):
    """A problem details object (RFC 9457): `type` is for programs, `detail` for people."""

    type = fields.String(
        required=True,
        validate=validate.Regexp(r"^(?:urn:copydesk:problem:[a-z-]+|about:blank)$"),
        metadata={
            "description": "A stable URN (`urn:copydesk:problem:validation-failed`); `about:blank` for an invalid "
            "request line or header."
        },
    )
    title = fields.String(required=True, metadata={"description": "A summary, the same for each type."})
    status = fields.Integer(required=True, strict=True, metadata={"description": "The HTTP status."})
    detail = fields.String(required=True, metadata={"description": "What is wrong in this case."})
    errors = fields.List(fields.Nested(FieldError), metadata={"description": "The invalid fields."})
    line = fields.Integer(strict=True, metadata={"description": "The line of malformed JSON, from 1."})
    column = fields.Integer(strict=True, metadata={"description": "The column, from 1."})
    offset = fields.Integer(strict=True, metadata={"description": "The offset from the start, from 0."})
    limit = fields.Integer(strict=True, metadata={"description": "The limit that was exceeded."})
    unit = fields.String(metadata={"description": "The unit of the limit."})


def pointers(messages: Mapping[Any, Any] | Sequence[Any], root: str = "") -> list[dict[str, str]]:
    """Return marshmallow's messages as errors with JSON Pointers, at most `MAX_ERRORS` of them.

    >>> pointers({"url": ["Send a string."], "authors": {1: ["Send a string."]}})
    [{'pointer': '/url', 'detail': 'Send a string.'}, {'pointer': '/authors/1', 'detail': 'Send a string.'}]
    """
    return list(islice(_pointers(messages, root), MAX_ERRORS))


def _pointers(messages: Any, pointer: str) -> Iterator[dict[str, str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            inner_pointer = (
                pointer if key == "_schema" else f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"
            )
            yield from _pointers(inner, inner_pointer)
    elif isinstance(messages, str):
        yield {"pointer": pointer, "detail": messages}
    else:
        for message in messages:
            yield from _pointers(message, pointer)
