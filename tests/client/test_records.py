"""The clients with records of other tools."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from typing import Any

import pytest

from copydesk import ValidationFailed
from copydesk.client import AsyncClient, Client, RequestRejected, Result
from tests.helpers.paths import ROOT

CASES = json.loads((ROOT / "tests" / "cases" / "records.json").read_bytes())
RECORDS = [case["record"] for case in CASES]
OWN = {"h1": "Rain", "story": {"plain": "It rains."}, "day": date(2024, 3, 5)}


def clean_many(url: str, records: list[Any], fields: dict[str, str]) -> list[Result]:
    with Client(url, fields=fields) as client:
        return list(client.clean_many(records))


def clean_many_async(url: str, records: list[Any], fields: dict[str, str]) -> list[Result]:
    async def run() -> list[Result]:
        async with AsyncClient(url, fields=fields) as client:
            return [result async for result in client.clean_many(records)]

    return asyncio.run(run())


@pytest.mark.parametrize("run", [clean_many, clean_many_async])
def test_client_cleans_records_of_all_known_shapes(service_url: str, run: Any) -> None:
    articles = [result.article or {} for result in run(service_url, RECORDS, {})]
    cleaned = [
        {name: article.get(name) for name in case["clean"]} for article, case in zip(articles, CASES, strict=True)
    ]
    assert cleaned == [case["clean"] for case in CASES]


@pytest.mark.parametrize("run", [clean_many, clean_many_async])
def test_unknown_record_is_a_problem_and_fails_no_other(service_url: str, run: Any) -> None:
    fields = {"title": "h1", "text": "story.plain", "published": "day"}
    good, bad, text = run(service_url, [OWN, {"h1": "Wind"}, "It pours."], fields)
    assert (good.article["title"], good.article["text"], good.article["published"]) == (
        "Rain",
        "It rains.",
        "2024-03-05",
    )
    assert (bad.problem["status"], "`h1`" in bad.problem["detail"]) == (422, True)
    assert text.article["text"] == "It pours."


class Array:
    """An array as of numpy: neither equal nor unequal to anything."""

    def __eq__(self, other: object) -> Any:
        return self

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise ValueError("ambiguous")


@pytest.mark.parametrize("odd", [None, 7, {1: "x"}, OWN | {"n": Array()}, OWN | {"day": Array()}])
def test_odd_record_fails_no_other(service_url: str, odd: Any) -> None:
    fields = {"title": "h1", "text": "story.plain", "published": "day"}
    good, bad = clean_many(service_url, [OWN, odd], fields)
    assert bad.problem
    assert (bool(good.article), bad.problem["status"]) == (True, 422)


def test_error_within_a_record_is_its_problem(service_url: str) -> None:
    class Broken(dict[str, Any]):
        def items(self) -> Any:
            raise RuntimeError

    good, bad = clean_many(service_url, [OWN, Broken(OWN)], {"title": "h1", "text": "story.plain", "published": "day"})
    assert bad.problem
    assert (bool(good.article), "RuntimeError" in bad.problem["errors"][0]["detail"]) == (True, True)


def test_texts_and_raw_articles_are_not_mapped(service_url: str) -> None:
    raw = {"title": "A", "text": "One.<br>Two."}
    with Client(service_url) as client:
        expected = [result.article for result in client.clean_many(["One.<br>Two.", raw])]
    assert [result.article for result in clean_many(service_url, ["One.<br>Two.", raw], {"url": "link"})] == expected


def test_record_may_have_bytes(service_url: str) -> None:
    with Client(service_url, fields={}) as client:
        assert client.clean({"headline": "Rain", "body": "Café.".encode("cp1252")})["text"] == "Café."


def test_one_record_is_mapped_or_rejected(service_url: str) -> None:
    with Client(service_url, fields={"title": "h1", "text": "story.plain"}) as client:
        assert client.clean(OWN)["title"] == "Rain"
        with pytest.raises(RequestRejected, match="Found: `h1`"):
            client.clean({"h1": "Wind"})


def test_without_fields_records_are_sent_as_they_are(service_url: str) -> None:
    with Client(service_url) as client, pytest.raises(RequestRejected, match="invalid"):
        client.clean({"headline": "Rain", "body": "It rains."})


def test_fields_that_are_no_mapping_are_an_error_at_once() -> None:
    with pytest.raises(ValidationFailed, match="Expected a mapping"):
        Client("http://127.0.0.1:1", fields="title")  # type: ignore[arg-type]


@pytest.mark.parametrize("url", ["ftp://me:s3cret@a.example", "me:s3cret@a.example:80", "http://me:s3cret@et@:99999"])
def test_invalid_base_url_is_shown_without_password(url: str) -> None:
    with pytest.raises(ValueError, match="Invalid base URL") as caught:
        Client(url)
    assert "s3cret" not in str(caught.value)


def test_wrong_mapping_is_an_error_at_once() -> None:
    with pytest.raises(ValidationFailed, match="Did you mean 'title'"):
        Client("http://127.0.0.1:1", fields={"headline": "title"})
