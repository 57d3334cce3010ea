"""Fixtures of the browser tests: a running service, a page that must have no errors, and axe.

`@pytest.mark.look(width=360, height=740, scheme="dark")` sets the size and the color scheme of `page`. `mishaps`
collects its errors and must be empty at the end of a test: a test that expects an error removes it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.helpers.server import Server, running

# For the installed browser. It resolves no host names, so that not even background requests leave the machine.
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
# Without preload, as the page's policy forbids its requests.
RUN_AXE = """
async (leftOut) => (await axe.run(leftOut.length ? {exclude: leftOut} : document, {preload: false})).violations.flatMap(
    (rule) => rule.nodes.map((node) => `${rule.impact}: ${rule.id}: ${node.target.join(' ')}`))
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser once. Each page has its own profile."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        # chromium has no sandbox as root in a container.
        started = playwright.chromium.launch(executable_path=program, args=FLAGS, chromium_sandbox=False)
        yield started
        started.close()


@pytest.fixture(scope="session")
def service(browser: Browser) -> Iterator[Server]:  # noqa: ARG001  without a browser it is not worth starting
    """Start the service once. A module may override this fixture."""
    with running() as server:
        yield server


@pytest.fixture
def mishaps() -> list[str]:
    """Errors of the page: console, policy, scripts, and requests to other hosts."""
    return []


@pytest.fixture
def page(browser: Browser, service: Server, mishaps: list[str], request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open a page of the service with fresh storage. The test fails if `mishaps` is not empty at its end."""
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
    # Playwright receives pending events only during a call.
    opened.wait_for_timeout(50)
    context.close()
    assert mishaps == []


def _watch(context: BrowserContext, origin: str, mishaps: list[str]) -> None:
    # Not the method itself: Playwright sets attributes on its callbacks, which built-in methods do not allow.
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
    """Return a function that lists the violations that axe finds, as `impact: rule: element`.

    Its arguments are selectors of elements to skip. Scripts that Playwright evaluates are exempt from its policy.
    """

    def violations(*left_out: str) -> list[str]:
        page.evaluate(axe_source)
        messages: Any = page.evaluate(RUN_AXE, list(left_out))
        return sorted(messages)

    return violations
