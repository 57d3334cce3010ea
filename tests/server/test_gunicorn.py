"""The service as it runs: gunicorn, forked workers, real sockets."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPResponse

import pytest

from tests.helpers.cases import corpus
from tests.helpers.server import Server, running, start
from tests.helpers.waiting import wait_until

JSON = "application/json"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    # Long enough that none of these is rejected on a slow machine.
    with running(COPYDESK_MAX_BODY_BYTES="100000", COPYDESK_QUEUE_TIMEOUT="20") as started:
        yield started


def test_concurrent_requests_each_get_their_own_response(server: Server) -> None:
    def ask(raw: dict[str, object]) -> dict[str, object]:
        status, body = server.ask("POST", "/v1/articles", json.dumps(raw).encode(), Content_Type=JSON)
        assert status == 200
        article: dict[str, object] = json.loads(body)
        return article

    articles = corpus() * 3
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, articles))
    assert [answer["text"] for answer in answers] == [raw["text"] for raw in articles]
    # Profiles are loaded before the fork, so that no thread sees them half loaded.
    by_id = {answer["id"]: answer["language"] for answer in answers}
    assert all(answer["language"] == by_id[answer["id"]] for answer in answers)


@pytest.mark.parametrize("announced", [True, False], ids=["length", "chunked"])
def test_a_body_over_the_limit_is_refused_however_it_is_sent(server: Server, announced: bool) -> None:  # noqa: FBT001
    body = json.dumps({"text": "x" * 300_000}).encode()
    headers = {"Content_Type": JSON} | ({} if announced else {"Transfer_Encoding": "chunked"})
    sent = body if announced else b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    status, answer = server.ask("POST", "/v1/text", sent, **headers)
    assert (status, json.loads(answer)["limit"]) == (413, 100_000)


def test_a_chunked_body_is_read_whole(server: Server) -> None:
    body = json.dumps({"text": "é" * 5_000}).encode()
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(body[at : at + 700]), body[at : at + 700]) for at in range(0, len(body), 700)
    )
    status, answer = server.ask(
        "POST", "/v1/text", chunks + b"0\r\n\r\n", Content_Type=JSON, Transfer_Encoding="chunked"
    )
    assert (status, len(json.loads(answer)["text"])) == (200, 5_000)


def test_large_batch_works_if_the_client_reads_after_writing(
    server: Server,
) -> None:
    line = json.dumps({"text": "A short one.", "extra": {"carried": "x" * 60_000}}).encode()
    body = b"\n".join([line] * 400)
    status, answer = server.ask("POST", "/v1/articles/batch", body, Content_Type="application/x-ndjson")
    assert status == 200
    assert [json.loads(item)["index"] for item in answer.splitlines()] == list(range(400))


def test_the_health_check_of_the_image_fails_without_a_server(server: Server) -> None:
    def check(port: int) -> int:
        environ = os.environ | {"COPYDESK_BIND": f"0.0.0.0:{port}"}
        return subprocess.run([sys.executable, "-m", "svc.server.healthcheck"], env=environ, check=False).returncode

    assert (check(server.port), check(1)) == (0, 1)


def test_sigterm_stops_it_with_status_0() -> None:
    with running() as started:
        assert started.stop() == 0


def test_an_unknown_setting_is_an_error_of_one_line() -> None:
    process = start({"COPYDESK_WORKRES": "2"})
    _, stderr = process.communicate(timeout=20)
    assert process.returncode == 1
    assert stderr == "Error: COPYDESK_WORKRES is not a setting. Did you mean COPYDESK_WORKERS?\n"


def test_an_unknown_setting_is_an_error_of_one_line_in_gunicorn() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "python:svc.server.gunicorn_conf"],
        env=os.environ | {"COPYDESK_WORKERS": "none"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr == "Error: COPYDESK_WORKERS=none: Not a valid integer.\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"no HTTP at all\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nNa me: x\r\n\r\n", 400),
        (b"GET /%s HTTP/1.1\r\n\r\n" % (b"a" * 5_000), 414),
        (b"GET / HTTP/1.1\r\nX: %s\r\n\r\n" % (b"a" * 9_000), 431),
        (b"POST /v1/text HTTP/1.1\r\nTransfer-Encoding: magic\r\n\r\n", 501),
        (b"POST /v1/text HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        (b"POST /v1/text HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", 501),
        (b"GET /livez HTTP/1.1\r\n\r\n", 400),
        (b"GET /livez HTTP/2.0\r\nHost: a\r\n\r\n", 400),
        (b"GET /livez HTTP/1.1\nHost: a\n\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: %s\r\n" % (b"a" * 8_000) * 9, 431),
        (b"A" * 5_000, 414),
    ],
)
def test_malformed_request_is_a_problem_and_logs_no_address(server: Server, sent: bytes, status: int) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as made:
        made.sendall(sent)
        answer = HTTPResponse(made)
        answer.begin()
        problem = json.loads(answer.read())
    assert (answer.status, problem["status"]) == (status, status)
    assert answer.headers["Content-Type"] == "application/problem+json"
    request_id = answer.headers["X-Request-ID"]
    [line] = wait_until(lambda: [line for line in server.lines() if request_id in line["event"]])
    assert (line["level"], line["request_id"]) == ("warning", request_id)
    assert [line for line in server.lines() if "127.0.0.1" in line["event"] and "Listening" not in line["event"]] == []


def exchange(server: Server, *parts: bytes) -> bytes:
    """Send a request in parts, with a short wait between them, and return all bytes of the responses."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as made:
        for part in parts:
            made.sendall(part)
            time.sleep(0.01)
        return b"".join(iter(lambda: made.recv(65_536), b""))


CLOSING = b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "parts",
    [
        [CLOSING],
        [CLOSING[i : i + 1] for i in range(len(CLOSING))],
        [b"\r\n" + CLOSING],
        [b"\r", b"\n", CLOSING],
        [CLOSING.replace(b"HTTP/1.1", b"HTTP/1.2")],
        [b"GET /livez HTTP/1.0\r\n\r\n"],
        [CLOSING.replace(b"/livez", b"/readyz?x=1"), b"late bytes"],
        [CLOSING.replace(b"GET", b"GET").replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n"), b"abc"],
    ],
    ids=["whole", "bytes", "empty line", "empty line in parts", "1.2", "1.0", "late bytes", "body"],
)
def test_valid_head_is_read_however_it_arrives(server: Server, parts: list[bytes]) -> None:
    response = exchange(server, *parts)
    assert response.startswith(b"HTTP/1.0 200" if b"HTTP/1.0" in parts[0] else b"HTTP/1.1 200")
    assert response.count(b"HTTP/1.") == 1


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    bodies = [b'{"text": "number %d"}' % number for number in range(5)]
    head = b"POST /v1/text HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    requests = b"".join(head % len(body) + body for body in bodies) + CLOSING
    for parts in ([requests], [requests[i : i + 100] for i in range(0, len(requests), 100)]):
        response = exchange(server, *parts)
        assert re.findall(rb'"text":"(number \d)"', response) == [b"number %d" % number for number in range(5)]
        assert response.count(b"HTTP/1.1 200") == 6


EXPECT = b"POST /v1/text HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n"


@pytest.mark.parametrize(
    ("head", "status"),
    [(EXPECT % (b"application/json", 200_000), b"413"), (EXPECT % (b"image/png", 12), b"415")],
    ids=["too large", "unsupported"],
)
def test_rejected_body_is_not_asked_for(server: Server, head: bytes, status: bytes) -> None:
    response = exchange(server, head)
    assert response.startswith(b"HTTP/1.1 " + status)
    assert b"\r\nConnection: close\r\n" in response
    assert b"100 Continue" not in response


def test_accepted_body_is_asked_for(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as made:
        made.sendall(EXPECT % (b"application/json", 13))
        assert made.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        made.sendall(b'{"text": "x"}' + CLOSING)  # the connection is kept alive
        response = b"".join(iter(lambda: made.recv(65_536), b""))
    assert response.count(b"HTTP/1.1 200") == 2


def test_client_that_sends_a_large_body_first_sees_the_413(server: Server) -> None:
    status, answer = server.ask("POST", "/v1/text", b" " * 20_000_000, Content_Type=JSON)
    assert (status, json.loads(answer)["limit"]) == (413, 100_000)


def test_unreadable_requests_have_no_id_of_another_request(server: Server) -> None:
    ids = []
    for number in range(70):  # more than a worker has threads
        server.ask("POST", "/v1/text", b'{"text": "x"}', Content_Type=JSON, X_Request_ID=f"other-{number}")
        head = exchange(server, b"GARBAGE\r\n\r\n").partition(b"\r\n\r\n")[0].decode()
        ids.append(head.partition("X-Request-ID: ")[2].partition("\r\n")[0])
    assert wait_until(lambda: any(ids[-1] in line["event"] for line in server.lines()))
    logged = [line["request_id"] for line in server.lines() if any(one in line["event"] for one in ids)]
    assert sorted(logged) == sorted(ids)


@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize("size", [20, 60_000, 66_000, 90_000, 3_000_000])
def test_a_response_says_whether_its_connection_closes(server: Server, size: int, is_chunked: bool) -> None:  # noqa: FBT001
    """Also if the body of the request was not read. A load balancer would send the next request on the connection."""
    body = b" " * size
    framing = b"Transfer-Encoding: chunked" if is_chunked else b"Content-Length: %d" % size
    head = b"POST /v1/text HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\n" + framing + b"\r\n\r\n"
    with socket.create_connection(server.address, timeout=20) as made:
        made.sendall(head + (b"%x\r\n%s\r\n0\r\n\r\n" % (size, body) if is_chunked else body))
        response = HTTPResponse(made)
        response.begin()
        assert response.status == 415
        response.read()
        if response.will_close:
            assert made.recv(1) == b""
        else:
            made.sendall(CLOSING)
            assert made.recv(65_536).startswith(b"HTTP/1.1 200")
