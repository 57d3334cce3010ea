"""The API keys of the service: a file of names and hashes, reloaded when it changes.

Revocation fails closed: without a file, or with a file without keys, no key is valid. An invalid file, which may be
half written, leaves the last valid keys for `COPYDESK_API_KEYS_GRACE_PERIOD` at most.
"""

from __future__ import annotations

import hmac
import logging
import os
import threading
import time
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Final, TypeAlias

from copydesk.api_keys import hash_key
from copydesk.errors import SettingsError

from .api_key_file import read_hashes, read_key_file
from .observability import metrics

# File systems have coarse clocks: two changes in one tick have the same time.
_CLOCK_TICK_NS: Final = 1_000_000_000
_log = logging.getLogger("copydesk")

Version: TypeAlias = tuple[int, ...] | None


class KeysState(Enum):
    """The state of the keys of a process."""

    VALID = "valid"
    EMPTY = "empty"  # there is no file, or it has no keys: no key is valid
    STALE = "stale"  # the file is invalid, and the last valid keys count
    EXPIRED = "expired"  # the file has been invalid for too long: no key is valid


class KeyRing:
    """The current keys of a file. A change of the file takes effect with the next request, in each process."""

    def __init__(self, path: Path, grace_period: float) -> None:
        """Read a key file.

        Args:
            path: the file.
            grace_period: how long the last valid keys count while the file is invalid, in seconds.

        Raises:
            SettingsError: the file is invalid or has no keys.
        """
        self._path = path
        self._grace_period = grace_period
        self._lock = threading.Lock()
        self._forget()
        self._set(read_key_file(path))

    def _forget(self) -> None:
        """Start without keys. A worker must not use keys that only its parent has read: they may have been revoked."""
        self._pid = os.getpid()
        self._version: Version = None
        self._hashes: Mapping[str, str] | None = None  # of the last valid file
        self._invalid_since: float | None = None  # in the time of time.monotonic

    def find_owner(self, key: str) -> str | None:
        """Return the name of a key, or None if it is unknown. The time does not depend on the key."""
        _, hashes = self._reload()
        presented = hash_key(key)
        matches = [name for name, known in hashes.items() if hmac.compare_digest(known, presented)]
        return matches[0] if matches else None

    def state(self) -> KeysState:
        """Return the state of the keys."""
        return self._reload()[0]

    def _reload(self) -> tuple[KeysState, Mapping[str, str]]:
        """Read the file if it may have changed. Return the state and the hashes of the keys that are valid now."""
        with self._lock:
            if self._pid != os.getpid():
                self._forget()
            version = self._file_version()
            if version is None or version != self._version:
                self._read()
                self._version = version
            if self._invalid_since is None:
                hashes = self._hashes or {}
                return KeysState.VALID if hashes else KeysState.EMPTY, hashes
            is_over = time.monotonic() - self._invalid_since >= self._grace_period
            if is_over or self._hashes is None:
                return KeysState.EXPIRED, {}
            return KeysState.STALE, self._hashes

    def _read(self) -> None:
        try:
            hashes = read_hashes(self._path)
        except FileNotFoundError:
            self._set(None)
        except SettingsError as error:
            self._keep(error)
        else:
            self._set(hashes)

    def _set(self, hashes: Mapping[str, str] | None) -> None:
        """Replace the keys by those of a valid file, or by none if there is no file."""
        before, self._hashes, self._invalid_since = self._hashes, hashes or {}, None
        metrics.API_KEYS_DEGRADED.set(not hashes)
        if before is not None and before != self._hashes:
            level = logging.INFO if hashes else logging.WARNING
            _log.log(level, "API keys reloaded", extra={"keys": len(self._hashes)})

    def _keep(self, error: SettingsError) -> None:
        """Keep the keys for the grace period, which starts with the change of the file, not with its first reader."""
        metrics.API_KEYS_DEGRADED.set(1)
        if self._invalid_since is None:
            metrics.API_KEYS_ERRORS.inc()
            self._invalid_since = time.monotonic() - self._age()
            _log.error("API keys not reloaded; the last ones are valid for %g s: %s", self._grace_period, error)

    def _age(self) -> float:
        """Return how long ago the file has changed, in seconds; 0 if that is unknown."""
        try:
            return max(0.0, time.time() - self._path.stat().st_ctime)
        except OSError:
            return 0.0

    def _file_version(self) -> Version:
        """Return what differs between two versions of the file; None if the file must be read to know."""
        try:
            status = self._path.stat()
        except OSError:
            return None
        if time.time_ns() - status.st_ctime_ns < _CLOCK_TICK_NS:
            return None
        return status.st_mtime_ns, status.st_ctime_ns, status.st_dev, status.st_ino, status.st_size
