"""Problem details (RFC 9457), and how a validation error becomes their list of pointers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from marshmallow import Schema, fields, pre_load, validate

# More wrong fields than anybody reads of in one answer.
MOST_ERRORS = 100


class Bounded(Schema):
    """A schema that looks at no more unknown fields than are told."""

    @pre_load
    def _some_unknown(self, data: Any, **_: Any) -> Any:
        """Leave out all but the first unknown fields: an object may have a million, and each is looked for."""
        if not isinstance(data, dict) or len(data) <= MOST_ERRORS:
            return data
        unknown = islice((name for name in data if name not in self.load_fields), MOST_ERRORS)
        return {name: data[name] for name in self.load_fields if name in data} | {name: data[name] for name in unknown}


class FieldError(Schema):
    """One field that is wrong, named by its pointer in the body or, for an option in the query, by its parameter."""

    pointer = fields.String(metadata={"description": "A JSON Pointer (RFC 6901) into what was sent."})
    parameter = fields.String(metadata={"description": "The name of a query parameter."})
    detail = fields.String(required=True, metadata={"description": "What to send instead."})


class Problem(Schema):
    """A problem: what is wrong, for programs by `type` and for people by `detail`."""

    type = fields.String(
        required=True,
        validate=validate.Regexp(r"^urn:copydesk:problem:[a-z-]+$"),
        metadata={"description": "A stable URN."},
    )
    title = fields.String(required=True, metadata={"description": "What it means, the same for each type."})
    status = fields.Integer(required=True, strict=True, metadata={"description": "The HTTP status."})
    detail = fields.String(required=True, metadata={"description": "What is wrong here and what to change."})
    errors = fields.List(fields.Nested(FieldError), metadata={"description": "Each field that is wrong."})
    line = fields.Integer(strict=True, metadata={"description": "Where JSON is malformed: line, from 1."})
    column = fields.Integer(strict=True, metadata={"description": "Column, from 1."})
    offset = fields.Integer(strict=True, metadata={"description": "Offset from the start, from 0."})
    limit = fields.Integer(strict=True, metadata={"description": "The limit that was crossed."})
    unit = fields.String(metadata={"description": "What the limit counts."})


def pointers(messages: Mapping[Any, Any] | Sequence[Any], root: str = "") -> list[dict[str, str]]:
    """Turn marshmallow's messages into a list of pointers, the first hundred of them.

    >>> pointers({"url": ["Send a string."], "authors": {1: ["Send a string."]}})
    [{'pointer': '/url', 'detail': 'Send a string.'}, {'pointer': '/authors/1', 'detail': 'Send a string.'}]
    """
    return [found for found, _ in zip(_pointers(messages, root), range(MOST_ERRORS), strict=False)]


def _pointers(messages: Any, at: str) -> Iterator[dict[str, str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            here = at if key == "_schema" else f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}"
            yield from _pointers(inner, here)
    elif isinstance(messages, str):
        yield {"pointer": at, "detail": messages}
    else:
        for message in messages:
            yield from _pointers(message, at)
