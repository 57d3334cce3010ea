from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from copydesk._layout import OPENAPI_PATH
from copydesk.cli import main

BROKEN = "Russiaâ€™s  envoy"


def run(*words: str, stdin: bytes = b"", color: bool = False) -> tuple[int, str]:
    ran = CliRunner().invoke(main, list(words), stdin, catch_exceptions=False, color=color)
    return ran.exit_code, ran.output


def test_repair_shows_before_after_and_the_steps_in_words() -> None:
    assert run("repair", BROKEN)[1] == (
        "before  Russiaâ€™s  envoy\n"
        "after   Russia’s envoy\n"
        "\n"
        "“â€™” → “’”: The UTF-8 bytes E2 80 99 had been read as Windows-1252; read as UTF-8 they are ’.\n"
        "“  ” → “ ”: “  ” was replaced by a space.\n"
    )


def test_clean_text_has_nothing_to_repair() -> None:
    assert run("repair", "fine") == (0, "before  fine\nafter   fine\n\nNothing was repaired.\n")


def test_name_of_a_file_gets_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "a b.txt"
    path.write_text(BROKEN)
    hint = f"This is the repair of the name. For the file: copydesk repair < '{path}'\n"
    assert CliRunner().invoke(main, ["repair", str(path)]).stderr == hint
    for text in ("a\0b", "x" * 9_999, str(tmp_path), "-"):
        assert CliRunner().invoke(main, ["repair", text]).stderr == ""


def test_it_is_coloured_for_a_terminal_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = run("repair", BROKEN, color=True)[1]
    assert "\x1b[31mâ€™\x1b[0m" in coloured
    assert click.unstyle(coloured) == run("repair", BROKEN)[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert run("repair", BROKEN, color=True)[1] == run("repair", BROKEN)[1]


def test_repair_keeps_lines_and_escapes_terminal_controls() -> None:
    status, out = run("repair", stdin="naÃ¯ve\n\x1b[2Jtwo\n".encode())
    assert status == 0
    assert out.startswith("before  naÃ¯ve\n        \\x1b[2Jtwo\nafter   naïve\n        two\n")
    assert "\x1b" not in out


def test_bytes_that_are_no_utf_8_are_read() -> None:
    assert (
        "after   Le café du théâtre est fermé.\n"
        in run("repair", stdin="Le café du théâtre est fermé.".encode("latin-1"))[1]
    )


def test_bytes_that_are_no_text_are_one_line() -> None:
    status, out = run("repair", stdin=b"\x89PNG\r\n\x1a\n" + bytes(99))
    assert (status, out.count("\n")) == (1, 1)


def test_options_are_those_of_the_api() -> None:
    assert "Nothing was repaired." in run("repair", "-o", "repair=off", "Russiaâ€™s")[1]
    assert run("repair", "-o", "repair=never", "x")[0] == 2


def test_the_contract_is_printed_as_it_is_served() -> None:
    written = OPENAPI_PATH.read_text(encoding="utf-8")
    assert run("openapi") == (0, written)
    assert json.loads(run("openapi", "--json")[1]) == yaml.safe_load(written)
