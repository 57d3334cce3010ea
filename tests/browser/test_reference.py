"""The API reference in a browser: all operations are shown, and requests from it work."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).parent.parent.parent
CONTRACT: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))


def opened(page: Page) -> Locator:
    """Open the form of the operation that cleans a text."""
    page.goto("/docs")
    operation = page.locator("#operations-text-cleanText")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_label("Request content type").select_option("application/json")
    return operation


def sent(page: Page) -> Locator:
    """Send a text with the form, and return the element with the response."""
    operation = opened(page)
    operation.locator("textarea").fill(json.dumps({"text": "Russiaâ€™s  envoy"}))
    operation.get_by_role("button", name="Execute").click()
    return operation.locator(".live-responses-table")


def test_every_operation_of_the_contract_is_there(page: Page) -> None:
    page.goto("/docs")
    operations = {operation["operationId"] for item in CONTRACT["paths"].values() for operation in item.values()}
    expect(page.locator(".opblock")).to_have_count(len(operations))
    shown = {str(block.get_attribute("id")).rpartition("-")[2] for block in page.locator(".opblock").all()}
    assert shown == operations


def test_a_text_is_repaired_by_trying_it_out(page: Page) -> None:
    answer = sent(page)
    expect(answer.locator("tbody .response-col_status")).to_contain_text("200")
    body = json.loads(answer.locator(".highlight-code code").first.inner_text())
    assert body["text"] == "Russia’s envoy"
    assert [change["kind"] for change in body["changes"]] == ["mojibake", "whitespace"]


def test_docs_page_links_to_the_ui_and_the_openapi_document(page: Page) -> None:
    page.goto("/docs")
    base = page.url.removesuffix("docs")
    links = page.locator("header a").evaluate_all("links => links.map((link) => link.href)")
    assert links == [base, f"{base}openapi.yaml", f"{base}openapi.json"]
    assert [page.request.get(link).status for link in links] == [200, 200, 200]


@pytest.mark.parametrize(
    "scheme", [pytest.param(name, marks=pytest.mark.look(scheme=name)) for name in ("light", "dark")]
)
def test_axe_finds_nothing_wrong(page: Page, axe: Callable[..., list[str]], scheme: str) -> None:
    page.goto("/docs")
    expect(page.locator(".opblock").first).to_be_visible()
    assert axe() == []
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(28, 32, 34)"
    assert dark == (scheme == "dark")
    expect(sent(page)).to_be_visible()
    page.locator(".models-control").click()
    page.wait_for_timeout(500)
    assert axe() == []


def test_the_responses_of_an_operation_are_folded(page: Page) -> None:
    operation = opened(page)
    expect(operation.locator(".page-responses > summary")).to_be_visible()
    expect(operation.locator(".responses-table")).to_be_hidden()
    box = operation.bounding_box()
    assert box
    assert box["height"] < 3000
    operation.locator(".page-responses > summary").click()
    expect(operation.locator(".responses-table")).to_be_visible()


def test_there_are_no_locks_without_keys(page: Page) -> None:
    page.goto("/docs")
    expect(page.locator(".opblock").first).to_be_visible()
    assert page.locator(".authorization__btn, .btn.authorize, .servers").count() == 0


def test_an_operation_has_a_link_of_its_own(page: Page) -> None:
    opened(page)
    assert page.url.endswith("#/text/cleanText")
    page.goto("/livez")
    page.goto("/docs#/text/cleanText")
    expect(page.locator("#operations-text-cleanText .page-responses")).to_be_visible()


@pytest.mark.look(width=360, height=740)
def test_on_a_phone_the_page_is_no_wider_than_the_screen(page: Page) -> None:
    answer = sent(page)
    expect(answer).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_large_files_are_cached_by_the_browser(page: Page) -> None:
    """On the second visit, the browser requests none of the large files."""
    page.goto("/docs")
    expect(page.locator(".opblock").first).to_be_visible()
    page.goto("/livez")
    page.goto("/docs")
    expect(page.locator(".opblock").first).to_be_visible()
    of_docs = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/docs/'))"
    assert page.evaluate(f"{of_docs}.map((one) => one.transferSize)") == [0, 0, 0, 0]
