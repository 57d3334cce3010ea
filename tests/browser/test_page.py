"""The web page in a real browser, with a running service."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Dialog, FilePayload, Locator, Page, Route, expect

from copydesk import api_keys
from copydesk.settings import Settings
from svc.app import create_app
from tests.helpers.server import running

Axe = Callable[..., list[str]]

DAMAGED = "Russiaâ€™s envoy met the press at the cafÃ© on Tuesday."
CLEAN = "Russia’s envoy met the press at the café on Tuesday."
APOSTROPHE = "The UTF-8 bytes E2 80 99 had been read as Windows-1252; read as UTF-8 they are ’."


READY = "#clean-box[aria-busy=false]"


@pytest.fixture(autouse=True)
def opened(page: Page) -> None:
    page.goto("/")
    expect(page.locator(READY)).to_be_attached()


def paste(page: Page, text: str) -> None:
    """Fill in a text with one event, and wait for its result."""
    page.locator("#input").fill(text)
    expect(page.locator(READY)).to_be_attached()


def test_pasted_text_is_cleaned_with_marks_on_both_sides(page: Page) -> None:
    paste(page, DAMAGED)
    expect(page.locator("#clean")).to_have_text(CLEAN)
    expect(page.locator("#shadow mark")).to_have_text(["â€™", "Ã©"])
    expect(page.locator("#clean mark")).to_have_text(["’", "é"])
    expect(page.locator("#status")).to_contain_text("2 changes: 2 mojibake")


def test_each_change_is_explained_without_hover(page: Page) -> None:
    paste(page, DAMAGED)
    items = page.locator("#changes button")
    expect(items).to_have_count(2)
    expect(items.first).to_contain_text(APOSTROPHE)
    expect(items.first).to_contain_text("99 % sure")
    expect(page.locator("#total")).to_have_text("2")
    expect(page.locator("#legend")).to_have_text("Repaired 2 mojibake")


def test_a_mark_under_the_pointer_is_chosen_everywhere(page: Page) -> None:
    paste(page, DAMAGED)
    page.locator("#clean mark").first.hover()
    expect(current(page)).to_contain_text(APOSTROPHE)
    expect(page.locator("#shadow mark").first).to_have_class(re.compile("chosen"))
    # The marks of the input are below the text area, but react to the pointer.
    box = page.locator("#shadow mark").nth(1).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(current(page)).to_contain_text("C3 A9")


def current(page: Page) -> Locator:
    """Return the chosen change of the list."""
    return page.locator("#changes [aria-current]")


def is_visible_in(page: Page, box: str, element: str) -> bool:
    """Return whether an element is in the visible part of a box that scrolls."""
    script = """([box, element]) => { const [b, e] = [box, element].map(
        (one) => document.querySelector(one).getBoundingClientRect());
        return e.top >= b.top && e.bottom <= b.bottom; }"""
    return bool(page.evaluate(script, [box, element]))


def test_a_click_on_a_change_shows_it_in_both_panes(page: Page) -> None:
    paste(page, "A line of plain words.\n" * 60 + DAMAGED)
    page.locator("#changes button").nth(1).click()
    expect(page.locator("#clean mark.chosen")).to_have_text("é")
    expect(page.locator("#shadow mark.chosen")).to_have_text("Ã©")
    assert is_visible_in(page, "#clean", "#clean mark.chosen")
    assert is_visible_in(page, "#input", "#shadow mark.chosen")


def test_a_click_on_a_mark_goes_to_the_change(page: Page) -> None:
    paste(page, "".join(f"Line {number} {' ' * (number + 1)}of rain.\n" for number in range(45)).strip())
    expect(page.locator("#changes button")).to_have_count(45)
    page.locator("#clean mark").nth(40).click()
    expect(page.locator("#changes button").nth(40)).to_be_focused()
    assert is_visible_in(page, "#change-box", "#changes [aria-current]")
    # A text area keeps the focus.
    page.locator("#input").evaluate("e => { e.focus(); e.setSelectionRange(0, 0); }")
    page.locator("#input").press("End")
    page.locator("#input").press("ArrowLeft")
    for _ in range(8):
        page.locator("#input").press("ArrowLeft")
    expect(page.locator("#changes button").first).to_have_attribute("aria-current", "true")
    expect(page.locator("#input")).to_be_focused()


def test_everything_can_be_done_with_the_keyboard(page: Page) -> None:
    paste(page, DAMAGED)
    expect(page.locator("#clean mark")).to_have_count(2)
    page.locator("#input").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Copy", exact=True)).to_be_focused()
    for _ in range(3):  # "Download", the clean side, then its first mark
        page.keyboard.press("Tab")
    expect(page.locator("#clean mark").first).to_be_focused()
    expect(current(page)).to_contain_text(APOSTROPHE)
    page.keyboard.press("ArrowRight")
    expect(current(page)).to_contain_text("C3 A9")
    page.keyboard.press("Enter")
    expect(page.locator("#changes button").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#changes button").first).to_be_focused()
    expect(page.locator("#clean mark").first).to_have_class(re.compile("chosen"))
    page.keyboard.press("Escape")
    expect(page.locator("#clean mark").first).to_be_focused()


def test_equal_changes_are_marked_at_each_place(page: Page) -> None:
    paste(page, "One  two\u200b three  four  five\u200b six, seven.")
    expect(page.locator("#clean mark.tidy")).to_have_count(5)
    expect(page.locator("#shadow mark.tidy")).to_have_count(5)
    item = page.locator("#changes button", has_text="3 times")
    item.click()
    expect(item).to_contain_text("Place 1 of 3")
    item.click()
    expect(item).to_contain_text("Place 2 of 3")
    expect(page.locator("#clean mark.chosen")).to_have_count(1)


def test_many_repairs_are_marked_one_by_one(page: Page) -> None:
    paste(page, " ".join(f"Word number {number} of cafÃ©." for number in range(80)))
    expect(page.locator("#clean mark")).to_have_text(["é"] * 80)
    expect(page.locator("#shadow mark")).to_have_text(["Ã©"] * 80)


def test_a_stretch_is_marked(page: Page) -> None:
    russian = "Мэр сообщил, что старый мост закрыт до весны, а паромы ходят каждый час."
    damaged = russian.encode().decode("latin-1")
    page.get_by_label("Article (JSON)").check()
    paste(page, json.dumps({"text": f"Here it is: {damaged}"}, ensure_ascii=False))
    expect(page.locator("#changes button")).to_contain_text("times")
    expect(page.locator("#clean mark")).to_have_text([russian.removesuffix(".")])
    expect(page.locator("#shadow mark")).to_have_text([damaged.removesuffix(".")])


# A stretch before and after, and its parts that differ.
STRETCHES = [
    ("Ã© is long, Ã¼ is, too", "é is long, ü is, too", ["Ã©", "Ã¼"]),
    ("  a long word  and", " a long word and", [" ", " "]),
    ("a - longer text - b", "a longer text b", ["- ", "- "]),
    ("q" * 400 + "Ã©" + "r" * 400 + "Ã¼", "q" * 400 + "é" + "r" * 400 + "ü", ["Ã©", "Ã¼"]),
    ("éé" * 9, "ab" * 9, ["éé" * 9]),
]


@pytest.mark.parametrize(("before", "after", "expected"), STRETCHES)
def test_parts_of_a_stretch(page: Page, before: str, after: str, expected: list[str]) -> None:
    script = """async ([before, after]) => {
        const { findParts } = await import("/static/stretch.js");
        return findParts(before, after).map(([start, end]) => before.slice(start, end));
    }"""
    assert page.evaluate(script, [before, after]) == expected


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("authors/0", "author 1"),
        ("tags/11", "tag 12"),
        ("published", "date"),
        ("canonical_url", "canonical URL"),
        ("extra/a~1b/0", "extra: a/b 1"),
        ("dateline/place", "dateline: place"),
        ("text", "text"),
    ],
)
def test_fields_have_names_for_people(page: Page, path: str, name: str) -> None:
    script = "async (path) => (await import('/static/names.js')).fieldName(path)"
    assert page.evaluate(script, path) == name


HINTS = [
    ("Text", '{"text": "cafÃ©"}', "Read it as an article", "Article (JSON)", "café"),
    ("Text", '[{"text": "cafÃ©"}, {"text": "two"}]', "Read the first one", "Article (JSON)", "café"),
    ("Article (JSON)", "The cafÃ© was open.", "Read it as text", "Text", "The café was open."),
    (
        "Text",
        f"<!doctype html><title>A</title><article><p>{'The cafÃ© was open. ' * 20}",
        "Read it as a page",
        "File",
        "café",
    ),
]


@pytest.mark.parametrize("hint", HINTS)
def test_another_type_of_input_is_recognized(page: Page, mishaps: list[str], hint: tuple[str, ...]) -> None:
    mode, text, label, new_mode, clean = hint
    page.get_by_label(mode, exact=True).check()
    paste(page, text)
    page.locator("#hint").get_by_role("button", name=label).click()
    expect(page.get_by_label(new_mode, exact=True)).to_be_checked()
    expect(page.locator("#clean")).to_contain_text(clean)
    expect(page.locator("#hint button", has_text=label)).to_have_count(0)
    page.wait_for_timeout(50)
    mishaps[:] = [mishap for mishap in mishaps if "status of 4" not in mishap]


@pytest.mark.parametrize(
    "text", ["{curly} words", "[1] A note", "<p>cafÃ© of a fragment</p>", "A text, {with} some [signs]"]
)
def test_an_ordinary_text_gives_no_hint(page: Page, text: str) -> None:
    paste(page, text)
    expect(page.locator("#clean")).not_to_contain_text("Russia")
    expect(page.locator("#hint")).to_be_empty()


def test_the_page_is_not_empty_at_first(page: Page) -> None:
    expect(page.locator("#clean")).to_contain_text("Russia’s envoy")
    expect(page.locator("#changes button")).to_have_count(4)
    assert page.evaluate("location.hash") == ""


def test_clean_text_and_json_are_copied_and_downloaded(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    paste(page, DAMAGED)
    expect(page.locator("#clean")).to_have_text(CLEAN)
    for label, content in (("Copy", CLEAN), ("Copy JSON", f'"text": "{CLEAN}"')):
        page.get_by_role("button", name=label, exact=True).click()
        page.wait_for_timeout(50)
        assert content in page.evaluate("navigator.clipboard.readText()")
    for label, content in (("Download", CLEAN), ("Download JSON", f'"text": "{CLEAN}"')):
        with page.expect_download() as download:
            page.get_by_role("button", name=label, exact=True).click()
        assert content in download.value.path().read_text(encoding="utf-8")


def test_the_panes_scroll_together(page: Page) -> None:
    paste(page, "".join(f"Line {number} of cafÃ© {number} is here.\n\nAdvertisement\n\n" for number in range(80)))
    expect(page.locator("#clean mark", has_text="é")).to_have_count(80)
    for source, target in (("#input", "#clean"), ("#clean", "#input")):
        for share in (0.5, 1, 0):
            page.locator(source).evaluate("(e, share) => { e.scrollTop = share * e.scrollHeight; }", share)
            page.wait_for_timeout(100)
            top, height = page.locator(target).evaluate("e => [e.scrollTop, e.scrollHeight - e.clientHeight]")
            assert abs(top / height - share) < 0.1
    assert page.evaluate("document.querySelector('#shadow').scrollTop === document.querySelector('#input').scrollTop")


def test_a_long_text_is_cleaned_by_a_button(page: Page) -> None:
    text = "".join(f"Line {number} of cafÃ© {number}.\n" for number in range(6_000)).strip()
    page.locator("#input").evaluate(PASTE, text)
    button = page.get_by_role("button", name="Clean", exact=True)
    expect(button).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.locator("#clean")).to_contain_text("Russia")
    button.click()
    expect(page.locator("#clean mark")).to_have_count(6_000, timeout=30_000)
    expect(page.locator("#shadow mark")).to_have_count(6_000)
    page.locator("#input").press("x")
    expect(page.locator("#shadow mark")).to_have_count(0)
    expect(page.locator("#status")).to_contain_text("press Clean")
    page.locator("#input").press("Control+Enter")
    expect(page.locator("#shadow mark")).to_have_count(6_000, timeout=30_000)


# As a real paste: the page may handle the event itself.
PASTE = """(area, text) => {
    area.focus();
    area.select();
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    if (area.dispatchEvent(event)) throw new Error("the page leaves a long paste to the browser");
}"""


def test_a_megabyte_with_20_000_repairs_does_not_block_typing(page: Page) -> None:
    """No task of the main thread is long, in CPU time: other processes do not count."""
    sentence = "The talks of the city would go on in cafÃ© number {}."
    text = "\n\n".join(sentence.format(number) + " Russiaâ€™s envoy said no." for number in range(10_000))
    page.locator("#input").evaluate(PASTE, text)
    page.wait_for_timeout(1_000)  # the browser lays out the text area
    tracing = page.context.new_cdp_session(page)
    with longest_task(tracing) as cleaning:
        page.get_by_role("button", name="Clean", exact=True).click()
        expect(page.locator("#shadow mark")).to_have_count(20_000, timeout=60_000)
        expect(page.locator("#clean mark")).to_have_count(20_000, timeout=60_000)
    with longest_task(tracing) as typing:
        page.locator("#input").evaluate("e => e.setSelectionRange(200, 200)")
        page.locator("#input").press_sequentially("one two", delay=50)
    assert typing() < 100
    assert cleaning() < 200


@contextmanager
def longest_task(tracing: CDPSession) -> Iterator[Callable[[], float]]:
    """Trace the main thread; the result is the CPU time of its longest task in ms."""
    events: list[dict[str, Any]] = []
    ended: list[bool] = []
    tracing.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    tracing.on("Tracing.tracingComplete", lambda _: ended.append(True))
    config = {"includedCategories": ["toplevel", "disabled-by-default-devtools.timeline"]}
    tracing.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": config})

    def longest() -> float:
        names = [event for event in events if event["name"] == "thread_name"]
        main = {(event["pid"], event["tid"]) for event in names if event["args"]["name"] == "CrRendererMain"}
        tasks = [event for event in events if (event["pid"], event["tid"]) in main and "RunTask" in event["name"]]
        assert tasks
        return max(float(event.get("tdur", 0)) for event in tasks) / 1000

    yield longest
    tracing.send("Tracing.end")
    while not ended:
        tracing.send("Tracing.getCategories")


def test_many_changes_are_listed_in_pages(page: Page) -> None:
    paste(page, "\n".join(f"Line {number}" + "  " * (number + 1) + f"of cafÃ© {number}." for number in range(130)))
    expect(page.locator("#changes button")).to_have_count(100)
    page.locator("#clean mark").last.click()
    expect(current(page)).to_be_focused()
    expect(page.locator("#pager")).to_contain_text("Earlier")


def test_marks_below_the_text_area_have_its_lines(page: Page) -> None:
    """Each mark is where the text area has its text: the layer has the same height, for any line breaks."""
    lines = ["", "cafÃ© " * 40, "\n\n", "A line of words. " * 500, "Ende\t\ttab", "العربية cafÃ©", "x" * 300]
    text = "\n".join(lines * 6) + "\n\n"
    paste(page, text)
    expect(page.locator("#clean mark").first).to_be_visible()
    expect(page.locator("#status")).to_contain_text("changes")
    page.wait_for_timeout(300)
    heights = page.evaluate("['input', 'shadow'].map((id) => document.getElementById(id).scrollHeight)")
    assert heights[0] == heights[1]


def test_nothing_moves_when_a_result_comes(page: Page) -> None:
    page.goto("/livez")
    page.add_init_script(
        """window.shift = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries())
        shift += entry.value; }).observe({ type: "layout-shift", buffered: true });"""
    )
    page.goto("/")
    expect(page.locator("#changes button").first).to_be_visible()
    paste(page, DAMAGED)
    expect(page.locator("#clean")).to_have_text(CLEAN)
    page.get_by_role("button", name="Full article").click()
    expect(page.locator("#reader")).to_contain_text("Anna Bell")
    page.wait_for_timeout(300)
    assert page.evaluate("shift") < 0.02


@pytest.mark.look(width=390, height=700)
def test_an_error_is_on_the_screen_of_a_phone(page: Page, mishaps: list[str]) -> None:
    page.get_by_label("Article (JSON)").check()
    paste(page, json.dumps({"text": "x", "autors": "Anna"}))
    expect(page.locator("#brief")).to_contain_text("Did you mean")
    expect(page.locator("#brief")).to_be_in_viewport()
    page.evaluate("scrollTo(0, 300)")
    expect(page.locator("#brief")).to_be_in_viewport()
    forgive(page, mishaps, 422)


def test_a_missing_field_marks_no_others(page: Page, mishaps: list[str]) -> None:
    page.get_by_label("Article (JSON)").check()
    paste(page, '{"title": "A title", "authors": ["Anna", 5]}')
    expect(page.get_by_role("alert")).to_be_visible()
    marked = page.locator("#shadow mark.wrong").all_inner_texts()
    assert all("title" not in text for text in marked)
    forgive(page, mishaps, 422)


def test_every_entry_of_a_changed_list_is_shown(page: Page) -> None:
    page.get_by_role("button", name="Full article").click()
    expect(page.locator("#clean")).to_contain_text("Max Müller")
    headings = page.locator("#clean h3").all_inner_texts()
    assert headings == ["title", "date", "URL", "authors", "tags", "text"]
    assert page.locator("#clean li").all_inner_texts() == ["Anna Bell", "Max Müller", "Diplomacy", "Talks"]
    expect(page.locator("#changes button", has_text="in author 1")).to_have_count(1)


def test_the_height_of_a_large_screen_is_used(page: Page) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    for pane in ("#input", "#clean", "#change-box"):
        box = page.locator(pane).bounding_box()
        assert box
        assert box["height"] > 700
        assert box["y"] + box["height"] < 1080


@pytest.mark.parametrize(
    "name", ["English", "Русский", "日本語", "العربية", "Türkçe", "中文", "Damaged twice", "HTML leftovers"]
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
    expect(page.locator("#status")).to_contain_text("Bytes in utf-16le")
    expect(page.locator("#curl")).to_contain_text("--data-binary '@story.txt'")
    # The text that was there before is still there.
    page.get_by_label("Text", exact=True).check()
    expect(page.locator("#input")).to_have_value(re.compile("^Russia"))


def test_encoding_and_error_of_a_file_are_shown_once(page: Page, mishaps: list[str]) -> None:
    page.get_by_label("File", exact=True).check()
    feed = b"<rss version='2.0'><channel><title>News</title><item><title>Rain</title></item></channel></rss>"
    page.locator("#file").set_input_files(FilePayload(name="feed.txt", mimeType="text/plain", buffer=feed))
    expect(page.locator("#problem")).to_contain_text("The content is a feed")
    assert page.locator("#problem").inner_text().count("The content is a feed") == 1
    page.locator("#file").set_input_files(FilePayload(name="a.txt", mimeType="text/plain", buffer="Le café".encode()))
    expect(page.locator("#status")).to_contain_text("Bytes in utf-8")
    expect(page.locator("#status")).not_to_contain_text("(utf-8)")
    forgive(page, mishaps, 422)


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
    schemas = document["components"]["schemas"]
    properties = schemas["Options"]["properties"]
    return {name: schemas[option["$ref"].rpartition("/")[2]] for name, option in properties.items()}


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


def test_broken_json_shows_its_error_and_position(page: Page, mishaps: list[str]) -> None:
    """The error is that of the server."""
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
    expect(problem).to_contain_text("Did you mean authors?")
    expect(page.locator("#shadow mark.wrong")).to_have_text('"autors": "Anna"')
    problem.get_by_role("button", name="Show").click()
    selected = page.locator("#input").evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")
    assert selected == '"autors": "Anna"'
    forgive(page, mishaps, 422)
    paste(page, '{"text": "x"}')
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(page.locator("#shadow mark.wrong")).to_have_count(0)


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


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (502, '{"type": "about:blank", "title": "No instance available", "status": 502}', "No instance available"),
        (403, '{"type": "about:blank", "title": "Forbidden", "status": 403}', "Forbidden"),
        (500, '{"message": "The upstream is down."}', "The upstream is down."),
        (504, '{"title": "Slow", "detail": "Too slow.", "errors": {"a": ["b"]}}', "Too slow."),
        (503, "null", "Unexpected response: 503"),
        (503, "<h1>Busy</h1>", "Unexpected response: 503"),
    ],
)
def test_a_response_of_a_proxy_is_shown(page: Page, mishaps: list[str], status: int, body: str, message: str) -> None:
    page.route("**/v1/articles*", lambda route: route.fulfill(status=status, body=body))
    paste(page, DAMAGED)
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text(message)
    expect(problem.get_by_role("button", name="Try again")).to_be_visible()
    forgive(page, mishaps, status)


def test_an_error_of_the_page_is_not_a_missing_response(page: Page) -> None:
    page.route("**/v1/articles*", lambda route: route.fulfill(json={}))
    paste(page, DAMAGED)
    expect(page.get_by_role("alert")).to_contain_text("The page failed")
    expect(page.get_by_role("alert")).to_contain_text("TypeError")


def test_the_page_works_in_browsers_of_2022(page: Page) -> None:
    page.add_init_script("delete Map.groupBy; delete Array.prototype.toSorted;")
    page.reload()
    paste(page, DAMAGED)
    expect(page.locator("#clean mark")).to_have_text(["’", "é"])


def test_many_errors_of_a_long_article_do_not_block(page: Page, mishaps: list[str]) -> None:
    page.get_by_label("Article (JSON)").check()
    article = {"text": "A line of words. " * 20_000} | {f"unknown_{number}": 1 for number in range(120)}
    page.locator("#input").evaluate(PASTE, json.dumps(article))
    page.wait_for_timeout(1_000)  # the browser lays out the text area
    with longest_task(page.context.new_cdp_session(page)) as showing:
        page.get_by_role("button", name="Clean", exact=True).click()
        expect(page.get_by_role("alert").get_by_role("button", name="Show")).to_have_count(100, timeout=60_000)
    assert showing() < 500
    forgive(page, mishaps, 422)


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
    chosen = page.locator("#shadow mark.chosen")
    assert chosen.evaluate("e => e.previousSibling.data.at(-1) + e.textContent") == "BÃ¼"


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
    page.locator("#input").fill("")
    page.locator("#input").press_sequentially("my own words")
    page.locator("#examples button").first.click()
    expect(page.locator("#input")).to_have_value(re.compile("^Russia"))
    page.locator("#input").press("Control+z")
    expect(page.locator("#input")).to_have_value("my own words")


def test_an_answer_about_what_stood_there_before_is_not_shown(page: Page) -> None:
    held: list[Route] = []
    page.route("**/v1/articles*", lambda route: held.append(route))  # noqa: PLW0108  playwright marks what it is given
    page.locator("#input").fill("abc cafÃ© was open")
    expect(page.locator("#status")).to_have_text("Cleaning…")
    page.locator("#input").press("Home")
    page.locator("#input").press_sequentially("xx yy zz ")
    page.unroute("**/v1/articles*")
    expect(page.locator("#shadow mark")).to_have_text(["Ã©"])


def test_a_link_that_was_cut_off_says_so(page: Page) -> None:
    page.goto("/#1.q1YqSS0uUbJSUPJ")
    page.reload()
    expect(page.locator("#status")).to_contain_text("This link is incomplete")
    expect(page.locator(READY)).to_be_attached()


def test_a_fragment_without_a_state_keeps_the_first_result(page: Page) -> None:
    page.goto("/#input")
    page.reload()
    expect(page.locator(READY)).to_be_attached()
    expect(page.locator("#clean")).to_contain_text("Russia’s")


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


def test_what_turns_text_around_is_shown_and_turns_nothing_else(page: Page) -> None:
    paste(page, "user\u202egnp.exe and \u2067more cafÃ©\u200b\u200b s")
    expect(page.locator("#clean mark", has_text="é")).to_have_count(1)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b]", page.locator("#changes").inner_text())


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
    page.locator("#clean mark").first.click()
    expect(current(page)).to_be_visible()
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


def test_it_loads_under_a_hundred_kilobytes(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    sizes = page.evaluate(
        """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
        .map(entry => entry.decodedBodySize)"""
    )
    assert 10 < len(sizes) < 25
    assert 20_000 < sum(sizes) < 100_000


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
