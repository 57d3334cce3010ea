"""What the tests in a browser share: a running service, a page that nothing may go wrong on, and axe.

`page` comes with storage of its own. `@pytest.mark.look(width=360, height=740, scheme="dark")` says what it looks like.
Whatever goes wrong on it lands in `mishaps`, which must be empty in the end: a test that expects a mishap takes it out.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.helpers.server import Server, running

# Debian's: no browser is fetched. It resolves no name, so that even what no page asked for stays here.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# Reported by the page itself: the wording of the console differs between browser releases.
WATCH_POLICY = """
document.addEventListener('securitypolicyviolation',
    (event) => tellTest(`policy: ${event.violatedDirective} forbids ${event.blockedURI} at ${event.sourceFile}`));
"""
# The source may be read by no request of its own (preload): the page's policy would forbid it.
RUN_AXE = """
async (leftOut) => (await axe.run(leftOut.length ? {exclude: leftOut} : document, {preload: false})).violations.flatMap(
    (rule) => rule.nodes.map((node) => `${rule.impact}: ${rule.id}: ${node.target.join(' ')}`))
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser once; each page has a profile of its own all the same."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no chromium")
    with sync_playwright() as playwright:
        # As root, in a container, chromium has no sandbox to offer.
        started = playwright.chromium.launch(executable_path=program, args=FLAGS, chromium_sandbox=False)
        yield started
        started.close()


@pytest.fixture(scope="session")
def service(browser: Browser) -> Iterator[Server]:  # noqa: ARG001  without a browser it is not worth starting
    """Start the service once. A module with another fixture of this name has its pages there."""
    with running() as server:
        yield server


@pytest.fixture
def mishaps() -> list[str]:
    """What went wrong on the page: in its console, by its policy, in its scripts, or with another host."""
    return []


@pytest.fixture
def page(browser: Browser, service: Server, mishaps: list[str], request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open a page with fresh storage, its addresses relative to the service, on which nothing may go wrong."""
    mark = request.node.get_closest_marker("look")
    look = {"width": 1280, "height": 800, "scheme": "light"} | (mark.kwargs if mark else {})
    scheme: Literal["light", "dark"] = look["scheme"]
    origin = f"http://127.0.0.1:{service.port}"
    context = browser.new_context(
        base_url=origin,
        color_scheme=scheme,
        locale="en-GB",
        viewport={"width": look["width"], "height": look["height"]},
    )
    _watch(context, origin, mishaps)
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    yield opened
    # What the browser has told meanwhile is heard during a call only.
    opened.wait_for_timeout(50)
    context.close()
    assert mishaps == []


def _watch(context: BrowserContext, origin: str, mishaps: list[str]) -> None:
    # Not the method itself: playwright marks the functions that it is given, which one of C does not let it do.
    context.expose_function("tellTest", lambda mishap: mishaps.append(mishap))  # noqa: PLW0108
    context.add_init_script(WATCH_POLICY)
    context.on("weberror", lambda error: mishaps.append(f"script: {error.error}"))
    context.on(
        "console", lambda message: mishaps.append(f"console: {message.text}") if message.type == "error" else None
    )

    def check_host(url: str) -> None:
        if not url.startswith((f"{origin}/", "data:", "blob:", "about:")):
            mishaps.append(f"another host: {url}")

    context.on("request", lambda request: check_host(request.url))
    context.on("page", lambda opened: opened.on("websocket", lambda socket: check_host(socket.url)))


@pytest.fixture(scope="session")
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def axe(page: Page, axe_source: str) -> Callable[..., list[str]]:
    """Give a function that tells what axe finds wrong with the page, as `impact: rule: element`.

    Its arguments are the selectors of what is to be left out. What the browser is told to evaluate is no script of the
    page, so no policy has to be put aside for it.
    """

    def violations(*left_out: str) -> list[str]:
        page.evaluate(axe_source)
        messages: Any = page.evaluate(RUN_AXE, list(left_out))
        return sorted(messages)

    return violations
