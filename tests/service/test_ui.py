"""The files of the web page: content, revalidation, and content security policy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from svc.routes import ui

if TYPE_CHECKING:
    from flask.testing import FlaskClient

FOLDER = Path(ui.__file__).parent.parent / "static"
TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}


def test_the_page_is_at_the_root(client: FlaskClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert answer.get_data() == (FOLDER / "index.html").read_bytes()


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_each_file_is_served_as_what_it_is_and_not_sent_again(client: FlaskClient, path: Path) -> None:
    answer = client.get(f"/static/{path.name}")
    assert (answer.status_code, answer.mimetype) == (200, TYPES[path.suffix])
    assert answer.get_data() == path.read_bytes()
    assert answer.headers["Cache-Control"] == "no-cache"
    for coding in ("identity", "gzip"):
        headers = {"If-None-Match": answer.headers["ETag"], "Accept-Encoding": coding}
        again = client.get(f"/static/{path.name}", headers=headers)
        assert (again.status_code, again.get_data()) == (304, b"")


@pytest.mark.parametrize("path", ["/", "/static/main.js"])
def test_page_policy_allows_only_its_own_files_and_service(client: FlaskClient, path: str) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("name", ["none.js", "../ui.py", "..%2fui.py", "%2e%2e/ui.py", "", "/etc/passwd", "main.js/"])
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/static/{name}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_page_has_no_inline_code_and_no_other_host() -> None:
    for path in FOLDER.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        matches = re.findall(r"https?://[\w.]+", text, re.IGNORECASE)
        assert {host.lower() for host in matches} <= {"https://www.courier.example"}, path.name
    page = (FOLDER / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=|javascript:", page)
