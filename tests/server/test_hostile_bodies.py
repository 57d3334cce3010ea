"""Bodies made to exhaust memory, and clients that do not read, against real processes."""

from __future__ import annotations

import gzip
import http.client
import resource
import socket
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest
import yaml

from copydesk.settings import Settings
from tests.helpers.paths import ROOT
from tests.helpers.server import Server, running
from tests.helpers.waiting import wait_until

MIB = 1 << 20
JSON, NDJSON = "application/json", "application/x-ndjson"
ASTRAL = "\N{GRINNING FACE}".encode()  # one such character makes each character of a string take four bytes
ARTICLE = b'{"text": "It rains in the hills."}'
DEFAULTS = Settings()


def inflating(head: bytes, unit: bytes, tail: bytes, size: int) -> bytes:
    """Return a gzip body of about a size when it is decompressed, without making it."""
    compressor = zlib.compressobj(9, wbits=31)
    block = unit * (MIB // len(unit))
    blocks = [compressor.compress(block) for _ in range((size - len(head) - len(tail)) // len(block))]
    # The head comes first in the stream, so it has a member of its own.
    return gzip.compress(head) + b"".join(blocks) + compressor.compress(tail) + compressor.flush()


def memory(server: Server) -> float:
    """Return the memory of all processes in MiB. Shared memory counts once."""
    total = 0
    for pid in (server.process.pid, *server.worker_pids()):
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").split()
        total += int(rollup[rollup.index("Pss:") + 1])
    return total / 1024


@contextmanager
def peak_memory(server: Server) -> Iterator[list[float]]:
    """Measure the peak of the memory during the block; the list has it at the end."""
    peak, done = [memory(server)], Event()

    def watch() -> None:
        while not done.wait(0.02):
            peak[0] = max(peak[0], memory(server))

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def memory_limit() -> float:
    """Return the smallest memory in MiB that a container with two workers may have."""
    manifest = yaml.safe_load((ROOT / "deploy/k8s/base/deployment.yaml").read_text(encoding="utf-8"))
    [container] = manifest["spec"]["template"]["spec"]["containers"]
    return float(container["resources"]["limits"]["memory"].removesuffix("Gi")) * 1024


BODIES = {
    "long-line": ("/v1/articles/batch", NDJSON, b'{"text": "', b"a", ASTRAL + b'"}', DEFAULTS.max_batch_bytes),
    "tiny-lines": ("/v1/articles/batch", NDJSON, b"0\n", b"0\n", b"0\n", DEFAULTS.max_batch_bytes),
    "long-text": ("/v1/articles", JSON, b'{"text": "', b"a", ASTRAL + b'"}', DEFAULTS.max_decompressed_bytes),
    "long-batch": (
        "/v1/articles/batch",
        JSON,
        b'{"articles": ["',
        b"a",
        ASTRAL + b'"]}',
        DEFAULTS.max_decompressed_bytes,
    ),
}


@pytest.mark.parametrize("kind", BODIES)
def test_memory_stays_under_the_limit_of_the_container(kind: str) -> None:
    """Afterwards it is soon as before, and the service works."""
    path, content_type, head, unit, tail, size = BODIES[kind]
    body = inflating(head, unit, tail, size)
    with running() as server:

        def send(_: int) -> int:
            with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=100)) as connection:
                connection.request("POST", path, body, {"Content-Type": content_type, "Content-Encoding": "gzip"})
                response = connection.getresponse()
                while response.read(MIB):
                    pass
                return response.status

        # The first requests of each worker take memory that it keeps.
        with ThreadPoolExecutor(8) as clients:
            answers = clients.map(lambda _: server.ask("POST", path, ARTICLE, Content_Type=content_type), range(40))
            assert {status for status, _ in answers} & {200, 422}
        idle = memory(server)
        with peak_memory(server) as peak, ThreadPoolExecutor(60) as clients:
            statuses = Counter(clients.map(send, range(60)))
        assert set(statuses) <= {200, 413, 422, 503}
        assert set(statuses) & {200, 413, 422}
        assert peak[0] < memory_limit() * 0.8
        assert wait_until(lambda: memory(server) < idle * 1.2)
        assert server.ask("POST", "/v1/articles", ARTICLE, Content_Type=JSON)[0] == 200
        assert wait_until(lambda: b"\ncopydesk_body_bytes_held 0.0\n" in server.ask("GET", "/metrics")[1])


def test_a_worker_without_memory_rejects_and_survives() -> None:
    body = inflating(b'{"text": "', b"a", ASTRAL + b'"}', DEFAULTS.max_decompressed_bytes)
    with running(COPYDESK_WORKERS="1") as server:
        assert server.ask("POST", "/v1/articles", ARTICLE, Content_Type=JSON)[0] == 200
        [worker] = server.worker_pids()
        used = int(Path(f"/proc/{worker}/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.prlimit(worker, resource.RLIMIT_AS, (used + 40 * MIB, resource.RLIM_INFINITY))
        answer = server.ask("POST", "/v1/articles", body, Content_Type=JSON, Content_Encoding="gzip")
        assert answer[0] == 503, answer
        assert b'copydesk_requests_rejected_total{reason="memory"} 1.0' in server.ask("GET", "/metrics")[1]
        assert server.ask("POST", "/v1/articles", ARTICLE, Content_Type=JSON)[0] == 200
        assert server.worker_pids() == [worker]


BATCH = b"\n".join([b'{"text": "A short one.", "extra": {"a": "%s"}}' % (b"x" * 60_000)] * 200)
HEAD = (
    b"POST /v1/articles/batch HTTP/1.1\r\nHost: test\r\n"
    b"Content-Type: application/x-ndjson\r\nContent-Length: %d\r\n\r\n"
)


def send_batch(port: int) -> socket.socket:
    """Send a batch with a response that does not fit into the buffers of the socket."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(20)
    made.connect(("127.0.0.1", port))
    with suppress(OSError):  # it was rejected
        made.sendall(HEAD % len(BATCH) + BATCH)
    return made


def test_clients_that_never_read_leave_the_others_alone() -> None:
    """Each holds a place until its response has left, and there are fewer places for batches than threads."""
    with ExitStack() as stack:
        patient = running(COPYDESK_WORKERS="1", COPYDESK_SOCKET_TIMEOUT="60", COPYDESK_QUEUE_TIMEOUT="60")
        server = stack.enter_context(patient)
        with ThreadPoolExecutor(64) as clients:
            for made in clients.map(send_batch, [server.port] * 64):
                stack.enter_context(made)
        for _ in range(10):
            start = time.monotonic()
            assert server.ask("GET", "/livez")[0] == 200
            answer = server.ask("POST", "/v1/articles", ARTICLE, Content_Type=JSON)
            assert answer[0] == 200, answer
            assert time.monotonic() - start < 10  # a blocked request would wait for a minute


def test_clients_that_never_read_are_cut_off() -> None:
    with running(COPYDESK_WORKERS="1", COPYDESK_SOCKET_TIMEOUT="1") as server, ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(send_batch(server.port))
        assert wait_until(
            lambda: (
                server.ask("POST", "/v1/articles/batch", ARTICLE, Content_Type=NDJSON)[0] == 200
                and b"\ncopydesk_http_requests_in_flight 1.0\n" in server.ask("GET", "/metrics")[1]
            )
        )


def test_a_client_that_reads_a_byte_now_and_then_is_cut_off() -> None:
    with running(COPYDESK_WORKERS="1", COPYDESK_SOCKET_TIMEOUT="1") as server, send_batch(server.port) as made:
        start, is_open = time.monotonic(), True
        while is_open and time.monotonic() < start + 20:
            time.sleep(0.2)
            try:
                is_open = made.recv(500) != b""
            except OSError:
                is_open = False
            is_open = is_open and b"\ncopydesk_http_requests_in_flight 1.0\n" not in server.ask("GET", "/metrics")[1]
        assert not is_open
