"""`copydesk clean` on files that are not one article: feeds, binary files, tables, compressed files, other tools."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import random
import subprocess
import zipfile
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from copydesk.article import Json
from copydesk.cli import main
from copydesk.cli.readers import Inputs
from copydesk.html.feed import Feed
from tests.helpers.paths import ROOT
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
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "an OLE document"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "a web archive"),
        (b"SQLite format 3\0" + bytes(range(256)) * 20, "application/x-sqlite3"),
    ],
    ids=["png", "pdf", "zip", "doc", "warc", "sqlite"],
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
def test_each_row_of_a_table_is_an_article(tmp_path: Path, name: str, delimiter: str) -> None:
    data = CSV.replace(",", delimiter).encode()
    if name != "-":
        (tmp_path / name).write_bytes(data)
    ran = clean(name, cwd=tmp_path, stdin=data)
    assert (ran.returncode, ran.stderr) == (0, b"")
    rows = [(article["id"], article["title"], article["text"]) for article in lines(ran.stdout)]
    assert rows == [("1", "Rain", "It rains."), ("2", "Wind", "It blows.")]


def test_standard_input_has_one_name(tmp_path: Path) -> None:
    ran = clean(cwd=tmp_path, stdin=gzip.compress(b"It rains.")[:-4])
    assert [problem["input"] for problem in lines(ran.stderr)] == ["<stdin>"]


RECORDS = [{"headline": "Rain", "body": "It rains.", "by": "Anna Bell"}, {"headline": "Wind", "body": "It blows."}]


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("form", ["ndjson", "json"])
def test_path_of_no_record_is_reported(tmp_path: Path, jobs: str, form: str) -> None:
    rows = "\n".join(map(json.dumps, RECORDS)) if form == "ndjson" else json.dumps({"articles": RECORDS})
    (tmp_path / f"a.{form}").write_text(rows)
    words = ("-m", "authors=by", "-m", "section=nope", "-m", "subtitle=dek.text", "--jobs", jobs, "--quiet")
    ran = clean(f"a.{form}", *words, cwd=tmp_path)
    assert (ran.returncode, len(lines(ran.stdout))) == (0, 2)
    assert ran.stderr == b"No record has the key of --map section=nope, subtitle=dek.text.\n"


def test_missing_path_of_a_body_is_a_problem(tmp_path: Path) -> None:
    ran = clean("-m", "text=nope", cwd=tmp_path, stdin=json.dumps(RECORDS[0]).encode())
    assert ran.returncode == 1
    problem, summary = ran.stderr.splitlines()
    detail = "The record has no `nope`, which is mapped as the body. Found: `headline`, `body`, `by`."
    assert json.loads(problem)["detail"] == detail
    assert summary == b"No record has the key of --map text=nope."


@pytest.mark.parametrize("stdin", [FEED.encode("windows-1252"), b"It rains.", b"<p>It rains.</p>", b"", b"{broken"])
def test_paths_are_not_reported_without_records(tmp_path: Path, stdin: bytes) -> None:
    assert b"No record" not in clean("-m", "text=nope", cwd=tmp_path, stdin=stdin).stderr


@pytest.mark.parametrize("detail", ["full", "summary", "none"])
def test_output_is_valid_input(tmp_path: Path, detail: str) -> None:
    raw = {"text": "The cafÃ©  is closed.", "title": "Rain", "authors": "By Anna Bell", "published": "5 March 2024"}
    raws = [raw, raw | {"extra": {"a": 1}, "language": "klingon", "published": "some day"}, {"text": ""}]
    once = clean("-o", f"changes={detail}", cwd=tmp_path, stdin="\n".join(map(json.dumps, raws)).encode())
    twice = clean(cwd=tmp_path, stdin=once.stdout)
    assert (twice.returncode, twice.stderr) == (0, b"")
    own = ("changes", "warnings", "authors_raw", "published_raw")
    for first, second in zip(lines(once.stdout), lines(twice.stdout), strict=True):
        assert second["changes"] == []
        assert {name: first[name] for name in first if name not in own} == {
            name: second[name] for name in second if name not in own
        }


ROWS = [
    {
        "": "0",
        "Headline": "Été",
        "Body": 'Il dit : « "Bon" ».\n\nPuis, il pleut.',
        "Link": "https://a.example/1",
        "Shop": "7",
    },
    {"": "1", "Headline": "Août", "Body": "Il fait beau, à Orléans.", "Link": "https://a.example/2", "Shop": ""},
]


def table(encoding: str, delimiter: str = ",", lines_before: str = "") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, ROWS[0].keys(), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(ROWS)
    return (lines_before + text.getvalue()).encode(encoding)


@pytest.mark.parametrize(
    "data",
    [
        table("utf-8"),
        table("utf-8-sig", ";"),
        table("utf-8", "|", "sep=|\r\n"),
        table("utf-16", "\t"),
        table("utf-16-le", "\t"),
        table("windows-1252"),
        gzip.compress(table("utf-8")),
    ],
    ids=["utf-8", "bom", "sep", "utf-16", "utf-16-le", "windows-1252", "gzip"],
)
def test_table_in_any_encoding_has_its_columns(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "stories.csv").write_bytes(data)
    ran = clean("stories.csv", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, b"")
    first, second = lines(ran.stdout)
    assert (first["title"], second["title"]) == ("Été", "Août")
    assert first["text"] == 'Il dit : « "Bon" ».\n\nPuis, il pleut.'
    assert (first["extra"], second["extra"]) == ({"column 1": "0", "Shop": "7"}, {"column 1": "1"})


def test_one_damaged_line_does_not_change_the_charset_of_a_table(tmp_path: Path) -> None:
    damaged = '3,Août,"Le café du théâtre à Orléans est fermé depuis hier."\n'.encode("windows-1252")
    data = "id,title,text\n1,Été,Il pleut à Paris.\n".encode() + damaged + "4,Fête,Il neige à Noël.\n".encode()
    (tmp_path / "t.csv").write_bytes(data)
    texts = [article["text"] for article in lines(clean("t.csv", cwd=tmp_path).stdout)]
    assert texts == ["Il pleut à Paris.", "Le café du théâtre à Orléans est fermé depuis hier.", "Il neige à Noël."]


def test_malformed_rows_are_problems_in_their_place(tmp_path: Path) -> None:
    rows = ['1,"He said "no" to it"', "2,It rains,again", "3", '4,"a', 'b"', "", "5,It pours.", '6,"It never ends']
    (tmp_path / "t.csv").write_text("\n".join(["id,text", *rows]))
    ran = clean("t.csv", cwd=tmp_path)
    assert [article["id"] for article in lines(ran.stdout)] == ["4", "5"]
    problems = {problem["input"]: problem["detail"] for problem in lines(ran.stderr)}
    assert list(problems) == ["t.csv:2", "t.csv:3", "t.csv:4", "t.csv:9"]
    assert problems["t.csv:3"] == "The row has 3 cells; the table has 2 columns."


def test_quote_without_an_end_takes_no_more_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_MAX_BODY_BYTES", "1000")
    rows = "".join(f"{n},It rains.\n" for n in range(300))
    (tmp_path / "t.csv").write_text(f'id,text\n0,"It\n{rows}')
    ran = clean("t.csv", cwd=tmp_path)
    [problem] = lines(ran.stderr)
    assert (problem["input"], "more than 1000 bytes" in problem["detail"]) == ("t.csv:2", True)
    assert len(lines(ran.stdout)) > 200


def test_quote_without_an_end_takes_no_other_rows(tmp_path: Path) -> None:
    rows = "".join(f"{n},It rains.\n" for n in range(3, 3000))
    (tmp_path / "t.csv").write_text(f'id,text\n2,"It pours.\n{rows}3000,"It rains."\n')
    ran = clean("t.csv", "--errors", "err", cwd=tmp_path)
    assert [article["id"] for article in lines(ran.stdout)] == [str(n) for n in range(3, 3001)]
    [problem] = lines((tmp_path / "err").read_bytes())
    assert (problem["input"], problem["raw"]) == ("t.csv:2", '2,"It pours.')
    assert "lines 2 to 3000; only line 2 is skipped" in problem["detail"]


def test_lines_are_read_again_a_limited_number_of_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_MAX_BODY_BYTES", "10000")
    (tmp_path / "t.csv").write_text("id,text\n" + 'x",",y\n' * 10_000)  # a quote without an end in every row
    ran = clean("t.csv", "--errors", "err", cwd=tmp_path)
    problems = lines((tmp_path / "err").read_bytes())
    assert (ran.stdout, "all are skipped" in problems[-1]["detail"]) == (b"", True)
    assert len(problems) < 50


def test_malformed_row_is_quoted_in_the_errors(tmp_path: Path) -> None:
    data = b'id,text\n1,It rains,again\n2,"caf\xe9" closed\n3\n4,It pours.\n'
    (tmp_path / "t.csv").write_bytes(data)
    clean("t.csv", "--errors", "err", cwd=tmp_path)
    quoted = [(problem.get("raw"), problem.get("raw_base64")) for problem in lines((tmp_path / "err").read_bytes())]
    damaged = base64.b64encode(b'2,"caf\xe9" closed').decode()
    assert quoted == [("1,It rains,again", None), (None, damaged), ("3", None)]


def test_empty_cells_at_the_end_of_a_row_are_no_problem(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,text\n1,It rains.,\n2,It pours.,, \n")
    ran = clean("t.csv", cwd=tmp_path)
    assert (ran.stderr, [article["text"] for article in lines(ran.stdout)]) == (b"", ["It rains.", "It pours."])


def test_name_of_a_column_may_have_a_line_break(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('\ufeff"id","Shop\n(name)","title","text"\n1,7,Rain,It rains.\n', "utf-8")
    ran = clean("t.csv", cwd=tmp_path)
    [article] = lines(ran.stdout)
    assert (article["id"], article["text"], article["extra"]) == ("1", "It rains.", {"Shop\n(name)": "7"})


@pytest.mark.parametrize("sign", ["\u2028", "\u0085", "\v", "\f"])
def test_only_a_line_feed_ends_a_line_in_utf_16(tmp_path: Path, sign: str) -> None:
    (tmp_path / "t.csv").write_bytes(f"id\ttext\r\n1\tIt rains.{sign}It pours.\r\n2\tIt snows.\r\n".encode("utf-16"))
    ran = clean("t.csv", cwd=tmp_path)
    assert (ran.stderr, [article["id"] for article in lines(ran.stdout)]) == (b"", ["1", "2"])


@pytest.mark.parametrize(
    "mapping", [["tags=Schlagwort"], ["tags=Schlagwort", "text=Zwei"], ["text=Zwei", "tags=Schlagwort.0"]]
)
def test_mapped_column_that_is_missing_is_one_problem(tmp_path: Path, mapping: list[str]) -> None:
    (tmp_path / "t.csv").write_text("title,Zwei\nRain,It rains.\nWind,It blows.\n")
    ran = clean("t.csv", *(word for pair in mapping for word in ("--map", pair)), cwd=tmp_path)
    [problem] = lines(ran.stderr)
    assert ran.stdout == b""
    assert problem["detail"].startswith("No column 'Schlagwort")
    assert problem["detail"].endswith("found: 'title', 'Zwei'.")


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ("Eins,Zwei\n1,2\n", "`Eins`, `Zwei`"),
        ('id,"text\n1,It rains.\n', "a quote has no end"),
        ("id,text\r1,It rains.\r", "a line ends with CR alone"),
        ("text,title,text\na,b,c\n", "two columns"),
        ("", "no names of columns"),
        ("\n\n", "no names of columns"),
    ],
)
def test_table_without_known_columns_is_one_problem(tmp_path: Path, data: str, part: str) -> None:
    (tmp_path / "t.csv").write_text(data)
    ran = clean("t.csv", cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (1, b"")
    [problem] = lines(ran.stderr)
    assert part in problem["detail"]


def test_columns_can_be_mapped(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Eins,Zwei\nRain,It rains.\n")
    ran = clean("t.csv", "--map", "title=Eins", "-m", "text=Zwei", cwd=tmp_path)
    assert [(article["title"], article["text"]) for article in lines(ran.stdout)] == [("Rain", "It rains.")]


COMPRESSED = {
    "a.json.gz": b'[{"text": "It rains."}]',
    "b.jsonl.gz": b'{"text": "It rains."}\n',
    "c.csv.gz": b"id,title,text\n1,Rain,It rains.\n",
    "d.txt.gz": b"It rains.",
    "e.html.gz": b"<p>It rains.</p>",
    "f.rss.gz": b"<rss><channel><item><description>It rains.</description></item></channel></rss>",
}


def test_compressed_file_is_read_as_what_it_contains(tmp_path: Path) -> None:
    for name, data in COMPRESSED.items():
        (tmp_path / name).write_bytes(gzip.compress(data))
        named = clean(name, cwd=tmp_path)
        piped = clean("-", cwd=tmp_path, stdin=gzip.compress(data))
        assert [article["text"] for article in (*lines(named.stdout), *lines(piped.stdout))] == ["It rains."] * 2
    folder = clean(".", cwd=tmp_path)
    assert (folder.returncode, len(lines(folder.stdout)), folder.stderr) == (0, len(COMPRESSED), b"")


def test_truncated_compressed_file_is_a_problem(tmp_path: Path) -> None:
    """The problem comes after its articles."""
    noise = base64.b64encode(random.Random(1).randbytes(300_000)).decode()
    pieces = (noise[start : start + 10_000] for start in range(0, len(noise), 10_000))
    rows = [json.dumps({"text": "It rains.", "extra": {"noise": piece}}) for piece in pieces]
    (tmp_path / "a.ndjson.gz").write_bytes(gzip.compress("\n".join(rows).encode())[:-20])
    (tmp_path / "b.txt").write_text("It pours.")
    ran = clean("a.ndjson.gz", "b.txt", "-o", "repair=off", cwd=tmp_path)
    [problem] = lines(ran.stderr)
    assert (problem["input"], "ended before" in problem["detail"]) == ("a.ndjson.gz", True)
    texts = [article["text"] for article in lines(ran.stdout)]
    assert texts == ["It rains."] * (len(texts) - 1) + ["It pours."]
    assert len(texts) > 10


def test_compressed_bytes_are_counted_as_they_are_in_the_file(tmp_path: Path) -> None:
    rows = b"".join(b'{"text": "%d"}\n' % n for n in range(5_000))
    (tmp_path / "a.ndjson.gz").write_bytes(gzip.compress(rows))
    inputs = Inputs((str(tmp_path / "a.ndjson.gz"),), None, 1 << 20)
    assert sum(item.input_size for item in inputs) == inputs.total_bytes()


def test_a_run_of_a_compressed_file_can_be_resumed(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson.gz").write_bytes(gzip.compress(b'{"text": "a"}\n{broken\n'))
    words = ("a.ndjson.gz", "--output", "out.ndjson", "--errors", "err.ndjson", "--resume")
    assert clean(*words, cwd=tmp_path).returncode == 1
    assert [len(lines((tmp_path / name).read_bytes())) for name in ("out.ndjson", "err.ndjson")] == [1, 1]


def test_json_file_with_a_line_per_article_is_read_by_lines(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"text": "a"}\n{"text": "b"}\n')
    ran = clean("a.json", cwd=tmp_path)
    assert (ran.returncode, [article["text"] for article in lines(ran.stdout)]) == (0, ["a", "b"])


CASES = json.loads((ROOT / "tests" / "cases" / "records.json").read_bytes())
LISTS = json.loads((ROOT / "tests" / "cases" / "record_lists.json").read_bytes())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
@pytest.mark.parametrize("name", ["one.json", "list.json", "lines.jsonl.gz"])
def test_file_of_another_tool_comes_out_right(tmp_path: Path, case: dict[str, Any], name: str) -> None:
    record = json.dumps(case["record"], indent=2 if name == "one.json" else None)
    data = f"[{record}]" if name == "list.json" else f"{record}\n"
    (tmp_path / name).write_bytes(gzip.compress(data.encode()) if name.endswith(".gz") else data.encode())
    ran = clean(name, cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, b"")
    [article] = lines(ran.stdout)
    assert {field: article[field] for field in case["clean"]} == case["clean"]


@pytest.mark.parametrize("case", LISTS, ids=lambda case: case["path"])
def test_reply_of_an_api_is_a_list_of_articles(tmp_path: Path, case: dict[str, Any]) -> None:
    ran = clean("-", "--errors", "err", cwd=tmp_path, stdin=json.dumps(case["document"]).encode())
    assert {article["source"] for article in lines(ran.stdout)} == {case["source"]}
    assert len(lines(ran.stdout)) == case["count"]


def test_article_that_has_a_list_is_one_article(tmp_path: Path) -> None:
    document = {"h": "Rain", "story": "It rains.", "url": "https://a.example/1", "items": [{"text": "caption 1"}]}
    (tmp_path / "a.json").write_text(json.dumps(document))
    ran = clean("a.json", "--map", "title=h", cwd=tmp_path)
    assert [article["title"] for article in lines(ran.stdout)] == ["Rain"]


def test_empty_page_of_an_api_has_no_articles(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"status": "ok", "items": []}')
    ran = clean("a.json", cwd=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


def test_odd_item_of_a_list_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"items": [{"text": "It rains."}, null]}')
    ran = clean("a.json", "--errors", "err", cwd=tmp_path)
    assert [article["text"] for article in lines(ran.stdout)] == ["It rains."]
    assert [problem["input"] for problem in lines((tmp_path / "err").read_bytes())] == ["a.json[1]"]


def test_row_without_a_headline_is_cleaned(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("headline,body,price\nRain,It rains.,7\n,It pours.,8\n")
    ran = clean("a.csv", cwd=tmp_path)
    assert (ran.returncode, [article["title"] for article in lines(ran.stdout)]) == (0, ["Rain", None])


def test_unknown_record_is_one_error_with_its_document(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text('{"Titel 1": "Rain", "Inhalt 1": "It rains."}\n{"text": "It pours."}\n')
    ran = clean("a.ndjson", "--errors", "err", cwd=tmp_path)
    assert [article["text"] for article in lines(ran.stdout)] == ["It pours."]
    [problem] = lines((tmp_path / "err").read_bytes())
    assert problem["raw"] == {"Titel 1": "Rain", "Inhalt 1": "It rains."}
    assert "--map text=Inhalt 1" in problem["detail"]
    mapped = clean("a.ndjson", "--map", "text=Inhalt 1", "--map", "title=Titel 1", cwd=tmp_path)
    assert [article["title"] for article in lines(mapped.stdout)] == ["Rain", None]


def test_mapping_does_not_apply_to_pages_and_feeds(tmp_path: Path) -> None:
    (tmp_path / "a.rss").write_text(FEED, "windows-1252")
    (tmp_path / "b.html").write_text("<p>It rains.</p>")
    ran = clean("a.rss", "b.html", "--map", "text=story", cwd=tmp_path)
    assert len(lines(ran.stdout)) == 3


@pytest.mark.parametrize(
    ("mapping", "part"),
    [
        (["headline=title"], "Did you mean 'title'? Write FIELD=NAME"),
        (["title"], "name of a key"),
        (["title=a", "title=b"], "mapped twice"),
    ],
)
def test_wrong_mapping_is_invalid_usage(tmp_path: Path, mapping: list[str], part: str) -> None:
    ran = clean("-", *(word for pair in mapping for word in ("--map", pair)), cwd=tmp_path)
    assert (ran.returncode, part in ran.stderr.decode()) == (2, True)


@pytest.mark.server
def test_a_service_cleans_records_of_other_tools(tmp_path: Path) -> None:
    data = "\n".join(json.dumps(case["record"]) for case in CASES).encode()
    with running() as server:
        url = ("--url", f"http://127.0.0.1:{server.port}")
        ran = clean("-", "--format", "ndjson", *url, "--map", "subtitle=deck", cwd=tmp_path, stdin=data)
    assert (ran.returncode, ran.stderr) == (0, b"No record has the key of --map subtitle=deck.\n")
    assert [article["title"] for article in lines(ran.stdout)] == [case["clean"]["title"] for case in CASES]


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
