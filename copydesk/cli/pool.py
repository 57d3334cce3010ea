"""A pool of worker processes with ordered results that survives a killed worker.

Each worker has its own pipe and cleans one batch at a time. There are no threads and no locks between processes.

`concurrent.futures.ProcessPoolExecutor` is not used: its workers share one pipe for results, so that it waits forever
when a worker is killed while it writes a large result.
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
_Function: TypeAlias = Callable[[_In], _Out]

# Results wait for those of earlier batches. This limits the memory that they take.
_MAX_BATCHES_PER_WORKER = 4
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class WorkerDied(Exception):
    """Raised when a worker process dies."""


@dataclass(slots=True)
class _Task(Generic[_In, _Out]):
    """A batch and, when it is done, its result."""

    batch: _In
    result: _Out | None = None


def map_ordered(
    batches: Iterable[_In], function: _Function[_In, _Out], jobs: int, prepare: Callable[[], None]
) -> Generator[tuple[_In, _Out]]:
    """Call a function with each batch in one of several processes.

    Args:
        batches: the batches. They are read only when a worker needs one.
        function: the function. It must be picklable, and must not return None.
        jobs: the number of processes.
        prepare: loads the tables that the function needs.

    Yields:
        Each batch with its result, in the order of the batches. Closing the generator kills the workers.

    Raises:
        WorkerDied: a worker died.
    """
    # On Linux, forked workers share the prepared tables. A fork is safe, because there are no threads.
    fork = sys.platform == "linux"
    if fork:
        prepare()
    workers: dict[Connection, BaseProcess] = {}
    try:
        for _ in range(jobs):
            _start_worker(workers, function, prepare, fork=fork)
        yield from _run_tasks(batches, list(workers))
        for pipe in workers:
            pipe.close()
    except (EOFError, ConnectionError) as error:
        raise WorkerDied from error
    finally:
        for process in workers.values():
            if sys.exc_info()[0]:
                process.kill()
            process.join()
        for pipe in workers:
            pipe.close()


def _start_worker(
    workers: dict[Connection, BaseProcess], function: _Function[Any, Any], prepare: Callable[[], None], *, fork: bool
) -> None:
    pipe, worker_pipe = get_context().Pipe()
    inherited = (*workers, pipe) if fork else ()
    create_process = get_context("fork").Process if fork else get_context("spawn").Process
    process = create_process(
        target=_serve, args=(worker_pipe, inherited, function, None if fork else prepare), daemon=True
    )
    with _block_signals():
        process.start()
    worker_pipe.close()
    workers[pipe] = process


def _run_tasks(batches: Iterable[_In], idle: list[Connection]) -> Iterator[tuple[_In, Any]]:
    max_tasks = len(idle) * _MAX_BATCHES_PER_WORKER
    tasks: deque[_Task[_In, Any]] = deque()
    busy: dict[Connection, _Task[_In, Any]] = {}
    for batch in batches:
        while not idle or len(tasks) >= max_tasks:
            idle += _receive_results(busy)
            yield from _pop_done(tasks)
        task, pipe = _Task[_In, Any](batch), idle.pop()
        pipe.send(batch)
        tasks.append(task)
        busy[pipe] = task
    while tasks:
        _receive_results(busy)
        yield from _pop_done(tasks)


def _receive_results(busy: dict[Connection, _Task[Any, Any]]) -> list[Connection]:
    """Wait for results and return the pipes of the workers that are idle now."""
    ready = cast("list[Connection]", wait(list(busy)))
    for pipe in ready:
        busy.pop(pipe).result = pipe.recv()
    return ready


def _pop_done(tasks: deque[_Task[_In, Any]]) -> Iterator[tuple[_In, Any]]:
    while tasks and tasks[0].result is not None:
        task = tasks.popleft()
        yield task.batch, task.result


@contextmanager
def _block_signals() -> Iterator[None]:
    """Block signals while a worker starts. The worker inherits this and keeps them blocked."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


def _serve(
    pipe: Connection,
    inherited: Iterable[Connection],
    function: _Function[Any, Any],
    prepare: Callable[[], None] | None,
) -> None:
    """Process batches until the parent closes the pipe or dies. Only the parent handles signals."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    for other in inherited:
        other.close()
    if prepare:
        prepare()
    with suppress(EOFError, ConnectionError):
        while True:
            pipe.send(function(pipe.recv()))
