"""Instances behind a balancer as queues, event by event: what would so many requests a second meet?

Requests come at random times (Poisson). The balancer gives each to the instance with the fewest under way
(`least_conn`), or to the next in turn; there a worker takes it, one of them by chance, since a connection belongs to a
worker. A worker does one thing at a time, in the order of asking (svc/web/admission.py). Whoever waits longer than the
instance bears, or finds the room full, is refused, and tried once more at another instance, where the wait begins anew
(deploy/nginx.conf). Workers that are busy share the CPUs evenly when there are fewer of those.
"""

from __future__ import annotations

import heapq
import math
import random
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from svc.web.admission import ROOM

_TRIES = 2
_NEVER = math.inf


class Balancing(StrEnum):
    """How the balancer chooses an instance."""

    LEAST = "least_conn"
    TURNS = "round_robin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Instances of so many workers each; `wait` is COPYDESK_QUEUE_WAIT, in seconds, `cpus` those of all together."""

    instances: int
    workers: int
    wait: float = 0.25
    cpus: float = _NEVER
    balancing: Balancing = Balancing.LEAST
    tries: int = _TRIES


@dataclass(slots=True)
class Outcome:
    """What came of it: the seconds that each answer took, and how many requests were refused in the end."""

    took: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def shed(self) -> float:
        """The share of the requests that were refused."""
        return self.refused / (self.refused + len(self.took))


@dataclass(slots=True)
class _Worker:
    instance: int
    busy: bool = False
    waiting: OrderedDict[int, _Request] = field(default_factory=OrderedDict)


@dataclass(slots=True)
class _Request:
    number: int
    due: float
    need: float
    tried: list[int] = field(default_factory=list)


class _Run:
    """One run. `work` is how many seconds of CPU each busy worker has had, so that all ends are known in its terms."""

    def __init__(self, fleet: Fleet, dice: random.Random) -> None:
        self.fleet, self.dice, self.outcome = fleet, dice, Outcome()
        self.now = self.work = 0.0
        self.workers = [[_Worker(at) for _ in range(fleet.workers)] for at in range(fleet.instances)]
        self.under_way = [0] * fleet.instances
        self.turn = 0
        self.ends: list[tuple[float, int, _Worker, _Request]] = []
        # All bear the same wait, so who began first gives up first.
        self.patience: deque[tuple[float, _Worker, int]] = deque()

    def pace(self) -> float:
        """Return how fast a busy worker works: 1 where each has a CPU."""
        return min(1.0, self.fleet.cpus / len(self.ends)) if self.ends else 1.0

    def until(self, time: float) -> None:
        """Let all happen that happens before a time."""
        while True:
            end = self.now + (self.ends[0][0] - self.work) / self.pace() if self.ends else _NEVER
            limit = self.patience[0][0] if self.patience else _NEVER
            if min(end, limit) > time or min(end, limit) == _NEVER:
                self._pass(time)
                return
            if end <= limit:
                self._pass(end)
                self._end()
            else:
                self._pass(limit)
                self._give_up()

    def _pass(self, time: float) -> None:
        if time < _NEVER:
            self.work += (time - self.now) * self.pace()
            self.now = time

    def place(self, request: _Request) -> None:
        """Give a request to an instance, and there to a worker."""
        free = [at for at in range(self.fleet.instances) if at not in request.tried]
        self.turn += 1
        in_turn = sorted(free, key=lambda at: (at - self.turn) % self.fleet.instances)
        least = self.fleet.balancing is Balancing.LEAST
        chosen = min(in_turn, key=self.under_way.__getitem__) if least else in_turn[0]
        request.tried.append(chosen)
        self.under_way[chosen] += 1
        worker = self.dice.choice(self.workers[chosen])
        if not worker.busy:
            self._begin(worker, request)
        elif len(worker.waiting) >= ROOM:
            self._refuse(request)
        else:
            worker.waiting[request.number] = request
            self.patience.append((self.now + self.fleet.wait, worker, request.number))

    def _begin(self, worker: _Worker, request: _Request) -> None:
        worker.busy = True
        heapq.heappush(self.ends, (self.work + request.need, request.number, worker, request))

    def _end(self) -> None:
        _, _, worker, request = heapq.heappop(self.ends)
        self.outcome.took.append(self.now - request.due)
        self.under_way[worker.instance] -= 1
        worker.busy = False
        if worker.waiting:
            self._begin(worker, worker.waiting.popitem(last=False)[1])

    def _give_up(self) -> None:
        _, worker, number = self.patience.popleft()
        if request := worker.waiting.pop(number, None):
            self._refuse(request)

    def _refuse(self, request: _Request) -> None:
        self.under_way[request.tried[-1]] -= 1
        if len(request.tried) < min(self.fleet.tries, self.fleet.instances):
            self.place(request)
        else:
            self.outcome.refused += 1


def simulate(fleet: Fleet, needs: Sequence[float], rate: float, requests: int, seed: int = 1) -> Outcome:
    """Send requests at random times; tell what came of them.

    Args:
        fleet: who serves.
        needs: seconds of CPU that requests take; each takes one of these, by chance.
        rate: how many come in a second, on average.
        requests: how many come in all.
        seed: of the dice: the same gives the same.
    """
    dice = random.Random(seed)
    run = _Run(fleet, dice)
    due = 0.0
    for number in range(requests):
        due += dice.expovariate(rate)
        run.until(due)
        run.place(_Request(number, due, dice.choice(needs)))
    run.until(_NEVER)
    return run.outcome
