"""A real server for tests: gunicorn as `copydesk serve` starts it, on a free port."""

from __future__ import annotations

import ast
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tests.helpers.paths import OFFLINE, ROOT
from tests.helpers.waiting import wait_until

_SERVICE = ("copydesk", "serve")


@dataclass(frozen=True)
class Server:
    """A running service. Its output goes to a file, as an unread pipe would fill up and block it."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """Send a request on a new connection; return the status and the body of the response."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        status, content = response.status, response.read()
        connection.close()
        return status, content

    @property
    def address(self) -> tuple[str, int]:
        """Return the address for `socket.create_connection`."""
        return "127.0.0.1", self.port

    def metric(self, name: str) -> float:
        """Return the value of a metric without labels."""
        status, content = self.ask("GET", "/metrics")
        assert status == http.HTTPStatus.OK, self.log.read_text(encoding="utf-8")
        [value] = re.findall(rf"^{name} (\S+)$", content.decode(), re.MULTILINE)
        return float(value)

    def lines(self) -> list[dict[str, Any]]:
        """Return the complete lines of the log."""
        complete, _, _ = self.log.read_text(encoding="utf-8").rpartition("\n")
        return [json.loads(line) for line in complete.splitlines()]

    def worker_pids(self) -> list[int]:
        """Return the process ids of the gunicorn workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text(encoding="ascii").split()]

    def stop(self) -> int:
        """Stop the service with SIGTERM, as an orchestrator does, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def free_port() -> int:
    """Return a TCP port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(
    environ: Mapping[str, str], log: IO[str] | None = None, module: Sequence[str] = _SERVICE
) -> subprocess.Popen[str]:
    """Start the service without waiting for it.

    Args:
        environ: variables that are set in addition to those of this process.
        log: the file for its output; a pipe by default.
        module: the name of another module to run, and its arguments.
    """
    return subprocess.Popen(
        [sys.executable, "-m", *module],
        env=os.environ | {"PYTHONPATH": str(OFFLINE)} | dict(environ),
        stderr=log or subprocess.PIPE,
        stdout=log or subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(port: int = 0, **environ: str) -> Iterator[Server]:
    """Run the service inside the block, with two workers and no drain time unless `environ` says otherwise.

    All workers have been started.
    """
    port = port or free_port()
    settings = {"COPYDESK_BIND": f"127.0.0.1:{port}", "COPYDESK_WORKERS": "2", "COPYDESK_DRAIN_TIMEOUT": "0"}
    with running_module(_SERVICE, port, settings | environ) as server:
        wait_until(lambda: len(server.worker_pids()) == int((settings | environ)["COPYDESK_WORKERS"]))
        yield server


@contextmanager
def running_module(module: Sequence[str], port: int, environ: Mapping[str, str]) -> Iterator[Server]:
    """Run a server inside the block that answers 200 to `/readyz`.

    Args:
        module: the name of its module, and the arguments.
        port: its port.
        environ: variables that are set in addition to those of this process.
    """
    with tempfile.NamedTemporaryFile("w+", suffix=".log") as log:
        process = start(environ, log, module)
        server = Server(process, port, Path(log.name))
        try:
            _wait_until_ready(server)
            yield server
        finally:
            process.terminate()
            process.wait(40)


def gunicorn_setting(name: str) -> Any:
    """Return the literal value of a setting in svc/server/gunicorn_conf.py, which has side effects when imported."""
    tree = ast.parse((ROOT / "svc" / "server" / "gunicorn_conf.py").read_text(encoding="utf-8"))
    [value] = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name
    ]
    return ast.literal_eval(value)


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.process.poll() is None:
        with suppress(OSError):
            if server.ask("GET", "/readyz")[0] == http.HTTPStatus.OK:
                return
        time.sleep(0.05)
    raise TimeoutError("the service did not get ready: " + server.log.read_text(encoding="utf-8"))
