"""The process that fuzzes one door: atheris on the outside, the door inside. It ends when its runs are done.

What goes wrong is made small, kept, told in a line, and fuzzing goes on: one bug must not hide the next.
"""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

import atheris
import click

with atheris.instrument_imports(include=["copydesk", "schemas"]):
    from copydesk import cleaning as service

from fuzz import found, mutate

# Seconds of CPU that no small input may take.
_SLOW = 2.0


class Thrower:
    """What libFuzzer calls, and what it found; of each kind of fault the first is kept."""

    def __init__(self, door: str) -> None:
        self.door = door
        self.seen: set[str] = set()

    def __call__(self, data: bytes) -> None:
        """Throw one input at the door."""
        start = time.process_time()
        said = found.fault(self.door, data)
        spent = time.process_time() - start
        if said is None and spent > _SLOW:
            said = "slow"
        if said is not None and said not in self.seen:
            self.seen.add(said)
            small = data if said == "slow" else found.smallest(self.door, data, said)
            path = found.keep(self.door, small)
            click.echo(f"FOUND {self.door}: {said} ({spent:.1f} s of CPU): {path}", err=True)


def main(door: str, flags: list[str]) -> None:
    """Fuzz one door with flags of libFuzzer's."""
    logging.disable()
    service.warm_up()
    mutator = mutate.BY_DOOR.get(door)
    own = {"custom_mutator": lambda data, most, seed: mutator(data, most, seed, atheris.Mutate)} if mutator else {}
    atheris.Setup([Path(__file__).name, *flags], Thrower(door), **own)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
