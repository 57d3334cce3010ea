"""The errors of the library, in one tree.

    CopydeskError
    ├── ProblemError                an error with a problem details object (RFC 9457)
    │   ├── MalformedJSON           400  not strict JSON
    │   ├── LimitExceeded           413  a body, text or batch over its limit
    │   ├── ValidationFailed        422  invalid fields, each with its JSON Pointer
    │   ├── UnreadableContent       422  binary data, a page that cannot be parsed, or a feed as one article
    │   ├── ProcessingTimeout       422  cleaning one article took too long
    │   ├── InternalError           500  a bug in Copydesk
    │   └── MissingDependency       501  an optional dependency is not installed
    ├── ClientError                 an error of the HTTP client (`copydesk.client`)
    │   ├── RequestRejected         the service rejected the request (4xx except 408)
    │   ├── ServiceUnavailable      no response after the last retry
    │   └── InvalidResponse         not a response of Copydesk, or a server error
    └── SettingsError               an invalid or unknown setting

The errors of the HTTP service (`svc.errors`) are `ProblemError`s, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

if TYPE_CHECKING:
    from copydesk.article import Json
    from copydesk.typed_dicts import ProblemDict

PROBLEM_TYPE_PREFIX = "urn:copydesk:problem:"


class CopydeskError(Exception):
    """The base class of all errors of Copydesk. Errors can be pickled and copied."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Restore the attributes instead of calling `__init__`, which has other arguments in subclasses."""
        return _restore_error, (type(self), self.args, self.__dict__)


def _restore_error(kind: type[CopydeskError], args: tuple[Any, ...], attributes: dict[str, Any]) -> CopydeskError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(attributes)
    return error


class ProblemError(CopydeskError):
    """An error with a problem details object (RFC 9457).

    Attributes:
        slug: the last part of the problem type.
        title: a summary, the same for every error of this class.
        status: the HTTP status code.
        action: what a client or operator should do.
        detail: what is wrong in this case.
        members: further members of the problem.
    """

    slug: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[int]
    action: ClassVar[str]

    def __init__(self, detail: str, **members: Json) -> None:
        """Store the detail and further members of the problem."""
        super().__init__(detail)
        self.detail = detail
        self.members: Mapping[str, Json] = members

    def to_problem(self) -> dict[str, Json]:
        """Return the problem details object."""
        head: dict[str, Json] = {
            "type": PROBLEM_TYPE_PREFIX + self.slug,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        return head | dict(self.members)


class MalformedJSON(ProblemError):
    """Raised when a document is not strict JSON.

    The members `line` and `column` (from 1) and `offset` (from 0) give the position. The offset counts characters, or
    bytes if the document is not UTF-8. They are missing if the position is unknown.
    """

    slug, title, status = "malformed-json", "Malformed JSON", 400
    action = "fix the JSON at `line`, `column`"


class LimitExceeded(ProblemError):
    """Raised when a body, text or batch exceeds a limit. The members `limit` and `unit` describe the limit."""

    slug, title, status = "limit-exceeded", "Limit exceeded", 413
    action = "send less: see `limit` and `unit`"


class ValidationFailed(ProblemError):
    """Raised when input does not match the schema.

    Attributes:
        errors: the invalid fields, each with a `detail` and its `pointer` (RFC 6901) or query `parameter`.
    """

    slug, title, status = "validation-failed", "Validation failed", 422
    action = "fix the fields in `errors`"

    def __init__(self, errors: Sequence[Mapping[str, str]], *, limit: int = 0, detail: str = "") -> None:
        """Store the errors.

        Args:
            errors: the invalid fields.
            limit: the number of errors after which validation stopped; 0 if it never stops.
            detail: the message, if the errors are of the document as a whole.
        """
        count = f"{len(errors)}{' or more' if len(errors) == limit else ''}"
        summary = "1 field is invalid" if len(errors) == 1 else f"{count} fields are invalid"
        super().__init__(detail or f"{summary}; see `errors`.", errors=[dict(error) for error in errors])

    def __str__(self) -> str:
        """Return the summary and the first error."""
        first = next(iter(self.errors), {})
        location = first.get("pointer", first.get("parameter")) or "the document"
        has_more = first and first["detail"] != self.detail
        return f"{self.detail} {location}: {first['detail']}" if has_more else self.detail

    @property
    def errors(self) -> list[dict[str, str]]:
        """Return the invalid fields."""
        return cast("list[dict[str, str]]", self.members["errors"])


class UnreadableContent(ProblemError):
    """Raised for binary data, such as an image or an archive, for pages that cannot be parsed, and for other documents.

    A feed or JSON in the place of an article has the member `errors` with its JSON Pointer, as in `ValidationFailed`.
    """

    slug, title, status = "unreadable-content", "Unreadable content", 422
    action = "skip binary data and pages without an article; send a feed or JSON as `detail` describes"


class ProcessingTimeout(ProblemError):
    """Raised when cleaning one article takes longer than the limit. A retry does not help."""

    slug, title, status = "processing-timeout", "Processing timed out", 422
    action = "skip the article; the service log has the traceback"


class InternalError(ProblemError):
    """Describes an unexpected exception: a bug in Copydesk."""

    slug, title, status = "internal-error", "Internal server error", 500
    action = "report the bug; the log has it under the `X-Request-ID`"


class MissingDependency(ProblemError):
    """Raised when a page needs an optional dependency that is not installed. The detail names the extra."""

    slug, title, status = "missing-dependency", "Missing dependency", 501
    action = "install the extra in `detail`"


class SettingsError(CopydeskError):
    """Raised for an invalid or unknown setting. The message is one line."""


class ClientError(CopydeskError):
    """An error of the HTTP client.

    Attributes:
        problem: the problem that the service returned, if any.
        keys: the keys of the articles that `clean_many` had read and that have no result.
    """

    def __init__(self, detail: str, problem: ProblemDict | None = None) -> None:
        """Store the problem."""
        super().__init__(detail)
        self.problem = problem
        self.keys: tuple[Any, ...] = ()


class RequestRejected(ClientError):
    """Raised when the service rejects a request (4xx except 408). It is not retried."""

    def __init__(self, detail: str, problem: ProblemDict) -> None:
        """Store the problem, which a rejection always has."""
        super().__init__(detail, problem)
        self.problem: ProblemDict = problem


class ServiceUnavailable(ClientError):
    """Raised when there is no response after the last retry: no connection, 408, 502, 503, 504 or a cut response.

    Without any connection so far, it is raised at once: the address is probably wrong.

    Attributes:
        retry_after: the delay in seconds that the service asked for last.
        is_unreachable: whether the client never had a connection.
    """

    def __init__(
        self,
        detail: str,
        problem: ProblemDict | None = None,
        retry_after: float = 0,
        *,
        is_unreachable: bool = False,
    ) -> None:
        """Store the attributes."""
        super().__init__(detail, problem)
        self.retry_after = retry_after
        self.is_unreachable = is_unreachable


class InvalidResponse(ClientError):
    """Raised for a response that is not one of Copydesk's, and for server errors (500, 501)."""
