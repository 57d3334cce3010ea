"""API keys: a file of names and hashes, read again when it changes.

A line is `name:hash`, the hash being the SHA-256 of the key in hexadecimal; what follows a `#` is a comment. Keys are
made here, 256 random bits each, so that a fast hash is as good as a slow one: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from svc.errors import SettingsError

NAME = re.compile("[A-Za-z0-9._-]{1,64}")
_LINE = re.compile(f"({NAME.pattern}):([0-9a-f]{{64}})")
_log = logging.getLogger("copydesk")


def make() -> str:
    """Make a new key."""
    return f"cd_{secrets.token_urlsafe(32)}"


def digest(key: str) -> str:
    """Return what stands in the file for a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def line(name: str, key: str) -> str:
    """Return the line of the file for a key."""
    return f"{name}:{digest(key)}"


def read(path: Path) -> dict[str, str]:
    """Read a file of keys.

    Returns:
        The hash of each key by name.

    Raises:
        SettingsError: it can't be read, or a line of it is none; the message doesn't quote it, it may be a key itself.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise SettingsError(f"COPYDESK_API_KEYS_FILE={path}: {getattr(error, 'strerror', None) or error}.") from error
    found: dict[str, str] = {}
    for number, written in enumerate(lines, 1):
        told = written.partition("#")[0].strip()
        match = _LINE.fullmatch(told)
        if told and not match:
            raise SettingsError(
                f"COPYDESK_API_KEYS_FILE={path}, line {number}: write NAME:SHA256, as `copydesk key` does."
            )
        if match:
            found[match[1]] = match[2]
    if not found:
        raise SettingsError(f"COPYDESK_API_KEYS_FILE={path}: there is no key in it; nobody could use the service.")
    return found


class KeyRing:
    """The keys of a file, as it is now: a change counts from the next request on, no restart needed."""

    def __init__(self, path: Path) -> None:
        """Take the file's path; raises as `read` does."""
        self._path = path
        self._seen = self._stamp()
        self._keys: Mapping[str, str] = read(path)

    def owner(self, key: str) -> str | None:
        """Return the name of a key, or None. Takes the same time whichever key it is, or none."""
        self._refresh()
        presented = digest(key)
        matches = [name for name, known in self._keys.items() if hmac.compare_digest(known, presented)]
        return matches[0] if matches else None

    def _refresh(self) -> None:
        stamp = self._stamp()
        if stamp == self._seen:
            return
        self._seen = stamp
        try:
            self._keys = read(self._path)
            _log.info("keys read", extra={"keys": len(self._keys)})
        except SettingsError as error:  # half written, perhaps: those that were good stay good
            _log.error("keys kept as they were: %s", error)

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size
