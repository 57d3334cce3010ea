"""API keys: how they are generated, hashed and written.

A key file has one `NAME:HASH` per line. The hash is the SHA-256 of the key in hexadecimal. Keys have 256 random bits,
so that a fast hash is as safe as a slow one.
"""

from __future__ import annotations

import hashlib
import re
import secrets

NAME = re.compile("[A-Za-z0-9._-]{1,64}")
"""The names that a key may have."""


def generate_key() -> str:
    """Return a new random key."""
    return f"cd_{secrets.token_urlsafe(32)}"


def hash_key(key: str) -> str:
    """Return the hash of a key, as it is in a key file."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def format_line(name: str, key: str) -> str:
    """Return the line of a key file for a key."""
    return f"{name}:{hash_key(key)}"
