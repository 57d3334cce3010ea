"""The decision: the probability that the repair of a run is right.

It is a sum of monotone decision trees, stored as arrays, and calibrated on runs that the trees were not trained on.
`tools/train_model` fits it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copydesk.repairs.runs import FEATURES

_UTF8 = list(FEATURES).index("utf8")
_DATA = Path(__file__).parent / "data" / "decision.npz"


@dataclass(frozen=True, eq=False)
class Trees:
    """Decision trees as arrays (trees × nodes).

    Attributes:
        features: the feature that a node compares, by its index in `runs.FEATURES`.
        thresholds: the highest value for which the left branch is taken.
        left: the node of the left branch. A leaf is its own branch.
        right: the node of the right branch.
        values: the values of the leaves.
        depth: the number of comparisons to the deepest leaf.
        offset: the sum for no trees.
        slope: the factor of the sum that calibrates it.
        intercept: the calibrated sum for zero.
    """

    features: NDArray[np.int16]
    thresholds: NDArray[np.float32]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    values: NDArray[np.float32]
    depth: int
    offset: float
    slope: float
    intercept: float

    def probabilities(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probability of each run.

        Args:
            values: the features of the runs (runs × features), in the order of `runs.FEATURES`.
        """
        count, size = self.features.shape
        # The indexes of the flat arrays where each tree and each run start.
        trees = np.arange(0, count * size, size)
        runs = np.arange(0, values.size, values.shape[1])[:, None]
        nodes = np.tile(trees, (len(values), 1))
        for _ in range(self.depth):
            goes_left = values.take(runs + self.features.take(nodes)) <= self.thresholds.take(nodes)
            nodes = trees + np.where(goes_left, self.left.take(nodes), self.right.take(nodes))
        sums = self.offset + self.values.take(nodes).sum(1)
        logits = np.clip(self.slope * sums + self.intercept, -30, 30)
        probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-logits))
        return probabilities


@dataclass(frozen=True, eq=False)
class Decision:
    """The trees for text in UTF-8, and those for text in other charsets: different evidence proves them."""

    utf8: Trees
    legacy: Trees

    def probabilities(self, features: Sequence[Sequence[float]]) -> list[float]:
        """Return the probability of each run.

        Args:
            features: the features of the runs, in the order of `runs.FEATURES`.
        """
        values = np.asarray(features, np.float32)
        is_utf8: NDArray[np.bool_] = values[:, _UTF8] > 0
        probabilities = np.empty(len(values))
        for trees, chosen in ((self.utf8, is_utf8), (self.legacy, ~is_utf8)):
            if chosen.any():
                probabilities[chosen] = trees.probabilities(values[chosen])
        found: list[float] = probabilities.tolist()
        return found


@cache
def load_decision() -> Decision:
    """Return the trees. They are read once."""
    with np.load(_DATA) as arrays:
        return Decision(_read(arrays, "utf8"), _read(arrays, "legacy"))


def _read(arrays: Mapping[str, NDArray[Any]], name: str) -> Trees:
    part = {key: arrays[f"{name}.{key}"] for key in ("features", "thresholds", "left", "right", "values")}
    depth, offset, slope, intercept = arrays[f"{name}.numbers"].astype(float).tolist()
    return Trees(**part, depth=int(depth), offset=offset, slope=slope, intercept=intercept)
