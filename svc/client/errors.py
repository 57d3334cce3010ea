"""What can go wrong between a program and the service, in one tree.

    CopydeskError
    ├── Refused       a 4xx: what was sent can't be taken; sending it again won't help
    ├── Unavailable   no answer after the last retry: no connection, 502, 503, 504, an answer that broke off
    └── Broken        an answer that is not of this service, or its own fault (500, 501)

What is wrong with one article of many is no error: it is the `problem` of its result. `clean_many` raises when the
service as a whole doesn't do its work, after it has given out every answer that there is; `keys` says what has none.
"""

from __future__ import annotations

from typing import Any

from svc.client.results import Problem


class CopydeskError(Exception):
    """An error of the client; `problem` is what the service said (RFC 9457), if it said anything."""

    def __init__(self, detail: str, problem: Problem | None = None) -> None:
        """Keep the sentence for people and the problem for programs."""
        super().__init__(detail)
        self.problem = problem
        self.keys: tuple[Any, ...] = ()
        """The keys of the articles that `clean_many` had taken and has no answer for."""


class Refused(CopydeskError):
    """Raised when the service refuses what was sent (4xx). It is not sent again."""

    def __init__(self, detail: str, problem: Problem) -> None:
        """Keep the problem: of a refusal there always is one."""
        super().__init__(detail, problem)
        self.problem: Problem = problem


class Unavailable(CopydeskError):
    """Raised when the service can't be reached or has no time, and the last retry is made.

    `retry_after` is what the service asked to wait last, in seconds.
    """

    def __init__(self, detail: str, problem: Problem | None = None, retry_after: float = 0) -> None:
        """Keep how long the service asked to wait."""
        super().__init__(detail, problem)
        self.retry_after = retry_after


class Broken(CopydeskError):
    """Raised for an answer that is not what the service promises: another program's, or a fault of ours."""
