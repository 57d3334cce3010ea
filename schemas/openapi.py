"""Generate the component schemas of `openapi.yaml` from the schemas of this package.

The paths and examples of the document are written by hand. Everything below its `schemas:` line is generated.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import yaml
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_instance
from marshmallow import Schema

from . import batch, clean, options, problem, raw

PATH = Path(__file__).parent.parent / "openapi.yaml"
_SCHEMAS_LINE = "  schemas:\n"

# The name of each schema in the document.
NAMES: dict[type[Schema], str] = {
    options.Options: "Options",
    raw.RawArticle: "RawArticle",
    raw.RawText: "RawText",
    clean.Language: "Language",
    clean.Encoding: "Encoding",
    clean.Dateline: "Dateline",
    clean.Credit: "Credit",
    clean.Change: "Change",
    clean.ArticleWarning: "Warning",
    clean.CleanArticle: "CleanArticle",
    clean.CleanText: "CleanText",
    problem.FieldError: "FieldError",
    problem.Problem: "Problem",
    batch.BatchRequest: "BatchRequest",
    batch.BatchItem: "BatchItem",
    batch.BatchResponse: "BatchResponse",
}


def _present(*names: str) -> dict[str, Any]:
    """Return a schema for fields that are present, neither null nor blank."""
    fields = raw.RawArticle().load_fields
    filled = {name for name in names if not getattr(fields[name], "blank", False)}
    there = {name: {"type": "string"} | ({"pattern": r"\S"} if name in filled else {}) for name in names}
    return {"required": list(names), "properties": there}


# Rules about several fields.
_RULES: dict[str, dict[str, Any]] = {
    "RawArticle": {
        "anyOf": [_present("text"), _present("html"), _present("content_base64")],
        "not": {
            "anyOf": [
                _present("source", "site_name"),
                _present("html", "content_base64"),
                _present("content_type") | {"not": _present("content_base64")},
            ]
        },
    },
}


def components() -> dict[str, Any]:
    """Return the component schemas by name."""
    plugin = MarshmallowPlugin(schema_name_resolver=lambda schema: NAMES[type(resolve_schema_instance(schema))])
    spec = APISpec("Copydesk", "1", "3.1.0", plugins=[plugin])
    for schema, name in NAMES.items():
        spec.components.schema(name, schema=schema())
    schemas: dict[str, Any] = spec.to_dict()["components"]["schemas"]
    for schema, name in NAMES.items():
        schemas[name] = {"description": _summary(schema)} | schemas[name] | _RULES.get(name, {})
    return schemas


def _summary(schema: type[Schema]) -> str:
    """Return the docstring of a schema without its section of attributes."""
    return inspect.cleandoc(schema.__doc__ or "").partition("\n\nAttributes:")[0]


def render(text: str) -> str:
    """Return the document with generated schemas."""
    head, _, _ = text.partition(_SCHEMAS_LINE)
    written = yaml.safe_dump(components(), sort_keys=True, allow_unicode=True, width=110)
    return head + _SCHEMAS_LINE + "".join(f"    {line}\n" for line in written.splitlines())
