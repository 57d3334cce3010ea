"""Copydesk on a local Spark: each row has the result of the service."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from copydesk import cleaning
from copydesk.article import Options
from copydesk.cli import main
from copydesk.errors import ProblemError, ValidationFailed
from copydesk.limits import Limits
from copydesk.settings import Settings
from copydesk.strict_json import dumps
from tests.helpers.cases import corpus

pytest.importorskip("pyspark", reason="copydesk[spark] is not installed: make test-spark")


def java_version() -> int:
    """Return the version of Java, 0 without Java."""
    try:
        output = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(match[1]) if (match := re.search(r'version "(\d+)', output)) else 0


if java_version() < 17:
    pytest.skip("Spark needs Java 17 or newer, and there is none", allow_module_level=True)

from pyspark.sql import DataFrame, SparkSession  # noqa: E402

from copydesk.spark import clean_articles  # noqa: E402
from copydesk.spark.job import Job, JobError, Part  # noqa: E402
from copydesk.spark.rows import COLUMNS, Cleaner  # noqa: E402
from copydesk.spark.warc import clean_archive  # noqa: E402

ROOT = Path(__file__).parent.parent.parent
FIELDS = "id string, url string, title string, text string, authors array<string>, published string, language string"
CLEANER = Cleaner(Options(), Limits())


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = str(ROOT)
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    local = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    for name, value in local.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def expected(document: Any, options: Options | None = None) -> tuple[str | None, str | None]:
    """Return the service's result for a document: the article or the problem."""
    try:
        return dumps(cleaning.clean_article(document, options or Options(), Limits()).to_dict()).decode().strip(
            "\n"
        ), None
    except ProblemError as error:
        return None, dumps(error.to_problem()).decode().strip("\n")


def collect_results(df: DataFrame) -> dict[str, tuple[str | None, str | None]]:
    rows = df.select("id", "article", "problem").collect()
    results = {row.id: (row.article, row.problem) for row in rows}
    assert len(results) == len(rows)
    return results


def make_articles(count: int) -> list[dict[str, Any]]:
    """Return articles, one in ten of them invalid: without a text, or with an invalid URL."""
    known = [raw for raw in corpus() if isinstance(raw.get("authors", []), list)]
    names = [part.split()[0] for part in FIELDS.split(", ")]
    articles = []
    for number in range(count):
        raw = known[number % len(known)] | {"id": str(number)}
        broken = {5: {"text": None}, 15: {"url": "/a"}}.get(number % 20, {})
        articles.append({name: (raw | broken).get(name) for name in names})
    return articles


def test_each_row_has_the_result_of_the_service(spark: SparkSession) -> None:
    raws = make_articles(300)
    results = collect_results(clean_articles(spark.createDataFrame(raws, FIELDS).repartition(4)))
    assert results == {raw["id"]: expected(raw) for raw in raws}
    assert sum(article is None for article, _ in results.values()) == 30


def test_the_columns_say_what_the_article_says(spark: SparkSession) -> None:
    row = clean_articles(spark.createDataFrame(make_articles(1), FIELDS)).first()
    assert row is not None
    article = json.loads(row.article)
    assert list(row.asDict()) == list(COLUMNS)
    for name in COLUMNS.keys() - {"language", "article", "problem"}:
        assert row[name] == article[name]
    assert row.language == article["language"]["tag"]
    assert row.problem is None


def test_options_of_the_call_and_of_a_row_are_done(spark: SparkSession) -> None:
    fields = "id string, text string, options struct<quotes: string, strip_dateline: boolean>"
    df = spark.createDataFrame([("1", "“a…”", None), ("2", "“a…”", ("keep", None))], fields)
    texts = {row.id: row.text for row in clean_articles(df, Options(quotes="plain")).collect()}
    assert texts == {"1": '"a…"', "2": "“a…”"}


def test_invalid_options_are_rejected_by_name(spark: SparkSession) -> None:
    df = spark.createDataFrame([("1", "a")], "id string, text string")
    for options in ({"quotes": "round"}, Options(quotes="round")):  # type: ignore[arg-type]
        with pytest.raises(ValidationFailed) as caught:
            clean_articles(df, options)
        assert [error["pointer"] for error in caught.value.errors] == ["/options/quotes"]
    [row] = clean_articles(spark.createDataFrame([("“a”",)], "text string"), {"quotes": "plain"}).collect()
    assert row.text == '"a"'


def test_settings_are_limits(spark: SparkSession) -> None:
    df = spark.createDataFrame([("1", "too long")], "id string, text string")
    [row] = clean_articles(df, limits=Settings(max_text_characters=3)).collect()
    assert json.loads(row.problem)["limit"] == 3


def test_limits_are_those_of_the_call(spark: SparkSession) -> None:
    df = spark.createDataFrame([("1", "too long")], "id string, text string")
    [row] = clean_articles(df, limits=Limits(max_text_characters=3)).collect()
    assert (json.loads(row.problem)["limit"], row.id) == (3, "1")


def test_values_of_types_that_json_lacks_are_converted(spark: SparkSession) -> None:
    fields = (
        "id bigint, content_base64 binary, content_type string, published timestamp, modified date, fetched_at double, "
        "extra map<string, string>"
    )
    noon = datetime(2022, 2, 2, 12, tzinfo=UTC)
    values = (7, "Café".encode("latin-1"), "text/plain; charset=latin1", noon, date(2022, 2, 3), 1.7e9, {"a": "b"})
    [row] = clean_articles(spark.createDataFrame([values], fields)).collect()
    article = json.loads(row.article)
    assert (row.id, row.text, row.published) == ("7", "Café", "2022-02-02T12:00:00+00:00")
    assert (article["modified"], article["fetched_at"][:4], article["extra"]) == ("2022-02-03", "2023", {"a": "b"})


def test_a_value_that_json_has_not_is_a_problem_of_its_row(spark: SparkSession) -> None:
    df = spark.createDataFrame([("1", "a", float("nan")), ("2", "a", None)], "id string, text string, published double")
    results = collect_results(clean_articles(df))
    assert json.loads(results["1"][1] or "")["errors"] == [
        {"pointer": "/published", "detail": "Not a JSON value: nan."}
    ]
    assert results["2"][1] is None


def test_a_value_that_python_has_not_is_a_problem_of_its_row(spark: SparkSession) -> None:
    values = [("1", b"Caf\xe9", "2024-01-01"), ("2", b"a", "+12345-01-01"), ("3", b"a", "2024-01-01")]
    df = spark.createDataFrame(values, "id string, text binary, published string")
    df = df.selectExpr("id", "CAST(text AS STRING) text", "CAST(published AS TIMESTAMP) published")
    results = collect_results(clean_articles(df))
    for row, pointer in (("1", "/text"), ("2", "/published")):
        assert [error["pointer"] for error in json.loads(results[row][1] or "")["errors"]] == [pointer]
    assert results["3"][1] is None


def test_what_is_kept_passes_through(spark: SparkSession) -> None:
    df = spark.createDataFrame([(1, "a", [1.5]), (2, None, None)], "id int, text string, score array<double>")
    rows = clean_articles(df, keep=["score"]).select("id", "score", "problem").collect()
    assert [(row.id, row.score, row.problem is None) for row in rows] == [("1", [1.5], True), ("2", None, False)]


@pytest.mark.parametrize(
    ("fields", "keep", "message"),
    [
        ("text string, autors string", [], "'autors'. Did you mean 'authors'?"),
        ("text string, crawler string, spider string", ["spider"], "'crawler'"),
        ("text string", ["score"], "no column 'score'"),
        ("text string, article string", ["article"], "rename"),
        ("text string, text string", [], "two columns 'text'"),
        ("title string", [], "no column with a body"),
        ("text binary", [], "'text' is binary"),
    ],
)
def test_columns_that_can_mean_nothing_are_refused_by_name(
    spark: SparkSession, fields: str, keep: list[str], message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        clean_articles(spark.createDataFrame([], fields), keep=keep)


# Files


def write_files(folder: Path, files: int, each: int = 20) -> list[Any]:
    """Write files of articles, one per line, and return the articles."""
    folder.mkdir()
    raws = make_articles(files * each)
    for i in range(files):
        lines = [dumps(raw) for raw in raws[i * each : (i + 1) * each]]
        (folder / f"crawl [{i}].ndjson").write_bytes(b"".join(lines))
    return raws


def test_a_run_that_was_cut_off_goes_on_where_it_was(spark: SparkSession, tmp_path: Path) -> None:
    raws = write_files(tmp_path / "in", 4)
    job = Job(spark, "json", CLEANER, str(tmp_path / "out"))
    parts = job.plan(str(tmp_path / "in"))
    first, second, *_ = parts
    job.run([first, second], lambda _: None)
    # An incomplete part: it was not moved into place, or its marker is missing.
    (tmp_path / "out" / second.name / "_SUCCESS").unlink()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / first.name).iterdir()}
    assert len(parts) == 4
    assert job.plan(str(tmp_path / "in")) == parts
    done: list[Part] = []
    job.run(job.list_remaining(parts), done.append)
    assert {part.name for part in done} == {part.name for part in parts} - {first.name}
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / first.name).iterdir()} == before
    assert job.list_remaining(parts) == []
    assert collect_results(spark.read.parquet(str(tmp_path / "out"))) == {raw["id"]: expected(raw) for raw in raws}
    assert job.count_articles() == (72, 8)


def test_parts_of_another_run_are_not_mixed_in(spark: SparkSession, tmp_path: Path) -> None:
    write_files(tmp_path / "in", 2, 2)
    job = Job(spark, "json", CLEANER, str(tmp_path / "out"))
    job.run(job.plan(str(tmp_path / "in")), lambda _: None)
    with pytest.raises(JobError, match="of another run"):
        job.plan(str(tmp_path / "in"), 1)
    with (tmp_path / "in" / "crawl [0].ndjson").open("a") as file:
        file.write('{"text": "more"}\n')
    with pytest.raises(JobError, match="of another run"):
        job.plan(str(tmp_path / "in"))


def test_a_line_that_is_no_article_is_kept_with_its_problem(spark: SparkSession, tmp_path: Path) -> None:
    lines = [b'{"text": "\xff"}', b'{"id": "\\ud800", "text": "a"}', b"{broken", b"[" * 100, b'{"id": 1, "text": "a"}']
    (tmp_path / "in.ndjson").write_bytes(b"\r\n\n".join(lines))
    job = Job(spark, "json", CLEANER, str(tmp_path / "out"))
    job.run(job.plan(str(tmp_path / "in.ndjson")), lambda _: None)
    rows = spark.read.parquet(str(tmp_path / "out")).collect()
    assert sorted(bytes(row.raw) for row in rows if row.problem) == sorted(lines[:4])
    assert [(row.id, row.raw) for row in rows if not row.problem] == [("1", None)]
    assert all(row.input.endswith("/in.ndjson") for row in rows)


def test_parquet_is_read_and_written(spark: SparkSession, tmp_path: Path) -> None:
    raws = make_articles(40)
    spark.createDataFrame([raw | {"score": 1} for raw in raws], f"{FIELDS}, score int").write.parquet(
        str(tmp_path / "in")
    )
    job = Job(spark, "parquet", CLEANER, str(tmp_path / "out"), ("score",))
    job.run(job.plan(str(tmp_path / "in"), 1), lambda _: None)
    written = spark.read.parquet(str(tmp_path / "out"))
    assert collect_results(written) == {raw["id"]: expected(raw) for raw in raws}
    assert {row.score for row in written.collect()} == {1}


def test_a_file_that_can_not_be_read_is_named(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"no parquet")
    job = Job(spark, "parquet", CLEANER, str(tmp_path / "out"))
    with pytest.raises(JobError, match=r"a\.parquet") as raised:
        job.run(job.plan(str(tmp_path)), lambda _: None)
    assert "\n" not in str(raised.value)


def test_invalid_columns_are_rejected_before_the_job_runs(spark: SparkSession, tmp_path: Path) -> None:
    spark.createDataFrame([("a", 1)], "text string, crawler int").write.parquet(str(tmp_path / "in"))
    for keep, message in (((), "crawler"), (("crawlr",), "crawlr")):
        with pytest.raises(JobError, match=message):
            Job(spark, "parquet", CLEANER, str(tmp_path / "out"), keep).plan(str(tmp_path / "in"))


# Archives

PAGE = "<!doctype html><title>Café fermé</title><article><p>{}</p></article>"
STORY = "La rivière est montée de deux mètres dans la nuit de lundi à mardi, et le conseil a fermé le vieux pont."


def record(kind: str, more: str, block: bytes) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\n{more}Content-Length: {len(block)}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


def write_archive(path: Path, bodies: list[tuple[str, str, bytes]]) -> bytes:
    """Write an archive of responses, given as status, type and body."""
    records = [record("warcinfo", "Content-Type: application/warc-fields\r\n", b"software: a test\r\n")]
    for i, (status, kind, body) in enumerate(bodies):
        more = (
            f"WARC-Record-ID: <urn:{path.name}:{i}>\r\nWARC-Date: 2024-03-06T00:00:00Z\r\n"
            f"WARC-Target-URI: https://courier.example/{i}\r\nContent-Type: application/http; msgtype=response\r\n"
        )
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        records.append(record("response", more, head.encode() + body))
    path.write_bytes(b"".join(gzip.compress(one) if path.suffix == ".gz" else one for one in records))
    return path.read_bytes()


def test_archive_pages_are_cleaned_and_other_files_named(spark: SparkSession, tmp_path: Path) -> None:
    html = ("200 OK", "text/html; charset=iso-8859-1", PAGE.format(STORY).encode("latin-1"))
    others = [("404 Not Found", "text/html", b"<p>no</p>"), ("200 OK", "image/png", b"\x89PNG")]
    picture = ("200 OK", "text/html", b"\x89PNG\r\n\x1a\n\0\0\0\0")
    folder = tmp_path / "in"
    folder.mkdir()
    whole = write_archive(folder / "a.warc.gz", [html, html, picture, *others])
    plain = write_archive(folder / "b.warc", [html, *others])
    (folder / "cut.warc.gz").write_bytes(whole[: len(whole) // 2])
    (folder / "cut.warc").write_bytes(plain[: plain.index("fermé".encode("latin-1"))])
    (folder / "none.warc").write_bytes(b"no archive\n")
    job = Job(spark, "warc", CLEANER, str(tmp_path / "out"))
    job.run(job.plan(str(folder)), lambda _: None)
    rows = spark.read.parquet(str(tmp_path / "out")).collect()
    by_file: dict[str, list[Any]] = {}
    for row in rows:
        by_file.setdefault(row.input.rpartition("/")[2], []).append(row)
    pages = [row for row in by_file["a.warc.gz"] if row.article]
    assert [(row.id, row.url, row.text) for row in sorted(pages)] == [
        (f"<urn:a.warc.gz:{i}>", f"https://courier.example/{i}", STORY) for i in (0, 1)
    ]
    assert json.loads(pages[0].article)["fetched_at"] == "2024-03-06T00:00:00Z"
    assert [row.id for row in by_file["a.warc.gz"] if row.problem] == ["<urn:a.warc.gz:2>"]
    assert [row.title for row in by_file["b.warc"]] == ["Café fermé"]
    for name in ("cut.warc.gz", "cut.warc", "none.warc"):
        assert [name in row.problem for row in by_file[name] if row.problem] == [True], name


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_unreadable_record_does_not_affect_other_records(tmp_path: Path, name: str) -> None:
    page = PAGE.format(STORY).encode()
    coded = "text/html; charset=utf-8\r\nContent-Encoding: br"
    write_archive(tmp_path / name, [("200 OK", coded, page), ("200 OK", "text/html; charset=utf-8", page)])
    first, second = clean_archive(f"file:{tmp_path / name}", CLEANER)
    assert (first["id"], first["url"]) == (f"<urn:{name}:0>", "https://courier.example/0")
    assert "'br'" in first["problem"]
    assert second["text"] == STORY


@pytest.mark.parametrize("line", ["HTTP/2 200", "ICY 200 OK", "what is this"])
def test_unusual_status_line_does_not_affect_other_records(tmp_path: Path, line: str) -> None:
    page = ("200 OK", "text/html; charset=utf-8", PAGE.format(STORY).encode())
    whole = write_archive(tmp_path / "a.warc", [page, page])
    # The head has another length now.
    longer = len(line) - len("HTTP/1.1 200 OK")
    head, _, rest = whole.partition(b"msgtype=response\r\nContent-Length: ")
    length, _, rest = rest.partition(b"\r\n")
    rest = rest.replace(b"HTTP/1.1 200 OK", line.encode(), 1)
    (tmp_path / "a.warc").write_bytes(
        b"%smsgtype=response\r\nContent-Length: %d\r\n%s" % (head, int(length) + longer, rest)
    )
    *_, last = clean_archive(f"file:{tmp_path / 'a.warc'}", CLEANER)
    assert last["id"] == "<urn:a.warc:1>"
    assert last["text"] == STORY


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_an_archive_that_is_cut_within_a_record_says_so(tmp_path: Path, name: str) -> None:
    html = ("200 OK", "text/html; charset=iso-8859-1", PAGE.format(STORY).encode("latin-1"))
    one, two = write_archive(tmp_path / name, [html]), write_archive(tmp_path / name, [html, html])
    assert ["problem" in row for row in clean_archive(f"file:{tmp_path / name}", CLEANER)] == [False, False]
    # The line breaks and the checksum after a record do not belong to it.
    for i in range(len(one) + 1, len(two) - 12, 3):
        (tmp_path / name).write_bytes(two[:i])
        first, *_, last = clean_archive(f"file:{tmp_path / name}", CLEANER)
        assert ("problem" in first, name in last.get("problem", "")) == (False, True), i


# The command


def test_docs_name_the_columns_and_options_of_the_command() -> None:
    manual = (ROOT / "docs" / "how-to" / "spark.md").read_text(encoding="utf-8")
    [table] = re.findall(r"^\| output column \| content \|\n((?:\|.*\n)+)", manual, re.MULTILINE)
    names = [name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(names) == sorted(COLUMNS)
    options = {name for option in main.commands["spark"].params for name in option.opts if name.startswith("--")}
    assert sorted(name for name in options - {"--option"} if name not in manual) == []


def examples() -> list[str]:
    return re.findall(r"^ +(copydesk .*)$", main.commands["spark"].help or "", re.MULTILINE)


@pytest.mark.parametrize("line", examples())
def test_the_examples_of_the_command_run(line: str, tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    for name in ("crawl.ndjson", "crawl/1.ndjson", "crawl/2.ndjson"):
        (tmp_path / name).write_bytes(b"".join(dumps(raw) for raw in make_articles(5)))
    ran = subprocess.run(
        ["bash", "-c", line.replace("copydesk", f"{sys.executable} -m copydesk", 1)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SPARK_LOCAL_IP": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr.count("Traceback")) == (0, 0), ran.stderr
    assert "is done." in ran.stderr
    assert re.fullmatch(r"(5|10) clean, 0 problems\n", ran.stdout)
