"""Extensions of schemathesis: NDJSON bodies, and errors that a schema cannot express."""

from __future__ import annotations

import json
from typing import Any

import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

# A schema cannot say that bytes are not an image, nor that a string is base64 of a text.
_INEXPRESSIBLE = b"urn:copydesk:problem:unreadable-content"


@schemathesis.serializer("application/x-ndjson")
def serialize_ndjson(_: Any, value: Any) -> bytes:
    """Send any value as one line of NDJSON."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@schemathesis.check
def valid_data_is_accepted(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> bool | None:
    """Check that valid data is accepted, unless it has no readable article."""
    if _INEXPRESSIBLE in response.content:
        return None
    return positive_data_acceptance(ctx, response, case)
