"""Decoding of escapes: backslash escapes, percent-encoding, quoted-printable."""

from __future__ import annotations

import quopri
import re
from urllib.parse import unquote_to_bytes

CODE_POINTS = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
BYTES = re.compile(r"(?:\\x[0-9a-fA-F]{2}){2,}")
PERCENT_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2}){2,}")
QUOTED_PRINTABLE = re.compile(r"(?:=[0-9A-F]{2}){2,}")
SOFT_LINE_BREAK = re.compile(r"=\r?\n")


def decode_backslash(text: str) -> str:
    r"""Decode the escapes `\uXXXX` and `\xXX` of a text, the latter as UTF-8.

    >>> decode_backslash(r"l\u2019\xc3\xa9t\xc3\xa9 \ud83d\ude00")
    'l’été 😀'
    """
    text = CODE_POINTS.sub(lambda run: _decode_code_points(run[0]), text)
    return BYTES.sub(lambda run: bytes.fromhex(run[0].replace("\\x", "")).decode(), text)


def _decode_code_points(run: str) -> str:
    return bytes.fromhex(run.replace("\\u", "")).decode("utf-16-be", "surrogatepass")


def decode_percent(text: str) -> str:
    """Decode percent-encoded UTF-8 in a text.

    >>> decode_percent("Caf%C3%A9")
    'Café'
    """
    return PERCENT_ENCODED.sub(lambda run: unquote_to_bytes(run[0]).decode(), text)


def decode_quoted_printable(text: str) -> str:
    r"""Decode quoted-printable UTF-8 and remove soft line breaks.

    >>> decode_quoted_printable("Russia=E2=80=99s long=\n est river")
    'Russia’s long est river'
    """
    text = SOFT_LINE_BREAK.sub("", text)
    return QUOTED_PRINTABLE.sub(lambda run: quopri.decodestring(run[0].encode()).decode(), text)
