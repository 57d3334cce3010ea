"""The functions of the package: cleaning and repair in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from itertools import islice
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack, cast

from copydesk import batch, contract, stages
from copydesk.article import Article, ArticleWarning, Change, CleanArticle, Options
from copydesk.batch import Read
from copydesk.byte_fields import BYTES, Bytes, encode_bytes
from copydesk.changes.explain import explain_plan
from copydesk.changes.report import report_changes
from copydesk.cleaning import Observer, clean_article, clean_content, show_fault
from copydesk.document import DATE_FIELDS, Document, join_path
from copydesk.errors import ProblemError, ValidationFailed
from copydesk.ingest import Content
from copydesk.limits import NO_LIMITS

if TYPE_CHECKING:
    from copydesk.typed_dicts import ChangeDict, OptionsDict, RawArticleDict

AnyArticle: TypeAlias = "str | Mapping[str, Any] | RawArticleDict | Article | CleanArticle"
"""An article: its text, a mapping with the fields of `POST /v1/articles`, an `Article`, or a clean article."""

AnyOptions: TypeAlias = "Options | Mapping[str, object] | OptionsDict"


_OBSERVER = Observer(on_fault=show_fault)
# As in JSON: more digits are too slow to convert.
_MAX_INTEGER_BITS = 14_000
_REPAIR_MODES = ("safe", "standard", "aggressive")
_ARTICLE_TYPES = (str, Mapping, Article, CleanArticle)
_AN_ARTICLE = "a string, a mapping or an Article"
_FOR_BYTES = "Use copydesk.clean_page for bytes."


@dataclass(frozen=True, slots=True)
class Repair:
    """A repaired text.

    Attributes:
        text: the repaired text.
        changes: every change, with its position, `before`, `after` and plan.
        warnings: damage that was found and not repaired.
    """

    text: str
    changes: tuple[Change, ...]
    warnings: tuple[ArticleWarning, ...]


def clean(article: AnyArticle, options: AnyOptions | None = None, **overrides: Unpack[OptionsDict]) -> CleanArticle:
    """Clean one article.

    Args:
        article: the text of an article, a mapping with the fields of `POST /v1/articles` (`text`, `html`, `title`,
            `authors`, `published` …; dates may be `datetime` or `date`, `html` and `text` may be bytes), an `Article`,
            or a `CleanArticle`.
        options: the options, as `Options` or a mapping. An article's own `options` take precedence.
        **overrides: single options by name: `clean(text, quotes="plain")`.

    Returns:
        The clean article with every change and warning. Its `to_dict()` is the JSON of the HTTP service.

    Raises:
        ValidationFailed: a field or an option is invalid. Its `errors` are those of the service's 422.
        TypeError: an argument has another type, such as bytes.
        UnreadableContent: `content_base64` is not text, or a page cannot be parsed.
        MissingDependency: the article is a page, and `copydesk[html]` is not installed.

    >>> article = clean({"title": "Russiaâ€™s envoy", "text": "The envoy  arrived."})
    >>> article.title, article.text
    ('Russia’s envoy', 'The envoy arrived.')
    >>> article.changes[0].before, article.changes[0].after
    ('  ', ' ')
    """
    _check_type("article", article, _ARTICLE_TYPES, _AN_ARTICLE, _FOR_BYTES)
    return clean_article(_as_document(article), contract.merge_options(options, overrides), NO_LIMITS)


def clean_page(
    data: bytes | str,
    url: str | None = None,
    content_type: str | None = None,
    options: AnyOptions | None = None,
    **overrides: Unpack[OptionsDict],
) -> CleanArticle:
    """Clean the article of a web page, or of a plain text in an unknown encoding.

    Args:
        data: the page as bytes in any encoding, or as decoded HTML.
        url: the URL of the page.
        content_type: the `Content-Type` header of the page. It is only used with bytes.
        options: the options, as `Options` or a mapping.
        **overrides: single options by name.

    Returns:
        The clean article. Its `encoding` says how the bytes were decoded.

    Raises:
        ValidationFailed: the URL or an option is invalid.
        TypeError: an argument has another type.
        UnreadableContent: the bytes are not text, or the page cannot be parsed.
        MissingDependency: `data` is a page, and `copydesk[html]` is not installed.

    >>> page = clean_page("Le café".encode("latin-1"), content_type="text/plain; charset=iso-8859-1")
    >>> page.text, page.encoding and page.encoding.name
    ('Le café', 'windows-1252')
    """
    merged = contract.merge_options(options, overrides)
    _check_type("url", url, (str, type(None)), "a string or None")
    if isinstance(data, str):
        document = {"html": data} if url is None else {"html": data, "url": url}
        return clean_article(document, merged, NO_LIMITS)
    content = _as_content(data, content_type)
    return clean_content(content, contract.load_page_url(url), merged, NO_LIMITS)


def clean_many(
    articles: Iterable[AnyArticle],
    options: AnyOptions | None = None,
    *,
    batch_size: int = 1_000,
    **overrides: Unpack[OptionsDict],
) -> Iterator[CleanArticle | ProblemError]:
    """Clean many articles. An invalid article does not fail the others.

    The titles of one batch and one site are compared: a suffix that they share is the name of the site.

    Args:
        articles: articles as for `clean`. They are read one batch at a time.
        options: the options, as `Options` or a mapping. An article's own `options` take precedence.
        batch_size: the number of articles in a batch.
        **overrides: single options by name.

    Yields:
        The clean article, or the error that `clean` would raise, in the order of the articles. An unexpected exception
        is yielded as an `InternalError`. An error of the iterable is raised after the results of its articles.

    Raises:
        ValidationFailed: an option is invalid.
        TypeError: `articles` is a single article, or `options` have another type.
        ValueError: `batch_size` is less than 1.

    >>> for result in clean_many(["Russiaâ€™s envoy", {"txt": "A typo."}]):
    ...     print(result.text if isinstance(result, CleanArticle) else result)
    Russia’s envoy
    2 fields are invalid; see `errors`. /text: Send `text`, `html` or `content_base64`.
    """
    if isinstance(articles, (bytes, *_ARTICLE_TYPES)):
        raise TypeError("articles must be an iterable of articles, not one article.")
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1.")
    return _clean_batches(iter(articles), contract.merge_options(options, overrides), batch_size)


def clean_feed(
    data: bytes | str,
    content_type: str | None = None,
    options: AnyOptions | None = None,
    **overrides: Unpack[OptionsDict],
) -> Iterator[CleanArticle | ProblemError]:
    """Clean the entries of a feed: RSS or Atom. A broken entry does not fail the others.

    Args:
        data: the feed as bytes in any encoding, or decoded.
        content_type: the `Content-Type` header of the feed. It is only used with bytes.
        options: the options, as `Options` or a mapping.
        **overrides: single options by name.

    Yields:
        For each entry the clean article or the error, in the order of the feed.

    Raises:
        ValidationFailed: an option is invalid.
        TypeError: an argument has another type.
        UnreadableContent: the data is not a feed.
        MissingDependency: `copydesk[html]` is not installed.

    >>> feed = "<rss><channel><title>News</title><item><title>Rain</title></item></channel></rss>"
    >>> [(article.source, article.title) for article in clean_feed(feed)]
    [('News', 'Rain')]
    """
    content = data if isinstance(data, str) else _as_content(data, content_type)
    merged = contract.merge_options(options, overrides)
    return (outcome.result for outcome in batch.clean_feed(content, merged, NO_LIMITS, _OBSERVER))


def _as_content(data: object, content_type: object) -> Content:
    """Check bytes and their Content-Type header."""
    _check_type("data", data, BYTES, "bytes or a string")
    _check_type("content_type", content_type, (str, type(None)), "a string or None")
    return Content.from_header(bytes(cast("Bytes", data)), cast("str | None", content_type))


def _check_type(name: str, value: object, types: tuple[type, ...], expected: str, hint: str = "") -> None:
    """Raise TypeError for an argument of another type."""
    if not isinstance(value, types):
        raise TypeError(_describe_type(name, value, expected, hint))


def _describe_type(name: str, value: object, expected: str, hint: str) -> str:
    return f"{name} must be {expected}, not {type(value).__name__}. {hint}".strip()


def _clean_batches(
    articles: Iterator[AnyArticle], options: Options, batch_size: int
) -> Iterator[CleanArticle | ProblemError]:
    failure: Exception | None = None
    while failure is None:
        reads: list[Read] = []
        try:
            for article in islice(articles, batch_size):
                reads.append(partial(_as_document, article))  # noqa: PERF401  keeps the articles before an error
        except Exception as error:  # noqa: BLE001  the caller's error, raised after the results
            failure = error
        if not reads:
            break
        yield from (outcome.result for outcome in batch.clean_reads(reads, options, NO_LIMITS, _OBSERVER))
    if failure is not None:
        raise failure


def repair(
    text: str,
    mode: Literal["safe", "standard", "aggressive"] = "standard",
    declared_charset: str | None = None,
) -> Repair:
    """Repair the encoding of a text. Nothing else is changed, except that a byte order mark is removed.

    Args:
        text: the text.
        mode: the value of the option `repair`: `safe` only makes exact repairs without any doubt, `aggressive` also
            makes likely ones.
        declared_charset: the charset that the text was decoded with, if known.

    Returns:
        The repaired text, its changes and warnings.

    Raises:
        ValidationFailed: `mode` is invalid, or `declared_charset` too long.
        TypeError: an argument has another type, such as bytes.

    >>> repair("Russiaâ€™s  envoy").text
    'Russia’s  envoy'
    """
    if mode not in _REPAIR_MODES:
        raise ValidationFailed([{"pointer": "/mode", "detail": f"Send one of: {', '.join(_REPAIR_MODES)}."}])
    _check_type("text", text, (str,), "a string", _FOR_BYTES)
    _check_type("declared_charset", declared_charset, (str, type(None)), "a string or None")
    raw = contract.load_text({"text": text, "declared_charset": declared_charset})
    document = stages.repair_until_stable(Document.from_article(Article(**raw)), Options(repair=mode))
    changes = report_changes(document.texts, ())
    return Repair(document.texts["text"].text, changes, tuple(stages.repair_warnings(document)))


def fix_text(text: str) -> str:
    r"""Return a text with its encoding repaired: a replacement for `ftfy.fix_text`.

    Nothing else is changed: no quotes, ligatures, widths, line breaks or control characters, such as NUL.

    Raises:
        TypeError: `text` is not a string.

    >>> fix_text("â€œLa VÃ©ritÃ©â€\x9d")
    '“La Vérité”'
    """
    return repair(text).text


def explain(change: Change | ChangeDict) -> str:
    """Explain a change in one sentence.

    Args:
        change: a change of a result, or its JSON.

    Raises:
        ValueError: the change has no plan, as with `changes="summary"`.
        KeyError: the plan has an unknown step.

    >>> explain(repair("Russiaâ€™s").changes[0])
    'The UTF-8 bytes E2 80 99 had been read as Windows-1252; read as UTF-8 they are ’.'
    """
    if isinstance(change, Change):
        return explain_plan(change.plan, change.before)
    if not isinstance(change, Mapping) or "plan" not in change:
        raise ValueError("The change has no plan: clean with changes='full'.")
    return explain_plan(tuple(map(tuple, change["plan"])), change["before"])


def _as_document(article: AnyArticle) -> Any:
    """Return an article as a document of the wire contract.

    Raises:
        ValidationFailed: the article has another type, or JSON cannot hold a value.
    """
    if isinstance(article, str):
        return {"text": article}
    if isinstance(article, CleanArticle):
        article = article.to_raw()
    elif isinstance(article, Article):
        article = contract.dump_article_fields(article)
    if not isinstance(article, Mapping):
        detail = _describe_type("The article", article, _AN_ARTICLE, _FOR_BYTES)
        raise ValidationFailed([{"pointer": "", "detail": detail}])
    return {str(name): _field_as_json(str(name), value) for name, value in encode_bytes(article).items()}


def _field_as_json(name: str, value: Any) -> Any:
    if name == "extra":
        return _as_json(value, "/extra", NO_LIMITS.max_json_depth)
    if isinstance(value, date) and name in DATE_FIELDS:
        return value.isoformat()
    if isinstance(value, Options) and name == "options":
        return asdict(value)
    if isinstance(value, int) and value.bit_length() > _MAX_INTEGER_BITS:
        raise ValidationFailed([{"pointer": join_path("", name), "detail": "Number out of range."}])
    return list(value) if isinstance(value, tuple) else value


def _as_json(value: Any, pointer: str, max_depth: int) -> Any:
    """Return a value of `extra` as JSON has it: dates as strings, tuples as lists.

    Raises:
        ValidationFailed: JSON has no such value.
    """
    if value is None or isinstance(value, str | int) or (isinstance(value, float) and isfinite(value)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    detail = f"Not a JSON value: {value!r:.80}."
    if max_depth == 0:
        detail = f"Nested deeper than {NO_LIMITS.max_json_depth} levels."
    elif isinstance(value, list | tuple):
        return [_as_json(item, f"{pointer}/{index}", max_depth - 1) for index, item in enumerate(value)]
    elif isinstance(value, Mapping):
        if all(isinstance(key, str) for key in value):
            return {key: _as_json(item, join_path(pointer, key), max_depth - 1) for key, item in value.items()}
        detail = "Send keys that are strings."
    raise ValidationFailed([{"pointer": pointer, "detail": detail}])
