"""Our few fields: what scrapers really send for a string, a list, a date. Addresses have a module of their own.

What can mean one thing only is accepted (a number for an id, a single string for a list, null or a blank string for
"not there"); the rest is refused with a message that says what to send.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

SHORT = 10_000  # characters: a title or name longer than this is a body in the wrong field
MANY = 1_000  # items: more authors or tags than this are a list in the wrong field
MUCH = 100_000  # characters of all items together
# What an article may carry along in `extra`: values, characters in their strings, characters in a key, and characters
# in the paths of all values together, as each has its own.
MOST_VALUES, MOST_STRINGS, MOST_TEXT, LONGEST_KEY, MOST_PATHS = 50_000, 10_000, 1_000_000, 1_000, 10_000_000

BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"

SURROGATE = re.compile("[\ud800-\udfff]")


def _unless_blank(longest: int | None) -> Callable[[Any], Any]:
    """Make what takes a blank string for nothing: it is what a scraper sends for an element that it didn't find.

    One that is longer than the field may be is refused for that, as the contract says.
    """

    def there(value: Any) -> Any:
        blank = isinstance(value, str) and not (longest and len(value) > longest) and not value.strip()
        return None if blank else value

    return there


class Line(fields.String):
    """A string. Numbers, booleans, lists and objects are refused."""

    default_error_messages = {"invalid": "Send a string."}

    def __init__(self, description: str, *, longest: int | None = SHORT, blank: bool = False, **more: Any) -> None:
        """Take the sentence that describes the field in the contract, and whether a blank string is anything in it."""
        self.blank = blank
        if not blank:
            more.setdefault("pre_load", _unless_blank(longest))
        length = [validate.Length(max=longest, error="Send at most {max} characters.")] if longest else []
        more.setdefault("allow_none", True)
        metadata = {"description": description} | more.pop("metadata", {})
        super().__init__(validate=length + more.pop("validate", []), metadata=metadata, **more)


class Label(Line):
    """A string, or a whole number that is meant as one: ids, titles, tags (`2022`)."""

    default_error_messages = {"invalid": "Send a string or a whole number."}

    def __init__(self, description: str, **more: Any) -> None:
        """Tell the contract that whole numbers are taken too."""
        super().__init__(description, metadata={"type": ["string", "integer"]}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        plain = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        return super()._deserialize(plain, attr, data, **more)


class Id(Label):
    """The caller's own key. It goes back as it came, so it must be a string that an answer can hold."""

    def __init__(self, description: str) -> None:
        """Let it be blank, if that is somebody's key."""
        super().__init__(description, blank=True)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        found = super()._deserialize(value, attr, data, **more)
        if SURROGATE.search(found):
            raise ValidationError("Send an id without lone surrogates: it is returned as it came.")
        return found


class Strings(fields.List[str]):
    """A list of strings; a single one is a list of one, nulls and blanks in it are nothing."""

    default_error_messages = {"invalid": "Send a list of strings, or one string."}

    def __init__(self, item: Line, description: str) -> None:
        """Take the field of one item."""
        one = {"type": [*item.metadata.get("type", ["string"]), "null"], "maxLength": SHORT}
        super().__init__(
            item,
            allow_none=True,
            metadata={
                "description": description,
                "type": ["array", "string"],
                "items": one,
                "maxItems": MANY,
                "maxLength": SHORT,
            },
        )

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and len(listed) > MANY:
            raise ValidationError(f"Send at most {MANY} items.")
        found = [item for item in super()._deserialize(listed, attr, data, **more) if item is not None and item.strip()]
        if sum(map(len, found)) > MUCH:
            raise ValidationError(f"Send at most {MUCH:,} characters in all items together.")
        return found


class Date(Line):
    """A date in any form, as a string, or Unix time as a number, in seconds or milliseconds."""

    default_error_messages = {"invalid": "Send a date as a string, or Unix time as a number."}

    def __init__(self, description: str) -> None:
        """Tell the contract that numbers are taken too."""
        super().__init__(description, metadata={"type": ["string", "number"]})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        return super()._deserialize(value, attr, data, **more)

    def _validate(self, value: Any) -> None:
        if isinstance(value, str):
            super()._validate(value)


class Base64(Line):
    """Bytes in base64 (RFC 4648), line breaks allowed."""

    def __init__(self, description: str) -> None:
        """Tell the contract what is in the string."""
        super().__init__(
            description, longest=None, blank=True, metadata={"contentEncoding": "base64", "pattern": BASE64}
        )

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        found: str = super()._deserialize(value, attr, data, **more)
        try:
            return b64decode("".join(found.split()), validate=True)
        except ValueError as error:
            raise ValidationError("Send base64 (RFC 4648).") from error


class Switch(fields.Field[bool]):
    """True or false, and nothing that merely looks like it."""

    default_error_messages = {"invalid": "Send true or false.", "null": "Send true or false."}

    def __init__(self, description: str) -> None:
        """Take the sentence that describes the field in the contract."""
        super().__init__(metadata={"description": description, "type": "boolean"})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> bool:
        del attr, data
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Extra(fields.Dict):
    """Any JSON object, to be carried along."""

    default_error_messages = {"invalid": "Send an object."}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        check_carried(value)
        return super()._deserialize(value, attr, data, **more)  # type: ignore[no-untyped-call]  # marshmallow's


def check_carried(value: Any) -> None:
    """Refuse an object that holds too much, before anything is made of it.

    Raises:
        ValidationError: it holds too many values, too much text, or keys that are too long or no text.
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
            if values > MOST_VALUES:
                raise ValidationError(f"Send at most {MOST_VALUES:,} values in all.")
            if isinstance(item, dict):
                waiting.extend([(inner, path + _length(key)) for key, inner in item.items()])
            else:
                waiting.extend([(inner, path + 1) for inner in item])
    if strings > MOST_STRINGS:
        raise ValidationError(f"Send at most {MOST_STRINGS:,} strings in all.")
    if text > MOST_TEXT:
        raise ValidationError(f"Send at most {MOST_TEXT:,} characters in all strings together.")
    if paths > MOST_PATHS:
        raise ValidationError("Send shorter keys, or fewer values below them.")


def _length(key: str) -> int:
    if len(key) > LONGEST_KEY:
        raise ValidationError(f"Send keys of at most {LONGEST_KEY:,} characters.")
    if not key.isascii() and SURROGATE.search(key):
        raise ValidationError("Send keys without lone surrogates: keys are returned as they came.")
    return len(key) + 1
