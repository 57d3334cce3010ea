"""The contract has the forms that generators of clients understand, and loses nothing by them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
import yaml

from copydesk.article import Options
from schemas.clean import KINDS
from schemas.fields import MAX_LIST_ITEMS, MAX_STRING_CHARS
from schemas.openapi import PATH

if TYPE_CHECKING:
    from flask.testing import FlaskClient

DOCUMENT: dict[str, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS: list[dict[str, Any]] = [operation for item in DOCUMENT["paths"].values() for operation in item.values()]


def resolve(reference: str) -> Any:
    """Return the component that a reference points to."""
    kind, name = re.fullmatch("#/components/([A-Za-z]+)/([A-Za-z0-9_-]+)", reference).groups()  # type: ignore[union-attr]
    return DOCUMENT["components"][kind][name]


def nodes(node: Any, *, resolved: bool = False) -> Iterator[dict[str, Any]]:
    """Yield all objects of a part of the document; with `resolved`, also those behind references."""
    waiting, seen = [node], set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            yield part
            waiting += [value for key, value in part.items() if key != "example"]
            reference = part.get("$ref")
            if resolved and isinstance(reference, str) and reference not in seen:
                seen.add(reference)
                waiting.append(resolve(reference))


def media_types(bodies: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the media types of requests or responses with their descriptions."""
    return [each for node in nodes(bodies, resolved=True) for each in node.get("content", {}).items()]


REQUESTS = [operation["requestBody"] for operation in OPERATIONS if "requestBody" in operation]
RESPONSES = [operation["responses"] for operation in OPERATIONS]


def test_every_reference_is_a_named_component() -> None:
    references = [node["$ref"] for node in nodes(DOCUMENT) if isinstance(node.get("$ref"), str)]
    assert len(references) > 100
    for reference in references:
        assert isinstance(resolve(reference), dict)


@pytest.mark.parametrize("name", SCHEMAS["Options"]["properties"])
def test_an_option_is_a_component_with_its_default(name: str) -> None:
    reference = SCHEMAS["Options"]["properties"][name]
    # A default beside the reference would be sent by generated clients, and win over the options of a batch.
    assert set(reference) == {"$ref"}
    option = resolve(reference["$ref"])
    assert option["default"] == getattr(Options(), name)
    parameter = DOCUMENT["components"]["parameters"][name]
    assert parameter["schema"] == reference
    assert parameter["description"] == option["description"]


def test_every_enumeration_is_a_component() -> None:
    inline = [node for schema in SCHEMAS.values() for node in nodes(list(schema.values())) if "enum" in node]
    inline += [node for node in nodes(DOCUMENT["paths"]) if "enum" in node]
    assert inline == []


def test_kinds_of_changes_may_be_added() -> None:
    kind = SCHEMAS["Change"]["properties"]["kind"]
    assert kind.keys() == {"type", "description"}
    assert [name for name in KINDS if f"`{name}`" not in kind["description"]] == []


def test_responses_allow_further_fields_and_requests_do_not() -> None:
    answered = [node for node in nodes(RESPONSES, resolved=True) if "properties" in node and "type" in node]
    assert [node for node in answered if "additionalProperties" in node] == []
    sent = [node for node in nodes(REQUESTS, resolved=True) if "properties" in node and "type" in node]
    assert [node for node in sent if node.get("additionalProperties") is not False] == []
    assert (len(answered), len(sent)) == (16, 4)


def test_parts_on_which_generators_fail_are_absent() -> None:
    """openapi-generator fails on each of these."""
    assert [node for node in nodes(DOCUMENT) if "links" in node] == []
    assert [node for node in nodes(SCHEMAS) if '"' in str(node.get("pattern", ""))] == []
    assert [node for node in nodes(SCHEMAS) if isinstance(node.get("type"), list) and "array" in node["type"]] == []


def test_every_error_is_a_problem() -> None:
    errors = [answer for answers in RESPONSES for status, answer in answers.items() if int(status) >= 400]
    schemas = {media_type: content["schema"] for media_type, content in media_types(errors)}
    assert schemas == {"application/problem+json": {"$ref": "#/components/schemas/Problem"}}


def test_every_body_has_a_schema() -> None:
    for media_type, content in media_types(REQUESTS):
        is_json = media_type == "application/json"
        assert "$ref" in content["schema"] if is_json else content["schema"]["format"] == "binary"


def test_an_item_of_a_batch_has_an_article_or_a_problem() -> None:
    kinds = [resolve(kind["$ref"]) for kind in SCHEMAS["BatchItem"]["oneOf"]]
    assert [kind["required"] for kind in kinds] == [["index", "article"], ["index", "problem"]]


@pytest.mark.parametrize(
    ("article", "is_valid"),
    [
        ({"text": "x"}, True),
        ({"text": ""}, True),
        ({"html": "x", "text": None}, True),
        ({"content_base64": "eA==", "content_type": "text/plain"}, True),
        ({"text": "x", "source": "x", "site_name": " "}, True),
        ({"text": "x", "title": 7, "published": 7.5, "authors": ["x", None], "tags": "x"}, True),
        ({}, False),
        ({"text": None}, False),
        ({"title": "x"}, False),
        ({"text": "x", "unknown": 1}, False),
        ({"text": "x", "source": "x", "site_name": "x"}, False),
        ({"html": "x", "content_base64": "eA=="}, False),
        ({"text": "x", "content_type": "text/plain"}, False),
        ({"text": "x", "title": "x" * (MAX_STRING_CHARS + 1)}, False),
        ({"text": "x", "title": 7.5}, False),
        ({"text": "x", "published": "x" * (MAX_STRING_CHARS + 1)}, False),
        ({"text": "x", "authors": "x" * (MAX_STRING_CHARS + 1)}, False),
        ({"text": "x", "authors": ["x" * (MAX_STRING_CHARS + 1)]}, False),
        ({"text": "x", "authors": ["x"] * (MAX_LIST_ITEMS + 1)}, False),
        ({"text": "x", "authors": [7]}, False),
        ({"text": "x", "tags": ["x", 7] * MAX_LIST_ITEMS}, False),
        ({"text": "x", "options": {"quotes": "straight"}}, False),
        ({"text": "x", "options": {"detect_language": "true"}}, False),
    ],
    ids=lambda value: str(value)[:50] if isinstance(value, dict) else "",
)
def test_the_contract_and_the_service_reject_the_same_articles(
    client: FlaskClient, article: dict[str, Any], *, is_valid: bool
) -> None:
    """An article is valid in both or in neither."""
    schema = {"$ref": "#/components/schemas/RawArticle", "components": DOCUMENT["components"]}
    assert jsonschema_rs.validator_for(schema).is_valid(article) == is_valid
    assert client.post("/v1/articles", json=article).status_code == (200 if is_valid else 422)
