"""The pipeline: cleans an article, stage by stage.

    Article -> Document -> repair and normalize until stable -> metadata, field by field -> repair again
            -> read the text if it has become HTML -> CleanArticle

`STAGES` has the stages in order. Cleaning a clean article changes nothing: `clean(clean(x)) == clean(x)`, with two
exceptions: `strip_dateline` removes one dateline each time, and clean metadata may be weaker evidence. Where repairs
were considered, or much evidence is gone, they are decided again with the clean metadata (`_settle`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from copydesk import language, repairs, stages, text_stats
from copydesk.article import Article, ArticleWarning, Change, ChangeCount, CleanArticle, Options
from copydesk.boilerplate.credits import find_credits
from copydesk.changes.report import count_changes, report_changes, summarize_changes
from copydesk.document import Document
from copydesk.fingerprint import fingerprint
from copydesk.metadata import urls

_REPAIR = stages.until_stable(stages.repair_encoding, stages.read_markup, stages.normalize_text)
# They change texts that are evidence for repairs.
_METADATA: Mapping[str, stages.Stage] = {
    "title": stages.clean_title,
    "boilerplate": stages.until_stable(stages.remove_boilerplate),
    "language": stages.detect_language,
    "authors": stages.parse_authors,
    "tags": stages.split_tags,
}
# Real articles need one round more at most, and one reading as HTML. Longer texts have no more: their metadata are
# little evidence.
_MAX_ROUNDS, _MAX_READINGS, _MAX_SETTLED_CHARS = 4, 4, 1 << 16


def _repair(document: Document, options: Options) -> Document:
    document = _REPAIR(document, options)
    return replace(document, repaired_texts=document.texts, searches=0)


def _settle(document: Document, options: Options) -> Document:
    """Repair again where clean metadata is other evidence, so that cleaning the clean article changes nothing."""
    for _ in range(_MAX_ROUNDS if document.char_count() <= _MAX_SETTLED_CHARS else 0):
        repaired = _repair(document, options) if document.needs_second_repair() else document
        if repaired.texts == document.texts:
            break
        for stage in _METADATA.values():
            repaired = stage(repaired, options)
        document = repaired
    return document


def _read_html(document: Document, options: Options) -> Document:
    """Read a text that has become HTML, and clean what was read. Cleaning the clean article would read it, too."""
    for _ in range(_MAX_READINGS if document.char_count() <= _MAX_SETTLED_CHARS else 1):
        read = stages.read_html_in_text(document, options)
        if read is document:
            break
        document = read
        for stage in (_repair, *_METADATA.values(), _settle):
            document = stage(document, options)
    return document


# By the name that `Server-Timing` reports.
STAGES: Mapping[str, stages.Stage] = {
    "repair": _repair,
    "urls": stages.normalize_urls,
    **_METADATA,
    "settle": _settle,
    "markup": _read_html,
    "dates": stages.parse_dates,
    "dateline": stages.extract_dateline,
}

OnStage: TypeAlias = Callable[[str], object]
"""A callback with the name of each stage when it is done; the last is "report"."""

# Uses every table that is loaded on first use.
_WARM_UP_ARTICLE = Article(
    text="LONDON, Feb 2 (Reuters) - The cafe\u0301 by the river is closed.\n\nPhoto: Anna Bell\n\nRead more",
    title="Café closed | The Courier",
    url="https://www.courier.example/2022/02/02/cafe?utm_source=x",
    authors=("By Anna Bell, staff writer, Feb 2",),
    published="3 hours ago",
    modified="2. März 2022",
    fetched_at="2022-02-02T14:05:00Z",
    language="English",
    tags=("cafés, rivers",),
)


def ignore_stage(_: str) -> None:
    """Do nothing."""


def clean(
    article: Article,
    options: Options | None = None,
    title_suffixes: frozenset[str] = frozenset(),
    on_stage: OnStage = ignore_stage,
    *,
    reads_html: bool = False,
) -> CleanArticle:
    """Clean an article.

    Args:
        article: a raw article whose fields are valid.
        options: the options.
        title_suffixes: the suffixes that titles of the site share, from `metadata.titles.shared_suffixes`.
        on_stage: called after each stage.
        reads_html: whether a text that becomes HTML is read as HTML.

    Returns:
        The clean article, with every change and with warnings.

    >>> clean(Article(text="Russiaâ€™s  envoy")).text
    'Russia’s envoy'
    """
    options = options or Options()
    document = run_stages(Document.from_article(article, title_suffixes, reads_html=reads_html), options, on_stage)
    cleaned = _build_result(document, options)
    on_stage("report")
    return cleaned


def run_stages(document: Document, options: Options, on_stage: OnStage = ignore_stage) -> Document:
    """Apply all stages to a document."""
    for name, stage in STAGES.items():
        document = stage(document, options)
        on_stage(name)
    return document


def warm_up() -> None:
    """Load all tables."""
    repairs.warm_up()
    language.warm_up()
    clean(_WARM_UP_ARTICLE)


def _build_result(document: Document, options: Options) -> CleanArticle:
    article, text = document.article, document.texts["text"].text
    url, authors = document.url("url"), document.values("authors")
    change_counts, charset_repairs = count_changes(document.texts.values(), document.removed)
    changes: tuple[Change, ...] = ()
    summary: tuple[ChangeCount, ...] = ()
    if options.changes == "summary":
        summary = summarize_changes(document.texts, document.removed)
    elif options.changes != "none":
        changes = report_changes(document.texts, document.removed, explain=options.changes == "explained")
    return CleanArticle(
        id=article.id,
        url=url,
        canonical_url=document.url("canonical_url"),
        domain=urls.domain(url or document.url("canonical_url") or ""),
        title=document.line("title"),
        subtitle=document.line("subtitle"),
        text=text,
        paragraphs=text_stats.count_paragraphs(text),
        dateline=document.dateline,
        credits=find_credits(text) if options.extract_metadata else (),
        authors=authors,
        authors_raw=article.authors if authors != article.authors else (),
        published=document.dates["published"],
        modified=document.dates["modified"],
        fetched_at=document.dates["fetched_at"],
        language=document.language,
        source=document.line("source"),
        section=document.line("section"),
        tags=document.values("tags"),
        image=document.url("image"),
        word_count=text_stats.count_words(text),
        char_count=len(text),
        content_hash=text_stats.content_hash(text),
        fingerprint=fingerprint(text),
        encoding=article.encoding,
        extra=document.extra(),
        changes=changes,
        warnings=collect_warnings(document),
        change_summary=summary,
        change_counts=change_counts,
        charset_repairs=charset_repairs,
    )


def collect_warnings(document: Document) -> tuple[ArticleWarning, ...]:
    """Return all warnings about a cleaned document."""
    has_text = bool(document.texts["text"].text)
    text_warnings = () if has_text else (ArticleWarning("text-empty", "text", "The text is empty."),)
    return (*document.article.warnings, *document.warnings, *text_warnings, *stages.repair_warnings(document))
