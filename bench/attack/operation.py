"""Attacks on operation: keys that are revoked, a log that is not read, a master that is killed."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.attack.clients import is_alive
from bench.attack.target import Check, Probes, Target, at_most, attacked, equals, get, post, send
from copydesk import api_keys
from tests.helpers.server import Server, free_port, running, start

_REQUESTS = 20
# More lines than fit into a pipe and into the queues of all processes.
_CONNECTIONS, _PER_CONNECTION = 300, 100
# How long the last keys are valid while their file is invalid.
_GRACE_S = 3.0
_START_TIMEOUT_S, _PIPELINE_TIMEOUT_S = 60.0, 10.0
_MEMORY = Path("/dev/shm")  # noqa: S108

_REVOCATIONS: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_text(""),
    "only comments": lambda path: path.write_text("# nobody\n"),
    "removed": lambda path: path.unlink(),
    "another key": lambda path: path.write_text(api_keys.format_line("other", api_keys.generate_key())),
}


def revoked_keys() -> Iterator[Check]:
    """Revoke a key in each way. The service must reject it then."""
    for name, revoke in _REVOCATIONS.items():
        with _with_key() as (target, path, key):
            before = _statuses(target, key)
            revoke(path)
            yield equals(f"{name}: before and after", (before, _statuses(target, key)), ({200}, {401}))


def broken_keys() -> Iterator[Check]:
    """Write a broken line into the file of keys. The service must say so, and use the last keys for a limited time."""
    with _with_key(COPYDESK_API_KEYS_GRACE_PERIOD=f"{_GRACE_S:g}") as (target, path, key):
        request = get("/metrics", Authorization=f"Bearer {key}")
        errors, state = _key_metrics(send(target.port, request).body), send(target.port, get("/readyz")).body
        path.write_text("crawler no-hash-of-a-key\n")
        yield equals("the last key at first", _statuses(target, key), {200})
        says_so = state != send(target.port, get("/readyz")).body
        yield equals("/readyz is degraded", says_so, True)  # noqa: FBT003
        is_counted = errors != _key_metrics(send(target.port, request).body)
        yield equals("errors are counted", is_counted, True)  # noqa: FBT003
        time.sleep(_GRACE_S + 1.0)
        yield equals("the last key later", _statuses(target, key), {401})
        yield equals("/readyz later", send(target.port, get("/readyz")).status, 503)


def _key_metrics(metrics: bytes) -> dict[str, str]:
    lines = (line.rpartition(" ") for line in metrics.decode().splitlines() if not line.startswith("#"))
    return {name: value for name, _, value in lines if "key" in name}


def _statuses(target: Target, key: str) -> set[int]:
    """Return the statuses of requests with a key; they reach all workers."""
    request = post("/v1/text", b'{"text": "x"}', Authorization=f"Bearer {key}")
    return {send(target.port, request).status for _ in range(_REQUESTS)}


@contextmanager
def _with_key(**environ: str) -> Iterator[tuple[Target, Path, str]]:
    with tempfile.TemporaryDirectory() as directory:
        path, key = Path(directory) / "keys", api_keys.generate_key()
        path.write_text(api_keys.format_line("crawler", key))
        with attacked(COPYDESK_API_KEYS_FILE=str(path), **environ) as target:
            yield target, path, key


def stalled_log() -> Iterator[Check]:
    """Do not read the log. No request may wait for it."""
    port = free_port()
    # Both outputs are pipes without a reader.
    process = start({"COPYDESK_BIND": f"127.0.0.1:{port}", "COPYDESK_WORKERS": "2", "COPYDESK_DRAIN_TIMEOUT": "0"})
    try:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not is_alive(port) and time.monotonic() < deadline:
            time.sleep(0.1)
        with Probes(port) as probes:
            begin = time.monotonic()
            answered = (_send_pipelined(port, _PER_CONNECTION) for _ in range(_CONNECTIONS))
            # After the first connection that gets no response, the others would only wait, too.
            served = sum(itertools.takewhile(_PER_CONNECTION.__eq__, answered))
            seconds = time.monotonic() - begin
        yield equals("requests served", served, _CONNECTIONS * _PER_CONNECTION)
        yield at_most("time of all requests", seconds, 120.0, "s")
        yield from probes.check()
        metrics = send(port, get("/metrics"), 5.0).body.decode().splitlines()
        dropped = [line for line in metrics if "drop" in line and not line.startswith("#")]
        is_counted = any(float(line.rpartition(" ")[2]) > 0 for line in dropped)
        yield equals("dropped lines are counted", is_counted, True)  # noqa: FBT003
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def _send_pipelined(port: int, count: int) -> int:
    """Send requests on one connection, and return how many were served."""
    request = get("/v1/limits", X_Request_ID="a" * 100)
    received = b""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), _PIPELINE_TIMEOUT_S) as connection:
        connection.sendall(request.replace(b"Connection: close", b"X-Kept: yes") * (count - 1) + request)
        while part := connection.recv(1 << 16):
            received += part
    return received.count(b"HTTP/1.1 200")


def killed_master() -> Iterator[Check]:
    """Kill the master, then start the service again. No files may stay in memory."""
    with running() as server:
        left = _metrics_directories(server)
        workers = server.worker_pids()
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(10)
        deadline = time.monotonic() + 30.0
        while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < deadline:
            time.sleep(0.1)
    with running():
        pass
    still_there = [directory for directory in left if directory.exists()]
    for directory in still_there:
        shutil.rmtree(directory)
    yield equals("directories left in memory", len(still_there), 0)


def _metrics_directories(server: Server) -> list[Path]:
    maps = Path(f"/proc/{server.process.pid}/maps").read_text(encoding="ascii")
    return [path for path in _MEMORY.glob("copydesk-metrics-*") if str(path) in maps]
