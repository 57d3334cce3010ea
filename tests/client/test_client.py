"""The clients against the application and against a fake service that fails."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import math
import os
import re
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing, contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from datetime import time as datetime_time
from decimal import Decimal
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeAlias
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import copydesk
import schemas
from copydesk import typed_dicts
from copydesk.article import Options
from copydesk.client import (
    AsyncClient,
    BatchLimits,
    Client,
    ClientError,
    InvalidResponse,
    Progress,
    RequestRejected,
    Result,
    RetryPolicy,
    ServiceUnavailable,
)
from copydesk.client._batching import Batch, Entry, LineSplitter
from copydesk.client._retry import Backoff, parse_retry_after
from schemas.openapi import NAMES
from tests.helpers.server import Server, free_port, running

ROOT = Path(__file__).parent.parent.parent
QUICK = RetryPolicy(initial_backoff=0.001, max_backoff=0.01)
TINY = BatchLimits(max_articles=4)
NOWHERE = "http://127.0.0.1:1"

Reply: TypeAlias = Callable[["Handler", list[Any]], None]
CleanMany: TypeAlias = Callable[..., list[Result]]


class NotATime(datetime):
    """A missing time that is not equal to itself, like NaT of pandas."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return False


class Handler(BaseHTTPRequestHandler):
    """Replies with the next entry of the script, or with a valid response after its end."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: FakeServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        articles = [json.loads(line) for line in body.splitlines()]
        service = self.server.service
        service.requests.append((self.path, dict(self.headers), articles))
        (service.script.pop(0) if service.script else reply_all)(self, articles)

    def send_lines(self, lines: Iterable[bytes], *, complete: bool = True) -> None:
        """Send lines in chunks. An incomplete response ends with the connection."""
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for line in lines:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            self.wfile.flush()
        if complete:
            self.wfile.write(b"0\r\n\r\n")
        self.close_connection = not complete

    def send_body(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class FakeServer(ThreadingHTTPServer):
    service: FakeService
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass  # clients that disconnect are part of the tests


@dataclass
class FakeService:
    """A service with scripted replies, and the requests that it received."""

    url: str
    script: list[Reply] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], list[Any]]] = field(default_factory=list)

    def batches(self) -> list[list[str]]:
        return [[article["text"] for article in articles] for _, _, articles in self.requests]


def item(index: Any, text: str) -> bytes:
    article: dict[str, Any] = {"text": text.upper(), "title": None, "changes": [], "version": "0"}
    return json.dumps({"index": index, "article": article}, ensure_ascii=False).encode() + b"\n"


def items(articles: list[Any]) -> list[bytes]:
    return [item(index, article["text"]) for index, article in enumerate(articles)]


def reply_all(handler: Handler, articles: list[Any]) -> None:
    handler.send_lines(items(articles))


def reply_busy(status: int, handler: Handler, _: list[Any]) -> None:
    handler.send_body(status, b"", Retry_After="1")


def reply_status(status: int, handler: Handler, _: list[Any]) -> None:
    handler.send_body(status, b"")


def reply_problem(status: int, slug: str, handler: Handler, _: list[Any]) -> None:
    problem = {"type": f"urn:copydesk:problem:{slug}", "title": "T", "status": status, "detail": "D"}
    handler.send_body(status, json.dumps(problem).encode(), Content_Type="application/problem+json")


def reply_too_large(limit: int, handler: Handler, articles: list[Any]) -> None:
    too_large = len(articles) > limit or {"text": "t3"} in articles
    (partial(reply_problem, 413, "limit-exceeded") if too_large else reply_all)(handler, articles)


def disconnect(after: int, handler: Handler, articles: list[Any]) -> None:
    """Close the connection in the middle of a line."""
    lines = items(articles)
    handler.send_lines([*lines[:after], lines[after][:9]], complete=False)


def end_early(after: int, handler: Handler, articles: list[Any]) -> None:
    """End the response properly, in the middle of a line."""
    lines = items(articles)
    handler.send_lines([*lines[:after], lines[after][:9]])


def omit_last_line_feed(handler: Handler, articles: list[Any]) -> None:
    handler.send_lines([b"".join(items(articles)).rstrip(b"\n")])


def reply_lines(*lines: bytes) -> Reply:
    return lambda handler, _: handler.send_lines(lines)


def reply_page(handler: Handler, _: list[Any]) -> None:
    handler.send_body(200, b"<h1>Welcome</h1>", Content_Type="text/html")


@pytest.fixture
def fake() -> Iterator[FakeService]:
    server = FakeServer(("127.0.0.1", 0), Handler)
    server.service = FakeService(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.service
    server.shutdown()
    server.server_close()
    thread.join()


def clean_many_sync(url: str, articles: Iterable[Any], into: list[Result] | None = None, **how: Any) -> list[Result]:
    results = [] if into is None else into
    with Client(url, retry=how.pop("retry", QUICK)) as client:
        results.extend(client.clean_many(articles, **how))
    return results


def clean_many_async(url: str, articles: Iterable[Any], into: list[Result] | None = None, **how: Any) -> list[Result]:
    results = [] if into is None else into

    async def main() -> None:
        async with AsyncClient(url, retry=how.pop("retry", QUICK)) as client:
            async for result in client.clean_many(articles, **how):
                results.append(result)

    asyncio.run(main())
    return results


@pytest.fixture(params=[clean_many_sync, clean_many_async], ids=["sync", "async"])
def clean_many(request: pytest.FixtureRequest) -> CleanMany:
    function: CleanMany = request.param
    return function


def raw(count: int) -> list[Mapping[str, str]]:
    return [{"text": f"t{number}"} for number in range(count)]


def texts(results: Iterable[Result]) -> list[str]:
    return [result.article["text"] for result in results if result.article]


def expected(count: int) -> list[str]:
    return [f"T{number}" for number in range(count)]


# The real application


def test_clean_and_clean_text_return_clean_results(service_url: str) -> None:
    with Client(service_url, options={"quotes": "plain", "detect_language": False}) as client:
        assert client.clean({"text": "Itâ€™s", "published": date(2024, 3, 5)})["text"] == "It's"
        assert client.clean_text("Russiaâ€™s  envoy")["text"] == "Russia's envoy"
        assert client.clean({"text": "It’s", "options": {"quotes": "keep"}})["text"] == "It’s"


def test_options_may_be_those_of_the_library(service_url: str) -> None:
    with Client(service_url, options=Options(quotes="plain", detect_language=False)) as client:
        article = client.clean({"text": "It’s"})
    assert (article["text"], article["language"]["tag"]) == ("It's", "und")


def test_only_changed_options_are_sent(fake: FakeService) -> None:
    with Client(fake.url, options=Options(quotes="plain", strip_dateline=True)) as client:
        list(client.clean_many(raw(1)))
    [(path, _, _)] = fake.requests
    assert path == "/v1/articles/batch?quotes=plain&strip_dateline=true"


def test_article_may_be_its_text(service_url: str, clean_many: CleanMany) -> None:
    with Client(service_url) as client:
        assert client.clean("Itâ€™s")["text"] == "It’s"
    assert texts(clean_many(service_url, ["Itâ€™s", ("key", "cafÃ©")])) == ["It’s", "café"]


def test_async_clean_and_clean_text_return_clean_results(service_url: str) -> None:
    async def main() -> tuple[str, str]:
        async with AsyncClient(service_url) as client:
            return (await client.clean({"text": "Itâ€™s"}))["text"], (await client.clean_text("Itâ€™s"))["text"]

    assert asyncio.run(main()) == ("It’s", "It’s")


def test_clean_many_keeps_order_and_keys(service_url: str, clean_many: CleanMany) -> None:
    articles = [(f"key {number}", {"text": f"cafÃ© {number}"}) for number in range(500)]
    results = clean_many(service_url, articles, batch_limits=BatchLimits(max_articles=30))
    assert [result.key for result in results] == [key for key, _ in articles]
    assert texts(results) == [f"café {number}" for number in range(500)]


def test_clean_many_returns_a_problem_for_a_bad_article(service_url: str, clean_many: CleanMany) -> None:
    articles: list[Any] = [
        {"text": "a"},
        {"text": 5},
        5,
        {"text": object()},
        {"text": "b\ud800"},
        {"texd": ""},
    ]
    results = clean_many(service_url, articles)
    assert [result.key for result in results] == list(range(6))
    assert [bool(result.article) for result in results] == [True, False, False, False, True, False]
    assert {result.problem["status"] for result in results if result.problem} == {422}


def test_article_that_is_not_json_has_a_problem_like_the_service(fake: FakeService, clean_many: CleanMany) -> None:
    [result] = clean_many(fake.url, [{"text": bytes}])
    assert result.problem == {
        "type": "urn:copydesk:problem:validation-failed",
        "title": "Validation failed",
        "status": 422,
        "detail": "1 field is invalid; see `errors`.",
        "errors": [{"pointer": "/text", "detail": "Not a JSON value: <class 'bytes'> (type)."}],
    }
    assert fake.requests == []


NOT_JSON: list[tuple[Any, list[str]]] = [
    ({"text": "x", "title": float("nan")}, ["/title"]),
    ({"text": "x", "tags": ["a", float("inf"), b"b"]}, ["/tags/1", "/tags/2"]),
    ({"text": "x", "extra": {"a/b": {"c~d": [datetime_time(9)]}}}, ["/extra/a~1b/c~0d/0"]),
    (
        {"text": "x", "extra": {"raw": b"a", "id": UUID(int=1), "price": Decimal(1)}},
        ["/extra/raw", "/extra/id", "/extra/price"],
    ),
    ({"text": "x", "extra": {"by": {(1, 2): 3}}}, ["/extra/by"]),
    ({"text": "x", "extra": {"ids": {1, "a"}}}, ["/extra/ids"]),
    ({"text": "x", "extra": {"n": 10**5_000}}, ["/extra/n"]),
    ({"text": "x", "published": NotATime(2024, 3, 5)}, ["/published"]),
    ({"text": b"x", "html": "<p>x</p>"}, ["/text"]),
    ({"text": b"x", "html": b"<p>x</p>"}, ["/html"]),
    ({"content_base64": b"eA=="}, ["/content_base64"]),
    (b"<p>x</p>", [""]),
]


@pytest.mark.parametrize(("article", "pointers"), NOT_JSON)
def test_each_value_that_json_cannot_hold_is_named(article: Any, pointers: list[str]) -> None:
    with Client(NOWHERE) as client, pytest.raises(RequestRejected, match=r"Not a JSON|Send ") as raised:
        client.clean(article)
    assert [error.get("pointer") for error in raised.value.problem.get("errors", [])] == pointers


def test_circular_and_deep_values_are_named() -> None:
    circular: dict[str, Any] = {"text": "x"}
    circular["extra"] = {"a": circular, "b": [circular, circular]}
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    with Client(NOWHERE) as client:
        for article in (circular, {"text": "x", "extra": {"deep": deep}}):
            with pytest.raises(RequestRejected, match=r"/extra/.*: Nested deeper"):
                client.clean(article)


def test_dates_and_sets_are_sent_as_json(service_url: str) -> None:
    extra = {"at": datetime(2024, 3, 5, 9, tzinfo=UTC), "ids": {2, 1}, "pair": (1, 2)}
    with Client(service_url) as client:
        article = client.clean({"text": "x", "published": date(2024, 3, 5), "extra": extra})
    assert article["published"] == "2024-03-05"
    assert article["extra"] == {"at": "2024-03-05T09:00:00+00:00", "ids": [1, 2], "pair": [1, 2]}


# Bytes

PAGE = "<html><head><title>Кафе</title></head><body><article><p>Кафе закрыто до весны.</p></article></body></html>"
TEXT = "Кафе закрыто до весны, сказал вчера мэр города."


def test_clean_page_sends_bytes(service_url: str) -> None:
    with Client(service_url) as client:
        page = client.clean_page(PAGE.encode("koi8-r"), "https://news.example/a", "text/html; charset=koi8-r")
        text = client.clean_page(TEXT.encode("cp1251"), content_type="text/plain; charset=windows-1251")
        decoded = client.clean_page(PAGE, "https://news.example/a")
        undeclared = client.clean_page(PAGE.encode())
    assert (page["title"], page["text"], page["url"]) == ("Кафе", "Кафе закрыто до весны.", "https://news.example/a")
    assert page["encoding"]
    assert page["encoding"]["name"] == "koi8-r"
    assert (decoded["title"], decoded["url"], decoded["encoding"]) == ("Кафе", "https://news.example/a", None)
    assert (text["text"], undeclared["title"]) == (TEXT, "Кафе")


def test_clean_page_returns_what_the_library_returns(service_url: str) -> None:
    pages: list[tuple[bytes | str, str | None, str | None]] = [
        (PAGE.encode("cp1251"), None, None),
        (PAGE.encode("koi8-r"), "https://news.example/a", 'text/html; charset="koi8-r"'),
        (TEXT.encode("cp866"), None, "text/plain"),
        (b"<p>caf\xe9</p>", None, "application/xhtml+xml; charset=latin1"),
        (TEXT.encode(), None, "application/octet-stream"),
        ("<p>cafÃ©</p>", None, "text/html; charset=koi8-r"),
    ]
    with Client(service_url) as client:
        for data, url, content_type in pages:
            assert client.clean_page(data, url, content_type) == copydesk.clean_page(data, url, content_type).to_dict()


def test_async_clean_page_sends_bytes(service_url: str) -> None:
    async def main() -> str:
        async with AsyncClient(service_url) as client:
            return (await client.clean_page(PAGE.encode("koi8-r"), content_type="text/html; charset=koi8-r"))["text"]

    assert asyncio.run(main()) == "Кафе закрыто до весны."


def test_articles_may_have_bytes(service_url: str, clean_many: CleanMany) -> None:
    articles: list[Any] = [
        {"html": PAGE.encode("koi8-r"), "content_type": "text/html; charset=koi8-r", "id": 7},
        ("key", {"html": memoryview(b"<p>caf\xe9 au lait</p>"), "title": "A"}),
        {"text": TEXT.encode("cp1251"), "content_type": "text/plain; charset=windows-1251"},
        {"text": b"It is <b>plain</b> &amp; short", "extra": {"a": 1}},
    ]
    results = clean_many(service_url, articles)
    assert texts(results) == ["Кафе закрыто до весны.", "café au lait", TEXT, "It is plain & short"]
    assert [result.article["title"] for result in results if result.article] == ["Кафе", "A", None, None]


def test_clean_text_sends_bytes(service_url: str) -> None:
    async def main() -> str:
        async with AsyncClient(service_url) as client:
            return (await client.clean_text(TEXT.encode("cp1251")))["text"]

    with Client(service_url) as client:
        assert client.clean_text(TEXT.encode("koi8-r"))["text"] == asyncio.run(main()) == TEXT


def test_page_that_is_neither_bytes_nor_text_is_rejected() -> None:
    with Client(NOWHERE) as client, pytest.raises(RequestRejected, match="Send bytes or a string"):
        client.clean_page(5)  # type: ignore[arg-type]


# Options of a call


def test_options_of_a_call_take_precedence(service_url: str) -> None:
    with Client(service_url, options={"quotes": "plain", "dashes": "plain"}) as client:
        assert client.clean_text("“a” – b")["text"] == '"a" - b'
        assert client.clean_text("“a” – b", quotes="keep")["text"] == "“a” - b"
        assert client.clean("“a” – b", {"quotes": "keep"})["text"] == "“a” - b"
        assert client.clean("“a” – b", Options(detect_language=False))["text"] == "“a” – b"
        assert client.clean_page("<p>“a” – b</p>", dashes="keep")["text"] == '"a" – b'
        assert client.clean_text("“a” – b")["text"] == '"a" - b'


def test_options_of_clean_many_take_precedence(service_url: str) -> None:
    async def main(client: AsyncClient) -> list[Result]:
        return [result async for result in client.clean_many(["“a” – b"], {"dashes": "keep"})]

    with Client(service_url, options={"quotes": "plain", "dashes": "plain"}) as client:
        assert texts(client.clean_many(["“a” – b"], quotes="keep")) == ["“a” - b"]
    assert texts(asyncio.run(main(AsyncClient(service_url, options={"quotes": "plain"})))) == ['"a" – b']


def test_unknown_option_of_a_call_is_named(service_url: str) -> None:
    with Client(service_url) as client:
        with pytest.raises(RequestRejected, match=r"qotes: .*Did you mean `quotes`"):
            client.clean_text("x", {"qotes": "plain"})
        with pytest.raises(TypeError, match=r"options must be a mapping or copydesk\.Options, not str"):
            client.clean_text("x", "plain")  # type: ignore[arg-type]


def test_rejection_has_the_problem(service_url: str) -> None:
    with (
        Client(service_url) as client,
        pytest.raises(RequestRejected, match=r"^422: .* /url: Send an absolute") as raised,
    ):
        client.clean({"text": "x", "url": "example"})
    assert raised.value.problem["type"] == "urn:copydesk:problem:validation-failed"
    assert raised.value.problem["errors"][0].get("pointer") == "/url"


def test_unknown_option_rejects_all_articles(service_url: str) -> None:
    with Client(service_url, options={"nosuch": True}) as client, pytest.raises(RequestRejected) as raised:
        list(client.clean_many(raw(3)))
    assert raised.value.keys == (0, 1, 2)


def worker_pids(server: Server) -> list[int]:
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return [int(pid) for pid in children.read_text().split()]


@pytest.mark.server
@pytest.mark.parametrize(
    ("clean_many", "ordered"), [(clean_many_sync, True), (clean_many_async, False)], ids=["sync", "async"]
)
def test_killed_workers_lose_and_repeat_no_result(clean_many: CleanMany, *, ordered: bool) -> None:
    text = "The envoy said on Tuesday that the cafÃ© would not close. " * 20

    def articles() -> Iterator[Any]:
        for number in range(400):
            if number in (150, 300):
                for pid in worker_pids(server):
                    os.kill(pid, signal.SIGKILL)
            yield f"k{number}", {"text": f"{text}{number}"}

    with running() as server:
        retries: list[object] = []
        retry = RetryPolicy(initial_backoff=0.05, on_retry=lambda *arguments: retries.append(arguments))
        url, limits = f"http://127.0.0.1:{server.port}", BatchLimits(max_articles=40)
        results = clean_many(url, articles(), batch_limits=limits, ordered=ordered, retry=retry)
    assert retries
    assert sorted(result.key for result in results) == sorted(f"k{number}" for number in range(400))
    assert all(result.article and result.article["text"].endswith(result.key[1:]) for result in results)
    assert not ordered or [result.key for result in results] == [f"k{number}" for number in range(400)]


# A service that fails


def test_cut_response_is_retried_for_the_missing_articles(fake: FakeService, clean_many: CleanMany) -> None:
    fake.script = [partial(disconnect, 2), partial(end_early, 1), omit_last_line_feed]
    assert texts(clean_many(fake.url, raw(5))) == expected(5)
    assert fake.batches() == [["t0", "t1", "t2", "t3", "t4"], ["t2", "t3", "t4"], ["t3", "t4"]]


def test_result_resets_the_count_of_retries(fake: FakeService, clean_many: CleanMany) -> None:
    fake.script = [partial(disconnect, 1)] * 8
    retry = RetryPolicy(max_retries=1, initial_backoff=0.001)
    assert texts(clean_many(fake.url, raw(9), retry=retry)) == expected(9)


def test_result_of_half_a_batch_resets_the_count_of_retries(fake: FakeService, clean_many: CleanMany) -> None:
    failure = partial(reply_status, 503)
    fake.script = [partial(reply_too_large, 2), failure, reply_all, failure, reply_all]
    retry = RetryPolicy(max_retries=1, initial_backoff=0.001)
    assert texts(clean_many(fake.url, raw(3), retry=retry)) == expected(3)


def test_busy_service_is_retried_after_the_requested_delay(fake: FakeService, clean_many: CleanMany) -> None:
    fake.script = [partial(reply_busy, status) for status in (408, 502, 503, 504)]
    retries: dict[int, float] = {}

    def on_retry(error: ServiceUnavailable, delay: float) -> None:
        assert error.problem is not None
        retries[error.problem["status"]] = delay

    start = time.monotonic()
    retry = RetryPolicy(initial_backoff=0.1, on_retry=on_retry)
    results = clean_many(fake.url, raw(4), retry=retry, max_in_flight=4, batch_limits=BatchLimits(max_articles=1))
    assert time.monotonic() - start >= 1
    assert texts(results) == expected(4)
    assert retries.keys() == {408, 502, 503, 504}
    assert all(1 <= delay <= 1.1 for delay in retries.values())


def test_single_article_is_retried(fake: FakeService) -> None:
    clean = json.dumps({"text": "A", "title": None, "changes": [], "version": "0"}).encode()
    fake.script = [partial(reply_busy, 503), lambda h, _: h.send_body(200, clean, Content_Type="application/json")]
    start = time.monotonic()
    with Client(fake.url) as client:
        assert client.clean({"text": "a"})["text"] == "A"
    assert time.monotonic() - start >= 1
    assert len(fake.requests) == 2


def test_last_retry_raises_with_the_keys_without_a_result(fake: FakeService, clean_many: CleanMany) -> None:
    fake.script = [reply_all, partial(disconnect, 2), *[partial(reply_status, 503)] * 4]
    results: list[Result] = []
    retry = RetryPolicy(max_retries=3, initial_backoff=0.001)
    with pytest.raises(ServiceUnavailable, match="503") as raised:
        clean_many(fake.url, raw(99), results, batch_limits=TINY, max_in_flight=1, retry=retry)
    assert texts(results) == expected(6)
    assert raised.value.keys == (6, 7)
    assert len(fake.requests) == 5


def test_long_retry_after_is_not_waited_for(fake: FakeService) -> None:
    fake.script = [lambda handler, _: handler.send_body(503, b"", Retry_After="3600")]
    with Client(fake.url) as client, pytest.raises(ServiceUnavailable) as raised:
        client.clean({"text": "a"})
    assert raised.value.retry_after == 3600
    assert len(fake.requests) == 1


def test_missing_service_fails_at_once(clean_many: CleanMany) -> None:
    start, url = time.monotonic(), f"http://127.0.0.1:{free_port()}"
    with (
        Client(url) as client,
        pytest.raises(ServiceUnavailable, match=f"^No connection to {url}: Connection refused.$"),
    ):
        client.clean_text("x")
    with pytest.raises(ServiceUnavailable, match=f"^No connection to {url}: Connection refused.$") as raised:
        clean_many(url, [("a", {"text": "x"}), ("b", {"text": "y"})], retry=RetryPolicy())
    assert time.monotonic() - start < 2
    assert raised.value.keys == ("a", "b")
    assert raised.value.is_unreachable


def test_unknown_host_fails_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    start = time.monotonic()
    with Client("http://copydesk.invalid:8000") as client, pytest.raises(ServiceUnavailable, match=r"Name or service"):
        client.clean_text("x")
    assert time.monotonic() - start < 1


def test_first_connection_is_retried_if_wanted(clean_many: CleanMany) -> None:
    retries: list[float] = []
    retry = RetryPolicy(
        max_retries=2, initial_backoff=0, retry_first_connection=True, on_retry=lambda _, delay: retries.append(delay)
    )
    with pytest.raises(ServiceUnavailable, match="No connection"):
        clean_many(f"http://127.0.0.1:{free_port()}", raw(1), retry=retry)
    assert len(retries) == 2


def test_lost_service_is_retried(service_url: str) -> None:
    """Once there was a connection, the address is right."""
    retries: list[ServiceUnavailable] = []

    def connect(request: httpx.Request) -> httpx.Response:
        if connect_count := len(retries):
            raise httpx.ConnectError(f"refused {connect_count}", request=request)
        retries.append(ServiceUnavailable("first"))
        return httpx.Response(200, json={"text": "A", "title": None, "changes": [], "version": "0"})

    retry = RetryPolicy(max_retries=3, initial_backoff=0, on_retry=lambda error, _: retries.append(error))
    with Client(service_url, retry=retry, transport=httpx.MockTransport(connect)) as client:
        client.clean("a")
        with pytest.raises(ServiceUnavailable, match=r"No connection to .*refused 4"):
            client.clean("a")
    assert len(retries) == 4


def test_each_retry_is_logged(fake: FakeService, caplog: pytest.LogCaptureFixture) -> None:
    fake.script = [partial(reply_status, 503)] * 2
    retry = RetryPolicy(max_retries=2, initial_backoff=0)
    with Client(fake.url, retry=retry) as client:
        list(client.clean_many(raw(1)))
    messages = [record.getMessage() for record in caplog.records if record.name == "copydesk.client"]
    assert messages == [
        "Retry 1 of 2 in 0.0 s: 503: Service Unavailable",
        "Retry 2 of 2 in 0.0 s: 503: Service Unavailable",
    ]


@pytest.mark.parametrize("status", [400, 401, 404, 422, 429])
def test_rejection_is_not_retried(fake: FakeService, clean_many: CleanMany, status: int) -> None:
    fake.script = [partial(reply_problem, status, "s")]
    with pytest.raises(RequestRejected) as raised:
        clean_many(fake.url, raw(2))
    assert raised.value.problem["status"] == status
    assert len(fake.requests) == 1


def test_wrong_path_names_the_base_url(service_url: str) -> None:
    for path in ("/v1", "/v1/articles"):
        with Client(f"{service_url}{path}") as client, pytest.raises(RequestRejected, match="Check the base URL"):
            client.clean("x")


def test_rejection_without_a_problem_gets_one(fake: FakeService) -> None:
    fake.script = [lambda handler, _: handler.send_body(403, b"<h1>Forbidden</h1>")]
    with Client(fake.url) as client, pytest.raises(RequestRejected) as raised:
        client.clean({"text": "a"})
    assert raised.value.problem == {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": "Forbidden"}


def test_too_large_batch_is_halved(fake: FakeService, clean_many: CleanMany) -> None:
    """An article that is too large by itself has the problem."""
    fake.script = [partial(reply_too_large, 2)] * 20
    results = clean_many(fake.url, raw(8))
    assert texts(results) == [text for text in expected(8) if text != "T3"]
    assert results[3].problem is not None
    assert results[3].problem["type"] == "urn:copydesk:problem:limit-exceeded"


INVALID_RESPONSES: dict[str, Reply] = {
    "page": reply_page,
    "server error": partial(reply_problem, 500, "internal-error"),
    "redirect": lambda handler, _: handler.send_body(302, b"", Location="/login"),
    "words": reply_lines(b"hello\n"),
    "list": reply_lines(b"[]\n"),
    "no index": reply_lines(b'{"article": {}}\n'),
    "null index": reply_lines(item(None, "a")),
    "boolean index": reply_lines(item(True, "a")),
    "index too large": reply_lines(item(2, "a")),
    "negative index": reply_lines(item(-1, "a")),
    "repeated index": reply_lines(item(0, "a"), item(0, "a")),
    "no article or problem": reply_lines(b'{"index": 0}\n'),
    "article and problem": reply_lines(b'{"index": 0, "article": {}, "problem": {}}\n'),
    "invalid gzip": lambda handler, _: handler.send_body(
        200, b"not gzip", Content_Type="application/x-ndjson", Content_Encoding="gzip"
    ),
}


@pytest.mark.parametrize("reply", INVALID_RESPONSES.values(), ids=INVALID_RESPONSES)
def test_invalid_response_is_not_retried(fake: FakeService, clean_many: CleanMany, reply: Reply) -> None:
    fake.script = [reply]
    with pytest.raises(InvalidResponse):
        clean_many(fake.url, raw(2))
    assert len(fake.requests) == 1


# The stream


def test_batches_keep_both_limits(fake: FakeService, clean_many: CleanMany) -> None:
    limits = BatchLimits(max_articles=3, max_bytes=60)
    articles = [{"text": "a" * length} for length in (1, 1, 1, 30, 30, 200, 1)]
    clean_many(fake.url, articles, batch_limits=limits, max_in_flight=1)
    assert [len(batch) for batch in fake.batches()] == [3, 1, 1, 1, 1]


@pytest.mark.parametrize("ordered", [True, False])
def test_articles_are_read_when_needed(fake: FakeService, *, ordered: bool) -> None:
    read = 0

    def articles() -> Iterator[Any]:
        nonlocal read
        for article in raw(100):
            read += 1
            yield article

    with Client(fake.url) as client:
        results = client.clean_many(articles(), batch_limits=TINY, max_in_flight=3, ordered=ordered)
        for index, _ in enumerate(results):
            assert read - index <= 3 * 4
    assert read == 100


def test_slow_source_does_not_delay_results_or_errors(fake: FakeService) -> None:
    read = 0

    def articles() -> Iterator[Any]:
        nonlocal read
        for article in raw(400):
            time.sleep(0.005)
            read += 1
            yield article

    with Client(fake.url) as client:
        results = client.clean_many(articles(), batch_limits=TINY, max_in_flight=99)
        next(results)
        results.close()
    assert read < 200
    read = 0
    with Client(f"http://127.0.0.1:{free_port()}") as client, pytest.raises(ServiceUnavailable):
        list(client.clean_many(articles(), batch_limits=TINY, max_in_flight=99))
    assert read < 200


def test_unordered_results_do_not_wait_for_a_slow_batch(fake: FakeService, clean_many: CleanMany) -> None:
    last_replies = Event()

    def reply_last(handler: Handler, articles: list[Any]) -> None:
        assert last_replies.wait(10)
        reply_all(handler, articles)

    def articles() -> Iterator[Any]:
        for number, article in enumerate(raw(20)):
            if number == 19:  # all batches but two have a result by now
                last_replies.set()
            yield article

    fake.script = [reply_last]
    results = clean_many(fake.url, articles(), batch_limits=TINY, max_in_flight=2, ordered=False)
    assert sorted(result.key for result in results) == list(range(20))
    slow = {int(text[1:]) for text in fake.batches()[0]}
    assert not slow & {result.key for result in results[:8]}


@contextmanager
def stalling(fake: FakeService) -> Iterator[None]:
    """Stop in the middle of each response but the first."""
    release = Event()

    def stall(handler: Handler, articles: list[Any]) -> None:
        lines = items(articles)

        def slow_lines() -> Iterator[bytes]:
            yield lines[0]
            if {"text": "t0"} not in articles:
                release.wait(10)
            yield from lines[1:]

        handler.send_lines(slow_lines())

    fake.script = [stall] * 50
    yield
    release.set()


def test_closing_early_stops_reading_and_sending(fake: FakeService) -> None:
    articles = iter(raw(400))
    with stalling(fake), Client(fake.url) as client:
        results = client.clean_many(articles, batch_limits=TINY, max_in_flight=3)
        assert next(results).key == 0
        start = time.monotonic()
        results.close()
        assert time.monotonic() - start < 5
    time.sleep(0.1)
    assert len(fake.requests) <= 3
    assert len(list(articles)) >= 400 - 3 * 4


def test_closing_early_cancels_the_tasks(fake: FakeService) -> None:
    async def source() -> AsyncIterator[Any]:
        for article in raw(400):
            yield article

    async def main() -> None:
        async with AsyncClient(fake.url) as client:
            async with aclosing(client.clean_many(source(), batch_limits=TINY, max_in_flight=3)) as results:
                assert (await anext(results)).key == 0
            assert len(asyncio.all_tasks()) == 1

    with stalling(fake):
        asyncio.run(main())
    assert len(fake.requests) <= 3


def test_input_error_is_raised_after_the_results(fake: FakeService, clean_many: CleanMany) -> None:
    def articles() -> Iterator[Any]:
        yield from raw(6)
        raise KeyError("connection to the database lost")

    results: list[Result] = []
    with pytest.raises(KeyError):
        clean_many(fake.url, articles(), results, batch_limits=TINY)
    assert texts(results) == expected(6)


def test_empty_batches_are_not_sent(fake: FakeService, clean_many: CleanMany) -> None:
    assert clean_many(fake.url, []) == []
    assert [bool(result.problem) for result in clean_many(fake.url, [{"text": object()}])] == [True]
    assert fake.requests == []


def test_line_separators_in_a_text_do_not_end_a_line(fake: FakeService, clean_many: CleanMany) -> None:
    text = "a\u2028b\u0085c\u000bd\re\nf"
    assert texts(clean_many(fake.url, [{"text": text}])) == [text.upper()]


def test_only_large_bodies_are_compressed(fake: FakeService) -> None:
    large = {"text": "a" * 5_000}
    for compress in (True, False):
        with Client(fake.url, compress=compress) as client:
            assert texts(client.clean_many([large])) == ["A" * 5_000]
            assert texts(client.clean_many([{"text": "a"}])) == ["A"]
    headers = [headers for _, headers, _ in fake.requests]
    assert [header.get("Content-Encoding") for header in headers] == ["gzip", None, None, None]
    assert [header["Accept-Encoding"] for header in headers] == ["gzip", "gzip", "identity", "identity"]


def test_limits_below_one_are_rejected() -> None:
    with Client("http://127.0.0.1:1") as client, pytest.raises(ValueError, match="max_in_flight must be at least 1"):
        client.clean_many([], max_in_flight=0)
    with pytest.raises(ValueError, match="must be at least 1"):
        BatchLimits(max_articles=0)


@pytest.mark.parametrize("article", ["text", b"<p>page</p>", {"text": "x"}])
def test_one_article_in_place_of_many_is_rejected(article: Any) -> None:
    with Client(NOWHERE) as client, pytest.raises(TypeError, match="an iterable of articles, not one article"):
        client.clean_many(article)
    with pytest.raises(TypeError, match="an iterable of articles, not one article"):
        AsyncClient(NOWHERE).clean_many(article)


@pytest.mark.parametrize("timeout", [None, 0, -1, float("nan"), "60", True])
def test_invalid_timeout_is_rejected(timeout: Any) -> None:
    with pytest.raises(ValueError, match=r"Invalid timeout .*: expected a positive number of seconds"):
        Client(NOWHERE, timeout=timeout)


@pytest.mark.parametrize("retry", [3, True, RetryPolicy])
def test_retry_that_is_no_policy_is_rejected(retry: Any) -> None:
    for kind in (Client, AsyncClient):
        with pytest.raises(TypeError, match="retry must be a RetryPolicy, not"):
            kind(NOWHERE, retry=retry)


@pytest.mark.parametrize("value", ["Bearer s3cret\n", "Bearer s3crét", " s3cret", "s3cret\x00", 53, None, b"s3cret"])
@pytest.mark.parametrize("name", ["Authorization", "X-Api-Key"])
def test_invalid_header_is_rejected_without_its_value(name: str, value: Any) -> None:
    for kind in (Client, AsyncClient):
        with pytest.raises(ValueError, match=f"Invalid value of the header '{name}'") as caught:
            kind(NOWHERE, headers={name: value})
        assert "s3c" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "X Key", "Clé", "s3cret\n", 5])
def test_invalid_name_of_a_header_is_rejected(name: Any) -> None:
    with pytest.raises(ValueError, match="Invalid name of a header"):
        Client(NOWHERE, headers={name: "x"})


def test_negative_retries_and_delays_are_rejected() -> None:
    for name in ("max_retries", "initial_backoff", "max_backoff", "max_retry_after"):
        with pytest.raises(ValueError, match=f"{name} must be at least 0"):
            RetryPolicy(**{name: -1})  # type: ignore[arg-type]


# Progress


@pytest.mark.parametrize("ordered", [True, False])
def test_progress_is_reported_for_each_batch(fake: FakeService, clean_many: CleanMany, *, ordered: bool) -> None:
    reports: list[Progress] = []
    articles: list[Any] = [*raw(9), {"text": b"", "html": b""}]
    clean_many(fake.url, articles, batch_limits=TINY, ordered=ordered, on_progress=reports.append)
    assert len(reports) == 3
    assert reports[0].done < 10
    assert reports[-1] == Progress(clean=9, failed=1, total=10)


def test_progress_of_a_generator_has_no_total(fake: FakeService, clean_many: CleanMany) -> None:
    reports: list[Progress] = []
    clean_many(fake.url, iter(raw(3)), on_progress=reports.append)
    assert reports == [Progress(clean=3, failed=0, total=None)]


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8000", "ftp://127.0.0.1", "http://", "http://host:99999", "http://host:80x", None]
)
def test_invalid_base_url_is_rejected(url: Any) -> None:
    with pytest.raises(ValueError, match="expected an HTTP URL"):
        Client(url)


# The parts


def test_backoff_has_jitter_and_grows_to_its_maximum() -> None:
    policy = RetryPolicy(max_retries=6, initial_backoff=1, max_backoff=8)
    rows = []
    for _ in range(50):
        backoff = Backoff(policy)
        rows.append([backoff.next_delay(ServiceUnavailable("")) for _ in range(6)])
    bounds = (1, 2, 4, 8, 8, 8)
    assert all(0 <= delay <= bound for row in rows for delay, bound in zip(row, bounds, strict=True))
    assert max(row[3] for row in rows) > 4 > min(row[3] for row in rows)
    with pytest.raises(ServiceUnavailable):
        backoff.next_delay(ServiceUnavailable(""))


def test_default_delays_are_as_documented() -> None:
    bounds: list[float] = []
    backoff = Backoff(RetryPolicy(on_retry=lambda _, delay: bounds.append(delay)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("random.uniform", lambda _, bound: bound)
        for _ in range(8):
            backoff.next_delay(ServiceUnavailable(""))
        with pytest.raises(ServiceUnavailable):
            backoff.next_delay(ServiceUnavailable(""))
    assert (len(bounds), math.ceil(sum(bounds))) == (8, 52)
    assert "by default 8 times" in str(Client.__doc__)
    assert "at most 52 seconds" in str(Client.__doc__)


def test_error_of_the_connection_has_no_password() -> None:
    with Client("http://name:secret@127.0.0.1:1") as client, pytest.raises(ServiceUnavailable) as raised:
        client.clean("x")
    assert "secret" not in str(raised.value)


def test_retry_after_may_be_a_date() -> None:
    later = datetime.fromtimestamp(time.time() + 100, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert 90 < parse_retry_after(later) <= 100
    assert parse_retry_after("-5") == parse_retry_after("١") == parse_retry_after("") == 0


def test_lines_are_split_at_any_chunk_boundary() -> None:
    data = "a\n\nü\u2028\nrest".encode()
    for i in range(len(data)):
        splitter = LineSplitter()
        assert [*splitter.split(data[:i]), *splitter.split(data[i:])] == [b"a", b"", "ü\u2028".encode()]
        assert splitter.rest == b"rest"


def test_blank_lines_are_ignored() -> None:
    batch = Batch([Entry.from_article({"text": "a"}, 0)])
    batch.encode_pending()
    batch.add_lines([b"", b"\r", item(0, "a")])
    batch.end_response(b"")
    assert texts(batch.results) == ["A"]


@given(count=st.integers(1, 12), cuts=st.lists(st.integers(0, 900), max_size=30), length=st.integers(1, 200))
def test_batch_has_one_result_each_wherever_responses_are_cut(count: int, cuts: list[int], length: int) -> None:
    batch = Batch([Entry.from_article((f"k{number}", {"text": f"t{number}"}), number) for number in range(count)])
    line_count = 0
    while batch.pending_count:
        response = b"".join(items([json.loads(line) for line in batch.encode_pending().splitlines()]))
        received = response[: cuts.pop()] if cuts else response
        line_count += received.count(b"\n")
        splitter = LineSplitter()
        for i in range(0, len(received), length):
            batch.add_lines(splitter.split(received[i : i + length]))
        with suppress(ServiceUnavailable):
            batch.end_response(splitter.rest)
    assert [(result.key, *texts([result])) for result in batch.results] == [(f"k{n}", f"T{n}") for n in range(count)]
    assert line_count <= count


@pytest.mark.parametrize(
    ("typed", "schema"),
    [
        (typed_dicts.CleanArticleDict, schemas.CleanArticle()),
        (typed_dicts.CleanTextDict, schemas.CleanText()),
        *[
            (getattr(typed_dicts, f"{NAMES[type(schema)]}Dict"), schema)
            for schema in (
                getattr(module, name)()
                for module, names in (
                    (sys.modules["schemas.clean"], "Language Encoding Dateline Credit Change ArticleWarning"),
                    (sys.modules["schemas.problem"], "Problem FieldError"),
                )
                for name in names.split()
            )
        ],
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_types_have_the_fields_of_the_schemas(typed: Any, schema: Any) -> None:
    assert typed.__required_keys__ | typed.__optional_keys__ == schema.fields.keys()
    if typed not in (typed_dicts.ProblemDict, typed_dicts.FieldErrorDict):
        assert typed.__required_keys__ >= {name for name, one in schema.fields.items() if one.required}


def test_errors_are_one_tree() -> None:
    assert all(issubclass(error, ClientError) for error in (RequestRejected, ServiceUnavailable, InvalidResponse))


def test_client_imports_nothing_of_the_pipeline_or_service() -> None:
    code = "import sys, copydesk.client; print(*sys.modules)"
    process = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = process.stdout.split()
    top_level = {module.partition(".")[0] for module in modules}
    assert "httpx" in top_level
    assert not top_level & {"flask", "werkzeug", "marshmallow", "ftfy", "langdetect", "schemas", "scrapy", "svc"}
    ours = {module for module in modules if module.startswith("copydesk.") and not module.startswith("copydesk.client")}
    assert ours == {"copydesk.byte_fields", "copydesk.errors", "copydesk.typed_dicts"}


def test_example_of_the_manual_prints_its_output(service_url: str) -> None:
    manual = (ROOT / "docs" / "how-to" / "client.md").read_text(encoding="utf-8")
    code, output = re.findall(r"```(?:python|text)\n(.*?)```", manual, re.DOTALL)[:2]
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(code.replace("http://127.0.0.1:8000", service_url), {})  # noqa: S102  the code of our manual
    assert printed.getvalue() == output


def test_example_runs(service_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["client.py", service_url])
    printed = io.StringIO()
    with redirect_stdout(printed):
        runpy.run_path(str(ROOT / "examples" / "client.py"), run_name="__main__")
    assert "Russia’s envoy" in printed.getvalue()
    assert "422" in printed.getvalue()
    assert "250 titles are clean" in printed.getvalue()
