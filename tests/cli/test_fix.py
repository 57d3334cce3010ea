"""`copydesk fix`, a replacement for the command `ftfy`."""

from __future__ import annotations

import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import ftfy
import pytest
from click.testing import CliRunner

from copydesk.cli import fixing, main

BROKEN = "The cafÃ© by the river\n\n  Itâ€™s a pity.  \n"
FIXED = "The café by the river\n\n  It’s a pity.  \n"


def fix(*words: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    with chdir(cwd):
        ran = CliRunner().invoke(main, ["fix", *words], stdin, catch_exceptions=False)
    return subprocess.CompletedProcess(words, ran.exit_code, ran.stdout_bytes, ran.stderr_bytes)


def test_only_the_text_is_printed_and_lines_stay(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BROKEN, "utf-8")
    for ran in (fix("a.txt", cwd=tmp_path), fix(cwd=tmp_path, stdin=BROKEN.encode())):
        assert (ran.returncode, ran.stdout.decode(), ran.stderr) == (0, FIXED, b"")


def test_output_goes_to_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BROKEN, "utf-8")
    ran = fix("a.txt", "-o", "b.txt", cwd=tmp_path)
    assert (ran.returncode, ran.stdout, (tmp_path / "b.txt").read_text("utf-8")) == (0, b"", FIXED)


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Q&amp;A\n", [], "Q&A\n"),
        ("Q&amp;A, cafÃ©\n", ["--preserve-entities"], "Q&amp;A, café\n"),
        ("cafe\u0301 \ufb01", [], "café \ufb01"),
        ("cafe\u0301", ["-n", "none"], "cafe\u0301"),
        ("café", ["-n", "NFD"], "cafe\u0301"),
        ("10³", ["--normalization", "nfkc"], "103"),
        ("\x1b[36;44mone\x1b[0m\r\ntwo\r", [], "one\ntwo\n"),
        ("“ﬁne” ＡＢＣ", [], "“ﬁne” ＡＢＣ"),
        ("“ﬁne” ＡＢＣ", ["--plain"], '"fine" ABC'),
        ("", [], ""),
    ],
)
def test_options_are_those_of_ftfy(tmp_path: Path, text: str, words: list[str], expected: str) -> None:
    assert fix(*words, cwd=tmp_path, stdin=text.encode()).stdout.decode() == expected


@pytest.mark.parametrize(
    "text",
    [
        "âœ” No problems",
        "&macr;\\_(ã\x83\x84)_/&macr;",
        "l’humanitÃ© ; “schÃ¶n”\n",
        "ＬＯＵＤ　ＮＯＩＳＥＳ",
        "plain\n",
    ],
)
def test_plain_text_is_that_of_ftfy(tmp_path: Path, text: str) -> None:
    assert fix("--plain", cwd=tmp_path, stdin=text.encode()).stdout.decode() == ftfy.fix_text(text)


def test_encoding_is_given_or_detected(tmp_path: Path) -> None:
    data = "Le café du théâtre est fermé.\n".encode("latin-1")
    for words in (["-e", "latin-1"], ["-g"], ["-g", "-e", "utf-8"]):
        assert fix(*words, cwd=tmp_path, stdin=data).stdout.decode() == "Le café du théâtre est fermé.\n"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["latin.txt"], "The byte E9 is invalid. Use -e ENCODING, or -g"),
        (["latin.txt", "-o", "latin.txt"], "same file"),
        (["latin.txt", "-e", "klingon"], "Unknown encoding"),
        (["latin.txt", "-e", "base64"], "Unknown encoding"),
        (["picture.png", "-g"], "image/png"),
        (["latin.txt", "-e", "latin-1", "-o", "/nosuch/folder/a"], "No such file"),
    ],
)
def test_error_is_one_line_and_harms_no_file(tmp_path: Path, words: list[str], part: str) -> None:
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    (tmp_path / "kept.txt").write_text("kept")
    words = words if "-o" in words else [*words, "-o", "kept.txt"]
    ran = fix(*words, cwd=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr.count(b"\n")) == (1, b"", 1)
    assert part in ran.stderr.decode()
    assert (tmp_path / "kept.txt").read_text() == "kept"
    assert (tmp_path / "latin.txt").read_bytes() == b"caf\xe9\n"


def test_help_shows_an_entity_as_it_is_written(tmp_path: Path) -> None:
    help_text = fix("--help", cwd=tmp_path).stdout
    assert b"&amp;" in help_text
    assert b"&amp;amp;" not in help_text


def test_standard_input_as_the_output_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(BROKEN, "utf-8")
    with path.open("rb") as file:
        command = [sys.executable, "-m", "copydesk", "fix", "-o", str(path)]
        ran = subprocess.run(command, stdin=file, capture_output=True, check=False)
    assert (ran.returncode, b"same file" in ran.stderr) == (1, True)
    assert path.read_text("utf-8") == BROKEN


def test_invalid_byte_in_a_late_block_keeps_the_output(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"It rains.\n" * 40_000 + b"caf\xe9\n")
    (tmp_path / "kept.txt").write_text("kept")
    assert fix("a.txt", "-o", "kept.txt", cwd=tmp_path).returncode == 1
    assert {path.name for path in tmp_path.iterdir()} == {"a.txt", "kept.txt"}
    assert (tmp_path / "kept.txt").read_text() == "kept"


def test_output_keeps_its_link_and_its_mode(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("old")
    (tmp_path / "b.txt").chmod(0o640)
    (tmp_path / "link.txt").symlink_to("b.txt")
    assert fix("-o", "link.txt", cwd=tmp_path, stdin=BROKEN.encode()).returncode == 0
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "b.txt").read_text("utf-8") == FIXED
    assert (tmp_path / "b.txt").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("block", [1, 7, 40])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "shift_jis"])
def test_blocks_lose_and_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, encoding: str
) -> None:
    text = "川が増水した。\n\n橋は閉鎖された。\n長い行" + "雨" * 50
    monkeypatch.setattr(fixing, "_BLOCK_BYTES", block)
    monkeypatch.setattr(fixing, "_MAX_LINE_CHARS", 20)
    assert fix("-e", encoding, cwd=tmp_path, stdin=text.encode(encoding)).stdout.decode() == text
    assert fix("-g", cwd=tmp_path, stdin=text.encode()).stdout.decode() == text
