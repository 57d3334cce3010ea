"""Attack a real service and print what held. The exit status is 1 after a failure.

\b
python -m bench.attack                         all attacks, in about twenty minutes
python -m bench.attack tiny-lines slow-heads   only these

Each attack starts its own service: gunicorn with two workers, and the memory limit of its manifest in deploy/k8s.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import click

from bench.attack import articles, bodies, clients, operation, protocol
from bench.attack.target import Check

_ATTACKS: tuple[Callable[[], Iterator[Check]], ...] = (
    bodies.parallel_bodies,
    bodies.line_of_emoji,
    bodies.tiny_lines,
    bodies.singles_during_batch,
    articles.expensive_articles,
    articles.escaped_markup,
    articles.hostile_urls,
    operation.revoked_keys,
    operation.broken_keys,
    operation.stalled_log,
    bodies.many_batches,
    clients.unread_responses,
    clients.slow_heads,
    clients.slow_bodies,
    clients.slow_chunks,
    protocol.edges_of_http,
    protocol.invalid_settings,
    operation.killed_master,
)
ATTACKS = {attack.__name__.replace("_", "-"): attack for attack in _ATTACKS}


@click.command(help=__doc__)
@click.argument("names", nargs=-1, type=click.Choice(list(ATTACKS)))
def main(names: tuple[str, ...]) -> None:
    """Attack."""
    failures = 0
    for name in names or ATTACKS:
        click.echo(name)
        for check in ATTACKS[name]():
            failures += not check.is_held
            result = "held  " if check.is_held else "FAILED"
            click.echo(f"  {result}  {check.what:60} {check.measured:>24}  {check.limit}")
    click.echo(f"{failures} checks failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
