"""The simulation of instances behind a balancer agrees with what is known of queues."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import islice
from statistics import fmean

import pytest

from bench.load import at_random
from bench.queueing import Balancing, Costs, Fleet, Outcome, simulate

MANY = 40_000
# Service times that are distributed exponentially, a second on average: their quantiles.
SPREAD = [-math.log((at + 0.5) / 2_000) for at in range(2_000)]
PATIENT = 1e9
NEVER_FULL = 1_000_000_000


def outcome_of(fleet: Fleet, costs: Costs, rate: float, requests: int) -> Outcome:
    return simulate(fleet, costs, islice(at_random(rate), requests))


@pytest.mark.parametrize("load", [0.3, 0.6, 0.8])
@pytest.mark.parametrize(("needs", "variation"), [([1.0], 0.0), (SPREAD, 1.0)])
def test_one_worker_makes_wait_as_pollaczek_and_khinchine_have_it(
    needs: list[float], variation: float, load: float
) -> None:
    # Mean wait of M/G/1: λ E[S²] / 2(1 − ρ). The room holds 56; at these loads it is never full.
    mean = fmean(needs)
    known = load * mean * (1 + variation) / (2 * (1 - load))
    fleet = Fleet(instances=1, workers=1, wait=PATIENT, most=NEVER_FULL)
    outcome = outcome_of(fleet, Costs(needs=needs), load / mean, MANY)
    assert outcome.refused == 0
    assert fmean(outcome.took) - mean == pytest.approx(known, rel=0.12, abs=0.01)


@pytest.mark.parametrize("load", [0.3, 0.6, 0.8])
def test_what_goes_on_around_shares_the_worker(load: float) -> None:
    # M/G/1 with processor sharing: the mean time is E[S] / (1 − ρ). Two halves of a second, each with its own sharing.
    outcome = outcome_of(Fleet(instances=1, workers=1, most=NEVER_FULL), Costs(needs=[0.0], around=1.0), load, MANY)
    assert fmean(outcome.took) == pytest.approx(1 / (1 - load), rel=0.12)


def test_who_bears_no_wait_is_lost_as_erlang_has_it() -> None:
    # Erlang's B for one server: ρ / (1 + ρ).
    outcome = outcome_of(Fleet(instances=1, workers=1, wait=0.0), Costs(needs=SPREAD), 1.0 / fmean(SPREAD), MANY)
    assert outcome.shed == pytest.approx(0.5, abs=0.01)


def test_whom_the_balancer_may_send_to_nobody_is_lost_as_erlang_has_it() -> None:
    # Three of one worker, each with one request at most: Erlang's B for three servers at a load of three.
    fleet = Fleet(instances=3, workers=1, most=1)
    outcome = outcome_of(fleet, Costs(needs=SPREAD), 3.0 / fmean(SPREAD), MANY)
    offered = [3.0**at / math.factorial(at) for at in range(4)]
    assert outcome.shed == pytest.approx(offered[3] / sum(offered), abs=0.01)


def test_two_workers_of_one_cpu_do_no_more_than_one() -> None:
    # Twice what one CPU can do: half is refused, however many workers share it.
    outcome = outcome_of(Fleet(instances=2, workers=1, wait=5.0, cpus=1.0), Costs(needs=[1.0]), 2.0, 10_000)
    assert outcome.shed == pytest.approx(0.5, abs=0.02)


def test_what_refusals_and_the_ways_cost_is_missing_for_cleaning() -> None:
    # Of two CPUs one is taken by what goes on around; three in four refusals then take most of the other.
    fleet = Fleet(instances=2, workers=1, wait=0.05, most=NEVER_FULL, cpus=2.0)
    free = outcome_of(fleet, Costs(needs=[0.01]), 400.0, 10_000).shed
    dear = outcome_of(fleet, Costs(needs=[0.01], refusal=0.004), 400.0, 10_000).shed
    ways = outcome_of(fleet, Costs(needs=[0.01], balancer=0.001, client=0.001), 400.0, 10_000).shed
    assert free == pytest.approx(0.5, abs=0.02)
    assert dear > free + 0.2
    assert ways > free + 0.05
    # The balancer that refuses by itself saves that.
    kept = outcome_of(replace(fleet, most=5), Costs(needs=[0.01], refusal=0.004), 400.0, 10_000).shed
    assert kept == pytest.approx(0.5, abs=0.02)


def test_a_worker_that_slept_pays_for_waking_and_one_that_did_not_does_not() -> None:
    fleet, costs = Fleet(instances=1, workers=1, wait=1.0, switch=0.0), Costs(needs=[1.0], waking=0.5)
    assert simulate(fleet, costs, [0.0, 10.0]).took == pytest.approx([1.5, 1.5])
    assert simulate(fleet, costs, [0.0, 0.7]).took == pytest.approx([1.5, 1.8])


def test_a_request_goes_through_all_that_it_costs() -> None:
    costs = Costs(needs=[1.0], around=0.5, waking=0.25, balancer=0.03, client=0.002)
    assert simulate(Fleet(instances=2, workers=2), costs, [0.0]).took == pytest.approx([1.814])


def test_a_worker_that_has_turned_to_the_next_comes_back_to_answer_after_two_switches() -> None:
    fleet, costs = Fleet(instances=1, workers=1, wait=1.0, switch=0.01), Costs(needs=[1.0])
    assert simulate(fleet, costs, [0.0]).took == pytest.approx([1.0])
    assert simulate(fleet, costs, [0.0, 0.5]).took == pytest.approx([1.02, 1.5])


def test_a_second_in_which_all_is_slow_makes_all_wait() -> None:
    costs = Costs(needs=[0.1], balancer=0.01, client=0.01, pace=[1.0, 2.0, 1.0])
    assert simulate(Fleet(instances=1, workers=1), costs, [0.0, 1.0, 2.0, 9.0]).took == pytest.approx(
        [0.14, 0.28, 0.14, 0.14]
    )


@pytest.mark.parametrize("instances", [2, 4])
def test_nobody_is_lost_or_told_twice_and_the_same_seed_tells_the_same(instances: int) -> None:
    fleet, costs = Fleet(instances=instances, workers=2, wait=0.5), Costs(needs=SPREAD, around=0.1, refusal=0.2)
    outcome = outcome_of(fleet, costs, 2.5 * instances, 5_000)
    assert len(outcome.took) + outcome.refused == 5_000
    assert outcome.refused > 0
    assert outcome_of(fleet, costs, 2.5 * instances, 5_000) == outcome


def shed(**how: Balancing | int) -> float:
    fleet = Fleet(instances=3, workers=1, wait=0.5, **how)  # type: ignore[arg-type]
    return outcome_of(fleet, Costs(needs=SPREAD), 2.1, 20_000).shed


def test_another_try_elsewhere_and_the_least_busy_refuse_fewer() -> None:
    assert shed(tries=2) < shed(tries=1)
    assert shed(balancing=Balancing.LEAST, tries=1) < shed(balancing=Balancing.TURNS, tries=1)


def test_more_instances_at_the_same_load_each_make_wait_less() -> None:
    waits = [
        fmean(outcome_of(Fleet(instances=count, workers=1), Costs(needs=[0.1]), 8.0 * count, 10_000).took)
        for count in (1, 2, 4, 8)
    ]
    assert waits == sorted(waits, reverse=True)
