"""The straight walk, for whoever carries an article in: the HTTP edge and the command line share it.

JSON -> schemas.RawArticle -> arrival.arrive -> Article -> desk.clean -> Cleaned -> schemas.CleanArticle -> JSON
bytes -> arrival.Content ----^
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from marshmallow import ValidationError

import schemas
from svc import __version__, watchdog
from svc.core import arrival, desk
from svc.core.arrival import Content
from svc.core.article import Article, Cleaned, Json, Options
from svc.core.metadata import urls
from svc.errors import InvalidInput, NotInstalled, OverLimit, UnreadableContent
from svc.settings import Settings

_RAW_ARTICLE, _RAW_TEXT, _BATCH = schemas.RawArticle(), schemas.RawText(), schemas.BatchRequest()
_WRITE_ARTICLE, _WRITE_TEXT = schemas.writer(schemas.CleanArticle()), schemas.writer(schemas.CleanText())
_OPTIONS, _ADDRESS, _QUERIED = schemas.Options(), schemas.PageAddress(), schemas.QueriedAddress()

_DEFAULT = Options()
_SWITCHES = {"true": True, "false": False}


def _unseen(_: Cleaned) -> None:
    """Stand in for whoever looks at what was cleaned, where nobody does."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Who is told of each clean article; and of each stage when it is done, the first being "arrive"."""

    article: Callable[[Cleaned], None] = _unseen
    stage: desk.Watch = desk.unwatched


UNSEEN = Seen()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands.

    `root` is the pointer of its document in the body, for the errors; `endings` are what titles end in that is their
    site's, by domain, where a batch tells.
    """

    root: str = ""
    endings: Mapping[str, frozenset[str]] = field(default_factory=dict)


ALONE = Place()


def clean_article(
    document: Json,
    defaults: Options,
    settings: Settings,
    place: Place = ALONE,
    seen: Seen = UNSEEN,
) -> dict[str, Json]:
    """Clean one raw article.

    Args:
        document: the parsed JSON, of any shape.
        defaults: the options for what the article's own leave open.
        settings: the limits.
        place: where in a batch it stands.
        seen: is told of the stages and the clean article.

    Returns:
        The clean article as JSON.

    Raises:
        InvalidInput: the document is not a raw article.
        OverLimit: its text is too long.
        UnreadableContent: its bytes are no text, or its page can't be read.
        NotInstalled: it is a page, and what reads pages is not installed.
        TakesTooLong: it was given up.
    """
    raw = _load(_RAW_ARTICLE, document, place.root)
    options = _options(raw, defaults)
    data, content_type, html = raw.pop("content_base64", None), raw.pop("content_type", None), raw.pop("html", None)
    content = None if data is None else Content.of(data, content_type)
    _check_size(content, settings)
    site_name = raw.pop("site_name", None)
    with watchdog.limit(settings.article_seconds):
        article = _arrive({"source": site_name} | raw if site_name else raw, settings, html=html, content=content)
        site = urls.domain(article.url) if place.endings and article.url else None
        shared = place.endings.get(site, frozenset()) if site else frozenset()
        seen.stage("arrive")
        cleaned = desk.clean(article, options, shared, seen.stage)
    return _written(_WRITE_ARTICLE, cleaned, seen)


def clean_content(
    content: Content,
    url: str | None,
    options: Options,
    settings: Settings,
    seen: Seen = UNSEEN,
) -> dict[str, Json]:
    """Clean one article that came as bytes: a page or a plain text; raises as `clean_article` does.

    Args:
        content: the bytes, with the type and charset of their HTTP header.
        url: the address of the page, if it is known; what is none (of `Content-Location`, say) is as good as nothing.
        options: what may be done.
        settings: the limits.
        seen: is told of the stages and the clean article.
    """
    _check_size(content, settings)
    known = {"url": url} if url and not _ADDRESS.validate({"url": url}) else {}
    with watchdog.limit(settings.article_seconds):
        article = _arrive(known, settings, content=content)
        seen.stage("arrive")
        cleaned = desk.clean(article, options, watch=seen.stage)
    return _written(_WRITE_ARTICLE, cleaned, seen)


def clean_text(came: Json | Content, defaults: Options, settings: Settings, seen: Seen = UNSEEN) -> dict[str, Json]:
    """Clean a bare text, given as `{"text": …, "options": …}` or as bytes; raises as `clean_article` does.

    Of a page it is the text of its article.
    """
    with watchdog.limit(settings.article_seconds):
        article, options = _text(came, defaults, settings)
        # A text is a text: no line of it is taken for the page around an article.
        seen.stage("arrive")
        cleaned = desk.clean(article, replace(options, boilerplate="keep", extract_metadata=False), watch=seen.stage)
    return _written(_WRITE_TEXT, cleaned, seen)


def _text(came: Json | Content, defaults: Options, settings: Settings) -> tuple[Article, Options]:
    if isinstance(came, Content):
        _check_size(came, settings)
        arrived = _arrive({}, settings, content=came)
        return Article(text=arrived.text, encoding=arrived.encoding, remarks=arrived.remarks), defaults
    raw = _load(_RAW_TEXT, came)
    options = _options(raw, defaults)
    article = Article(**raw)
    _check_length(article.text, settings)
    return article, options


def warm_up() -> None:
    """Load everything now (a second), so that no request pays for it and forked workers share it."""
    desk.warm_up()
    page = Content(b"<!doctype html><html><body><p>A page.</p></body></html>", "text/html")
    with suppress(NotInstalled):
        clean_content(page, None, Options(), Settings())


def read_batch(document: Json, defaults: Options, settings: Settings) -> tuple[list[Json], Options]:
    """Read `{"articles": […], "options": …}`: the articles, not checked yet, and the options for all of them.

    Raises:
        InvalidInput: the document is no batch.
        OverLimit: there are too many articles.
    """
    raw = _load(_BATCH, document)
    articles, most = raw["articles"], settings.max_batch_articles
    if len(articles) > most:
        raise OverLimit(f"Send at most {most} articles at once, not {len(articles)}.", limit=most, unit="articles")
    return articles, _options(raw, defaults)


def read_url(said: list[str]) -> str:
    """Read the address of a page from the query.

    Raises:
        InvalidInput: it is none, or there twice.
    """
    _refuse_parameters({"url": ["Send this once."]} if len(said) > 1 else _QUERIED.validate({"url": said[0]}))
    return said[0].strip()


def read_options(query: Mapping[str, list[str]]) -> Options:
    """Read options from query parameters.

    Raises:
        InvalidInput: a parameter is no option, has no such value, or is there twice.
    """
    if not query:
        return _DEFAULT
    values: dict[str, Any] = {name: _SWITCHES.get(said[-1], said[-1]) for name, said in query.items()}
    twice = {name: ["Send this once."] for name, said in query.items() if len(said) > 1}
    _refuse_parameters(twice | _OPTIONS.validate(values))
    return replace(Options(), **values)


def _refuse_parameters(messages: Mapping[str, Any]) -> None:
    if messages:
        errors = [{"parameter": e["pointer"][1:], "detail": e["detail"]} for e in schemas.pointers(messages)]
        raise InvalidInput(errors, most=schemas.MOST_ERRORS)


def _load(schema: schemas.Refusing, document: Json, root: str = "") -> dict[str, Any]:
    """Check a document by its schema; what is null was not sent."""
    try:
        loaded = schema.read(document)
    except ValidationError as error:
        raise InvalidInput(schemas.pointers(error.messages, root), most=schemas.MOST_ERRORS) from error
    return {name: value for name, value in loaded.items() if value is not None}


def _options(raw: dict[str, Any], defaults: Options) -> Options:
    own = raw.pop("options", None)
    return replace(defaults, **own) if own else defaults


def _arrive(
    stated: dict[str, Any], settings: Settings, *, html: str | None = None, content: Content | None = None
) -> Article:
    try:
        article = arrival.arrive(stated, html=html, content=content)
    except arrival.Unreadable as error:
        raise UnreadableContent(str(error)) from error
    except arrival.MissingExtra as error:
        raise NotInstalled(str(error)) from error
    _check_length(article.text, settings)
    return article


def _check_size(content: Content | None, settings: Settings) -> None:
    """Refuse a page that a compressed body held, if it is larger than one that comes as it is may be."""
    most = settings.max_body_bytes
    if content and len(content.data) > most:
        raise OverLimit(f"The content has {len(content.data)} bytes; send at most {most}.", limit=most, unit="bytes")


def _check_length(text: str, settings: Settings) -> None:
    most = settings.max_text_characters
    if len(text) > most:
        raise OverLimit(f"The text has {len(text)} characters; send at most {most}.", limit=most, unit="characters")


def _written(write: Callable[[Cleaned], dict[str, Json]], cleaned: Cleaned, seen: Seen) -> dict[str, Json]:
    seen.article(cleaned)
    document = write(cleaned)
    document["version"] = __version__
    return document
