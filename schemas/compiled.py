"""Precompiled fast paths for marshmallow validation and dumping.

marshmallow visits every field of a schema for every article. The functions here are compiled from the fields of a
schema and do the same in a fraction of the time. Tests compare both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeAlias, cast

from marshmallow import Schema, ValidationError, fields, missing, validate
from marshmallow.utils import get_value

from .fields import (
    MAX_LIST_CHARS,
    MAX_LIST_ITEMS,
    SURROGATE,
    Date,
    Extra,
    Id,
    OptionalList,
    StrictString,
    StringOrInteger,
    Strings,
    check_extra,
)
from .urls import BLANKS, AnyUrl, HttpUrl

Field: TypeAlias = fields.Field[Any]
Check: TypeAlias = Callable[[Any], bool]
Write: TypeAlias = Callable[[Any], Any]


def compile_validator(schema: Schema) -> Check:
    """Return a function that returns whether a document is certainly valid and loads unchanged.

    It checks each field on its own; rules about several fields are up to the caller. Another document may still be
    valid: only the schema decides that.
    """
    checks = {name: _check(field) for name, field in schema.load_fields.items()}
    required = frozenset(name for name, field in schema.load_fields.items() if field.required)

    def is_valid(document: Any) -> bool:
        return (
            type(document) is dict
            and required <= document.keys() <= checks.keys()
            and all(checks[name](value) for name, value in document.items())
        )

    return is_valid


def _check(field: Field) -> Check:
    """Return the check of a field. Without a check for exactly its type, the field itself validates."""
    check = _CHECKS.get(type(field), _check_by_field)(field)
    return (lambda value: value is None or check(value)) if field.allow_none else check


def _check_by_field(field: Field) -> Check:
    def is_valid(value: Any) -> bool:
        try:
            return bool(field.deserialize(value) == value)
        except ValidationError:
            return False

    return is_valid


def _line(field: Field) -> Check:
    max_lengths = [each.max if isinstance(each, validate.Length) else None for each in field.validators]
    blank = cast("StrictString", field).blank
    if not max_lengths and blank:
        return lambda value: type(value) is str
    max_length = max_lengths[0] if max_lengths else None
    if max_length is None or len(max_lengths) > 1:
        return _check_by_field(field)
    # A blank string loads as None.
    return lambda value: (
        type(value) is str and len(value) <= max_length and (blank or (bool(value) and not value.isspace()))
    )


def _id(field: Field) -> Check:
    line = _line(field)
    return lambda value: line(value) and not SURROGATE.search(value)


def _url(field: Field) -> Check:
    line, pattern = _line(field), re.compile(cast("AnyUrl", field).pattern)
    return lambda value: (
        line(value) and value == value.strip(BLANKS) and bool(pattern.match(value)) and not SURROGATE.search(value)
    )


def _date(field: Field) -> Check:
    line = _line(field)
    return lambda value: type(value) in (int, float) or line(value)


def _strings(field: Field) -> Check:
    item = _line(cast("Strings", field).inner)

    def is_valid(value: Any) -> bool:
        return (
            type(value) is list
            and len(value) <= MAX_LIST_ITEMS
            and all(map(item, value))
            and sum(map(len, value)) <= MAX_LIST_CHARS
        )

    return is_valid


def _extra(_: Field) -> Check:
    def is_valid(value: Any) -> bool:
        try:
            check_extra(value)
        except ValidationError:
            return False
        return type(value) is dict

    return is_valid


_CHECKS: dict[type[Field], Callable[[Field], Check]] = {
    StrictString: _line,
    StringOrInteger: _line,
    Id: _id,
    AnyUrl: _url,
    HttpUrl: _url,
    Date: _date,
    Strings: _strings,
    Extra: _extra,
}


def compile_serializer(schema: Schema) -> Write:
    """Return a function that dumps an object as the schema does, if its values have the types of the fields.

    Fields that the class of the object does not have are omitted, and so are empty optional lists.
    """
    by_type: dict[type, Write] = {}

    def write(value: Any) -> Any:
        write_type = by_type.get(type(value))
        if write_type is None:
            write_type = by_type[type(value)] = _compile_type(schema, value)
        return write_type(value)

    return write


def _compile_type(schema: Schema, example: Any) -> Write:
    """Return a function that dumps objects of the class of the example."""
    sources = {name: field.attribute or name for name, field in schema.dump_fields.items()}
    present = [name for name, source in sources.items() if get_value(example, source) is not missing]
    get = attrgetter(*(sources[name] for name in present))
    converters = [(name, convert) for name in present if (convert := _converter(schema.dump_fields[name]))]
    optional = [name for name in present if isinstance(schema.dump_fields[name], OptionalList)]

    def write(value: Any) -> dict[str, Any]:
        document = dict(zip(present, get(value), strict=True))
        for name, convert in converters:
            document[name] = convert(document[name])
        for name in optional:
            if not document[name]:
                del document[name]
        return document

    return write


def _converter(field: Field) -> Write | None:
    """Return a function that dumps the value of a field, or None if the value is dumped unchanged."""
    if isinstance(field, fields.Nested):
        nested = compile_serializer(field.schema)
        return lambda value: None if value is None else nested(value)
    if isinstance(field, fields.List):
        inner = _converter(field.inner)
        return list if inner is None else lambda value: [inner(item) for item in value]
    return _CONVERTERS[type(field)]


_CONVERTERS: dict[type[Field], Write | None] = {
    fields.String: None,
    fields.Integer: None,
    fields.Boolean: None,
    fields.Float: float,
    fields.Dict: dict,
}
