"""Restoration of the letter case of mojibake."""

from __future__ import annotations

import re

_CODEC = "sloppy-windows-1252"
_CASE_BIT = 0x20
# The first byte of a sequence of three with one byte after it, and that of two with two bytes after it.
_WRONG_CASE = re.compile(rb"[\xe0-\xf7](?=[\x80-\xbf](?![\x80-\xbf]))|\xc2(?=[\x80-\x9f][\x80-\xbf])")


def restore_case(text: str) -> str:
    """Restore the case of mojibake: that of each first byte that makes its UTF-8 sequence valid.

    >>> restore_case("ã©"), restore_case("Â€™")
    ('Ã©', 'â€™')

    Raises:
        UnicodeEncodeError: the text has characters that windows-1252 does not have.
    """
    return _WRONG_CASE.sub(lambda byte: bytes((byte[0][0] ^ _CASE_BIT,)), text.encode(_CODEC)).decode(_CODEC)


def to_capitals(text: str) -> str:
    """Return a text in capitals. Letters without a single capital of their own stay.

    >>> to_capitals("straße")
    'STRAßE'
    """
    # The capital of the micro sign is that of the Greek letter.
    return "".join(capital if (capital := character.upper()).lower() == character else character for character in text)
