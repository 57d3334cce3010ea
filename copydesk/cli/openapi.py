"""`copydesk openapi`: print the OpenAPI document."""

from __future__ import annotations

import click

from copydesk.cli import settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of YAML.")
def openapi(*, as_json: bool) -> None:
    """Print the OpenAPI document of the service.

    The service has it at /openapi.yaml and /openapi.json.

    \b
    Examples:
      copydesk openapi > openapi.yaml
      copydesk openapi --json | jq '.paths | keys'
    """  # noqa: D301  \b keeps the lines as they are
    from copydesk._layout import OPENAPI_PATH

    document = OPENAPI_PATH.read_bytes()
    click.echo(_to_json(document) if as_json else document, nl=False)


def _to_json(document: bytes) -> bytes:
    from copydesk.strict_json import dumps

    try:
        import yaml
    except ImportError as error:
        raise settings.CommandError("--json requires the service: pip install 'copydesk[service]'.") from error
    return dumps(yaml.safe_load(document))
