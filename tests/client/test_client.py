"""The client against the real service, and against one that fails in every way that a service can."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import Server, free_port, running

import schemas
from copydesk import typed_dicts
from copydesk.client import (
    AsyncClient,
    BatchLimits,
    Client,
    ClientError,
    InvalidResponse,
    RequestRejected,
    Result,
    RetryPolicy,
    ServiceUnavailable,
)
from copydesk.client._batching import Batch, Entry, Lines
from copydesk.client._retry import Attempts, seconds_asked
from schemas.openapi import NAMES

ROOT = Path(__file__).parent.parent.parent
QUICK = RetryPolicy(first=0.001, longest=0.01)
TINY = BatchLimits(articles=4)

Reply: TypeAlias = Callable[["Handler", list[Any]], None]
Many: TypeAlias = Callable[..., list[Result]]


class Handler(BaseHTTPRequestHandler):
    """Answers as the desk's script says, and by the protocol when the script is at its end."""

    protocol_version = "HTTP/1.1"
    server: Fake

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.articles = [json.loads(line) for line in body.splitlines()]
        self.server.desk.asked.append((self.path, dict(self.headers), self.articles))
        script = self.server.desk.script
        (script.pop(0) if script else answer)(self, self.articles)

    def lines(self, lines: Iterable[bytes], *, whole: bool = True) -> None:
        """Send lines in chunks; an answer that is not whole ends with the connection."""
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for line in lines:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            self.wfile.flush()
        if whole:
            self.wfile.write(b"0\r\n\r\n")
        self.close_connection = not whole

    def whole(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class Fake(ThreadingHTTPServer):
    desk: Desk
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass  # clients that go away are what is tested here


@dataclass
class Desk:
    """A service of the test's own: what it is to answer, and what it was asked."""

    url: str
    script: list[Reply] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str], list[Any]]] = field(default_factory=list)

    def batches(self) -> list[list[str]]:
        return [[article["text"] for article in articles] for _, _, articles in self.asked]


def item(index: Any, text: str) -> bytes:
    article: dict[str, Any] = {"text": text.upper(), "title": None, "changes": [], "version": "0"}
    return json.dumps({"index": index, "article": article}, ensure_ascii=False).encode() + b"\n"


def items(articles: list[Any]) -> list[bytes]:
    return [item(index, article["text"]) for index, article in enumerate(articles)]


def answer(handler: Handler, articles: list[Any]) -> None:
    handler.lines(items(articles))


def busy(status: int, handler: Handler, _: list[Any]) -> None:
    handler.whole(status, b"", Retry_After="1")


def refuse(status: int, slug: str, handler: Handler, _: list[Any]) -> None:
    problem = {"type": f"urn:copydesk:problem:{slug}", "title": "T", "status": status, "detail": "D"}
    handler.whole(status, json.dumps(problem).encode(), Content_Type="application/problem+json")


def break_off(after: int, handler: Handler, articles: list[Any]) -> None:
    """Die in the middle of a line."""
    lines = items(articles)
    handler.lines([*lines[:after], lines[after][:9]], whole=False)


def end_early(after: int, handler: Handler, articles: list[Any]) -> None:
    """End as if all was well, in the middle of a line."""
    lines = items(articles)
    handler.lines([*lines[:after], lines[after][:9]])


def no_feed_at_the_end(handler: Handler, articles: list[Any]) -> None:
    handler.lines([b"".join(items(articles)).rstrip(b"\n")])


def say(*lines: bytes) -> Reply:
    return lambda handler, _: handler.lines(lines)


def page(handler: Handler, _: list[Any]) -> None:
    handler.whole(200, b"<h1>Welcome</h1>", Content_Type="text/html")


@pytest.fixture
def desk() -> Iterator[Desk]:
    server = Fake(("127.0.0.1", 0), Handler)
    server.desk = Desk(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.desk
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def service() -> Iterator[Server]:
    with running() as found:
        yield found


def url(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


def many_sync(base: str, articles: Iterable[Any], got: list[Result] | None = None, **how: Any) -> list[Result]:
    found = [] if got is None else got
    with Client(base, retry=how.pop("retry", QUICK)) as client:
        found.extend(client.clean_many(articles, **how))
    return found


def many_async(base: str, articles: Iterable[Any], got: list[Result] | None = None, **how: Any) -> list[Result]:
    found = [] if got is None else got

    async def main() -> None:
        async with AsyncClient(base, retry=how.pop("retry", QUICK)) as client:
            async for result in client.clean_many(articles, **how):
                found.append(result)

    asyncio.run(main())
    return found


@pytest.fixture(params=[many_sync, many_async], ids=["sync", "async"])
def many(request: pytest.FixtureRequest) -> Many:
    found: Many = request.param
    return found


def raw(count: int) -> list[Mapping[str, str]]:
    return [{"text": f"t{number}"} for number in range(count)]


def texts(found: Iterable[Result]) -> list[str]:
    return [result.article["text"] for result in found if result.article]


def expected(count: int) -> list[str]:
    return [f"T{number}" for number in range(count)]


# The real service


def test_an_article_and_a_text_come_back_clean(service: Server) -> None:
    with Client(url(service), options={"quotes": "plain", "detect_language": False}) as client:
        assert client.clean({"text": "Itâ€™s", "published": date(2024, 3, 5)})["text"] == "It's"
        assert client.repair("Russiaâ€™s  envoy")["text"] == "Russia's envoy"
        assert client.clean({"text": "It’s", "options": {"quotes": "keep"}})["text"] == "It’s"


def test_an_article_and_a_text_come_back_clean_to_asyncio(service: Server) -> None:
    async def main() -> tuple[str, str]:
        async with AsyncClient(url(service)) as client:
            return (await client.clean({"text": "Itâ€™s"}))["text"], (await client.repair("Itâ€™s"))["text"]

    assert asyncio.run(main()) == ("It’s", "It’s")


def test_many_come_back_in_order_under_their_own_keys(service: Server, many: Many) -> None:
    articles = [(f"key {number}", {"text": f"cafÃ© {number}"}) for number in range(500)]
    found = many(url(service), articles, sizes=BatchLimits(articles=30))
    assert [result.key for result in found] == [key for key, _ in articles]
    assert texts(found) == [f"café {number}" for number in range(500)]


def test_a_bad_article_is_a_problem_in_its_place(service: Server, many: Many) -> None:
    articles: list[Any] = [
        {"text": "a"},
        {"text": 5},
        "no article",
        {"text": object()},
        {"text": "b\ud800"},
        {"texd": ""},
    ]
    found = many(url(service), articles)
    assert [result.key for result in found] == list(range(6))
    assert [bool(result.article) for result in found] == [True, False, False, False, True, False]
    assert {result.problem["status"] for result in found if result.problem} == {422}
    assert "object is no type of JSON" in (found[3].problem or {"detail": ""})["detail"]


def test_a_refusal_carries_its_problem(service: Server) -> None:
    with (
        Client(url(service)) as client,
        pytest.raises(RequestRejected, match=r"^422: .* /url: Send an absolute") as refused,
    ):
        client.clean({"text": "x", "url": "example"})
    assert refused.value.problem["type"] == "urn:copydesk:problem:validation-failed"
    assert refused.value.problem["errors"][0].get("pointer") == "/url"


def test_an_option_that_is_none_is_refused_for_all(service: Server) -> None:
    with Client(url(service), options={"nosuch": True}) as client, pytest.raises(RequestRejected) as refused:
        list(client.clean_many(raw(3)))
    assert refused.value.keys == (0, 1, 2)


def workers(server: Server) -> list[int]:
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return [int(pid) for pid in children.read_text().split()]


@pytest.mark.parametrize(("many", "ordered"), [(many_sync, True), (many_async, False)], ids=["sync", "async"])
def test_nothing_is_lost_and_nothing_comes_twice_when_workers_are_killed(many: Many, *, ordered: bool) -> None:
    text = "The envoy said on Tuesday that the cafÃ© would not close. " * 20

    def articles() -> Iterator[Any]:
        for number in range(400):
            if number in (150, 300):
                for pid in workers(server):
                    os.kill(pid, signal.SIGKILL)
            yield f"k{number}", {"text": f"{text}{number}"}

    with running() as server:
        told: list[object] = []
        retry = RetryPolicy(first=0.05, on_retry=lambda *why: told.append(why))
        found = many(url(server), articles(), sizes=BatchLimits(articles=40), ordered=ordered, retry=retry)
    assert told
    assert sorted(result.key for result in found) == sorted(f"k{number}" for number in range(400))
    assert all(result.article and result.article["text"].endswith(result.key[1:]) for result in found)
    assert not ordered or [result.key for result in found] == [f"k{number}" for number in range(400)]


# A service that fails


def test_what_broke_off_is_asked_for_again_and_nothing_else(desk: Desk, many: Many) -> None:
    desk.script = [partial(break_off, 2), partial(end_early, 1), no_feed_at_the_end]
    assert texts(many(desk.url, raw(5))) == expected(5)
    assert desk.batches() == [["t0", "t1", "t2", "t3", "t4"], ["t2", "t3", "t4"], ["t3", "t4"]]


def test_progress_starts_the_count_of_retries_anew(desk: Desk, many: Many) -> None:
    desk.script = [partial(break_off, 1)] * 8
    assert texts(many(desk.url, raw(9), retry=RetryPolicy(most=1, first=0.001))) == expected(9)


@pytest.mark.parametrize("status", [408, 502, 503, 504])
def test_a_busy_service_is_asked_again_not_before_it_asks_for(desk: Desk, many: Many, status: int) -> None:
    desk.script = [partial(busy, status)]
    waits: list[float] = []
    began = time.monotonic()
    retry = RetryPolicy(first=0.1, on_retry=lambda _, seconds: waits.append(seconds))
    assert texts(many(desk.url, raw(2), retry=retry)) == ["T0", "T1"]
    assert len(waits) == 1
    assert 1 <= waits[0] <= 1.1
    assert time.monotonic() - began >= 1


def test_a_single_article_is_retried_too(desk: Desk) -> None:
    clean = json.dumps({"text": "A", "title": None, "changes": [], "version": "0"}).encode()
    desk.script = [partial(busy, 503), lambda h, _: h.whole(200, clean, Content_Type="application/json")]
    with Client(desk.url) as client:
        assert client.clean({"text": "a"})["text"] == "A"
    assert len(desk.asked) == 2


def test_after_the_last_retry_the_error_names_what_has_no_answer(desk: Desk, many: Many) -> None:
    desk.script = [answer, partial(break_off, 2), *[lambda handler, _: handler.whole(503, b"")] * 4]
    got: list[Result] = []
    with pytest.raises(ServiceUnavailable, match="503") as gone:
        many(desk.url, raw(99), got, sizes=TINY, in_flight=1, retry=RetryPolicy(most=3, first=0.001))
    assert texts(got) == expected(6)
    assert gone.value.keys == (6, 7)
    assert len(desk.asked) == 5


def test_who_asks_for_too_much_patience_is_not_asked_again(desk: Desk) -> None:
    desk.script = [lambda handler, _: handler.whole(503, b"", Retry_After="3600")]
    with Client(desk.url) as client, pytest.raises(ServiceUnavailable) as gone:
        client.clean({"text": "a"})
    assert gone.value.retry_after == 3600
    assert len(desk.asked) == 1


def test_a_service_that_is_not_there_is_unavailable() -> None:
    with Client(f"http://127.0.0.1:{free_port()}", retry=RetryPolicy(most=2, first=0.001)) as client:
        with pytest.raises(ServiceUnavailable):
            client.repair("x")
        with pytest.raises(ServiceUnavailable) as gone:
            list(client.clean_many([("a", {"text": "x"}), ("b", {"text": "y"})]))
    assert gone.value.keys == ("a", "b")


@pytest.mark.parametrize("status", [400, 401, 404, 422, 429])
def test_a_refusal_is_never_retried(desk: Desk, many: Many, status: int) -> None:
    desk.script = [partial(refuse, status, "s")]
    with pytest.raises(RequestRejected) as refused:
        many(desk.url, raw(2))
    assert refused.value.problem["status"] == status
    assert len(desk.asked) == 1


def test_a_refusal_of_somebody_else_is_a_problem_too(desk: Desk) -> None:
    desk.script = [lambda handler, _: handler.whole(403, b"<h1>Forbidden</h1>")]
    with Client(desk.url) as client, pytest.raises(RequestRejected) as refused:
        client.clean({"text": "a"})
    assert refused.value.problem == {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": "Forbidden"}


def test_a_batch_that_is_too_large_is_halved_and_an_article_that_is_has_its_problem(desk: Desk, many: Many) -> None:
    def choosy(handler: Handler, articles: list[Any]) -> None:
        large = len(articles) > 2 or {"text": "t3"} in articles
        (partial(refuse, 413, "limit-exceeded") if large else answer)(handler, articles)

    desk.script = [choosy] * 20
    found = many(desk.url, raw(8))
    assert texts(found) == [text for text in expected(8) if text != "T3"]
    assert found[3].problem is not None
    assert found[3].problem["type"] == "urn:copydesk:problem:limit-exceeded"


NONSENSE: dict[str, Reply] = {
    "a page": page,
    "a fault": partial(refuse, 500, "internal-error"),
    "a redirection": lambda handler, _: handler.whole(302, b"", Location="/login"),
    "words": say(b"hello\n"),
    "a list": say(b"[]\n"),
    "no index": say(b'{"article": {}}\n'),
    "a blank index": say(item(None, "a")),
    "a flag for an index": say(item(True, "a")),
    "an index beyond": say(item(2, "a")),
    "an index before": say(item(-1, "a")),
    "an index twice": say(item(0, "a"), item(0, "a")),
    "neither": say(b'{"index": 0}\n'),
    "both": say(b'{"index": 0, "article": {}, "problem": {}}\n'),
    "no gzip": lambda h, _: h.whole(
        200, b"no gzip at all", Content_Type="application/x-ndjson", Content_Encoding="gzip"
    ),
}


@pytest.mark.parametrize("reply", NONSENSE.values(), ids=NONSENSE)
def test_an_answer_that_is_not_ours_is_broken(desk: Desk, many: Many, reply: Reply) -> None:
    desk.script = [reply]
    with pytest.raises(InvalidResponse):
        many(desk.url, raw(2))
    assert len(desk.asked) == 1


# The stream


def test_batches_are_cut_by_articles_and_by_bytes(desk: Desk, many: Many) -> None:
    sizes = BatchLimits(articles=3, bytes=60)
    articles = [{"text": "a" * length} for length in (1, 1, 1, 30, 30, 200, 1)]
    many(desk.url, articles, sizes=sizes, in_flight=1)
    assert [len(batch) for batch in desk.batches()] == [3, 1, 1, 1, 1]


@pytest.mark.parametrize("ordered", [True, False])
def test_no_more_is_read_than_the_batches_under_way(desk: Desk, *, ordered: bool) -> None:
    read = 0

    def articles() -> Iterator[Any]:
        nonlocal read
        for article in raw(200):
            read += 1
            yield article

    with Client(desk.url) as client:
        for given, _ in enumerate(client.clean_many(articles(), sizes=TINY, in_flight=3, ordered=ordered)):
            assert read - given <= 3 * 4
    assert read == 200


def test_any_order_lets_the_fast_ones_pass(desk: Desk, many: Many) -> None:
    def slow(handler: Handler, articles: list[Any]) -> None:
        time.sleep(0.5)
        answer(handler, articles)

    desk.script = [slow]
    found = many(desk.url, raw(12), sizes=TINY, ordered=False)
    assert sorted(result.key for result in found) == list(range(12))
    assert found[0].key != found[-1].key
    assert {result.key for result in found[-4:]} == set(desk_keys(desk.batches()[0]))


def desk_keys(batch: list[str]) -> list[int]:
    return [int(text[1:]) for text in batch]


@contextmanager
def hanging(desk: Desk) -> Iterator[Event]:
    """Let all batches but the first hang in the middle of their answers."""
    release = Event()

    def hang(handler: Handler, articles: list[Any]) -> None:
        lines = items(articles)

        def slowly() -> Iterator[bytes]:
            yield lines[0]
            if {"text": "t0"} not in articles:
                release.wait(10)
            yield from lines[1:]

        handler.lines(slowly())

    desk.script = [hang] * 50
    yield release
    release.set()


def test_closing_early_stops_reading_and_sending(desk: Desk) -> None:
    articles = iter(raw(400))
    with hanging(desk), Client(desk.url) as client:
        found = client.clean_many(articles, sizes=TINY, in_flight=3)
        assert next(found).key == 0
        began = time.monotonic()
        found.close()
        assert time.monotonic() - began < 5
    time.sleep(0.1)
    assert len(desk.asked) <= 3
    assert len(list(articles)) == 400 - 3 * 4


def test_closing_early_cancels_the_tasks(desk: Desk) -> None:
    async def source() -> AsyncIterator[Any]:
        for article in raw(400):
            yield article

    async def main() -> None:
        async with AsyncClient(desk.url) as client:
            async with aclosing(client.clean_many(source(), sizes=TINY, in_flight=3)) as found:
                assert (await anext(found)).key == 0
            assert len(asyncio.all_tasks()) == 1

    with hanging(desk):
        asyncio.run(main())
    assert len(desk.asked) <= 3


def test_an_error_of_the_input_is_raised_after_the_answers(desk: Desk, many: Many) -> None:
    def articles() -> Iterator[Any]:
        yield from raw(6)
        raise KeyError("the database went away")

    got: list[Result] = []
    with pytest.raises(KeyError):
        many(desk.url, articles(), got, sizes=TINY)
    assert texts(got) == expected(6)


def test_nothing_is_sent_for_nothing(desk: Desk, many: Many) -> None:
    assert many(desk.url, []) == []
    assert [bool(result.problem) for result in many(desk.url, [{"text": object()}])] == [True]
    assert desk.asked == []


def test_line_separators_within_a_text_are_no_line_ends(desk: Desk, many: Many) -> None:
    text = "a\u2028b\u0085c\u000bd\re\nf"
    assert texts(many(desk.url, [{"text": text}])) == [text.upper()]


def test_large_bodies_are_compressed_and_small_ones_are_not(desk: Desk) -> None:
    large = {"text": "a" * 5_000}
    for compress in (True, False):
        with Client(desk.url, compress=compress) as client:
            assert texts(client.clean_many([large])) == ["A" * 5_000]
            assert texts(client.clean_many([{"text": "a"}])) == ["A"]
    headers = [headers for _, headers, _ in desk.asked]
    assert [header.get("Content-Encoding") for header in headers] == ["gzip", None, None, None]
    assert [header["Accept-Encoding"] for header in headers] == ["gzip", "gzip", "identity", "identity"]


def test_a_bound_that_lets_nothing_go_is_refused_at_once() -> None:
    with Client("http://127.0.0.1:1") as client, pytest.raises(ValueError, match="at least 1"):
        client.clean_many([], in_flight=0)
    with pytest.raises(ValueError, match="at least one"):
        BatchLimits(articles=0)


@pytest.mark.parametrize("base", ["", "127.0.0.1:8000", "ftp://127.0.0.1", "http://"])
def test_an_address_that_is_none_is_refused_at_once(base: str) -> None:
    with pytest.raises(ValueError, match="Give the address"):
        Client(base)


# The parts


def test_waits_are_jittered_and_grow_to_their_bound() -> None:
    retry = RetryPolicy(most=6, first=1, longest=8)
    waits = []
    for _ in range(50):
        attempts = Attempts(retry)
        waits.append([attempts.wait_after(ServiceUnavailable("")) for _ in range(6)])
    assert all(0 <= wait <= bound for row in waits for wait, bound in zip(row, (1, 2, 4, 8, 8, 8), strict=True))
    assert max(row[3] for row in waits) > 4 > min(row[3] for row in waits)
    with pytest.raises(ServiceUnavailable):
        attempts.wait_after(ServiceUnavailable(""))


def test_retry_after_may_be_a_date() -> None:
    later = datetime.fromtimestamp(time.time() + 100, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert 90 < seconds_asked(later) <= 100
    assert seconds_asked("-5") == seconds_asked("١") == seconds_asked("") == 0


def test_lines_are_cut_wherever_the_pieces_end() -> None:
    whole = "a\n\nü\u2028\nrest".encode()
    for at in range(len(whole)):
        lines = Lines()
        assert [*lines.of(whole[:at]), *lines.of(whole[at:])] == [b"a", b"", "ü\u2028".encode()]
        assert lines.rest == b"rest"


def test_blank_lines_of_an_answer_mean_nothing() -> None:
    batch = Batch([Entry.of({"text": "a"}, 0)])
    batch.body()
    batch.take([b"", b"\r", item(0, "a")])
    batch.end(b"")
    assert texts(batch.results) == ["A"]


@given(count=st.integers(1, 12), cuts=st.lists(st.integers(0, 900), max_size=30), length=st.integers(1, 200))
def test_wherever_answers_break_off_each_article_has_one(count: int, cuts: list[int], length: int) -> None:
    batch = Batch([Entry.of((f"k{number}", {"text": f"t{number}"}), number) for number in range(count)])
    given_out = 0
    while batch.waiting:
        whole = b"".join(items([json.loads(line) for line in batch.body().splitlines()]))
        cut = whole[: cuts.pop()] if cuts else whole
        given_out += cut.count(b"\n")
        lines = Lines()
        for at in range(0, len(cut), length):
            batch.take(lines.of(cut[at : at + length]))
        with suppress(ServiceUnavailable):
            batch.end(lines.rest)
    assert [(result.key, *texts([result])) for result in batch.results] == [(f"k{n}", f"T{n}") for n in range(count)]
    assert given_out <= count


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
def test_the_types_are_those_of_the_schemas(typed: Any, schema: Any) -> None:
    assert typed.__required_keys__ | typed.__optional_keys__ == schema.fields.keys()
    if typed not in (typed_dicts.ProblemDict, typed_dicts.FieldErrorDict):
        assert typed.__required_keys__ >= {name for name, one in schema.fields.items() if one.required}


def test_the_errors_are_one_tree() -> None:
    assert all(issubclass(kind, ClientError) for kind in (RequestRejected, ServiceUnavailable, InvalidResponse))


def test_the_client_needs_nothing_of_the_service() -> None:
    code = (
        "import sys, copydesk.client; print(sorted({'flask', 'werkzeug', 'marshmallow', 'ftfy', 'schemas', 'scrapy', "
        "'copydesk.errors', 'copydesk'} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_the_example_of_the_manual_prints_what_it_says(service: Server) -> None:
    told = (ROOT / "docs" / "client.md").read_text(encoding="utf-8")
    code, output = re.findall(r"```(?:python|text)\n(.*?)```", told, re.DOTALL)[:2]
    here = code.replace("http://127.0.0.1:8000", url(service))
    ran = subprocess.run([sys.executable, "-c", here], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == output


def test_the_example_runs(service: Server) -> None:
    command = [sys.executable, "examples/client.py", url(service)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "Russia’s envoy" in ran.stdout
    assert "422" in ran.stdout
