"""The directory of the metrics of all workers, in memory. It is removed when the service stops."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from copydesk.errors import SettingsError

# A worker needs less than this. Writing to a full file system in memory kills it with SIGBUS.
MIN_FREE_BYTES = 1 << 20

_PREFIX = "copydesk-metrics-"
_LOCK = "lock"


def create_metrics_directory(parent: str | None) -> str:
    """Create the directory, and remove those of services that were killed.

    A service locks a file in its directory. Forked workers share the lock, so that it ends with the last process.

    Args:
        parent: where to create it; None for the default of `tempfile`.

    Raises:
        SettingsError: its file system is full.
    """
    parent = parent or tempfile.gettempdir()
    for path in Path(parent).glob(f"{_PREFIX}*"):
        _remove_unlocked(path)
    if (free := shutil.disk_usage(parent).free) < MIN_FREE_BYTES:
        raise SettingsError(f"{parent}: {free} bytes are free, expected at least {MIN_FREE_BYTES}.")
    while True:
        directory = tempfile.mkdtemp(prefix=_PREFIX, dir=parent)
        lock = os.open(Path(directory, _LOCK), os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if Path(directory, _LOCK).exists():  # no other service has removed it before it was locked
            break
        os.close(lock)
    atexit.register(_remove, directory, os.getpid())
    return directory


def _remove_unlocked(path: Path) -> None:
    try:
        lock = os.open(path / _LOCK, os.O_RDWR)
    except OSError:  # of another user or version, or removed by another service
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path, ignore_errors=True)
    except OSError:  # in use
        pass
    finally:
        os.close(lock)


def _remove(directory: str, master: int) -> None:
    """Remove the directory when the master exits. Workers run this, too."""
    if os.getpid() == master:
        shutil.rmtree(directory, ignore_errors=True)
