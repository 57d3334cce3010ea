"""Baselines of the accuracy of repair on the corpus, in tests/quality/floors.json.

\b
python -m bench.baselines             write the current accuracy, if nothing is worse than before
python -m bench.baselines --lower     write it in any case
"""

from __future__ import annotations

import json
import sys

import click

from tests.helpers.accuracy import BASELINES_PATH, corpus_digest, measure


def _is_worse(current: tuple[float, float], right: float, wrong: float) -> bool:
    return current[0] < right or current[1] > wrong


@click.command(help=__doc__)
@click.option("--lower", is_flag=True, help="Allow baselines that are worse than before.")
def main(*, lower: bool) -> None:
    """Write the baselines."""
    previous = json.loads(BASELINES_PATH.read_text(encoding="utf-8"))["floors"] if BASELINES_PATH.exists() else {}
    current = measure()
    worse = [
        name for name, (right, wrong) in previous.items() if name in current and _is_worse(current[name], right, wrong)
    ]
    if worse and not lower:
        raise click.ClickException(f"Worse than before: {', '.join(worse)}. --lower writes the baselines anyway.")
    document = {"digest": corpus_digest(), "floors": {name: list(current[name]) for name in sorted(current)}}
    BASELINES_PATH.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
