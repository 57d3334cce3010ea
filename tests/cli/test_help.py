"""Every example in the help is run."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click
import pytest

from copydesk.cli import main
from tests.helpers.server import Server, free_port, running, start

ROOT = Path(__file__).parent.parent.parent
COMMANDS: dict[str, click.Command] = {"copydesk": main, **main.commands}


def examples(command: click.Command) -> list[str]:
    _, _, told = cleandoc(command.help or "").partition("Examples:")
    return re.findall(r"^  (\S.*)$", told, re.MULTILINE)


# Those of `copydesk spark` are run by tests/spark.
RUN = [line for name, command in COMMANDS.items() if name != "spark" for line in examples(command)]
SERVE = [line for line in RUN if line.endswith("copydesk serve")]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with all that the examples name, and `copydesk` on its path."""
    lines = b"".join(json.dumps({"id": str(n), "text": "Itâ€™s"}).encode() + b"\n" for n in range(3))
    (tmp_path / "crawl.ndjson").write_bytes(lines)
    (tmp_path / "crawl.ndjson.gz").write_bytes(gzip.compress(lines))
    (tmp_path / "crawler.key").write_text("cd_unused-where-nobody-asks-for-it\n")
    (tmp_path / "story.txt").write_text("Itâ€™s", encoding="utf-8")
    (tmp_path / "pages").mkdir()
    for where in (tmp_path, tmp_path / "pages"):
        shutil.copy(ROOT / "examples" / "page.html", where)
    shutil.copy(ROOT / "examples" / "article.json", tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "copydesk").write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m copydesk "$@"\n')
    (tmp_path / "bin" / "copydesk").chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples(name: str) -> None:
    assert len(examples(COMMANDS[name])) >= 2


@pytest.mark.parametrize("line", [line for line in RUN if line not in SERVE])
def test_every_example_runs(line: str, folder: Path, server: Server) -> None:
    here = line.replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
    ran = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {here}"],
        cwd=folder,
        env=os.environ | {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    written = [path for name in ("clean.ndjson", "openapi.yaml", "api-keys.txt") if (path := folder / name).exists()]
    assert ran.stdout or written[0].stat().st_size


@pytest.mark.parametrize("line", SERVE)
def test_every_example_that_serves_starts(line: str) -> None:
    settings = dict(word.split("=") for word in line.split()[:-2])
    process = start(settings | {"COPYDESK_BIND": f"127.0.0.1:{free_port()}"})
    assert process.stderr
    assert any("Listening at" in said for said in process.stderr)
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == 0
