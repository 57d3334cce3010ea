"""What can go wrong, in one tree.

    CopydeskError
    ├── MalformedJSON       400  the body is not strict JSON
    ├── MalformedCoding     400  the body is not what its Content-Encoding says
    ├── IncompleteBody      400  the body ended before its announced length, or within its chunks
    ├── Unauthorized        401  an API key is needed, and none or a wrong one came
    ├── NotFound            404
    ├── MethodNotAllowed    405
    ├── NotAcceptable       406  no form that the caller accepts
    ├── SlowBody            408  the body stopped coming
    ├── OverLimit           413  body, text, batch: the limit is named
    ├── UnsupportedMedia    415  a Content-Type or Content-Encoding that is not taken
    ├── InvalidInput        422  fields that are wrong, each by its pointer
    ├── UnreadableContent   422  bytes that are no text, a page that can't be read
    ├── TakesTooLong        422  an article that was given up after a time
    ├── InternalError       500  our fault; tells nothing of the inside
    ├── NotInstalled        501  a page came, and the extra that reads pages is not installed
    ├── Overloaded          503  too many at once: not down, come again
    ├── Starting            503  not warm yet
    └── Draining            503  about to stop: ask another instance

    SettingsError                a setting that the program can't start with

Each error knows its problem type (RFC 9457), title and status. The code inside raises them; only the edge renders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from svc.core.article import Json

PROBLEM_TYPES = "urn:copydesk:problem:"


class CopydeskError(Exception):
    """An error that the caller is told of, as a problem."""

    slug: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[int]

    def __init__(self, detail: str, **members: Json) -> None:
        """Keep the sentence that tells a person what to change, and members that tell it to a program."""
        super().__init__(detail)
        self.detail = detail
        self.members: Mapping[str, Json] = members

    def problem(self) -> dict[str, Json]:
        """Return the problem details object of RFC 9457."""
        head: dict[str, Json] = {
            "type": PROBLEM_TYPES + self.slug,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        return head | dict(self.members)


class MalformedJSON(CopydeskError):
    """Raised when a body is not strict JSON.

    `line`, `column` (from 1) and `offset` (from 0, in characters, or in bytes where the body is no UTF-8) say where,
    unless it is far down.
    """

    slug, title, status = "malformed-json", "The body is not valid JSON", 400


class MalformedCoding(CopydeskError):
    """Raised when a body can't be inflated as its Content-Encoding says."""

    slug, title, status = "malformed-coding", "The body is not what its Content-Encoding says", 400


class IncompleteBody(CopydeskError):
    """Raised when a body is shorter than its Content-Length, or its chunks are none: something cut or garbled it."""

    slug, title, status = "incomplete-body", "The body is incomplete", 400


class Unauthorized(CopydeskError):
    """Raised when a path needs an API key and none came, or one that is not known."""

    slug, title, status = "unauthorized", "This needs an API key", 401


class NotFound(CopydeskError):
    """Raised for a path that leads nowhere."""

    slug, title, status = "not-found", "There is nothing at this path", 404


class MethodNotAllowed(CopydeskError):
    """Raised for a method that a path doesn't take."""

    slug, title, status = "method-not-allowed", "This path doesn't take this method", 405


class NotAcceptable(CopydeskError):
    """Raised when Accept leaves no form that we can answer in."""

    slug, title, status = "not-acceptable", "No acceptable form to answer in", 406


class SlowBody(CopydeskError):
    """Raised when nothing more of a body comes for as long as COPYDESK_SOCKET_TIMEOUT allows."""

    slug, title, status = "slow-body", "The body stopped coming", 408


class OverLimit(CopydeskError):
    """Raised when something is larger than the service takes; `limit` and `unit` say how large it may be."""

    slug, title, status = "over-limit", "Larger than this service takes", 413


class UnsupportedMedia(CopydeskError):
    """Raised for a Content-Type, charset or Content-Encoding that a path doesn't take."""

    slug, title, status = "unsupported-media-type", "This kind of body is not taken here", 415


class InvalidInput(CopydeskError):
    """Raised when well-formed JSON is not what was asked for; `errors` names each field by its JSON Pointer."""

    slug, title, status = "invalid-input", "Some fields are not as they should be", 422

    def __init__(self, errors: Sequence[Mapping[str, str]], *, most: int = 0) -> None:
        """Take what schemas.problem.pointers makes of a validation error, and how many it tells at most."""
        some = (
            "One field is not as it should be"
            if len(errors) == 1
            else f"{len(errors)} fields{' or more' if len(errors) == most else ''} are not as they should be"
        )
        super().__init__(f"{some}; see errors.", errors=[dict(error) for error in errors])


class UnreadableContent(CopydeskError):
    """Raised for bytes that are no text (a picture, an archive), and for pages that can't be read."""

    slug, title, status = "unreadable-content", "There is no article in this", 422


class TakesTooLong(CopydeskError):
    """Raised for an article that was given up after COPYDESK_ARTICLE_SECONDS; sending it again is of no use."""

    slug, title, status = "takes-too-long", "This article takes too long", 422


class InternalError(CopydeskError):
    """Raised for nothing: stands for whatever else went wrong. The log has the rest, by the request's id."""

    slug, title, status = "internal-error", "Something went wrong on our side", 500


class NotInstalled(CopydeskError):
    """Raised for a page where the extra that reads pages is not installed; the detail names it."""

    slug, title, status = "not-installed", "This service was installed without what this needs", 501


class Overloaded(CopydeskError):
    """Raised when more comes than can be done at once. The service is well: the same request may be sent again."""

    slug, title, status = "overloaded", "Too much at once just now", 503


class Starting(CopydeskError):
    """Raised for those who ask for readiness before the tables are loaded."""

    slug, title, status = "starting", "Not ready yet", 503


class Draining(CopydeskError):
    """Raised for those who ask for readiness when the service is about to stop. What still comes is still served."""

    slug, title, status = "draining", "About to stop", 503


class SettingsError(Exception):
    """Raised when the program can't start with its settings; the message is one line for the operator."""
