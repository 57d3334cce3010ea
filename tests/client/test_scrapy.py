"""Real crawls of a small local site, against a real service. Run as a program, this is one of the crawls."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import scrapy
from running import Server, free_port, running, start
from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings

from copydesk.client._batching import Batch, BatchLimits
from copydesk.client._microbatch import MicroBatcher
from copydesk.client._result import Result
from copydesk.client.aio import AsyncClient
from copydesk.client.scrapy import Setup

ROOT = Path(__file__).parent.parent.parent
PROJECT = ROOT / "examples" / "scrapy_project"
STORIES = 90


class Site(BaseHTTPRequestHandler):
    """A front page that links to every story, and stories that were damaged in their database."""

    protocol_version = "HTTP/1.1"
    told: int = 0

    def do_GET(self) -> None:
        number = self.path.removeprefix("/story/")
        links = "".join(f'<a href="/story/{n}">{n}</a>' for n in range(STORIES))
        story = (
            f"<h1>Envoyâ€™s answer {number}</h1><time datetime='5 March 2024'></time>"
            f"<p>Russiaâ€™s  envoy said no to cafÃ© {number}.</p>"
        )
        content = (story if number.isdecimal() else links).encode()
        Site.told += 1
        self.send_response(200 if number.isdecimal() or self.path == "/" else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def service() -> Iterator[Server]:
    with running() as found:
        yield found


@contextmanager
def crawling(site: str, service: str, out: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """Run the crawl of the example."""
    asked = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    command = [sys.executable, "-m", "scrapy", "crawl", "stories", "-a", f"front={site}", "-O", str(out)]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    told = subprocess.PIPE
    with subprocess.Popen(
        [*command, "-s", f"COPYDESK_URL={service}", *asked], cwd=PROJECT, env=environ, stderr=told, text=True
    ) as crawl:
        yield crawl


def finish(crawl: subprocess.Popen[str], out: Path) -> tuple[list[Any], dict[str, int]]:
    """Return the items and the stats of ours."""
    _, log = crawl.communicate(timeout=90)
    assert "Traceback" not in log, log
    items = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return items, {name: int(count) for name, count in re.findall(r"'copydesk/([\w/]+)': (\d+)", log)}


def expect_all_clean(items: list[Any]) -> None:
    numbers = sorted(int(item["link"].rpartition("/")[2]) for item in items)
    assert numbers == list(range(STORIES))
    for item in items:
        number = item["link"].rpartition("/")[2]
        assert item["body"] == f"Russia’s envoy said no to café {number}."
        assert (item["headline"], item["date"]) == (f"Envoy’s answer {number}", "2024-03-05")
        assert item["copydesk_error"] is None


def test_every_item_of_a_crawl_arrives_clean(site: str, service: Server, tmp_path: Path) -> None:
    out = tmp_path / "stories.jsonl"
    with crawling(site, f"http://127.0.0.1:{service.port}", out) as crawl:
        items, stats = finish(crawl, out)
    expect_all_clean(items)
    assert stats["cleaned"] == STORIES
    assert stats["changes/mojibake"] >= 3 * STORIES
    assert stats["changes/whitespace"] >= STORIES
    assert "failed" not in stats


def test_every_item_arrives_clean_when_the_service_restarts_in_the_middle(site: str, tmp_path: Path) -> None:
    out, environ = tmp_path / "stories.jsonl", {"COPYDESK_BIND": f"127.0.0.1:{free_port()}", "COPYDESK_WORKERS": "1"}
    first = start(environ)
    again = None
    try:
        Site.told = 0
        slowly = {"CONCURRENT_REQUESTS": "2", "DOWNLOAD_DELAY": "0.02", "COPYDESK_BATCH_ARTICLES": "10"}
        with crawling(site, f"http://{environ['COPYDESK_BIND']}", out, **slowly) as crawl:
            wait_for(STORIES // 3)
            kill_all_of(first)
            wait_for(STORIES // 3 * 2)
            again = start(environ)
            items, stats = finish(crawl, out)
    finally:
        for process in (first, again):
            if process:
                process.kill()
                process.communicate()
    expect_all_clean(items)
    assert stats["cleaned"] == STORIES
    assert stats["retried"] >= 1


def wait_for(pages: int) -> None:
    for _ in range(1_000):
        if Site.told >= pages:
            return
        time.sleep(0.02)
    raise TimeoutError("the crawl has come to a stop")


def kill_all_of(server: subprocess.Popen[str]) -> None:
    """Kill the server and its workers, without a word."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    server.kill()
    for pid in children:
        os.kill(int(pid), signal.SIGKILL)
    server.wait()


@pytest.fixture(scope="module")
def kinds(service: Server) -> dict[str, Any]:
    """What became of items of every kind, by policy."""
    environ = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    command = [sys.executable, __file__, f"http://127.0.0.1:{service.port}"]
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, check=True, timeout=60)
    assert "Traceback" not in ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("policy", ["keep", "drop"])
def test_items_of_every_kind_are_cleaned(kinds: dict[str, Any], policy: str) -> None:
    found = kinds[policy]["items"]
    assert [found[kind]["text"] for kind in ("dict", "dataclass", "item")] == ["It’s"] * 3
    assert (found["dict"]["id"], found["dict"]["language"]) == (7, "en")
    assert found["dataclass"] == {"kind": "dataclass", "text": "It’s"}
    assert found["item"] == {"kind": "item", "text": "It’s"}
    stats = kinds[policy]["stats"]
    assert (stats["cleaned"], stats["failed"], stats["skipped"]) == (3, 2, 1)


def test_items_that_are_no_articles_pass_as_they_are(kinds: dict[str, Any]) -> None:
    assert kinds["drop"]["items"]["author"] == {"kind": "author", "name": "Anna â€™ Bell"}


def test_what_cannot_be_cleaned_is_kept_and_flagged_or_dropped(kinds: dict[str, Any]) -> None:
    assert kinds["drop"]["items"].keys() == {"dict", "dataclass", "item", "author"}
    kept = kinds["keep"]["items"]
    assert (kept["failing"]["text"], kept["failing"]["url"]) == ("Itâ€™s", "no address")
    assert "/url: " in kept["failing"]["copydesk_error"]
    assert kept["cannot say so"] == {"kind": "cannot say so", "text": "Itâ€™s", "url": "no address"}


def test_a_crawl_goes_on_when_there_is_no_service(site: str, tmp_path: Path) -> None:
    out = tmp_path / "stories.jsonl"
    with crawling(site, f"http://127.0.0.1:{free_port()}", out, COPYDESK_RETRIES="1") as crawl:
        items, stats = finish(crawl, out)
    assert len(items) == stats["failed"] == STORIES
    assert all("â€™" in item["body"] and "No answer" in item["copydesk_error"] for item in items)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"COPYDESK_ON_ERROR": "ignore"}, "keep or drop"),
        ({"COPYDESK_FIELDS": {"headline": "title"}}, "no field 'headline'"),
        ({"COPYDESK_BATCH_ARTICLES": 0}, "at least one"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Setup.of(Settings(settings))


def test_every_setting_and_stat_is_told_of() -> None:
    told = (ROOT / "docs" / "client.md").read_text(encoding="utf-8")
    code = (ROOT / "svc" / "client" / "scrapy.py").read_text(encoding="utf-8")
    names = set(re.findall(r'"(COPYDESK_[A-Z_]+)"', code)) | {
        f"copydesk/{n}" for n in re.findall(r'_count\("(\w+)"', code)
    }
    assert len(names) >= 14
    assert [name for name in names if f"`{name}`" not in told] == []


class Counting(AsyncClient):
    """A client that needs no service, and notes how large its batches are."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:1")
        self.sizes: list[int] = []

    async def clean_batch(self, batch: Batch) -> None:
        self.sizes.append(batch.waiting)
        lines = batch.body().splitlines()
        await asyncio.sleep(0.05)
        if b'"fail"' in lines[0]:
            raise ZeroDivisionError
        batch.take(b'{"index": %d, "article": %s}' % (at, line) for at, line in enumerate(lines))


def gathered(*texts: str, sizes: BatchLimits, in_flight: int = 1) -> tuple[list[Any], list[int]]:
    async def main() -> tuple[list[Any], list[int]]:
        async with Counting() as client:
            gatherer = MicroBatcher(client, sizes=sizes, in_flight=in_flight)
            tasks = (gatherer.clean({"text": text}) for text in texts)
            found = await asyncio.gather(*tasks, return_exceptions=True)
            await gatherer.aclose()
            return found, client.sizes

    return asyncio.run(main())


def test_items_gather_while_a_batch_is_under_way() -> None:
    found, sizes = gathered(*map(str, range(25)), sizes=BatchLimits(articles=10))
    assert all(isinstance(one, Result) and one.key is None for one in found)
    assert [one.article["text"] for one in found] == [str(number) for number in range(25)]
    assert sizes == [10, 10, 5]
    assert gathered("a", "b", "c", sizes=BatchLimits())[1] == [3]


def test_a_batch_that_gathers_keeps_its_bound_of_bytes() -> None:
    assert gathered("a" * 50, "b" * 50, "c", "d" * 200, sizes=BatchLimits(bytes=100))[1] == [1, 2, 1]


def test_everyone_who_waits_for_a_batch_is_told_of_its_failure() -> None:
    found, _ = gathered("fail", "a", "b", sizes=BatchLimits(articles=2))
    assert [type(one) for one in found] == [ZeroDivisionError, ZeroDivisionError, Result]


@dataclass
class Story:
    kind: str
    text: str


class Piece(scrapy.Item):
    kind, text, url = scrapy.Field(), scrapy.Field(), scrapy.Field()


class Kinds(scrapy.Spider):
    name = "kinds"

    async def start(self) -> Any:
        text = "Itâ€™s"
        yield {"kind": "dict", "text": text, "id": 7, "language": "English"}
        yield Story("dataclass", text)
        yield Piece(kind="item", text=text)
        yield {"kind": "author", "name": "Anna â€™ Bell"}
        yield {"kind": "failing", "text": text, "url": "no address"}
        yield Piece(kind="cannot say so", text=text, url="no address")


def crawl_kinds(service: str) -> None:
    """Bring home items of every kind, once with each policy, and print them with the stats."""
    settings = {"ITEM_PIPELINES": {"copydesk.client.scrapy.CopydeskPipeline": 300}, "COPYDESK_URL": service}
    process = CrawlerProcess(settings | {"COPYDESK_OPTIONS": {"detect_language": False}})
    found: dict[str, dict[str, Any]] = {"keep": {}, "drop": {}}
    for policy, told in found.items():
        items: dict[str, Any] = {}
        told["items"] = items
        crawler = process.create_crawler(Kinds)
        crawler.settings.set("COPYDESK_ON_ERROR", policy, "spider")

        def keep(item: Any, items: dict[str, Any] = items) -> None:
            fields = vars(item) if isinstance(item, Story) else dict(item)
            items[fields["kind"]] = fields

        crawler.signals.connect(keep, scrapy.signals.item_scraped, weak=False)
        told["crawler"] = crawler
        process.crawl(crawler)
    process.start()
    for told in found.values():
        stats = told.pop("crawler").stats.get_stats().items()
        told["stats"] = {name.removeprefix("copydesk/"): count for name, count in stats if "copydesk" in name}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    crawl_kinds(sys.argv[1])
