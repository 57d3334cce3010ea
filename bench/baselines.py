"""Baselines of the accuracy of repair on the corpus, in tests/quality/floors.json.

\b
python -m bench.baselines             write the current accuracy, if nothing is worse than before
python -m bench.baselines --lower     write it in any case
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import click

from bench.corpus import CORPUS_DIR, read_sentences
from bench.repair import measure_accuracy, repair_with_copydesk

BASELINES_PATH = Path(__file__).parent.parent / "tests" / "quality" / "floors.json"

Accuracy = dict[str, tuple[float, float]]
"""The shares of right and of wrong repairs by family and length."""


def measure() -> Accuracy:
    """Measure the accuracy of repair on the corpus."""
    tally = measure_accuracy(read_sentences(), 1, {"copydesk": repair_with_copydesk})
    return {
        f"{family}, {length}": (round(counts["right"] / counts.total(), 4), round(counts["wrong"] / counts.total(), 4))
        for (family, length, _), counts in tally.items()
    }


def corpus_digest() -> str:
    """Return a digest of the corpus. The baselines are only valid for the corpus that they were measured on."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(CORPUS_DIR.glob("*.json")))).hexdigest()


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
