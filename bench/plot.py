"""The plot of what an article costs by its length and by what is wrong with it, and the figures in bench/README.md."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from bench.measurement import HEAD
from bench.throughput import KNOWN, LOOP, SIZES, costs

_README = Path(__file__).parent / "README.md"
_PLOT = Path(__file__).parent.parent / "docs" / "images" / "speed.svg"
_FIGURES = re.compile(r"(<!-- figures -->\n).*?(<!-- /figures -->)", re.DOTALL)
# Of each kind, in the order of `bench.throughput`, its colour; what is not damaged is told apart by its line.
_COLOURS = ("#1a7f37", "#0969da", "#b35900", "#cf222e", "#8250df", "#1a7f37", "#57606a")
_LINES = {KNOWN: ":", LOOP: "--"}


def write(told: list[str]) -> None:
    """Put the lines into bench/README.md, and draw the plot."""
    table = "\n".join(["```", HEAD, *told, "```", ""])
    _README.write_text(_FIGURES.sub(rf"\g<1>{table}\g<2>", _README.read_text(encoding="utf-8")), encoding="utf-8")
    draw()


def draw() -> None:
    """Measure each kind at each length, and draw it."""
    mpl.rcParams["svg.hashsalt"] = "copydesk"  # the same picture has the same bytes
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    for (kind, took), colour in zip(costs().items(), _COLOURS, strict=True):
        label = kind if kind in _LINES else f"{kind}, at first sight"
        axes.plot(SIZES, took, _LINES.get(kind, "-"), color=colour, marker=".", label=label)
    axes.set(ylim=(0.2, 1_500), xscale="log", yscale="log", xlabel="characters of text", ylabel="milliseconds of CPU")
    axes.grid(visible=True, which="major", color="#d0d7de", linewidth=0.5)
    axes.legend(frameon=False, loc="upper left", ncols=2)
    figure.savefig(_PLOT, metadata={"Date": None})
