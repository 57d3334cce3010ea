"""What Copydesk costs beside the loop that it replaces: `ftfy.fix_text` and `langdetect.detect_langs` on each text.

\b
python -m bench.speed            all of it, with what each may cost at most
python -m bench.speed --write    and write the figures to bench/README.md and the plot to docs/images/

Seconds are of the CPU, never of the clock, and all ratios are of one run: the loop takes its turn between the others,
round by round, and of the rounds the median counts. The articles are those of `bench.workload`, with everything on.
"""

from __future__ import annotations

import functools
import statistics
import sys
from collections.abc import Callable, Iterable
from typing import Any

import click

from bench import invariants as proofs
from bench import service
from bench import workload as mix
from bench.measurement import HEAD, Figure
from bench.timing import forget, loop, seconds
from copydesk import cleaning as walk
from copydesk import pipeline as desk
from copydesk import strict_json
from copydesk.article import Article

_ROUNDS = 7
_BATCH = 100


def costs(raws: list[dict[str, Any]], articles: list[Article]) -> list[Figure]:
    """Measure the desk and the service beside the loop, article by article and in batches."""
    batch = [raws[at % len(raws)] for at in range(_BATCH)]
    bodies = [strict_json.dumps(raw) for raw in raws]
    lines = b"".join(strict_json.dumps(raw) for raw in batch)
    rounds: dict[str, list[list[float]]] = {"loop": [], "desk": []}
    singles: list[float] = []
    batches: list[float] = []
    with service.started(workers=1) as server:
        for _ in range(_ROUNDS):
            rounds["loop"].append([seconds(functools.partial(loop, raw)) for raw in raws])
            rounds["desk"].append([seconds(functools.partial(desk.clean, article)) for article in articles])
            singles.append(server.cpu(lambda: server.post_each("/v1/articles", bodies, "application/json")))
            batches.append(server.cpu(lambda: server.post("/v1/articles/batch", lines, "application/x-ndjson")))
    theirs, ours = ([statistics.median(times) for times in zip(*rounds[name], strict=True)] for name in rounds)
    forget()
    first = sum(seconds(functools.partial(desk.clean, article)) for article in articles)
    each = dict(zip(map(id, raws), theirs, strict=True))
    return [
        Figure("the loop, ms an article", 1e3 * sum(theirs) / len(raws)),
        Figure("desk.clean in process ×", sum(ours) / sum(theirs), 0.12),
        Figure("  median over the articles ×", statistics.median(map(float.__truediv__, ours, theirs))),
        Figure("  of those that are not damaged ×", _undamaged(ours, theirs)),
        Figure("  the mix once, no word of it known ×", first / sum(theirs)),
        Figure(
            "NDJSON batch of 100 over HTTP, the service's CPU ×",
            statistics.median(batches) / sum(each[id(r)] for r in batch),
            0.15,
        ),
        Figure("single articles over HTTP, the service's CPU ×", statistics.median(singles) / sum(theirs), 0.25),
    ]


def _undamaged(ours: list[float], theirs: list[float]) -> float:
    kept = [at for at in range(len(ours)) if at % mix.EACH != mix.EACH // 2]
    return sum(ours[at] for at in kept) / sum(theirs[at] for at in kept)


def growth() -> list[Figure]:
    """Measure what a character costs as texts grow: the next hundred thousand as much as those before."""
    took = {}
    for size in (10_000, 100_000, 1_000_000):
        article = mix.arrived(mix.lengthened(size))
        took[size] = statistics.median(seconds(functools.partial(desk.clean, article)) for _ in range(5))
    early = (took[100_000] - took[10_000]) / 90_000
    late = (took[1_000_000] - took[100_000]) / 900_000
    return [
        Figure("10,000 characters, ms", 1e3 * took[10_000]),
        Figure("1,000,000 characters, ms", 1e3 * took[1_000_000]),
        Figure("1,000,000 characters beside 100 times 10,000 ×", took[1_000_000] / took[10_000] / 100, 1.2),
        Figure("a character from 100,000 on beside one before ×", late / early, 1.2),
    ]


def load(lasting: float) -> list[Figure]:
    """Measure how long one article takes at half of what a worker can do, asked for at random times."""
    raw = next(raw for raw in mix.clean() if raw["id"] == "en-3")
    with service.started(workers=1) as server:
        most, p50, p99 = server.at_half_load("/v1/articles", strict_json.dumps(raw), lasting)
    return [
        Figure("one worker, articles of 2.8 kB a second", most),
        Figure("p50 at half of that, ms", 1e3 * p50),
        Figure("p99 over p50 ×", p99 / p50, 4),
    ]


def memory() -> list[Figure]:
    """Measure what a worker beyond the first holds for itself, once all have seen the mix."""
    bodies = [strict_json.dumps(raw) for raw in mix.mixed()]
    held = {}
    for workers in (1, 3):
        with service.started(workers=workers) as server:
            server.crowd("/v1/articles", bodies, seconds=8.0 * workers)
            held[workers] = server.memory() / 1e6
    return [
        Figure("one worker and the master, MB", held[1]),
        Figure("a worker beyond the first, MB", (held[3] - held[1]) / 2, 40),
    ]


@click.command(help=__doc__)
@click.option("--write", is_flag=True)
@click.option("--seconds", "lasting", default=20.0, show_default=True, help="how long the load lasts")
def main(*, write: bool, lasting: float) -> None:
    """Measure."""
    walk.warm_up()
    raws = mix.mixed()
    articles = [mix.arrived(raw) for raw in raws]
    click.echo(HEAD)
    told: list[str] = []
    parts: tuple[Callable[[], Iterable[Figure]], ...] = (
        functools.partial(costs, raws, articles),
        growth,
        functools.partial(load, lasting),
        memory,
        lambda: [proofs.screens()],
        proofs.languages,
    )
    for part in parts:
        lines = list(map(str, part()))
        click.echo("\n".join(lines))
        told += lines
    if write:
        from bench import plot  # noqa: PLC0415  matplotlib takes a second

        plot.write(told)


if __name__ == "__main__":
    sys.exit(main())
