"""What a batch costs beside cleaning its articles in process, and what a hundred thousand of them do to memory.

\b
python -m bench.batch               the CPU of the service for NDJSON, 100 articles a request, beside that in process
python -m bench.batch --many N      N articles through clean_many: the memory of client and workers; a worker is killed
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click

from bench.repair import CORPUS
from copydesk import cleaning as service
from copydesk import strict_json
from copydesk.article import Json, Options
from copydesk.settings import Settings
from tests.helpers.server import Server, running

_REQUESTS, _EACH = 20, 100
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
# Characters: as long as the story that the project began with.
_LONG = 2_700


def articles() -> Iterator[dict[str, Json]]:
    """Yield seed-sized articles without end: those of the corpus, each made as long as that, no two alike."""
    raws = [article for path in sorted(CORPUS.glob("*.json")) for article in json.loads(path.read_text("utf-8"))[:1]]
    number = 0
    while True:
        for raw in raws:
            text = "\n\n".join(f"{raw['text']} {number}.{part}" for part in range(-(-_LONG // len(raw["text"]))))
            yield raw | {"id": str(number), "text": text[:_LONG]}
            number += 1


def workers(server: Server) -> list[int]:
    """Return the processes that do the work."""
    return [
        int(pid) for pid in Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    ]


def cpu(pids: list[int]) -> float:
    """Return the seconds of CPU that processes have used."""
    return sum(sum(map(int, _stat(pid)[11:13])) for pid in pids) / _TICKS


def memory(pids: list[int]) -> int:
    """Return the bytes of memory that processes hold, shared ones counted in each."""
    return sum(int(_stat(pid)[21]) for pid in pids) * _PAGE


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def measure_cpu(server: Server) -> None:
    """Print what a request of 100 articles costs as a multiple of cleaning them in process."""
    source = articles()
    batches = [[next(source) for _ in range(_EACH)] for _ in range(_REQUESTS)]
    bodies = [b"".join(map(strict_json.dumps, batch)) for batch in batches]
    service.warm_up()
    ours = theirs = 0.0
    for batch, body in zip(batches, bodies, strict=True):
        start = time.process_time()
        for raw in batch:
            strict_json.dumps(service.clean_article(raw, Options(), Settings()).to_dict())
        ours += time.process_time() - start
        start = cpu(workers(server))
        status, _ = server.ask("POST", "/v1/articles/batch", body, Content_Type="application/x-ndjson")
        theirs += cpu(workers(server)) - start
        assert status == 200  # noqa: S101  else nothing was measured
    told = (
        f"{ours / _REQUESTS / _EACH * 1e3:.2f} ms of CPU in process, {theirs / _REQUESTS / _EACH * 1e3:.2f} as NDJSON"
    )
    click.echo(f"an article   {told}: {theirs / ours:.2f} ×")


def measure_many(server: Server, count: int) -> None:
    """Print the memory of client and workers over many articles, while one worker is killed in the middle."""
    from copydesk.client import Client  # noqa: PLC0415  an extra: the CPU can be measured without it

    source, seen = articles(), set()
    first = 0
    with Client(f"http://127.0.0.1:{server.port}") as client:
        for done, result in enumerate(client.clean_many(next(source) for _ in range(count)), 1):
            seen.add(result.key)
            if done == min(1_000, count // 4):
                first = memory(workers(server))
            if done == count // 2:
                os.kill(workers(server)[0], signal.SIGKILL)
    last = memory(workers(server))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    click.echo(f"answers      {done} of {count}, {done - len(seen)} twice, a worker killed on the way")
    click.echo(f"client       {peak / 1e6:.0f} MB at most")
    grown = f"{first / 1e6:.0f} MB after the first thousand, {last / 1e6:.0f} at the end: {last / first - 1:+.1%}"
    click.echo(f"workers      {grown}")


@click.command(help=__doc__)
@click.option("--many", type=int, help="how many articles")
def main(many: int | None) -> None:
    """Measure."""
    with running() as server:
        if many:
            measure_many(server, many)
        else:
            measure_cpu(server)


if __name__ == "__main__":
    sys.exit(main())
