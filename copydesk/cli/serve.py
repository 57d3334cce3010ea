"""`copydesk serve`, `copydesk openapi`, `copydesk key`: the service, what it promises, and who may come in."""

from __future__ import annotations

import os
import sys

import click
import yaml

from copydesk import api_keys
from copydesk._layout import OPENAPI_PATH, SERVICE_PACKAGE
from copydesk.cli import settings
from copydesk.strict_json import dumps


@click.command()
def serve() -> None:
    """Start the service on COPYDESK_BIND (127.0.0.1:8000 when not set).

    \b
    Examples:
      copydesk serve
      COPYDESK_BIND=127.0.0.1:8080 COPYDESK_WORKERS=2 copydesk serve
    """  # noqa: D301  \b keeps the lines as they are
    settings.read_settings()
    os.execvp(
        sys.executable, [sys.executable, "-m", "gunicorn", "-c", f"python:{SERVICE_PACKAGE}.server.gunicorn_conf"]
    )  # noqa: S606  our own interpreter


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of YAML.")
def openapi(as_json: bool) -> None:  # noqa: FBT001  click hands flags over
    """Print the service's contract, as it serves it at /openapi.yaml and /openapi.json.

    \b
    Examples:
      copydesk openapi > openapi.yaml
      copydesk openapi --json | jq '.paths | keys'
    """  # noqa: D301  \b keeps the lines as they are
    written = OPENAPI_PATH.read_bytes()
    click.echo(dumps(yaml.safe_load(written)) if as_json else written, nl=False)


@click.command()
@click.argument("name", callback=lambda _context, _parameter, name: _checked(name))
def key(name: str) -> None:
    """Make an API key for NAME: the key on standard error, to be handed over; its line for the file on standard output.

    On a terminal a sentence tells what the key is; in a file it stands alone, as --key-file of copydesk clean wants it.

    \b
    Examples:
      copydesk key crawler 2> crawler.key >> api-keys.txt
      copydesk key desk-2 2> desk-2.key | tee -a api-keys.txt
    """  # noqa: D301  \b keeps the lines as they are
    made = api_keys.generate_key()
    click.echo(f"The key of {name}, shown this once: {made}" if sys.stderr.isatty() else made, err=True)
    click.echo(api_keys.format_line(name, made))


def _checked(name: str) -> str:
    if not api_keys.NAME.fullmatch(name):
        raise click.BadParameter("Use up to 64 letters, digits, dots, hyphens and underscores.")
    return name
