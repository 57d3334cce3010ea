"""Settings and options of all commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from copydesk.article import Options
    from copydesk.settings import Settings


class CommandError(click.ClickException):
    """An error of usage: one line without the usage text, and exit status 2."""

    exit_code = 2


option = click.option(
    "--option", "-o", "options", multiple=True, metavar="NAME=VALUE", help="An option of the API, such as repair=safe."
)


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        ClickException: a setting is unknown or invalid.
    """
    from copydesk.errors import SettingsError
    from copydesk.settings import Settings

    try:
        return Settings.from_env()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def parse_options(pairs: tuple[str, ...]) -> Options:
    """Parse options as `NAME=VALUE`.

    Raises:
        BadParameter: an option is unknown, repeated or invalid.
    """
    from copydesk import contract
    from copydesk.errors import ValidationFailed

    query: dict[str, list[str]] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        query.setdefault(name, []).append(value)
    try:
        return contract.parse_options(query)
    except ValidationFailed as error:
        message = "; ".join(f"{each['parameter']}: {each['detail']}" for each in error.errors)
        raise click.BadParameter(message, param_hint="--option") from error
