"""The file of API keys: names and hashes."""

from __future__ import annotations

import re
from pathlib import Path

from copydesk.api_keys import NAME
from copydesk.errors import SettingsError

_LINE = re.compile(f"({NAME.pattern}):([0-9a-f]{{64}})")


def read_key_file(path: Path) -> dict[str, str]:
    """Read a key file at startup. A `#` starts a comment.

    Returns:
        The hash of each key by name.

    Raises:
        SettingsError: the file or a line of it is invalid, or it has no keys. The message does not quote the line: it
            may be a key.
    """
    try:
        hashes = read_hashes(path)
    except FileNotFoundError as error:
        raise SettingsError(f"COPYDESK_API_KEYS_FILE={path}: {error.strerror}.") from error
    if not hashes:
        raise SettingsError(f"COPYDESK_API_KEYS_FILE={path}: the file has no keys.")
    return hashes


def read_hashes(path: Path) -> dict[str, str]:
    """Read a key file, which may have no keys.

    Returns:
        The hash of each key by name.

    Raises:
        FileNotFoundError: there is no such file.
        SettingsError: the file or a line of it is invalid.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise
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
    return hashes
