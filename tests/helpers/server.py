"""A real server for tests: gunicorn as `copydesk serve` starts it, on a free port."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

# Whatever tests start reaches no other host.
OFFLINE = Path(__file__).parent.parent / "offline"


@dataclass(frozen=True)
class Server:
    """A running service. What it says goes to a file: a pipe that nobody reads would fill up and stop it."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    def lines(self) -> list[dict[str, Any]]:
        """Return what it has logged so far, without the line that is being written."""
        whole, _, _ = self.log.read_text(encoding="utf-8").rpartition("\n")
        return [json.loads(line) for line in whole.splitlines()]

    def stop(self) -> int:
        """Ask it to stop, as an orchestrator does, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(environ: Mapping[str, str], log: IO[str] | None = None) -> subprocess.Popen[str]:
    """Start the service with more variables than our own. What it says goes to the log, or else to a pipe."""
    return subprocess.Popen(
        [sys.executable, "-m", "copydesk", "serve"],
        env=os.environ | {"PYTHONPATH": str(OFFLINE)} | dict(environ),
        stderr=log or subprocess.PIPE,
        stdout=log or subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(port: int = 0, **environ: str) -> Iterator[Server]:
    """Run the service until the block ends; without a wait before it stops, unless the block wants one."""
    port = port or free_port()
    settings = {"COPYDESK_BIND": f"127.0.0.1:{port}", "COPYDESK_WORKERS": "2", "COPYDESK_DRAIN_TIMEOUT": "0"}
    with tempfile.NamedTemporaryFile("w+", suffix=".log") as log:
        process = start(settings | environ, log)
        server = Server(process, port, Path(log.name))
        try:
            _wait_until_ready(server)
            yield server
        finally:
            process.terminate()
            process.wait(40)


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.process.poll() is None:
        with suppress(OSError):
            if server.ask("GET", "/readyz")[0] == http.HTTPStatus.OK:
                return
        time.sleep(0.05)
    raise TimeoutError("the service did not get ready: " + server.log.read_text(encoding="utf-8"))
