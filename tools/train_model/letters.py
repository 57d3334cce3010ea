"""Letters: the script of a character, folding, and the runs of letters in a text."""

from __future__ import annotations

import codecs
import functools
import re
import unicodedata
from collections.abc import Iterator

_SCRIPTS = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
    "THAI": "Thai",
    "TAMIL": "Taml",
    "TELUGU": "Telu",
    "GUJARATI": "Gujr",
    "GURMUKHI": "Guru",
    "KANNADA": "Knda",
    "MALAYALAM": "Mlym",
}
# Scripts in which vowel signs are part of the spelling. Arabic and Hebrew vowel signs are rare in the press.
_SCRIPTS_WITH_MARKS = frozenset("Deva Beng Thai Taml Telu Gujr Guru Knda Mlym".split())
_CHARSETS = {
    "Latn": (
        "iso8859_1 iso8859_2 iso8859_3 iso8859_4 iso8859_9 iso8859_10 iso8859_13 iso8859_14 iso8859_15 iso8859_16 "
        "cp1250 cp1252 cp1254 cp1257 cp1258 cp437 cp850 cp852 cp775 mac_roman mac_latin2 mac_turkish mac_croatian"
    ),
    "Cyrl": "iso8859_5 cp1251 cp866 cp855 koi8_r koi8_u kz1048 mac_cyrillic ptcp154",
    "Grek": "iso8859_7 cp1253 cp737 mac_greek",
    "Hebr": "iso8859_8 cp1255 cp862",
    "Arab": "iso8859_6 cp1256 cp864",
    "Thai": "cp874",
}
_FIRST_PRESENTATION_FORM = "\ufb00"
# Romanian is written with a comma below or, on older systems, with a cedilla.
_FOLDS = str.maketrans({"İ": "i", "ș": "ş", "ț": "ţ", "Ș": "ş", "Ț": "ţ"})


def fold(text: str) -> str:
    """Return the text in lower case and in NFC, as the tables hold it."""
    return unicodedata.normalize("NFC", text).translate(_FOLDS).lower()


@functools.cache
def get_script(char: str) -> str | None:
    """Return the ISO 15924 code of a letter's script, None for other characters and unmodelled scripts."""
    script = _SCRIPTS.get(unicodedata.name(char, "").partition(" ")[0])
    category = unicodedata.category(char)
    is_letter = category[0] == "L" and not unicodedata.normalize("NFKC", char).isascii()
    is_letter = is_letter or (char.isascii() and char.isalpha())
    return script if is_letter or (category[0] == "M" and script in _SCRIPTS_WITH_MARKS) else None


@functools.cache
def _run_pattern(script: str) -> re.Pattern[str]:
    chars = (chr(code) for code in range(0x41, 0x10000))
    return re.compile("[" + "".join(char for char in chars if get_script(char) == script) + "]+")


def iterate_runs(text: str, script: str) -> Iterator[str]:
    """Yield the runs of letters of one script."""
    return (match[0] for match in _run_pattern(script).finditer(text))


def is_word(text: str, script: str) -> bool:
    """Return whether all characters are letters of the script."""
    return _run_pattern(script).fullmatch(text) is not None


def list_charset_letters(script: str) -> set[str]:
    """Return the folded letters of a script that its legacy charsets encode."""
    codes = bytes(range(0x20, 0x100))
    decoded = "".join(codecs.decode(codes, name, "ignore") for name in _CHARSETS.get(script, "").split())
    return {char for char in fold(decoded) if get_script(char) == script and char < _FIRST_PRESENTATION_FORM}
