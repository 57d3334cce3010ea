"""The pages of the fields and options, from the schemas and the examples in `docs/reference/examples.json`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from marshmallow import Schema, validate
from marshmallow import fields as kinds

import copydesk
from schemas import batch, clean, operations, options, problem, raw
from schemas.fields import (
    MAX_EXTRA_CHARS,
    MAX_EXTRA_KEY_CHARS,
    MAX_EXTRA_STRINGS,
    MAX_EXTRA_VALUES,
    MAX_LIST_CHARS,
    MAX_LIST_ITEMS,
    MAX_STRING_CHARS,
    Strings,
)
from schemas.openapi import NAMES, components
from tools.markdown import page, table

_EXAMPLES = Path(__file__).parent.parent / "docs" / "reference" / "examples.json"

_UNCLEAR = re.compile("[\u0300-\u036f\u00a0\ufffd]")  # combining marks, no-break spaces and U+FFFD

# The heading of each schema, in the order of the page.
_HEADINGS: dict[type[Schema], str] = {
    raw.RawArticle: "The raw article",
    raw.RawText: "The raw text",
    batch.BatchRequest: "A batch",
    clean.CleanArticle: "The clean article",
    clean.Dateline: "dateline",
    clean.Credit: "credit",
    clean.Language: "language",
    clean.Change: "change",
    clean.Encoding: "encoding",
    clean.ArticleWarning: "warning",
    clean.CleanText: "The clean text",
    batch.BatchResponse: "The answer to a batch",
    batch.BatchItem: "The answer to a batch",
    problem.Problem: "A problem",
    problem.FieldError: "A problem",
    operations.Liveness: "Health checks and limits",
    operations.Readiness: "Health checks and limits",
    operations.Limits: "Health checks and limits",
}

_FIELDS_INTRODUCTION = """\
All fields of requests and responses. [openapi.yaml](../../openapi.yaml) has the same for programs,
[HTTP API](http-api.md) the operations, and `/v1/limits` the limits that are [settings](settings.md).

Rules for all fields:

- `null` means that the field is missing. A blank string means the same, except in `text`, `html`, `content_base64`,
  `id` and `extra`.
- An unknown field is an error. The message suggests a known field. Put your own data into `extra`.
- Prose in every field is repaired, and its white space is normalized.
- Clean fields are plain text, which may contain `<b>`. Escape them when you show them in a page.
- Invalid fields get a 422 `validation-failed` with up to a hundred errors, each with a JSON Pointer.

## Cleaning again

A clean article can be cleaned again. In Python, pass it to `copydesk.clean`, or its JSON to
[`copydesk.map_record`](../how-to/python.md#records-of-other-tools). `copydesk clean` reads its own output. Over HTTP,
send only the fields that a raw article has too, with `language` as a string: other fields are errors, because most of
them are misspelt.

The second cleaning changes nothing, with three exceptions: `strip_dateline` removes one dateline each time, clean
metadata may be weaker evidence for repair, and a date that was ambiguous or had an `assumed` zone is not marked again.
So all values are within the limits of a raw article. A text or field that exceeds its limit after cleaning is rejected
(413, 422). Other values that are too long are dropped, with a [warning](warnings.md): `list-cut`,
`url-invalid` or `page-value-cut`."""

# What a section says before its tables.
_TEXTS = {
    "The raw article": "For `POST /v1/articles` and each article of a batch. One of `text`, `html` and "
    '`content_base64` is required. Examples without a text have `"text": "It rains."`. '
    "[Metadata](../explanation/metadata.md) describes how values are normalized, and "
    "[pages](../explanation/pages.md) what is read from HTML, also if "
    "it is [escaped](../explanation/pages.md#escaped-html).",
    "The raw text": "For `POST /v1/text`. Some [options](options.md#set-options) have no effect.",
    "A batch": "For `POST /v1/articles/batch` as JSON. In NDJSON, each line is a raw article (at most "
    "`max_batch_lines` lines of `max_body_bytes`), and options are in the query. In a "
    "[feed](../explanation/pages.md#feeds), each entry is an article.",
    "dateline": "The `dateline` of the same response ([rules](../explanation/metadata.md#dateline)).",
    "credit": "The first of `credits` of the same response.",
    "language": "The `language` of the same response ([confidence](../explanation/language.md#confidence)).",
    "encoding": "[Pages](../explanation/pages.md#which-charset) describes the detection.",
    "change": "The first of `changes` of the same response ([confidence](../explanation/repair.md#confidence)).",
    "warning": "[Warnings](warnings.md) lists all codes.",
    "The clean text": "The response of `POST /v1/text`.",
    "The answer to a batch": "The response of `POST /v1/articles/batch`. In NDJSON, each line is an item.",
    "A problem": "The response to a failed request, as `application/problem+json`. [Problems](problems.md) lists the "
    "types.",
    "Health checks and limits": "The responses of `/livez`, `/readyz` with the status 200, and `/v1/limits`.",
}

# Limits that are settings, or of several values.
_LIMITS = {
    "text": "`max_text_characters`",
    "html": "`max_body_bytes`, for the whole body",
    "content_base64": "`max_body_bytes`, for the whole body",
    "articles": "`max_batch_articles`",
    "extra": f"{MAX_EXTRA_VALUES:,} values, {MAX_EXTRA_STRINGS:,} strings, {MAX_EXTRA_CHARS:,} characters, "
    f"{MAX_EXTRA_KEY_CHARS:,} in a key",
}

_OPTIONS_INTRODUCTION = """\
Options control what Copydesk changes and what it reports. By default, it repairs damage and normalizes white space, and
does not change correct text.

## Set options

Send `options` in the body:

```json
{"text": "“Fine”", "options": {"quotes": "plain"}}
```

Or use the query, also for bodies of bytes: `POST /v1/articles?quotes=plain&strip_dateline=true`. The command takes
`--option quotes=plain`, the client a dict, and the Scrapy pipeline the setting `COPYDESK_OPTIONS`.

For each option, the first of these applies: `options` of the article, also in a batch; `options` of a JSON batch; the
query; the default. An unknown, invalid or repeated option gets a 422 that names it.

`/v1/text` accepts all options, but `boilerplate` is always `keep` and `extract_metadata` always `false`, so
`strip_dateline` and `date_order` have no effect."""

_OPTIONS_RULES = """\
The rules are in [repair](../explanation/repair.md#decision) and metadata ([text](../explanation/metadata.md#text),
[dates](../explanation/metadata.md#dates)). The options from `quotes` to `normalization` apply to all texts of the
article."""

_TYPES: dict[type[kinds.Field[Any]], str] = {
    kinds.Boolean: "boolean",
    kinds.Dict: "object",
    kinds.Float: "number",
    kinds.Integer: "integer",
    kinds.String: "string",
}


def fields_page() -> str:
    """Return the page of the fields of all schemas."""
    examples = json.loads(_EXAMPLES.read_text(encoding="utf-8"))
    results = _results(examples)
    sections = []
    for heading, schemas in groupby(_HEADINGS, key=lambda schema: _HEADINGS[schema]):
        sections.append(f"{'##' if heading[0].isupper() else '###'} {heading}")
        sections += [_TEXTS[heading]] if heading in _TEXTS else []
        for schema in schemas:
            sections.append(f"`{NAMES[schema]}`: {_summary(schema)}")
            sections += [request] if (request := _request_of(schema, examples)) else []
            sections.append(_fields(schema, examples["raw"], results.get(schema)))
            if schema is raw.RawArticle:
                rows = (map(_code, example) for example in examples["invalid"])
                sections += ["Some invalid requests:", table(("sent", "response"), map(tuple, rows))]
    return page("Fields", _FIELDS_INTRODUCTION, *sections)


def options_page() -> str:
    """Return the page of the options."""
    examples = json.loads(_EXAMPLES.read_text(encoding="utf-8"))["options"]
    rows = []
    for name, field in options.Options().fields.items():
        values = ", ".join(f"`{value}`" for value in _choices(field) or ("false", "true"))
        rows.append((f"`{name}`", values, _code(field.metadata["default"]).replace('"', ""), _description(field)))
    sections = [
        "## All options",
        table(("option", "values", "default", "description"), rows),
        _OPTIONS_RULES,
        "## Examples",
        "The first column is the body for `/v1/articles`, the last one a part of the response.",
    ]
    for name, group in groupby(examples, key=lambda example: next(iter(example[1]))):
        rows_of_name = [tuple(map(_code, example)) for example in group]
        sections += [f"### {name}", table(("sent", "options", "response"), rows_of_name)]
    return page("Options", _OPTIONS_INTRODUCTION, *sections)


def _results(examples: Mapping[str, Any]) -> dict[type[Schema], Mapping[str, Any]]:
    """Return the JSON of each schema that the examples show."""
    article: Mapping[str, Any] = copydesk.clean(examples["article"]).to_dict()
    return {
        clean.CleanArticle: article,
        clean.Dateline: article["dateline"],
        clean.Credit: article["credits"][0],
        clean.Language: article["language"],
        clean.Change: article["changes"][0],
        clean.Encoding: dict(copydesk.clean(examples["encoding"]).to_dict()["encoding"] or {}),
        clean.ArticleWarning: dict(copydesk.clean(examples["warning"]).to_dict()["warnings"][0]),
    }


def _request_of(schema: type[Schema], examples: Mapping[str, Any]) -> str:
    """Return the request that the examples of a schema are from, unless a section above has it."""
    if schema is clean.CleanArticle:
        request = json.dumps(examples["article"], ensure_ascii=False, indent=2)
        return f"The examples are the response to this request:\n\n```json\n{request}\n```"
    name = {clean.Encoding: "encoding", clean.ArticleWarning: "warning"}.get(schema)
    return f"The examples are from the response to {_code(examples[name])}." if name else ""


def _fields(schema: type[Schema], sent: Mapping[str, Any], result: Mapping[str, Any] | None) -> str:
    """Return the table of the fields of a schema."""
    is_request = issubclass(schema, problem.SuggestingSchema)
    head = ["field", "type", *(["limit"] if is_request else []), "meaning"]
    head += ["sent", "response"] if schema is raw.RawArticle else ["example"] if result else []
    rows = []
    for name, field in schema().fields.items():
        row = [f"`{name}`", _type(field, is_request=is_request)]
        row += [_limit(name, field)] if is_request else []
        row.append(_description(field))
        if schema is raw.RawArticle:
            row += map(_code, sent[name])
        elif result:
            row.append("" if name == "version" or _schema_of(field) else _code(result[name]))
        rows.append(row)
    return table(head, rows)


def _description(field: kinds.Field[Any]) -> str:
    """Return the description of a field, or else that of its schema."""
    schema = _schema_of(field)
    return str(field.metadata.get("description") or (_summary(schema) if schema else ""))


def _summary(schema: type[Schema]) -> str:
    return str(_components()[NAMES[schema]]["description"])


@cache
def _components() -> dict[str, Any]:
    return components()


def _schema_of(field: kinds.Field[Any]) -> type[Schema] | None:
    """Return the schema of an object, or of the objects of a list."""
    inner = field.inner if isinstance(field, kinds.List) else field
    return type(inner.schema) if isinstance(inner, kinds.Nested) else None


def _type(field: kinds.Field[Any], *, is_request: bool) -> str:
    """Return the type of a field, or its choices if the description does not have them.

    In requests, all fields that are not required may be null.
    """
    choices = _choices(field)
    if choices and not all(f"`{choice}`" in _description(field) for choice in choices if choice):
        name = ", ".join(f"`{choice}`" for choice in choices if choice)
    else:
        name = _type_name(field)
    if is_request:
        return f"{name}, required" if field.required else name
    optional = "" if field.required else ", optional"
    return f"{name} or null" if field.allow_none else f"{name}{optional}"


def _type_name(field: kinds.Field[Any]) -> str:
    if isinstance(field, Strings):
        return f"list of {_plural(field.inner)}, or string"
    if isinstance(field, kinds.List):
        return f"list of {_plural(field.inner)}"
    if schema := _schema_of(field):
        return f"[{NAMES[schema]}]({_link(schema)})"
    named = field.metadata.get("type") or next(name for kind, name in _TYPES.items() if isinstance(field, kind))
    return named if isinstance(named, str) else " or ".join(named)


def _plural(field: kinds.Field[Any]) -> str:
    """Return the type of the items of a list, in the plural if it is not a link."""
    return re.sub(r"^(\w+)|(?<= or )(\w+)", r"\g<0>s", _type_name(field))


def _link(schema: type[Schema]) -> str:
    return "options.md" if schema is options.Options else f"#{_HEADINGS[schema].lower().replace(' ', '-')}"


def _limit(name: str, field: kinds.Field[Any]) -> str:
    if isinstance(field, Strings):
        return f"{MAX_LIST_ITEMS:,} items of {MAX_STRING_CHARS:,} characters, {MAX_LIST_CHARS:,} in all"
    lengths = [f"{check.max:,} characters" for check in field.validators if isinstance(check, validate.Length)]
    return _LIMITS.get(name) or "".join(lengths)


def _choices(field: kinds.Field[Any]) -> list[Any]:
    return [choice for check in field.validators if isinstance(check, validate.OneOf) for choice in check.choices]


def _code(value: Any) -> str:
    """Return a value as JSON, in which characters that are hard to see are escaped."""
    text = _UNCLEAR.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))
    return f"`` {text} ``" if "`" in text else f"`{text}`"
