"""Copydesk and trafilatura on the bytes of a page, with the CPU time of each."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import trafilatura
from trafilatura.settings import Document

from bench.page_suites import Sample
from bench.timing import cpu_seconds
from copydesk.article import Options
from copydesk.cleaning import clean_content
from copydesk.errors import ProblemError
from copydesk.ingest import Content
from copydesk.limits import NO_LIMITS

_OPTIONS = Options()


@dataclass(frozen=True, slots=True)
class Extracted:
    """The result of a tool for a page."""

    text: str = ""
    title: str = ""
    authors: frozenset[str] = field(default=frozenset())
    published: str | None = None


def run(tool: str, sample: Sample) -> tuple[Extracted, float]:
    """Return the result of a tool, and its CPU time in seconds."""
    results: list[Extracted] = []
    seconds = cpu_seconds(lambda: results.append(TOOLS[tool](sample)))
    return results[0], seconds


def warm_up(sample: Sample) -> None:
    """Run all tools once, so that imports and tables are not measured."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    for tool in TOOLS:
        run(tool, sample)


def _run_copydesk(sample: Sample) -> Extracted:
    """Clean the page as the service does with its bytes. A rejected page has nothing."""
    try:
        article = clean_content(Content(sample.data, "text/html"), sample.url, _OPTIONS, NO_LIMITS)
    except ProblemError:
        return Extracted()
    published = article.published.value if article.published else None
    return Extracted(article.text, article.title or "", frozenset(article.authors), published)


def _run_trafilatura(sample: Sample) -> Extracted:
    """Extract with the defaults of trafilatura, with metadata and without comments."""
    document = trafilatura.bare_extraction(sample.data, url=sample.url, include_comments=False, with_metadata=True)
    if not isinstance(document, Document):
        return Extracted()
    names = frozenset(filter(None, (document.author or "").split("; ")))
    return Extracted(document.text or "", document.title or "", names, document.date)


TOOLS: dict[str, Callable[[Sample], Extracted]] = {"Copydesk": _run_copydesk, "trafilatura": _run_trafilatura}
