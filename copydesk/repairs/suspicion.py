"""Suspicion: the probability that text is damaged although no repair is likely enough.

It is a logistic model of a few features of the suspicious tokens. `tools/train_model` fits its weights, and the minimum
that one clean sentence in several thousand reaches.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from copydesk.repairs.readings import Tokens
from copydesk.repairs.screen import Screened, looks_like_utf8

_DATA = Path(__file__).parent / "data" / "suspicion.json"
# What windows-1252 shows for a lead byte of UTF-8, without the letter that should follow; that of an apostrophe comes
# before the last one or two letters of a word.
_LONE_LEAD = re.compile("[ÂÃâÅÐÑ×ØÙÎÏ](?![^\\W\\d_])|(?<=[A-Za-z]{2})â(?=[a-z]{1,2}(?![^\\W\\d_]))")
_MAX_EXCESS = 100.0
_MIN_LOG_ODDS = -10.0


@dataclass(frozen=True, slots=True)
class SuspicionModel:
    """The weights of the features, the minimum probability for a warning, and the log-odds of a repair that suffice."""

    weights: Mapping[str, float]
    intercept: float
    minimum: float
    min_log_odds: float

    def is_suspicious(self, features: Mapping[str, float]) -> bool:
        """Return whether text with these features is probably damaged."""
        return features["log_odds"] >= self.min_log_odds or self.probability(features) >= self.minimum

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability that text with these features is damaged."""
        logit = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-min(max(logit, -30.0), 30.0)))


@cache
def load_suspicion_model() -> SuspicionModel:
    """Return the model. It is read once."""
    document = json.loads(_DATA.read_text(encoding="utf-8"))
    return SuspicionModel(document["weights"], document["intercept"], document["minimum"], document["min_log_odds"])


def suspicion_features(screened: Screened, best_probability: float) -> dict[str, float]:
    """Return the features of suspicious tokens.

    Args:
        screened: the suspicious tokens.
        best_probability: the highest probability of a repair; 0 if there is none.
    """
    tokens = Tokens.of(screened.tokens)
    excess = np.clip(np.sort(screened.excess)[::-1], 0, _MAX_EXCESS)
    count = len(screened.tokens)
    lone = sum(map(bool, map(_LONE_LEAD.search, screened.tokens)))
    return {
        "max_excess": float(excess[0]) / 10,
        "sum_excess": math.log2(1 + float(excess[:5].sum())),
        "share": count / max(count, screened.token_count),
        "count": math.log2(1 + count),
        "tokens": math.log2(1 + screened.token_count),
        "utf8_shape": float(looks_like_utf8(tokens).any()),
        "lone_lead": float(lone > 0),
        "lone_leads": math.log2(1 + lone),
        "log_odds": _log_odds(best_probability),
        "has_repair": float(best_probability > 0),
    }


def _log_odds(probability: float) -> float:
    """Return the log-odds of a probability in bits, at least those of one in a thousand."""
    return max(_MIN_LOG_ODDS, math.log2(probability / (1.0 - probability))) if 0 < probability < 1 else _MIN_LOG_ODDS
