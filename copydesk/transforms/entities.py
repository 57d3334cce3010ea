"""Decoding of HTML character references."""

from __future__ import annotations

import re
from html import unescape as unescape_reference
from html.entities import html5

from copydesk.transforms.characters import C0_CONTROLS, SURROGATES

# An ampersand may be escaped any number of times. All layers of `&amp;amp;lt;` are decoded at once, in linear time;
# ftfy decodes one layer at a time.
REFERENCE = re.compile(
    r"&(?:amp;|AMP;|#0*38;|#[xX]0*26;)*(?:((?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,7});)"
    # Without a semicolon: a number, or a letter at the end of a word.
    r"|(#[0-9]{3,6}(?![0-9;])|#[xX][0-9A-Fa-f]{2,5}(?![0-9A-Fa-f;])|[A-Za-z]{4,8}(?![A-Za-z0-9;=])))"
)
# A number below this without a semicolon may be the fragment of an address.
_MIN_UNCLOSED = "\xa0"
# HTML reads a number below or above these in its own way: as windows-1252, or as no character.
_PLAIN_NUMBERS = range(0xA0, 0xD800)
_INVALID = re.compile(f"[{C0_CONTROLS}\x7f{SURROGATES}\ufffd]")


def unescape_html(text: str) -> str:
    """Decode the character references of a text, including nested ones. Everything else stays.

    >>> unescape_html("R&amp;amp;D &hellip; AT&T &nosuch; &#0;")
    'R&D … AT&T &nosuch; &#0;'
    """
    return REFERENCE.sub(_decode, text)


def _decode(match: re.Match[str]) -> str:
    reference = match[1] or match[2]
    if reference[0] != "#" and reference not in html5:
        return match[0]
    character = _read_number(reference) if reference[0] == "#" else html5[reference]
    if match[2] and not _may_be_unclosed(match, character):
        return match[0]
    return match[0] if not character or _INVALID.search(character) else character


def _read_number(reference: str) -> str:
    """Return the character of a numeric reference, such as `#8217;`."""
    digits = reference[1:].rstrip(";")
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    # HTML reads other numbers in its own way.
    return chr(code) if code in _PLAIN_NUMBERS else unescape_reference(f"&{reference}")


def _may_be_unclosed(match: re.Match[str], character: str) -> bool:
    """Return whether a reference without a semicolon may be one: a number, or a letter beyond ASCII."""
    return character >= _MIN_UNCLOSED and (match[2][0] == "#" or character.isalpha())
