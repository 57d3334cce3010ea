"""What must hold of every answer, whatever came in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

import jsonschema_rs
import yaml

from copydesk import strict_json
from copydesk._layout import OPENAPI_PATH
from copydesk.changes.plan import replay
from copydesk.errors import ProblemError, ProcessingTimeout

Answer = Mapping[str, Any]

# What changes and remarks quote stands as it came, lone surrogates and all; these are what the caller goes on with.
_FIELDS = ("title", "subtitle", "authors", "tags", "source", "section", "url", "canonical_url", "image", "extra")


class Broken(AssertionError):
    """Raised when an answer breaks a promise; `rule` names the promise, alike for all inputs that break it alike."""

    def __init__(self, rule: str, detail: object = "") -> None:
        """Keep the rule beside the message."""
        super().__init__(f"{rule}: {detail!r}")
        self.rule = rule


def holds(rule: str, *, when: bool, detail: object = "") -> None:
    """Raise Broken unless something is so."""
    if not when:
        raise Broken(rule, detail)


def problem(error: ProblemError) -> None:
    """Check an error: the caller's own, told as the contract says.

    That an article takes too long is ours as well: inputs are small here.
    """
    holds(
        f"no error of ours, {type(error).__name__}",
        when=error.status < 500 and not isinstance(error, ProcessingTimeout),
    )
    conforms("Problem", error.to_problem())


def article(answer: Answer) -> None:
    """Check a clean article."""
    written(answer)
    conforms("CleanArticle", answer)
    changes(answer)


def text(answer: Answer) -> None:
    """Check a clean text."""
    written(answer)
    conforms("CleanText", answer)
    changes(answer)


def conforms(schema: str, answer: Answer) -> None:
    """Check that an answer is valid by a schema of the contract."""
    error = next(iter(_validator(schema).iter_errors(answer)), None)
    holds(f"valid by {schema}, {error and error.instance_path}", when=error is None, detail=error and error.message)


def written(answer: Answer) -> None:
    """Check that an answer is written as JSON in UTF-8, and that no field holds what no text can."""
    body = strict_json.dumps(answer)
    holds("read as it was written", when=json.loads(body.decode()) == answer, detail=body)
    for name in ("text", *(name for name in _FIELDS if name in answer)):
        try:
            json.dumps(answer[name], ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise Broken(f"no surrogates in {name}", answer[name]) from error


def changes(answer: Answer) -> None:
    """Check that each change stands where it says and replays."""
    for change in cast("list[dict[str, Any]]", answer["changes"]):
        if "start" not in change:
            continue  # a summary
        returned = at_path(answer, change["field"])
        stands = returned[change["start"] : change["end"]] == change["after"]
        holds(f"a change stands in its place, {change['kind']}", when=stands, detail=(change, returned))
        replays = replay(tuple(tuple(step) for step in change["plan"]), change["before"]) == change["after"]
        holds(f"a plan replays, {change['kind']}", when=replays, detail=change)


def settled(what: str, once: object, twice: object, told: object) -> None:
    """Check that something that was clean is as it was after it was cleaned again."""
    holds(f"clean stays clean: {what}", when=once == twice, detail=(once, twice, told))


def at_path(answer: Answer, path: str) -> str:
    """Return the string at the path of a change; what was left out of a list stands nowhere."""
    found: Any = answer
    for key in path.split("/"):
        name = key.replace("~1", "/").replace("~0", "~")
        found = found[int(name)] if isinstance(found, list) else found[name]
    return found if isinstance(found, str) else ""


@cache
def _validator(schema: str) -> Any:
    contract = yaml.safe_load(OPENAPI_PATH.read_text(encoding="utf-8"))
    root = {"$ref": f"#/components/schemas/{schema}", "components": contract["components"]}
    return jsonschema_rs.Draft202012Validator(root)
