"""The API reference at /docs: its files, their caching, and its content security policy."""

from __future__ import annotations

import gzip
import re
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

THEIRS = files("flask_swagger_ui") / "dist"


@pytest.fixture(scope="module")
def addresses(client: FlaskClient) -> list[str]:
    """Return the URLs of the page's files in order: two styles, then two scripts."""
    return re.findall(r'(?:src|href)="(docs/[^"]+)"', client.get("/docs").get_data(as_text=True))


def test_docs_page_has_no_inline_code_and_no_other_host(client: FlaskClient) -> None:
    answer = client.get("/docs")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert re.findall(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=|//", page) == []


def test_its_policy_allows_scripts_and_styles_from_here_alone(client: FlaskClient) -> None:
    policy = client.get("/docs").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == directives["connect-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy


def test_its_large_files_are_those_of_the_package(client: FlaskClient, addresses: list[str]) -> None:
    style, _, bundle, _ = addresses
    assert client.get(bundle).data == (THEIRS / "swagger-ui-bundle.js").read_bytes()
    assert client.get(style).data == (THEIRS / "swagger-ui.css").read_bytes()
    assert client.get(bundle).mimetype == "text/javascript"
    assert client.get(style).mimetype == "text/css"


def test_docs_files_are_immutable_and_the_page_revalidated(client: FlaskClient, addresses: list[str]) -> None:
    assert len(addresses) == 4
    for address in addresses:
        control = client.get(address).cache_control
        assert (control.public, control.max_age, control.immutable) == (True, 31_536_000, True)
        assert re.search(r"\.[0-9a-f]{12}\.", address)
    assert client.get("/docs").cache_control.no_cache


def test_who_has_it_already_is_told_so(client: FlaskClient, addresses: list[str]) -> None:
    for address in ["/docs", *addresses]:
        tag = client.get(address).headers["ETag"]
        again = client.get(address, headers={"If-None-Match": tag, "Accept-Encoding": "gzip"})
        assert (again.status_code, again.data) == (304, b"")
        assert client.get(address, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_it_is_compressed_for_who_asks_for_that(client: FlaskClient, addresses: list[str]) -> None:
    bundle = addresses[2]
    answer = client.get(bundle, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 600_000
    assert gzip.decompress(answer.data) == client.get(bundle).data
    assert "Accept-Encoding" in answer.vary


def test_it_is_compressed_once(client: FlaskClient, addresses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    bundle, asked = addresses[2], {"Accept-Encoding": "gzip"}
    before = client.get(bundle, headers=asked).data
    monkeypatch.delattr("zlib.compressobj")
    monkeypatch.delattr("gzip.compress")
    assert client.get(bundle, headers=asked).data == before


@pytest.mark.parametrize(
    "name",
    [
        "swagger-ui-bundle.js",
        "swagger-ui-bundle.000000000000.js",
        "..%2Findex.html",
        "%2e%2e%2f%2e%2e%2freference.py",
        "oauth2-redirect.html",
        "index.html",
        "%00",
    ],
)
def test_whatever_else_is_asked_for_is_not_there(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/docs/{name}")
    assert (answer.status_code, answer.get_json()["type"]) == (404, "urn:copydesk:problem:not-found")
