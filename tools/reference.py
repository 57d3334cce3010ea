"""Generate pages of `docs/reference/` from the code: `python -m tools.reference`, or `make reference`.

With `--check`, it writes nothing and fails if a page is outdated.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import yaml
from prometheus_client.metrics import MetricWrapperBase

from copydesk.cli import main as command
from copydesk.errors import ProblemError
from copydesk.limits import Limits
from copydesk.settings import PREFIX, RANGES, Settings
from copydesk.warning_codes import MEANINGS
from svc.observability import metrics
from svc.observability.processes import ProcessCollector
from tools import reference_schemas
from tools.markdown import page, table

ROOT = Path(__file__).parent.parent
_HELP_WIDTH = 100
_MAX_LISTED_VALUES = 10


def settings() -> str:
    """Return the page of the settings."""
    descriptions = _attributes(Limits) | _attributes(Settings)
    rows = []
    for field in fields(Settings):
        minimum, maximum = RANGES.get(field.name, (None, None))
        limits = "" if minimum is None else f"≥ {minimum}" if maximum is None else f"{minimum} to {maximum}"
        default = "" if field.default in (None, ()) else f"`{field.default}`".replace(".0`", "`")
        if field.name == "workers":
            default = "available CPUs"
        kind = {"tuple[str, ...]": "list", "Path | None": "path"}.get(str(field.type), str(field.type))
        rows.append((f"`{PREFIX}{field.name.upper()}`", f"{kind} {limits}", default, descriptions[field.name]))
    return page(
        "Settings",
        "Environment variables, which are read once at startup. An unknown or invalid one aborts the startup. "
        "Sizes are in bytes, text in code points, times in seconds. A list is separated by commas.",
        table(("variable", "type", "default", "description"), rows),
    )


def metrics_page() -> str:
    """Return the page of the metrics."""
    rows = []
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            family = next(iter(metric.describe()))
            rows.append((_metric_name(family), family.type, _labels(metric), family.documentation))
    rows += [(_metric_name(family), family.type, "", f"{family.documentation} Linux only.") for family in _processes()]
    return page(
        "Metrics",
        "The metrics of all workers at `/metrics`. All values of `reason` and `type` are exported from the start. The "
        "values of `type` are the names of [problems](problems.md).",
        table(("metric", "type", "labels", "description"), rows),
    )


def problems() -> str:
    """Return the page of the problem types."""
    kinds = sorted(ProblemError.__subclasses__(), key=lambda kind: (kind.status, kind.slug))
    rows = [(f"`{kind.slug}`", str(kind.status), kind.title, _summary(kind), kind.action) for kind in kinds]
    return page(
        "Problem types",
        "Errors are `application/problem+json` (RFC 9457). The `type` is `urn:copydesk:problem:` and a name of the "
        "table. Malformed HTTP and oversized request lines or headers get the type `about:blank` "
        "(400, 414, 417, 431 or 501).",
        table(("type", "status", "title", "cause", "action"), rows),
    )


def warnings() -> str:
    """Return the page of the warning codes."""
    rows = [(f"`{code}`", meaning) for code, meaning in MEANINGS.items()]
    return page("Warnings", "The codes in the field `warnings`.", table(("code", "meaning"), rows))


def http_api() -> str:
    """Return the page of the operations of the HTTP API."""
    document = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
    sections = [
        _operation(f"{method.upper()} {path}", operation, document)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in {"get", "post", "head", "options"}
    ]
    return page("HTTP API", "The operations, from [openapi.yaml](../../openapi.yaml).", *sections)


def cli() -> str:
    """Return the page of the help of all commands."""
    root = _context(command, "copydesk", None)
    commands = [_context(one, name, root) for name, one in command.commands.items()]
    return page("Command line", "The help of each command.", *map(_help, (root, *commands)))


PAGES = {
    "fields": reference_schemas.fields_page,
    "options": reference_schemas.options_page,
    "settings": settings,
    "metrics": metrics_page,
    "problems": problems,
    "warnings": warnings,
    "http-api": http_api,
    "cli": cli,
}


def _summary(kind: type) -> str:
    """Return the docstring of an error without its first verb and its section of attributes."""
    text = inspect.cleandoc(kind.__doc__ or "").partition("\n\nAttributes:")[0]
    return re.sub(r"^(Raised (when |for )?|Describes )", "", text)


def _attributes(kind: type) -> dict[str, str]:
    """Return the descriptions of attributes in the docstring of a class, by name."""
    section = inspect.cleandoc(kind.__doc__ or "").partition("\n\nAttributes:\n")[2]
    return dict(re.findall(r"^ {4}(\w+): ((?:.|\n {8})+)", section, re.MULTILINE))


def _metric_name(family: Any) -> str:
    return f"`{family.name}{'_total' if family.type == 'counter' else ''}`"


def _labels(metric: MetricWrapperBase) -> str:
    """Return the labels of a metric, with the values of a single label if they are few."""
    names = ", ".join(f"`{name}`" for name in metric._labelnames)  # noqa: SLF001
    values = [labels[0] for labels in getattr(metric, "_metrics", {})] if len(metric._labelnames) == 1 else []  # noqa: SLF001
    if not values or len(values) > _MAX_LISTED_VALUES:
        return names
    return f"{names}: {', '.join(f'`{value}`' for value in values)}"


def _processes() -> Iterable[Any]:
    return ProcessCollector().collect()


def _operation(name: str, operation: dict[str, Any], document: dict[str, Any]) -> str:
    body = _resolve(operation.get("requestBody", {}), document)
    media_types = ", ".join(f"`{kind}`" for kind in body.get("content", {}))
    responses = ((status, _resolve(response, document)) for status, response in operation["responses"].items())
    rows = [
        (str(status), ", ".join(f"`{kind}`" for kind in response.get("content", {})), response["description"])
        for status, response in responses
    ]
    text = [f"## {name}", f"{operation['summary']}.", operation.get("description", "").strip()]
    text += [f"Request body: {media_types}."] if media_types else []
    return "\n\n".join(part for part in (*text, table(("status", "media types", "response"), rows)) if part)


def _resolve(node: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference points to, or the node itself."""
    if "$ref" not in node:
        return node
    target: Any = document
    for part in node["$ref"].removeprefix("#/").split("/"):
        target = target[part]
    return _resolve(target, document)


def _context(one: click.Command, name: str, parent: click.Context | None) -> click.Context:
    return click.Context(
        one,
        info_name=name,
        parent=parent,
        terminal_width=_HELP_WIDTH,
        max_content_width=_HELP_WIDTH,
        **one.context_settings,
    )


def _help(context: click.Context) -> str:
    return f"## {context.command_path}\n\n```text\n{context.get_help()}\n```"


def main() -> int:
    """Write or check the pages, and return the exit status."""
    pages = {ROOT / "docs" / "reference" / f"{name}.md": make() for name, make in PAGES.items()}
    outdated = [path for path, text in pages.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in outdated:
            sys.stderr.write(f"{path.name} is outdated: run `make reference`.\n")
        return int(bool(outdated))
    for path in outdated:
        path.write_text(pages[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
