"""Size of responses relative to requests, by the option `changes`. The texts are those of `bench.speed`, in UTF-8.

\b
python -m bench.response_size
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from itertools import chain

import click

import copydesk
from bench.workload import UTF8_CHAIN, read_workload
from copydesk.strict_json import dumps
from tests.helpers.corruption import corrupt

_CHANGES = ("none", "summary", "full", "explained")


def measure(texts: Iterable[str], changes: str) -> tuple[float, float]:
    """Return the size of the responses relative to the requests: as they are, and both with gzip."""
    sent = [dumps({"text": text}) for text in texts]
    received = [dumps(copydesk.clean({"text": text}, {"changes": changes}).to_dict()) for text in texts]
    plain = sum(map(len, received)) / sum(map(len, sent))
    return plain, sum(len(gzip.compress(body)) for body in received) / sum(len(gzip.compress(body)) for body in sent)


@click.command(help=__doc__)
def main() -> None:
    """Measure."""
    clean = read_workload(None).clean_texts
    damaged = [text for one in clean if (text := corrupt(one, UTF8_CHAIN)) and text != one]
    click.echo(f"{'':10}{'undamaged':>12}{'with gzip':>12}{'damaged':>12}{'with gzip':>12}")
    for changes in _CHANGES:
        values = chain(measure(clean, changes), measure(damaged, changes))
        click.echo(f"{changes:10}" + "".join(f"{value:12.2f}" for value in values))


if __name__ == "__main__":
    main()
