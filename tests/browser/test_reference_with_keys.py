"""The API reference of a service that requires keys: it is public, and sends a key that is entered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from copydesk import api_keys
from tests.helpers.server import Server, running

KEY = api_keys.generate_key()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path = tmp_path_factory.mktemp("keys") / "keys.txt"
    path.write_text(api_keys.format_line("reader", KEY))
    with running(COPYDESK_API_KEYS_FILE=str(path)) as server:
        yield server


def status(page: Page) -> Locator:
    """Send the example with the form, and return the element with the status."""
    operation = page.locator("#operations-text-cleanText")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_label("Request content type").select_option("application/json")
    operation.get_by_role("button", name="Execute").click()
    return operation.locator(".live-responses-table tbody .response-col_status")


def test_without_a_key_the_answer_is_a_401(page: Page, mishaps: list[str]) -> None:
    page.goto("/docs")
    expect(status(page)).to_contain_text("401")
    # The browser logs each error response to its console.
    (mishap,) = mishaps
    assert "status of 401" in mishap
    mishaps.clear()


def test_operations_that_need_a_key_have_a_lock(page: Page) -> None:
    page.goto("/docs")
    expect(page.locator("#operations-text-cleanText .authorization__btn")).to_be_visible()
    expect(page.locator(".btn.authorize")).to_be_visible()


def test_with_a_key_it_is_a_200(page: Page) -> None:
    page.goto("/docs")
    page.get_by_role("button", name="Authorize").first.click()
    page.locator("#auth-bearer-value").fill(KEY)
    page.get_by_role("button", name="Apply credentials").click()
    page.get_by_role("button", name="Close").last.click()
    expect(status(page)).to_contain_text("200")
