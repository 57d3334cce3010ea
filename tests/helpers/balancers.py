"""Balancers for tests, as deploy/ has them, and clients that count what they get."""

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
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tests.helpers.paths import DEPLOY
from tests.helpers.server import Server, free_port, start

# What deploy/ names, in the order in which `balanced` is given the ports.
_FIRST, _SECOND = "127.0.0.1:8001", "127.0.0.1:8002"
# nginx.conf without retries of requests that an instance may have received.
NO_RETRIES = {"error timeout http_503 non_idempotent;": "error timeout;"}
_PAUSE_BETWEEN_RESTARTS_S = 1.5  # the load balancer must notice that the instance is back
_PAUSE_AFTER_RELOAD_S = 4.0
# Seconds in which any answer must have come.
_PATIENCE = 30.0

Found = TypeVar("Found")


@dataclass(frozen=True)
class Balancer:
    """A balancer that is running, and where it says what it does."""

    name: str
    port: int
    log: Path
    process: subprocess.Popen[bytes]

    def second_tries(self) -> int:
        """Return how many requests nginx has sent to more than one instance."""
        lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines() if line.startswith("{")]
        return sum("," in line["upstream"] for line in lines)


def installed(program: str) -> bool:
    """Tell whether a program is there; Debian keeps balancers where users don't look."""
    return shutil.which(program, path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin") is not None


def until(look: Callable[[], Found]) -> Found:
    """Look until there is something to see, a minute at most; return it."""
    for _ in range(1200):
        if found := look():
            return found
        time.sleep(0.05)
    raise TimeoutError("what was waited for did not come within a minute")


@contextmanager
def balanced(name: str, ports: Sequence[int], changes: Mapping[str, str] | None = None) -> Iterator[Balancer]:
    """Run nginx or HAProxy in front of instances, with the configuration of deploy/ but for ports and paths.

    Args:
        name: `nginx` or `haproxy`.
        ports: those of the instances; two, or for nginx more.
        changes: what else to put in the place of what.
    """
    port, directory = free_port(), Path(tempfile.mkdtemp(prefix="copydesk-balancer-"))
    directory.chmod(0o755)  # started by root, nginx works as nobody
    source = DEPLOY / {"nginx": "nginx.conf", "haproxy": "haproxy.cfg"}[name]
    changed = {"listen 8080": f"listen 127.0.0.1:{port}", "bind :8080": f"bind 127.0.0.1:{port}"}
    changed |= {"/tmp/nginx": f"{directory}/nginx"}  # noqa: S108  as deploy/nginx.conf has it
    first, *others = (f"127.0.0.1:{one}" for one in ports)
    # The line of the second instance stands for those of all others.
    lines = source.read_text("utf-8").splitlines(keepends=True)
    text = "".join(line.replace(_SECOND, one) for line in lines for one in (others if _SECOND in line else [_SECOND]))
    for old, new in (changed | {_FIRST: first} | dict(changes or {})).items():
        text = text.replace(old, new)
    written, log = directory / source.name, directory / "log"
    written.write_text(text, encoding="utf-8")
    commands = {
        "nginx": ["nginx", "-c", str(written), "-g", "daemon off;"],
        "haproxy": ["haproxy", "-db", "-f", str(written)],
    }
    with log.open("a") as said:
        process = subprocess.Popen(commands[name], stdout=said, stderr=said)
    try:
        until(lambda: _listening(port) or process.poll() is not None)
        if process.poll() is not None:
            raise ChildProcessError(f"{name} did not start: {log.read_text('utf-8')}")
        yield Balancer(name, port, log, process)
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(directory)


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Instance:
    """A service that can be stopped and started again on its port."""

    def __init__(self, **environ: str) -> None:
        self.port = free_port()
        self._directory = Path(tempfile.mkdtemp(prefix="copydesk-instance-"))
        # However slow the machine is, nothing is turned away.
        self._environ = {
            "COPYDESK_BIND": f"127.0.0.1:{self.port}",
            "COPYDESK_WORKERS": "2",
            "COPYDESK_QUEUE_TIMEOUT": "20",
            "COPYDESK_DRAIN_TIMEOUT": "4",
        } | environ
        self.server = self._begin()

    def _begin(self) -> Server:
        log = self._directory / "log"
        with log.open("a") as said:
            return Server(start(self._environ, said), self.port, log)

    async def ready(self) -> None:
        """Wait until it serves."""
        await asyncio.to_thread(until, lambda: _listening(self.port))

    async def restart(self) -> None:
        """Stop it as an orchestrator does, and start another in its place."""
        self.server.process.send_signal(signal.SIGTERM)
        status = await asyncio.to_thread(self.server.process.wait, 60)
        if status:
            raise ChildProcessError(f"an instance ended with status {status}")
        self.server = self._begin()
        await self.ready()

    def end(self) -> None:
        """Clear up after it, when it has been told to stop."""
        self.server.process.wait(40)
        shutil.rmtree(self._directory)


def end(*instances: Instance) -> None:
    """Stop instances at once."""
    for instance in instances:
        instance.server.process.send_signal(signal.SIGINT)
    for instance in instances:
        instance.end()


@dataclass
class Crowd:
    """Clients that each keep a connection and ask again when they have their answer, at once or after a pause.

    Each request is an article that no other is, so that an answer to somebody else is noticed. `kinds` counts what
    came: `right`, or what went wrong.
    """

    port: int
    clients: int = 24
    pause: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    over: bool = False

    @property
    def asked(self) -> int:
        """How many requests have come to an end."""
        return self.kinds.total()

    @property
    def failures(self) -> dict[str, int]:
        """What went wrong, and how often."""
        return {kind: count for kind, count in self.kinds.items() if kind != "right"}

    async def ask(self, until: Callable[[], bool]) -> None:
        """Let all clients ask until that holds, or `over` is set."""
        await asyncio.gather(*(self._client(number, until) for number in range(self.clients)))

    async def _client(self, client: int, until: Callable[[], bool]) -> None:
        ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        number = 0
        while not (self.over or until()):
            number += 1
            try:
                ends = ends or await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
                kind, kept = await asyncio.wait_for(_exchange(*ends, f"{client}-{number}"), _PATIENCE)
            except (OSError, EOFError) as error:
                kind, kept = type(error).__name__, False
            self.kinds[kind] += 1
            await asyncio.sleep(self.pause)
            if ends and not kept:
                ends[1].close()
                ends = None
        if ends:
            ends[1].close()


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str) -> tuple[str, bool]:
    """Send an article and return what came of it, and whether the connection is kept."""
    writer.write(article(name))
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    body = await reader.readexactly(int(length[1]) if length else 0)
    right = f'"id":"{name}"'.encode() in body and f"The café of {name}.".encode() in body
    status = head[9:12].decode()
    kind = "right" if status == "200" and right else status if status != "200" else "wrong body"
    return kind, b"connection: close" not in head.lower()


def article(name: str) -> bytes:
    """Return a request with a small article that needs repair."""
    body = json.dumps({"id": name, "text": f"The cafÃ© of {name}."}).encode()
    head = "POST /v1/articles?changes=none HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def run(scene: Any) -> None:
    """Run a scene of clients and servers, for two minutes at most."""
    asyncio.run(asyncio.wait_for(scene, 120))


async def restart_under_load(
    clients: Crowd, instances: tuple[Instance, Instance], restarts: int, min_requests: int
) -> None:
    """Restart the instances in turn while clients send requests.

    Args:
        clients: the clients.
        instances: the instances.
        restarts: the number of restarts.
        min_requests: the number of requests after which the clients stop.
    """
    sending = asyncio.create_task(clients.ask(lambda: clients.over))
    for i in range(restarts):
        await asyncio.sleep(_PAUSE_BETWEEN_RESTARTS_S)
        await instances[i % 2].restart()
    await asyncio.sleep(1.0)
    await _finish(clients, sending, min_requests)


async def reload_under_load(clients: Crowd, instance: Instance, reloads: int, min_requests: int) -> None:
    """Reload an instance (SIGHUP) while clients send requests. The arguments are those of `restart_under_load`."""
    sending = asyncio.create_task(clients.ask(lambda: clients.over))
    for _ in range(reloads):
        await asyncio.sleep(1.0)
        os.kill(instance.server.process.pid, signal.SIGHUP)
        await asyncio.sleep(_PAUSE_AFTER_RELOAD_S)
    await _finish(clients, sending, min_requests)


async def _finish(clients: Crowd, sending: asyncio.Task[None], min_requests: int) -> None:
    await asyncio.to_thread(until, lambda: clients.asked >= min_requests)
    clients.over = True
    await sending


def restart_behind_balancer(
    clients: Crowd, instances: tuple[Instance, Instance], restarts: int, min_requests: int
) -> None:
    """Wait until the instances are ready, then restart them under load."""

    async def scenario() -> None:
        await asyncio.gather(*(instance.ready() for instance in instances))
        await asyncio.sleep(2.5)  # HAProxy has checked both instances
        await restart_under_load(clients, instances, restarts, min_requests)

    asyncio.run(scenario())
