"""The web page in a real browser, with a running service."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, FilePayload, Page, Route, expect

from copydesk import api_keys
from copydesk.settings import Settings
from svc.app import create_app
from tests.helpers.server import running

Axe = Callable[..., list[str]]

DAMAGED = "Russiaâ€™s envoy met the press at the cafÃ© on Tuesday."
CLEAN = "Russia’s envoy met the press at the café on Tuesday."
APOSTROPHE = "The UTF-8 bytes E2 80 99 had been read as Windows-1252; read as UTF-8 they are ’."


@pytest.fixture(autouse=True)
def opened(page: Page) -> None:
    page.goto("/")


def paste(page: Page, text: str) -> None:
    """Fill in a text with one event, as a paste does."""
    page.locator("#input").fill(text)


def test_pasted_text_is_cleaned_with_marks_on_both_sides(page: Page) -> None:
    paste(page, DAMAGED)
    expect(page.locator("#clean")).to_have_text(CLEAN)
    expect(page.locator("#shadow mark")).to_have_text(["â€™", "Ã©"])
    expect(page.locator("#clean mark")).to_have_text(["’", "é"])
    expect(page.locator("#status")).to_contain_text("2 changes: 2 mojibake")


def test_a_mark_tells_under_the_pointer_what_had_happened(page: Page) -> None:
    paste(page, DAMAGED)
    page.locator("#clean mark").first.hover()
    card = page.locator("#inspector")
    expect(card).to_contain_text(APOSTROPHE)
    expect(card).to_contain_text("Confidence 99 %")
    expect(page.locator("#shadow mark").first).to_have_class(re.compile("chosen"))
    # The marks of the input are below the text area, but react to the pointer.
    box = page.locator("#shadow mark").nth(1).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(card).to_contain_text("C3 A9")


def test_a_click_goes_from_one_side_to_the_other(page: Page) -> None:
    text = "A line of plain words.\n" * 60 + DAMAGED
    paste(page, text)
    page.locator("#clean mark").first.click()
    area = page.locator("#input")
    selected = area.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")
    assert selected == "â€™"
    assert area.evaluate("e => e.scrollTop") > 300
    page.locator("#clean").evaluate("e => { e.scrollTop = 0; }")
    box = page.locator("#shadow mark").nth(1).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#clean mark").nth(1)).to_have_class(re.compile("chosen"))
    assert page.locator("#clean").evaluate("e => e.scrollTop") > 300


def test_everything_can_be_done_with_the_keyboard(page: Page) -> None:
    paste(page, DAMAGED)
    expect(page.locator("#clean mark")).to_have_count(2)
    page.locator("#input").focus()
    for _ in range(2):  # the clean side, then its first mark
        page.keyboard.press("Tab")
    expect(page.locator("#clean mark").first).to_be_focused()
    expect(page.locator("#inspector")).to_contain_text(APOSTROPHE)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#inspector")).to_contain_text("C3 A9")
    page.keyboard.press("Enter")
    expect(page.locator("#input")).to_be_focused()
    page.get_by_role("button", name="Close").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#inspector")).to_be_hidden()


@pytest.mark.parametrize(
    "name", ["English", "Русский", "日本語", "العربية", "Türkçe", "中文", "Double mojibake", "Entities and escapes"]
)
def test_each_example_is_repaired(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("#clean mark").first).to_be_visible()
    expect(page.locator("#warnings")).to_be_hidden()
    assert page.locator("#shadow mark").count() > 0


def test_the_first_example_is_the_one_that_everybody_knows(page: Page) -> None:
    page.locator("#examples button").first.click()
    expect(page.locator("#input")).to_have_value(re.compile("^Russiaâ€™s"))
    expect(page.locator("#clean")).to_contain_text("Russia’s")


def test_json_article_is_rendered_with_marks_in_its_source(page: Page) -> None:
    page.get_by_role("button", name="Full article").click()
    reader = page.locator("#reader")
    expect(reader.get_by_role("heading")).to_have_text("Envoy’s answer: no new talks")
    expect(reader).to_contain_text("By Anna Bell, Max Müller · 2024-03-05T09:30:00+01:00")
    expect(reader).to_contain_text("Filed from LONDON")
    expect(reader).to_have_attribute("lang", "en")
    marked = page.locator("#shadow mark").all_inner_texts()
    assert marked[:2] == ["â€™", " | The Courier"]
    assert "Advertisement" in "".join(marked)


def test_what_stands_in_escapes_is_found_in_the_source(page: Page) -> None:
    page.get_by_label("Article (JSON)").check()
    paste(page, r'{"text": "\ud83d\ude00\n caf\u00c3\u00a9 \"x\" Ã©", "extra": {"a/b": ["cafÃ©"]}}')
    expect(page.locator("#shadow mark")).to_have_text([r"\n ", r"\u00c3\u00a9", "Ã©", "Ã©"])


def test_right_to_left_text_is_set_so(page: Page) -> None:
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("#reader")).to_have_attribute("dir", "rtl")
    expect(page.locator("#reader")).to_have_attribute("lang", "ar")


def test_a_file_of_any_charset_may_be_dropped(page: Page) -> None:
    text = "Президент заявил во вторник, что переговоры\r\nбудут продолжены. Ошибка: cafÃ©.\r\n"
    data = page.evaluate_handle(
        """bytes => { const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], "story.txt")); return data; }""",
        list(text.encode("utf-16")),
    )
    page.dispatch_event("body", "dragover", {"dataTransfer": data})
    page.dispatch_event("body", "drop", {"dataTransfer": data})
    expect(page.locator("#input")).to_have_value(text.replace("\r\n", "\n"))
    expect(page.locator("#clean")).to_contain_text("café")
    assert "Ã©" in page.locator("#shadow mark").all_inner_texts()
    expect(page.locator("#reader")).to_contain_text("bytes in utf-16le")
    expect(page.locator("#curl")).to_contain_text("--data-binary '@story.txt'")
    # The text that was typed before is still there.
    page.get_by_label("Text", exact=True).check()
    expect(page.locator("#input")).to_have_value("")


def test_a_file_may_be_chosen_a_page_among_them(page: Page) -> None:
    html = "<!doctype html><title>Café fermé</title><article><p>" + "Le café est fermé depuis mardi matin. " * 9
    page.get_by_label("File", exact=True).check()
    file = FilePayload(name="page.html", mimeType="text/html", buffer=html.encode("cp1252"))
    page.locator("#file").set_input_files(file)
    expect(page.locator("#clean")).to_contain_text("Le café est fermé")
    expect(page.locator("#input")).to_have_value(html)
    file = FilePayload(name="raw.json", mimeType="application/json", buffer=b'{"text": "caf\xc3\x83\xc2\xa9"}')
    page.locator("#file").set_input_files(file)
    expect(page.get_by_label("Article (JSON)")).to_be_checked()
    expect(page.locator("#clean")).to_have_text("café")


def test_options_are_switches_and_count_at_once(page: Page) -> None:
    paste(page, "“It’s” cafÃ©")
    page.get_by_text("Options", exact=True).click()
    page.get_by_label("Plain quotes").check()
    expect(page.locator("#clean")).to_have_text('"It\'s" café')
    page.get_by_label("Repair").select_option("off")
    expect(page.locator("#clean")).to_have_text('"It\'s" cafÃ©')
    expect(page.locator("#curl")).to_contain_text("repair=off&quotes=plain&changes=explained")


def test_every_option_of_the_contract_is_on_the_page(page: Page) -> None:
    schema = options_of_the_contract()
    names = page.eval_on_selector_all("#choices [name]", "all => all.map(e => e.name)")
    assert set(names) == set(schema) - {"changes"}
    for name, option in schema.items():
        values = page.eval_on_selector_all(f"#choices select[name={name}] option", "all => all.map(e => e.value)")
        assert not values or set(values) == set(option["enum"])


def options_of_the_contract() -> dict[str, Any]:
    document = create_app(Settings()).test_client().get("/openapi.json").get_json()
    properties: dict[str, Any] = document["components"]["schemas"]["Options"]["properties"]
    return properties


def test_a_link_holds_everything_and_nothing_of_it_is_sent(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_text("Options", exact=True).click()
    page.get_by_label("Plain quotes").check()
    paste(page, "“Naïve” 日本 😀 cafÃ© \u202e")
    expect(page.locator("#clean")).to_contain_text('"Naïve"')
    page.wait_for_url(re.compile("#1"))
    link = page.url
    other = page.context.new_page()
    other.goto(link)
    expect(other.locator("#input")).to_have_value("“Naïve” 日本 😀 cafÃ© \u202e")
    expect(other.locator("#clean")).to_contain_text('"Naïve" 日本 😀 café')
    expect(other.get_by_label("Plain quotes")).to_be_checked()
    assert not [url for url in asked if "#" in url or "Na" in url]


def test_a_text_too_long_for_a_link_says_so(page: Page) -> None:
    paste(page, " ".join(f"{number * 7919:x}" for number in range(20_000)))
    expect(page.locator("#link-status")).to_have_text("The text is too long for a link.", timeout=30_000)
    expect(page.locator("#link")).to_be_disabled()


def test_one_word_is_counted_as_one(page: Page) -> None:
    page.get_by_label("Article (JSON)").check()
    for text, count in (("Rain", "· 1 word"), ("It rains", "· 2 words")):
        paste(page, json.dumps({"text": text}))
        expect(page.locator("#reader .about").last).to_have_text(f"Language unknown {count}")


def test_broken_json_shows_the_error_of_the_server_with_its_position(page: Page, mishaps: list[str]) -> None:
    page.get_by_label("Article (JSON)").check()
    paste(page, '{"text": "x",}')
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("Malformed JSON")
    expect(problem).to_contain_text("line 1")
    expect(problem.get_by_role("listitem")).to_have_count(0)
    problem.get_by_role("button", name="Show").click()
    assert page.locator("#input").evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)") == "}"
    expect(page.locator("#input")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#shadow mark.wrong")).to_have_count(1)
    forgive(page, mishaps, 400)


def test_a_field_that_is_wrong_is_marked(page: Page, mishaps: list[str]) -> None:
    page.get_by_label("Article (JSON)").check()
    paste(page, '{"text": "x", "autors": "Anna"}')
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("Did you mean `authors`?")
    expect(page.locator("#shadow mark.wrong")).to_have_text('"autors": "Anna"')
    problem.get_by_role("button", name="Show").click()
    selected = page.locator("#input").evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")
    assert selected == '"autors": "Anna"'
    forgive(page, mishaps, 422)
    paste(page, '{"text": "x"}')
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(page.locator("#input")).not_to_have_attribute("aria-invalid", "true")


def test_a_refused_request_says_so_and_keeps_what_was_typed(page: Page, mishaps: list[str]) -> None:
    overloaded = {
        "type": "urn:copydesk:problem:overloaded",
        "title": "Service overloaded",
        "status": 503,
        "detail": "Try later.",
    }

    def reject(route: Route) -> None:
        route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(overloaded))

    page.route("**/v1/articles*", reject)
    paste(page, DAMAGED)
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("Service overloaded")
    expect(page.locator("#input")).to_have_value(DAMAGED)
    page.unroute("**/v1/articles*")
    problem.get_by_role("button", name="Try again").click()
    expect(page.locator("#clean")).to_have_text(CLEAN)
    forgive(page, mishaps, 503)


def test_a_missing_and_a_slow_response_show_a_message(page: Page, mishaps: list[str]) -> None:
    page.route("**/v1/articles*", lambda route: route.abort())
    paste(page, DAMAGED)
    expect(page.get_by_role("alert")).to_contain_text("No response")
    page.unroute("**/v1/articles*")
    held: list[Route] = []
    page.route("**/v1/articles*", lambda route: held.append(route))  # noqa: PLW0108  playwright marks what it is given
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#status")).to_contain_text("Still working")
    held[0].continue_()
    expect(page.locator("#clean")).to_have_text(CLEAN)
    page.wait_for_timeout(100)
    mishaps[:] = [mishap for mishap in mishaps if "ERR_FAILED" not in mishap]


def forgive(page: Page, mishaps: list[str], status: int) -> None:
    """Remove the console messages about an expected error response."""
    page.wait_for_timeout(100)
    assert any(str(status) in mishap for mishap in mishaps)
    mishaps[:] = [mishap for mishap in mishaps if f"status of {status}" not in mishap]


def test_items_of_lists_are_marked_where_they_stood(page: Page) -> None:
    page.get_by_label("Article (JSON)").check()
    paste(page, '{"text": "one two", "authors": ["", "MÃ¼ller", "BÃ¼low"], "tags": ["a", "a"]}')
    expect(page.locator("#clean")).to_contain_text("Bülow")
    assert {"Ã¼"} <= set(page.locator("#shadow mark").all_inner_texts())
    page.locator("#clean mark", has_text="ü").nth(1).click()
    area = page.locator("#input")
    assert area.evaluate("e => e.value.slice(e.selectionStart - 1, e.selectionEnd + 3)") == "BÃ¼low"


def test_line_breaks_of_any_kind_keep_marks_in_place(page: Page) -> None:
    for line_break in ("\r", "\r\n", "\n"):
        text = f"Plain line{line_break}" * 5 + "Russiaâ€™s 😀 cafÃ©"
        page.get_by_label("File", exact=True).check()
        file = FilePayload(name="mac.txt", mimeType="text/plain", buffer=text.encode())
        page.locator("#file").set_input_files(file)
        expect(page.locator("#clean")).to_contain_text("café")
        # The marks of the previous file are removed first, so that these are waited for.
        for damage in ("â€™", "Ã©"):
            expect(page.locator("#shadow mark").get_by_text(damage, exact=True), repr(line_break)).to_have_count(1)
        page.get_by_label("Text", exact=True).check()


def test_an_example_can_be_undone(page: Page) -> None:
    page.locator("#input").press_sequentially("my own words")
    page.locator("#examples button").first.click()
    expect(page.locator("#input")).to_have_value(re.compile("^Russia"))
    page.locator("#input").press("Control+z")
    expect(page.locator("#input")).to_have_value("my own words")


def test_an_answer_about_what_stood_there_before_is_not_shown(page: Page) -> None:
    held: list[Route] = []
    page.route("**/v1/articles*", lambda route: held.append(route))  # noqa: PLW0108  playwright marks what it is given
    paste(page, "abc cafÃ© was open")
    expect(page.locator("#status")).to_have_text("Cleaning…")
    page.locator("#input").press("Home")
    page.locator("#input").press_sequentially("xx yy zz ")
    page.unroute("**/v1/articles*")
    expect(page.locator("#shadow mark")).to_have_text(["Ã©"])


def test_a_link_that_was_cut_off_says_so(page: Page) -> None:
    page.goto("/#1.q1YqSS0uUbJSUPJ")
    page.reload()
    expect(page.locator("#status")).to_contain_text("This link is incomplete")


def test_markup_in_a_text_stays_text_wherever_it_is_shown(page: Page) -> None:
    def alarmed(dialog: Dialog) -> None:
        pytest.fail(f"a script ran: {dialog.message}")

    page.on("dialog", alarmed)
    nasty = "Use <b> and <script> for the cafÃ©, not &lt;img src=x onerror=alert(2)&gt; in the bar"
    page.get_by_label("Article (JSON)").check()
    article = {"text": f"{nasty}\n\n{nasty}!", "title": nasty, "authors": [nasty], "tags": [nasty], "source": nasty}
    paste(page, json.dumps(article))
    expect(page.locator("#reader")).to_contain_text("Use <b> and <script> for the café")
    assert page.locator("main :is(script, b, #reader img)").count() == 0
    page.locator("#clean mark").first.hover()
    expect(page.locator("#inspector")).to_be_visible()


def test_what_turns_text_around_is_shown_and_turns_nothing_else(page: Page) -> None:
    paste(page, "user\u202egnp.exe and \u2067more cafÃ©\u200b\u200b s")
    page.locator("#clean mark").first.hover()
    for number in range(page.locator("#clean mark").count()):
        page.locator("#clean mark").nth(number).hover()
        expect(page.locator("#inspector")).to_have_attribute("aria-label", "Details of the change")
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b]", page.locator("#inspector").inner_text())


LOOKS = [
    pytest.param(width, scheme, marks=pytest.mark.look(width=width, height=800, scheme=scheme))
    for width in (360, 768, 1280)
    for scheme in ("light", "dark")
]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_nobody_is_shut_out_at_any_width_in_either_theme(page: Page, axe: Axe, width: int, scheme: str) -> None:
    assert axe() == []
    page.get_by_role("button", name="Full article").click()
    page.get_by_text("Options", exact=True).click()
    page.get_by_text("curl command").click()
    page.locator("#clean mark").first.hover()
    expect(page.locator("#inspector")).to_be_visible()
    assert axe() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(22, 24, 27)") == (scheme == "dark")


def test_a_problem_shuts_nobody_out_either(page: Page, axe: Axe, mishaps: list[str]) -> None:
    page.get_by_label("Article (JSON)").check()
    paste(page, '{"text": "x", "autors": "Anna"}')
    expect(page.get_by_role("alert")).to_be_visible()
    assert axe() == []
    forgive(page, mishaps, 422)


def test_it_loads_under_sixty_kilobytes(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    sizes = page.evaluate(
        """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
        .map(entry => entry.decodedBodySize)"""
    )
    assert 10 < len(sizes) < 20
    assert 20_000 < sum(sizes) < 60_000


def test_a_service_that_asks_for_keys_gets_one_from_the_page(page: Page, mishaps: list[str], tmp_path: Path) -> None:
    key = api_keys.generate_key()
    path = tmp_path / "keys.txt"
    path.write_text(api_keys.format_line("analyst", key))
    with running(COPYDESK_API_KEYS_FILE=str(path)) as locked:
        page.goto(f"http://127.0.0.1:{locked.port}/")
        paste(page, DAMAGED)
        expect(page.get_by_role("alert")).to_contain_text("Missing API key")
        page.get_by_label("API key").fill(key)
        expect(page.locator("#clean")).to_have_text(CLEAN)
        expect(page.locator("#curl")).to_contain_text("Bearer $COPYDESK_API_KEY")
        assert key not in page.locator("main").inner_text()
        assert key not in page.url
    page.wait_for_timeout(100)
    mishaps[:] = [mishap for mishap in mishaps if "401" not in mishap and "another host" not in mishap]
