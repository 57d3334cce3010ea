"""The framing of requests: an ambiguous one is rejected, and its connection closed, so that nothing can be smuggled."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from http.client import HTTPException, HTTPResponse
from typing import cast

import pytest

from tests.helpers.server import Server, running

pytestmark = pytest.mark.server

BODY = b'{"text":"It rains."}'
NEXT = b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
LENGTH = b"Content-Length: 20\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b"14\r\n" + BODY + b"\r\n0\r\n\r\n"


def post(*headers: bytes, body: bytes = BODY, version: bytes = b"HTTP/1.1") -> bytes:
    """Return a request with other headers, and a second one behind it."""
    lines = (b"POST /v1/text " + version, b"Host: a", b"Content-Type: application/json")
    return b"".join(line + b"\r\n" for line in lines) + b"".join(headers) + b"\r\n" + body + NEXT


def get(line: bytes = b"GET /livez HTTP/1.1\r\n", *headers: bytes) -> bytes:
    return line + b"Host: a\r\n" + b"".join(headers) + b"\r\n" + NEXT


def chunked(chunks: bytes) -> bytes:
    return post(CHUNKED, body=chunks)


AMBIGUOUS = {
    # Two lengths of one body.
    "length and chunks": post(LENGTH, CHUNKED, body=CHUNKS),
    "chunks and length": post(CHUNKED, LENGTH, body=CHUNKS),
    "short length and chunks": post(b"Content-Length: 4\r\n", CHUNKED, body=CHUNKS),
    "length 0 and chunks": post(b"Content-Length: 0\r\n", CHUNKED, body=CHUNKS),
    "two lengths": post(LENGTH, b"Content-Length: 5\r\n"),
    "the same length twice": post(LENGTH, LENGTH),
    "a list of lengths": post(b"Content-Length: 20, 5\r\n"),
    "a list of the same length": post(b"Content-Length: 20, 20\r\n"),
    # Lengths that are not decimal digits.
    "a signed length": post(b"Content-Length: +20\r\n"),
    "a negative length": post(b"Content-Length: -1\r\n"),
    "a hexadecimal length": post(b"Content-Length: 0x14\r\n"),
    "a length with an underscore": post(b"Content-Length: 2_0\r\n"),
    "a length with a blank": post(b"Content-Length: 2 0\r\n"),
    "a fractional length": post(b"Content-Length: 20.0\r\n"),
    "a length in other digits": post("Content-Length: ２０\r\n".encode()),
    "a superscript length": post("Content-Length: 2²\r\n".encode("latin-1")),
    "an empty length": post(b"Content-Length: \r\n"),
    "a word as length": post(b"Content-Length: all\r\n"),
    # Transfer codings that are almost `chunked`.
    "xchunked": post(b"Transfer-Encoding: xchunked\r\n", body=CHUNKS),
    "chunked and a letter": post(b"Transfer-Encoding: chunkedx\r\n", body=CHUNKS),
    "chunked in quotes": post(b'Transfer-Encoding: "chunked"\r\n', body=CHUNKS),
    "chunked, identity": post(b"Transfer-Encoding: chunked, identity\r\n", body=CHUNKS),
    "chunked, chunked": post(b"Transfer-Encoding: chunked, chunked\r\n", body=CHUNKS),
    "chunked twice": post(CHUNKED, CHUNKED, body=CHUNKS),
    "chunked, gzip": post(b"Transfer-Encoding: chunked, gzip\r\n", body=CHUNKS),
    "chunked and a vertical tab": post(b"Transfer-Encoding: \x0bchunked\r\n", body=CHUNKS),
    "chunked and a NUL": post(b"Transfer-Encoding: chunked\0\r\n", body=CHUNKS),
    "chunked in HTTP/1.0": post(CHUNKED, body=CHUNKS, version=b"HTTP/1.0"),
    "an unknown coding": post(b"Transfer-Encoding: magic\r\n", body=CHUNKS),
    # Names and lines.
    "a blank before the colon": post(b"Content-Length : 20\r\n"),
    "a tab before the colon": post(b"Transfer-Encoding\t: chunked\r\n", body=CHUNKS),
    "a folded header": post(LENGTH, b"X-A: a\r\n b\r\n"),
    "a folded coding": post(b"Transfer-Encoding:\r\n chunked\r\n", body=CHUNKS),
    "a blank before the first header": get(b"GET /livez HTTP/1.1\r\n X-A: b\r\n"),
    "a header without a colon": post(LENGTH, b"X-A\r\n"),
    "a header without a name": post(LENGTH, b": a\r\n"),
    "a name with a blank": post(LENGTH, b"X A: a\r\n"),
    "a name with a bracket": post(LENGTH, b"X(A): a\r\n"),
    "a name beyond ASCII": post(LENGTH, b"X-\xe9: a\r\n"),
    "a NUL in a name": post(LENGTH, b"X-\0A: a\r\n"),
    "a NUL in a value": post(LENGTH, b"X-A: a\0b\r\n"),
    "a bare CR in a value": post(LENGTH, b"X-A: a\rContent-Length: 5\r\n"),
    "a bare LF after a value": post(b"X-A: a\n" + LENGTH),
    "a bare LF after the head": post(LENGTH).replace(b"\r\n\r\n", b"\n\n", 1),
    "all lines with a bare LF": NEXT.replace(b"\r\n", b"\n"),
    # The request line.
    "no version": get(b"GET /livez\r\n"),
    "HTTP/2.0": get(b"GET /livez HTTP/2.0\r\n"),
    "HTTP/1.1 with a letter": get(b"GET /livez HTTP/1.1x\r\n"),
    "a version in lower case": get(b"GET /livez http/1.1\r\n"),
    "HTTP/11": get(b"GET /livez HTTP/11\r\n"),
    "a method with a bracket": get(b"G(T /livez HTTP/1.1\r\n"),
    "two blanks in the line": get(b"GET /livez x HTTP/1.1\r\n"),
    "a NUL in the line": get(b"GET /liv\0ez HTTP/1.1\r\n"),
    "no HTTP": b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n" + NEXT,
    # Hosts.
    "two hosts": get(b"GET /livez HTTP/1.1\r\n", b"Host: b\r\n"),
    "the same host twice": get(b"GET /livez HTTP/1.1\r\n", b"Host: a\r\n"),
}
# The second request would be read as a part of these chunks.
BROKEN_CHUNKS = {
    "a size with a sign": b"+14\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a negative size": b"-1\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a size with 0x": b"0x14\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a size with an underscore": b"1_4\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a size with a blank in front": b" 14\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a size of letters": b"zz\r\n" + BODY + b"\r\n0\r\n\r\n",
    "an empty size": b"\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a size that is too small": b"5\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a size that is too large": b"ffffffffffffffffffff\r\n" + BODY + b"\r\n0\r\n\r\n",
    "no CRLF after the data": b"14\r\n" + BODY + b"0\r\n\r\n",
    "a bare LF after a size": b"14\n" + BODY + b"\r\n0\r\n\r\n",
    "a bare LF after the data": b"14\r\n" + BODY + b"\n0\r\n\r\n",
    "a bare CR in an extension": b"14;a\rb\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a NUL in a size": b"14\0\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a trailer that is a length": b"14\r\n" + BODY + b"\r\n0\r\nContent-Length: 5\r\n\r\n",
    "a folded trailer": b"14\r\n" + BODY + b"\r\n0\r\nX-A: a\r\n b\r\n\r\n",
}
_MAX_SENT_AT_ONCE = 1_000_000
TOO_LARGE = {
    "a line of 5,000": (get(b"GET /%s HTTP/1.1\r\n" % (b"a" * 5_000)), 414),
    "a line of 10 MB": (get(b"GET /%s HTTP/1.1\r\n" % (b"a" * 10_000_000)), 414),
    "a header of 10 MB": (get(b"GET /livez HTTP/1.1\r\n", b"X-A: %s\r\n" % (b"a" * 10_000_000)), 431),
    "a thousand headers": (get(b"GET /livez HTTP/1.1\r\n", *(b"X-%d: a\r\n" % i for i in range(1_000))), 431),
    "a name of 10 MB": (get(b"GET /livez HTTP/1.1\r\n", b"X%s: a\r\n" % (b"a" * 10_000_000)), 431),
    "a head of blank lines": (b"\r\n" * 100_000 + NEXT, 400),
}
PLAIN = {
    "a length": post(LENGTH),
    "a length with zeros": post(b"Content-Length: 0020\r\n"),
    "a length with blanks around it": post(b"Content-Length:  20 \r\n"),
    "one chunk": chunked(CHUNKS),
    "a chunk for each byte": chunked(b"".join(b"1\r\n%c\r\n" % byte for byte in BODY) + b"0\r\n\r\n"),
    "a size with zeros": chunked(b"00014\r\n" + BODY + b"\r\n000\r\n\r\n"),
    "an extension": chunked(b"14;a=b\r\n" + BODY + b"\r\n0;c\r\n\r\n"),
    "a trailer": chunked(b"14\r\n" + BODY + b"\r\n0\r\nX-A: a\r\n\r\n"),
    "chunked in capitals": post(b"Transfer-Encoding: CHUNKED\r\n", body=CHUNKS),
    "an underscore in a length's name": post(LENGTH, b"Content_Length: 5\r\n"),
    "names in capitals": post(b"CONTENT-LENGTH: 20\r\n"),
    "an absolute address": get(b"GET http://a/livez HTTP/1.1\r\n"),
}


class _Bytes:
    """A socket for HTTPResponse with bytes that were read already."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)
        self._file.close = lambda: None  # type: ignore[method-assign]  # the next response is behind it

    def makefile(self, _: str) -> io.BytesIO:
        return self._file


def exchange(port: int, data: bytes, *, half_close: bool = False) -> list[int]:
    """Send bytes, read until the server closes the connection, and return the statuses of the responses."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        try:
            connection.sendall(data)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(1 << 16):
                received += part
        except ConnectionError:  # the server has closed the connection before it read everything
            pass
    source, statuses = _Bytes(received), list[int]()
    while True:
        response = HTTPResponse(cast("socket.socket", source))
        try:
            response.begin()
            response.read()
        except HTTPException:
            return statuses
        statuses.append(response.status)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(COPYDESK_WORKERS="1", COPYDESK_SOCKET_TIMEOUT="2", COPYDESK_QUEUE_TIMEOUT="20") as started:
        yield started
        assert [line for line in started.lines() if "exception" in line or line["level"] == "error"] == []


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_an_ambiguous_request_is_rejected_and_closed(server: Server, name: str) -> None:
    [status] = exchange(server.port, AMBIGUOUS[name])
    assert status in (400, 501)


@pytest.mark.parametrize("name", BROKEN_CHUNKS)
def test_broken_chunks_are_rejected_and_closed(server: Server, name: str) -> None:
    # After the response, gunicorn reports the rest of the body as a request that is malformed, too.
    statuses = exchange(server.port, chunked(BROKEN_CHUNKS[name]))
    assert set(statuses) in ({400}, {408})


@pytest.mark.parametrize("name", TOO_LARGE)
def test_a_head_that_is_too_large_is_rejected(server: Server, name: str) -> None:
    data, expected = TOO_LARGE[name]
    statuses = exchange(server.port, data)
    # A reset may overtake the response if the client still sends after two seconds.
    assert statuses == [expected] or (statuses == [] and len(data) > _MAX_SENT_AT_ONCE)


@pytest.mark.parametrize("name", PLAIN)
def test_the_request_after_a_valid_one_is_served(server: Server, name: str) -> None:
    assert exchange(server.port, PLAIN[name]) == [200, 200]


def test_pipelined_requests_are_served_in_order(server: Server) -> None:
    data = post(LENGTH).removesuffix(NEXT) * 5 + get(b"GET /nowhere HTTP/1.1\r\n")
    assert exchange(server.port, data) == [200] * 5 + [404, 200]


def test_a_client_that_closes_its_side_gets_its_response(server: Server) -> None:
    assert exchange(server.port, post(LENGTH), half_close=True) == [200, 200]
    assert exchange(server.port, post(LENGTH).removesuffix(NEXT)[:-5], half_close=True) == [400]
