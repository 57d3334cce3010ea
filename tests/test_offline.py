"""Nothing reaches another host: not the tests, not the servers that they start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from tests.helpers.paths import OFFLINE
from tests.offline.sitecustomize import ConnectionForbidden


def test_a_test_reaches_no_other_host() -> None:
    with socket.socket() as sock, pytest.raises(ConnectionForbidden):
        sock.connect(("192.0.2.1", 80))
    with pytest.raises(ConnectionForbidden):
        socket.getaddrinfo("news.example", 80)


def test_neither_does_a_process_that_a_test_starts() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "import urllib.request as u; u.urlopen('http://192.0.2.1/')"],
        env=os.environ | {"PYTHONPATH": str(OFFLINE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ConnectionForbidden" in ran.stderr
