"""The floors: what repair reaches on the project's own corpus, pinned in tests/quality/floors.json.

\b
python -m bench.baselines             pin what is reached now, if nothing is worse than before
python -m bench.baselines --lower     pin it even so
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import click

from bench.repair import CORPUS, copydesk, measure, sentences

FLOORS = Path(__file__).parent.parent / "tests" / "quality" / "floors.json"


def _worse(now: tuple[float, float], right: float, wrong: float) -> bool:
    return now[0] < right or now[1] > wrong


def reached() -> dict[str, tuple[float, float]]:
    """Return the shares of right and of wrong repairs on the corpus, by family and length."""
    tally = measure(sentences(None), 1, {"copydesk": copydesk})
    return {
        f"{family}, {kind}": (round(counts["right"] / counts.total(), 4), round(counts["wrong"] / counts.total(), 4))
        for (family, kind, _), counts in tally.items()
    }


def digest() -> str:
    """Return a digest of the corpus: floors hold for the texts they were measured on."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(CORPUS.glob("*.json")))).hexdigest()


@click.command(help=__doc__)
@click.option("--lower", is_flag=True, help="pin floors that are lower than before")
def main(*, lower: bool) -> None:
    """Pin what is reached on the corpus now; refuse to pin less than before unless told to."""
    was = json.loads(FLOORS.read_text(encoding="utf-8"))["floors"] if FLOORS.exists() else {}
    now = reached()
    worse = [name for name, (right, wrong) in was.items() if name in now and _worse(now[name], right, wrong)]
    if worse and not lower:
        raise click.ClickException(f"Worse than before: {', '.join(worse)}. Pin it with --lower if that is meant.")
    told = {"digest": digest(), "floors": {name: list(now[name]) for name in sorted(now)}}
    FLOORS.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
