"""The API keys of the service: a file of names and hashes, reloaded when it changes."""

from __future__ import annotations

import hmac
import logging
import re
from collections.abc import Mapping
from pathlib import Path

from copydesk.api_keys import NAME, hash_key
from copydesk.errors import SettingsError

_LINE = re.compile(f"({NAME.pattern}):([0-9a-f]{{64}})")
_log = logging.getLogger("copydesk")


def read_key_file(path: Path) -> dict[str, str]:
    """Read a key file. A `#` starts a comment.

    Returns:
        The hash of each key by name.

    Raises:
        SettingsError: the file or a line of it is invalid. The message does not quote the line: it may be a key.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise SettingsError(f"COPYDESK_API_KEYS_FILE={path}: {getattr(error, 'strerror', None) or error}.") from error
    hashes: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        entry = line.partition("#")[0].strip()
        match = _LINE.fullmatch(entry)
        if entry and not match:
            raise SettingsError(
                f"COPYDESK_API_KEYS_FILE={path}, line {number}: expected NAME:SHA256, as `copydesk key` prints it."
            )
        if match:
            hashes[match[1]] = match[2]
    if not hashes:
        raise SettingsError(f"COPYDESK_API_KEYS_FILE={path}: the file has no keys.")
    return hashes


class KeyRing:
    """The current keys of a file. A change of the file takes effect with the next request."""

    def __init__(self, path: Path) -> None:
        """Read a key file. Raises the errors of `read_key_file`."""
        self._path = path
        self._version = self._file_version()
        self._hashes: Mapping[str, str] = read_key_file(path)

    def find_owner(self, key: str) -> str | None:
        """Return the name of a key, or None if it is unknown. The time does not depend on the key."""
        self._reload()
        presented = hash_key(key)
        matches = [name for name, known in self._hashes.items() if hmac.compare_digest(known, presented)]
        return matches[0] if matches else None

    def _reload(self) -> None:
        version = self._file_version()
        if version == self._version:
            return
        self._version = version
        try:
            self._hashes = read_key_file(self._path)
            _log.info("API keys reloaded", extra={"keys": len(self._hashes)})
        except SettingsError as error:  # the file may be half written
            _log.error("API keys not reloaded: %s", error)

    def _file_version(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino, status.st_size
