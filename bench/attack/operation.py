"""Attacks on operation: keys that are revoked, a log that is not read, a master that is killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.attack.clients import is_alive
from bench.attack.target import Check, Probes, Target, at_most, attacked, equals, get, post, send
from copydesk import api_keys
from tests.helpers.server import Server, free_port, running, start

_REQUESTS = 20
_LOGGED_REQUESTS = 2_000
_START_TIMEOUT_S = 60.0
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
    """Write a broken line into the file of keys. The service must say so, and go on for a limited time at most."""
    with _with_key() as (target, path, key):
        metrics = {"Authorization": f"Bearer {key}"}
        before = send(target.port, get("/readyz"))
        errors = _key_metrics(send(target.port, get("/metrics", **metrics)).body)
        path.write_text("crawler no-hash-of-a-key\n")
        statuses = _statuses(target, key)
        after = send(target.port, get("/readyz"))
        after_errors = _key_metrics(send(target.port, get("/metrics", **metrics)).body)
        yield Check("statuses", str(statuses), "{200} or {401}", statuses in ({200}, {401}))
        is_degraded = (before.status, before.body) != (after.status, after.body)
        yield equals("/readyz is degraded", is_degraded, True)  # noqa: FBT003
        yield equals("a metric says so", after_errors != errors, True)  # noqa: FBT003


def _key_metrics(metrics: bytes) -> dict[str, str]:
    lines = (line.rpartition(" ") for line in metrics.decode().splitlines() if not line.startswith("#"))
    return {name: value for name, _, value in lines if "key" in name}


def _statuses(target: Target, key: str) -> set[int]:
    """Return the statuses of requests with a key; they reach all workers."""
    request = post("/v1/text", b'{"text": "x"}', Authorization=f"Bearer {key}")
    return {send(target.port, request).status for _ in range(_REQUESTS)}


@contextmanager
def _with_key() -> Iterator[tuple[Target, Path, str]]:
    with tempfile.TemporaryDirectory() as directory:
        path, key = Path(directory) / "keys", api_keys.generate_key()
        path.write_text(api_keys.format_line("crawler", key))
        with attacked(COPYDESK_API_KEYS_FILE=str(path)) as target:
            yield target, path, key


def stalled_log() -> Iterator[Check]:
    """Do not read the log. No request may wait for it."""
    port = free_port()
    # Both outputs are pipes that nobody reads.
    process = start({"COPYDESK_BIND": f"127.0.0.1:{port}", "COPYDESK_WORKERS": "2", "COPYDESK_DRAIN_TIMEOUT": "0"})
    try:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not is_alive(port) and time.monotonic() < deadline:
            time.sleep(0.1)
        with Probes(port) as probes:
            answers = []
            for i in range(_LOGGED_REQUESTS):
                answers.append(send(port, post("/v1/text", b'{"text": "x"}', X_Request_ID=f"{i}-" + "a" * 100), 5.0))
                if not answers[-1].status:
                    break
        served = sum(answer.status == 200 for answer in answers)
        yield equals("requests served", served, _LOGGED_REQUESTS)
        yield at_most("slowest request", max(answer.seconds for answer in answers), 1.0, "s")
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
