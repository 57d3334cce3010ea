"""The wire contract, applied: checks documents and parameters by the schemas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from functools import lru_cache
from typing import Any

from marshmallow import ValidationError

from copydesk._layout import schemas
from copydesk.article import Article, CleanArticle, Json, Options
from copydesk.errors import ValidationFailed
from copydesk.raw_fields import KEPT_FIELDS

_ARTICLE, _TEXT, _BATCH = schemas.RawArticle(), schemas.RawText(), schemas.BatchRequest()
_OPTIONS, _PAGE_URL, _QUERY_URL = schemas.Options(), schemas.PageUrl(), schemas.QueryUrl()

_DEFAULT_OPTIONS = Options()
_BOOLEANS = {"true": True, "false": False}
# `site_name` is a second name for `source`; `Article` has only the latter.
_ARTICLE_FIELDS = tuple(field.name for field in fields(Article) if field.name in _ARTICLE.load_fields)


def load_article(document: object, pointer: str = "") -> dict[str, Any]:
    """Check a raw article and return its fields, without those that are null.

    Args:
        document: the parsed JSON.
        pointer: the JSON Pointer of the document in the request, for the errors.

    Raises:
        ValidationFailed: the document is not a raw article.
    """
    return _load(_ARTICLE, document, pointer)


def check_clean_article(article: CleanArticle, pointer: str = "") -> None:
    """Check that a clean article is a valid raw one: repairs and normalization may make a text longer.

    Args:
        article: the clean article.
        pointer: the JSON Pointer of its document in the request, for the errors.

    Raises:
        ValidationFailed: a field is invalid.
    """
    document = {name: getattr(article, name) for name in KEPT_FIELDS}
    document["authors"], document["tags"] = list(article.authors), list(article.tags)
    if _ARTICLE.is_surely_valid(document):
        return
    if messages := _ARTICLE.validate(document):
        errors = schemas.pointers(messages, pointer)
        cleaned = [error | {"detail": f"Invalid when it is clean: {error['detail']}"} for error in errors]
        raise ValidationFailed(cleaned, limit=schemas.MAX_ERRORS)


def load_text(document: object) -> dict[str, Any]:
    """Check `{"text": …, "options": …}`; otherwise like `load_article`."""
    return _load(_TEXT, document)


def load_batch(document: object) -> dict[str, Any]:
    """Check `{"articles": […], "options": …}`, but not the articles; otherwise like `load_article`."""
    return _load(_BATCH, document)


def dump_article_fields(article: Article) -> dict[str, Json]:
    """Return the fields of an article as a raw document, without those that are None."""
    values = {name: getattr(article, name) for name in _ARTICLE_FIELDS}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value is not None or name == "text"
    }


def merge_options(options: Options | Mapping[str, object] | None, overrides: Mapping[str, object]) -> Options:
    """Return options with some of them replaced.

    Raises:
        ValidationFailed: an option is unknown or has an invalid value.
        TypeError: `options` are neither a mapping nor `Options`.
    """
    base = _DEFAULT_OPTIONS
    if isinstance(options, Options):
        base = _check_options(options)
    elif isinstance(options, Mapping):
        base = _replace_options(base, options)
    elif options is not None:
        raise TypeError(f"options must be a mapping or copydesk.Options, not {type(options).__name__}.")
    return _replace_options(base, overrides) if overrides else base


def _check_options(options: Options) -> Options:
    try:
        return _check_hashable_options(options)
    except TypeError:  # a value of the wrong type may not be hashable
        return _replace_options(options, asdict(options))


@lru_cache(maxsize=256)
def _check_hashable_options(options: Options) -> Options:
    return _replace_options(options, asdict(options))


def _replace_options(options: Options, values: Mapping[str, Any]) -> Options:
    if messages := _OPTIONS.validate(dict(values)):
        raise ValidationFailed(schemas.pointers(messages, "/options"), limit=schemas.MAX_ERRORS)
    return replace(options, **values)


def parse_options(query: Mapping[str, list[str]]) -> Options:
    """Parse options from query parameters, each a list of its values.

    Raises:
        ValidationFailed: a parameter is unknown, repeated or has an invalid value.
    """
    if not query:
        return _DEFAULT_OPTIONS
    values: dict[str, Any] = {name: _BOOLEANS.get(given[-1], given[-1]) for name, given in query.items()}
    repeated = {name: ["Must not be repeated."] for name, given in query.items() if len(given) > 1}
    _check_parameters(repeated | _OPTIONS.validate(values))
    return replace(_DEFAULT_OPTIONS, **values)


def parse_url(given: list[str]) -> str:
    """Parse the URL of a page from the values of its query parameter.

    Raises:
        ValidationFailed: the URL is invalid or repeated.
    """
    _check_parameters({"url": ["Must not be repeated."]} if len(given) > 1 else _QUERY_URL.validate({"url": given[0]}))
    return given[0].strip()


def load_page_url(url: object) -> str | None:
    """Check the URL of a page and return it without spaces around it; None if it is blank.

    Raises:
        ValidationFailed: the URL is invalid.
    """
    try:
        loaded: str | None = _PAGE_URL.load({"url": url})["url"]
    except ValidationError as error:
        raise ValidationFailed(schemas.pointers(error.messages)) from None
    return loaded


def _check_parameters(messages: Mapping[str, Any]) -> None:
    if messages:
        errors = [
            {"parameter": error["pointer"][1:], "detail": error["detail"]} for error in schemas.pointers(messages)
        ]
        raise ValidationFailed(errors, limit=schemas.MAX_ERRORS)


def _load(schema: schemas.StrictSchema, document: object, pointer: str = "") -> dict[str, Any]:
    try:
        loaded = schema.read(document)
    except ValidationError as error:
        # A frame of the traceback refers to the error: a cycle that would keep the document in memory until the next
        # garbage collection.
        error.__traceback__ = None
        raise ValidationFailed(schemas.pointers(error.messages, pointer), limit=schemas.MAX_ERRORS) from None
    return {name: value for name, value in loaded.items() if value is not None}
