"""The decision: the probability that the repair of a run is right.

It is a sum of monotone decision trees, stored as arrays, and calibrated on runs that the trees were not trained on.
`tools/train_model` fits it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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

    def probabilities(self, features: Sequence[Sequence[float]]) -> list[float]:
        """Return the probability of each run.

        Args:
            features: the features of the runs, in the order of `runs.FEATURES`.
        """
        values = np.asarray(features, np.float32)
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
        probabilities: list[float] = (1 / (1 + np.exp(-logits))).tolist()
        return probabilities


@cache
def load_trees() -> Trees:
    """Return the trees. They are read once."""
    with np.load(_DATA) as arrays:
        numbers = arrays["numbers"].tolist()
        return Trees(
            arrays["features"],
            arrays["thresholds"],
            arrays["left"],
            arrays["right"],
            arrays["values"],
            int(numbers[0]),
            *numbers[1:],
        )
