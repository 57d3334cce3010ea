"""The work: documents become clean articles or problems, here on all cores or there at a service, in their order.

Only so many documents are in flight that memory stays flat however long the input is. One that can't be cleaned is a
problem in its place and costs its neighbours nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from copydesk import cleaning
from copydesk.article import Json, Options
from copydesk.cli.pool import CrewError, spread
from copydesk.cli.readers import Item
from copydesk.errors import ProblemError, ValidationFailed
from copydesk.settings import Settings
from copydesk.strict_json import dumps

# A batch is what a process takes at once: enough that handing it over costs nothing, little enough to spread the work.
_BATCH_ITEMS, _BATCH_BYTES = 16, 256 * 1024

# Problems found here wait for the articles before them; the service is let come to an end when so many do.
_MOST_WAITING = 1_000


class WorkError(Exception):
    """Raised when the work can't go on; the message is one line."""


class Outcome(NamedTuple):
    """A line of the output, or of the errors."""

    clean: bool
    line: bytes


Result: TypeAlias = tuple[Item, Outcome]


@dataclass(frozen=True, slots=True)
class Desk:
    """How documents are cleaned; `keep_raw` puts what failed beside its problem."""

    options: Options
    settings: Settings
    keep_raw: bool

    def outcome(self, item: Item) -> Outcome:
        """Clean one document."""
        if item.problem:
            return self.failure(item, item.problem)
        clean = partial(cleaning.clean_article, options=self.options, limits=self.settings)
        article, error, _ = cleaning.clean_item(partial(self.document, item), clean, cleaning.show_fault)
        if article is not None:
            return Outcome(clean=True, line=dumps(article.to_dict()))
        return self.failure(item, error.to_problem() if error else {})

    def outcomes(self, items: list[Item]) -> list[Outcome]:
        """Clean several documents."""
        return [self.outcome(item) for item in items]

    def document(self, item: Item) -> Json:
        """Return the raw article of an item."""
        return item.document(self.settings.max_json_depth)

    def failure(self, item: Item, problem: dict[str, Json]) -> Outcome:
        """Tell what failed, and why."""
        kept = item.kept(self.settings.max_json_depth) if self.keep_raw and not item.problem else {}
        return Outcome(clean=False, line=dumps({"input": item.name} | problem | kept))


def clean_here(items: Iterable[Item], desk: Desk, jobs: int) -> Generator[Result]:
    """Clean in this process, or in several when there is enough to do for them.

    Raises:
        WorkError: one of the processes died.
    """
    if jobs == 1:
        yield from ((item, desk.outcome(item)) for item in items)
        return
    batches = _batches(items)
    first, second = next(batches, []), next(batches, [])
    if second:
        yield from _spread(chain((first, second), batches), desk, jobs)
    else:
        yield from ((item, desk.outcome(item)) for item in first)


@dataclass(frozen=True, slots=True)
class Service:
    """A service that runs elsewhere, and the key for it."""

    url: str
    key: str | None

    def headers(self) -> dict[str, str]:
        """Return the headers that open its door."""
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}


def clean_there(items: Iterable[Item], desk: Desk, there: Service) -> Generator[Result]:
    """Clean by a service that runs elsewhere.

    Raises:
        WorkError: it can't be reached, or doesn't do its work.
    """
    try:
        from copydesk import client as http  # noqa: PLC0415  an extra, for those who have a service
    except ImportError as error:
        raise WorkError("--url needs the client: pip install 'copydesk[client]'.") from error
    source, waiting = iter(items), deque[tuple[Item, Outcome | None]]()
    try:
        with http.Client(there.url, options=_said(desk.options), headers=there.headers()) as client:
            for first in source:
                for result in client.clean_many(_documents(chain((first,), source), desk, waiting)):
                    yield from _ready(waiting)
                    item, _ = waiting.popleft()
                    yield item, _answered(item, desk, result.article, result.problem)
                yield from _ready(waiting)
    except (http.ClientError, ValueError) as error:
        raise WorkError(str(error)) from error


def _said(options: Options) -> dict[str, str | bool]:
    """Return the options that differ from the defaults."""
    default = asdict(Options())
    return {name: value for name, value in asdict(options).items() if value != default[name]}


def _answered(item: Item, desk: Desk, article: Mapping[str, Any] | None, problem: Mapping[str, Any] | None) -> Outcome:
    return desk.failure(item, dict(problem or {})) if article is None else Outcome(clean=True, line=dumps(article))


def _documents(
    items: Iterable[Item], desk: Desk, waiting: deque[tuple[Item, Outcome | None]]
) -> Iterator[tuple[str, dict[str, Json]]]:
    """Yield what a service can be asked; what needn't be sent waits with its problem for its turn."""
    failed = 0
    for item in items:
        outcome: Outcome | None = desk.failure(item, item.problem) if item.problem else None
        document: dict[str, Json] = {}
        if outcome is None:
            try:
                document = _object(desk.document(item))
            except ProblemError as error:
                outcome = desk.failure(item, error.to_problem())
        waiting.append((item, outcome))
        if outcome is None:
            yield item.name, document
        failed += outcome is not None
        if failed > _MOST_WAITING:
            return


def _object(document: Json) -> dict[str, Json]:
    if not isinstance(document, dict):
        raise ValidationFailed([{"pointer": "", "detail": "Send an object."}])
    return document


def _ready(waiting: deque[tuple[Item, Outcome | None]]) -> Iterator[Result]:
    while waiting and waiting[0][1]:
        item, outcome = waiting.popleft()
        if outcome:
            yield item, outcome


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    size = 0
    for item in items:
        batch.append(item)
        size += item.size
        if len(batch) == _BATCH_ITEMS or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _spread(batches: Iterable[list[Item]], desk: Desk, jobs: int) -> Generator[Result]:
    try:
        with closing(spread(batches, desk.outcomes, jobs, cleaning.warm_up)) as done:
            for batch, outcomes in done:
                yield from zip(batch, outcomes, strict=True)
    except CrewError as error:
        raise WorkError("A process was killed, perhaps for want of memory: fewer --jobs need less.") from error
