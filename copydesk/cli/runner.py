"""Cleaning of documents in several processes or by a service, in the order of the input.

A limited number of documents is in flight, so that memory does not grow with the input. A document that cannot be
cleaned becomes a problem in its place and does not fail the others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from itertools import chain
from typing import NamedTuple, TypeAlias

from copydesk import cleaning
from copydesk.article import Json, Options
from copydesk.cli.pool import WorkerDied, map_ordered
from copydesk.cli.readers import Item
from copydesk.errors import ClientError, ProblemError, ValidationFailed
from copydesk.limits import Limits
from copydesk.records import Fields, map_record
from copydesk.strict_json import dumps

# A worker gets a batch at a time: large enough to make the transfer cheap, small enough to balance the load.
_MAX_BATCH_ITEMS, _MAX_BATCH_BYTES = 16, 256 * 1024

# Problems that are found before sending wait for the results of earlier documents. After this many, the client is
# drained so that they are written.
_MAX_WAITING_PROBLEMS = 1_000


class RunError(Exception):
    """Raised when a run cannot continue. The message is one line."""


class OutputLine(NamedTuple):
    """The line for one document: a clean article for the output, or a problem for the errors."""

    is_clean: bool
    line: bytes


Result: TypeAlias = tuple[Item, OutputLine]
_Pending: TypeAlias = deque[tuple[Item, OutputLine | None]]


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Cleans documents of the input.

    Attributes:
        options: the options.
        limits: the limits.
        quote_raw: whether a problem quotes its document.
        fields: the mapping of records.
    """

    options: Options
    limits: Limits
    quote_raw: bool
    fields: Fields = field(default_factory=dict)

    def clean_item(self, item: Item) -> OutputLine:
        """Clean one document."""
        if item.problem:
            return self.format_problem(item, item.problem)
        clean = partial(cleaning.clean_article, options=self.options, limits=self.limits, context=item.context)
        result, _ = cleaning.clean_item(partial(self.load, item), clean, cleaning.show_fault)
        if isinstance(result, ProblemError):
            return self.format_problem(item, result.to_problem())
        return OutputLine(is_clean=True, line=dumps(result.to_dict()))

    def clean_batch(self, items: list[Item]) -> list[OutputLine]:
        """Clean several documents."""
        return [self.clean_item(item) for item in items]

    def load(self, item: Item) -> Json:
        """Return the raw article of a document.

        Raises:
            MalformedJSON: the document is not JSON.
            ValidationFailed: the document is an unknown record.
        """
        document = item.load(self.limits.max_json_depth)
        if item.is_record and item.item_format == "json" and isinstance(document, dict):
            return map_record(document, self.fields)
        return document

    def format_problem(self, item: Item, problem: Mapping[str, object]) -> OutputLine:
        """Return the line for a problem: with the name of the document and, if wanted, the document."""
        has_raw = bool(item.raw) or not item.problem
        raw = item.quote(self.limits.max_json_depth) if self.quote_raw and has_raw else {}
        return OutputLine(is_clean=False, line=dumps({"input": item.name, **problem, **raw}))


def clean_locally(items: Iterable[Item], cleaner: Cleaner, jobs: int) -> Generator[Result]:
    """Clean documents in this process or, if there is more than one batch, in several.

    Raises:
        RunError: a worker died.
    """
    if jobs == 1:
        yield from ((item, cleaner.clean_item(item)) for item in items)
        return
    batches = _split_batches(items)
    first, second = next(batches, []), next(batches, [])
    if second:
        yield from _clean_in_pool(chain((first, second), batches), cleaner, jobs)
    else:
        yield from ((item, cleaner.clean_item(item)) for item in first)


def _split_batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item.raw)
        if len(batch) == _MAX_BATCH_ITEMS or size >= _MAX_BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _clean_in_pool(batches: Iterable[list[Item]], cleaner: Cleaner, jobs: int) -> Generator[Result]:
    try:
        with closing(map_ordered(batches, cleaner.clean_batch, jobs, cleaning.warm_up)) as results:
            for batch, lines in results:
                yield from zip(batch, lines, strict=True)
    except WorkerDied as error:
        raise RunError("A worker process was killed; if memory ran out, use fewer --jobs.") from error


@dataclass(frozen=True, slots=True)
class RemoteService:
    """A service to clean with.

    Attributes:
        url: its base URL.
        key: the API key.
    """

    url: str
    key: str | None

    def headers(self) -> dict[str, str]:
        """Return the headers with the API key."""
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}


def clean_remotely(items: Iterable[Item], cleaner: Cleaner, service: RemoteService) -> Generator[Result]:
    """Clean documents by a service.

    Raises:
        RunError: the service cannot be reached or rejects the requests.
    """
    from copydesk.client import Client

    source = iter(items)
    pending: _Pending = deque()
    try:
        with Client(service.url, options=cleaner.options, headers=service.headers()) as client:
            for first in source:
                documents = _load_documents(chain((first,), source), cleaner, pending)
                for result in client.clean_many(documents):
                    yield from _pop_ready(pending)
                    item, _ = pending.popleft()
                    if result.article is None:
                        yield item, cleaner.format_problem(item, result.problem or {})
                    else:
                        yield item, OutputLine(is_clean=True, line=dumps(result.article))
                yield from _pop_ready(pending)
    except ClientError as error:
        is_unauthorized = error.problem is not None and error.problem["status"] == HTTPStatus.UNAUTHORIZED
        raise RunError(f"{error} Use --key-file." if is_unauthorized else str(error)) from error


def _load_documents(
    items: Iterable[Item], cleaner: Cleaner, pending: _Pending
) -> Iterator[tuple[str, dict[str, Json]]]:
    """Yield the documents to send with their names. All items are added to `pending`, with the problem if there is one.

    It stops after `_MAX_WAITING_PROBLEMS` problems; the rest of `items` can be read by another call.
    """
    problems = 0
    for item in items:
        document = _load_object(item, cleaner)
        if isinstance(document, OutputLine):
            pending.append((item, document))
            problems += 1
            if problems > _MAX_WAITING_PROBLEMS:
                return
        else:
            pending.append((item, None))
            yield item.name, document


def _load_object(item: Item, cleaner: Cleaner) -> dict[str, Json] | OutputLine:
    """Return the JSON object of a document, or the line for its problem."""
    if item.problem:
        return cleaner.format_problem(item, item.problem)
    try:
        document = cleaner.load(item)
        if not isinstance(document, dict):
            raise ValidationFailed([{"pointer": "", "detail": "Expected an object with the fields of an article."}])
    except ProblemError as error:
        return cleaner.format_problem(item, error.to_problem())
    return document


def _pop_ready(pending: _Pending) -> Iterator[Result]:
    """Yield the problems that no document before them holds up."""
    while pending and (line := pending[0][1]):
        item, _ = pending.popleft()
        yield item, line
