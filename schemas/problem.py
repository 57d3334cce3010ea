"""Problem details (RFC 9457), and how a validation error becomes their list of pointers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, pre_load, validate

# More wrong fields than anybody reads of in one answer.
MOST_ERRORS = 100


# So many characters of an unknown field tell which known one was meant.
_LOOKED_AT = 100


class Naming(Schema):
    """A schema that names, for each unknown field, the one that was meant, and looks at no more of them than are told.

    `meant` has what others call a field of ours; `hints` a sentence on what belongs elsewhere; `elsewhere` one for all.
    """

    error_messages = {"unknown": "There is no such field.", "type": "Send an object."}
    meant: ClassVar[Mapping[str, str]] = {}
    hints: ClassVar[Mapping[str, str]] = {}
    elsewhere: ClassVar[str] = ""

    @pre_load
    def _some_unknown(self, data: Any, **_: Any) -> Any:
        """Leave out all but the first unknown fields: an object may have a million, and each is looked for."""
        if not isinstance(data, dict) or len(data) <= MOST_ERRORS:
            return data
        return {name: data[name] for name in self.load_fields if name in data} | dict(self._unknown(data))

    def handle_error(self, error: ValidationError, data: Any, **_: Any) -> None:
        """Reword what marshmallow says of unknown fields, which it names in no order."""
        if isinstance(error.messages, dict) and isinstance(data, dict):
            for name, _value in self._unknown(data):
                error.messages.pop(name, None)
                error.messages[name] = [self._told(name)]

    def _unknown(self, data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        return islice(((name, value) for name, value in data.items() if name not in self.load_fields), MOST_ERRORS)

    def _told(self, name: str) -> str:
        nearest = get_close_matches(name[:_LOOKED_AT], self.load_fields, n=1)
        meant = self.meant.get(name.lower()) or next(iter(nearest), None)
        hint = self.hints.get(name) or (f"Did you mean {meant}?" if meant else "")
        return " ".join(filter(None, (self.error_messages["unknown"], hint, self.elsewhere)))


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
