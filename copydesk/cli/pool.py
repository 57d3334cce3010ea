"""A crew of processes that clean, one a core, with their results in the order of the documents.

Each process has a pipe of its own and one batch at a time: there are no threads and no shared queue whose lock could be
left locked, so that a process may be killed at any moment. (The pools of the standard library hang when theirs are.)
"""

from __future__ import annotations

import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeAlias, TypeVar, cast

_In = TypeVar("_In")
_Out = TypeVar("_Out")
_Do: TypeAlias = Callable[[_In], _Out]

# Results that are ready early wait for those before them; so many batches for each process are held at most.
_HELD_EACH = 4
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class CrewError(Exception):
    """Raised when one of the processes died."""


@dataclass(slots=True)
class _Slot(Generic[_In, _Out]):
    """A batch, and its result when there is one."""

    batch: _In
    result: _Out | None = None


def spread(
    batches: Iterable[_In], do: _Do[_In, _Out], jobs: int, prepare: Callable[[], None]
) -> Generator[tuple[_In, _Out]]:
    """Do something to each batch in one of several processes.

    Args:
        batches: what is to be done; read only as far as it is needed.
        do: what to do with each; a function of a module, for it may have to be pickled.
        jobs: how many processes.
        prepare: what each process needs before it can begin.

    Returns:
        Each batch with its result, in order. Closing the iterator kills the processes.

    Raises:
        CrewError: a process died.
    """
    # Linux forks safely where there are no threads, and shares what is prepared; elsewhere each prepares itself.
    fork = sys.platform == "linux"
    if fork:
        prepare()
    crew: dict[Connection, BaseProcess] = {}
    try:
        for _ in range(jobs):
            _hire(crew, do, prepare, fork=fork)
        yield from _work(batches, list(crew))
        for line in crew:
            line.close()
    except (EOFError, ConnectionError) as error:
        raise CrewError from error
    finally:
        for process in crew.values():
            if sys.exc_info()[0]:
                process.kill()
            process.join()
        for line in crew:
            line.close()


def _hire(crew: dict[Connection, BaseProcess], do: _Do[Any, Any], prepare: Callable[[], None], *, fork: bool) -> None:
    ours, theirs = get_context().Pipe()
    others = (*crew, ours) if fork else ()
    make = get_context("fork").Process if fork else get_context("spawn").Process
    process = make(target=_serve, args=(theirs, others, do, None if fork else prepare), daemon=True)
    with _signals_held():
        process.start()
    theirs.close()
    crew[ours] = process


def _work(batches: Iterable[_In], idle: list[Connection]) -> Iterator[tuple[_In, Any]]:
    most = len(idle) * _HELD_EACH
    slots: deque[_Slot[_In, Any]] = deque()
    busy: dict[Connection, _Slot[_In, Any]] = {}
    for batch in batches:
        while not idle or len(slots) >= most:
            idle += _collect(busy)
            yield from _finished(slots)
        slot, line = _Slot[_In, Any](batch), idle.pop()
        line.send(batch)
        slots.append(slot)
        busy[line] = slot
    while slots:
        _collect(busy)
        yield from _finished(slots)


def _collect(busy: dict[Connection, _Slot[Any, Any]]) -> list[Connection]:
    """Wait for results, and return who is idle now."""
    done = cast("list[Connection]", wait(list(busy)))
    for line in done:
        busy.pop(line).result = line.recv()
    return done


def _finished(slots: deque[_Slot[_In, Any]]) -> Iterator[tuple[_In, Any]]:
    while slots and slots[0].result is not None:
        slot = slots.popleft()
        yield slot.batch, slot.result


@contextmanager
def _signals_held() -> Iterator[None]:
    """Let signals wait while a process starts, and have it deaf to them from its first moment on."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


def _serve(
    line: Connection, others: Iterable[Connection], do: _Do[Any, Any], prepare: Callable[[], None] | None
) -> None:
    """Be one of the crew, until the parent has no more to do or is gone. Signals are for the parent to deal with."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    for other in others:
        other.close()
    if prepare:
        prepare()
    with suppress(EOFError, ConnectionError):
        while True:
            line.send(do(line.recv()))
