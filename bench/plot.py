"""The plot of what an article costs by its length and by what is wrong with it, and the figures in bench/README.md."""

from __future__ import annotations

import functools
import re
import statistics
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from bench import mix
from bench.figures import HEAD
from bench.speed_of import forget, loop, seconds
from svc.core import desk

_README = Path(__file__).parent / "README.md"
_PLOT = Path(__file__).parent.parent / "docs" / "images" / "speed.svg"
_FIGURES = re.compile(r"(<!-- figures -->\n).*?(<!-- /figures -->)", re.DOTALL)
_SIZES = (500, 1_000, 2_000, 5_000, 10_000, 30_000, 100_000, 300_000)
_TIMES = 5

Spoil = Callable[[str], str]

_KINDS: dict[str, tuple[str, Spoil]] = {
    "as it was written": ("#1a7f37", lambda text: text),
    "with HTML character references": ("#0969da", lambda text: text.replace("ü", "&uuml;").replace("“", "&ldquo;")),
    "UTF-8 read as Windows-1252": ("#b35900", lambda text: _misread(text, "utf-8", "sloppy-windows-1252")),
    "the same twice": ("#cf222e", lambda text: _misread(_misread(text, "utf-8", "latin-1"), "utf-8", "latin-1")),
    "Mac Roman read as Windows-1252": ("#8250df", lambda text: _misread(text, "mac-roman", "sloppy-windows-1252")),
}


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
    texts = {size: mix.lengthened(size, "de") for size in _SIZES}
    articles = [mix.arrived(raw) for raw in texts.values()]
    loops = [_median(functools.partial(loop, raw)) for raw in texts.values()]
    axes.plot(_SIZES, loops, "--", color="#57606a", label="ftfy and langdetect in a loop")
    for kind, (color, spoil) in _KINDS.items():
        spoilt = [mix.arrived(raw | {"text": spoil(raw["text"])}) for raw in texts.values()]
        took = [_median(functools.partial(desk.clean, article), forget) for article in spoilt]
        axes.plot(_SIZES, took, color=color, marker=".", label=f"{kind}, at first sight")
    known = [_median(functools.partial(desk.clean, article)) for article in articles]
    axes.plot(_SIZES, known, color="#1a7f37", linestyle=":", marker=".", label="as it was written, its words known")
    axes.set(ylim=(0.2, 1_500), xscale="log", yscale="log", xlabel="characters of text", ylabel="milliseconds of CPU")
    axes.grid(visible=True, which="major", color="#d0d7de", linewidth=0.5)
    axes.legend(frameon=False, loc="upper left", ncols=2)
    figure.savefig(_PLOT, metadata={"Date": None})


def _median(do: Callable[[], object], before: Callable[[], None] = lambda: None) -> float:
    """Return the milliseconds that a call takes, once it has been called."""

    def once() -> float:
        before()
        return 1e3 * seconds(do)

    do()
    return statistics.median(once() for _ in range(_TIMES))


def _misread(text: str, true: str, misread: str) -> str:
    return text.encode(true, "ignore").decode(misread, "ignore")
