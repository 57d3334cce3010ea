"""Speed and memory on texts that are new to the process, relative to `ftfy.fix_text` and `langdetect.detect_langs`.

\b
python -m bench.speed                  all measurements, with their goals
python -m bench.speed clean single     only some of them
python -m bench.speed --data DIR       on other texts: a file <language>.jsonl each, lines with `text`
python -m bench.speed --write          also write the README, bench/README.md, docs/explanation/performance.md, a plot

Each measurement runs in new processes, and sees each text once. A text that its process has seen before is an error.
Where the measurement is repeated, the median counts.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bench import first_sight, report, service
from bench.seen import SeenBeforeError

Measure = Callable[[Path | None], dict[str, float]]

_ROUNDS = 3
_FIRST_CLEAN = "import copydesk; copydesk.clean({'text': 'It rains in the city.'})"


def in_new_process(measure: Measure, folder: Path | None) -> dict[str, float]:
    """Run a measurement in a new process.

    Raises:
        SeenBeforeError: a text was measured twice.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, folder).result()


def _repeat(measure: Measure, folder: Path | None) -> dict[str, float]:
    """Return the medians of a measurement in several new processes."""
    rounds = [in_new_process(measure, folder) for _ in range(_ROUNDS)]
    return {key: statistics.median(results[key] for results in rounds) for key in rounds[0]}


def _measure_growth(folder: Path | None) -> dict[str, float]:
    short, joined = (
        _repeat(measure, folder) for measure in (first_sight.measure_growth, first_sight.measure_growth_long)
    )
    return {"growth": joined["long"] / short["short"]}


def _measure_import(_: Path | None) -> dict[str, float]:
    """Return the CPU time of a new interpreter that cleans a short text, with bytecode, as pip installs it."""
    with TemporaryDirectory() as bytecode:
        environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environ["PYTHONPYCACHEPREFIX"] = bytecode
        run = functools.partial(subprocess.run, [sys.executable, "-c", _FIRST_CLEAN], env=environ, check=True)
        run()
        start = resource.getrusage(resource.RUSAGE_CHILDREN)
        run()
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"import": end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime}


_PARTS: dict[str, Measure] = {
    "clean": functools.partial(_repeat, first_sight.measure_clean),
    "english": functools.partial(_repeat, first_sight.measure_english),
    "metadata": functools.partial(_repeat, first_sight.measure_metadata),
    "ndjson": functools.partial(_repeat, service.measure_ndjson),
    "single": functools.partial(_repeat, service.measure_single),
    "languages": functools.partial(in_new_process, first_sight.measure_languages),
    "decoding": functools.partial(in_new_process, first_sight.measure_decoding),
    "growth": _measure_growth,
    "import": functools.partial(_repeat, _measure_import),
    "start": functools.partial(_repeat, service.measure_start),
    "latency": functools.partial(in_new_process, service.measure_latency),
    "throughput": functools.partial(in_new_process, service.measure_throughput),
}


@click.command(help=__doc__)
@click.argument("parts", nargs=-1, type=click.Choice([*_PARTS, "memory"]))
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--articles", default=1_000, show_default=True, help="Articles per worker before its memory is measured.")
@click.option("--write", is_flag=True)
def main(parts: tuple[str, ...], data: Path | None, articles: int, *, write: bool) -> None:
    """Measure."""
    if write and (parts or data):
        raise click.UsageError("--write is for all measurements of the project's own articles.")
    memory = functools.partial(service.measure_memory, articles=articles)
    measures = _PARTS | {"memory": functools.partial(in_new_process, memory)}
    results: dict[str, float] = {}
    for part in parts or measures:
        try:
            measured = measures[part](data)
        except SeenBeforeError as error:
            raise click.ClickException(str(error)) from error
        for key, value in measured.items():
            click.echo(report.format_line(key, value))
        results |= measured
    if write:
        from bench import plot  # noqa: PLC0415  importing matplotlib is slow

        report.write(results)
        plot.draw(results)


if __name__ == "__main__":
    sys.exit(main())
