"""CPU of a batch relative to the library, and memory over many articles.

\b
python -m bench.batch               CPU of the service for NDJSON, 100 articles per request, relative to the library
python -m bench.batch --many N      N articles by Client.clean_many: memory of client and workers; one worker is killed
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from itertools import islice

import click

from bench.processes import cpu_time, memory, worker_pids
from bench.timing import cpu_seconds
from copydesk import cleaning, strict_json
from copydesk.article import Json, Options
from copydesk.limits import Limits
from tests.helpers.corpus import generate_articles
from tests.helpers.server import Server, running

_REQUESTS, _BATCH_SIZE = 20, 100
_WARM_UP_ARTICLES = 1_000


def measure_cpu(server: Server) -> None:
    """Print the CPU of an article in the library, in a batch, and their ratio."""
    source = generate_articles()
    cleaning.warm_up()
    library = service = 0.0
    for _ in range(_REQUESTS):
        batch = list(islice(source, _BATCH_SIZE))
        library += sum(cpu_seconds(lambda raw=raw: _clean(raw)) for raw in batch)  # type: ignore[misc]
        start = cpu_time(worker_pids(server))
        body = b"".join(map(strict_json.dumps, batch))
        status, content = server.ask("POST", "/v1/articles/batch", body, Content_Type="application/x-ndjson")
        service += cpu_time(worker_pids(server)) - start
        if status != 200:
            raise click.ClickException(f"{status}: {content[:300]!r}")
    library_ms, service_ms = (1e3 * seconds / _REQUESTS / _BATCH_SIZE for seconds in (library, service))
    click.echo(
        f"article      {library_ms:.2f} ms of CPU in process, {service_ms:.2f} as NDJSON: {service / library:.2f} ×"
    )


def _clean(raw: Json) -> None:
    strict_json.dumps(cleaning.clean_article(raw, Options(), Limits()).to_dict())


def measure_memory(server: Server, count: int) -> None:
    """Print the memory of client and workers over many articles. One worker is killed after half of them.

    Args:
        server: the service.
        count: the number of articles.
    """
    from copydesk.client import Client  # noqa: PLC0415  an extra; `measure_cpu` works without it

    keys = set()
    results = 0
    first = 0.0
    warm_up = min(_WARM_UP_ARTICLES, count // 4)
    with Client(f"http://127.0.0.1:{server.port}") as client:
        for result in client.clean_many(islice(generate_articles(), count)):
            results += 1
            keys.add(result.key)
            if results == warm_up:
                first = memory(worker_pids(server)).rss
            if results == count // 2:
                os.kill(worker_pids(server)[0], signal.SIGKILL)
    last = memory(worker_pids(server)).rss
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    click.echo(f"results      {results} of {count}, {results - len(keys)} twice, one worker killed")
    click.echo(f"client       {peak_mb:.0f} MB at most")
    growth = f"{first:.0f} MB after {warm_up} articles, {last:.0f} at the end: {last / first - 1:+.1%}"
    click.echo(f"workers      {growth}")


@click.command(help=__doc__)
@click.option("--many", type=click.IntRange(min=4), help="Number of articles.")
def main(many: int | None) -> None:
    """Measure."""
    with running() as server:
        if many:
            measure_memory(server, many)
        else:
            measure_cpu(server)


if __name__ == "__main__":
    sys.exit(main())
