"""Accuracy, harm, warnings, calibration and cost of repair, compared with ftfy and plsfix on the same cases.

\b
python -m bench.repair                  all tables below
python -m bench.repair --accuracy       damaged texts by tier and length
python -m bench.repair --pairs          the same by pair of charsets and language
python -m bench.repair --mixed          articles of which a sentence, a title or a word is damaged
python -m bench.repair --harm           clean sentences, and clean strings that look like damage
python -m bench.repair --warnings       how often `repair-suspected` is right
python -m bench.repair --calibration    the share of right changes by confidence
python -m bench.repair --speed          CPU time on unseen articles, relative to ftfy and langdetect; growth
\b
python -m bench.repair --data DIR       on other sentences: a file <language>.txt each, one sentence per line
python -m bench.repair --strange FILE   on other clean strings: JSON Lines with `text` and `kind`
python -m bench.repair --cases FILE     only the cases of a file: JSON Lines with `damaged` and `clean`, or `input`
                                        and `expected`; `kind` and `scope` are optional
python -m bench.repair --limit N        N cases per cell: pair of charsets, language and length

Outcomes: `restored` is the clean text, `partial` has only right edits, `left` is unchanged, `wrong` has a wrong edit.
Of other tools, the shares of `restored` and of `wrong` are shown.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from bench.repair_cases import generate_mentions, generate_strange, read_strange, read_texts
from bench.repair_cost import COST_COLUMNS, GROWTH_COLUMNS, measure_cost, measure_growth
from bench.repair_tables import (
    Benchmark,
    Texts,
    generate_benchmark,
    print_accuracy,
    print_calibration,
    print_harm,
    print_mixed,
    print_pairs,
    print_warnings,
    read_benchmark,
)
from bench.table import print_table
from copydesk import pipeline
from tests.helpers.corpus import Sentences

_ARTICLES_PER_KIND = 30


def print_cost(sentences: Sentences, sizes: tuple[int, int]) -> None:
    """Print the cost of unseen articles relative to the reference, and its growth with the size."""
    rows = measure_cost(sentences, _ARTICLES_PER_KIND)
    print_table("CPU time of repair and language detection ÷ ftfy and langdetect", COST_COLUMNS, rows)
    small, large = sizes
    title = f"CPU time at {small:,} and {large:,} characters; linear growth is 1"
    print_table(title, GROWTH_COLUMNS, measure_growth(sizes))


def print_tables(benchmark: Benchmark, strange: Texts, table: str | None) -> None:
    """Print one table; by default all of them, except the one by pair."""
    tables: dict[str, Callable[[], None]] = {
        "accuracy": partial(print_accuracy, benchmark),
        "pairs": partial(print_pairs, benchmark),
        "mixed": partial(print_mixed, benchmark),
        "harm": partial(print_harm, benchmark, strange),
        "warnings": partial(print_warnings, benchmark),
        "calibration": partial(print_calibration, benchmark),
    }
    for name, print_one in tables.items():
        if name == table or (table is None and name != "pairs"):
            print_one()


@click.command(help=__doc__)
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--cases", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--strange", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--limit", default=1, show_default=True, help="Maximum cases per pair, language and length.")
@click.option("--sizes", type=(int, int), default=(5_000, 20_000), show_default=True, help="Sizes for the growth.")
@click.option("--accuracy", "table", flag_value="accuracy")
@click.option("--pairs", "table", flag_value="pairs")
@click.option("--mixed", "table", flag_value="mixed")
@click.option("--harm", "table", flag_value="harm")
@click.option("--warnings", "table", flag_value="warnings")
@click.option("--calibration", "table", flag_value="calibration")
@click.option("--speed", "table", flag_value="speed")
def main(  # noqa: PLR0913  one for each option
    *,
    data: Path | None,
    cases: Path | None,
    strange: Path | None,
    limit: int,
    sizes: tuple[int, int],
    table: str | None,
) -> None:
    """Measure."""
    pipeline.warm_up()
    if cases:
        print_tables(read_benchmark(cases), [], table)
        return
    sentences = read_texts(data)
    if table in (None, "speed"):  # before the other tables, because their texts would warm the caches
        print_cost(sentences, sizes)
    if table != "speed":
        texts = read_strange(strange) if strange else [*generate_strange(), *generate_mentions()]
        print_tables(generate_benchmark(sentences, limit), texts, table)


if __name__ == "__main__":
    sys.exit(main())
