"""Text in UTF-16 that was read with the bytes in the wrong order, and bytes that were read as UTF-16."""

from __future__ import annotations


def swap_bytes(text: str) -> str:
    """Swap the two bytes of each code unit.

    >>> swap_bytes("ἄ䀄㠄")
    'При'
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-be")


def split_bytes(text: str) -> str:
    """Return the bytes of each code unit as characters.

    >>> split_bytes("畢桳")
    'bush'
    """
    return text.encode("utf-16-le", "surrogatepass").decode("cp1252")
