"""Cleaning many articles. An invalid article does not fail the batch.

Items are cleaned one by one as they are requested: a response can be sent while it is made, and no work is done for a
client that has gone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count, islice, repeat
from typing import NoReturn, TypeAlias

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

Read: TypeAlias = Callable[[], Json]
"""A function that returns one article as parsed JSON. It may raise a `ProblemError`."""

Chunks: TypeAlias = Callable[[], Iterable[bytes]]
"""A function that returns the bytes of a body in chunks, each time from the start."""

# The lines of NDJSON that are read twice, for the suffixes that titles of one site share.
_MAX_TITLE_LINES, _MAX_TITLE_BYTES = 10_000, 1 << 21


def clean_batch(
    document: object, defaults: Options, limits: Limits, observer: Observer = NULL_OBSERVER
) -> Iterator[Outcome]:
    """Clean the articles of `{"articles": […], "options": …}`.

    Returns:
        The outcome of each article, in order.

    Raises:
        ValidationFailed: the document is not a batch. Errors of single articles are in their outcomes.
        LimitExceeded: there are too many articles.
        ProblemError: an error of `observer.on_kept`.
    """
    raw = contract.load_batch(document)
    articles, maximum = raw["articles"], limits.max_batch_articles
    if len(articles) > maximum:
        raise LimitExceeded(
            f"The batch has {len(articles)} articles; the limit is {maximum}.", limit=maximum, unit="articles"
        )
    options = contract.merge_options(defaults, raw.get("options") or {})
    reads = (partial(_return, document) for document in articles)
    return _clean_packed(reads, options, limits, observer, ItemContext("/articles"))


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
        ProblemError: an error of `observer.on_kept`.
    """
    reads, context = read_feed(content, limits.max_batch_articles)
    return _clean_packed(reads, options, limits, observer, context)


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


def clean_lines(
    body: bytes | Chunks, options: Options, limits: Limits, observer: Observer = NULL_OBSERVER
) -> Iterator[Outcome]:
    """Clean the articles of NDJSON, one per line. Blank lines are skipped, and a line has the limit of a document.

    Each line is read when it is cleaned. Those in the first megabytes are also read before, for the suffixes that
    titles of one site share.

    Args:
        body: the lines, in one piece or in chunks.
        options: the options; an article's own `options` take precedence.
        limits: the limits.
        observer: the callbacks.

    Returns:
        The outcome of each article, in order.
    """
    chunks: Chunks = (lambda: (body,)) if isinstance(body, bytes) else body
    first = islice(_read_lines(_first_chunks(chunks()), limits), _MAX_TITLE_LINES)
    suffixes = _shared_suffixes(_titles(_readable(first)))
    contexts = repeat(ItemContext(title_suffixes=suffixes))
    return _clean_all(_read_lines(chunks(), limits), contexts, options, limits, observer)


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
    return _clean_all(kept, _contexts(_titles(_readable(kept)), context), options, limits, observer)


def _clean_packed(
    reads: Iterable[Read], options: Options, limits: Limits, observer: Observer, context: ItemContext
) -> Iterator[Outcome]:
    """Clean the articles that functions return. All are read first and kept as bytes.

    A parsed document may take thirty times as much memory, and a response takes as long as its client reads.
    """
    packed: list[bytes | Exception] = []
    titles_and_urls: list[tuple[str, str]] = []
    for read in reads:
        try:
            document = read()
            packed.append(strict_json.dumps(document))
        except Exception as error:  # noqa: BLE001  a bug must not fail the other documents
            packed.append(error.with_traceback(None))  # the frames of the traceback would keep the whole batch
        else:
            titles_and_urls += _titles([document])
    contexts = _contexts(titles_and_urls, context)
    observer.on_kept([len(data) for data in packed if isinstance(data, bytes)])
    reads = map(partial(_unpack, max_depth=limits.max_json_depth), packed)
    return _clean_all(reads, contexts, options, limits, observer)


def _contexts(titles_and_urls: Iterable[tuple[str, str]], context: ItemContext) -> Iterator[ItemContext]:
    """Return the context of each article, with the suffixes that titles of all articles share."""
    shared = replace(context, title_suffixes=_shared_suffixes(titles_and_urls))
    pointer = context.pointer
    return (replace(shared, pointer=f"{pointer}/{index}" if pointer else "") for index in count())


def _shared_suffixes(titles_and_urls: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    from copydesk.metadata import titles  # noqa: PLC0415  slow to import

    return titles.shared_suffixes(titles_and_urls)


def _clean_all(
    reads: Iterable[Read],
    contexts: Iterable[ItemContext],
    options: Options,
    limits: Limits,
    observer: Observer,
) -> Iterator[Outcome]:
    def clean(read: Read, context: ItemContext) -> Outcome:
        clean_one = partial(clean_article, options=options, limits=limits, context=context, observer=observer)
        return clean_item(read, clean_one, observer.on_fault)

    # Unlike a generator, `map` does not keep the last document until the next one is requested.
    return map(clean, reads, contexts)


def _first_chunks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the first bytes of a body. Their last line may be cut off."""
    size = 0
    for chunk in chunks:
        yield chunk[: _MAX_TITLE_BYTES - size]
        size += len(chunk)
        if size >= _MAX_TITLE_BYTES:
            return


def _read_lines(chunks: Iterable[bytes], limits: Limits) -> Iterator[Read]:
    """Return functions that parse the lines of a body, without blank ones."""
    lines = filter(_is_not_blank, _split_lines(chunks, limits.max_body_bytes))
    return map(partial(_read_line, limits=limits), lines)


def _read_line(line: bytes | None, limits: Limits) -> Read:
    if line is None:
        maximum = limits.max_body_bytes
        error = LimitExceeded(f"The line has more than {maximum} bytes.", limit=maximum, unit="bytes")
        return partial(_raise, error)
    return partial(strict_json.loads, line, limits.max_json_depth)


def _split_lines(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes | None]:
    """Yield the lines of a body, and None for each that is longer than a limit. Those are not kept."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        for index, part in enumerate(chunk.split(b"\n")):
            if index:
                yield _join(parts) if size <= max_bytes else None
                parts, size = [], 0
            size += len(part)
            if size <= max_bytes:
                parts.append(part)
            else:
                parts.clear()
    yield _join(parts) if size <= max_bytes else None


def _join(parts: list[bytes]) -> bytes:
    """Join the parts of a line and remove them from their list, which is kept longer."""
    line = b"".join(parts)
    parts.clear()
    return line


def _is_not_blank(line: bytes | None) -> bool:
    return line is None or bool(line and not line.isspace())


def _return(document: Json) -> Json:
    return document


def _raise(error: Exception) -> NoReturn:
    raise error


def _keep(read: Read) -> Read:
    """Read now and keep the document. An unreadable one is read again in its turn, to report the error."""
    try:
        return partial(_return, read())
    except Exception:  # noqa: BLE001  a bug must not fail the other documents
        return read


def _unpack(packed: bytes | Exception, max_depth: int) -> Read:
    if isinstance(packed, Exception):
        return partial(_raise, packed)
    return partial(strict_json.loads, packed, max_depth)


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
