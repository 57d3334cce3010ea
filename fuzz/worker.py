"""The process that fuzzes one target with atheris.

Each new kind of fault is minimized, saved and reported in one line. Fuzzing continues, so that one bug does not hide
the next.
"""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

import atheris
import click

with atheris.instrument_imports(include=["copydesk", "schemas"]):
    from copydesk import cleaning

from fuzz import crashes, mutate

_MAX_CPU_S = 2.0
_SLOW = "slow"


class Fuzzer:
    """The callback of libFuzzer. It saves the first input of each kind of fault."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.faults: set[str] = set()

    def __call__(self, data: bytes) -> None:
        """Run the target on one input."""
        fault, cpu = self._measure(data)
        if fault is None and cpu > _MAX_CPU_S:
            # The first input of a kind also loads tables, and other processes disturb the measurement.
            cpu = min(cpu, self._measure(data)[1])
            fault = _SLOW if cpu > _MAX_CPU_S else None
        if fault is not None and fault not in self.faults:
            self.faults.add(fault)
            minimized = data if fault == _SLOW else crashes.minimize(self.target, data, fault)
            path = crashes.save_input(self.target, minimized)
            click.echo(f"CRASH {self.target}: {fault} ({cpu:.1f} s of CPU): {path}", err=True)

    def _measure(self, data: bytes) -> tuple[str | None, float]:
        """Return the fault of an input, and its seconds of CPU."""
        start = time.process_time()
        fault = crashes.find_fault(self.target, data)
        return fault, time.process_time() - start


def main(target: str, flags: list[str]) -> None:
    """Fuzz one target with flags of libFuzzer."""
    logging.disable()
    cleaning.warm_up()
    mutator = mutate.MUTATORS.get(target)
    own = {"custom_mutator": lambda data, limit, seed: mutator(data, limit, seed, atheris.Mutate)} if mutator else {}
    atheris.Setup([Path(__file__).name, *flags], Fuzzer(target), **own)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
