"""`copydesk repair`: show the repair of one text."""

from __future__ import annotations

import os
import shlex

import click

from copydesk.cli import settings


@click.command()
@click.argument("text", required=False)
@settings.option
def repair(text: str | None, options: tuple[str, ...]) -> None:
    """Show the repair of TEXT or standard input.

    Prints the text before and after, and an explanation of each change. Invisible characters are shown as escapes. To
    process the result, use `copydesk clean`.

    \b
    Examples:
      copydesk repair 'Russiaâ€™s  envoy'
      copydesk repair -o repair=aggressive 'Russia?s envoy'
      copydesk repair < story.txt
    """  # noqa: D301  \b keeps the lines as they are
    from copydesk.cli.repair_report import read_text, report_repair
    from copydesk.errors import UnreadableContent

    parsed = settings.parse_options(options)
    if text and text != "-" and os.path.isfile(text):  # noqa: PTH113  a text is not always a valid path
        click.echo(f"This is the repair of the name. For the file: copydesk repair < {shlex.quote(text)}", err=True)
    try:
        article = read_text(text)
    except UnreadableContent as error:
        raise click.ClickException(str(error)) from error
    color = False if os.environ.get("NO_COLOR") else None
    for line in report_repair(article, parsed):
        click.echo(line, color=color)
