"""`copydesk key`: generate an API key."""

from __future__ import annotations

import sys

import click

from copydesk import api_keys


def _check_name(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    if not api_keys.NAME.fullmatch(name):
        raise click.BadParameter("Use up to 64 letters, digits, dots, hyphens and underscores.")
    return name


@click.command()
@click.argument("name", callback=_check_name)
def key(name: str) -> None:
    """Generate an API key for NAME.

    Standard error has the key, standard output its line for the key file of the service. The key is alone, as
    `copydesk clean --key-file` reads it; on a terminal a sentence introduces it.

    \b
    Examples:
      copydesk key crawler 2> crawler.key >> api-keys.txt
      copydesk key desk-2 2> desk-2.key | tee -a api-keys.txt
    """  # noqa: D301  \b keeps the lines as they are
    api_key = api_keys.generate_key()
    click.echo(f"The key of {name}, shown only once: {api_key}" if sys.stderr.isatty() else api_key, err=True)
    click.echo(api_keys.format_line(name, api_key))
