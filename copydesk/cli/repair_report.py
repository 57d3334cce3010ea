"""The report of `copydesk repair`: a text before and after, and an explanation of each change."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

import click

from copydesk import pipeline
from copydesk.article import Article, Options
from copydesk.changes.explain import escape_unprintable, explain_plan, quote
from copydesk.changes.revision import Revision, Span
from copydesk.document import Document
from copydesk.ingest import Content, build_article

_LABEL_WIDTH = 8


def read_text(text: str | None) -> Article:
    """Return the text of an argument, or of standard input if it is None or `-`. Bytes in any encoding are decoded.

    Raises:
        UnreadableContent: standard input is not text.
    """
    if text and text != "-":
        if not any("\udc80" <= c <= "\udcff" for c in text):
            return Article(text=text)
        data = os.fsencode(text)  # surrogate escapes: the argument is not UTF-8
    else:
        data = sys.stdin.buffer.read()
    return Article(text=build_article({}, content=Content(data.removesuffix(b"\n"), "text/plain")).text)


def report_repair(article: Article, options: Options) -> Iterator[str]:
    """Yield the lines of the report. No line of the text is removed as boilerplate."""
    options = replace(options, boilerplate="keep", extract_metadata=False)
    document = pipeline.run_stages(Document.from_article(article), options)
    revision = document.texts["text"]
    yield from _label_lines("before", _highlight_changes(revision, "before", "red"))
    yield from _label_lines("after", _highlight_changes(revision, "after", "green"))
    yield ""
    yield from _explain_changes(revision.spans)
    for warning in pipeline.collect_warnings(document):
        yield click.style(_escape(warning.detail), fg="yellow")


def _label_lines(label: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.split("\n")):
        yield click.style(f"{'' if number else label:{_LABEL_WIDTH}}", dim=True) + line


def _highlight_changes(revision: Revision, side: Literal["before", "after"], color: str) -> str:
    """Return the text before or after the changes, with the changes in color."""
    end = 0
    parts: list[str] = []
    for span in revision.spans:
        changed = span.before if side == "before" else span.after
        parts += (_escape(revision.text[end : span.start]), _highlight(changed, color))
        end = span.end
    return "".join((*parts, _escape(revision.text[end:])))


def _highlight(text: str, color: str) -> str:
    """Color a text line by line: the background of white space, the foreground of everything else."""
    return "\n".join(
        click.style(_escape(line), fg=color) if line.strip() else click.style(_escape(line), bg=color)
        for line in text.split("\n")
    )


def _explain_changes(spans: Iterable[Span]) -> Iterator[str]:
    """Explain each distinct change once, with its count."""
    counts = Counter((span.before, span.after, span.plan) for span in spans)
    for (before, after, plan), count in counts.items():
        times = f" ({count:,} times)" if count > 1 else ""
        explanation = _escape(explain_plan(plan, before)).replace("\n", "\\n")
        yield f"{click.style(quote(before), fg='red')} → {click.style(quote(after), fg='green')}{times}: {explanation}"
    if not counts:
        yield "Nothing was repaired."


def _escape(text: str) -> str:
    """Escape all invisible and control characters except line feeds and tabs."""
    return escape_unprintable(text, keep="\n\t")
