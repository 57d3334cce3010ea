"""The ledger: what has been written, so that an interrupted run can go on and nothing is done or lost twice.

Beside the output `clean.ndjson` lies `clean.ndjson.resume` while a run is unfinished. It is written at the start, once
a second and at the end of an interruption, each time after output and errors are safe on the disk: how many documents
are done, a digest of all of them, and how long both files are. Going on means reading the inputs from their start,
checking that the done ones are the same by their digest, and cutting both files to the lengths written down. So it
does not matter when or how the run ended: what was written after the last entry is cut off and done again. Since the
digest is of what was read, and not of names and times, it works for standard input too, and inputs may have grown at
their end.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from copydesk.cli.readers import Item
from copydesk.cli.runner import Outcome

try:
    import fcntl
except ImportError:  # Windows: nobody watches that only one run writes
    fcntl = None  # type: ignore[assignment]

_SECONDS_BETWEEN_ENTRIES = 1.0


class LedgerError(Exception):
    """Raised when a run can't begin or go on; the message is one line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How far a run has come."""

    done: int
    failed: int
    output: int
    errors: int
    digest: str


@dataclass(frozen=True, slots=True)
class Count:
    """The same while it runs: replaced as a whole, so that an interruption finds it true at any moment."""

    digest: hashlib._Hash
    done: int = 0
    failed: int = 0
    output: int = 0
    errors: int = 0

    def after(self, item: Item, outcome: Outcome) -> Count:
        """Return the count with one more document."""
        size = len(outcome.line)
        lengths = (self.output + size, self.errors) if outcome.clean else (self.output, self.errors + size)
        return Count(_digest(self.digest, item), self.done + 1, self.failed + (not outcome.clean), *lengths)

    def entry(self) -> Entry:
        """Return what is written down of it."""
        return Entry(self.done, self.failed, self.output, self.errors, self.digest.hexdigest())


class Stream:
    """Output and errors that can't be gone on with: pipes, terminals, devices."""

    resumable = False

    def __init__(self, output: BinaryIO, errors: BinaryIO | None) -> None:
        """Take the open files."""
        self.count = Count(hashlib.sha256())
        self._output, self._errors = output, errors

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End; what is open is closed with the process."""

    def skip(self, items: Iterator[Item]) -> Iterator[Item]:  # noqa: ARG002  as a ledger has it
        """Yield nothing: nothing was done before."""
        return iter(())

    def write(self, item: Item, outcome: Outcome) -> None:
        """Write the outcome for a document, at once: somebody may be waiting at the other end."""
        file = self._output if outcome.clean else self._errors
        if file:
            file.write(outcome.line)
            file.flush()
        self.count = self.count.after(item, outcome)


class Ledger:
    """Output and errors of a run, and how far they have come.

    A context manager: left early, it writes the last entry; when all is done, it takes the ledger's file away.
    """

    def __init__(self, output: Path, errors: Path | None, how: str, *, resume: bool) -> None:
        """Open the files, to begin or to go on.

        Args:
            output: where clean articles go.
            errors: where problems go, if to a file.
            how: what must be the same for a run to go on: options and the like.
            resume: go on where there is something to go on with.

        Raises:
            LedgerError: there is an unfinished run and nobody asked to go on, or nothing that can be gone on with.
        """
        self.path = ledger_of(output)
        self._how = {"how": how, "errors": errors and str(errors.resolve())}
        self.entry = self._read(output, resume=resume)
        self.count = Count(hashlib.sha256())
        self._last = 0.0
        with ExitStack() as opened:
            self._files = [opened.enter_context(_opened(path)) for path in (output, errors) if path]
            self._cut((self.entry.output, self.entry.errors))
            self._save(self.entry)
            self._close = opened.pop_all().close

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End: well, or so that the run can go on."""
        if kind is None:
            self._close()
            self.path.unlink(missing_ok=True)
            return
        if self.count.done:
            self._save(self.count.entry())
        elif not self.entry.done:
            self.path.unlink(missing_ok=True)
        with suppress(OSError):
            self._close()

    @property
    def resumable(self) -> bool:
        """Tell whether there is something to go on with."""
        return bool(self.count.done or self.entry.done)

    def skip(self, items: Iterator[Item]) -> Iterator[Item]:
        """Yield the documents that were done before, and check at their end that they are the same.

        Raises:
            LedgerError: they are not.
        """
        was, digest, skipped = self.entry, self.count.digest, 0
        while skipped < was.done and (item := next(items, None)):
            digest = _digest(digest, item)
            skipped += 1
            yield item
        if digest.hexdigest() != was.digest and was.done:
            raise LedgerError(
                f"The inputs are not those that the unfinished run began with. Delete {self.path} to begin again."
            )
        self.count = Count(digest, was.done, was.failed, was.output, was.errors)

    def write(self, item: Item, outcome: Outcome) -> None:
        """Write the outcome for a document; a problem only if there is a file for it."""
        file = self._files[not outcome.clean :][:1]
        if file:
            file[0].write(outcome.line)
        self.count = self.count.after(item, outcome)
        if time.monotonic() - self._last > _SECONDS_BETWEEN_ENTRIES:
            self._save(self.count.entry())

    def _read(self, output: Path, *, resume: bool) -> Entry:
        if not self.path.exists():
            if resume and output.exists() and output.stat().st_size:
                raise LedgerError(f"{output} is finished, or not ours: there is no {self.path.name} beside it.")
            return Count(hashlib.sha256()).entry()
        if not resume:
            raise LedgerError(f"{output} is unfinished. Go on with --resume, or delete {self.path} to begin again.")
        try:
            kept = json.loads(self.path.read_bytes())
            entry, how = Entry(**kept.pop("entry")), kept
        except (ValueError, TypeError, KeyError) as error:
            raise LedgerError(f"{self.path} can't be read. Delete it to begin again.") from error
        if how != self._how:
            raise LedgerError(
                f"The unfinished run had other options. Repeat them, or delete {self.path} to begin again."
            )
        return entry

    def _cut(self, lengths: tuple[int, int]) -> None:
        for file, length in zip(self._files, lengths, strict=False):
            if file.seek(0, os.SEEK_END) < length:
                raise LedgerError(f"{file.name} is shorter than it was. Delete {self.path} to begin again.")
            file.truncate(length)
            file.seek(length)

    def _save(self, entry: Entry) -> None:
        for file in self._files:
            file.flush()
            os.fsync(file.fileno())
        written = self.path.with_name(f"{self.path.name}.new")
        fields = {name: getattr(entry, name) for name in entry.__slots__}
        with written.open("w", encoding="utf-8") as ledger:
            json.dump(self._how | {"entry": fields}, ledger)
            ledger.flush()
            os.fsync(ledger.fileno())
        written.replace(self.path)
        self._last = time.monotonic()


def ledger_of(output: Path) -> Path:
    """Return where the ledger of an output lies."""
    return output.with_name(f"{output.name}.resume")


def _digest(known: hashlib._Hash, item: Item) -> hashlib._Hash:
    """Return the digest of documents with one more."""
    digest = known.copy()
    digest.update(f"{item.form} {item.size} {len(item.raw)} ".encode())
    digest.update(item.raw)
    return digest


def _opened(path: Path) -> BinaryIO:
    """Open a file that nobody else is writing. It is emptied later: another run may be at it."""
    file = path.open("r+b" if path.exists() else "xb")
    try:
        if fcntl is not None:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise LedgerError(f"Another run is writing {path}.") from error
    return file
