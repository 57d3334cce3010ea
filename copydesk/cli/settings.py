"""Settings and options of all commands. An error is one line."""

from __future__ import annotations

import click

from copydesk import contract
from copydesk.article import Options
from copydesk.errors import SettingsError, ValidationFailed
from copydesk.settings import Settings


class CommandError(click.ClickException):
    """An error of the command line: one line, without the usage, and exit status 2."""

    exit_code = 2


option = click.option(
    "--option", "-o", "options", multiple=True, metavar="NAME=VALUE", help="An option as in the API: repair=safe."
)


def read_settings() -> Settings:
    """Read the settings from the environment."""
    try:
        return Settings.from_env()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def parse_options(pairs: tuple[str, ...]) -> Options:
    """Parse options as `NAME=VALUE`."""
    query: dict[str, list[str]] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        query.setdefault(name, []).append(value)
    try:
        return contract.parse_options(query)
    except ValidationFailed as error:
        message = "; ".join(f"{each['parameter']}: {each['detail']}" for each in error.errors)
        raise click.BadParameter(message, param_hint="--option") from error
