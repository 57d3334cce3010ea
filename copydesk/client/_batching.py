"""Batches of articles, and the results of each batch. No I/O.

A response may be cut at any byte, for example if a worker dies. Every complete line of it counts. The articles without
a line are sent again, so that each article gets exactly one result. A line with an unknown or a repeated index is an
error.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from copydesk.client._encoding import encode_article
from copydesk.client._result import CleanResult, FailedResult, Fields, KeyedArticle, Result
from copydesk.errors import InvalidResponse, RequestRejected, ServiceUnavailable
from copydesk.typed_dicts import ProblemDict

_MAX_QUOTED_BYTES = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLimits:
    """The maximum size of a batch. A single article may exceed `max_bytes`.

    Attributes:
        max_articles: the number of articles.
        max_bytes: the size of the NDJSON in bytes.

    Raises:
        ValueError: a limit is less than 1.
    """

    max_articles: int = 100
    max_bytes: int = 1 << 20

    def __post_init__(self) -> None:
        if self.max_articles < 1 or self.max_bytes < 1:
            raise ValueError("max_articles and max_bytes must be at least 1.")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of a batch.

    Attributes:
        key: the caller's key.
        line: the article as a line of NDJSON; empty if it cannot be encoded.
        problem: why it cannot be encoded.
    """

    key: Any
    line: bytes = b""
    problem: ProblemDict | None = None

    @classmethod
    def from_article(cls, article: KeyedArticle, index: int, fields: Fields | None = None) -> Entry:
        """Encode an article. Without a key, its index is its key."""
        key, raw = article if isinstance(article, tuple) else (index, article)
        try:
            return cls(key, encode_article(raw, fields) + b"\n")
        except RequestRejected as error:
            return cls(key, problem=error.problem)


class Batch:
    """The articles of a batch and their results."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._keys = [entry.key for entry in entries]
        self._pending = {i: entry.line for i, entry in enumerate(entries) if entry.line}
        self._results: dict[int, Result] = {
            i: FailedResult(entry.key, entry.problem) for i, entry in enumerate(entries) if entry.problem
        }
        self._sent: list[int] = []
        self._max_articles = len(entries)

    @property
    def pending_count(self) -> int:
        """The number of articles without a result."""
        return len(self._pending)

    @property
    def pending_keys(self) -> tuple[Any, ...]:
        """The keys of the articles without a result."""
        return tuple(self._keys[i] for i in self._pending)

    @property
    def results(self) -> Iterator[Result]:
        """The results so far, in the order of the articles."""
        return (self._results[i] for i in sorted(self._results))

    def encode_pending(self) -> bytes:
        """Return the body of the next request: NDJSON of articles without a result."""
        self._sent = list(self._pending)[: self._max_articles]
        return b"".join(self._pending[i] for i in self._sent)

    def add_lines(self, lines: Iterable[bytes]) -> None:
        """Add lines of the response to the last request. Blank lines are ignored.

        Raises:
            InvalidResponse: a line is not the result of a pending article.
        """
        for line in lines:
            if line.strip():
                self._add_line(line)

    def end_response(self, rest: bytes) -> None:
        """End the response to the last request.

        Args:
            rest: the bytes after the last line feed: nothing, a complete line or the start of one.

        Raises:
            InvalidResponse: `rest` is a complete line, but not the result of a pending article.
            ServiceUnavailable: articles of the request have no result.
        """
        if _is_json(rest):
            self._add_line(rest)
        missing = sum(i in self._pending for i in self._sent)
        if missing:
            raise ServiceUnavailable(f"Response cut short: no result for {missing} of {len(self._sent)} articles.")

    def reject(self, error: RequestRejected) -> None:
        """Handle a rejected request: halve a batch that is too large.

        If the request had only one article, the rejection is the result of the article.

        Raises:
            RequestRejected: the given error, if the size is not the reason.
        """
        if error.problem["status"] != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise error
        if len(self._sent) > 1:
            self._max_articles = len(self._sent) // 2
        else:
            i = self._sent[0]
            self._set_result(i, FailedResult(self._keys[i], error.problem))

    def _add_line(self, line: bytes) -> None:
        try:
            item = json.loads(line)
            index = item.pop("index")
            i = self._sent[index] if type(index) is int and index >= 0 else None
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise InvalidResponse(f"Not a line of a batch response: {line[:_MAX_QUOTED_BYTES]!r}.") from error
        if i not in self._pending:
            raise InvalidResponse(f"Unknown or repeated index in a batch response: {index!r}.")
        key, is_clean = self._keys[i], isinstance(item.get("article"), dict)
        if is_clean == isinstance(item.get("problem"), dict):
            raise InvalidResponse(f"Expected either an article or a problem: {line[:_MAX_QUOTED_BYTES]!r}.")
        self._set_result(i, CleanResult(key, item["article"]) if is_clean else FailedResult(key, item["problem"]))

    def _set_result(self, i: int, result: Result) -> None:
        del self._pending[i]
        self._results[i] = result


class Batcher:
    """Collects articles into batches."""

    def __init__(self, limits: BatchLimits, fields: Fields | None = None) -> None:
        self._limits = limits
        self._fields = fields
        self._entries: list[Entry] = []
        self._bytes = 0
        self._index = 0

    def add(self, article: KeyedArticle) -> Batch | None:
        """Add an article. Return a batch as soon as one is full."""
        entry = Entry.from_article(article, self._index, self._fields)
        self._index += 1
        full = self.flush() if self._bytes + len(entry.line) > self._limits.max_bytes else None
        self._entries.append(entry)
        self._bytes += len(entry.line)
        return full or (self.flush() if len(self._entries) >= self._limits.max_articles else None)

    def flush(self) -> Batch | None:
        """Return the remaining articles as a batch."""
        entries, self._entries, self._bytes = self._entries, [], 0
        return Batch(entries) if entries else None


class LineSplitter:
    r"""Splits a stream of bytes into lines of NDJSON, at `\n` only. U+2028 and U+0085 do not end a line.

    Attributes:
        rest: the bytes after the last line feed.
    """

    def __init__(self) -> None:
        self.rest = b""

    def split(self, chunk: bytes) -> list[bytes]:
        """Add a chunk and return the lines that it completes."""
        *lines, self.rest = (self.rest + chunk).split(b"\n")
        return lines


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
