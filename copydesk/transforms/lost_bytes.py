"""Encoding of text of which bytes were lost, with the bytes put back."""

from __future__ import annotations

import re

_PLACE = re.compile("([0-9]+)-([0-9]+)(?=:)")


def restore_bytes(text: str, codec: str, places: str) -> bytes:
    """Encode a text and put bytes in the place of some characters.

    Args:
        text: the text.
        codec: the codec to encode it with. C1 controls become the bytes of the same number.
        places: the bytes with their places, in order: `<start>-<end>:<hex>`, separated by spaces. The characters from
            start to end are replaced.

    Raises:
        UnicodeError: the codec does not have a character of the text.
        ValueError: the places are malformed.

    >>> restore_bytes("MarÃa", "cp1252", "4-4:ad").decode()
    'María'
    """
    data = bytearray()
    last = 0
    for item in places.split(" "):
        place, _, restored = item.partition(":")
        start, end = map(int, place.split("-"))
        data += _encode(text[last:start], codec) + bytes.fromhex(restored)
        last = end
    return bytes(data + _encode(text[last:], codec))


def place_range(places: str) -> tuple[int, int]:
    """Return the start of the first place and the end of the last.

    >>> place_range("4-4:ad 7-8:a0")
    (4, 8)
    """
    found = _PLACE.findall(places)
    return int(found[0][0]), int(found[-1][1])


def move_places(places: str, distance: int) -> str:
    """Move places by a number of characters.

    >>> move_places("4-4:ad 7-8:a0", -3)
    '1-1:ad 4-5:a0'
    """
    return _PLACE.sub(lambda match: f"{int(match[1]) + distance}-{int(match[2]) + distance}", places)


def _encode(text: str, codec: str) -> bytes:
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return b"".join(
            bytes([ord(character)]) if "\x80" <= character < "\xa0" else character.encode(codec) for character in text
        )
