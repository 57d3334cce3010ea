"""The errors of HTTP requests. Each maps to a problem details object (RFC 9457).

    ProblemError
    ├── InvalidContentEncoding  400  the body does not match its Content-Encoding
    ├── IncompleteBody          400  the body ended early
    ├── Unauthorized            401  a missing or unknown API key
    ├── NotFound                404
    ├── MethodNotAllowed        405
    ├── NotAcceptable           406  no response format that the client accepts
    ├── RequestTimeout          408  the request did not arrive in time
    ├── UnsupportedMediaType    415  an unsupported Content-Type, charset or Content-Encoding
    ├── Overloaded              503  the queue is full, or the wait was too long
    ├── KeysUnavailable         503  the file of API keys is invalid
    ├── Starting                503  not ready yet
    └── Draining                503  shutting down

The errors of cleaning itself are in `copydesk.errors`.
"""

from __future__ import annotations

from copydesk.errors import ProblemError


class InvalidContentEncoding(ProblemError):
    """Raised when a body cannot be decompressed as its Content-Encoding says."""

    slug, title, status = "invalid-content-encoding", "Invalid content encoding", 400
    action = "send a body that matches its `Content-Encoding`"


class IncompleteBody(ProblemError):
    """Raised when a body is shorter than its Content-Length, or its chunked encoding is malformed."""

    slug, title, status = "incomplete-body", "Incomplete body", 400
    action = "retry: the body ended early, or its chunks are malformed"


class Unauthorized(ProblemError):
    """Raised when a path needs an API key and the request has none, or an unknown one."""

    slug, title, status = "unauthorized", "Unauthorized", 401
    action = "send a valid API key"


class NotFound(ProblemError):
    """Raised for a path without a route."""

    slug, title, status = "not-found", "Not found", 404
    action = "see `/openapi.yaml`"


class MethodNotAllowed(ProblemError):
    """Raised for a method that a path does not support."""

    slug, title, status = "method-not-allowed", "Method not allowed", 405
    action = "use a method in `Allow`"


class NotAcceptable(ProblemError):
    """Raised when the client accepts none of the response formats."""

    slug, title, status = "not-acceptable", "Not acceptable", 406
    action = "accept a format of this path"


class RequestTimeout(ProblemError):
    """Raised when a request does not arrive within COPYDESK_SOCKET_TIMEOUT or COPYDESK_BODY_TIMEOUT."""

    slug, title, status = "request-timeout", "Request timed out", 408
    action = "retry: the client stopped sending or was too slow"


class UnsupportedMediaType(ProblemError):
    """Raised for a Content-Type, charset or Content-Encoding that a path does not support."""

    slug, title, status = "unsupported-media-type", "Unsupported media type", 415
    action = "send a supported type"


class Overloaded(ProblemError):
    """Raised when the queue is full or the wait was too long. The client may retry."""

    slug, title, status = "overloaded", "Service overloaded", 503
    action = "retry after `Retry-After`; add instances if it persists"


class KeysUnavailable(ProblemError):
    """Raised by the readiness check when the file of API keys has been invalid for COPYDESK_API_KEYS_GRACE_PERIOD."""

    slug, title, status = "api-keys-unavailable", "API keys unavailable", 503
    action = "`/readyz` only: fix the file of API keys; the log names the line"


class Starting(ProblemError):
    """Raised by the readiness check before the tables are loaded."""

    slug, title, status = "starting", "Service starting", 503
    action = "`/readyz` only: use another instance"


class Draining(ProblemError):
    """Raised by the readiness check during graceful shutdown. Requests are still served."""

    slug, title, status = "draining", "Service draining", 503
    action = "`/readyz` only: use another instance"
