"""`copydesk repair`: one text, before and after, and in words what had happened to it."""

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
from copydesk.cli import settings
from copydesk.document import Document
from copydesk.errors import UnreadableContent
from copydesk.ingest import Content, build_article


@click.command()
@click.argument("text", required=False)
@settings.option
def repair(text: str | None, options: tuple[str, ...]) -> None:
    """Show what is wrong with TEXT (or standard input), what becomes of it, and why.

    What can't be seen is written as an escape. For a text to go on with, use `copydesk clean`.

    \b
    Examples:
      copydesk repair 'Russiaâ€™s  envoy'
      copydesk repair -o repair=aggressive 'Russia?s envoy'
      copydesk repair < story.txt
    """  # noqa: D301  \b keeps the lines as they are
    # A text is a text: no line of it is taken for the page around an article.
    read = replace(settings.parse_options(options), boilerplate="keep", extract_metadata=False)
    try:
        article = _arrived(text)
    except UnreadableContent as error:
        raise click.ClickException(str(error)) from error
    colour = False if os.environ.get("NO_COLOR") else None
    for line in _told(article, read):
        click.echo(line, color=colour)


def _arrived(text: str | None) -> Article:
    """Return the text; what the terminal hands over is bytes where it is no UTF-8, and so is standard input."""
    if text and text != "-" and not any("\udc80" <= c <= "\udcff" for c in text):
        return Article(text=text)
    came = os.fsencode(text) if text and text != "-" else sys.stdin.buffer.read()
    return Article(text=build_article({}, content=Content(came.removesuffix(b"\n"), "text/plain")).text)


def _told(article: Article, options: Options) -> Iterator[str]:
    revision = _revised(article, options)
    yield from _labelled("before", _marked_up(revision, "before", "red"))
    yield from _labelled("after", _marked_up(revision, "after", "green"))
    yield ""
    yield from _steps(revision.spans)
    for warning in pipeline.clean(article, options).warnings:
        yield click.style(visible(warning.detail), fg="yellow")


def _revised(article: Article, options: Options) -> Revision:
    return pipeline.run_stages(Document.from_article(article), options).texts["text"]


def _labelled(label: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.split("\n")):
        yield click.style(f"{'' if number else label:8}", dim=True) + line


def _marked_up(revision: Revision, side: Literal["before", "after"], colour: str) -> str:
    """Return the text as it was or is, with what was changed in colour."""
    at = 0
    parts: list[str] = []
    for span in revision.spans:
        piece = span.before if side == "before" else span.after
        parts += (visible(revision.text[at : span.start]), _marked(piece, colour))
        at = span.end
    return "".join((*parts, visible(revision.text[at:])))


def _marked(text: str, colour: str) -> str:
    """Colour a piece line by line; the background where there is no ink to colour."""
    return "\n".join(
        click.style(visible(line), fg=colour) if line.strip() else click.style(visible(line), bg=colour)
        for line in text.split("\n")
    )


def _steps(spans: Iterable[Span]) -> Iterator[str]:
    """Tell each change once, with how often it was made."""
    counted = Counter((span.before, span.after, span.plan) for span in spans)
    for (before, after, plan), count in counted.items():
        times = f" ({count:,} times)" if count > 1 else ""
        said = visible(explain_plan(plan, before)).replace("\n", "\\n")
        yield f"{_quoted(before, 'red')} → {_quoted(after, 'green')}{times}: {said}"
    if not counted:
        yield "There is nothing to repair."


def _quoted(text: str, colour: str) -> str:
    shown = visible(text if len(text) <= 60 else f"{text[:59]}…").replace("\n", "\\n").replace("\t", "\\t")
    return click.style(f"“{shown}”", fg=colour)


def visible(text: str) -> str:
    r"""Write what can't be seen, and what a terminal would obey, as escapes.

    >>> visible("caf\xe9\x1b[2J\u200b\n")
    'café\\x1b[2J\\u200b\n'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in text)
