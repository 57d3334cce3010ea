"""Invariants of every result."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from operator import itemgetter
from typing import Any, cast

import jsonschema_rs
import yaml

from copydesk import strict_json
from copydesk._layout import OPENAPI_PATH
from copydesk.changes.plan import replay
from copydesk.errors import ProblemError, ProcessingTimeout

JsonObject = Mapping[str, Any]

# Clients store these. Changes and warnings quote the raw input, which may have lone surrogates.
_FIELDS = (
    *("text", "title", "subtitle", "authors", "tags", "source", "section"),
    *("url", "canonical_url", "image", "extra"),
)
# The fields of changes that removed an item.
_LISTS = frozenset({"authors", "tags"})


class InvariantViolation(AssertionError):
    """Raised when a result violates an invariant.

    Attributes:
        rule: the name of the invariant, equal for all inputs that violate it in the same way.
    """

    def __init__(self, rule: str, detail: object = "") -> None:
        super().__init__(f"{rule}: {detail!r}")
        self.rule = rule


def require(rule: str, *, condition: bool, detail: object = "") -> None:
    """Raise InvariantViolation unless a condition holds."""
    if not condition:
        raise InvariantViolation(rule, detail)


def check_error(error: ProblemError) -> None:
    """Check that an error is the caller's and conforms to the contract.

    A timeout is a failure, too: the inputs are small.
    """
    is_client_error = error.status < 500 and not isinstance(error, ProcessingTimeout)
    require(f"client error, {type(error).__name__}", condition=is_client_error)
    check_schema("Problem", error.to_problem())


def check_article(result: JsonObject) -> None:
    """Check a clean article."""
    check_encoding(result)
    check_schema("CleanArticle", result)
    check_changes(result)


def check_text(result: JsonObject) -> None:
    """Check a clean text."""
    check_encoding(result)
    check_schema("CleanText", result)
    check_changes(result)


def check_schema(schema: str, result: JsonObject) -> None:
    """Check that a result is valid by a schema of the OpenAPI document."""
    error = next(iter(_validator(schema).iter_errors(result)), None)
    require(f"valid {schema}, {error and error.instance_path}", condition=error is None, detail=error and error.message)


def check_encoding(result: JsonObject) -> None:
    """Check that a result can be written as JSON in UTF-8, and that its fields have no lone surrogates."""
    body = strict_json.dumps(result)
    require("JSON round trip", condition=json.loads(body.decode()) == result, detail=body)
    for name in (name for name in _FIELDS if name in result):
        try:
            json.dumps(result[name], ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise InvariantViolation(f"no surrogates in {name}", result[name]) from error


def check_changes(result: JsonObject) -> None:
    """Check the places of each change, and that its plan replays."""
    changes = [change for change in cast("list[dict[str, Any]]", result["changes"]) if "start" in change]
    for change in changes:
        replays = replay(tuple(tuple(step) for step in change["plan"]), change["before"]) == change["after"]
        require(f"plan replays, {change['kind']}", condition=replays, detail=change)
        value = value_at(result, change["field"])
        is_first = value[change["start"] : change["end"]] == change["after"]
        is_first &= (change["start"], change["original_start"]) == next(_places(change))
        require(f"position of a change, {change['kind']}", condition=is_first, detail=(change, value))
        has_all = "starts" not in change or change["count"] == len(change["starts"]) > 1
        require(f"places of a change, {change['kind']}", condition=has_all, detail=change)
    for field in {change["field"] for change in changes} - _LISTS:
        restore(result, field)


def check_completeness(raw: Mapping[str, str], result: JsonObject) -> None:
    """Check that the changes lead from the clean fields back to the raw ones: no character is lost without a change."""
    if any("start" not in change for change in result["changes"]):
        return  # a summary
    for field, sent in raw.items():
        restored = restore(result, field)
        require("no character is lost", condition=restored == sent, detail=(field, restored, sent))


def restore(result: JsonObject, field: str) -> str:
    """Return a field as it was before its changes, each at all its places."""
    value = value_at(result, field)
    changes = (change for change in result["changes"] if change["field"] == field)
    places = sorted(((*place, change) for change in changes for place in _places(change)), key=itemgetter(0, 1))
    original, end = "", 0
    for start, original_start, change in places:
        after_end = start + len(change["after"])
        original += value[end:start]
        is_in_place = len(original) == original_start and value[start:after_end] == change["after"]
        require(f"position of a change, {change['kind']}", condition=is_in_place, detail=(start, change, value))
        original += change["before"]
        end = after_end
    return original + value[end:]


def _places(change: JsonObject) -> Iterator[tuple[int, int]]:
    starts = change.get("starts", [change["start"]])
    return zip(starts, change.get("original_starts", [change["original_start"]]), strict=True)


def check_idempotence(name: str, once: object, twice: object, changes: object) -> None:
    """Check that a value that was clean is unchanged after a second cleaning."""
    require(f"idempotent {name}", condition=once == twice, detail=(once, twice, changes))


def value_at(result: JsonObject, path: str) -> str:
    """Return the string at the path of a change; "" for an item that was removed from a list."""
    value: Any = result
    for part in path.split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value if isinstance(value, str) else ""


@cache
def _validator(schema: str) -> Any:
    contract = yaml.safe_load(OPENAPI_PATH.read_text(encoding="utf-8"))
    root = {"$ref": f"#/components/schemas/{schema}", "components": contract["components"]}
    return jsonschema_rs.Draft202012Validator(root)
