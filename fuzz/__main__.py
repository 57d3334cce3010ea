r"""Fuzz the targets, guided by coverage.

\b
python -m fuzz json --runs 250000
python -m fuzz lines bytes html feed --seconds 600

Without a target, all of them run one after the other. Inputs that fail are saved in fuzz/crashes, and tests/fuzz
replays them. Inputs that reach new code are saved in .fuzz; the next run starts with them.
"""

from __future__ import annotations

import importlib.util
import math
import re
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from fuzz import crashes
from fuzz.seeds import TOKENS, seeds
from fuzz.targets import TARGETS

_ROOT = Path(__file__).parent.parent
_CORPUS_DIR = _ROOT / ".fuzz"
# Small inputs are fast, and they have room for everything that rules look for.
_MAX_INPUT_BYTES = 1_024
# atheris keeps up to 100 kB per execution.
_RUNS_PER_PROCESS = 20_000
_MAX_KEPT_LINES = 10_000
_COVERAGE = re.compile(r"cov: \d+ ft: \d+")
_PROGRESS = re.compile(r"^#\d+\s+(?:pulse|DONE|INITED|RELOAD)|^CRASH|^stat::(?:number_of_executed|peak)|ERROR|^==\d+")


@click.command(help=__doc__)
@click.argument("targets", nargs=-1, type=click.Choice(list(TARGETS)))
@click.option("--runs", type=int, default=250_000, show_default=True, help="Executions per target.")
@click.option("--seconds", type=int, default=0, help="Time limit per target. 0: no limit.")
@click.option("--seed", type=int, default=0, help="Seed of the fuzzer. 0: a new one each time.")
def main(targets: tuple[str, ...], runs: int, seconds: int, seed: int) -> None:
    """Fuzz."""
    if importlib.util.find_spec("atheris") is None:
        raise click.ClickException("Fuzzing needs atheris, which has no wheel for this Python and system.")
    crash_count = 0
    for target in targets or TARGETS:
        end = time.monotonic() + seconds
        for done in range(0, runs, _RUNS_PER_PROCESS):
            left = math.ceil(end - time.monotonic()) if seconds else 0
            if seconds and left <= 0:
                break
            limits = [f"-atheris_runs={min(runs - done, _RUNS_PER_PROCESS)}", f"-max_total_time={left}"]
            crash_count += fuzz_target(target, [*limits, f"-seed={seed + done if seed else 0}"])
    if crash_count:
        raise click.ClickException("Crashes were found. See the output above and fuzz/crashes.")


def fuzz_target(target: str, limits: list[str]) -> int:
    """Fuzz one target in its own process.

    Args:
        target: the name of the target.
        limits: the flags of libFuzzer that limit the run.

    Returns:
        The number of crashes.

    Raises:
        click.ClickException: the fuzzer itself failed.
    """
    corpus = _CORPUS_DIR / target
    corpus.mkdir(parents=True, exist_ok=True)
    with _seed_files(target) as (seed_dir, dictionary):
        flags = [*limits, f"-max_len={_MAX_INPUT_BYTES}", f"-dict={dictionary}", "-timeout=60", "-rss_limit_mb=4096"]
        flags += ["-entropic_scale_per_exec_time=1"]  # prefers fast inputs
        flags += ["-print_final_stats=1", f"-artifact_prefix={corpus.parent}/{target}-", str(corpus), str(seed_dir)]
        status, output = _run(target, [sys.executable, "-m", "fuzz.worker", target, *flags])
    if status:
        raise click.ClickException(f"Fuzzing {target} exited with status {status}:\n" + "".join(list(output)[-20:]))
    crash_count = sum(line.startswith("CRASH") for line in output)
    coverage = next((match[0] for line in reversed(output) if (match := _COVERAGE.search(line))), "no coverage")
    click.echo(f"{target}: {crash_count} crashes; {len(list(corpus.iterdir()))} inputs in the corpus ({coverage})")
    return crash_count


def _run(target: str, command: list[str]) -> tuple[int, deque[str]]:
    """Run a command and print its progress. Return its status and its last lines."""
    output: deque[str] = deque(maxlen=_MAX_KEPT_LINES)
    with subprocess.Popen(  # noqa: S603  ourselves
        command, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as process:
        for line in process.stderr or ():
            output.append(line)
            if _PROGRESS.search(line):
                click.echo(f"{target} {line.rstrip()}")
    return process.returncode, output


@contextmanager
def _seed_files(target: str) -> Iterator[tuple[Path, Path]]:
    """Write the seeds and past crashes of a target and the dictionary to temporary files."""
    with tempfile.TemporaryDirectory() as directory:
        seed_dir, dictionary = Path(directory) / "seeds", Path(directory) / "dictionary"
        seed_dir.mkdir()
        for i, seed in enumerate([*seeds(target), *(path.read_bytes() for path in crashes.saved_inputs(target))]):
            (seed_dir / str(i)).write_bytes(seed)
        dictionary.write_text("\n".join(f'"{_escape(token)}"' for token in TOKENS), encoding="ascii")
        yield seed_dir, dictionary


def _escape(token: str) -> str:
    r"""Escape a token for a dictionary of libFuzzer: all bytes as \xHH."""
    return "".join(f"\\x{byte:02x}" for byte in token.encode("utf-8", "surrogatepass"))


if __name__ == "__main__":
    main()
