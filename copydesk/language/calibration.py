"""Calibration: the costs of languages as probabilities.

The probability of a language among the known ones is a softmax over its costs. The temperature grows with the length,
because the letters of a text are not independent: words and subjects repeat.

A text in an unknown language also has a best known language, often with high probability: Faroese looks like Danish.
Such a text has more bits per letter than usual in that language, and the language has a smaller lead over the others.
A logistic regression turns both into the probability that the language is a known one.

`tools/fit_language.py` fits all numbers and writes `calibration.txt`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from copydesk.tables import read_rows

Floats = NDArray[np.float64]

# The lead of the best language over the median is cut at this number of bits per letter. The only language of a script
# has this lead and the usual cost.
MAX_LEAD_BITS = 2.5
_MAX_EXPONENT = 60.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fitted numbers.

    Attributes:
        temperature: the temperature in bits, and by how much it grows with the square root of the letters.
        weights: the weights of `known_features`.
        usual_bits: the mean cost of a letter in texts of each language.
    """

    temperature: tuple[float, float]
    weights: tuple[float, ...]
    usual_bits: Mapping[str, float]


@cache
def load_calibration() -> Calibration:
    """Return the fitted numbers. They are read once."""
    rows = {name: values for name, *values in read_rows("copydesk.language", "calibration.txt")}
    base, slope = map(float, rows.pop("temperature"))
    weights = tuple(map(float, rows.pop("weights")))
    return Calibration((base, slope), weights, {name: float(bits) for name, (bits,) in rows.items()})


def softmax(bits: Floats, letters: int | NDArray[np.int64], temperature: tuple[float, float]) -> Floats:
    """Return the probability of each language, given that one of them is right.

    Args:
        bits: the costs of a text, or of several (texts × languages).
        letters: the number of letters of the text, or of each.
        temperature: that of `Calibration`.
    """
    base, slope = temperature
    degrees = base + slope * np.sqrt(letters)
    weights = np.exp2(((bits.min(-1) - bits.T) / degrees).T)
    return np.asarray((weights.T / weights.sum(-1)).T)


def known_features(bits: Floats, best: int, letters: int, usual_bits: float | None) -> tuple[float, ...]:
    """Return the features that tell known languages from unknown ones.

    Args:
        bits: the cost of the text in each language of its script.
        best: the index of the best language.
        letters: the number of letters.
        usual_bits: the mean cost of a letter in that language; None if it was not measured.
    """
    if len(bits) == 1:
        return 1.0, math.log(letters), 0.0, 0.0, MAX_LEAD_BITS
    cost, middle = float(bits[best]), len(bits) // 2
    lead = (float(np.partition(bits, middle)[middle]) - cost) / letters
    excess = cost / letters - usual_bits if usual_bits is not None else 0.0
    return 1.0, math.log(letters), excess, excess * math.sqrt(letters), min(lead, MAX_LEAD_BITS)


def known_probability(features: tuple[float, ...], weights: tuple[float, ...]) -> float:
    """Return the probability that a text is in a known language."""
    exponent = sum(weight * feature for weight, feature in zip(weights, features, strict=True))
    return 1.0 / (1.0 + math.exp(min(-exponent, _MAX_EXPONENT)))
