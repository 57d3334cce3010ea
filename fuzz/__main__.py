r"""Throw inputs at a door of the service, guided by what they reach, and keep what it doesn't take well.

\b
python -m fuzz json --runs 250000
python -m fuzz lines bytes html --seconds 600

Without a door, at all of them, one after the other. What is found is kept in fuzz/found, and tests/fuzz replays it;
what reached something new is kept in .fuzz, and the next run starts from it.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from fuzz import found
from fuzz.seeds import TOKENS, seeds

_ROOT = Path(__file__).parent.parent
_REACHED = _ROOT / ".fuzz"
# Bytes of an input, at most: small ones are quick, and hold all that rules look for.
_LONGEST = 1_024
_COVERAGE = re.compile(r"cov: \d+ ft: \d+")
_PROGRESS = re.compile(r"^#\d+\s+(?:pulse|DONE|INITED|RELOAD)|^FOUND|^stat::(?:number_of_executed|peak)|ERROR|^==\d+")


@click.command(help=__doc__)
@click.argument("doors", nargs=-1, type=click.Choice(list(found.DOORS)))
@click.option("--runs", type=int, default=250_000, show_default=True, help="executions at each door")
@click.option("--seconds", type=int, default=0, help="stop at each door after so long, whatever its runs")
@click.option("--seed", type=int, default=0, help="what chance starts from; 0 for another one each time")
def main(doors: tuple[str, ...], runs: int, seconds: int, seed: int) -> None:
    """Fuzz."""
    if importlib.util.find_spec("atheris") is None:
        raise click.ClickException("Fuzzing needs atheris, which has no wheel for this Python and system.")
    limits = [f"-atheris_runs={runs}", f"-max_total_time={seconds}", f"-seed={seed}"]
    ended = [fuzzed(door, limits) for door in doors or found.DOORS]
    if any(ended):
        raise click.ClickException("Something was found: see the lines above, and fuzz/found.")


def fuzzed(door: str, limits: list[str]) -> bool:
    """Fuzz a door in a process of its own; return whether something was found."""
    reached = _REACHED / door
    reached.mkdir(parents=True, exist_ok=True)
    with _started_from(door) as (starting, words):
        flags = [*limits, f"-max_len={_LONGEST}", f"-dict={words}", "-timeout=60", "-rss_limit_mb=4096"]
        flags += ["-entropic_scale_per_exec_time=1"]  # what is quick is tried more often
        flags += ["-print_final_stats=1", f"-artifact_prefix={reached.parent}/{door}-", str(reached), str(starting)]
        code, said = _told(door, [sys.executable, "-m", "fuzz.throw", door, *flags])
    new = [line for line in said if line.startswith("FOUND")]
    if code:
        raise click.ClickException(f"What fuzzed {door} ended with status {code}:\n" + "".join(list(said)[-20:]))
    last = next((match[0] for line in reversed(said) if (match := _COVERAGE.search(line))), "nothing reached")
    click.echo(f"{door}: {len(new)} found; {len(list(reached.iterdir()))} inputs reach all that was reached ({last})")
    return bool(new)


def _told(door: str, command: list[str]) -> tuple[int, deque[str]]:
    """Run a command and pass on what is worth reading of what it says; return its status and its last lines."""
    said: deque[str] = deque(maxlen=10_000)
    with subprocess.Popen(  # noqa: S603  ourselves
        command, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as process:
        for line in process.stderr or ():
            said.append(line)
            if _PROGRESS.search(line):
                click.echo(f"{door} {line.rstrip()}")
    return process.returncode, said


@contextmanager
def _started_from(door: str) -> Iterator[tuple[Path, Path]]:
    """Lay out the seeds of a door, with all that was ever found there, and the dictionary, as files."""
    with tempfile.TemporaryDirectory() as directory:
        starting, words = Path(directory) / "seeds", Path(directory) / "words"
        starting.mkdir()
        for at, seed in enumerate([*seeds(door), *(path.read_bytes() for path in found.kept(door))]):
            (starting / str(at)).write_bytes(seed)
        words.write_text("\n".join(f'"{_escaped(token)}"' for token in TOKENS), encoding="ascii")
        yield starting, words


def _escaped(token: str) -> str:
    r"""Write a token as libFuzzer's dictionaries have it: all bytes as \xHH."""
    return "".join(f"\\x{byte:02x}" for byte in token.encode("utf-8", "surrogatepass"))


if __name__ == "__main__":
    main()
