"""Heads of requests as they arrive in pieces."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from gunicorn.http.message import Request
from gunicorn.http.unreader import Unreader
from hypothesis import given
from hypothesis import strategies as st

from svc.server.request_head import MAX_HEAD_BYTES, RequestHead

LINE_LIMIT = 4094
HEAD = b"GET /livez HTTP/1.1\r\nHost: test\r\nX: y\r\n\r\n"
PIECES = [b"GET / HTTP/1.1", b"Host: a", b"Content-Length: 3", b"\r\n", b"\r\n", b"\n", b"\r", b" ", b":", b"a" * 4_100]


def read(*parts: bytes) -> RequestHead:
    head = RequestHead(0, 1, LINE_LIMIT)
    for part in parts:
        head.add(part)
        if head.is_complete:
            break
    return head


def settings() -> Any:
    config = Config()
    config.set("limit_request_line", LINE_LIMIT)
    return config


class Blocking(Unreader):  # type: ignore[misc]  # gunicorn carries no types
    """A source that would block."""

    def chunk(self, size_hint: int | None = None) -> bytes:  # noqa: ARG002  as gunicorn calls it
        raise AssertionError("the parser waits for more bytes")


@pytest.mark.parametrize("size", [1, 2, 3, 5, len(HEAD)])
def test_head_is_complete_at_its_end_however_it_is_divided(size: int) -> None:
    head = RequestHead(0, 1, LINE_LIMIT)
    for start in range(0, len(HEAD), size):
        assert not head.is_complete
        head.add(HEAD[start : start + size])
    assert head.is_complete
    assert bytes(head.data) == HEAD


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_parser_never_waits_for_a_complete_head(pieces: list[bytes]) -> None:
    head = read(*pieces)
    if head.is_complete:
        unreader = Blocking()
        unreader.unread(bytes(head.data))
        with suppress(ParseException):
            Request(settings(), unreader, ("127.0.0.1", 1))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (HEAD, True),
        (b"\r\n" + HEAD, True),
        (HEAD.replace(b"GET /livez", b"HEAD /readyz?verbose"), True),
        (HEAD.replace(b"/livez", b"/metrics"), True),
        (HEAD.replace(b"X: y", b"Content-Length: 0"), True),
        (HEAD.replace(b"/livez", b"/livez2"), False),
        (HEAD.replace(b"/livez", b"/v1/limits"), False),
        (HEAD.replace(b"GET", b"POST"), False),
        (HEAD.replace(b"X: y", b"content-length: 01"), False),
        (HEAD.replace(b"X: y", b"Transfer-Encoding: chunked"), False),
    ],
)
def test_probe_is_a_request_for_health_without_a_body(head: bytes, expected: bool) -> None:  # noqa: FBT001
    assert read(head).is_probe() is expected


def test_large_head_is_read_in_linear_time() -> None:
    head, start = RequestHead(0, 1, LINE_LIMIT), time.process_time()
    head.add(b"GET / HTTP/1.1\r\n")
    while not head.is_too_large():
        for _ in range(100):
            head.add(b"a\r\n")
    assert len(head.data) < MAX_HEAD_BYTES + 1000
    assert time.process_time() - start < 1
