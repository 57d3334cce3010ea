"""A Scrapy item pipeline that cleans every item.

    ITEM_PIPELINES = {"copydesk.client.scrapy.CopydeskPipeline": 300}
    COPYDESK_URL = "http://127.0.0.1:8000"
    COPYDESK_FIELDS = {"text": "body", "title": "headline"}

Under load, items are sent in batches, and the crawl continues meanwhile. An item without a text or a page is not an
article and is returned unchanged. An item that cannot be cleaned is counted, logged, and kept or dropped according to
the settings. An invalid setting stops the spider when it opens, and a mapping that matches no item is logged once.
Scrapy 2.19 or newer is needed, with the asyncio reactor, the default.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final, Self, TypeVar

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.settings import BaseSettings
from scrapy.utils.asyncio import is_asyncio_available

from copydesk import contract
from copydesk._layout import schemas
from copydesk.article import Options
from copydesk.client._batching import BatchLimits
from copydesk.client._http import describe_field_error
from copydesk.client._microbatch import MicroBatcher
from copydesk.client._retry import RetryPolicy
from copydesk.client.aio import AsyncClient
from copydesk.errors import ClientError, ServiceUnavailable, ValidationFailed
from copydesk.typed_dicts import CleanArticleDict, RawArticleDict

_CONTENT_FIELDS: Final = ("text", "html", "content_base64")
_INPUT_FIELDS: Final = tuple(name for name in RawArticleDict.__annotations__ if name != "options")
_ALL_FIELDS: Final = frozenset(_INPUT_FIELDS) | CleanArticleDict.__required_keys__
# Without COPYDESK_FIELDS, each field is read from the item's field of the same name.
_DEFAULT_FIELDS: Final = {
    name: name for name in _INPUT_FIELDS if name not in ("content_base64", "content_type", "site_name", "extra")
}

# After this many items without a text or a page, the mapping is probably wrong.
_MAX_SKIPPED_ITEMS = 10

_log = logging.getLogger(__name__)

ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineSettings:
    """The settings of the pipeline, from the settings of the crawl.

    Attributes:
        fields: the item's field for each field of an article (`COPYDESK_FIELDS`).
        options: the options (`COPYDESK_OPTIONS`).
        drop: whether to drop an item that cannot be cleaned; otherwise it is kept unchanged (`COPYDESK_ON_ERROR`).
        error_field: the item's field for the error (`COPYDESK_ERROR_FIELD`).
        batch_delay: the longest time in seconds that an item waits for others (`COPYDESK_BATCH_DELAY`).
        max_in_flight: the maximum number of batches in flight (`COPYDESK_MAX_IN_FLIGHT`).
        batch_limits: the maximum size of a batch (`COPYDESK_MAX_BATCH_ARTICLES`).
    """

    fields: Mapping[str, str]
    options: Options
    drop: bool
    error_field: str
    batch_delay: float
    max_in_flight: int
    batch_limits: BatchLimits

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Read the settings.

        Raises:
            ValueError: a setting is invalid.
        """
        on_error = settings.get("COPYDESK_ON_ERROR", "keep")
        if on_error not in ("keep", "drop"):
            raise ValueError(f"COPYDESK_ON_ERROR must be 'keep' or 'drop', not {on_error!r}.")
        return cls(
            fields=_get_fields(settings),
            options=_get_options(settings),
            drop=on_error == "drop",
            error_field=settings.get("COPYDESK_ERROR_FIELD", "copydesk_error"),
            batch_delay=_get(settings.getfloat, "COPYDESK_BATCH_DELAY", 0.01),
            max_in_flight=_get_positive_int(settings, "COPYDESK_MAX_IN_FLIGHT", 2),
            batch_limits=BatchLimits(max_articles=_get_positive_int(settings, "COPYDESK_MAX_BATCH_ARTICLES", 100)),
        )


def _get(read: Callable[[str, ValueT], ValueT], name: str, default: ValueT) -> ValueT:
    """Read a setting by a method of the settings.

    Raises:
        ValueError: it has another type.
    """
    try:
        return read(name, default)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be of type {type(default).__name__}: {error}.") from error


def _get_dict(settings: BaseSettings, name: str) -> dict[str, Any]:
    return _get(settings.getdict, name, {})


def _get_options(settings: BaseSettings) -> Options:
    values = _get_dict(settings, "COPYDESK_OPTIONS")
    try:
        return contract.parse_options(
            {name: [str(value).lower() if isinstance(value, bool) else str(value)] for name, value in values.items()}
        )
    except ValidationFailed as error:
        raise ValueError(f"COPYDESK_OPTIONS: {' '.join(map(describe_field_error, error.errors))}") from error


def _get_fields(settings: BaseSettings) -> Mapping[str, str]:
    fields = _get_dict(settings, "COPYDESK_FIELDS") or _DEFAULT_FIELDS
    for name, field in fields.items():
        if not isinstance(field, str):
            message = f"COPYDESK_FIELDS: the field of the item for {name!r} must be a string, not {field!r}."
            raise ValueError(message)  # noqa: TRY004  as for every invalid setting
    unknown = [str(name) for name in fields if name not in _ALL_FIELDS]
    if unknown:
        raise ValueError(f"COPYDESK_FIELDS: unknown article field {unknown[0]!r}.{_suggest(unknown, fields)}")
    if not fields.keys() & set(_CONTENT_FIELDS):
        raise ValueError(f"COPYDESK_FIELDS needs one of {', '.join(_CONTENT_FIELDS)}: no item would be cleaned.")
    return fields


def _suggest(unknown: list[str], fields: Mapping[str, str]) -> str:
    """Return what was probably meant by unknown article fields: the mapping reversed, or another name for the first."""
    reversed_fields = {fields[name]: name for name in unknown if fields.get(name) in _ALL_FIELDS}
    if reversed_fields:
        return f" The article field comes first: {reversed_fields!r}."
    nearest = get_close_matches(unknown[0], _ALL_FIELDS, n=1)
    suggestion = schemas.RawArticle.aliases.get(unknown[0].lower()) or next(iter(nearest), None)
    return f" Did you mean {suggestion!r}?" if suggestion else ""


def _get_positive_int(settings: BaseSettings, name: str, default: int) -> int:
    value = _get(settings.getint, name, default)
    if value < 1:
        raise ValueError(f"{name} must be at least 1, not {value}.")
    return value


class MappingCheck:
    """Warns if no item has the fields of the mapping: once about the text, and at the end about the others.

    Args:
        fields: the mapping.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._unseen = {field: name for name, field in fields.items() if name in _INPUT_FIELDS}
        self._content = [fields[name] for name in _CONTENT_FIELDS if name in fields]
        self._warns_about_all = fields is not _DEFAULT_FIELDS
        self._item_count = 0
        self._last_names: list[str] = []

    def add_item(self, adapter: ItemAdapter) -> None:
        """Count an item."""
        self._item_count += 1
        if self._unseen:
            self._last_names = list(adapter.field_names())
            for name in self._last_names:
                self._unseen.pop(name, None)
        if self._item_count == _MAX_SKIPPED_ITEMS and self._has_no_content():
            self._warn_about_content()

    def finish(self) -> None:
        """Warn about the fields that no item had."""
        if not self._item_count:
            return
        if self._has_no_content():
            if self._item_count < _MAX_SKIPPED_ITEMS:
                self._warn_about_content()
        elif self._warns_about_all and (names := [name for name in self._unseen if name not in self._content]):
            mapped = ", ".join(f"{name!r} ({self._unseen[name]})" for name in names)
            _log.warning("COPYDESK_FIELDS: no item had the field %s.", mapped)

    def _has_no_content(self) -> bool:
        return all(field in self._unseen for field in self._content)

    def _warn_about_content(self) -> None:
        _log.warning(
            "COPYDESK_FIELDS matches none of %d items, which are not cleaned: none has %s. The last one has %s.",
            self._item_count,
            " or ".join(map(repr, self._content)),
            ", ".join(map(repr, self._last_names)) or "no fields",
        )


class CopydeskPipeline:
    """The item pipeline. docs/how-to/scrapy.md lists its settings and stats."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._settings = PipelineSettings.from_settings(settings)
        self._mapping_check = MappingCheck(self._settings.fields)
        # A crawl may start together with the service.
        retry = RetryPolicy(
            max_retries=_get(settings.getint, "COPYDESK_MAX_RETRIES", 8),
            retry_first_connection=True,
            on_retry=self._log_retry,
        )
        self._client = AsyncClient(
            settings["COPYDESK_URL"],
            options=self._settings.options,
            headers=_get_dict(settings, "COPYDESK_HEADERS"),
            timeout=_get(settings.getfloat, "COPYDESK_TIMEOUT", 60.0),
            retry=retry,
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Create the pipeline of a crawl.

        Raises:
            NotConfigured: `COPYDESK_URL` is not set. Scrapy then runs without this pipeline and logs that.
            ValueError: a setting is invalid.
        """
        if not crawler.settings.get("COPYDESK_URL"):
            raise NotConfigured("COPYDESK_URL is not set.")
        return cls(crawler)

    async def open_spider(self) -> None:
        """Create the batcher in the event loop of the crawl.

        Raises:
            RuntimeError: the crawl does not use asyncio.
        """
        if not is_asyncio_available():
            raise RuntimeError("CopydeskPipeline needs asyncio: use the default TWISTED_REACTOR of Scrapy.")
        self._batcher = MicroBatcher(
            self._client,
            batch_limits=self._settings.batch_limits,
            max_delay=self._settings.batch_delay,
            max_in_flight=self._settings.max_in_flight,
        )

    async def close_spider(self) -> None:
        """Close the connections. No item is in flight any more."""
        self._mapping_check.finish()
        await self._batcher.aclose()
        await self._client.aclose()

    async def process_item(self, item: Any) -> Any:
        """Clean an item in place.

        Args:
            item: a dict, a dataclass, an `Item`, or an object of attrs or pydantic.

        Returns:
            The item.

        Raises:
            DropItem: the item cannot be cleaned, and `COPYDESK_ON_ERROR` is `drop`.
        """
        adapter = ItemAdapter(item)
        self._mapping_check.add_item(adapter)
        values = {name: adapter.get(field) for name, field in self._settings.fields.items() if name in _INPUT_FIELDS}
        article = {name: value for name, value in values.items() if value is not None}
        if not any(name in article for name in _CONTENT_FIELDS):
            self._count("skipped")
            return item
        try:
            result = await self._batcher.clean(article)
        except ClientError as error:
            return self._handle_failure(adapter, str(error))
        if result.article is None:
            return self._handle_failure(adapter, _describe_problem(result.problem or {}))
        self._update_item(adapter, result.article)
        return item

    def _update_item(self, adapter: ItemAdapter, article: CleanArticleDict) -> None:
        language = article["language"]
        tag = language["declared"] if language["tag"] == "und" else language["tag"]
        values: dict[str, Any] = {**article, "language": tag}
        del values["id"]  # the item's own ID may be a number
        for name, field in self._settings.fields.items():
            if name not in values or not _accepts_field(adapter, field):
                continue
            is_unknown = values[name] in (None, [], {})
            if not is_unknown or field in adapter:  # an unknown value does not create a field
                adapter[field] = values[name]
        self._count("cleaned")
        for change in article["changes"]:
            self._count(f"changes/{change['kind']}", change["count"])

    def _handle_failure(self, adapter: ItemAdapter, reason: str) -> Any:
        self._count("failed")
        if self._settings.drop:
            raise DropItem(f"Copydesk could not clean the item: {reason}")
        field = self._settings.error_field
        if _accepts_field(adapter, field):
            adapter[field] = reason
        _log.warning("Item kept unchanged; Copydesk could not clean it: %s", reason)
        return adapter.item

    def _log_retry(self, error: ServiceUnavailable, delay: float) -> None:
        self._count("retried")
        _log.info("Retrying in %.1f s: %s", delay, error)

    def _count(self, name: str, increment: int = 1) -> None:
        if self._crawler.stats:
            self._crawler.stats.inc_value(f"copydesk/{name}", increment)


def _accepts_field(adapter: ItemAdapter, field: str) -> bool:
    """Return whether an item can have a field: a dict any, other types those that they declare."""
    return isinstance(adapter.item, dict) or field in adapter.field_names()


def _describe_problem(problem: Mapping[str, Any]) -> str:
    """Return the detail of a problem and the errors of its fields."""
    return " ".join([str(problem.get("detail", "")), *map(describe_field_error, problem.get("errors", ()))])
