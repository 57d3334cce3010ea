"""Cost of Copydesk relative to `ftfy.fix_text` and `langdetect.detect_langs`.

\b
python -m bench.speed            all measurements, with their limits
python -m bench.speed --write    also write them to bench/README.md, and the plot to docs/images/

Times are CPU time. Copydesk and the reference alternate, round by round, and the median of the rounds counts. The
articles are those of `bench.workload`; all options are on.
"""

from __future__ import annotations

import functools
import statistics
import sys
from collections.abc import Callable, Iterable

import click

from bench import invariants
from bench.measurement import HEADER, Measurement
from bench.service import start_service
from bench.timing import clear_caches, cpu_seconds, run_reference
from bench.workload import (
    RawArticle,
    build_long_article,
    build_workload,
    is_damaged,
    read_articles,
    to_article,
)
from copydesk import cleaning, pipeline, strict_json
from copydesk.article import Article

_ROUNDS = 7
_BATCH_SIZE = 100
_SAMPLE_ARTICLE = "en-3"
_JSON, _NDJSON = "application/json", "application/x-ndjson"


def measure_costs(raws: list[RawArticle], articles: list[Article]) -> list[Measurement]:
    """Measure the library and the service, for single articles and batches.

    Args:
        raws: the raw articles of the workload.
        articles: the same articles, validated.
    """
    batch = [raws[i % len(raws)] for i in range(_BATCH_SIZE)]
    bodies = [strict_json.dumps(raw) for raw in raws]
    batch_body = b"".join(map(strict_json.dumps, batch))
    reference_rounds: list[list[float]] = []
    library_rounds: list[list[float]] = []
    single_rounds: list[float] = []
    batch_rounds: list[float] = []
    with start_service(workers=1) as service:
        post_singles = functools.partial(service.post_each, "/v1/articles", bodies, _JSON)
        post_batch = functools.partial(service.post, "/v1/articles/batch", batch_body, _NDJSON)
        for _ in range(_ROUNDS):
            reference_rounds.append([cpu_seconds(functools.partial(run_reference, raw)) for raw in raws])
            library_rounds.append([cpu_seconds(functools.partial(pipeline.clean, article)) for article in articles])
            single_rounds.append(service.cpu_seconds(post_singles))
            batch_rounds.append(service.cpu_seconds(post_batch))
    reference, library = _medians(reference_rounds), _medians(library_rounds)
    reference_batch = sum(reference[i % len(raws)] for i in range(_BATCH_SIZE))
    clear_caches()
    cold = sum(cpu_seconds(functools.partial(pipeline.clean, article)) for article in articles)
    undamaged = [i for i in range(len(raws)) if not is_damaged(i)]
    undamaged_ratio = sum(library[i] for i in undamaged) / sum(reference[i] for i in undamaged)
    batch_ratio, single_ratio = (
        statistics.median(batch_rounds) / reference_batch,
        statistics.median(single_rounds) / sum(reference),
    )
    return [
        Measurement("ftfy and langdetect, ms per article", 1e3 * sum(reference) / len(raws)),
        Measurement("pipeline.clean in process ×", sum(library) / sum(reference), 0.12),
        Measurement("  median of the articles ×", statistics.median(map(float.__truediv__, library, reference))),
        Measurement("  undamaged articles ×", undamaged_ratio),
        Measurement("  first pass with empty caches ×", cold / sum(reference)),
        Measurement("NDJSON batch of 100 over HTTP, CPU of the service ×", batch_ratio, 0.15),
        Measurement("single articles over HTTP, CPU of the service ×", single_ratio, 0.25),
    ]


def _medians(rounds: list[list[float]]) -> list[float]:
    """Return the median of each article over all rounds."""
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def measure_growth() -> list[Measurement]:
    """Measure the cost of a character by the length of the text."""
    seconds = {}
    for length in (10_000, 100_000, 1_000_000):
        article = to_article(build_long_article(length))
        seconds[length] = statistics.median(cpu_seconds(functools.partial(pipeline.clean, article)) for _ in range(5))
    early = (seconds[100_000] - seconds[10_000]) / 90_000
    late = (seconds[1_000_000] - seconds[100_000]) / 900_000
    return [
        Measurement("10,000 characters, ms", 1e3 * seconds[10_000]),
        Measurement("1,000,000 characters, ms", 1e3 * seconds[1_000_000]),
        Measurement(
            "1,000,000 characters, relative to 100 times 10,000 ×", seconds[1_000_000] / seconds[10_000] / 100, 1.2
        ),
        Measurement("a character above 100,000, relative to one below ×", late / early, 1.2),
    ]


def measure_load(seconds: float) -> list[Measurement]:
    """Measure throughput, and latency at half of it with random arrivals."""
    raw = next(raw for raw in read_articles() if raw["id"] == _SAMPLE_ARTICLE)
    with start_service(workers=1) as service:
        load = service.measure_half_load("/v1/articles", strict_json.dumps(raw), seconds)
    return [
        Measurement("one worker, articles of 2.8 kB per second", load.requests_per_second),
        Measurement("p50 at half of that, ms", 1e3 * load.p50),
        Measurement("p99 ÷ p50 ×", load.p99 / load.p50, 4),
    ]


def measure_memory() -> list[Measurement]:
    """Measure the memory of the service and of each further worker, after all workers have cleaned the workload."""
    bodies = [strict_json.dumps(raw) for raw in build_workload()]
    memory_mb = {}
    for workers in (1, 3):
        with start_service(workers=workers) as service:
            service.post_concurrently("/v1/articles", bodies, seconds=8.0 * workers)
            memory_mb[workers] = service.memory_mb()
    return [
        Measurement("one worker and the master, MB", memory_mb[1]),
        Measurement("each further worker, MB", (memory_mb[3] - memory_mb[1]) / 2, 40),
    ]


@click.command(help=__doc__)
@click.option("--write", is_flag=True)
@click.option("--seconds", default=20.0, show_default=True, help="Duration of the load.")
def main(*, write: bool, seconds: float) -> None:
    """Measure."""
    cleaning.warm_up()
    raws = build_workload()
    articles = list(map(to_article, raws))
    click.echo(HEADER)
    parts: tuple[Callable[[], Iterable[Measurement]], ...] = (
        functools.partial(measure_costs, raws, articles),
        measure_growth,
        functools.partial(measure_load, seconds),
        measure_memory,
        lambda: [invariants.check_prefilters()],
        invariants.compare_languages,
    )
    measurements: list[Measurement] = []
    for part in parts:
        for measurement in part():
            click.echo(str(measurement))
            measurements.append(measurement)
    if write:
        from bench import plot  # noqa: PLC0415  importing matplotlib is slow

        plot.write(measurements)


if __name__ == "__main__":
    sys.exit(main())
