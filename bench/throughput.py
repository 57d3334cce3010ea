"""Throughput of one core by length and kind of damage.

python -m bench.throughput    articles per second and core, in process; the last row is ftfy and langdetect
"""

from __future__ import annotations

import functools
import statistics
import sys
from collections.abc import Callable

import click

from bench.timing import clear_caches, cpu_seconds, run_reference
from bench.workload import RawArticle, build_long_article, to_article
from copydesk import cleaning, pipeline

LENGTHS = (500, 1_000, 2_000, 5_000, 10_000, 30_000, 100_000, 300_000)
CACHED, REFERENCE = "undamaged, words cached", "ftfy and langdetect"
_REPEATS = 5


def _decode_as(text: str, actual: str, decoded_as: str) -> str:
    return text.encode(actual, "ignore").decode(decoded_as, "ignore")


_DAMAGES: dict[str, Callable[[str], str]] = {
    "undamaged": lambda text: text,
    "with HTML character references": lambda text: text.replace("ü", "&uuml;").replace("“", "&ldquo;"),
    "UTF-8 decoded as Windows-1252": lambda text: _decode_as(text, "utf-8", "sloppy-windows-1252"),
    "UTF-8 decoded as ISO 8859-1, twice": lambda text: _decode_as(
        _decode_as(text, "utf-8", "latin-1"), "utf-8", "latin-1"
    ),
    "Mac Roman decoded as Windows-1252": lambda text: _decode_as(text, "mac-roman", "sloppy-windows-1252"),
}


def measure_costs() -> dict[str, list[float]]:
    """Return the milliseconds of CPU for German articles of each length, by kind of damage.

    All but `CACHED` and `REFERENCE` start with empty caches.
    """
    raws = [build_long_article(length, "de") for length in LENGTHS]
    costs = {
        kind: [_clean_ms(raw | {"text": damage(raw["text"])}, clear_caches) for raw in raws]
        for kind, damage in _DAMAGES.items()
    }
    costs[CACHED] = [_clean_ms(raw, _do_nothing) for raw in raws]
    costs[REFERENCE] = [_median_ms(functools.partial(run_reference, raw), _do_nothing) for raw in raws]
    return costs


def _do_nothing() -> None:
    """Do nothing."""


def _clean_ms(raw: RawArticle, set_up: Callable[[], object]) -> float:
    return _median_ms(functools.partial(pipeline.clean, to_article(raw)), set_up)


def _median_ms(call: Callable[[], object], set_up: Callable[[], object]) -> float:
    """Return the median milliseconds of CPU of a call, after one call to warm up."""

    def run() -> float:
        set_up()
        return 1e3 * cpu_seconds(call)

    call()
    return statistics.median(run() for _ in range(_REPEATS))


@click.command(help=__doc__)
def main() -> None:
    """Measure."""
    cleaning.warm_up()
    click.echo(f"{'characters':36}" + "".join(f"{length:>9,}" for length in LENGTHS))
    for kind, costs in measure_costs().items():
        click.echo(f"{kind:36}" + "".join(f"{1e3 / cost:>9,.0f}" for cost in costs))


if __name__ == "__main__":
    sys.exit(main())
