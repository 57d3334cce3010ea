from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from copydesk import __version__
from copydesk.cli import main, readers
from tests.helpers.server import start

ROOT = Path(__file__).parent.parent.parent

if TYPE_CHECKING:
    from flask.testing import FlaskClient

RAW = {"id": "a-1", "title": "Envoyâ€™s answer", "text": "Russiaâ€™s  envoy", "published": "2024-03-05"}


def run(*words: str, stdin: str | bytes = "") -> tuple[int, bytes, str]:
    ran = CliRunner().invoke(main, list(words), stdin, catch_exceptions=False)
    return ran.exit_code, ran.stdout_bytes, ran.stderr


def test_the_command_and_the_service_give_the_same_bytes(client: FlaskClient, tmp_path: Path) -> None:
    file = tmp_path / "article.json"
    file.write_text(json.dumps(RAW))
    served = client.post("/v1/articles", json=RAW).data
    assert run("clean", str(file)) == (0, served, "")
    assert run("clean", stdin=json.dumps(RAW)) == (0, served, "")
    assert run("clean", stdin=json.dumps(RAW, indent=2)) == (0, served, "")


def test_a_text_is_cleaned_as_an_article_of_nothing_else(tmp_path: Path) -> None:
    status, out, _ = run("clean", stdin="Russiaâ€™s\n")
    assert (status, json.loads(out)["text"]) == (0, "Russia’s")
    (tmp_path / "a.txt").write_text("{not JSON}", encoding="utf-8")
    assert json.loads(run("clean", str(tmp_path / "a.txt"))[1])["text"] == "{not JSON}"


def test_lines_are_cleaned_and_failures_are_reported_apart() -> None:
    lines = f'{json.dumps(RAW)}\r\n\n{{"text": 5}}\n{{broken\n{json.dumps(RAW)}'
    status, out, err = run("clean", "--format", "ndjson", "-o", "changes=none", stdin=lines)
    assert status == 1
    assert [json.loads(line)["changes"] for line in out.splitlines()] == [[], []]
    problems = [json.loads(line) for line in err.splitlines()]
    assert [problem["input"].rpartition(":")[2] for problem in problems] == ["3", "4"]
    assert [problem["status"] for problem in problems] == [422, 400]


ITEMS = [RAW, {"text": 'It said: "[{,}]\\" in the café.'}, {"text": "last", "extra": {"a": [1, {"b": []}]}}]
ARRAYS = {
    "one line": json.dumps(ITEMS),
    "as Scrapy writes it": "[\n" + ",\n".join(map(json.dumps, ITEMS)) + "\n]",
    "indented": "\ufeff " + json.dumps(ITEMS, indent=2, ensure_ascii=False) + "\n\n",
}


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
@pytest.mark.parametrize("block", [1, 7, 1 << 16])
def test_each_item_of_an_array_is_an_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, array: str, block: int
) -> None:
    monkeypatch.setattr(readers, "_BLOCK_BYTES", block)
    lines = run("clean", "--format", "ndjson", stdin="\n".join(map(json.dumps, ITEMS)))[1]
    (tmp_path / "items.json").write_text(array, encoding="utf-8")
    assert run("clean", stdin=array.encode()) == (0, lines, "")
    assert run("clean", str(tmp_path / "items.json")) == (0, lines, "")


@pytest.mark.parametrize("array", ["[]", "[\n\n]\n", " [ ] "])
def test_an_array_of_nothing_is_nothing(array: str) -> None:
    assert run("clean", stdin=array) == (0, b"", "")


@pytest.mark.parametrize("text", ["[Update] It rains.", "[1] A note.", "[\nIt rains.", "[] is a list.", "["])
def test_a_text_may_begin_with_a_bracket(text: str) -> None:
    status, out, _ = run("clean", stdin=text)
    assert (status, json.loads(out)["text"]) == (0, text)


@pytest.mark.parametrize(
    ("array", "cleaned", "wrong"),
    [
        ('[{"text": "a"}, {"text": 5}, {broken}, 7, {"text": "b"}]', "ab", ["[1]", "[2]", "[3]"]),
        ('[{"text": "a"}, , {"text": "b"},]', "ab", ["[1]", "[3]"]),
        ('[{"text": "a"}, {"text": "b"}', "ab", [""]),
        ('[{"text": "a"}, {"text": "b', "a", ["[1]", ""]),
        ('[{"text": "a"}][{"text": "b"}]', "a", [""]),
        ('[{"text": "a"}, {"text": "' + "x" * 200 + '"}, {"text": "b"}]', "ab", ["[1]"]),
    ],
)
def test_what_is_wrong_with_an_array_is_told_in_its_place(
    monkeypatch: pytest.MonkeyPatch, array: str, cleaned: str, wrong: list[str]
) -> None:
    monkeypatch.setenv("COPYDESK_MAX_BODY_BYTES", "100")
    status, out, err = run("clean", stdin=array)
    assert status == 1
    assert "".join(json.loads(line)["text"] for line in out.splitlines()) == cleaned
    assert [json.loads(line)["input"] for line in err.splitlines()] == [f"<stdin>{place}" for place in wrong]


def test_text_in_any_charset_and_pages_are_read() -> None:
    status, out, _ = run("clean", stdin="Le café du théâtre est fermé.".encode("latin-1"))
    assert (status, json.loads(out)["text"]) == (0, "Le café du théâtre est fermé.")
    status, out, _ = run("clean", str(ROOT / "examples" / "page.html"))
    assert (status, json.loads(out)["authors"]) == (0, ["Zoé Hartley"])


def test_binary_data_is_a_problem_not_a_traceback() -> None:
    status, out, err = run("clean", stdin=b"\x89PNG\r\n\x1a\n" + bytes(99))
    assert (status, out) == (1, b"")
    assert "image/png" in json.loads(err)["detail"]


@pytest.mark.parametrize("option", ["repair=yes", "nosuch=1", "repair"])
def test_a_wrong_option_is_named(option: str) -> None:
    status, _, err = run("clean", "-o", option, stdin="x")
    assert status == 2
    assert option.partition("=")[0] in err


def test_a_wrong_setting_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_BNID", "x")
    assert run("serve") == (1, b"", "Error: COPYDESK_BNID is not a setting. Did you mean COPYDESK_BIND?\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--bind", "127.0.0.1:99999"], "COPYDESK_BIND=127.0.0.1:99999 (from --bind): expected HOST:PORT"),
        (["--bind", "80x"], "COPYDESK_BIND=80x (from --bind): expected HOST:PORT"),
        (["--workers", "0"], "COPYDESK_WORKERS=0 (from --workers): Must be"),
        (["--workers", "two"], "COPYDESK_WORKERS=two (from --workers): Not a valid integer"),
    ],
)
def test_an_invalid_option_of_serve_is_one_line(
    monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    for name in ("COPYDESK_BIND", "COPYDESK_WORKERS"):
        monkeypatch.setenv(name, "1")  # is restored after the test
        monkeypatch.delenv(name)
    status, out, err = run("serve", *words)
    assert (status, out, err.count("\n"), err.startswith(f"Error: {message}")) == (1, b"", 1, True)
    monkeypatch.setenv("COPYDESK_CORS_ORIGINS", "*")
    both = run("serve", *words)[2]
    assert f"Error: {message}" in both or f"; {message}" in both
    assert "COPYDESK_CORS_ORIGINS=*: invalid origin" in both


@pytest.mark.server
def test_an_address_in_use_is_one_line_that_names_the_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        process = start({}, module=("copydesk", "serve", "--bind", address, "--workers", "1"))
        _, message = process.communicate(timeout=120)
    assert (process.returncode, message) == (1, f"Error: COPYDESK_BIND={address}: Address already in use.\n")


def test_every_command_explains_itself_with_examples() -> None:
    assert run("--version")[1].decode() == f"copydesk {__version__}\n"
    assert b"copydesk clean article.json" in run("clean", "--help")[1]


def test_the_service_returns_memory_to_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of the allocator are those of the environment, if there are any."""
    started: list[dict[str, str]] = []
    monkeypatch.setattr("os.execvpe", lambda _file, _arguments, environ: started.append(environ))
    monkeypatch.delenv("MALLOC_TRIM_THRESHOLD_", raising=False)
    monkeypatch.setenv("MALLOC_ARENA_MAX", "7")
    assert run("serve")[0] == 0
    assert (started[0]["MALLOC_ARENA_MAX"], started[0]["MALLOC_TRIM_THRESHOLD_"]) == ("7", "262144")
    assert started[0]["PATH"]
