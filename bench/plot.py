"""The plot of the cost relative to the loop, docs/images/speed.svg."""

from __future__ import annotations

import matplotlib as mpl
from matplotlib.figure import Figure

from bench.report import ROWS, Results
from tests.helpers.paths import ROOT

_PATH = ROOT / "docs" / "images" / "speed.svg"
_BARS = {
    "clean": "in process",
    "undamaged": "in process, undamaged",
    "damaged": "in process, damaged",
    "english": "in process, English",
    "second": "in process, second sight",
    "ndjson": "NDJSON over HTTP",
    "single": "single requests over HTTP",
}
_COLOR, _REFERENCE_COLOR, _GOAL_COLOR = "#0969da", "#57606a", "#cf222e"


def draw(results: Results) -> None:
    """Draw the costs as bars, with their goals."""
    mpl.rcParams["svg.hashsalt"] = "copydesk"  # reproducible output
    values = {"ftfy and langdetect": 1.0, "ftfy alone": results["clean"] / results["ftfy"]}
    values |= {name: results[key] for key, name in _BARS.items()}
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.subplots()
    bars = axes.barh(list(values), list(values.values()), color=[_REFERENCE_COLOR] * 2 + [_COLOR] * len(_BARS))
    axes.bar_label(bars, fmt="%.2f", padding=4)
    goals = [(i, ROWS[key].limit) for i, key in enumerate(_BARS, start=2) if ROWS[key].limit is not None]
    positions, limits = zip(*goals, strict=True)
    axes.plot(limits, positions, "|", color=_GOAL_COLOR, markersize=18, markeredgewidth=2, label="goal")
    axes.set(xlabel="CPU per article, relative to ftfy and langdetect", xlim=(0, 1.12 * max(values.values())))
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="lower right")
    figure.savefig(_PATH, metadata={"Date": None})
