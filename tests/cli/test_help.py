"""Every example in the help is run."""

from __future__ import annotations

import gzip
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from inspect import cleandoc
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from copydesk.cli import main
from tests.helpers.server import Server, free_port, running, start

ROOT = Path(__file__).parent.parent.parent
COMMANDS: dict[str, click.Command] = {"copydesk": main, **main.commands}
# A bar that is not between quotes.
PIPE = re.compile(r" \| (?=(?:[^']*'[^']*')*[^']*$)")
REDIRECTION = re.compile(r" (2>|>>|>|<) (\S+)")


def examples(command: click.Command) -> list[str]:
    _, _, block = cleandoc(command.help or "").partition("Examples:")
    return re.findall(r"^  (\S.*)$", block, re.MULTILINE)


# Those of `copydesk spark` are run by tests/spark.
RUN = [line for name, command in COMMANDS.items() if name != "spark" for line in examples(command)]
SERVE = [line for line in RUN if "copydesk serve" in line]
REMOTE = [line for line in RUN if "--url" in line]


def run_line(line: str, folder: Path) -> bytes:
    """Run a pipeline, with its `copydesk` in this process, and return what it prints."""
    data = b""
    with chdir(folder):
        for command in PIPE.split(line):
            data = run_copydesk(command, data) if command.startswith("copydesk") else run_other(command, data)
    return data


def run_copydesk(command: str, stdin: bytes) -> bytes:
    files = dict(REDIRECTION.findall(command))
    words = shlex.split(REDIRECTION.sub("", command))[1:]
    source = Path(files["<"]).read_bytes() if "<" in files else stdin
    ran = CliRunner().invoke(main, words, source, catch_exceptions=False)
    assert ran.exit_code == 0
    stdout, stderr = ran.stdout_bytes, ran.stderr_bytes
    if "2>" in files:
        Path(files["2>"]).write_bytes(stderr)
    else:
        assert re.fullmatch(rb"(\d+ clean, 0 failed\n)?", stderr)
    if target := files.get(">") or files.get(">>"):
        Path(target).write_bytes(stdout)
        return b""
    return stdout


def run_other(command: str, stdin: bytes) -> bytes:
    return subprocess.run(["bash", "-c", command], input=stdin, capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as started:
        yield started


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with all that the examples name."""
    lines = b"".join(json.dumps({"id": str(n), "text": "Itâ€™s"}).encode() + b"\n" for n in range(3))
    (tmp_path / "crawl.ndjson").write_bytes(lines)
    (tmp_path / "crawl.ndjson.gz").write_bytes(gzip.compress(lines))
    (tmp_path / "crawler.key").write_text("cd_unused-where-nobody-asks-for-it\n")
    (tmp_path / "stories.csv").write_text("Nr,Headline,Story\n1,Rain,It rains.\n")
    (tmp_path / "story.txt").write_text("Itâ€™s", encoding="utf-8")
    (tmp_path / "feed.rss").write_text("<rss><channel><item><title>Rain</title></item></channel></rss>")
    (tmp_path / "pages").mkdir()
    for where in (tmp_path, tmp_path / "pages"):
        shutil.copy(ROOT / "examples" / "page.html", where)
    shutil.copy(ROOT / "examples" / "article.json", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples(name: str) -> None:
    assert len(examples(COMMANDS[name])) >= 2


@pytest.mark.parametrize("line", [line for line in RUN if line not in SERVE + REMOTE])
def test_every_example_runs(line: str, folder: Path) -> None:
    printed = run_line(line, folder)
    written = [
        path
        for name in ("clean.ndjson", "openapi.yaml", "api-keys.txt", "fixed.txt")
        if (path := folder / name).exists()
    ]
    assert printed or written[0].stat().st_size


@pytest.mark.server
@pytest.mark.parametrize("line", REMOTE)
def test_every_example_with_a_service_runs(line: str, folder: Path, server: Server) -> None:
    assert run_line(line.replace("127.0.0.1:8000", f"127.0.0.1:{server.port}"), folder).count(b"\n") == 3


@pytest.mark.server
def test_a_shell_runs_the_examples(folder: Path) -> None:
    (folder / "copydesk").write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m copydesk "$@"\n')
    (folder / "copydesk").chmod(0o755)
    lines = [line for line in RUN if line not in SERVE + REMOTE]
    ran = subprocess.run(
        ["bash", "-ec", "set -o pipefail; " + "; rm -f clean.ndjson; ".join(lines)],
        cwd=folder,
        env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0
    assert [line for line in ran.stderr.splitlines() if not line.endswith(b" clean, 0 failed")] == []


@pytest.mark.server
@pytest.mark.parametrize("line", SERVE)
def test_every_example_that_serves_starts(line: str) -> None:
    variables, _, options = line.partition("copydesk serve")
    address = f"127.0.0.1:{free_port()}"
    words = options.replace("127.0.0.1:8080", address).split()
    environ = dict(word.split("=") for word in variables.split()) | {"COPYDESK_BIND": address}
    process = start(environ, module=("copydesk", "serve", *words))
    assert process.stderr
    assert any("Listening at" in line for line in process.stderr)
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == 0


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_does_not_wait_for_the_pipeline(option: str) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "copydesk", option]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert "copydesk.cli.clean" in imported
    assert not imported & {"copydesk.pipeline", "copydesk.contract", "copydesk.settings", "marshmallow", "yaml"}
