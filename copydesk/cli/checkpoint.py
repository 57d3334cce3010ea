"""Output files with a checkpoint, so that an interrupted run can be resumed.

While a run is unfinished, the output `clean.ndjson` has a checkpoint `clean.ndjson.resume`. It has the number of
documents done, a digest of them and the lengths of both files. It is written at the start, once a second and when the
run is interrupted, each time after both files are synced to disk.

A resumed run reads the inputs from their start, compares the digest of the documents done and truncates both files to
the lengths in the checkpoint. What was written after the last checkpoint is done again, so that it does not matter how
the run ended. The digest covers the documents and not file names or times. A resumed run can therefore read standard
input, and inputs that have grown at their end.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Self

from copydesk.cli.readers import Item
from copydesk.cli.runner import OutputLine

try:
    import fcntl
except ImportError:  # Windows: files are not locked
    fcntl = None  # type: ignore[assignment]

_INTERVAL_S = 1.0


class CheckpointError(Exception):
    """Raised when a run cannot start or be resumed. The message is one line."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a run, as it is saved.

    Attributes:
        done: the number of documents done.
        failed: the number of problems among them.
        output: the length of the output in bytes.
        errors: the length of the errors in bytes.
        digest: the SHA-256 of the documents done, in hexadecimal.
    """

    done: int
    failed: int
    output: int
    errors: int
    digest: str


@dataclass(frozen=True, slots=True)
class RunState:
    """The state of a run in memory. It is replaced as a whole, so that an interruption finds it consistent."""

    digest: hashlib._Hash
    done: int = 0
    failed: int = 0
    output: int = 0
    errors: int = 0

    def add(self, item: Item, result: OutputLine) -> RunState:
        """Return the state after one more document."""
        size = len(result.line)
        output, errors = (size, 0) if result.is_clean else (0, size)
        return RunState(
            _add_to_digest(self.digest, item),
            self.done + 1,
            self.failed + (not result.is_clean),
            self.output + output,
            self.errors + errors,
        )

    def to_checkpoint(self) -> Checkpoint:
        """Return the state to save."""
        return Checkpoint(self.done, self.failed, self.output, self.errors, self.digest.hexdigest())


class StreamOutput:
    """Output and errors that cannot be resumed: pipes, terminals, devices."""

    can_resume = False

    def __init__(self, output: Path | None, errors: Path | None) -> None:
        """Open the files.

        Args:
            output: the file for clean articles; None for standard output.
            errors: the file for problems; None to write none.
        """
        self.state = RunState(hashlib.sha256())
        with ExitStack() as stack:
            self._output = stack.enter_context(output.open("wb")) if output else sys.stdout.buffer
            self._errors = stack.enter_context(errors.open("wb")) if errors else None
            self._close = stack.pop_all().close

    def __enter__(self) -> Self:
        """Return the output."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Close the files."""
        with suppress(*((OSError,) if kind else ())):
            self._close()

    def skip_done(self, items: Iterator[Item]) -> Iterator[Item]:  # noqa: ARG002  as ResumableOutput has it
        """Yield no item, because no earlier run is resumed."""
        return iter(())

    def write(self, item: Item, result: OutputLine) -> None:
        """Write the result of a document and flush it, because a reader may wait for it."""
        file = self._output if result.is_clean else self._errors
        if file:
            file.write(result.line)
            file.flush()
        self.state = self.state.add(item, result)


class ResumableOutput:
    """Output files with a checkpoint.

    As a context manager, it saves a checkpoint when the run is interrupted and deletes it when the run is complete.
    """

    def __init__(self, output: Path, errors: Path | None, settings: str, *, resume: bool) -> None:
        """Open the files for a new or a resumed run.

        Args:
            output: the file for clean articles.
            errors: the file for problems; None to write none.
            settings: the options of the run. A resumed run must have the same.
            resume: whether to resume a run if there is a checkpoint.

        Raises:
            CheckpointError: there is an unfinished run and `resume` is false, or the run cannot be resumed.
        """
        self.path = checkpoint_path(output)
        self._settings = {"how": settings, "errors": errors and str(errors.resolve())}
        self.checkpoint = self._load(output, resume=resume)
        self.state = RunState(hashlib.sha256())
        self._last_saved = 0.0
        with ExitStack() as stack:
            self._output = stack.enter_context(_open_locked(output))
            self._errors = stack.enter_context(_open_locked(errors)) if errors else None
            self._truncate(self._output, self.checkpoint.output)
            if self._errors:
                self._truncate(self._errors, self.checkpoint.errors)
            self._save(self.checkpoint)
            self._close = stack.pop_all().close

    def __enter__(self) -> Self:
        """Return the output."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Close the files. Delete the checkpoint if the run is complete or has done nothing, else save it."""
        if kind is None:
            self._close()
            self.path.unlink(missing_ok=True)
            return
        if self.state.done:
            self._save(self.state.to_checkpoint())
        elif not self.checkpoint.done:
            self.path.unlink(missing_ok=True)
        with suppress(OSError):
            self._close()

    @property
    def can_resume(self) -> bool:
        """Whether there is a checkpoint with documents done."""
        return bool(self.state.done or self.checkpoint.done)

    def skip_done(self, items: Iterator[Item]) -> Iterator[Item]:
        """Yield the documents that the resumed run has done, and check their digest.

        Raises:
            CheckpointError: the documents differ from those of the resumed run.
        """
        saved, digest, skipped = self.checkpoint, self.state.digest, 0
        while skipped < saved.done and (item := next(items, None)):
            digest = _add_to_digest(digest, item)
            skipped += 1
            yield item
        if digest.hexdigest() != saved.digest and saved.done:
            raise CheckpointError(
                f"The inputs differ from those of the unfinished run. Delete {self.path} to start again."
            )
        self.state = RunState(digest, saved.done, saved.failed, saved.output, saved.errors)

    def write(self, item: Item, result: OutputLine) -> None:
        """Write the result of a document."""
        file = self._output if result.is_clean else self._errors
        if file:
            file.write(result.line)
        self.state = self.state.add(item, result)
        if time.monotonic() - self._last_saved > _INTERVAL_S:
            self._save(self.state.to_checkpoint())

    def _load(self, output: Path, *, resume: bool) -> Checkpoint:
        if not self.path.exists():
            if resume and output.exists() and output.stat().st_size:
                raise CheckpointError(f"Cannot resume {output}: it has no checkpoint {self.path.name}.")
            return RunState(hashlib.sha256()).to_checkpoint()
        if not resume:
            raise CheckpointError(f"{output} is unfinished. Use --resume, or delete {self.path} to start again.")
        try:
            saved = json.loads(self.path.read_bytes())
            checkpoint, settings = Checkpoint(**saved.pop("entry")), saved
        except (ValueError, TypeError, KeyError) as error:
            raise CheckpointError(f"Cannot read {self.path}. Delete it to start again.") from error
        if settings != self._settings:
            raise CheckpointError(
                f"The unfinished run had other options. Use the same, or delete {self.path} to start again."
            )
        return checkpoint

    def _truncate(self, file: BinaryIO, length: int) -> None:
        if file.seek(0, os.SEEK_END) < length:
            raise CheckpointError(f"{file.name} is shorter than its checkpoint. Delete {self.path} to start again.")
        file.truncate(length)
        file.seek(length)

    def _save(self, checkpoint: Checkpoint) -> None:
        for written in filter(None, (self._output, self._errors)):
            written.flush()
            os.fsync(written.fileno())
        temporary = self.path.with_name(f"{self.path.name}.new")
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(self._settings | {"entry": asdict(checkpoint)}, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.path)
        self._last_saved = time.monotonic()


def checkpoint_path(output: Path) -> Path:
    """Return the path of the checkpoint of an output file."""
    return output.with_name(f"{output.name}.resume")


def _add_to_digest(digest: hashlib._Hash, item: Item) -> hashlib._Hash:
    """Return the digest of the documents before and this one."""
    extended = digest.copy()
    extended.update(f"{item.item_format} {item.size} {len(item.raw)} ".encode())
    extended.update(item.raw)
    return extended


def _open_locked(path: Path) -> BinaryIO:
    """Open and lock a file. It is not truncated yet, because another run may be writing it."""
    file = path.open("r+b" if path.exists() else "xb")
    try:
        if fcntl is not None:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise CheckpointError(f"Another run is writing {path}.") from error
    return file
