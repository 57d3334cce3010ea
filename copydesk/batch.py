"""Cleaning many articles. An invalid article does not fail the batch.

Items are cleaned one by one as they are requested: a response can be sent while it is made, and no work is done for a
client that has gone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from io import BytesIO
from itertools import count, repeat
from typing import TypeAlias

from copydesk import contract, strict_json
from copydesk.article import Json, Options
from copydesk.cleaning import (
    NO_CONTEXT,
    NULL_OBSERVER,
    ItemContext,
    Observer,
    Outcome,
    clean_article,
    clean_item,
)
from copydesk.errors import LimitExceeded, MissingDependency
from copydesk.ingest import Content, decode_content
from copydesk.limits import Limits
from copydesk.metadata import titles

Read: TypeAlias = Callable[[], Json]
"""A function that returns one article as parsed JSON. It may raise a `ProblemError`."""

# Larger NDJSON is parsed twice instead of kept: in memory, it may take thirty times as much.
_MAX_KEPT_BYTES = 1 << 21


def clean_batch(
    document: object, defaults: Options, limits: Limits, observer: Observer = NULL_OBSERVER
) -> Iterator[Outcome]:
    """Clean the articles of `{"articles": […], "options": …}`.

    Returns:
        The outcome of each article, in order.

    Raises:
        ValidationFailed: the document is not a batch. Errors of single articles are in their outcomes.
        LimitExceeded: there are too many articles.
    """
    raw = contract.load_batch(document)
    articles, maximum = raw["articles"], limits.max_batch_articles
    if len(articles) > maximum:
        raise LimitExceeded(
            f"The batch has {len(articles)} articles; the limit is {maximum}.", limit=maximum, unit="articles"
        )
    options = contract.merge_options(defaults, raw.get("options") or {})
    reads = [partial(_return, document) for document in articles]
    return clean_reads(reads, options, limits, observer, ItemContext("/articles"))


def clean_feed(
    content: Content | str, options: Options, limits: Limits, observer: Observer = NULL_OBSERVER
) -> Iterator[Outcome]:
    """Clean the entries of a feed, as bytes or decoded.

    Returns:
        The outcome of each entry, in order. An entry without a text and a title is a problem.

    Raises:
        UnreadableContent: the content is not a feed.
        LimitExceeded: there are too many entries.
        MissingDependency: the extra `html` is not installed.
    """
    reads, context = read_feed(content, limits.max_batch_articles)
    return clean_reads(reads, options, limits, observer, context)


def read_feed(content: Content | str, max_entries: int = sys.maxsize) -> tuple[list[Read], ItemContext]:
    """Return functions that return the entries of a feed as raw articles, and the context of these.

    Args:
        content: the feed, RSS or Atom, as bytes or decoded.
        max_entries: the maximum number of entries.

    Raises:
        UnreadableContent: the content is not a feed.
        LimitExceeded: there are too many entries.
        MissingDependency: the extra `html` is not installed.
    """
    try:
        from copydesk.html import feed  # noqa: PLC0415  the extra may not be installed
    except ImportError as error:
        raise MissingDependency("Feeds need the extra html: pip install 'copydesk[html]'.") from error
    context = NO_CONTEXT
    if isinstance(content, Content):
        text, encoding, warnings = decode_content(content)
        context = ItemContext(encoding=encoding, warnings=tuple(w for w in warnings if w.code == "charset-overruled"))
    else:
        text = content
    entries = feed.read_feed(text, max_entries)
    return [partial(entries.read_entry, index) for index in range(len(entries.entries))], context


def clean_lines(data: bytes, options: Options, limits: Limits, observer: Observer = NULL_OBSERVER) -> Iterator[Outcome]:
    """Clean the articles of NDJSON, one per line. Blank lines are skipped.

    Returns:
        The outcome of each article, in order.
    """

    def reads() -> Iterator[Read]:
        return (partial(strict_json.loads, line, limits.max_json_depth) for line in _lines(data))

    if len(data) <= _MAX_KEPT_BYTES:
        return clean_reads(list(reads()), options, limits, observer)
    context = ItemContext(title_suffixes=titles.shared_suffixes(_titles(_readable(reads()))))
    return _clean_all(reads(), repeat(context), options, limits, observer)


def clean_reads(
    reads: Iterable[Read],
    options: Options,
    limits: Limits,
    observer: Observer = NULL_OBSERVER,
    context: ItemContext = NO_CONTEXT,
) -> Iterator[Outcome]:
    """Clean the articles that functions return.

    All are read first, for the suffixes that titles of one site share, and kept.

    Args:
        reads: functions that return one article each, as parsed JSON.
        options: the options; an article's own `options` take precedence.
        limits: the limits.
        observer: the callbacks.
        context: what the articles share, with the JSON Pointer of their list; "" if each is a document of its own.

    Returns:
        The outcome of each article, in order.
    """
    kept = [_keep(read) for read in reads]
    suffixes = titles.shared_suffixes(_titles(_readable(kept)))
    shared = replace(context, title_suffixes=suffixes)
    pointer = context.pointer
    contexts = (replace(shared, pointer=f"{pointer}/{index}" if pointer else "") for index in count())
    return _clean_all(kept, contexts, options, limits, observer)


def _clean_all(
    reads: Iterable[Read],
    contexts: Iterable[ItemContext],
    options: Options,
    limits: Limits,
    observer: Observer,
) -> Iterator[Outcome]:
    for read, context in zip(reads, contexts, strict=False):
        clean = partial(clean_article, options=options, limits=limits, context=context, observer=observer)
        yield clean_item(read, clean, observer.on_fault)


def _lines(data: bytes) -> Iterator[bytes]:
    return (line for line in BytesIO(data) if line.strip())


def _return(document: Json) -> Json:
    return document


def _keep(read: Read) -> Read:
    """Read now and keep the document. An unreadable one is read again in its turn, to report the error."""
    try:
        return partial(_return, read())
    except Exception:  # noqa: BLE001  a bug must not fail the other documents
        return read


def _readable(reads: Iterable[Read]) -> Iterator[Json]:
    for read in reads:
        try:
            yield read()
        except Exception:  # noqa: BLE001, S112  reported in its turn
            continue


def _titles(articles: Iterable[Json]) -> Iterator[tuple[str, str]]:
    """Yield the titles and URLs of articles that have not been validated yet."""
    for document in articles:
        if isinstance(document, dict):
            title, url = document.get("title"), document.get("url")
            if isinstance(title, str) and isinstance(url, str):
                yield title, url
