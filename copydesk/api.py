"""The functions of the package: cleaning and repair in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack

from copydesk import contract, stages
from copydesk.article import Article, ArticleWarning, Change, CleanArticle, Options
from copydesk.batch import clean_documents
from copydesk.changes.explain import explain_plan
from copydesk.changes.report import report_changes
from copydesk.cleaning import clean_article, clean_content
from copydesk.document import Document
from copydesk.errors import ProblemError, ValidationFailed
from copydesk.ingest import Content
from copydesk.limits import NO_LIMITS

if TYPE_CHECKING:
    from copydesk.typed_dicts import ChangeDict, OptionsDict, RawArticleDict

AnyArticle: TypeAlias = "str | Mapping[str, Any] | RawArticleDict | Article"
"""An article: its text, a mapping with the fields of `POST /v1/articles`, or an `Article`."""

AnyOptions: TypeAlias = "Options | Mapping[str, object] | OptionsDict"


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
            `authors`, `published` …; dates may be `datetime` or `date`), or an `Article`.
        options: the options, as `Options` or a mapping. An article's own `options` take precedence.
        **overrides: single options by name: `clean(text, quotes="plain")`.

    Returns:
        The clean article with every change and warning. Its `to_dict()` is the JSON of the HTTP service.

    Raises:
        ValidationFailed: a field or an option is invalid. Its `errors` are those of the service's 422.
        UnreadableContent: `content_base64` is not text, or a page cannot be parsed.
        MissingDependency: the article is a page, and `copydesk[html]` is not installed.

    >>> article = clean({"title": "Russiaâ€™s envoy", "text": "The envoy  arrived."})
    >>> article.title, article.text
    ('Russia’s envoy', 'The envoy arrived.')
    >>> article.changes[0].before, article.changes[0].after
    ('  ', ' ')
    """
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
        UnreadableContent: the bytes are not text, or the page cannot be parsed.
        MissingDependency: `data` is a page, and `copydesk[html]` is not installed.

    >>> page = clean_page("Le café".encode("latin-1"), content_type="text/plain; charset=iso-8859-1")
    >>> page.text, page.encoding.name
    ('Le café', 'windows-1252')
    """
    merged = contract.merge_options(options, overrides)
    if isinstance(data, str):
        document = {"html": data} if url is None else {"html": data, "url": url}
        return clean_article(document, merged, NO_LIMITS)
    if not isinstance(data, bytes | bytearray | memoryview):
        raise ValidationFailed([{"pointer": "", "detail": "Not bytes or a string."}])
    if url is not None:
        contract.check_page_url(url)
    return clean_content(Content.from_header(bytes(data), content_type), url, merged, NO_LIMITS)


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
        The clean article, or the error that `clean` would raise, in the order of the articles.

    Raises:
        ValidationFailed: an option is invalid.
        ValueError: `batch_size` is less than 1.

    >>> for result in clean_many(["Russiaâ€™s envoy", {"txt": "A typo."}]):
    ...     print(result.text if isinstance(result, CleanArticle) else result)
    Russia’s envoy
    2 fields are invalid; see `errors`. /text: Send `text`, `html` or `content_base64`.
    """
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1.")
    return _clean_batches(iter(articles), contract.merge_options(options, overrides), batch_size)


def _clean_batches(
    articles: Iterator[AnyArticle], options: Options, batch_size: int
) -> Iterator[CleanArticle | ProblemError]:
    while batch := [_as_document(article) for article in islice(articles, batch_size)]:
        for article, error, _ in clean_documents(batch, options, NO_LIMITS):
            if error is not None:
                yield error
            elif article is not None:
                yield article


def repair(
    text: str,
    mode: Literal["safe", "standard", "aggressive"] = "standard",
    declared_charset: str | None = None,
) -> Repair:
    """Repair the encoding of a text. Nothing else is changed.

    Args:
        text: the text.
        mode: how certain a repair must be: `safe` only makes exact repairs without any doubt, `aggressive` also makes
            likely ones.
        declared_charset: the charset that the text was decoded with, if known.

    Returns:
        The repaired text, its changes and warnings.

    Raises:
        ValidationFailed: an argument is invalid.

    >>> repair("Russiaâ€™s  envoy").text
    'Russia’s  envoy'
    """
    raw = contract.load_text({"text": text, "declared_charset": declared_charset, "options": {"repair": mode}})
    options = Options(**raw.pop("options"))
    document = stages.repair_until_stable(Document.from_article(Article(**raw)), options)
    changes = tuple(change for change in report_changes(document.texts, (), "full") if isinstance(change, Change))
    return Repair(document.texts["text"].text, changes, tuple(stages.repair_warnings(document)))


def fix_text(text: str) -> str:
    r"""Return a text with its encoding repaired: a replacement for `ftfy.fix_text`.

    Raises:
        ValidationFailed: `text` is not a string.

    >>> fix_text("â€œLa VÃ©ritÃ©â€\x9d")
    '“La Vérité”'
    """
    return repair(text).text


def explain(change: Change | ChangeDict) -> str:
    """Explain a change in one sentence.

    Args:
        change: a change of a result, or its JSON.

    Raises:
        KeyError: the change has no plan (`changes: summary`), or its plan has an unknown step.

    >>> explain(repair("Russiaâ€™s").changes[0])
    'The UTF-8 bytes E2 80 99 had been read as Windows-1252; read as UTF-8 they are ’.'
    """
    if isinstance(change, Change):
        return explain_plan(change.plan, change.before)
    return explain_plan(tuple(map(tuple, change["plan"])), change["before"])


def _as_document(article: AnyArticle) -> Any:
    """Return an article as a document of the wire contract. A wrong type is left to the validation."""
    if isinstance(article, str):
        return {"text": article}
    if isinstance(article, Article):
        return contract.dump_article_fields(article)
    if not isinstance(article, Mapping):
        return article
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in article.items()}
