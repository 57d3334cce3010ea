"""`copydesk clean` on files that are not one article: feeds, binary files, tables."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import zipfile
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from copydesk.article import Json
from copydesk.cli import main
from copydesk.html.feed import Feed
from tests.helpers.server import running

FEED = """<?xml version="1.0" encoding="windows-1252"?><rss version="2.0"><channel><title>The Ferry</title>
<item><title>One</title><description>The caf\xe9 is & stays open.</description></item>
<item><guid>2</guid></item>
<item><title>Three</title><description>&lt;p&gt;It rains.&lt;/p&gt;&lt;p&gt;It pours.&lt;/p&gt;</description></item>
</channel></rss>"""
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 20
CSV = "id,title,text\n1,Rain,It rains.\n2,Wind,It blows.\n"


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(zipfile.ZipInfo("story.txt", (2026, 11, 29, 2, 16, 6)), "It rains. " * 100)
    return buffer.getvalue()


def clean(*words: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    with chdir(cwd):
        ran = CliRunner().invoke(main, ["clean", *words], stdin, catch_exceptions=False)
    return subprocess.CompletedProcess(words, ran.exit_code, ran.stdout_bytes, ran.stderr_bytes)


def lines(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines()]


@pytest.mark.parametrize("name", ["feed.xml", "feed.rss", "feed.html", "feed.txt", "feed", "-"])
def test_each_entry_of_a_feed_is_an_article(tmp_path: Path, name: str) -> None:
    data = FEED.encode("windows-1252")
    if name != "-":
        (tmp_path / name).write_bytes(data)
    ran = clean(name, cwd=tmp_path, stdin=data)
    assert ran.returncode == 1
    texts = ["The café is & stays open.", "It rains.\n\nIt pours."]
    articles = lines(ran.stdout)
    assert [article["text"] for article in articles] == texts
    assert {(article["source"], article["encoding"]["name"]) for article in articles} == {("The Ferry", "windows-1252")}
    [problem] = lines(ran.stderr)
    assert problem["input"] == f"{'<stdin>' if name == '-' else name}[1]"
    assert problem["type"] == "urn:copydesk:problem:unreadable-content"


def test_unexpected_error_of_an_entry_is_its_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_on_third(_: Feed, index: int) -> dict[str, Json]:
        return {"text": ["It rains.", "It pours."][index]}

    monkeypatch.setattr(Feed, "read_entry", fail_on_third)
    (tmp_path / "a.rss").write_text(FEED, "windows-1252")
    (tmp_path / "b.rss").write_text("<rss><channel><item></item></channel></rss>")
    ran = clean("a.rss", "b.rss", cwd=tmp_path)
    assert [article["text"] for article in lines(ran.stdout)] == ["It rains.", "It pours.", "It rains."]
    [problem] = lines(ran.stderr)
    assert (problem["input"], problem["status"]) == ("a.rss[2]", 500)


def test_unexpected_error_of_a_feed_is_its_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_text: str, _max_entries: int) -> Feed:
        raise ValueError("An invented bug.")

    monkeypatch.setattr("copydesk.html.feed.read_feed", fail)
    (tmp_path / "a.rss").write_text(FEED, "windows-1252")
    (tmp_path / "b.txt").write_text("It rains.")
    ran = clean("a.rss", "b.txt", cwd=tmp_path)
    assert [article["text"] for article in lines(ran.stdout)] == ["It rains."]
    [problem] = lines(ran.stderr)
    assert (problem["input"], problem["status"]) == ("a.rss", 500)


def test_feed_in_utf_16_is_read_as_a_feed(tmp_path: Path) -> None:
    ran = clean("-", cwd=tmp_path, stdin=FEED.encode("utf-16"))
    assert [article["title"] for article in lines(ran.stdout)] == ["One", "Three"]


def test_a_run_of_feeds_can_be_resumed(tmp_path: Path) -> None:
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_bytes(FEED.encode("windows-1252"))
    ran = clean("a.xml", "b.xml", "--output", "out.ndjson", "--resume", cwd=tmp_path)
    assert (ran.returncode, len((tmp_path / "out.ndjson").read_bytes().splitlines())) == (1, 4)


@pytest.mark.server
def test_a_service_cleans_the_entries_of_a_feed(tmp_path: Path) -> None:
    with running() as server:
        ran = clean("-", "--url", f"http://127.0.0.1:{server.port}", cwd=tmp_path, stdin=FEED.encode("windows-1252"))
    assert [article["text"][:8] for article in lines(ran.stdout)] == ["The café", "It rains"]


def test_page_in_an_xml_file_is_read_as_a_page(tmp_path: Path) -> None:
    page = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>It rains.</p></body></html>'
    (tmp_path / "page.xml").write_text(page)
    assert [article["text"] for article in lines(clean("page.xml", cwd=tmp_path).stdout)] == ["It rains."]


def test_other_xml_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "sitemap.xml").write_text("<urlset><url><loc>https://a.example/</loc></url></urlset>")
    ran = clean("sitemap.xml", cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert "not a feed" in lines(ran.stderr)[0]["detail"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "image/png"),
        (b"%PDF-1.7\n1 0 obj\n" * 50, "application/pdf"),
        (archive(), "application/zip"),
        (gzip.compress(b"It rains. " * 100), "application/gzip"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "an OLE document"),
        (b"SQLite format 3\0" + bytes(range(256)) * 20, "application/x-sqlite3"),
    ],
    ids=["png", "pdf", "zip", "gzip", "doc", "sqlite"],
)
@pytest.mark.parametrize(
    "name", ["file", "file.bin", "file.html", "file.txt", "file.json", "file.ndjson", "file.xml", "-"]
)
def test_binary_file_is_one_problem_with_its_kind(tmp_path: Path, name: str, data: bytes, kind: str) -> None:
    if name != "-":
        (tmp_path / name).write_bytes(data)
    ran = clean(name, cwd=tmp_path, stdin=data)
    assert (ran.returncode, ran.stdout) == (1, b"")
    [problem] = lines(ran.stderr)
    assert problem["detail"].startswith(f"The bytes are not text but {kind}")


@pytest.mark.parametrize("name", ["table.csv", "table.tsv", "table.txt", "table.dat", "table", "-"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_refused_with_a_hint(tmp_path: Path, name: str, delimiter: str) -> None:
    data = CSV.replace(",", delimiter).encode()
    if name != "-":
        (tmp_path / name).write_bytes(data)
    ran = clean(name, cwd=tmp_path, stdin=data)
    assert (ran.returncode, ran.stdout) == (1, b"")
    [problem] = lines(ran.stderr)
    assert "NDJSON" in problem["detail"]


@pytest.mark.parametrize(
    "text",
    [
        "Rain, wind\nIt rains, and it pours.\nTomorrow, too.\n",
        "Anna Bell, Paris\n\nIt rains.\n",
        "One;two\nThe day was long; the night was short.\nNothing; happened; here.\n",
        "a | b\nIt rains.\n",
        "The river rises; the ferry waits\nThe wind is cold; the lamps are lit\nThe bell is still; the night is long\n",
        "Anna,Bob\nJoe,Kim\n",
        "Rain,wind,sun\n",
    ],
)
def test_prose_with_separators_is_cleaned_as_text(tmp_path: Path, text: str) -> None:
    ran = clean("-", cwd=tmp_path, stdin=text.encode())
    assert (ran.returncode, len(lines(ran.stdout))) == (0, 1)


def test_a_given_format_is_not_guessed_again(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(CSV)
    ran = clean("table.csv", "--format", "text", cwd=tmp_path)
    assert [article["text"] for article in lines(ran.stdout)] == [CSV.strip()]
    ran = clean("-", "--format", "feed", cwd=tmp_path, stdin=b"It rains.")
    assert (ran.returncode, "not a feed" in lines(ran.stderr)[0]["detail"]) == (1, True)
