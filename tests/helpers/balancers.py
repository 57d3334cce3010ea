"""Load balancers as deploy/ configures them, instances behind them, and clients that count responses."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tests.helpers.paths import DEPLOY
from tests.helpers.server import Server, free_port, start
from tests.helpers.waiting import wait_until

# The instances that the files of deploy/ name.
_FIRST, _SECOND = "127.0.0.1:8001", "127.0.0.1:8002"
# nginx.conf without retries of requests that an instance may have received.
NO_RETRIES = {"error timeout http_503 non_idempotent;": "error timeout;"}
_PAUSE_BETWEEN_RESTARTS_S = 1.5  # the load balancer must notice that the instance is back
_PAUSE_AFTER_RELOAD_S = 4.0
_RESPONSE_TIMEOUT_S = 30.0
_SCENARIO_TIMEOUT_S = 120.0
_MIN_PROGRESS = 100  # requests within WAIT_TIMEOUT_S


@dataclass(frozen=True)
class Balancer:
    """A running load balancer."""

    name: str
    port: int
    log: Path
    process: subprocess.Popen[bytes]

    def count_retries(self) -> int:
        """Return the number of requests that nginx has sent to more than one instance."""
        lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines() if line.startswith("{")]
        return sum("," in line["upstream"] for line in lines)


def is_installed(program: str) -> bool:
    """Return whether a program is installed; Debian has load balancers in /usr/sbin."""
    return shutil.which(program, path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin") is not None


@contextmanager
def run_balancer(name: str, ports: Sequence[int], changes: Mapping[str, str] | None = None) -> Iterator[Balancer]:
    """Run nginx or HAProxy with its configuration of deploy/, on free ports and in a private directory.

    Args:
        name: `nginx` or `haproxy`.
        ports: the ports of the instances: two, or more for nginx.
        changes: other strings to replace in the configuration.

    Raises:
        ChildProcessError: the load balancer did not start.
    """
    port, directory = free_port(), Path(tempfile.mkdtemp(prefix="copydesk-balancer-"))
    directory.chmod(0o755)  # if root starts nginx, its workers are another user
    source = DEPLOY / {"nginx": "nginx.conf", "haproxy": "haproxy.cfg"}[name]
    configuration, log = directory / source.name, directory / "log"
    configuration.write_text(_configure(source, port, ports, directory, changes or {}), encoding="utf-8")
    commands = {
        "nginx": ["nginx", "-c", str(configuration), "-g", "daemon off;"],
        "haproxy": ["haproxy", "-db", "-f", str(configuration)],
    }
    with log.open("a") as output:
        process = subprocess.Popen(commands[name], stdout=output, stderr=output)
    try:
        wait_until(lambda: _is_listening(port) or process.poll() is not None)
        if process.poll() is not None:
            raise ChildProcessError(f"{name} did not start: {log.read_text('utf-8')}")
        yield Balancer(name, port, log, process)
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(directory)


def _configure(source: Path, port: int, ports: Sequence[int], directory: Path, changes: Mapping[str, str]) -> str:
    first, *others = (f"127.0.0.1:{instance}" for instance in ports)
    # The line of the second instance is the model of those of all others.
    lines = source.read_text("utf-8").splitlines(keepends=True)
    text = "".join(
        line.replace(_SECOND, address) for line in lines for address in (others if _SECOND in line else [_SECOND])
    )
    replacements = {"listen 8080": f"listen 127.0.0.1:{port}", "bind :8080": f"bind 127.0.0.1:{port}"}
    replacements |= {"/tmp/nginx": f"{directory}/nginx", _FIRST: first}  # noqa: S108  as in deploy/nginx.conf
    for old, new in (replacements | dict(changes)).items():
        text = text.replace(old, new)
    return text


def _is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Instance:
    """A service that can be stopped and started again on its port."""

    def __init__(self, **environ: str) -> None:
        self.port = free_port()
        self._directory = Path(tempfile.mkdtemp(prefix="copydesk-instance-"))
        # A long queue timeout, so that a slow machine rejects no request.
        self._environ = {
            "COPYDESK_BIND": f"127.0.0.1:{self.port}",
            "COPYDESK_WORKERS": "2",
            "COPYDESK_QUEUE_TIMEOUT": "20",
            "COPYDESK_DRAIN_TIMEOUT": "4",
        } | environ
        self.server = self._start()

    def _start(self) -> Server:
        log = self._directory / "log"
        with log.open("a") as output:
            return Server(start(self._environ, output), self.port, log)

    async def wait_until_ready(self) -> None:
        """Wait until the service listens."""
        await asyncio.to_thread(wait_until, lambda: _is_listening(self.port))

    async def restart(self) -> None:
        """Stop the service with SIGTERM, as an orchestrator does, and start another one.

        Raises:
            ChildProcessError: the exit status was not 0.
        """
        self.server.process.send_signal(signal.SIGTERM)
        status = await asyncio.to_thread(self.server.process.wait, 60)
        if status:
            raise ChildProcessError(f"an instance exited with status {status}")
        self.server = self._start()
        await self.wait_until_ready()

    def remove(self) -> None:
        """Wait for the end of a service that was stopped, and remove its files."""
        self.server.process.wait(40)
        shutil.rmtree(self._directory)


def stop_instances(*instances: Instance) -> None:
    """Stop instances without draining."""
    for instance in instances:
        instance.server.process.send_signal(signal.SIGINT)
    for instance in instances:
        instance.remove()


@dataclass
class Clients:
    """Clients with a persistent connection each that send the next request after each response.

    Each request has another article, so that a response to another request is noticed.

    Attributes:
        port: the port of the service or load balancer.
        count: the number of clients.
        pause: the seconds between a response and the next request.
        outcomes: the number of responses by kind: `right`, a status, or the name of an error.
        is_done: whether the clients are to stop.
    """

    port: int
    count: int = 24
    pause: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    is_done: bool = False

    @property
    def sent(self) -> int:
        """The number of requests that are complete."""
        return self.outcomes.total()

    @property
    def failures(self) -> dict[str, int]:
        """The number of requests by kind of failure."""
        return {kind: count for kind, count in self.outcomes.items() if kind != "right"}

    async def send(self, until: Callable[[], bool]) -> None:
        """Send requests until a condition is true, or `is_done` is set."""
        await asyncio.gather(*(self._send_as(client, until) for client in range(self.count)))

    async def _send_as(self, client: int, until: Callable[[], bool]) -> None:
        connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        number = 0
        while not (self.is_done or until()):
            number += 1
            try:
                connection = connection or await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
                exchange = _exchange(*connection, f"{client}-{number}")
                outcome, is_kept = await asyncio.wait_for(exchange, _RESPONSE_TIMEOUT_S)
            except (OSError, EOFError) as error:
                outcome, is_kept = type(error).__name__, False
            self.outcomes[outcome] += 1
            await asyncio.sleep(self.pause)
            if connection and not is_kept:
                connection[1].close()
                connection = None
        if connection:
            connection[1].close()


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str) -> tuple[str, bool]:
    """Send an article; return the outcome, and whether the connection persists."""
    writer.write(build_request(name))
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    body = await reader.readexactly(int(length[1]) if length else 0)
    is_right = f'"id":"{name}"'.encode() in body and f"The café of {name}.".encode() in body
    outcome = head[9:12].decode()
    if outcome == "200":
        outcome = "right" if is_right else "wrong body"
    return outcome, b"connection: close" not in head.lower()


def build_request(name: str) -> bytes:
    """Return a request with a small article that needs repair."""
    body = json.dumps({"id": name, "text": f"The cafÃ© of {name}."}).encode()
    head = "POST /v1/articles?changes=none HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def run_scenario(scenario: Coroutine[Any, Any, None]) -> None:
    """Run a scenario of clients and servers, for at most two minutes."""
    asyncio.run(asyncio.wait_for(scenario, _SCENARIO_TIMEOUT_S))


async def restart_under_load(
    clients: Clients, instances: tuple[Instance, Instance], restarts: int, min_requests: int
) -> None:
    """Restart the instances in turn while clients send requests.

    Args:
        clients: the clients.
        instances: the instances.
        restarts: the number of restarts.
        min_requests: the number of requests after which the clients stop.
    """
    sending = asyncio.create_task(clients.send(lambda: clients.is_done))
    for i in range(restarts):
        await asyncio.sleep(_PAUSE_BETWEEN_RESTARTS_S)
        await instances[i % 2].restart()
    await asyncio.sleep(1.0)
    await _finish(clients, sending, min_requests)


async def reload_under_load(clients: Clients, instance: Instance, reloads: int, min_requests: int) -> None:
    """Reload an instance (SIGHUP) while clients send requests. The arguments are those of `restart_under_load`."""
    sending = asyncio.create_task(clients.send(lambda: clients.is_done))
    for _ in range(reloads):
        await asyncio.sleep(1.0)
        os.kill(instance.server.process.pid, signal.SIGHUP)
        await asyncio.sleep(_PAUSE_AFTER_RELOAD_S)
    await _finish(clients, sending, min_requests)


async def _finish(clients: Clients, sending: asyncio.Task[None], min_requests: int) -> None:
    while clients.sent < min_requests:  # a busy machine is slow: only a standstill is a failure
        goal = min(min_requests, clients.sent + _MIN_PROGRESS)
        await asyncio.to_thread(wait_until, partial(_has_sent, clients, goal))
    clients.is_done = True
    await sending


def _has_sent(clients: Clients, count: int) -> bool:
    return clients.sent >= count


def restart_behind_balancer(
    clients: Clients, instances: tuple[Instance, Instance], restarts: int, min_requests: int
) -> None:
    """Wait until the instances are ready, then restart them under load."""

    async def scenario() -> None:
        await asyncio.gather(*(instance.wait_until_ready() for instance in instances))
        await asyncio.sleep(2.5)  # HAProxy has checked both instances
        await restart_under_load(clients, instances, restarts, min_requests)

    asyncio.run(scenario())
