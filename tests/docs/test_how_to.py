"""The code of the guides runs, and prints what they show."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

import pytest

from tests.helpers.paths import ROOT
from tests.helpers.server import running

GUIDES = ROOT / "docs" / "how-to"
PROGRAM = re.compile(r"^ *```python\n([^`]+?)^ *```\n\n *```text\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(name: str, language: str) -> list[str]:
    """Return the blocks of a guide in one language."""
    text = (GUIDES / name).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def programs(name: str) -> list[tuple[str, str]]:
    """Return the programs of a guide, each with its output."""
    found = PROGRAM.findall((GUIDES / name).read_text(encoding="utf-8"))
    return [(dedent(code), dedent(output)) for code, output in found]


def run_program(code: str, folder: Path) -> str:
    """Run a program from a file, as processes need one, and return its output."""
    path = folder / "program.py"
    path.write_text(code, encoding="utf-8")
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run([sys.executable, path], env=environ, capture_output=True, text=True, check=False)
    return ran.stdout if ran.returncode == 0 else f"status {ran.returncode}: {ran.stderr}"


@pytest.mark.parametrize("index", range(4))
def test_programs_for_dataframes_print_their_output(index: int, tmp_path: Path) -> None:
    code, output = programs("dataframes.md")[index]
    for name in ("pandas", "polars"):
        if f"import {name}" in code:
            pytest.importorskip(name)
    assert run_program(code, tmp_path) == output


def test_the_program_for_ftfy_prints_its_output(tmp_path: Path) -> None:
    [(code, output)] = programs("from-ftfy.md")
    assert run_program(code, tmp_path) == output


# Scheduled runs


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """Return the script of the guide, beside a command `copydesk` of this Python."""
    command = tmp_path / "bin" / "copydesk"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m copydesk "$@"\n', encoding="utf-8")
    path = tmp_path / "clean.sh"
    path.write_text(blocks("scheduled.md", "sh")[0], encoding="utf-8")
    for program in (command, path):
        program.chmod(0o755)
    return path


def run_script(script: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    path = f"{script.parent / 'bin'}:/usr/bin:/bin"
    settings = {"CRAWL_DIR": str(script.parent), "PATH": path, "PYTHONPATH": str(ROOT)} | environ
    return subprocess.run([script, *arguments], env=settings, capture_output=True, text=True, check=False)


CRAWL = '{"title": "Rain", "text": "The cafÃ© is closed."}\n{"title": "no text"}\n'


def test_the_script_cleans_once_and_shows_the_summary(script: Path) -> None:
    (script.parent / "crawl-2024-03-05.ndjson").write_text(CRAWL, encoding="utf-8")
    ran = run_script(script, "2024-03-05")
    [summary] = [block for block in blocks("scheduled.md", "text") if "failed-" in block]
    assert (ran.returncode, ran.stderr.splitlines()[-1]) == (0, summary.strip())
    [line] = (script.parent / "clean-2024-03-05.ndjson").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["text"] == "The café is closed."
    again = run_script(script, "2024-03-05")
    assert (again.returncode, again.stdout) == (0, "clean-2024-03-05.ndjson is complete\n")


def test_the_script_fails_for_too_many_problems(script: Path) -> None:
    (script.parent / "crawl-2024-03-05.ndjson").write_text(CRAWL, encoding="utf-8")
    assert run_script(script, "2024-03-05", MAX_PROBLEMS="0").returncode == 1


def test_the_script_cleans_yesterday_and_needs_its_crawl(script: Path) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    ran = run_script(script)
    assert ran.returncode == 2
    assert f"crawl-{yesterday}.ndjson" in ran.stderr


def test_the_airflow_task_runs_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    """Airflow itself is not installed: its two classes record their arguments."""
    tasks: list[dict[str, Any]] = []

    class Dag:
        def __init__(self, _name: str, **_arguments: object) -> None: ...
        def __enter__(self) -> None: ...
        def __exit__(self, *_error: object) -> None: ...

    for name in ("airflow", "airflow.sdk", "airflow.providers", "airflow.providers.standard"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setattr(sys.modules["airflow.sdk"], "DAG", Dag, raising=False)
    for name in ("airflow.providers.standard.operators", "airflow.providers.standard.operators.bash"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    bash = sys.modules["airflow.providers.standard.operators.bash"]
    monkeypatch.setattr(bash, "BashOperator", lambda **arguments: tasks.append(arguments), raising=False)
    exec(blocks("scheduled.md", "python")[0], {})  # noqa: S102  the code of our manual
    [task] = tasks
    assert task["bash_command"].startswith("/opt/crawl/clean.sh ")
    assert task["env"].keys() == {"CRAWL_DIR", "PATH"}


# Kafka


class FakeMessage:
    def __init__(self, value: bytes | None, error: object = None) -> None:
        self._value, self._error = value, error

    def value(self) -> bytes | None:
        return self._value

    def key(self) -> bytes:
        return b"key"

    def error(self) -> object:
        return self._error


class FakeBroker:
    """A consumer and a producer that record the order of calls."""

    def __init__(self, *messages: FakeMessage, delivery_error: object = None) -> None:
        self.messages, self.delivery_error = list(messages), delivery_error
        self.calls: list[str] = []
        self.produced: list[tuple[str, bytes | None, Any]] = []
        self._callbacks: list[Any] = []

    def consume(self, _count: int, _timeout: float) -> list[FakeMessage]:
        return self.messages

    def produce(self, topic: str, value: bytes, key: bytes, on_delivery: Any, headers: Any = None) -> None:
        assert key == b"key"
        self.produced.append((topic, value, headers))
        self._callbacks.append(on_delivery)

    def flush(self, _timeout: float) -> int:
        self.calls.append("flush")
        for callback in self._callbacks:
            callback(self.delivery_error, None)
        return 0

    def commit(self, *, asynchronous: bool) -> None:
        assert not asynchronous
        self.calls.append("commit")


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return the functions of the guide. The classes of Kafka are not used by them."""
    module = ModuleType("confluent_kafka")
    for name, value in {"Consumer": None, "Producer": None, "KafkaException": RuntimeError}.items():
        monkeypatch.setattr(module, name, value, raising=False)
    monkeypatch.setitem(sys.modules, "confluent_kafka", module)
    scope: dict[str, Any] = {"__name__": "kafka"}
    for code in blocks("kafka.md", "python"):
        exec(code, scope)  # noqa: S102  the code of our manual
    return scope


def test_the_consumer_commits_after_all_results(kafka: dict[str, Any]) -> None:
    values = ['{"text": "The cafÃ© is closed."}'.encode(), b"{broken", None, b'{"title": "no text"}']
    broker = FakeBroker(*map(FakeMessage, values))
    assert kafka["process"](broker, broker) == 4
    assert broker.calls == ["flush", "commit"]
    topics = [topic for topic, _, _ in broker.produced]
    assert topics == ["articles.clean", *["articles.failed"] * 3]
    assert json.loads(broker.produced[0][1] or b"")["text"] == "The café is closed."
    assert [value for _, value, _ in broker.produced[1:]] == values[1:]
    assert all(json.loads(headers[0][1])["status"] == 422 for _, _, headers in broker.produced[1:])


@pytest.mark.parametrize("fault", ["delivery", "message"])
def test_the_consumer_does_not_commit_after_a_fault(kafka: dict[str, Any], fault: str) -> None:
    message = FakeMessage(b'{"text": "x"}', "lost" if fault == "message" else None)
    broker = FakeBroker(message, delivery_error="lost" if fault == "delivery" else None)
    with pytest.raises(RuntimeError, match="lost"):
        kafka["process"](broker, broker)
    assert "commit" not in broker.calls


def test_the_service_cleans_the_messages(kafka: dict[str, Any]) -> None:
    with running(COPYDESK_WORKERS="1") as server:
        results = kafka["clean_with_service"]([{"text": "cafÃ©"}, {"title": "x"}], f"http://127.0.0.1:{server.port}")
    assert (results[0]["text"], results[1]["status"]) == ("café", 422)
