"""`copydesk clean`: in this process, or as a process where signals, pipes and terminals matter."""

from __future__ import annotations

import json
import os
import pty
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import chdir
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from copydesk.cli import main
from copydesk.cli.checkpoint import ResumableOutput
from copydesk.cli.progress import Eta
from tests.helpers.server import running

ROOT = Path(__file__).parent.parent.parent
COPYDESK = [sys.executable, "-m", "copydesk"]
TEXT = "The cafÃ© by the river is closed. Itâ€™s a pity, the mayor said on Tuesday. "


def crawl(path: Path, count: int, repeat: int = 4) -> Path:
    """Write articles, the eighth of them broken."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(json.dumps({"id": str(number), "text": TEXT * repeat}) + "\n" if number != 7 else "{broken\n")
    return path


def copydesk(*words: str, cwd: Path, stdin: bytes = b"", **environ: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command in this process."""
    with chdir(cwd):
        ran = CliRunner(env=environ).invoke(main, list(words), stdin, catch_exceptions=False)
    return subprocess.CompletedProcess(words, ran.exit_code, ran.stdout_bytes, ran.stderr_bytes)


def copydesk_process(*words: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COPYDESK, *words],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        env=environ(),
        timeout=120,
    )


def environ() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def ids(path: Path) -> list[int]:
    return [int(json.loads(line)["id"]) for line in path.read_bytes().splitlines()]


def start(*words: str, cwd: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COPYDESK, *words], cwd=cwd, env=environ(), stderr=subprocess.PIPE, start_new_session=True)


def wait_until_written(path: Path) -> None:
    """Wait for the second checkpoint. The first is saved before any work."""
    checkpoint = path.with_name(f"{path.name}.resume")
    for _ in range(600):
        if checkpoint.exists() and json.loads(checkpoint.read_bytes())["entry"]["done"]:
            return
        time.sleep(0.05)
    raise TimeoutError


def test_many_processes_write_the_same_bytes_as_one(tmp_path: Path) -> None:
    crawl(tmp_path / "crawl.ndjson", 100)
    one = copydesk("clean", "crawl.ndjson", "--jobs", "1", cwd=tmp_path)
    many = copydesk_process("clean", "crawl.ndjson", "--jobs", "3", cwd=tmp_path)
    assert (one.returncode, one.stdout, one.stderr) == (many.returncode, many.stdout, many.stderr)
    assert len(many.stdout.splitlines()) == 99
    assert json.loads(many.stderr)["input"] == "crawl.ndjson:8"


@pytest.mark.server
@pytest.mark.parametrize(("number", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGKILL", -9)])
def test_interrupted_run_resumes_with_each_article_once(tmp_path: Path, number: str, status: int) -> None:
    """The articles are in the order of the input."""
    crawl(tmp_path / "crawl.ndjson", 3_000, repeat=1)
    words = ("clean", "crawl.ndjson", "-o", "detect_language=false", "--output", "out.ndjson", "--errors", "err.ndjson")
    run = start(*words, cwd=tmp_path)
    wait_until_written(tmp_path / "out.ndjson")
    os.killpg(run.pid, signal.Signals[number]) if number != "SIGKILL" else run.kill()
    message = run.communicate(timeout=30)[1].decode()
    assert run.returncode == status
    assert "Traceback" not in message
    assert status < 0 or ("Resume with: copydesk clean crawl.ndjson" in message and message.endswith("--resume\n"))
    assert copydesk(*words, cwd=tmp_path).returncode == 2  # existing files are not overwritten
    done = copydesk(*words, "--resume", cwd=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, b"2,999 clean, 1 failed, see err.ndjson")
    assert ids(tmp_path / "out.ndjson") == [n for n in range(3_000) if n != 7]
    problem = json.loads((tmp_path / "err.ndjson").read_bytes())
    assert (problem["input"], problem["raw"]) == ("crawl.ndjson:8", "{broken")
    assert not (tmp_path / "out.ndjson.resume").exists()


@pytest.mark.server
@pytest.mark.skipif(sys.platform != "linux", reason="finds the workers in /proc")
def test_a_killed_worker_ends_the_run_and_it_can_be_resumed(tmp_path: Path) -> None:
    crawl(tmp_path / "crawl.ndjson", 2_000)
    words = ("clean", "crawl.ndjson", "--jobs", "2", "--output", "out.ndjson")
    run = start(*words, cwd=tmp_path)
    wait_until_written(tmp_path / "out.ndjson")
    workers = [int(pid) for pid in Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()]
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    message = run.communicate(timeout=30)[1].decode()
    assert run.returncode == 1
    assert "A worker process was killed" in message
    assert message.endswith("Resume with: copydesk clean crawl.ndjson --jobs 2 --output out.ndjson --resume\n")
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
    assert json.loads((tmp_path / "out.ndjson.resume").read_bytes())["entry"]["done"]


INTERRUPTED = ("clean", "crawl.ndjson", "--jobs", "1", "--output", "out.ndjson")


@pytest.fixture
def interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Leave an unfinished run in the folder, with half a line after its checkpoint, and return its command."""
    crawl(tmp_path / "crawl.ndjson", 60)
    write, written = ResumableOutput.write, []

    def write_forty(self: ResumableOutput, *result: Any) -> None:
        written.append(result)
        if len(written) > 40:
            raise KeyboardInterrupt
        write(self, *result)

    with monkeypatch.context() as patched:
        patched.setattr(ResumableOutput, "write", write_forty)
        assert copydesk(*INTERRUPTED, cwd=tmp_path).returncode == 1
    with (tmp_path / "out.ndjson").open("ab") as file:
        file.write(b'{"id": "4')
    return INTERRUPTED


def test_resume_needs_the_same_inputs_options_and_checkpoint(tmp_path: Path, interrupted: tuple[str, ...]) -> None:
    words = interrupted
    had = (tmp_path / "out.ndjson.resume").read_bytes()
    other = copydesk(*words, "-o", "changes=none", "--resume", cwd=tmp_path)
    assert (other.returncode, b"other options" in other.stderr) == (2, True)
    was = (tmp_path / "crawl.ndjson").read_bytes()
    (tmp_path / "crawl.ndjson").write_bytes(was.replace(b"mayor", b"major", 1))
    changed = copydesk(*words, "--resume", cwd=tmp_path)
    assert (changed.returncode, b"inputs differ from those" in changed.stderr) == (2, True)
    assert (tmp_path / "out.ndjson.resume").read_bytes() == had
    (tmp_path / "out.ndjson.resume").unlink()
    finished = copydesk(*words, "--resume", cwd=tmp_path)
    assert (finished.returncode, finished.stderr.count(b"\n")) == (2, 1)


def test_inputs_may_grow_and_come_by_a_pipe(tmp_path: Path, interrupted: tuple[str, ...]) -> None:
    words = interrupted
    lines = (tmp_path / "crawl.ndjson").read_bytes().splitlines(keepends=True)
    done = json.loads((tmp_path / "out.ndjson.resume").read_bytes())["entry"]["done"]
    shorter = b"".join(lines[: done + 10]) + json.dumps({"id": "9999", "text": "x"}).encode()
    again = copydesk("clean", "-", *words[2:], "--resume", cwd=tmp_path, stdin=shorter)
    assert again.returncode == 1
    assert ids(tmp_path / "out.ndjson") == [n for n in (*range(done + 10), 9999) if n != 7]


def test_folder_is_read_in_order_and_reports_skipped_files(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    (pages / "b").mkdir(parents=True)
    shutil.copy(ROOT / "examples" / "page.html", pages / "b" / "PAGE.HTML")
    (pages / "a.json").write_text('{"text": "first"}')
    (pages / "c.bin").write_bytes(b"x")
    (pages / ".hidden.txt").write_text("x")
    (pages / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    words = ("clean", "pages", "--output", "pages/out.ndjson", "--errors", "pages/err.ndjson")
    for _ in range(2):  # the second time, the output of the first run exists
        ran = copydesk(*words, cwd=tmp_path)
        assert ran.returncode == 1
        assert ran.stderr.decode().splitlines() == [
            "Skipped files of unknown type: pages/c.bin.",
            "2 clean, 1 failed, see pages/err.ndjson",
        ]
        texts = [json.loads(line)["text"][:5] for line in (pages / "out.ndjson").read_bytes().splitlines()]
        assert texts == ["first", "La ri"]
        failed = json.loads((pages / "err.ndjson").read_bytes())
        assert (failed["input"], failed["raw"]["content_type"]) == ("pages/picture.html", "text/html")
    assert copydesk(*words, "--quiet", cwd=tmp_path).stderr == b""


def test_line_over_the_limit_does_not_affect_other_lines(tmp_path: Path) -> None:
    """A line over the limit is a problem; the lines before and after it are cleaned."""
    lines = [b'{"text": "a"}', b'{"text": "' + b"x" * 500 + b'"}', b"\xff", b'{"text": "b"}']
    words = ("clean", "--errors", "err.ndjson")
    ran = copydesk(*words, cwd=tmp_path, stdin=b"\r\n\n".join(lines), COPYDESK_MAX_BODY_BYTES="100")
    assert [json.loads(line)["text"] for line in ran.stdout.splitlines()] == ["a", "b"]
    long, wrong = map(json.loads, (tmp_path / "err.ndjson").read_bytes().splitlines())
    assert (long["input"], long["limit"]) == ("<stdin>:3", 100)
    assert (wrong["input"], wrong["raw_base64"]) == ("<stdin>:5", "/w==")


@pytest.mark.parametrize(
    "words",
    [
        ("--resume", "a.json"),
        ("a.json", "--output", "a.json"),
        ("a.json", "--output", "b", "--errors", "b"),
        ("a.json", "--output", "/nosuch/folder/b"),
        ("a.json", "--url", "nowhere"),
        ("a.json", "--url", "ftp://nowhere"),
    ],
)
def test_what_can_not_be_done_is_one_line_and_harms_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "a.json").write_text('{"text": "x"}')
    ran = copydesk("clean", *words, cwd=tmp_path)
    assert (ran.returncode in {1, 2}, ran.stdout, ran.stderr.count(b"\n")) == (True, b"", 1)
    assert (tmp_path / "a.json").read_text() == '{"text": "x"}'


@pytest.mark.server
def test_a_reader_that_goes_away_ends_the_run_quietly(tmp_path: Path) -> None:
    crawl(tmp_path / "crawl.ndjson", 200)
    command = f"{sys.executable} -m copydesk clean crawl.ndjson 2> err | head -1 | wc -l"
    ran = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=environ(), capture_output=True, check=True)
    assert ran.stdout.strip() == b"1"
    assert b"Traceback" not in (tmp_path / "err").read_bytes()


@pytest.mark.server
def test_a_service_gives_the_same_files(tmp_path: Path) -> None:
    crawl(tmp_path / "crawl.ndjson", 40)
    with (tmp_path / "crawl.ndjson").open("ab") as file:
        file.write(b'[]\n{"text": 5}\n{"text": "last"}')
    with running() as server:
        url = f"http://127.0.0.1:{server.port}"
        for name, words in (("here", ()), ("there", ("--url", url))):
            options = ("-o", "changes=summary", "--output", f"{name}.ndjson", "--errors", f"{name}.err")
            assert copydesk("clean", "crawl.ndjson", *options, *words, cwd=tmp_path).returncode == 1
    assert (tmp_path / "here.ndjson").read_bytes() == (tmp_path / "there.ndjson").read_bytes()
    here, there = ((tmp_path / f"{name}.err").read_bytes().splitlines() for name in ("here", "there"))
    assert [json.loads(line)["input"] for line in here] == [json.loads(line)["input"] for line in there]
    assert [json.loads(line)["raw"] for line in there] == ["{broken", [], {"text": 5}]


def test_key_has_an_introduction_on_a_terminal_only(tmp_path: Path) -> None:
    """In a file, the key is alone."""
    assert re.fullmatch(rb"cd_\S+\n", copydesk("key", "crawler", cwd=tmp_path).stderr)
    ours, theirs = pty.openpty()
    subprocess.run([*COPYDESK, "key", "crawler"], cwd=tmp_path, env=environ(), stderr=theirs, check=True)
    os.close(theirs)
    assert os.read(ours, 4096).startswith(b"The key of crawler, shown only once: cd_")
    os.close(ours)


@pytest.mark.server
def test_api_key_is_read_from_a_file(tmp_path: Path) -> None:
    crawl(tmp_path / "crawl.ndjson", 3)
    made = copydesk("key", "crawler", cwd=tmp_path)
    (tmp_path / "crawler.key").write_bytes(made.stderr)
    (tmp_path / "keys.txt").write_bytes(made.stdout)
    with running(COPYDESK_API_KEYS_FILE=str(tmp_path / "keys.txt")) as server:
        words = ("clean", "crawl.ndjson", "--url", f"http://127.0.0.1:{server.port}")
        known = copydesk(*words, "--key-file", "crawler.key", cwd=tmp_path)
        assert (known.returncode, len(known.stdout.splitlines())) == (0, 3)
        stranger = copydesk(*words, cwd=tmp_path)
    assert (stranger.returncode, stranger.stdout) == (1, b"")
    assert b"Use --key-file." in stranger.stderr


@pytest.mark.parametrize(
    ("key", "url", "message"),
    [
        ("k", "nowhere", "--url: Invalid base URL 'nowhere': expected an HTTP URL"),
        ("s3crét", "http://127.0.0.1:1", "--key-file: Invalid value of the header 'Authorization'"),
        ("s3cr\net", "http://127.0.0.1:1", "--key-file: Invalid value of the header 'Authorization'"),
    ],
)
def test_invalid_url_or_key_names_its_option(tmp_path: Path, key: str, url: str, message: str) -> None:
    (tmp_path / "a.key").write_text(f"{key}\n", encoding="utf-8")
    ran = copydesk("clean", "--url", url, "--key-file", "a.key", cwd=tmp_path, stdin=b"x")
    assert (ran.returncode, ran.stdout, ran.stderr.count(b"\n")) == (2, b"", 1)
    assert ran.stderr.decode().startswith(f"Error: {message}")
    assert b"s3c" not in ran.stderr


@pytest.mark.server
def test_a_bar_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    crawl(tmp_path / "crawl.ndjson", 60)
    words = ["clean", "crawl.ndjson", "--output", "out.ndjson", "--errors", "err.ndjson"]
    assert copydesk(*words, cwd=tmp_path).stderr.endswith(b"59 clean, 1 failed, see err.ndjson\n")
    ours, theirs = pty.openpty()
    with subprocess.Popen([*COPYDESK, *words], cwd=tmp_path, env=environ(), stderr=theirs) as run:
        os.close(theirs)
        shown = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                shown += os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
        run.wait()
    os.close(ours)
    assert "100%" in shown.decode()
    assert "60 articles" in shown.decode()
    assert "1 failed" in shown.decode()
    assert "0 s left" in shown.decode()
    assert shown.decode().endswith("59 clean, 1 failed, see err.ndjson\r\n")


@pytest.fixture
def slow_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each article take two seconds."""
    clock = count(start=0.0, step=2.0)
    now = [0.0]

    def advance(self: Eta, size: int, time: float, add: Callable[..., None] = Eta.add) -> None:
        now[0] = next(clock)
        add(self, size, time)

    monkeypatch.setattr(Eta, "add", advance)
    monkeypatch.setattr("copydesk.cli.progress.time.monotonic", lambda: now[0])


@pytest.mark.usefixtures("slow_clock")
@pytest.mark.parametrize("words", [("--output", "out.ndjson"), ("--errors", "err.ndjson")])
def test_progress_is_a_line_every_few_seconds_off_a_terminal(tmp_path: Path, words: tuple[str, ...]) -> None:
    crawl(tmp_path / "crawl.ndjson", 60)
    ran = copydesk("clean", "crawl.ndjson", "-j1", *words, cwd=tmp_path)
    *progress, last = [line for line in ran.stderr.decode().splitlines() if not line.startswith("{")]
    assert len(progress) == 19
    assert re.fullmatch(r"\d+ articles, \d/s, \d failed, (1 min )?\d+ s left", progress[0])
    assert last == "59 clean, 1 failed" + (", see err.ndjson" if "--errors" in words else "")


@pytest.mark.usefixtures("slow_clock")
def test_quiet_run_writes_only_problems_to_standard_error(tmp_path: Path) -> None:
    crawl(tmp_path / "crawl.ndjson", 60)
    ran = copydesk("clean", "crawl.ndjson", "-j1", "--quiet", "--output", "out.ndjson", cwd=tmp_path)
    assert json.loads(ran.stderr)["input"] == "crawl.ndjson:8"


@pytest.mark.usefixtures("slow_clock")
def test_without_files_standard_error_has_only_problems(tmp_path: Path) -> None:
    crawl(tmp_path / "crawl.ndjson", 60)
    ran = copydesk("clean", "crawl.ndjson", "-j1", cwd=tmp_path)
    assert json.loads(ran.stderr)["input"] == "crawl.ndjson:8"


def test_time_left_is_steady() -> None:
    """Results come in batches, which take more or less time. The expected end hardly moves."""
    numbers = random.Random(1)
    eta, now, ends = Eta(total=1_000_000, done=0), 0.0, []
    for index in range(1_000):
        now += numbers.uniform(0, 10) if index % 16 == 0 else 0.0
        eta.add(1_000, now)
        if eta.seconds_left is not None:
            ends.append(now + eta.seconds_left)
    assert max(ends[250:]) - min(ends[250:]) < 0.3 * now
    assert max(ends[500:]) - min(ends[500:]) < 0.2 * now


@pytest.mark.server
@pytest.mark.skipif(not shutil.which("jq"), reason="jq is not installed")
def test_example_pipeline_separates_articles_from_problems(tmp_path: Path) -> None:
    crawl(tmp_path / "crawl.ndjson", 20)
    with running() as server:
        command = [str(ROOT / "examples" / "pipeline.sh"), f"http://127.0.0.1:{server.port}", "crawl.ndjson"]
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert ran.returncode == 1
    assert [int(json.loads(line)["id"]) for line in ran.stdout.splitlines()] == [n for n in range(20) if n != 7]
    problem = json.loads(ran.stderr)
    assert (problem["input"], problem["index"], problem["status"]) == ("crawl.ndjson", 7, 400)
