"""Real crawls of a small local site. Run as a program, this module runs the crawls of the tests in one process."""

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
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import scrapy
from itemadapter import ItemAdapter
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.settings import Settings

from copydesk.article import Options
from copydesk.client._batching import Batch, BatchLimits
from copydesk.client._microbatch import MicroBatcher
from copydesk.client._result import CleanResult
from copydesk.client.aio import AsyncClient
from copydesk.client.scrapy import MappingCheck, PipelineSettings
from tests.helpers.server import free_port, start

ROOT = Path(__file__).parent.parent.parent
PROJECT = ROOT / "examples" / "scrapy_project"
STORIES = 90


class Site(BaseHTTPRequestHandler):
    """A front page with a link to each story, and stories with damaged text."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    request_count = 0

    def do_GET(self) -> None:
        number = self.path.removeprefix("/story/")
        links = "".join(f'<a href="/story/{n}">{n}</a>' for n in range(STORIES))
        story = (
            f"<h1>Envoyâ€™s answer {number}</h1><time datetime='5 March 2024'></time>"
            f"<p>Russiaâ€™s  envoy said no to cafÃ© {number}.</p>"
        )
        content = (story if number.isdecimal() else links).encode()
        Site.request_count += 1
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
def crawls(site: str, service_url: str) -> dict[str, Any]:
    """The items and stats of each crawl. Scrapy takes long to start, so that all run in one process."""
    environ = os.environ | {"PYTHONPATH": f"{ROOT}:{PROJECT}"}
    command = [sys.executable, __file__, site, service_url, f"http://127.0.0.1:{free_port()}"]
    process = subprocess.run(command, env=environ, capture_output=True, text=True, check=True, timeout=60)
    assert "Traceback" not in process.stderr, process.stderr
    crawls: dict[str, Any] = json.loads(process.stdout)
    return crawls


def assert_all_clean(items: list[Any]) -> None:
    numbers = sorted(int(item["link"].rpartition("/")[2]) for item in items)
    assert numbers == list(range(STORIES))
    for item in items:
        number = item["link"].rpartition("/")[2]
        assert item["body"] == f"Russia’s envoy said no to café {number}."
        assert (item["headline"], item["date"]) == (f"Envoy’s answer {number}", "2024-03-05")
        assert item["copydesk_error"] is None


def test_crawl_cleans_every_item(crawls: dict[str, Any]) -> None:
    items, stats = crawls["stories"]["items"], crawls["stories"]["stats"]
    assert_all_clean(items)
    assert stats["cleaned"] == STORIES
    assert stats["changes/mojibake"] >= 3 * STORIES
    assert stats["changes/whitespace"] >= STORIES
    assert "failed" not in stats


@contextmanager
def crawling(site: str, service_url: str, out: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """Run the crawl of the example project with Scrapy's command."""
    arguments = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    command = [sys.executable, "-m", "scrapy", "crawl", "stories", "-a", f"front={site}", "-O", str(out)]
    command += ["-s", f"COPYDESK_URL={service_url}", *arguments]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=PROJECT, env=environ, stderr=subprocess.PIPE, text=True) as crawl:
        yield crawl


def finish(crawl: subprocess.Popen[str], out: Path) -> tuple[list[Any], dict[str, int]]:
    """Wait for the end of a crawl and return its items and stats."""
    _, log = crawl.communicate(timeout=90)
    assert "Traceback" not in log, log
    items = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return items, {name: int(count) for name, count in re.findall(r"'copydesk/([\w/]+)': (\d+)", log)}


@pytest.mark.server
def test_crawl_cleans_every_item_when_the_service_restarts(site: str, tmp_path: Path) -> None:
    out, environ = tmp_path / "stories.jsonl", {"COPYDESK_BIND": f"127.0.0.1:{free_port()}", "COPYDESK_WORKERS": "1"}
    first = start(environ)
    second = None
    try:
        Site.request_count = 0
        slow = {"CONCURRENT_REQUESTS": "2", "DOWNLOAD_DELAY": "0.02", "COPYDESK_MAX_BATCH_ARTICLES": "10"}
        with crawling(site, f"http://{environ['COPYDESK_BIND']}", out, **slow) as crawl:
            wait_for_requests(STORIES // 3)
            kill_with_workers(first)
            wait_for_requests(STORIES // 3 * 2)
            second = start(environ)
            items, stats = finish(crawl, out)
    finally:
        for process in (first, second):
            if process:
                process.kill()
                process.communicate()
    assert_all_clean(items)
    assert stats["cleaned"] == STORIES
    assert stats["retried"] >= 1


def wait_for_requests(count: int) -> None:
    for _ in range(1_000):
        if Site.request_count >= count:
            return
        time.sleep(0.02)
    raise TimeoutError("the crawl does not progress")


def kill_with_workers(server: subprocess.Popen[str]) -> None:
    """Kill the server and its workers with SIGKILL."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    server.kill()
    for pid in children:
        os.kill(int(pid), signal.SIGKILL)
    server.wait()


@pytest.mark.parametrize("policy", ["keep", "drop"])
def test_items_of_each_type_are_cleaned(crawls: dict[str, Any], policy: str) -> None:
    items = {item["kind"]: item for item in crawls[policy]["items"]}
    assert [items[kind]["text"] for kind in ("dict", "dataclass", "item")] == ["It’s"] * 3
    assert (items["dict"]["id"], items["dict"]["language"]) == (7, "en")
    assert items["dataclass"] == {"kind": "dataclass", "text": "It’s"}
    assert items["item"] == {"kind": "item", "text": "It’s"}
    stats = crawls[policy]["stats"]
    assert (stats["cleaned"], stats["failed"], stats["skipped"]) == (3, 2, 1)


def test_items_without_a_text_are_unchanged(crawls: dict[str, Any]) -> None:
    assert {"kind": "author", "name": "Anna â€™ Bell"} in crawls["drop"]["items"]


def test_items_that_fail_are_kept_or_dropped(crawls: dict[str, Any]) -> None:
    assert {item["kind"] for item in crawls["drop"]["items"]} == {"dict", "dataclass", "item", "author"}
    kept = {item["kind"]: item for item in crawls["keep"]["items"]}
    assert (kept["failing"]["text"], kept["failing"]["url"]) == ("Itâ€™s", "no address")
    assert "/url: " in kept["failing"]["copydesk_error"]
    assert kept["without error field"] == {"kind": "without error field", "text": "Itâ€™s", "url": "no address"}


def test_crawl_continues_without_a_service(crawls: dict[str, Any]) -> None:
    items, stats = crawls["no service"]["items"], crawls["no service"]["stats"]
    assert len(items) == stats["failed"] == STORIES
    assert all("â€™" in item["body"] and "No connection to" in item["copydesk_error"] for item in items)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"COPYDESK_ON_ERROR": "ignore"}, "must be 'keep' or 'drop'"),
        ({"COPYDESK_FIELDS": {"body": "text", "link": "url"}}, "'body'. .* first: {'text': 'body', 'url': 'link'}"),
        ({"COPYDESK_FIELDS": '{"text": "body", "Headline": "h1"}'}, "field 'Headline'. Did you mean 'title'"),
        ({"COPYDESK_FIELDS": {"text": "a", "pubdate": "date"}}, "field 'pubdate'. Did you mean 'published'"),
        ({"COPYDESK_FIELDS": {"text": "a", "autors": "by"}}, "field 'autors'. Did you mean 'authors'"),
        ({"COPYDESK_FIELDS": {"text": "a", "wxyz": "by"}}, "field 'wxyz'.$"),
        ({"COPYDESK_FIELDS": {"text": "a", 5: "by"}}, "field '5'.$"),
        ({"COPYDESK_FIELDS": {"text": ["a"]}}, "field of the item for 'text' must be a string"),
        ({"COPYDESK_FIELDS": {"title": "headline"}}, "needs one of text, html, content_base64"),
        ({"COPYDESK_FIELDS": "text=body"}, "COPYDESK_FIELDS must be of type dict"),
        ({"COPYDESK_OPTIONS": {"quotes": "straight"}}, "COPYDESK_OPTIONS: quotes: Send one of: keep, plain"),
        ({"COPYDESK_OPTIONS": '{"qotes": "plain"}'}, "COPYDESK_OPTIONS: qotes: .*Did you mean `quotes`"),
        ({"COPYDESK_OPTIONS": {"detect_language": 0}}, "COPYDESK_OPTIONS: detect_language: "),
        ({"COPYDESK_BATCH_DELAY": "soon"}, "COPYDESK_BATCH_DELAY must be of type float"),
        ({"COPYDESK_MAX_IN_FLIGHT": "two"}, "COPYDESK_MAX_IN_FLIGHT must be of type int"),
        ({"COPYDESK_MAX_BATCH_ARTICLES": 0}, "COPYDESK_MAX_BATCH_ARTICLES must be at least 1"),
        ({"COPYDESK_MAX_IN_FLIGHT": 0}, "COPYDESK_MAX_IN_FLIGHT must be at least 1"),
    ],
)
def test_invalid_setting_is_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PipelineSettings.from_settings(Settings(settings))


@pytest.mark.parametrize("value", [False, "false"])
def test_options_may_be_strings(value: object) -> None:
    settings = PipelineSettings.from_settings(Settings({"COPYDESK_OPTIONS": {"detect_language": value}}))
    assert settings.options == Options(detect_language=False)


def test_invalid_options_stop_the_spider_when_it_opens(site: str, tmp_path: Path) -> None:
    requests = Site.request_count
    with crawling(site, "http://127.0.0.1:1", tmp_path / "a.jsonl", COPYDESK_OPTIONS='{"quotes": "straight"}') as crawl:
        _, log = crawl.communicate(timeout=60)
    assert crawl.returncode != 0
    assert "ValueError: COPYDESK_OPTIONS: quotes: Send one of: keep, plain." in log
    assert Site.request_count == requests


def check_mapping(fields: dict[str, str], items: list[dict[str, Any]], caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the warnings about a mapping for some items."""
    check = MappingCheck(PipelineSettings.from_settings(Settings({"COPYDESK_FIELDS": fields})).fields)
    for item in items:
        check.add_item(ItemAdapter(item))
    check.finish()
    return [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize(("count", "counted"), [(1, 1), (10, 10), (50, 10)])
def test_mapping_without_a_match_warns_once(count: int, counted: int, caplog: pytest.LogCaptureFixture) -> None:
    warnings = check_mapping({"text": "content", "html": "page"}, [{"body": "x", "title": "y"}] * count, caplog)
    assert len(warnings) == 1
    assert warnings[0].startswith(f"COPYDESK_FIELDS matches none of {counted} items, which are not cleaned")
    assert "none has 'content' or 'page'. The last one has 'body', 'title'." in warnings[0]


def test_mapped_field_that_no_item_has_warns_at_the_end(caplog: pytest.LogCaptureFixture) -> None:
    fields = {"text": "body", "html": "page", "title": "headlin", "url": "link", "domain": "site"}
    items: list[dict[str, Any]] = [{"body": "x", "headline": "a"}, {"name": "an author"}, {"body": None, "link": "b"}]
    assert check_mapping(fields, items, caplog) == ["COPYDESK_FIELDS: no item had the field 'headlin' (title)."]


@pytest.mark.parametrize("items", [[], [{"text": "x"}], [*[{"name": "an author"}] * 9, {"text": ""}]])
def test_mapping_with_a_match_does_not_warn(items: list[dict[str, Any]], caplog: pytest.LogCaptureFixture) -> None:
    assert check_mapping({}, items, caplog) == []


def test_every_setting_and_stat_is_documented() -> None:
    manual = (ROOT / "docs" / "how-to" / "scrapy.md").read_text(encoding="utf-8")
    code = (ROOT / "copydesk" / "client" / "scrapy.py").read_text(encoding="utf-8")
    names = set(re.findall(r'"(COPYDESK_[A-Z_]+)"', code)) | {
        f"copydesk/{n}" for n in re.findall(r'_count\("(\w+)"', code)
    }
    assert len(names) >= 14
    assert [name for name in names if f"`{name}`" not in manual] == []


class RecordingClient(AsyncClient):
    """A client without a service that records the size of each batch."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:1")
        self.batch_sizes: list[int] = []

    async def _clean_batch(self, batch: Batch, *_: object) -> None:
        self.batch_sizes.append(batch.pending_count)
        lines = batch.encode_pending().splitlines()
        await asyncio.sleep(0.05)
        if b'"fail"' in lines[0]:
            raise ZeroDivisionError
        batch.add_lines(b'{"index": %d, "article": %s}' % (i, line) for i, line in enumerate(lines))


def clean_in_batches(*texts: str, limits: BatchLimits) -> tuple[list[Any], list[int]]:
    """Clean texts at the same time and return the results and the sizes of the batches."""

    async def main() -> tuple[list[Any], list[int]]:
        async with RecordingClient() as client:
            batcher = MicroBatcher(client, batch_limits=limits, max_in_flight=1)
            tasks = (batcher.clean({"text": text}) for text in texts)
            results = await asyncio.gather(*tasks, return_exceptions=True)
            await batcher.aclose()
            return results, client.batch_sizes

    return asyncio.run(main())


def test_micro_batches_grow_while_a_batch_is_in_flight() -> None:
    results, sizes = clean_in_batches(*map(str, range(25)), limits=BatchLimits(max_articles=10))
    assert all(isinstance(result, CleanResult) and result.key is None for result in results)
    assert [result.article["text"] for result in results] == [str(number) for number in range(25)]
    assert sizes == [10, 10, 5]
    assert clean_in_batches("a", "b", "c", limits=BatchLimits())[1] == [3]


def test_micro_batches_keep_the_limit_of_bytes() -> None:
    assert clean_in_batches("a" * 50, "b" * 50, "c", "d" * 200, limits=BatchLimits(max_bytes=100))[1] == [1, 2, 1]


def test_failed_micro_batch_fails_each_of_its_articles() -> None:
    results, _ = clean_in_batches("fail", "a", "b", limits=BatchLimits(max_articles=2))
    assert [type(result) for result in results] == [ZeroDivisionError, ZeroDivisionError, CleanResult]


def test_micro_batcher_rejects_limits_below_one() -> None:
    with pytest.raises(ValueError, match="max_in_flight must be at least 1"):
        MicroBatcher(RecordingClient(), max_in_flight=0)


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
        yield Piece(kind="without error field", text=text, url="no address")


class Crawls:
    """Crawls of one process, each with its items and stats."""

    def __init__(self) -> None:
        self._process = CrawlerProcess({"LOG_LEVEL": "INFO"})
        self._crawls: dict[str, tuple[Crawler, list[Any]]] = {}

    def add(self, name: str, spider: type[scrapy.Spider], settings: dict[str, Any], **arguments: str) -> None:
        items: list[Any] = []

        def keep(item: Any) -> None:
            items.append(dict(item) if isinstance(item, (dict, scrapy.Item)) else asdict(item))

        crawler = self._process.create_crawler(spider)
        crawler.settings.update(settings, "spider")
        crawler.signals.connect(keep, scrapy.signals.item_scraped, weak=False)
        self._crawls[name] = crawler, items
        self._process.crawl(crawler, **arguments)

    def run(self) -> dict[str, Any]:
        self._process.start()
        return {name: {"items": items, "stats": stats_of(crawler)} for name, (crawler, items) in self._crawls.items()}


def stats_of(crawler: Crawler) -> dict[str, Any]:
    assert crawler.stats
    stats = crawler.stats.get_stats().items()
    return {name.removeprefix("copydesk/"): count for name, count in stats if name.startswith("copydesk/")}


def crawl(site: str, service_url: str, unused_url: str) -> None:
    """Crawl the site with and without a service, and items of each type with each policy. Print the results."""
    from courier import settings as project  # type: ignore[import-not-found]  # noqa: PLC0415  the example project
    from courier.spiders.stories import Stories  # type: ignore[import-not-found]  # noqa: PLC0415

    example = {name: value for name, value in vars(project).items() if name.isupper()}
    crawls = Crawls()
    crawls.add("stories", Stories, example | {"COPYDESK_URL": service_url}, front=site)
    crawls.add("no service", Stories, example | {"COPYDESK_URL": unused_url, "COPYDESK_MAX_RETRIES": 1}, front=site)
    for policy in ("keep", "drop"):
        settings = {"ITEM_PIPELINES": project.ITEM_PIPELINES, "COPYDESK_URL": service_url}
        settings |= {"COPYDESK_OPTIONS": {"detect_language": False}, "COPYDESK_ON_ERROR": policy}
        crawls.add(policy, Kinds, settings)
    json.dump(crawls.run(), sys.stdout)


if __name__ == "__main__":
    crawl(*sys.argv[1:])
