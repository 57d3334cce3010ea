"""Restoration of the letter case of mojibake."""

from __future__ import annotations

_CODEC = "sloppy-windows-1252"
_CASE_BIT = 0x20


def restore_case(text: str) -> str:
    """Restore the case of mojibake: that of each first byte that makes its UTF-8 sequence valid.

    >>> restore_case("ã©"), restore_case("Â€™")
    ('Ã©', 'â€™')

    Raises:
        UnicodeEncodeError: the text has characters that windows-1252 does not have.
    """
    data = bytearray(text.encode(_CODEC))
    for i, byte in enumerate(data):
        following = [0x80 <= other < 0xC0 for other in data[i + 1 : i + 3]]
        if 0xE0 <= byte < 0xF8 and following[:1] == [True] and following != [True, True]:
            data[i] = byte - _CASE_BIT
        elif byte == 0xC2 and following == [True, True] and data[i + 1] < 0xA0:
            data[i] = byte + _CASE_BIT
    return data.decode(_CODEC)


def to_capitals(text: str) -> str:
    """Return a text in capitals. Letters without a single capital of their own stay.

    >>> to_capitals("straße")
    'STRAßE'
    """
    # The capital of the micro sign is that of the Greek letter.
    return "".join(capital if (capital := character.upper()).lower() == character else character for character in text)
