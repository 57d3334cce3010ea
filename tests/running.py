"""A real server for tests: gunicorn as `copydesk serve` starts it, on a free port."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Server:
    """A running service."""

    process: subprocess.Popen[str]
    port: int

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    def stop(self) -> int:
        """Ask it to stop, as an orchestrator does, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(environ: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start the service with more variables than our own."""
    return subprocess.Popen(
        [sys.executable, "-m", "svc", "serve"],
        env=os.environ | dict(environ),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(**environ: str) -> Iterator[Server]:
    """Run the service until the block ends."""
    port = free_port()
    process = start({"COPYDESK_BIND": f"127.0.0.1:{port}", "COPYDESK_WORKERS": "2"} | environ)
    server = Server(process, port)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        process.kill()
        process.communicate()


def _wait_until_ready(server: Server) -> None:
    for _ in range(200):
        try:
            if server.ask("GET", "/readyz")[0] == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the service did not get ready within ten seconds")
