"""Bytes in the fields `html` and `text` of an article: in Python, they stand for `content_base64`."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from copydesk.errors import ValidationFailed

Bytes: TypeAlias = bytes | bytearray | memoryview
BYTES: Final = (bytes, bytearray, memoryview)

# The media type of bytes in each field that may have them.
_MEDIA_TYPES: Final = {"html": "text/html", "text": "text/plain"}


def encode_bytes(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an article with the bytes of `html` or `text` as `content_base64`; unchanged without bytes.

    Raises:
        ValidationFailed: there is other content, too.

    >>> encode_bytes({"html": b"<p>x", "id": 7})
    {'id': 7, 'content_base64': 'PHA+eA==', 'content_type': 'text/html'}
    """
    names = [name for name in _MEDIA_TYPES if isinstance(document.get(name), BYTES)]
    if not names:
        return document
    name, *others = names
    others += [other for other in ("html", "content_base64") if other != name and document.get(other) is not None]
    if others:
        detail = f"Send bytes in one field: `{name}` or `{others[0]}`."
        raise ValidationFailed([{"pointer": f"/{name}", "detail": detail}])
    fields = {other: value for other, value in document.items() if other != name}
    fields["content_base64"] = b64encode(document[name]).decode()
    if fields.get("content_type") is None:
        fields["content_type"] = _MEDIA_TYPES[name]
    return fields
