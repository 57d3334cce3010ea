"""An item pipeline for Scrapy: every item leaves it clean.

    ITEM_PIPELINES = {"copydesk.client.scrapy.CopydeskPipeline": 300}
    COPYDESK_URL = "http://127.0.0.1:8000"
    COPYDESK_FIELDS = {"text": "body", "title": "headline"}

Items travel in batches under load, and the crawl goes on meanwhile. An item without a text or page is none of ours and
passes as it is. What fails is never lost silently: it is counted, logged, and flagged or dropped, as the settings say.
It needs Scrapy 2.14 and the asyncio reactor, which is Scrapy's default.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Self

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.settings import BaseSettings
from scrapy.utils.asyncio import is_asyncio_available

from copydesk.client._batching import BatchLimits
from copydesk.client._microbatch import MicroBatcher
from copydesk.client._retry import RetryPolicy
from copydesk.client.aio import AsyncClient
from copydesk.errors import ClientError, ServiceUnavailable
from copydesk.typed_dicts import CleanArticleDict

_BODIES = ("text", "html", "content_base64")
_SENT = (
    *_BODIES,
    *"id url canonical_url title subtitle content_type declared_charset authors published modified fetched_at".split(),
    *"language source site_name section tags image extra".split(),
)
# What is sent when the settings don't say: each field under its own name, where an item has it.
_USUAL = {name: name for name in _SENT if name not in ("content_base64", "content_type", "site_name", "extra")}
_KNOWN = frozenset(_SENT) | CleanArticleDict.__required_keys__

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """The settings of the pipeline, read from those of the crawl.

    Attributes:
        fields: which field of an item is which field of an article (`COPYDESK_FIELDS`).
        drop: whether an item that can't be cleaned is dropped, instead of kept as it is (`COPYDESK_ON_ERROR`).
        error_field: the field that then says why (`COPYDESK_ERROR_FIELD`).
        pause: seconds that an item waits for others (`COPYDESK_BATCH_WAIT`).
        in_flight: how many batches may be under way (`COPYDESK_IN_FLIGHT`).
        sizes: how large a batch may get (`COPYDESK_BATCH_ARTICLES`).
    """

    fields: Mapping[str, str]
    drop: bool
    error_field: str
    pause: float
    in_flight: int
    sizes: BatchLimits

    @classmethod
    def of(cls, settings: BaseSettings) -> Self:
        """Read the settings.

        Raises:
            ValueError: one can't be used.
        """
        on_error, fields = settings.get("COPYDESK_ON_ERROR", "keep"), settings.getdict("COPYDESK_FIELDS")
        if on_error not in ("keep", "drop"):
            raise ValueError(f"COPYDESK_ON_ERROR is keep or drop, not {on_error!r}.")
        for name in fields.keys() - _KNOWN:
            near = get_close_matches(name, _KNOWN, n=1, cutoff=0)[0]
            raise ValueError(f"COPYDESK_FIELDS: an article has no field {name!r}. Did you mean {near!r}?")
        return cls(
            fields=fields or _USUAL,
            drop=on_error == "drop",
            error_field=settings.get("COPYDESK_ERROR_FIELD", "copydesk_error"),
            pause=settings.getfloat("COPYDESK_BATCH_WAIT", 0.01),
            in_flight=settings.getint("COPYDESK_IN_FLIGHT", 2),
            sizes=BatchLimits(articles=settings.getint("COPYDESK_BATCH_ARTICLES", 100)),
        )


class CopydeskPipeline:
    """The item pipeline; docs/client.md has its settings and the stats that it adds to the crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._setup = crawler, Setup.of(crawler.settings)
        settings = crawler.settings
        self._client = AsyncClient(
            settings["COPYDESK_URL"],
            options=settings.getdict("COPYDESK_OPTIONS"),
            headers=settings.getdict("COPYDESK_HEADERS"),
            timeout=settings.getfloat("COPYDESK_TIMEOUT", 60),
            retry=RetryPolicy(most=settings.getint("COPYDESK_RETRIES", 8), on_retry=self._retried),
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline of a crawl.

        Raises:
            NotConfigured: there is no `COPYDESK_URL`; Scrapy then runs without this pipeline and says so.
            ValueError: a setting can't be used.
        """
        if not crawler.settings.get("COPYDESK_URL"):
            raise NotConfigured("COPYDESK_URL is not set.")
        return cls(crawler)

    async def open_spider(self) -> None:
        """Get ready.

        Raises:
            RuntimeError: the crawl runs without asyncio.
        """
        if not is_asyncio_available():
            raise RuntimeError("CopydeskPipeline needs asyncio: leave TWISTED_REACTOR at Scrapy's default.")
        setup = self._setup
        self._gatherer = MicroBatcher(self._client, sizes=setup.sizes, pause=setup.pause, in_flight=setup.in_flight)

    async def close_spider(self) -> None:
        """Close the connections; by now no item is under way."""
        await self._gatherer.aclose()
        await self._client.aclose()

    async def process_item(self, item: Any) -> Any:
        """Clean an item: its fields are written anew, in place.

        Raises:
            DropItem: it can't be cleaned, and such items are to be dropped.
        """
        adapter = ItemAdapter(item)
        raw = {name: adapter.get(field) for name, field in self._setup.fields.items() if name in _SENT}
        sent = {name: value for name, value in raw.items() if value is not None}
        if not any(name in sent for name in _BODIES):
            self._count("skipped")
            return item
        try:
            result = await self._gatherer.clean(sent)
        except ClientError as error:
            return self._failed(adapter, str(error))
        if result.article is None:
            return self._failed(adapter, _told(result.problem or {}))
        self._write(adapter, result.article)
        return item

    def _write(self, adapter: ItemAdapter, article: CleanArticleDict) -> None:
        language = article["language"]
        tag = language["declared"] if language["tag"] == "und" else language["tag"]
        clean: dict[str, Any] = {**article, "language": tag}
        del clean["id"]  # the item's own key stays what it is, be it a number
        for name, field in self._setup.fields.items():
            # What is not known makes no new fields.
            if name in clean and _takes(adapter, field) and (clean[name] not in (None, [], {}) or field in adapter):
                adapter[field] = clean[name]
        self._count("cleaned")
        for change in article["changes"]:
            self._count(f"changes/{change['kind']}", change["count"])

    def _failed(self, adapter: ItemAdapter, why: str) -> Any:
        self._count("failed")
        if self._setup.drop:
            raise DropItem(f"Copydesk could not clean it: {why}")
        field = self._setup.error_field
        if _takes(adapter, field):
            adapter[field] = why
        _log.warning("kept as it came, since Copydesk could not clean it: %s", why)
        return adapter.item

    def _retried(self, error: ServiceUnavailable, seconds: float) -> None:
        self._count("retried")
        _log.info("trying again in %.1f s: %s", seconds, error)

    def _count(self, name: str, by: int = 1) -> None:
        if self._crawler.stats:
            self._crawler.stats.inc_value(f"copydesk/{name}", by)


def _takes(adapter: ItemAdapter, field: str) -> bool:
    """Tell whether an item can have a field: a dict any, others those that they declare."""
    return isinstance(adapter.item, dict) or field in adapter.field_names()


def _told(problem: Mapping[str, Any]) -> str:
    """Return a problem as one sentence for people, with the fields that it names."""
    fields = [f"{error.get('pointer', '')}: {error['detail']}" for error in problem.get("errors", ())]
    return " ".join([str(problem.get("detail", "")), *fields])
