"""Encoding of raw articles as JSON. Bytes become base64, dates become ISO 8601."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, cast

from copydesk.byte_fields import BYTES, Bytes, encode_bytes
from copydesk.client._result import Fields, RawArticle
from copydesk.errors import RequestRejected, ValidationFailed
from copydesk.typed_dicts import ProblemDict

_MAX_ERRORS = 20
# The service accepts less.
_MAX_DEPTH = 200
_MAX_SHOWN_CHARS = 80


def encode_article(article: RawArticle, fields: Fields | None = None) -> bytes:
    r"""Encode an article as JSON on one line: dates as ISO 8601, bytes as base64, lone surrogates escaped.

    Args:
        article: the article, or a record of another tool.
        fields: the mapping of records; None if articles are not records.

    Raises:
        RequestRejected: a value cannot be encoded, or a record is unknown. The problem names each field, as the
            service's own does.

    >>> encode_article({"text": "café", "published": date(2024, 3, 5)}).decode()
    '{"text":"café","published":"2024-03-05"}'
    >>> encode_article("café").decode()
    '{"text":"café"}'
    >>> encode_article({"html": b"<p>caf\xe9</p>"}).decode()
    '{"content_base64":"PHA+Y2Fm6TwvcD4=","content_type":"text/html"}'
    """
    if isinstance(article, BYTES):
        raise _rejection([{"pointer": "", "detail": "Send a text or an object, such as {'html': …} for bytes."}])
    document: Any = {"text": article} if isinstance(article, str) else article
    if fields is not None and not isinstance(article, str):
        document = _map_record(document, fields)
    try:
        if isinstance(document, Mapping):
            document = encode_bytes(document)
        return _dump(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return _dump(document, ensure_ascii=True).encode()
    except ValidationFailed as error:
        raise _rejection(error.errors) from error
    except (TypeError, ValueError, RecursionError) as error:
        errors = list(islice(_find_errors(document, "", _MAX_DEPTH), _MAX_ERRORS))
        raise _rejection(errors or [{"pointer": "", "detail": f"Not a JSON value: {error}."}]) from error


def _map_record(record: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    from copydesk.records import map_record  # noqa: PLC0415  few programs need it

    try:
        return map_record(record, fields)
    except ValidationFailed as error:
        raise RequestRejected(str(error), cast("ProblemDict", error.to_problem())) from error
    except Exception as error:  # a value of the caller's class must not fail the other records
        detail = f"The record cannot be mapped: {type(error).__name__}."
        raise _rejection([{"pointer": "", "detail": detail}]) from error


def page_fields(data: str | Bytes, url: str | None, content_type: str | None) -> dict[str, Any]:
    """Return the fields of a raw article for a page or a plain text.

    Raises:
        RequestRejected: `data` is neither a string nor bytes.
    """
    if isinstance(data, str):
        document: dict[str, Any] = {"html": data}
    elif isinstance(data, BYTES):
        document = {"content_base64": b64encode(data).decode(), "content_type": content_type}
    else:
        raise _rejection([{"pointer": "", "detail": "Send bytes or a string."}])
    return {name: value for name, value in (document | {"url": url}).items() if value is not None}


def _dump(document: object, *, ensure_ascii: bool) -> str:
    return json.dumps(document, ensure_ascii=ensure_ascii, allow_nan=False, separators=(",", ":"), default=_to_json)


def _to_json(value: object) -> object:
    # A datetime is a date. A value that differs from itself is a missing one, such as NaT of pandas.
    if isinstance(value, date) and value == value:  # noqa: PLR0124
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is not a JSON type")


def _find_errors(value: Any, pointer: str, max_depth: int) -> Iterator[dict[str, str]]:
    """Yield an error with the JSON Pointer of each value that JSON cannot hold."""
    if isinstance(value, str):
        return
    if max_depth == 0:
        yield {"pointer": pointer, "detail": f"Nested deeper than {_MAX_DEPTH} levels."}
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if isinstance(key, (str, int, float)) or key is None:
                yield from _find_errors(item, _join(pointer, key), max_depth - 1)
            else:
                yield {"pointer": pointer, "detail": f"Send keys that are strings, not {_show(key)}."}
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            yield from _find_errors(item, _join(pointer, i), max_depth - 1)
    else:
        try:
            _dump(value, ensure_ascii=True)
        except (TypeError, ValueError, RecursionError):
            yield {"pointer": pointer, "detail": f"Not a JSON value: {_show(value)}."}


def _show(value: object) -> str:
    """Return the type and the start of a value, as a message shows them."""
    if isinstance(value, BYTES):
        return f"{type(value).__name__}, which only `html` and `text` may have"
    if isinstance(value, int):  # a very long one cannot be printed
        return "an integer of too many digits"
    try:
        shown = repr(value)
    except Exception:  # noqa: BLE001  the caller's class
        shown = "?"
    return f"{shown[:_MAX_SHOWN_CHARS]} ({type(value).__name__})"


def _join(pointer: str, key: object) -> str:
    """Return the JSON Pointer (RFC 6901) of a member."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def _rejection(errors: list[dict[str, str]]) -> RequestRejected:
    """Return the error for invalid fields, with the problem that the service would return."""
    invalid = ValidationFailed(errors)
    return RequestRejected(f"{invalid.status}: {invalid}", cast("ProblemDict", invalid.to_problem()))
