"""Write the schemas of the contract: `python -m schemas.components` (or `make openapi`).

The head of openapi.yaml, with the paths and examples, is written by hand; what stands below its `schemas:` line is
generated from the schemas here, so that the contract can't promise what the code doesn't check. `--check` writes
nothing and fails when the file is not what it would be.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_instance
from marshmallow import Schema

from schemas import batch, clean, options, problem, raw

CONTRACT = Path(__file__).parent.parent / "openapi.yaml"
_LINE = "  schemas:\n"

# The name of each schema in the contract; apispec names nested ones by looking them up here.
NAMES: dict[type[Schema], str] = {
    options.Options: "Options",
    raw.RawArticle: "RawArticle",
    raw.RawText: "RawText",
    clean.Language: "Language",
    clean.Encoding: "Encoding",
    clean.Dateline: "Dateline",
    clean.Credit: "Credit",
    clean.Change: "Change",
    clean.Warn: "Warning",
    clean.CleanArticle: "CleanArticle",
    clean.CleanText: "CleanText",
    problem.FieldError: "FieldError",
    problem.Problem: "Problem",
    batch.BatchRequest: "BatchRequest",
    batch.BatchItem: "BatchItem",
    batch.BatchAnswer: "BatchAnswer",
}


def _sent(*names: str) -> dict[str, Any]:
    """Say that fields are there, and neither null nor blank, where that is the same."""
    fields = raw.RawArticle().load_fields
    filled = {name for name in names if not getattr(fields[name], "blank", False)}
    there = {name: {"type": "string"} | ({"pattern": r"\S"} if name in filled else {}) for name in names}
    return {"required": list(names), "properties": there}


# What a schema checks that its fields can't say one by one.
_TOGETHER: dict[str, dict[str, Any]] = {
    "RawArticle": {
        "anyOf": [_sent("text"), _sent("html"), _sent("content_base64")],
        "not": {
            "anyOf": [
                _sent("source", "site_name"),
                _sent("html", "content_base64"),
                _sent("content_type") | {"not": _sent("content_base64")},
            ]
        },
    },
}


def components() -> dict[str, Any]:
    """Return the schemas of the contract, by name."""
    plugin = MarshmallowPlugin(schema_name_resolver=lambda schema: NAMES[type(resolve_schema_instance(schema))])
    spec = APISpec("Copydesk", "1", "3.1.0", plugins=[plugin])
    for schema, name in NAMES.items():
        spec.components.schema(name, schema=schema())
    found: dict[str, Any] = spec.to_dict()["components"]["schemas"]
    for schema, name in NAMES.items():
        found[name] = {"description": (schema.__doc__ or "").strip()} | found[name] | _TOGETHER.get(name, {})
    return found


def rewritten(text: str) -> str:
    """Return the contract with its schemas written anew."""
    head, _, _ = text.partition(_LINE)
    written = yaml.safe_dump(components(), sort_keys=True, allow_unicode=True, width=110)
    return head + _LINE + "".join(f"    {line}\n" for line in written.splitlines())


def main() -> int:
    """Write the file, or check it."""
    was = CONTRACT.read_text(encoding="utf-8")
    now = rewritten(was)
    if "--check" in sys.argv[1:]:
        if was != now:
            sys.stderr.write("openapi.yaml is not what schemas/ says: run `make openapi`.\n")
        return int(was != now)
    CONTRACT.write_text(now, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
