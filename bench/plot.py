"""The plot of the cost of an article by length and damage, and the table of measurements in bench/README.md."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from bench.measurement import HEADER, Measurement
from bench.throughput import CACHED, LENGTHS, REFERENCE, measure_costs

_README_PATH = Path(__file__).parent / "README.md"
_PLOT_PATH = Path(__file__).parent.parent / "docs" / "images" / "speed.svg"
_TABLE = re.compile(r"(<!-- figures -->\n).*?(<!-- /figures -->)", re.DOTALL)
# In the order of `measure_costs`. Undamaged articles share a color.
_COLORS = ("#1a7f37", "#0969da", "#b35900", "#cf222e", "#8250df", "#1a7f37", "#57606a")
_LINE_STYLES = {CACHED: ":", REFERENCE: "--"}


def write(measurements: Iterable[Measurement]) -> None:
    """Write the measurements to bench/README.md and draw the plot."""
    table = "\n".join(["```", HEADER, *map(str, measurements), "```", ""])
    readme = _README_PATH.read_text(encoding="utf-8")
    _README_PATH.write_text(_TABLE.sub(rf"\g<1>{table}\g<2>", readme), encoding="utf-8")
    draw()


def draw() -> None:
    """Measure the cost of each kind of damage and draw it by length."""
    mpl.rcParams["svg.hashsalt"] = "copydesk"  # reproducible output
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    for (kind, costs), color in zip(measure_costs().items(), _COLORS, strict=True):
        label = kind if kind in _LINE_STYLES else f"{kind}, empty caches"
        axes.plot(LENGTHS, costs, _LINE_STYLES.get(kind, "-"), color=color, marker=".", label=label)
    axes.set(ylim=(0.2, 1_500), xscale="log", yscale="log", xlabel="characters of text", ylabel="milliseconds of CPU")
    axes.grid(visible=True, which="major", color="#d0d7de", linewidth=0.5)
    axes.legend(frameon=False, loc="upper left", ncols=2)
    figure.savefig(_PLOT_PATH, metadata={"Date": None})
