"""What every command reads before it does anything; what is wrong with it is one line."""

from __future__ import annotations

from typing import cast

import click

from svc import service
from svc.core.article import Options
from svc.errors import CopydeskError, SettingsError
from svc.settings import Settings


class Refusal(click.ClickException):
    """What can't be done as the command has it: one line, without the usage, and exit status 2."""

    exit_code = 2


option = click.option(
    "--option", "-o", "options", multiple=True, metavar="NAME=VALUE", help="As in the API: repair=safe."
)


def read_settings() -> Settings:
    """Read the settings from the environment."""
    try:
        return Settings.from_env()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def read_options(pairs: tuple[str, ...]) -> Options:
    """Read options as they stand on the command line."""
    query: dict[str, list[str]] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        query.setdefault(name, []).append(value)
    try:
        return service.read_options(query)
    except CopydeskError as error:
        errors = cast("list[dict[str, str]]", error.members["errors"])
        said = "; ".join(f"{e['parameter']}: {e['detail']}" for e in errors)
        raise click.BadParameter(said, param_hint="--option") from error
