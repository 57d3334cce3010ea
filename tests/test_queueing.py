"""The simulation of instances behind a balancer agrees with what is known of queues."""

from __future__ import annotations

import math
from statistics import fmean

import pytest

from bench.queueing import Balancing, Fleet, simulate

MANY = 60_000
# Service times that are distributed exponentially, a second on average: their quantiles.
SPREAD = [-math.log((at + 0.5) / 2_000) for at in range(2_000)]
PATIENT = 1e9


@pytest.mark.parametrize("load", [0.3, 0.6, 0.8])
@pytest.mark.parametrize(("needs", "variation"), [([1.0], 0.0), (SPREAD, 1.0)])
def test_one_worker_makes_wait_as_pollaczek_and_khinchine_have_it(
    needs: list[float], variation: float, load: float
) -> None:
    # Mean wait of M/G/1: λ E[S²] / 2(1 − ρ). The room holds 56; at these loads it is never full.
    mean = fmean(needs)
    known = load * mean * (1 + variation) / (2 * (1 - load))
    outcome = simulate(Fleet(instances=1, workers=1, wait=PATIENT), needs, load / mean, MANY)
    assert outcome.refused == 0
    assert fmean(outcome.took) - mean == pytest.approx(known, rel=0.12, abs=0.01)


def test_who_bears_no_wait_is_lost_as_erlang_has_it() -> None:
    # Erlang's B for one server: ρ / (1 + ρ).
    outcome = simulate(Fleet(instances=1, workers=1, wait=0.0), SPREAD, 1.0 / fmean(SPREAD), MANY)
    assert outcome.shed == pytest.approx(0.5, abs=0.01)


def test_two_workers_of_one_cpu_do_no_more_than_one() -> None:
    # Twice what one CPU can do: half is refused, however many workers share it.
    outcome = simulate(Fleet(instances=2, workers=1, wait=5.0, cpus=1.0), [1.0], 2.0, 10_000)
    assert outcome.shed == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("instances", [2, 4])
def test_nobody_is_lost_or_told_twice_and_the_same_seed_tells_the_same(instances: int) -> None:
    fleet = Fleet(instances=instances, workers=2, wait=0.5)
    outcome = simulate(fleet, SPREAD, 2.5 * instances, 5_000)
    assert len(outcome.took) + outcome.refused == 5_000
    assert outcome.refused > 0
    assert simulate(fleet, SPREAD, 2.5 * instances, 5_000) == outcome


def shed(**how: Balancing | int) -> float:
    fleet = Fleet(instances=3, workers=1, wait=0.5, **how)  # type: ignore[arg-type]
    return simulate(fleet, SPREAD, 2.1, 20_000).shed


def test_another_try_elsewhere_and_the_least_busy_refuse_fewer() -> None:
    assert shed(tries=2) < shed(tries=1)
    assert shed(balancing=Balancing.LEAST, tries=1) < shed(balancing=Balancing.TURNS, tries=1)


def test_more_instances_at_the_same_load_each_make_wait_less() -> None:
    waits = [
        fmean(simulate(Fleet(instances=count, workers=1), [0.1], 8.0 * count, 10_000).took) for count in (1, 2, 4, 8)
    ]
    assert waits == sorted(waits, reverse=True)
