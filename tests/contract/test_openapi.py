"""The service and its OpenAPI document agree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_type_hints

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

import fuzz.contract_hooks  # noqa: F401  # registers its extensions
from copydesk import errors
from copydesk.article import Change, Credit, Encoding, Instant, Options
from copydesk.typed_dicts import ChangeDict, CleanArticleDict, CreditDict, EncodingDict, OptionsDict
from schemas.openapi import PATH, render

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

TEXT = PATH.read_text(encoding="utf-8")
DOCUMENT: dict[str, Any] = yaml.safe_load(TEXT)
OPERATIONS = [(path, method, op) for path, item in DOCUMENT["paths"].items() for method, op in item.items()]
# The blueprints with web pages and their files, which are not part of the API.
FOR_PEOPLE = {"ui", "docs"}


def test_the_schemas_of_the_contract_are_those_of_the_code() -> None:
    assert render(TEXT) == TEXT, "run `make schemas`"


def test_the_options_have_the_types_of_the_schema() -> None:
    assert get_type_hints(Options) == get_type_hints(OptionsDict)


@pytest.mark.parametrize(
    ("value", "name", "document", "key"),
    [
        (Change, "kind", ChangeDict, "kind"),
        (Credit, "kind", CreditDict, "kind"),
        (Encoding, "source", EncodingDict, "source"),
        (Instant, "precision", CleanArticleDict, "published_precision"),
        (Instant, "zone", CleanArticleDict, "published_zone"),
    ],
)
def test_enumerated_values_are_those_of_the_schema(value: type, name: str, document: type, key: str) -> None:
    assert get_type_hints(value)[name] == get_type_hints(document)[key]


def test_the_contract_is_valid_openapi() -> None:
    from openapi_spec_validator import validate  # noqa: PLC0415  takes a second to import

    validate(DOCUMENT)


def test_openapi_paths_are_those_of_the_application(app: Flask) -> None:
    routes = {
        (rule.rule, method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] not in FOR_PEOPLE
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(path, method) for path, method, _ in OPERATIONS}


def test_every_option_can_be_sent_in_the_query() -> None:
    options = set(DOCUMENT["components"]["schemas"]["Options"]["properties"])
    parameters = DOCUMENT["components"]["parameters"].values()
    assert {parameter["name"] for parameter in parameters if parameter["in"] == "query"} == options | {"url"}


def test_the_url_of_a_page_has_two_sources(client: FlaskClient) -> None:
    """It is in the query or in `Content-Location`."""
    [path] = [path for path, _, op in OPERATIONS if {"$ref": "#/components/parameters/url"} in op.get("parameters", [])]
    for query, header in (("?url=https://x.example/a", {}), ("", {"Content-Location": "https://x.example/a"})):
        answer = client.post(path + query, data=b"It rains.", content_type="text/plain", headers=header)
        assert answer.get_json()["url"] == "https://x.example/a"


def test_every_problem_type_has_a_name_and_a_documented_status() -> None:
    documented = {int(status) for _, _, op in OPERATIONS for status in op["responses"]}
    # Errors of the routing belong to no operation.
    documented |= {404, 405}
    for problem in errors.ProblemError.__subclasses__():
        assert re.fullmatch("[a-z0-9-]+", problem.slug)
        assert problem.status in documented


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=lambda part: str(part)[:30])
def test_the_examples_are_what_the_service_really_answers(
    client: FlaskClient, path: str, method: str, operation: dict[str, Any]
) -> None:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    for mimetype, content in operation["responses"]["200"]["content"].items():
        answer = client.open(path, method=method.upper(), json=body, headers={"Accept": mimetype})
        assert (answer.status_code, answer.mimetype) == (200, mimetype)
        if "example" in content:
            response_body = answer.get_data(as_text=True) if mimetype == "text/plain" else answer.get_json()
            assert response_body == content["example"]


@pytest.fixture(scope="module")
def schema(app: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


def test_responses_are_tested_without_further_fields(schema: Any) -> None:
    """A field that the service returns and the contract does not have is a failure of the tests below."""
    assert schema.raw_schema["components"]["schemas"]["CleanArticle"]["additionalProperties"] is False


@pytest.mark.parametrize(
    ("path", "method", "has_input"),
    [pytest.param(path, method, "requestBody" in op, id=f"{method} {path}") for path, method, op in OPERATIONS],
)
def test_responses_match_the_contract(schema: Any, path: str, method: str, *, has_input: bool) -> None:
    """Any request that the contract allows or forbids gets a response that the contract has.

    `schema.parametrize` would build the cases of all operations when tests are collected, in each process.
    `make contract` runs the other phases of schemathesis.
    """
    operation = schema[path][method]
    cases = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if has_input:
        cases |= operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(cases)
    def check(case: schemathesis.Case[Any]) -> None:
        # Without a network, no client decompresses the response.
        response = case.call(headers={"Accept-Encoding": "identity"})
        case.validate_response(response, excluded_checks=[positive_data_acceptance])

    check()
