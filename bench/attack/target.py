"""The attacked service: its memory limit, its probes, raw requests, and the checks of an attack."""

from __future__ import annotations

import re
import signal
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPException, HTTPResponse
from os import kill
from typing import Self

from bench.processes import memory, service_pids, worker_pids
from copydesk import strict_json
from tests.helpers.corpus import generate_articles
from tests.helpers.overload import probe
from tests.helpers.paths import DEPLOY
from tests.helpers.server import Server, running

JSON, NDJSON = "application/json", "application/x-ndjson"
# A probe of Kubernetes waits three times as long.
MAX_PROBE_S = 1.0
_MEMORY_LIMIT = re.compile(r"limits.*memory: (\d+)(Mi|Gi)")
_MIB = {"Mi": 1, "Gi": 1024}
_SAMPLE_INTERVAL_S = 0.05
_WARM_UP_REQUESTS = 100
_SETTLE_TIMEOUT_S = 60.0
# How much more than before the attack a service may keep.
_MAX_KEPT = 1.2


@dataclass(frozen=True, slots=True)
class Check:
    """One result of an attack.

    Attributes:
        what: the quantity.
        measured: its value.
        limit: the limit of the value.
        is_held: whether the value is within the limit.
    """

    what: str
    measured: str
    limit: str
    is_held: bool


def at_most(what: str, value: float, limit: float, unit: str) -> Check:
    """Check that a number is at most a limit."""
    return Check(what, f"{value:.3g} {unit}", f"≤ {limit:.3g} {unit}", value <= limit)


def equals(what: str, value: object, expected: object) -> Check:
    """Check that a value is the expected one."""
    return Check(what, str(value), str(expected), value == expected)


def named(name: str, checks: Iterable[Check]) -> Iterator[Check]:
    """Put a prefix in front of the subject of each check."""
    return (replace(check, what=f"{name}: {check.what}") for check in checks)


@dataclass(frozen=True, slots=True)
class Answer:
    """The response to a raw request, or only its head.

    Attributes:
        status: the status; 0 without a response.
        headers: the headers, with names in lower case.
        body: the body, if it was read.
        seconds: the time until the head.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0

    @property
    def is_bounded(self) -> bool:
        """Whether the request was served, rejected as the client's fault, or rejected with Retry-After."""
        return self.status in (200, 400, 413, 422) or (self.status == 503 and "retry-after" in self.headers)


def post(path: str, body: bytes, content_type: str = JSON, **headers: str) -> bytes:
    """Return the bytes of a POST request with `Connection: close`."""
    lines = {"Host": "bench", "Content-Type": content_type, "Content-Length": str(len(body)), "Connection": "close"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def get(path: str, **headers: str) -> bytes:
    """Return the bytes of a GET request with `Connection: close`."""
    lines = {"Host": "bench", "Connection": "close"} | headers
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()


def send(port: int, request: bytes, timeout: float = 60.0) -> Answer:
    """Send a raw request and read the whole response."""
    with ExitStack() as stack:
        return _exchange(stack, port, request, timeout, is_whole=True)


def send_together(port: int, requests: Sequence[bytes], timeout: float) -> list[Answer]:
    """Send requests at the same time, each on its connection; read the heads, then close all connections."""
    with ExitStack() as stack, ThreadPoolExecutor(len(requests)) as pool:
        sent = [pool.submit(_exchange, stack, port, request, timeout, is_whole=False) for request in requests]
        return [answer.result() for answer in sent]


def _exchange(stack: ExitStack, port: int, request: bytes, timeout: float, *, is_whole: bool) -> Answer:
    start = time.monotonic()
    try:
        connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout))
        with suppress(BrokenPipeError, ConnectionResetError):  # a rejection may come before the end of the body
            connection.sendall(request)
        response = HTTPResponse(connection)
        response.begin()
        seconds = time.monotonic() - start
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read() if is_whole else b"", seconds)
    except (OSError, HTTPException):
        return Answer(0, seconds=time.monotonic() - start)


class _Background(ABC):
    """A thread that runs during a block."""

    def __init__(self) -> None:
        self._is_done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Wait for the end of the thread."""
        self._is_done.set()
        self._thread.join()

    @abstractmethod
    def _run(self) -> None:
        """Work until `_is_done` is set."""


class MemoryLimit(_Background):
    """The memory limit of a container, for a service without one.

    A cgroup needs privileges, and RLIMIT_AS also counts the address space of 64 threads that is never used. So a thread
    samples the memory of all processes, with shared pages counted once. If their sum exceeds the limit, it kills the
    largest worker, as the kernel does.

    Attributes:
        megabytes: the limit.
        peak: the maximum so far, in MB.
        kills: the number of killed workers.
    """

    def __init__(self, server: Server, megabytes: float) -> None:
        super().__init__()
        self.megabytes = megabytes
        self.peak = 0.0
        self.kills = 0
        self._server = server

    def current(self) -> float:
        """Return the memory of the service now, in MB."""
        return memory(service_pids(self._server)).pss

    def _run(self) -> None:
        while not self._is_done.wait(_SAMPLE_INTERVAL_S):
            with suppress(OSError, KeyError, ValueError):  # the service is stopping
                self.peak = max(self.peak, used := self.current())
                if used > self.megabytes:
                    largest = max(worker_pids(self._server), key=lambda pid: memory([pid]).pss)
                    kill(largest, signal.SIGKILL)
                    self.kills += 1
                    self._is_done.wait(1.0)  # the master starts another worker


def memory_limit(folder: str) -> float:
    """Return the memory limit of a manifest in deploy/k8s, in MB.

    Args:
        folder: `base`, or an overlay.
    """
    name = "base/deployment.yaml" if folder == "base" else f"overlays/{folder}/kustomization.yaml"
    match = _MEMORY_LIMIT.search((DEPLOY / "k8s" / name).read_text(encoding="utf-8").replace("/limits,", "limits"))
    if match is None:
        raise ValueError(f"deploy/k8s/{name} has no memory limit")
    return int(match[1]) * _MIB[match[2]] * 2**20 / 1e6


@dataclass(frozen=True, slots=True)
class Target:
    """A service under attack.

    Attributes:
        server: the service.
        memory: its memory limit.
        idle: its memory before the attack, in MB.
        limits: the response of `/v1/limits`.
    """

    server: Server
    memory: MemoryLimit
    idle: float
    limits: Mapping[str, int]

    @property
    def port(self) -> int:
        """The port of the service."""
        return self.server.port

    def metric(self, name: str) -> float:
        """Return the sum of all series with a prefix."""
        lines = send(self.port, get("/metrics")).body.decode().splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))

    def check_memory(self) -> Iterator[Check]:
        """Check the peak so far, and that the memory returns to near the idle one within a minute."""
        yield at_most("peak of memory", self.memory.peak, self.memory.megabytes, "MB")
        yield equals("killed workers", self.memory.kills, 0)
        limit, deadline = self.idle * _MAX_KEPT, time.monotonic() + _SETTLE_TIMEOUT_S
        while (kept := self.memory.current()) > limit and time.monotonic() < deadline:
            time.sleep(0.5)
        yield at_most("memory after a minute", kept, limit, "MB")


@contextmanager
def attacked(folder: str = "base", **environ: str) -> Iterator[Target]:
    """Run a warm service with the memory limit of a manifest and two workers, unless `environ` says otherwise."""
    with running(0, **environ) as server, MemoryLimit(server, memory_limit(folder)) as limit:
        articles = generate_articles()
        for _ in range(_WARM_UP_REQUESTS):
            send(server.port, post("/v1/articles", strict_json.dumps(next(articles))))
        limits: dict[str, int] = strict_json.loads(server.ask("GET", "/v1/limits")[1], 9)  # type: ignore[assignment]
        yield Target(server, limit, limit.current(), limits)


class Probes(_Background):
    """Health checks inside a block, one after the other.

    Attributes:
        worst: the latency of the slowest, in seconds.
        failures: the number of failed ones.
    """

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.worst = 0.0
        self.failures = 0

    def _run(self) -> None:
        while not self._is_done.is_set():
            result = probe(self.port, 0.5)
            self.worst = max(self.worst, *result.latencies, 0.0)
            self.failures += result.errors + len(result.rejection_latencies)

    def check(self) -> Iterator[Check]:
        """Check the latencies and statuses so far."""
        yield equals("failed health checks", self.failures, 0)
        yield at_most("slowest health check", self.worst, MAX_PROBE_S, "s")
