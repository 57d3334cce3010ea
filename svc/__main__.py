"""The command line: `copydesk clean` does what the service does, without one; `copydesk serve` starts the service."""

from __future__ import annotations

import os
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO, Literal, cast

import click

from svc import __version__, service
from svc.core.article import Json, Options
from svc.errors import CopydeskError, SettingsError
from svc.settings import Settings
from svc.strict_json import dumps, loads

Form = Literal["json", "ndjson", "text", "html"]
_ENDINGS: dict[str, Form] = {
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
}
_TYPES = {"text": "text/plain", "html": "text/html"}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="copydesk", message="%(prog)s %(version)s")
def main() -> None:
    """Copydesk takes raw articles, returns clean ones and says what it changed."""


@main.command()
@click.argument("files", nargs=-1, type=click.File("rb"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "ndjson", "text", "html"]),
    help="What the input is. By default the file's ending tells; standard input is looked at.",
)
@click.option("--option", "-o", "options", multiple=True, metavar="NAME=VALUE", help="As in the API: repair=safe.")
def clean(files: tuple[BinaryIO, ...], form: Form | None, options: tuple[str, ...]) -> None:
    r"""Clean FILES, or standard input: an article as JSON, one a line as NDJSON, a bare text, or a page.

    Prints one clean article a line, in order. What can't be cleaned goes to standard error as a problem, a line each,
    and the exit status is 1.

    \b
    Examples:
      copydesk clean article.json
      echo 'Russiaâ€™s' | copydesk clean
      copydesk clean page.html
      copydesk clean -o changes=none crawl.ndjson > clean.ndjson
    """
    settings, defaults = _settings(), _options(options)
    failed = False
    for file in files or (sys.stdin.buffer,):
        for name, document in _documents(file, form, settings):
            try:
                click.echo(dumps(service.clean_article(document(), defaults, settings)), nl=False)
            except CopydeskError as error:
                failed = True
                click.echo(dumps({"input": name} | error.problem()), nl=False, err=True)
    sys.exit(1 if failed else 0)


@main.command()
def serve() -> None:
    """Start the service on COPYDESK_BIND (127.0.0.1:8000 when not set)."""
    _settings()
    os.execvp(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "python:svc.gunicorn_conf"])  # noqa: S606  our own interpreter


def _documents(file: BinaryIO, form: Form | None, settings: Settings) -> Iterator[tuple[str, Callable[[], Json]]]:
    """Yield what a file holds: each document by a name to find it again, and how to read it."""
    data, source = file.read(), str(getattr(file, "name", "<stdin>"))
    match form or _form(source, data):
        case "json":
            yield source, partial(loads, data, settings.max_json_depth)
        case "text" | "html" as kind:
            yield source, partial(_content, data, _TYPES[kind])
        case "ndjson":
            for number, line in enumerate(data.splitlines(), 1):
                if line.strip():
                    yield f"{source}:{number}", partial(loads, line, settings.max_json_depth)


def _content(data: bytes, content_type: str) -> Json:
    return {"content_base64": b64encode(data).decode(), "content_type": content_type}


def _form(name: str, data: bytes) -> Form:
    for ending, form in _ENDINGS.items():
        if name.endswith(ending):
            return form
    first, _, rest = data.strip().partition(b"\n")
    if not first.startswith(b"{"):
        return "html" if first.startswith(b"<") else "text"
    return "ndjson" if first.endswith(b"}") and rest.lstrip().startswith(b"{") else "json"


def _settings() -> Settings:
    try:
        return Settings.from_env()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def _options(pairs: tuple[str, ...]) -> Options:
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


if __name__ == "__main__":
    main()
