"""Overload: some requests are served, the others rejected; probes and metrics are right.

`python -m bench.overload` measures the same with times.
"""

from __future__ import annotations

import asyncio
import re

from tests.helpers.load import run_closed_loop
from tests.helpers.overload import EXPECTED_PROBES, EXPECTED_STATUSES, generate_requests, run_overload
from tests.helpers.server import running


def test_double_load_gets_results_or_rejections() -> None:
    """All requests get a result or a rejection, and the metrics count them."""
    with running(COPYDESK_QUEUE_TIMEOUT="0.1") as server:
        _, most = asyncio.run(run_closed_loop(server.port, generate_requests(), 4, 2))
        before = shed(server.ask("GET", "/metrics")[1])
        # Four times the measured capacity, as the machine may have been busy during the measurement.
        tally, probes = asyncio.run(run_overload(server, most * 4, 5))
        metrics = server.ask("GET", "/metrics")[1]
        assert set(tally.statuses) == EXPECTED_STATUSES
        assert set(probes.statuses) == EXPECTED_PROBES
        assert shed(metrics) - before == len(tally.rejection_latencies)
        # After the overload, the service is as before.
        assert server.ask("GET", "/readyz")[0] == 200
        assert b"copydesk_http_requests_in_flight 1.0" in metrics


def shed(metrics: bytes) -> float:
    return sum(
        float(value) for value in re.findall(rb"^copydesk_requests_rejected_total\{.*\} (.+)$", metrics, re.MULTILINE)
    )
