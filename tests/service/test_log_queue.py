"""The log: a reader that stalls blocks nothing, and the lines that it costs are counted."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from svc.observability import metrics
from svc.observability.logging import QueuedHandler, bind, formatter, unbind
from tests.helpers.metrics import value_of


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reader, writer = os.pipe()
    yield reader, writer
    os.close(reader)
    os.close(writer)


def logger_of(fd: int, max_lines: int) -> tuple[logging.Logger, QueuedHandler]:
    handler = QueuedHandler(fd, max_lines)
    handler.setFormatter(formatter(readable=False))
    logger = logging.Logger("test", logging.INFO)  # noqa: LOG001  with handlers of its own
    logger.addHandler(handler)
    return logger, handler


def dropped() -> float:
    return value_of(metrics.LOG_LINES_DROPPED)


def fill(fd: int) -> None:
    """Fill a pipe with spaces, which JSON ignores."""
    os.set_blocking(fd, False)
    with suppress(BlockingIOError):
        while True:
            os.write(fd, b" " * 4096)
    with suppress(BlockingIOError):
        while True:
            os.write(fd, b" ")
    os.set_blocking(fd, True)


def read_lines(pipe: tuple[int, int], handler: QueuedHandler) -> list[dict[str, Any]]:
    """Read all lines that are queued and in the pipe."""
    data = bytearray()

    def read() -> None:
        while not data.endswith(b"END\n"):
            data.extend(os.read(pipe[0], 65_536))

    reading = threading.Thread(target=read)
    reading.start()
    handler.flush()
    os.write(pipe[1], b"END\n")
    reading.join(10)
    return [json.loads(line) for line in data.splitlines()[:-1]]


def test_lines_keep_their_order_and_their_context(pipe: tuple[int, int]) -> None:
    logger, handler = logger_of(pipe[1], 1000)

    def log(name: str) -> None:
        for number in range(20):
            bind({"request_id": f"{name}-{number}"})
            logger.info("line", extra={"number": number, "source": name})
        unbind()
        logger.info("end", extra={"source": name})

    threads = [threading.Thread(target=log, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = read_lines(pipe, handler)
    for name in "abc":
        own = [line for line in lines if line["source"] == name]
        assert [line.get("request_id") for line in own] == [*(f"{name}-{number}" for number in range(20)), None]


def test_a_reader_that_stalls_costs_lines_but_no_time(pipe: tuple[int, int]) -> None:
    logger, handler = logger_of(pipe[1], 10)
    fill(pipe[1])
    before, start = dropped(), time.monotonic()
    logger.info("line", extra={"number": 0})
    time.sleep(0.1)  # the writer has taken it and waits for the reader
    for number in range(1, 50):
        logger.info("line", extra={"number": number})
    assert time.monotonic() - start < 1
    assert dropped() - before == 39
    assert [line["number"] for line in read_lines(pipe, handler)] == list(range(11))

    bind({"request_id": "after"})
    logger.info("back")
    unbind()
    notice, after = read_lines(pipe, handler)
    assert (notice["event"], notice["dropped"], "request_id" in notice) == ("39 log lines dropped", 39, False)
    assert (after["event"], after["request_id"]) == ("back", "after")


def test_the_wait_for_a_stalled_reader_at_exit_is_bounded(pipe: tuple[int, int]) -> None:
    logger, handler = logger_of(pipe[1], 10)
    fill(pipe[1])
    logger.info("line")
    start = time.monotonic()
    handler.flush()
    assert 1 < time.monotonic() - start < 4
    assert len(read_lines(pipe, handler)) == 1


def test_a_reader_that_is_gone_costs_lines_only() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    logger, handler = logger_of(writer, 100)
    before = dropped()
    for _ in range(10):
        logger.info("lost")
    handler.flush()
    logger.info("next")
    assert dropped() - before == 10
    handler.flush()
    os.close(writer)


def test_the_writer_takes_no_lock_of_the_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread may fork meanwhile: the lock would stay locked in the child."""
    threads: list[threading.Thread] = []
    monkeypatch.setattr(metrics.LOG_LINES_DROPPED, "inc", lambda _=1: threads.append(threading.current_thread()))
    reader, writer = os.pipe()
    os.close(reader)
    logger, handler = logger_of(writer, 100)
    for _ in range(2):
        logger.info("lost")
        handler.flush()
    os.close(writer)
    assert threads == [threading.current_thread()]


def test_a_forked_process_writes_its_own_lines(pipe: tuple[int, int]) -> None:
    logger, handler = logger_of(pipe[1], 100)
    logger.info("parent")
    if (pid := os.fork()) == 0:
        logger.info("child")
        handler.flush()
        os._exit(0)
    os.waitpid(pid, 0)
    assert sorted(line["event"] for line in read_lines(pipe, handler)) == ["child", "parent"]
