r"""Decoding of escapes, by notation.

Bytes are read as UTF-8, and as windows-1252 if they are not UTF-8.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from urllib.parse import unquote_to_bytes

SOFT_LINE_BREAK = re.compile(r"=\r?\n")
_HEX, _NO_HEX = re.compile("[0-9A-Fa-f]{2,8}"), re.compile("[^0-9A-Fa-f]+")
_OCTAL = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Notation:
    """A notation of escapes.

    Attributes:
        pattern: a run of escapes.
        read: returns the text of a run. It raises a UnicodeError if the run has none.
        signs: every escape has one of these parts.
        single_chars: the length of a single escape, if it may also mean something else: part of a path or an equation.
        has_ascii: whether spaces and signs next to escaped letters are escaped, too.
        stands_alone: whether an escape need not touch a word.
        is_exact: whether nothing else has this form.
    """

    pattern: re.Pattern[str]
    read: Callable[[str], str]
    signs: tuple[str, ...]
    single_chars: int = 0
    has_ascii: bool = False
    stands_alone: bool = False
    is_exact: bool = False

    def find(self, text: str) -> bool:
        """Return whether a text has an escape."""
        return any(map(text.__contains__, self.signs)) and bool(self.pattern.search(text))

    def decode(self, text: str) -> str:
        """Decode all escapes of a text."""
        return self.pattern.sub(lambda run: self.read(run[0]), text)


def _decode_bytes(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _read_code_units(run: str) -> str:
    return bytes.fromhex(_NO_HEX.sub("", run)).decode("utf-16-be", "surrogatepass")


def _read_code_points(run: str) -> str:
    try:
        return "".join(chr(int(number, 16)) for number in _HEX.findall(run))
    except (ValueError, OverflowError) as error:
        raise UnicodeError(f"No code point: {run}") from error


def _read_hex_bytes(run: str) -> str:
    return _decode_bytes(bytes.fromhex("".join(_HEX.findall(run))))


def _read_octal_bytes(run: str) -> str:
    return _decode_bytes(bytes(int(number, 8) for number in _OCTAL.findall(run)))


def _read_percent(run: str) -> str:
    return unquote_to_bytes(run).decode()


def _read_quoted_printable(run: str) -> str:
    return _decode_bytes(quopri.decodestring(run.encode()))


def _read_utf7(run: str) -> str:
    digits = run[1:-1]
    try:
        data = base64.b64decode(digits + "=" * (-len(digits) % 4))
    except binascii.Error as error:
        raise UnicodeError(f"No UTF-7: {run}") from error
    # The bits after the last character are zero.
    if base64.b64encode(data[: len(data) // 2 * 2]).rstrip(b"=") != digits.encode():
        raise UnicodeError(f"No UTF-7: {run}")
    return data.decode("utf-16-be")


def _read_japanese(run: str) -> str:
    """Read ISO-2022-JP. Without its escape characters, the run must have kana: it may be code."""
    data = run.replace("\x1b", "")[2:-2].encode()
    text = (b"\x1b$B" + data + b"\x1b(B").decode("iso2022_jp")
    if "\x1b" not in run and not any("\u3041" <= character <= "\u30f6" for character in text):
        raise UnicodeError(f"No Japanese: {run}")
    return text


def _read_hz(run: str) -> str:
    return run.encode().decode("hz")


def _read_encoded_words(run: str) -> str:
    try:
        parts = decode_header(run)
    except (HeaderParseError, binascii.Error, ValueError) as error:
        raise UnicodeError(f"No encoded word: {run}") from error
    return "".join(_read_part(part, charset) for part, charset in parts)


def _read_part(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    try:
        return part.decode(charset or "ascii")
    except LookupError as error:
        raise UnicodeError(f"Unknown charset: {charset}") from error


def _run(escape: str) -> re.Pattern[str]:
    """Return the pattern of consecutive escapes. It starts with a literal, which `re` finds fast."""
    return re.compile(f"{escape}(?:{escape})*")


_ENCODED_WORD = r"=\?[\w-]{1,40}\?[QqBb]\?[^?\s]{0,200}\?="
NOTATIONS: Mapping[str, Notation] = {
    # JavaScript and JSON, once or twice: \u2019
    "code-units": Notation(_run(r"\\\\?u[0-9a-fA-F]{4}"), _read_code_units, ("\\u",)),
    # Python: \xe2\x80\x99
    "hex-bytes": Notation(_run(r"\\x[0-9a-fA-F]{2}"), _read_hex_bytes, ("\\x",), single_chars=4),
    "percent": Notation(re.compile(r"%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})+"), _read_percent, ("%",)),
    "percent-code-units": Notation(
        _run(r"%u[0-9A-Fa-f]{4}"), _read_code_units, ("%u",), has_ascii=True, stands_alone=True
    ),
    "quoted-printable": Notation(_run(r"=[0-9A-F]{2}"), _read_quoted_printable, ("=",), single_chars=3),
    # E-mail headers: =?utf-8?Q?Caf=C3=A9?=
    "encoded-words": Notation(
        re.compile(rf"{_ENCODED_WORD}(?:[ \t]+{_ENCODED_WORD})*"),
        _read_encoded_words,
        ("=?",),
        stands_alone=True,
        is_exact=True,
    ),
    # R: <U+2019>, <e2><80><99>
    "angle-code-points": Notation(_run(r"<U\+[0-9A-F]{4,8}>"), _read_code_points, ("<U+",)),
    "angle-bytes": Notation(_run(r"<[89a-fA-F][0-9a-fA-F]>"), _read_hex_bytes, ("<",), single_chars=4),
    # Excel, as in `_x00e9_`
    "spreadsheet": Notation(_run(r"_x[0-9a-fA-F]{4}_"), _read_code_points, ("_x",), single_chars=7, has_ascii=True),
    # Unzip: #U00fc
    "file-name": Notation(_run(r"#U[0-9a-f]{4}"), _read_code_units, ("#U",), single_chars=6),
    # JavaScript without its backslashes: u00e9, u2019
    "bare-code-units": Notation(
        re.compile(r"(?:(?<![\\%+])u(?:00[a-f][0-9a-f]|0[1-6][0-9a-f]{2}|20(?:1[3489cd]|26)))+"),
        _read_code_units,
        ("u00", "u01", "u02", "u03", "u04", "u05", "u06", "u20"),
        single_chars=5,
    ),
    "utf-7": Notation(re.compile(r"\+[A-Za-z0-9+/]{3,200}-"), _read_utf7, ("+",), single_chars=202, has_ascii=True),
    # Seven-bit Japanese and Chinese, with or without their escape characters: $BEl5~$G(B, ~{PBNE~}
    "iso-2022-jp": Notation(
        re.compile(r"\x1b?\$[@B](?:[!-~]{2}){1,99}?\x1b?\([BJ]"), _read_japanese, ("$B", "$@"), stands_alone=True
    ),
    "hz": Notation(re.compile(r"~\{(?:[!-~]{2}){2,99}?~\}"), _read_hz, ("~{",), stands_alone=True),
    # RTF: \'e9
    "rich-text": Notation(_run(r"\\'[89a-f][0-9a-f]"), _read_hex_bytes, ("\\'",), single_chars=4),
    # Git: \303\251
    "octal-bytes": Notation(_run(r"\\[23][0-7]{2}"), _read_octal_bytes, ("\\",), single_chars=4),
}


def decode(text: str, notation: str) -> str:
    r"""Decode the escapes of a text in a notation.

    Raises:
        KeyError: the notation is unknown.
        UnicodeError: an escape has no text.

    >>> decode(r"l\u2019\u00e9t\u00e9 \ud83d\ude00", "code-units"), decode("Caf<U+00E9>", "angle-code-points")
    ('l’été 😀', 'Café')
    """
    return NOTATIONS[notation].decode(text)


def decode_backslash(text: str) -> str:
    r"""Decode the escapes `\uXXXX` and `\xXX` of a text.

    >>> decode_backslash(r"l\u2019\xc3\xa9t\xc3\xa9 \ud83d\ude00")
    'l’été 😀'
    """
    return decode(decode(text, "code-units"), "hex-bytes")


def decode_quoted_printable(text: str) -> str:
    r"""Decode quoted-printable bytes and remove soft line breaks.

    >>> decode_quoted_printable("Russia=E2=80=99s long=\n est river")
    'Russia’s long est river'
    """
    return decode(SOFT_LINE_BREAK.sub("", text), "quoted-printable")
