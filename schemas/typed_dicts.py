"""Generate `copydesk/typed_dicts.py`: the JSON of the wire contract as `TypedDict`s."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, validate

from .batch import BatchItem
from .clean import CleanArticle, CleanText
from .fields import Base64, Date, Id, StrictBoolean, StringOrInteger, Strings
from .openapi import NAMES
from .options import Options
from .problem import FieldError, Problem
from .raw import RawArticle

PATH = Path(__file__).parent.parent / "copydesk" / "typed_dicts.py"

_MAX_LINE_CHARS = 120

_HEAD = '''"""The JSON of the wire contract as `TypedDict`s. Generated from `schemas/` by `make schemas`."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, NotRequired, TypedDict
'''

# Requests: every field is optional, and dates may be `date` and `datetime`, which the client serializes.
_REQUESTS: tuple[type[Schema], ...] = (Options, RawArticle)
_ROOTS = (Options, RawArticle, FieldError, Problem, CleanText, CleanArticle, BatchItem)

_TYPES: dict[type[fields.Field[Any]], str] = {
    Base64: "str",
    Date: "str | float | date",
    Id: "str | int",
    StringOrInteger: "str | int",
    Strings: "list[str] | str",
    StrictBoolean: "bool",
    fields.Boolean: "bool",
    fields.Dict: "dict[str, Any]",
    fields.Float: "float",
    fields.Integer: "int",
    fields.String: "str",
}


def render() -> str:
    """Return the source of the module."""
    written: dict[type[Schema], str] = {}
    for schema in _ROOTS:
        _render_class(schema, written)
    return "\n\n".join([_HEAD, *written.values()])


def _render_class(schema: type[Schema], written: dict[type[Schema], str]) -> None:
    """Render a schema, after those that it refers to."""
    instance = schema()
    is_request = schema in _REQUESTS
    declared = instance.load_fields if is_request else instance.dump_fields
    for field in declared.values():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested) and type(inner.schema) not in written:
            _render_class(type(inner.schema), written)
    lines = [_wrap(f"    {name}: {_annotation(field, is_request=is_request)}") for name, field in declared.items()]
    doc = inspect.cleandoc(schema.__doc__ or "").partition("\n\nAttributes:")[0]
    base = "TypedDict, total=False" if is_request else "TypedDict"
    written[schema] = "\n".join([f"class {_name(schema)}({base}):", *_docstring(doc), "", *lines, ""])


def _wrap(line: str) -> str:
    """Wrap a long `Literal` as the formatter does."""
    if len(line) <= _MAX_LINE_CHARS:
        return line
    head, _, choices = line.removesuffix("]").partition("[")
    return "\n".join([f"{head}[", *(f"        {choice}," for choice in choices.split(", ")), "    ]"])


def _docstring(doc: str) -> list[str]:
    if "\n" not in doc:
        return [f'    """{doc}"""']
    first, *rest = doc.splitlines()
    return [f'    """{first}', *(f"    {line}" if line else "" for line in rest), '    """']


def _name(schema: type[Schema]) -> str:
    return f"{NAMES[schema]}Dict"


def _annotation(field: fields.Field[Any], *, is_request: bool) -> str:
    annotation = _type(field)
    if field.allow_none and "None" not in annotation:
        annotation += " | None"
    return annotation if is_request or field.required else f"NotRequired[{annotation}]"


def _type(field: fields.Field[Any]) -> str:
    if isinstance(field, fields.Nested):
        return _name(type(field.schema))
    if isinstance(field, fields.List) and not isinstance(field, Strings):
        return f"list[{_type(field.inner)}]"
    for check in field.validators:
        if isinstance(check, validate.OneOf):
            choices = [f'"{choice}"' for choice in check.choices if choice is not None]
            return f"Literal[{', '.join(choices)}]"
    return next(name for kind, name in _TYPES.items() if isinstance(field, kind))
