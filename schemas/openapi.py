"""Generate the options and the component schemas of `openapi.yaml` from the schemas of this package.

The paths and examples of the document are written by hand. Everything below `_FIRST_GENERATED_LINE` is generated.

Generators of clients decide the form: every `$ref` points to a named component, every enumeration is one, and responses
allow further fields, so that a client still reads those of a later version.
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

from . import batch, clean, operations, options, problem, raw

PATH = Path(__file__).parent.parent / "openapi.yaml"
_FIRST_GENERATED_LINE = (
    "    # Generated from schemas/ by `make schemas`: the options as parameters of the query, and all schemas.\n"
)

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
    operations.Liveness: "Liveness",
    operations.Readiness: "Readiness",
    operations.Limits: "Limits",
}

# The name and description of each enumeration except the options, by its values.
_ENUMERATIONS: dict[tuple[str, ...], tuple[str, str]] = {
    clean.CREDITS: ("CreditKind", "A kind of credit."),
    clean.ENCODING_SOURCES: ("EncodingSource", "How a charset was determined."),
    clean.PRECISIONS: ("DatePrecision", "The precision of a date."),
    clean.ZONES: ("DateZone", "The source of the UTC offset of a date."),
    operations.ALIVE: ("LivenessStatus", "The status of a process that responds."),
    operations.READY: ("ReadinessStatus", "The status of a service that accepts requests."),
}


def _present(*names: str) -> dict[str, Any]:
    """Return a schema for fields that are present, neither null nor blank."""
    fields = raw.RawArticle().load_fields
    filled = {name for name in names if not getattr(fields[name], "blank", False)}
    there = {name: {"type": "string"} | ({"pattern": r"\S"} if name in filled else {}) for name in names}
    return {"required": list(names), "properties": there}


# Rules about several fields. Generators of clients ignore `if`; of an `anyOf`, they would make each part a class.
_RULES: dict[str, dict[str, Any]] = {
    "RawArticle": {
        "if": {
            "anyOf": [_present("text"), _present("html"), _present("content_base64")],
            "not": {
                "anyOf": [
                    _present("source", "site_name"),
                    _present("html", "content_base64"),
                    _present("content_type") | {"not": _present("content_base64")},
                ]
            },
        },
        "else": False,
    },
}

# The two kinds of items of a batch, each with the field that it has.
_BATCH_ITEMS = {"BatchArticle": "article", "BatchProblem": "problem"}


def components() -> dict[str, Any]:
    """Return the component schemas by name."""
    plugin = MarshmallowPlugin(schema_name_resolver=lambda schema: NAMES[type(resolve_schema_instance(schema))])
    spec = APISpec("Copydesk", "1", "3.1.0", plugins=[plugin])
    for schema, name in NAMES.items():
        spec.components.schema(name, schema=schema())
    spec.components.schema("QueryUrl", schema=raw.QueryUrl())
    schemas: dict[str, Any] = spec.to_dict()["components"]["schemas"]
    for schema, name in NAMES.items():
        schemas[name] = {"description": _summary(schema)} | schemas[name] | _RULES.get(name, {})
        if not issubclass(schema, problem.SuggestingSchema):
            del schemas[name]["additionalProperties"]
    _name_options(schemas)
    _name_enumerations(schemas)
    properties = schemas["RawArticle"]["properties"]
    properties.update({field: _limit_by_type(schema) for field, schema in properties.items()})
    _split_batch_item(schemas)
    schemas["QueryUrl"] = schemas["QueryUrl"]["properties"]["url"] | {"type": "string"}
    return schemas


def _summary(schema: type[Schema]) -> str:
    """Return the docstring of a schema without its section of attributes."""
    return inspect.cleandoc(schema.__doc__ or "").partition("\n\nAttributes:")[0]


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _option_schema_name(option: str) -> str:
    return option.title().replace("_", "") + "Option"


def _name_options(schemas: dict[str, Any]) -> None:
    """Give each option a schema of its own, which `Options` and the parameter of the query refer to."""
    properties = schemas["Options"]["properties"]
    for option, schema in list(properties.items()):
        name = _option_schema_name(option)
        schemas[name], properties[option] = schema, _ref(name)


def _name_enumerations(schemas: dict[str, Any]) -> None:
    """Replace each enumeration in a property by a reference. Null becomes a type of its own."""
    # A later version may have more kinds of changes, which a client must be able to read.
    del schemas["Change"]["properties"]["kind"]["enum"]
    for name in NAMES.values():
        for property_name, schema in schemas[name]["properties"].items():
            if "enum" not in schema:
                continue
            values = tuple(value for value in schema["enum"] if value is not None)
            enumeration, description = _ENUMERATIONS[values]
            schemas[enumeration] = {"description": description, "type": "string", "enum": list(values)}
            reference = (
                {"anyOf": [_ref(enumeration), {"type": "null"}]} if None in schema["enum"] else _ref(enumeration)
            )
            schemas[name]["properties"][property_name] = {"description": schema["description"]} | reference


def _limit_by_type(field: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a field with its limits behind `if`, if it has several types besides null."""
    types = field.get("type", "")
    if isinstance(types, str) or len(set(types) - {"null"}) == 1:
        return field
    described = {"description": field["description"]} | _limit_strings(field)
    if "array" not in types:
        return described | {"type": types}
    items = {"type": field["items"]["type"]} | _limit_strings(field["items"])
    alternatives = [{"type": "array", "items": items}, *({"type": kind} for kind in types if kind != "array")]
    return described | {"anyOf": alternatives, "else": {"maxItems": field["maxItems"]}}


def _limit_strings(schema: dict[str, Any]) -> dict[str, Any]:
    return {"if": {"type": "string"}, "then": {"maxLength": schema["maxLength"]}}


def _split_batch_item(schemas: dict[str, Any]) -> None:
    """Make an item of a batch one of two schemas, each with a result that is required."""
    item = schemas["BatchItem"]
    for name, result in _BATCH_ITEMS.items():
        schemas[name] = {
            "description": f"An item of a batch with its {result}.",
            "type": "object",
            "properties": {field: item["properties"][field] for field in ("index", result)},
            "required": ["index", result],
        }
    schemas["BatchItem"] = {"description": item["description"], "oneOf": [_ref(name) for name in _BATCH_ITEMS]}


def _parameter(option: str, description: str) -> dict[str, Any]:
    schema = _ref(_option_schema_name(option))
    return {"name": option, "in": "query", "description": description, "schema": schema}


def render(text: str) -> str:
    """Return the document with the generated parts."""
    head, _, _ = text.partition(_FIRST_GENERATED_LINE)
    options_by_name = options.Options().load_fields
    parameters = {name: _parameter(name, option.metadata["description"]) for name, option in options_by_name.items()}
    return head + _FIRST_GENERATED_LINE + _dump(parameters) + "  schemas:\n" + _dump(components())


def _dump(mapping: dict[str, Any]) -> str:
    """Return a mapping as YAML below `components` and one of its keys."""
    text = yaml.safe_dump(mapping, sort_keys=True, allow_unicode=True, width=110)
    return "".join(f"    {line}\n" if line else "\n" for line in text.splitlines())
