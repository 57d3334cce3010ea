"""What a core does in a second, by the length of the articles and by what is wrong with them.

python -m bench.throughput    articles a second and core, in process; the loop that Copydesk replaces in the last line
"""

from __future__ import annotations

import functools
import statistics
import sys
from collections.abc import Callable
from typing import Any

import click

from bench import workload as mix
from bench.timing import forget, loop, seconds
from copydesk import cleaning as service
from copydesk import pipeline as desk

SIZES = (500, 1_000, 2_000, 5_000, 10_000, 30_000, 100_000, 300_000)
_TIMES = 5

Spoil = Callable[[str], str]


def _misread(text: str, true: str, misread: str) -> str:
    return text.encode(true, "ignore").decode(misread, "ignore")


KINDS: dict[str, Spoil] = {
    "as it was written": lambda text: text,
    "with HTML character references": lambda text: text.replace("ü", "&uuml;").replace("“", "&ldquo;"),
    "UTF-8 read as Windows-1252": lambda text: _misread(text, "utf-8", "sloppy-windows-1252"),
    "the same twice": lambda text: _misread(_misread(text, "utf-8", "latin-1"), "utf-8", "latin-1"),
    "Mac Roman read as Windows-1252": lambda text: _misread(text, "mac-roman", "sloppy-windows-1252"),
}
KNOWN, LOOP = "as it was written, its words known", "ftfy and langdetect in a loop"


def costs() -> dict[str, list[float]]:
    """Return the milliseconds of CPU that German articles of each length take, by kind, at first sight if not known."""
    raws = [mix.lengthened(size, "de") for size in SIZES]
    found = {
        kind: [_cleaned(raw | {"text": spoil(raw["text"])}, forget) for raw in raws] for kind, spoil in KINDS.items()
    }
    found[KNOWN] = [_cleaned(raw) for raw in raws]
    found[LOOP] = [_median(functools.partial(loop, raw)) for raw in raws]
    return found


def _cleaned(raw: dict[str, Any], before: Callable[[], None] = lambda: None) -> float:
    return _median(functools.partial(desk.clean, mix.arrived(raw)), before)


def _median(do: Callable[[], object], before: Callable[[], None] = lambda: None) -> float:
    """Return the milliseconds that a call takes, once it has been called."""

    def once() -> float:
        before()
        return 1e3 * seconds(do)

    do()
    return statistics.median(once() for _ in range(_TIMES))


@click.command(help=__doc__)
def main() -> None:
    """Measure."""
    service.warm_up()
    click.echo(f"{'characters':36}" + "".join(f"{size:>9,}" for size in SIZES))
    for kind, took in costs().items():
        click.echo(f"{kind:36}" + "".join(f"{1e3 / milliseconds:>9,.0f}" for milliseconds in took))


if __name__ == "__main__":
    sys.exit(main())
