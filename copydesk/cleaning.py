"""Cleaning one document: validation, limits and a timeout around the pipeline.

    JSON  -> contract.load_article -> ingest.build_article -> Article -> pipeline.clean -> CleanArticle
    bytes -> ingest.Content ----------^

The HTTP service, the command, Spark and the functions of the package share it.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from copydesk import contract, pipeline, timeouts
from copydesk.article import Article, ArticleWarning, CleanArticle, Encoding, Json, Options
from copydesk.document import extra_strings
from copydesk.errors import InternalError, LimitExceeded, MissingDependency, ProblemError
from copydesk.ingest import Content, build_article
from copydesk.limits import NO_LIMITS, Limits
from copydesk.metadata import urls

# The longest NFKC form of a character.
_MAX_NFKC_CHARS = 18

_log = logging.getLogger("copydesk")


def _ignore_article(_: CleanArticle) -> None:
    """Do nothing."""


def ignore_sizes(_: Sequence[int]) -> None:
    """Do nothing."""


def log_fault(error: Exception) -> InternalError:
    """Log an unexpected exception and describe it without its details, which may be confidential."""
    _log.error("cleaning an article failed", exc_info=error)
    return InternalError("Internal error. The log has the details.")


def show_fault(error: Exception) -> InternalError:
    """Describe an unexpected exception with its type and message."""
    return InternalError(f"{type(error).__name__}: {error}")


@dataclass(frozen=True, slots=True)
class Observer:
    """Callbacks.

    Attributes:
        on_article: called with each clean article.
        on_stage: called with the name of each stage when it is done; the first is "ingest".
        on_fault: called with an unexpected exception of one of many documents; returns the error to report.
        on_kept: called with the sizes in bytes of the documents that are kept of a batch; it may raise an error.
    """

    on_article: Callable[[CleanArticle], None] = _ignore_article
    on_stage: pipeline.OnStage = pipeline.ignore_stage
    on_fault: Callable[[Exception], ProblemError] = log_fault
    on_kept: Callable[[Sequence[int]], None] = ignore_sizes


NULL_OBSERVER = Observer()


@dataclass(frozen=True, slots=True)
class ItemContext:
    """The context of an article in a batch.

    Attributes:
        pointer: the JSON Pointer of its document in the request, for the errors.
        title_suffixes: the folded suffixes that titles of a site share, by site.
        encoding: how the bytes of the whole batch were decoded, if that was not done by the caller.
        warnings: the warnings about it.
    """

    pointer: str = ""
    title_suffixes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    encoding: Encoding | None = None
    warnings: tuple[ArticleWarning, ...] = ()


NO_CONTEXT = ItemContext()


def clean_article(
    document: object,
    options: Options,
    limits: Limits,
    context: ItemContext = NO_CONTEXT,
    observer: Observer = NULL_OBSERVER,
) -> CleanArticle:
    """Clean one raw article.

    Args:
        document: the parsed JSON, of any shape.
        options: the options; the article's own `options` take precedence.
        limits: the limits.
        context: the context in a batch.
        observer: the callbacks.

    Returns:
        The clean article.

    Raises:
        ValidationFailed: the document is not a raw article.
        LimitExceeded: its text is too long, or would be when it is clean.
        UnreadableContent: its bytes are not text, its page cannot be parsed, or its content is a feed or JSON.
        MissingDependency: it is a page, and the extra for pages is not installed.
        ProcessingTimeout: it took too long.
    """
    raw = contract.load_article(document, context.pointer)
    options = _own_options(raw, options)
    data, content_type, html = raw.pop("content_base64", None), raw.pop("content_type", None), raw.pop("html", None)
    content = None if data is None else Content.from_header(data, content_type)
    site_name = raw.pop("site_name", None)
    stated = {"source": site_name} | raw if site_name else raw

    def build() -> Article:
        _check_size(content, limits)
        article = build_article(stated, html=html, content=content, pointer=context.pointer)
        if context.encoding is None:
            return article
        return replace(article, encoding=context.encoding, warnings=(*context.warnings, *article.warnings))

    return _clean(build, options, limits, observer, context)


def clean_content(
    content: Content,
    url: str | None,
    options: Options,
    limits: Limits,
    observer: Observer = NULL_OBSERVER,
) -> CleanArticle:
    """Clean one article given as bytes: a page or a plain text.

    Args:
        content: the bytes, with the type and charset of their HTTP header.
        url: the valid URL of the page, if known.
        options: the options.
        limits: the limits.
        observer: the callbacks.

    Raises:
        ProblemError: see `clean_article`.
    """

    def build() -> Article:
        _check_size(content, limits)
        return build_article({"url": url} if url else {}, content=content)

    return _clean(build, options, limits, observer)


def clean_text(
    source: Json | Content,
    options: Options,
    limits: Limits,
    observer: Observer = NULL_OBSERVER,
) -> CleanArticle:
    """Clean a bare text, given as `{"text": …, "options": …}` or as bytes. No line is removed as boilerplate.

    If the bytes are a page, the text is that of its article.

    Raises:
        ProblemError: see `clean_article`.
    """
    raw = {} if isinstance(source, Content) else contract.load_text(source)
    options = replace(_own_options(raw, options), boilerplate="keep", extract_metadata=False)

    def build() -> Article:
        if not isinstance(source, Content):
            return Article(**raw)
        _check_size(source, limits)
        page = build_article({}, content=source)
        return Article(text=page.text, encoding=page.encoding, warnings=page.warnings)

    return _clean(build, options, limits, observer, is_bare_text=True)


def _clean(  # noqa: PLR0913  keyword arguments with defaults
    build: Callable[[], Article],
    options: Options,
    limits: Limits,
    observer: Observer,
    context: ItemContext = NO_CONTEXT,
    *,
    is_bare_text: bool = False,
) -> CleanArticle:
    """Build an article and clean it within the limits of time and length. A bare text is never read as HTML."""
    with timeouts.limit(limits.article_timeout):
        article = build()
        in_extra = sum(map(len, extra_strings(article)))
        text_has = "text and the strings of `extra` have" if in_extra else "text has"
        _check_length(len(article.text) + in_extra, limits, text_has)
        if options.normalization == "NFKC" and len(article.text) * _MAX_NFKC_CHARS > limits.max_text_characters:
            _check_length(len(unicodedata.normalize("NFKC", article.text)), limits, "normalized text has")
        observer.on_stage("ingest")
        suffixes = _find_title_suffixes(article, context)
        cleaned = pipeline.clean(article, options, suffixes, observer.on_stage, reads_html=not is_bare_text)
        if not is_bare_text:
            contract.check_clean_article(cleaned, context.pointer)
        _check_length(len(cleaned.text), limits, "clean text has")
    observer.on_article(cleaned)
    return cleaned


def _find_title_suffixes(article: Article, context: ItemContext) -> frozenset[str]:
    """Return the suffixes that titles of the article's site share in the batch."""
    site = urls.domain(article.url) if context.title_suffixes and article.url else None
    return context.title_suffixes.get(site, frozenset()) if site else frozenset()


class Outcome(NamedTuple):
    """The outcome of one of many documents: the clean article or an error, and the document if it was read."""

    result: CleanArticle | ProblemError
    document: Json


def clean_item(
    read: Callable[[], Json],
    clean: Callable[[Json], CleanArticle],
    on_fault: Callable[[Exception], ProblemError] = log_fault,
) -> Outcome:
    """Read and clean one of many documents. No error is raised, so that one document does not fail the others.

    Args:
        read: returns the document.
        clean: cleans the document.
        on_fault: called with an unexpected exception; returns the error to report.
    """
    document: Json = None
    try:
        document = read()
        return Outcome(clean(document), document)
    except ProblemError as error:
        return Outcome(error, document)
    except Exception as error:  # noqa: BLE001  a bug must not fail the other documents
        return Outcome(on_fault(error), document)


def warm_up() -> None:
    """Load all tables, so that no request waits for them and forked workers share them."""
    pipeline.warm_up()
    page = Content(b"<!doctype html><html><body><p>A page.</p></body></html>", "text/html")
    with suppress(MissingDependency):
        clean_content(page, None, Options(), NO_LIMITS)


def _own_options(raw: dict[str, Any], defaults: Options) -> Options:
    """Remove an article's own options from its fields and merge them with the defaults."""
    own = raw.pop("options", None)
    return replace(defaults, **own) if own else defaults


def _check_size(content: Content | None, limits: Limits) -> None:
    maximum = limits.max_body_bytes
    if content and len(content.data) > maximum:
        raise LimitExceeded(
            f"The content has {len(content.data)} bytes; the limit is {maximum}.", limit=maximum, unit="bytes"
        )


def _check_length(length: int, limits: Limits, subject: str) -> None:
    maximum = limits.max_text_characters
    if length > maximum:
        detail = f"The {subject} {length} characters; the limit is {maximum}."
        raise LimitExceeded(detail, limit=maximum, unit="characters")
