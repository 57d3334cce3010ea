"""The Viterbi algorithm: the cheapest sequence of states of tokens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from copydesk.langmodel.model import Floats

# Leaving a state costs this share of entering one: damage needs more evidence than its end.
LEAVE_SHARE = 0.3
# A change between two kinds of damage costs this many times the cost of entering one.
_SWITCH_FACTOR = 2.0


def find_path(costs: Floats, enter: Floats, entry: Floats, scale: Floats) -> list[int]:
    """Return the cheapest sequence of states.

    Args:
        costs: the cost of each token in each state (states × tokens); state 0 is the unchanged text.
        enter: the cost of entering any state, by token.
        entry: the additional cost of entering each state.
        scale: a factor of the cost of entering each state.
    """
    states, count = costs.shape
    gains = costs - costs[0]
    total = gains.sum(1)
    if (gains >= 0).all():
        return [0] * count
    entered = total + enter[0] * scale + entry
    entered[0] = 0
    best = int(entered.argmin())
    if best and bool((gains[best] <= gains.min(0)).all()):
        return [best] * count
    # States that gain nowhere are never entered.
    alive = [0, *(k for k in range(1, states) if (gains[k] < 0).any())]
    is_hot = (gains < 0).any(0).tolist()
    steps = gains[alive].T.tolist()
    entries, scales = entry[alive].tolist(), scale[alive].tolist()
    return [alive[k] for k in _viterbi(steps, is_hot, enter.tolist(), entries, scales)]


def _viterbi(
    gains: Sequence[Sequence[float]],
    is_hot: Sequence[bool],
    enter: Sequence[float],
    entry: Sequence[float],
    scale: Sequence[float],
) -> list[int]:
    """Return the cheapest sequence of states. While state 0 is far ahead and no state gains, tokens are passed over."""
    states = range(len(entry))
    damaged = states[1:]
    totals = [0.0, *(enter[0] * scale[k] + entry[k] + gains[0][k] for k in damaged)]
    previous: list[list[int] | None] = []
    for i in range(1, len(gains)):
        gain, place, stand = gains[i], enter[i], totals[0]
        if not is_hot[i]:
            for k in damaged:
                if totals[k] < stand + place * scale[k] + entry[k]:
                    break
            else:
                previous.append(None)
                continue
        best = totals.index(min(totals))
        steps = list(states)
        new = totals[:]
        leave = totals[best] + LEAVE_SHARE * place * scale[best]
        if leave < new[0]:
            new[0], steps[0] = leave, best
        switch = totals[best] + _SWITCH_FACTOR * place if best else np.inf
        for k in damaged:
            enter_now = stand + place * scale[k] + entry[k]
            if enter_now < new[k]:
                new[k], steps[k] = enter_now, 0
            if switch + entry[k] < new[k]:
                new[k], steps[k] = switch + entry[k], best
            new[k] += gain[k]
        totals = new
        previous.append(steps)
    state = totals.index(min(totals))
    path = [state]
    for steps_back in reversed(previous):
        state = steps_back[state] if steps_back else state
        path.append(state)
    return path[::-1]
