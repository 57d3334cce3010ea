"""The memory limit of `python -m bench.attack`."""

from __future__ import annotations

from bench.attack.target import MemoryLimit, at_most, memory_limit, named
from tests.helpers.server import running
from tests.helpers.waiting import wait_until


def test_limits_are_those_of_the_manifests() -> None:
    assert 100 < memory_limit("small") < memory_limit("base") < 10_000


def test_a_worker_over_the_limit_is_killed_and_replaced() -> None:
    with running(COPYDESK_WORKERS="1") as server:
        [first] = server.worker_pids()
        with MemoryLimit(server, 10_000) as limit:
            wait_until(lambda: limit.peak)
            assert 50 < limit.peak < 1_000
            assert limit.kills == 0
            limit.megabytes = 1.0
            wait_until(lambda: limit.kills)
        wait_until(lambda: server.worker_pids() not in ([], [first]))
        assert server.ask("GET", "/livez")[0] == 200


def test_checks_hold_up_to_their_limit() -> None:
    held, failed = named("x", [at_most("y", 2.0, 2.0, "s"), at_most("y", 2.1, 2.0, "s")])
    assert (held.what, held.is_held, failed.is_held) == ("x: y", True, False)
