"""Fields for strings, lists and dates as scrapers send them.

Unambiguous values are accepted: a number for an id, a single string for a list, null or a blank string for a missing
value. Everything else is an error that says what is expected.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import ValidationError, fields, missing, validate

MAX_STRING_CHARS = 10_000  # a longer title or name is a body in the wrong field
MAX_LIST_ITEMS = 1_000  # more authors or tags are a list in the wrong field
MAX_LIST_CHARS = 100_000  # of all items together
# The limits of `extra`: values, strings, characters of all strings, of a key, and of the paths of all values.
MAX_EXTRA_VALUES, MAX_EXTRA_STRINGS, MAX_EXTRA_CHARS, MAX_EXTRA_KEY_CHARS, MAX_EXTRA_PATH_CHARS = (
    50_000,
    10_000,
    1_000_000,
    1_000,
    10_000_000,
)

_DIGIT, _BLANK = "[A-Za-z0-9+/]", r"[ \t\n\r]*"
# White space may be anywhere, as in the output of `base64`.
BASE64 = (
    f"^{_BLANK}(?:(?:{_DIGIT}{_BLANK}){{4}})*"
    f"(?:(?:{_DIGIT}{_BLANK}){{2}}={_BLANK}={_BLANK}|(?:{_DIGIT}{_BLANK}){{3}}={_BLANK})?$"
)

SURROGATE = re.compile("[\ud800-\udfff]")


def _unless_blank(max_length: int | None) -> Callable[[Any], Any]:
    """Return a function that replaces a blank string by None: scrapers send one for a missing element.

    A blank string over the length limit stays, and is an error.
    """

    def none_if_blank(value: Any) -> Any:
        blank = isinstance(value, str) and not (max_length and len(value) > max_length) and not value.strip()
        return None if blank else value

    return none_if_blank


class StrictString(fields.String):
    """A string, and nothing else."""

    default_error_messages = {"invalid": "Send a string."}

    def __init__(
        self, description: str, *, max_length: int | None = MAX_STRING_CHARS, blank: bool = False, **more: Any
    ) -> None:
        """Create the field. If `blank` is false, a blank string is a missing value."""
        self.blank = blank
        if not blank:
            more.setdefault("pre_load", _unless_blank(max_length))
        length = [validate.Length(max=max_length, error="Send at most {max} characters.")] if max_length else []
        more.setdefault("allow_none", True)
        metadata = {"description": description} | more.pop("metadata", {})
        super().__init__(validate=length + more.pop("validate", []), metadata=metadata, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        if not isinstance(value, str):  # marshmallow decodes bytes
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **more)


class StringOrInteger(StrictString):
    """A string, or an integer instead of one: ids, titles, tags (`2022`)."""

    default_error_messages = {"invalid": "Send a string or an integer."}

    def __init__(self, description: str, **more: Any) -> None:
        """Document that integers are accepted, too."""
        super().__init__(description, metadata={"type": ["string", "integer"]}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        plain = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        return super()._deserialize(plain, attr, data, **more)


class Id(StringOrInteger):
    """The caller's own key. It is returned unchanged, so that it must be a valid string."""

    def __init__(self, description: str) -> None:
        """Allow a blank key."""
        super().__init__(description, blank=True)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        key = super()._deserialize(value, attr, data, **more)
        if SURROGATE.search(key):
            raise ValidationError("Send an id without lone surrogates.")
        return key


class OptionalList(fields.List[Any]):
    """A list of a response that is omitted if it is empty."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return super()._serialize(value, attr, obj, **kwargs) if value else missing


class Strings(fields.List[str]):
    """A list of strings. A single string is a list of one; null and blank items are ignored."""

    default_error_messages = {"invalid": "Send a list of strings, or one string."}

    def __init__(self, item: StrictString, description: str) -> None:
        """Create the field from the field of an item."""
        one = {"type": [*item.metadata.get("type", ["string"]), "null"], "maxLength": MAX_STRING_CHARS}
        super().__init__(
            item,
            allow_none=True,
            metadata={
                "description": description,
                "type": ["array", "string"],
                "items": one,
                "maxItems": MAX_LIST_ITEMS,
                "maxLength": MAX_STRING_CHARS,
            },
        )

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and len(listed) > MAX_LIST_ITEMS:
            raise ValidationError(f"Send at most {MAX_LIST_ITEMS:,} items.")
        items = [item for item in super()._deserialize(listed, attr, data, **more) if item is not None and item.strip()]
        if sum(map(len, items)) > MAX_LIST_CHARS:
            raise ValidationError(f"Send at most {MAX_LIST_CHARS:,} characters in all items.")
        return items


class Date(StrictString):
    """A date in any format, or Unix time as a number, in seconds or milliseconds."""

    default_error_messages = {"invalid": "Send a date as a string, or Unix time as a number."}

    def __init__(self, description: str) -> None:
        """Document that numbers are accepted, too."""
        super().__init__(description, metadata={"type": ["string", "number"]})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        return super()._deserialize(value, attr, data, **more)

    def _validate(self, value: Any) -> None:
        if isinstance(value, str):
            super()._validate(value)


class Base64(StrictString):
    """Bytes in base64 (RFC 4648). White space is allowed."""

    def __init__(self, description: str) -> None:
        """Document the content of the string."""
        super().__init__(
            description, max_length=None, blank=True, metadata={"contentEncoding": "base64", "pattern": BASE64}
        )

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        text: str = super()._deserialize(value, attr, data, **more)
        try:
            return b64decode("".join(text.split()), validate=True)
        except ValueError as error:
            raise ValidationError("Send base64 (RFC 4648).") from error


class StrictBoolean(fields.Field[bool]):
    """A boolean, and nothing that can be converted to one."""

    default_error_messages = {"invalid": "Send true or false.", "null": "Send true or false."}

    def __init__(self, description: str, *, default: bool) -> None:
        """Create the field. The default is documented only: a missing field stays missing."""
        super().__init__(metadata={"description": description, "type": "boolean", "default": default})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> bool:
        del attr, data
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Extra(fields.Dict):
    """Any JSON object, returned to the caller."""

    default_error_messages = {"invalid": "Send an object."}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        check_extra(value)
        return super()._deserialize(value, attr, data, **more)  # type: ignore[no-untyped-call]  # marshmallow's


def check_extra(value: Any) -> None:
    """Check the limits of `extra`.

    Raises:
        ValidationError: it has too many values, too much text, or invalid keys.
    """
    values = strings = text = paths = 0
    waiting = [(value, 0)]
    while waiting:
        item, path = waiting.pop()
        paths += path
        if isinstance(item, str):
            strings, text = strings + 1, text + len(item)
        elif isinstance(item, (dict, list)):
            values += len(item)
            if values > MAX_EXTRA_VALUES:
                raise ValidationError(f"Send at most {MAX_EXTRA_VALUES:,} values.")
            if isinstance(item, dict):
                waiting.extend([(inner, path + _length(key)) for key, inner in item.items()])
            else:
                waiting.extend([(inner, path + 1) for inner in item])
    if strings > MAX_EXTRA_STRINGS:
        raise ValidationError(f"Send at most {MAX_EXTRA_STRINGS:,} strings.")
    if text > MAX_EXTRA_CHARS:
        raise ValidationError(f"Send at most {MAX_EXTRA_CHARS:,} characters in all strings.")
    if paths > MAX_EXTRA_PATH_CHARS:
        raise ValidationError("Send shorter keys, or fewer values below them.")


def _length(key: Any) -> int:
    if not isinstance(key, str):
        raise ValidationError("Send keys that are strings.")
    if len(key) > MAX_EXTRA_KEY_CHARS:
        raise ValidationError(f"Send keys of at most {MAX_EXTRA_KEY_CHARS:,} characters.")
    if not key.isascii() and SURROGATE.search(key):
        raise ValidationError("Send keys without lone surrogates.")
    return len(key) + 1
