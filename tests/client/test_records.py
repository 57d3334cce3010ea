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


def test_one_record_is_mapped_or_rejected(service_url: str) -> None:
    with Client(service_url, fields={"title": "h1", "text": "story.plain"}) as client:
        assert client.clean(OWN)["title"] == "Rain"
        with pytest.raises(RequestRejected, match="Found: `h1`"):
            client.clean({"h1": "Wind"})


def test_without_fields_records_are_sent_as_they_are(service_url: str) -> None:
    with Client(service_url) as client, pytest.raises(RequestRejected, match="invalid"):
        client.clean({"headline": "Rain", "body": "It rains."})


def test_wrong_mapping_is_an_error_at_once() -> None:
    with pytest.raises(ValidationFailed, match="Did you mean 'title'"):
        Client("http://127.0.0.1:1", fields={"headline": "title"})
