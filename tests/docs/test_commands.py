"""The commands of README.md and of the tutorial print what the pages say.

All of them use one service. A step of the tutorial may need the files of earlier steps, so that all steps run in order
before the first is compared.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.helpers.paths import ROOT
from tests.helpers.server import Server, free_port, running

README = (ROOT / "README.md").read_text(encoding="utf-8")
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
# A shell command and its output, or a Python program followed by its output.
STEP = re.compile(
    r"^```console\n\$ (.+)\n((?:.*\n)*?)```$|^```python\n([^`]+?)```\n\n```text\n((?:.*\n)*?)```$", re.MULTILINE
)


@dataclass(frozen=True)
class Step:
    """A command or program, and the output that the page shows."""

    command: str
    output: str
    is_python: bool


def steps(page: str) -> list[Step]:
    """Return the steps of a page in their order."""
    found = STEP.finditer(page)
    return [Step(match[1] or match[3], match[2] or match[4] or "", is_python=bool(match[3])) for match in found]


EXAMPLES = [step for step in steps(README) if not step.is_python]
STEPS = steps(TUTORIAL)
# Commands that the reader leaves running in other terminals.
WINDOWS = re.findall(r"^```sh\n(.+)\n```$", TUTORIAL, re.MULTILINE)


def labels(listed: list[Step]) -> list[str]:
    return [step.command[:60] for step in listed]


@pytest.fixture(scope="module")
def service() -> Iterator[Server]:
    with running(COPYDESK_WORKERS="1") as server:
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory that commands use instead of /tmp."""
    return tmp_path_factory.mktemp("commands")


def run(step: Step, service: Server, folder: Path, site_port: int = 9000) -> str:
    """Run a step with this service, this Python and a private directory; return its output, or its errors."""
    replacements = {
        "localhost:8000": f"127.0.0.1:{service.port}",
        "localhost:9000": f"127.0.0.1:{site_port}",
        "/tmp/": f"{folder}/",  # noqa: S108  the directory of the reader
    }
    command = step.command
    for old, new in replacements.items():
        command = command.replace(old, new)
    # Last, as the environment may be below /tmp.
    command = re.sub(r"(\.\./\.\./)?\.venv/bin/", f"{Path(sys.executable).parent}/", command)
    program = [sys.executable, "-c", command] if step.is_python else ["bash", "-c", command]
    environ = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(program, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    return ran.stdout if ran.returncode == 0 else f"status {ran.returncode}: {ran.stdout}{ran.stderr}"


@pytest.mark.parametrize("step", EXAMPLES, ids=labels(EXAMPLES))
def test_readme_commands_print_their_output(service: Server, folder: Path, step: Step) -> None:
    assert run(step, service, folder).rstrip("\n") == step.output.rstrip("\n")


def test_the_readme_has_examples() -> None:
    assert len(EXAMPLES) >= 4


@contextmanager
def site(command: str, port: int) -> Iterator[None]:
    """Serve the site of the tutorial with its own command, on another port."""
    words = command.replace("python3", sys.executable).replace("9000", str(port)).split()
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(port)
            yield
        finally:
            server.terminate()


def wait_for(port: int) -> None:
    deadline = monotonic() + 20
    while monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            assert connection.getresponse().status == 200
        except OSError:
            sleep(0.02)
        else:
            return
        finally:
            connection.close()
    raise TimeoutError("the site did not get ready")


@pytest.fixture(scope="module")
def outputs(service: Server, folder: Path) -> Iterator[list[str]]:
    """Run all steps of the tutorial in their order and return their outputs."""
    [command] = [command for command in WINDOWS if "http.server" in command]
    port = free_port()
    with site(command, port):
        yield [run(step, service, folder, port) for step in STEPS]


@pytest.mark.parametrize("index", range(len(STEPS)), ids=labels(STEPS))
def test_tutorial_steps_print_their_output(outputs: list[str], index: int) -> None:
    assert outputs[index].rstrip("\n") == STEPS[index].output.rstrip("\n")


def test_every_block_of_the_tutorial_is_a_step() -> None:
    assert len(STEPS) >= 14
    assert sum(step.is_python for step in STEPS) == 1
    assert TUTORIAL.count("```console\n") + 1 == len(STEPS)


@pytest.mark.parametrize("command", [command for command in WINDOWS if "http.server" not in command])
def test_targets_of_the_tutorial_can_be_made(command: str) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    ran = subprocess.run(
        [*command.split(), "--dry-run"], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert command != "make serve" or ran.stdout.rstrip().endswith("copydesk serve")


def test_the_tutorial_shows_the_settings_of_its_project() -> None:
    settings = (ROOT / "examples/scrapy_project/courier/settings.py").read_text(encoding="utf-8")
    shown = re.findall(r"^(?:ITEM_PIPELINES|COPYDESK_\w+) = .+$", TUTORIAL, re.MULTILINE)
    assert len(shown) == 3
    assert [line for line in shown if line not in settings] == []
