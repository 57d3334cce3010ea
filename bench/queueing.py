"""Instances behind a balancer as queues, event by event: what would so many requests a second meet?

Each request goes its way through processes: the client's, one of the balancer's, a worker's, and back. What it costs
each of them is CPU. Processes that have something to do share the CPUs evenly, and threads their process, except that a
worker cleans one article at a time, in the order of asking (svc/http/admission.py).

The balancer gives a request to the instance with the fewest under way (`least_conn`), or to the next in turn, and to
none that has as many as it may; where there is no other it refuses. At the instance a worker takes it, one of them by
chance, since a connection belongs to a worker. Whoever waits longer than the instance bears, or finds the room full, is
refused, and tried once more at another instance, where the wait begins anew (deploy/nginx.conf).
"""

from __future__ import annotations

import heapq
import math
import random
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import count
from typing import Protocol, TypeAlias

from svc.http.admission import MAX_QUEUED

_NEVER = math.inf


class Resume(Protocol):
    """What a step calls when it is done: it lets the request go on, and tells it whether the step went well."""

    def __call__(self, *, well: bool = True) -> None:
        """Go on."""


Step: TypeAlias = Callable[[Resume], None]
Way: TypeAlias = Generator[Step, bool, None]


class Balancing(StrEnum):
    """How the balancer chooses an instance."""

    LEAST = "least_conn"
    TURNS = "round_robin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What a request costs, in seconds of CPU.

    Args:
        needs: its turn at a worker; each takes one of these, by chance.
        around: what else it costs the worker, half before its turn and half after it.
        waking: what it costs a worker that had nothing to do on top of that.
        refusal: what it costs a worker to refuse it, beyond what comes before the turn.
        balancer: a passage through the balancer, there or back.
        client: to send it, or to receive the answer.
        pace: how many times as much all that costs in each second of a run; the last goes on.
    """

    needs: Sequence[float]
    around: float = 0.0
    waking: float = 0.0
    refusal: float = 0.0
    balancer: float = 0.0
    client: float = 0.0
    pace: Sequence[float] = (1.0,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Instances of so many workers each, and their balancer.

    Args:
        instances: how many.
        workers: of each.
        wait: COPYDESK_QUEUE_TIMEOUT, in seconds.
        most: how many requests an instance may have for each of its workers.
        balancing: how the balancer chooses.
        tries: instances that a request is sent to at most.
        balancers: processes that the balancer has.
        switch: seconds until a busy worker turns to something else; to begin with a request it does so twice, and to
            end with it (`sys.setswitchinterval` in svc/server/gunicorn_conf.py).
        cpus: of all together; as many as wanted, if nothing is said.
    """

    instances: int
    workers: int
    wait: float = 0.25
    most: int = 32
    balancing: Balancing = Balancing.LEAST
    tries: int = 2
    balancers: int = 2
    switch: float = 0.001
    cpus: float = _NEVER


@dataclass(slots=True)
class Outcome:
    """What came of it: the seconds that each answer took, and how many requests were refused in the end."""

    took: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def shed(self) -> float:
        """The share of the requests that were refused; 0 of none."""
        return self.refused / max(1, self.refused + len(self.took))


class _Machine:
    """Time, and the CPUs. `work` is how many seconds of CPU a busy process has had: all ends are known in its terms."""

    def __init__(self, cpus: float) -> None:
        self.cpus = cpus
        self.now = self.work = 0.0
        self.busy = 0
        self.numbers = count()
        self.ends: list[tuple[float, int, _Process]] = []
        self.alarms: list[tuple[float, int, Callable[[], None]]] = []

    def at(self, time: float, do: Callable[[], None]) -> None:
        """Do something at a time."""
        heapq.heappush(self.alarms, (time, next(self.numbers), do))

    def run(self) -> None:
        """Let time pass until nothing is left to be done."""
        while True:
            while self.ends and self.ends[0][1] != self.ends[0][2].planned:
                heapq.heappop(self.ends)
            pace = min(1.0, self.cpus / self.busy) if self.busy else 1.0
            end = self.now + (self.ends[0][0] - self.work) / pace if self.ends else _NEVER
            alarm = self.alarms[0][0] if self.alarms else _NEVER
            if min(end, alarm) == _NEVER:
                return
            self.work += (min(end, alarm) - self.now) * pace
            self.now = min(end, alarm)
            if end <= alarm:
                heapq.heappop(self.ends)[2].finish()
            else:
                heapq.heappop(self.alarms)[2]()


class _Process:
    """A process whose threads share it evenly. `given` is how many seconds each of them has had."""

    def __init__(self, machine: _Machine) -> None:
        self.machine = machine
        self.given = self.seen = 0.0
        self.threads: list[tuple[float, int, Resume]] = []
        self.planned = -1

    def spend(self, seconds: float, resume: Resume) -> None:
        """Spend CPU in a thread of its own."""
        self._look()
        self.machine.busy += not self.threads
        heapq.heappush(self.threads, (self.given + seconds, next(self.machine.numbers), resume))
        self._plan()

    def finish(self) -> None:
        """End the thread that is the next to end."""
        self._look()
        _, _, resume = heapq.heappop(self.threads)
        self.machine.busy -= not self.threads
        self._plan()
        resume()

    def _look(self) -> None:
        if self.threads:
            self.given += (self.machine.work - self.seen) / len(self.threads)
        self.seen = self.machine.work

    def _plan(self) -> None:
        """Tell the machine when the next thread ends; what it was told before is void."""
        self.planned = next(self.machine.numbers)
        if self.threads:
            left = (self.threads[0][0] - self.given) * len(self.threads)
            heapq.heappush(self.machine.ends, (self.machine.work + left, self.planned, self))


class _Worker(_Process):
    """A worker of an instance, with a turn that one request has and others wait for."""

    def __init__(self, machine: _Machine, wait: float) -> None:
        super().__init__(machine)
        self.wait = wait
        self.taken = False
        self.waiting: OrderedDict[int, Resume] = OrderedDict()

    def turn(self, resume: Resume) -> None:
        """Wait for the turn: told is whether it was got."""
        if not self.taken:
            self.taken = True
            resume()
        elif len(self.waiting) >= MAX_QUEUED:
            resume(well=False)
        else:
            number = next(self.machine.numbers)
            self.waiting[number] = resume
            self.machine.at(self.machine.now + self.wait, partial(self._give_up, number))

    def _give_up(self, number: int) -> None:
        if resume := self.waiting.pop(number, None):
            resume(well=False)

    def pass_on(self) -> None:
        """Give the turn to whoever has waited longest."""
        self.taken = bool(self.waiting)
        if self.taken:
            self.waiting.popitem(last=False)[1]()


class _Run:
    """All that is there, and the way of a request through it."""

    def __init__(self, fleet: Fleet, costs: Costs, dice: random.Random) -> None:
        self.fleet, self.costs, self.dice, self.outcome = fleet, costs, dice, Outcome()
        self.machine = _Machine(fleet.cpus)
        self.client = _Process(self.machine)
        self.balancers = [_Process(self.machine) for _ in range(fleet.balancers)]
        self.workers = [
            [_Worker(self.machine, fleet.wait) for _ in range(fleet.workers)] for _ in range(fleet.instances)
        ]
        self.under_way = [0] * fleet.instances
        self.last = 0

    def begin(self) -> None:
        """Let a request begin its way now."""
        way = self._way()
        next(way)(partial(self._go, way))

    def _go(self, way: Way, *, well: bool = True) -> None:
        try:
            step = way.send(well)
        except StopIteration:
            return
        step(partial(self._go, way))

    def _way(self) -> Way:
        """Go the way of a request, from its client to an instance or two and back."""
        began, balancer, tried = self.machine.now, self.dice.choice(self.balancers), list[int]()
        cleaned = False
        yield self._spend(self.client, self.costs.client)
        while not cleaned and (chosen := self._chosen(tried)) is not None:
            tried.append(chosen)
            self.under_way[chosen] += 1
            yield self._spend(balancer, self.costs.balancer)
            cleaned = yield from self._at(self.dice.choice(self.workers[chosen]))
            yield self._spend(balancer, self.costs.balancer)
            self.under_way[chosen] -= 1
        yield self._spend(self.client, self.costs.client)
        if cleaned:
            self.outcome.took.append(self.machine.now - began)
        else:
            self.outcome.refused += 1

    def _at(self, worker: _Worker) -> Generator[Step, bool, bool]:
        """Go through a worker; tell whether the article was cleaned."""
        costs = self.costs
        asleep = not worker.threads
        yield self._noticed(worker)
        yield self._spend(worker, costs.around / 2 + asleep * costs.waking)
        if not (yield worker.turn):
            yield self._spend(worker, costs.refusal)
            return False
        yield self._spend(worker, self.dice.choice(costs.needs))
        worker.pass_on()
        yield self._noticed(worker)
        yield self._spend(worker, costs.around / 2)
        return True

    def _spend(self, process: _Process, seconds: float) -> Step:
        pace = self.costs.pace
        return partial(process.spend, seconds * pace[min(int(self.machine.now), len(pace) - 1)])

    def _noticed(self, worker: _Worker) -> Step:
        return partial(self.machine.at, self.machine.now + 2 * self.fleet.switch * bool(worker.threads))

    def _chosen(self, tried: Sequence[int]) -> int | None:
        """Return the instance that the balancer chooses, if there is one that it may."""
        fleet = self.fleet
        most = fleet.most * fleet.workers
        free = [at for at in range(fleet.instances) if at not in tried and self.under_way[at] < most]
        if not free or len(tried) >= fleet.tries:
            return None
        self.last += 1
        in_turn = sorted(free, key=lambda at: (at - self.last) % fleet.instances)
        return min(in_turn, key=self.under_way.__getitem__) if fleet.balancing is Balancing.LEAST else in_turn[0]


def simulate(fleet: Fleet, costs: Costs, arrivals: Iterable[float], seed: int = 1) -> Outcome:
    """Send requests at certain times; tell what came of them.

    Args:
        fleet: who serves.
        costs: what a request costs.
        arrivals: when each comes, in seconds.
        seed: of the dice: the same gives the same.
    """
    run = _Run(fleet, costs, random.Random(seed))
    for time in arrivals:
        run.machine.at(time, run.begin)
    run.machine.run()
    return run.outcome
