"""A strict JSON reader (RFC 8259, I-JSON) with error positions, and a fast writer.

Python's reader accepts more than the standard: NaN and infinities, numbers too large for a float, duplicate keys (it
keeps the last value) and nesting up to the recursion limit. This reader rejects each of these with its position. It
accepts lone surrogates, because the repair of text handles them.

orjson only writes. As a reader it keeps the last of duplicate keys, converts large integers to floats and rejects lone
surrogates; with checks for the first two it is about as fast as this reader.
"""

from __future__ import annotations

import json
import math
import re
from itertools import islice
from typing import NoReturn, cast

import orjson

from copydesk.article import Json
from copydesk.errors import LimitExceeded, MalformedJSON

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
# An unterminated string matches to the end of the text, so that the scan stays linear.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[\[\]{}:,]|-?(?:NaN|Infinity)|-?[0-9][0-9.eE+\-]*+', re.DOTALL)

# Python's own limit: the conversion of an integer takes quadratic time.
_MAX_NUMBER_CHARS = 4_300

# A short value can take a hundred bytes of memory.
_MAX_VALUES = 1_000_000

# Limits the time of the search for the position of a violation to about a second.
_MAX_SCANNED_TOKENS = 500_000

# Messages of Python's reader as sentences.
_MESSAGES = {
    "Expecting value": "Expected a value.",
    "Extra data": "Unexpected data after the end.",
    "Invalid control character at": "Unescaped control character in a string; write a line break as \\n.",
    "Unterminated string starting at": "Unterminated string.",
}

# The message for a violation after the last scanned token.
_UNKNOWN_POSITION = "Duplicate key, number out of range or nesting too deep, at an unknown position."


class _ViolationError(Exception):
    """Raised by the hooks of the decoder, which do not know the position."""


def loads(data: bytes, max_depth: int) -> Json:
    """Parse one JSON text.

    Args:
        data: the text in UTF-8, with or without a byte order mark.
        max_depth: the maximum nesting depth of arrays and objects.

    Returns:
        The parsed value.

    Raises:
        MalformedJSON: the text is not strict JSON. The error has the line, column and offset, unless the position is
            too far from the start.
        LimitExceeded: the text has too many values.

    >>> loads(b'{"a": [1, 2.5, null]}', 64)
    {'a': [1, 2.5, None]}
    """
    text = _decode(data)
    # Brackets in strings count, too: only a text with more brackets than `max_depth` can be too deep.
    can_be_too_deep = text.count("[") + text.count("{") > max_depth
    _check_value_count(text)
    try:
        document = cast("Json", _DECODER.decode(text))
    except json.JSONDecodeError as error:
        if can_be_too_deep:
            _check_tokens(text[: error.pos], max_depth)
        raise _syntax_error(error, text) from error
    except (_ViolationError, ValueError, RecursionError) as error:
        _check_tokens(text, max_depth)
        raise MalformedJSON(_UNKNOWN_POSITION) from error
    if can_be_too_deep and _is_deeper(document, max_depth):
        _check_tokens(text, max_depth)
        raise MalformedJSON(_UNKNOWN_POSITION)
    return document


def dumps(document: object) -> bytes:
    """Serialize a document as compact UTF-8 JSON with a line feed at its end.

    The standard library writes what orjson rejects: integers of more than 64 bits, nesting of more than 254 levels and
    lone surrogates. A lone surrogate is quoted from the request: by a problem, or as the `before` of a change. It is
    escaped.
    """
    try:
        return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError:
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "backslashreplace") + b"\n"


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedJSON(
            f"JSON must be UTF-8; the byte {error.object[error.start]:02X} at offset {error.start} is not.",
            offset=error.start,
        ) from error


def _check_value_count(text: str) -> None:
    """Raise LimitExceeded for a text with too many values. The cheaper, less exact counts come first."""
    if len(text) <= _MAX_VALUES or _count_values(text) <= _MAX_VALUES:
        return
    if _count_values(_remove_strings(text)) > _MAX_VALUES:
        raise LimitExceeded(f"Send JSON with at most {_MAX_VALUES:,} values.", limit=_MAX_VALUES, unit="values")


def _count_values(text: str) -> int:
    return sum(map(text.count, "[{,"))


def _remove_strings(text: str) -> str:
    """Return the text without the contents of its strings. A text with too many strings is returned as it is."""
    plain = text.replace("\\\\", "").replace('\\"', "")
    return text if plain.count('"') > 2 * _MAX_VALUES else "".join(plain.split('"')[::2])


def _is_deeper(document: Json, max_depth: int) -> bool:
    level = [document] if isinstance(document, (dict, list)) else []
    for _ in range(max_depth):
        level = [
            value
            for parent in level
            for value in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(value, (dict, list))
        ]
        if not level:
            return False
    return True


def _check_tokens(text: str, max_depth: int) -> None:
    """Scan the tokens of a text and raise MalformedJSON at the first violation that Python's reader accepts."""
    open_keys: list[set[str] | None] = []  # the keys of each open object; None for an open array
    expects_key = False
    for match in islice(_TOKEN.finditer(text), _MAX_SCANNED_TOKENS):
        lexeme, start = match[0], match.start()
        if lexeme in "[{":
            open_keys.append(set() if lexeme == "{" else None)
            if len(open_keys) > max_depth:
                raise _malformed(f"Nested deeper than {max_depth} levels.", text, start)
        elif lexeme in "]}":
            del open_keys[-1:]  # Python's reader rejects a closing bracket too many
        elif lexeme[0] == '"':
            if expects_key and open_keys and open_keys[-1] is not None:
                _check_key(lexeme, open_keys[-1], text, start)
        elif lexeme not in ":,":
            _check_number(lexeme, text, start)
        expects_key = lexeme == "{" or (lexeme == "," and bool(open_keys) and open_keys[-1] is not None)


def _check_key(lexeme: str, keys: set[str], text: str, start: int) -> None:
    try:
        key = cast("str", json.loads(lexeme, strict=False))
    except json.JSONDecodeError:
        return
    if key in keys:
        raise _malformed(f"Duplicate key {lexeme}.", text, start)
    keys.add(key)


def _check_number(lexeme: str, text: str, start: int) -> None:
    if lexeme.endswith(("NaN", "Infinity")):
        raise _malformed(f"{lexeme} is not a JSON number.", text, start)
    # Python's reader reads a number up to the first character that does not belong to it.
    number = _NUMBER.match(lexeme)
    if number and (math.isinf(float(number[0])) or len(lexeme) > _MAX_NUMBER_CHARS):
        raise _malformed("Number out of range.", text, start)


def _syntax_error(error: json.JSONDecodeError, text: str) -> MalformedJSON:
    if not text or text.isspace():
        return _malformed("The document is empty.", text, 0)
    return _malformed(_MESSAGES.get(error.msg, f"{error.msg}."), text, error.pos)


def _malformed(detail: str, text: str, offset: int) -> MalformedJSON:
    line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    return MalformedJSON(f"{detail} (line {line}, column {column})", line=line, column=column, offset=offset)


def _unique_pairs(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise _ViolationError
    return values


def _parse_finite(number: str) -> float:
    value = float(number)
    if math.isinf(value):
        raise _ViolationError
    return value


def _reject_constant(_: str) -> NoReturn:
    raise _ViolationError


_DECODER = json.JSONDecoder(object_pairs_hook=_unique_pairs, parse_float=_parse_finite, parse_constant=_reject_constant)
