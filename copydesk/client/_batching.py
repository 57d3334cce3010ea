"""Batches: articles that travel together, and which of them have no answer yet. No network here.

An answer may break off anywhere: the process that made it was killed, a balancer lost patience. Every line that came
whole counts; what has no line is sent again, and nothing else is. So nothing is lost and nothing comes twice. A line
that names no article, or one that has its answer, is no answer of ours, and nothing is built on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from copydesk.client._result import RawArticle, Result
from copydesk.errors import InvalidResponse, RequestRejected, ServiceUnavailable
from copydesk.typed_dicts import ProblemDict

Article: TypeAlias = RawArticle | tuple[Any, RawArticle]
"""An article, or the caller's key and the article."""

_TOO_LARGE = 413


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLimits:
    """How large a batch may get: articles, bytes of JSON. A single article may be larger than the bytes."""

    articles: int = 100
    bytes: int = 1 << 20

    def __post_init__(self) -> None:
        if self.articles < 1 or self.bytes < 1:
            raise ValueError("A batch has at least one article and one byte.")


@dataclass(frozen=True, slots=True)
class Entry:
    """An article on its way: its key, and its line of NDJSON; or the problem with making one."""

    key: Any
    line: bytes = b""
    problem: ProblemDict | None = None

    @classmethod
    def of(cls, article: Article, number: int) -> Entry:
        """Take an article as the caller gives it; without a key of its own, its number is its key."""
        key, raw = article if isinstance(article, tuple) else (number, article)
        try:
            return cls(key, as_json(raw) + b"\n")
        except RequestRejected as error:
            return cls(key, problem=error.problem)


def as_json(document: RawArticle) -> bytes:
    """Write JSON on one line; a date as ISO 8601 has it, a lone surrogate escaped.

    Raises:
        Refused: it can't be written. The problem is the one that the service would answer with.

    >>> as_json({"text": "café", "published": date(2024, 3, 5)}).decode()
    '{"text":"café","published":"2024-03-05"}'
    """
    try:
        return _dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return _dumps(document, ensure_ascii=True).encode()
    except (TypeError, ValueError, RecursionError) as error:
        detail = f"This can't be written as JSON: {error}."
        raise RequestRejected(detail, _unwritable(detail)) from error


def _dumps(document: RawArticle, *, ensure_ascii: bool) -> str:
    return json.dumps(document, ensure_ascii=ensure_ascii, allow_nan=False, separators=(",", ":"), default=_in_json)


def _in_json(value: object) -> object:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is no type of JSON")


def _unwritable(detail: str) -> ProblemDict:
    return {
        "type": "urn:copydesk:problem:validation-failed",
        "title": "Some fields are not as they should be",
        "status": 422,
        "detail": detail,
    }


class Batch:
    """Some articles, and what became of each."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._keys = [entry.key for entry in entries]
        self._lines = {at: entry.line for at, entry in enumerate(entries) if entry.line}
        self._results = {at: Result(e.key, problem=e.problem) for at, e in enumerate(entries) if e.problem}
        self._sent: list[int] = []
        self._most = len(entries)

    @property
    def waiting(self) -> int:
        """How many articles have no answer yet."""
        return len(self._lines)

    @property
    def keys_waiting(self) -> tuple[Any, ...]:
        """Their keys."""
        return tuple(self._keys[at] for at in self._lines)

    @property
    def results(self) -> Iterator[Result]:
        """What came back, in the order of the articles."""
        return (self._results[at] for at in sorted(self._results))

    def body(self) -> bytes:
        """Return what to send now: the articles that have no answer yet."""
        self._sent = list(self._lines)[: self._most]
        return b"".join(self._lines[at] for at in self._sent)

    def take(self, lines: Iterable[bytes]) -> None:
        """Take lines of the answer to what was sent last; blank ones mean nothing.

        Raises:
            Broken: a line is none of ours.
        """
        for line in lines:
            if line.strip():
                self._take(line)

    def end(self, rest: bytes) -> None:
        """Take what came after the last line feed when the answer ended: a whole line, or the beginning of one.

        Raises:
            Broken: it is a whole line and none of ours.
            Unavailable: articles are left that were sent and not answered.
        """
        if _is_json(rest):
            self._take(rest)
        left = sum(at in self._lines for at in self._sent)
        if left:
            raise ServiceUnavailable(f"The answer broke off: {left} of {len(self._sent)} articles were not answered.")

    def refuse(self, error: RequestRejected) -> None:
        """Make the batch smaller where it was too large; one article that is too large by itself has its answer.

        Raises:
            Refused: the one given, when it is not about the size.
        """
        if error.problem["status"] != _TOO_LARGE:
            raise error
        if len(self._sent) > 1:
            self._most = len(self._sent) // 2
        else:
            self._answer(self._sent[0], {"problem": error.problem})

    def _take(self, line: bytes) -> None:
        try:
            item = json.loads(line)
            index = item.pop("index")
            at = self._sent[index] if type(index) is int and index >= 0 else None
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise InvalidResponse(f"This is no line of an answer: {line[:80]!r}.") from error
        if at not in self._lines:
            raise InvalidResponse(f"An answer came twice, or to nothing: index {index!r}.")
        known = [name for name in ("article", "problem") if isinstance(item.get(name), dict)]
        if len(known) != 1:
            raise InvalidResponse(f"This line has neither an article nor a problem: {line[:80]!r}.")
        self._answer(at, {known[0]: item[known[0]]})

    def _answer(self, at: int, became: dict[str, Any]) -> None:
        del self._lines[at]
        self._results[at] = Result(self._keys[at], **became)


class Batcher:
    """Divides articles into batches, as they come."""

    def __init__(self, sizes: BatchLimits) -> None:
        self._sizes, self._entries, self._bytes, self._number = sizes, list[Entry](), 0, 0

    def add(self, article: Article) -> Batch | None:
        """Add an article; return the batch that is full now, if one is."""
        entry = Entry.of(article, self._number)
        self._number += 1
        full = self.rest() if self._bytes + len(entry.line) > self._sizes.bytes else None
        self._entries.append(entry)
        self._bytes += len(entry.line)
        return full or (self.rest() if len(self._entries) >= self._sizes.articles else None)

    def rest(self) -> Batch | None:
        """Return what is left as a batch."""
        entries, self._entries, self._bytes = self._entries, [], 0
        return Batch(entries) if entries else None


class Lines:
    """Cuts bytes into lines as they come: at line feeds only, as NDJSON has it; U+2028 and U+0085 are no ends here."""

    def __init__(self) -> None:
        self.rest = b""
        """What came after the last line feed."""

    def of(self, piece: bytes) -> list[bytes]:
        """Return the lines that are whole now."""
        *lines, self.rest = (self.rest + piece).split(b"\n")
        return lines


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
