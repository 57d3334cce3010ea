"""Many articles at once, each on its own: what is wrong with one is told in its place and never costs its neighbours.

Items are made one by one, as they are asked for: an answer can be sent while it is made, and when nobody asks for the
next one any more, no work is done for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import BytesIO
from itertools import count, repeat
from typing import TypeAlias

from svc import service, strict_json
from svc.core.article import Json, Options
from svc.core.metadata import titles
from svc.errors import CopydeskError, InternalError
from svc.settings import Settings

Item: TypeAlias = dict[str, Json]
Read: TypeAlias = Callable[[], Json]

# Bytes of NDJSON whose articles are kept as they were read. In memory they may take thirty times as much (`{"a":{}}`).
_MOST_KEPT = 1 << 21

_log = logging.getLogger("copydesk")


def of_document(
    document: Json, defaults: Options, settings: Settings, seen: service.Seen = service.UNSEEN
) -> Iterator[Item]:
    """Clean the articles of `{"articles": […], "options": …}`; `seen` is told of each clean one.

    Returns:
        For each article, in order, `{"index", "article"}` or `{"index", "problem"}`.

    Raises:
        InvalidInput: the document is no batch. What is wrong with single articles is told in their place instead.
        OverLimit: there are too many articles.
    """
    articles, options = service.read_batch(document, defaults, settings)
    endings = titles.shared(_titles(articles))
    reads: Iterable[Read] = (partial(lambda article: article, article) for article in articles)
    clean = partial(service.clean_article, defaults=options, settings=settings, seen=seen)
    return _items(reads, clean, (service.Place(f"/articles/{at}", endings) for at in count()))


def of_lines(data: bytes, defaults: Options, settings: Settings, seen: service.Seen = service.UNSEEN) -> Iterator[Item]:
    """Clean the articles of NDJSON, one a line; `seen` is told of each clean one. Blank lines are skipped.

    A line that is no JSON is a problem in its place, like any other.
    """

    def reads() -> Iterable[Read]:
        return (partial(strict_json.loads, line, settings.max_json_depth) for line in _lines(data))

    # All are read once for their titles, before the first is cleaned; what is small is not read again.
    kept = [_kept(read) for read in reads()] if len(data) <= _MOST_KEPT else None
    endings = titles.shared(_titles(_readable(kept or reads())))
    clean = partial(service.clean_article, defaults=defaults, settings=settings, seen=seen)
    return _items(kept or reads(), clean, repeat(service.Place(endings=endings)))


def _items(reads: Iterable[Read], clean: Callable[..., Item], places: Iterable[service.Place]) -> Iterator[Item]:
    for index, (read, place) in enumerate(zip(reads, places, strict=False)):
        try:
            article = clean(read(), place=place)
        except CopydeskError as error:
            yield {"index": index, "problem": error.problem()}
        except Exception:  # noqa: BLE001  a fault in one must not take the others, and half the answer may be sent
            _log.exception("article %d of a batch failed", index)
            yield {"index": index, "problem": InternalError("This was our fault. The log has it.").problem()}
        else:
            yield {"index": index, "article": article}


def _lines(data: bytes) -> Iterator[bytes]:
    return (line for line in BytesIO(data) if line.strip())


def _kept(read: Read) -> Read:
    """Read now, and remember it; what can't be read is read again when its turn comes, to tell why."""
    try:
        document = read()
    except CopydeskError:
        return read
    return lambda: document


def _readable(reads: Iterable[Read]) -> Iterator[Json]:
    for read in reads:
        try:
            yield read()
        except CopydeskError:
            continue  # told when its turn comes


def _titles(articles: Iterable[Json]) -> Iterator[tuple[str, str]]:
    """Yield the titles of a batch that has not been checked yet, with their addresses."""
    for document in articles:
        if isinstance(document, dict):
            title, url = document.get("title"), document.get("url")
            if isinstance(title, str) and isinstance(url, str):
                yield title, url
