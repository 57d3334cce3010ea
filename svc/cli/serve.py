"""`copydesk serve` and `copydesk openapi`: the service, and what it promises."""

from __future__ import annotations

import os
import sys

import click
import yaml

from svc.cli import settings
from svc.contract import PATH
from svc.strict_json import dumps


@click.command()
def serve() -> None:
    """Start the service on COPYDESK_BIND (127.0.0.1:8000 when not set).

    \b
    Examples:
      copydesk serve
      COPYDESK_BIND=127.0.0.1:8080 COPYDESK_WORKERS=2 copydesk serve
    """  # noqa: D301  \b keeps the lines as they are
    settings.read_settings()
    os.execvp(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "python:svc.gunicorn_conf"])  # noqa: S606  our own interpreter


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of YAML.")
def openapi(as_json: bool) -> None:  # noqa: FBT001  click hands flags over
    """Print the service's contract, as it serves it at /openapi.yaml and /openapi.json.

    \b
    Examples:
      copydesk openapi > openapi.yaml
      copydesk openapi --json | jq '.paths | keys'
    """  # noqa: D301  \b keeps the lines as they are
    written = PATH.read_bytes()
    click.echo(dumps(yaml.safe_load(written)) if as_json else written, nl=False)
