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
from copydesk.changes.explain import explain_plan
from copydesk.changes.revision import Revision, Span
from copydesk.document import Document
from copydesk.ingest import Content, build_article

_LABEL_WIDTH = 8
_MAX_QUOTE_CHARS = 60


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
    revision = pipeline.run_stages(Document.from_article(article), options).texts["text"]
    yield from _label_lines("before", _highlight_changes(revision, "before", "red"))
    yield from _label_lines("after", _highlight_changes(revision, "after", "green"))
    yield ""
    yield from _explain_changes(revision.spans)
    for warning in pipeline.clean(article, options).warnings:
        yield click.style(escape_invisible(warning.detail), fg="yellow")


def _label_lines(label: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.split("\n")):
        yield click.style(f"{'' if number else label:{_LABEL_WIDTH}}", dim=True) + line


def _highlight_changes(revision: Revision, side: Literal["before", "after"], color: str) -> str:
    """Return the text before or after the changes, with the changes in color."""
    end = 0
    parts: list[str] = []
    for span in revision.spans:
        changed = span.before if side == "before" else span.after
        parts += (escape_invisible(revision.text[end : span.start]), _highlight(changed, color))
        end = span.end
    return "".join((*parts, escape_invisible(revision.text[end:])))


def _highlight(text: str, color: str) -> str:
    """Color a text line by line: the background of white space, the foreground of everything else."""
    return "\n".join(
        click.style(escape_invisible(line), fg=color) if line.strip() else click.style(escape_invisible(line), bg=color)
        for line in text.split("\n")
    )


def _explain_changes(spans: Iterable[Span]) -> Iterator[str]:
    """Explain each distinct change once, with its count."""
    counts = Counter((span.before, span.after, span.plan) for span in spans)
    for (before, after, plan), count in counts.items():
        times = f" ({count:,} times)" if count > 1 else ""
        explanation = escape_invisible(explain_plan(plan, before)).replace("\n", "\\n")
        yield f"{_quote(before, 'red')} → {_quote(after, 'green')}{times}: {explanation}"
    if not counts:
        yield "There is nothing to repair."


def _quote(text: str, color: str) -> str:
    shown = text if len(text) <= _MAX_QUOTE_CHARS else f"{text[: _MAX_QUOTE_CHARS - 1]}…"
    escaped = escape_invisible(shown).replace("\n", "\\n").replace("\t", "\\t")
    return click.style(f"“{escaped}”", fg=color)


def escape_invisible(text: str) -> str:
    r"""Replace invisible and control characters by escapes, except line feeds and tabs.

    >>> escape_invisible("caf\xe9\x1b[2J\u200b\n")
    'café\\x1b[2J\\u200b\n'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in text)
