"""`copydesk openapi`: print the OpenAPI document."""

from __future__ import annotations

import click


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
    import yaml

    from copydesk._layout import OPENAPI_PATH
    from copydesk.strict_json import dumps

    document = OPENAPI_PATH.read_bytes()
    click.echo(dumps(yaml.safe_load(document)) if as_json else document, nl=False)
