"""Generated encoding damage: texts in their usual charsets, decoded with other ones as seen on the web."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from copydesk.encoding.charsets import CODECS

Chain = tuple[tuple[str, str], ...]
"""Pairs of charsets: the actual one, and the one that the bytes were decoded as. Later pairs are applied later."""

Texts = Mapping[str, Sequence[str]]
"""Texts by language tag."""

_CENTRAL = ("windows-1250", "iso-8859-2", "ibm852", "x-mac-ce")
_WESTERN = ("windows-1252", "macintosh", "ibm850")
# The legacy charsets of each language.
NATIVE_CHARSETS = (
    dict.fromkeys(("ru", "bg"), ("windows-1251", "koi8-r", "ibm866", "iso-8859-5", "x-mac-cyrillic"))
    | dict.fromkeys(("uk", "be", "mk", "sr"), ("windows-1251", "iso-8859-5"))
    | dict.fromkeys(("el",), ("windows-1253", "iso-8859-7", "ibm737"))
    | dict.fromkeys(("he",), ("windows-1255", "iso-8859-8", "ibm862"))
    | dict.fromkeys(("ar",), ("windows-1256", "iso-8859-6"))
    | dict.fromkeys(("fa", "ur"), ("windows-1256",))
    | dict.fromkeys(("th",), ("windows-874",))
    | dict.fromkeys(("zh", "zh-Hans"), ("gbk",))
    | dict.fromkeys(("zh-Hant",), ("big5",))
    | dict.fromkeys(("ja",), ("shift_jis", "euc-jp"))
    | dict.fromkeys(("ko",), ("euc-kr",))
    | dict.fromkeys(("pl", "cs", "sk", "hu", "hr", "sl", "ro"), _CENTRAL)
    | dict.fromkeys(("tr",), ("windows-1254", "ibm857"))
    | dict.fromkeys(("lt", "lv"), ("windows-1257", "iso-8859-13", "ibm775"))
    | dict.fromkeys(("et",), ("windows-1257",))
    | dict.fromkeys(("fr", "de", "es", "pt", "it", "sv", "da", "nb", "fi", "is", "ca", "nl"), _WESTERN)
)
# Legacy bytes were decoded as these defaults of widespread programs, and those of some charsets also as others.
_DEFAULTS = ("windows-1252", "iso-8859-1", "windows-1250", "windows-1251", "macintosh", "ibm437", "ibm850")
_ALSO_DECODED_AS = {
    "windows-1251": ("koi8-r", "ibm866", "x-mac-cyrillic"),
    "koi8-r": ("ibm866",),
    "ibm866": ("koi8-r",),
    "windows-1250": ("iso-8859-2", "ibm852", "x-mac-ce"),
    "iso-8859-2": ("ibm852",),
    "ibm852": ("iso-8859-2",),
    "windows-1253": ("iso-8859-7", "ibm737"),
    "ibm737": ("windows-1253",),
    "windows-1254": ("ibm857",),
    "ibm857": ("windows-1254",),
    "windows-1255": ("ibm862",),
    "ibm862": ("windows-1255",),
    "windows-1257": ("ibm775",),
    "ibm775": ("windows-1257",),
    "gbk": ("big5",),
    "shift_jis": ("gbk",),
    "euc-jp": ("shift_jis",),
}
_UTF8_DECODED_AS = (
    *("windows-1252", "iso-8859-1", "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1257"),
    *("iso-8859-2", "iso-8859-5", "iso-8859-15", "macintosh", "x-mac-cyrillic", "ibm437", "ibm850", "ibm852", "ibm866"),
    *("koi8-r", "windows-1255", "windows-1256", "windows-874", "gbk", "big5", "shift_jis", "euc-kr"),
)
_UTF8_TWICE_DECODED_AS = ("windows-1252", "iso-8859-1")
_LATIN_CHARSETS = (*_CENTRAL, *_WESTERN, "windows-1254", "ibm857", "windows-1257", "iso-8859-13", "ibm775")


@dataclass(frozen=True, slots=True)
class Case:
    """A damaged text.

    Attributes:
        family: the kind of damage.
        chain: the pairs of charsets.
        language: the language of the text.
        clean: the undamaged text.
        damaged: the damaged text.
    """

    family: str
    chain: Chain
    language: str
    clean: str
    damaged: str


def generate_cases(texts: Texts, limit: int, seed: int = 1) -> Iterator[Case]:
    """Yield texts of each language with each kind of damage that applies to it.

    Args:
        texts: the undamaged texts.
        limit: the maximum number of cases per chain and language.
        seed: the seed of the sample.
    """
    for family, chain, languages in _chains(texts):
        for language in languages:
            pool = list(texts[language])
            random.Random(seed).shuffle(pool)
            corrupted = ((text, corrupt(text, chain)) for text in pool)
            changed = ((text, damaged) for text, damaged in corrupted if damaged is not None and damaged != text)
            for text, damaged in islice(changed, limit):
                yield Case(family, chain, language, text, damaged)


def corrupt(text: str, chain: Chain) -> str | None:
    """Encode and decode a text by a chain. Return None if that fails or loses characters."""
    try:
        for actual, decoded_as in chain:
            text = text.encode(CODECS[actual]).decode(CODECS[decoded_as])
    except UnicodeError:
        return None
    return None if "\ufffd" in text else text


def _chains(texts: Texts) -> Iterator[tuple[str, Chain, Sequence[str]]]:
    """Yield each kind of damage, its chain, and the languages that it applies to."""
    all_languages = sorted(texts)
    for decoded_as in _UTF8_DECODED_AS:
        yield "UTF-8 misread", (("utf-8", decoded_as),), all_languages
    for decoded_as in _UTF8_TWICE_DECODED_AS:
        yield "UTF-8 misread twice", (("utf-8", decoded_as),) * 2, all_languages
    yield "UTF-8 misread thrice", (("utf-8", "windows-1252"),) * 3, all_languages
    charsets = (charset for language in all_languages for charset in NATIVE_CHARSETS.get(language, ()))
    for actual in dict.fromkeys(charsets):
        languages = [language for language in all_languages if actual in NATIVE_CHARSETS.get(language, ())]
        for decoded_as in (*_DEFAULTS, *_ALSO_DECODED_AS.get(actual, ())):
            if decoded_as != actual and (actual, decoded_as) != ("windows-1252", "iso-8859-1"):
                is_latin = actual in _LATIN_CHARSETS and decoded_as != "windows-1251"
                family = "legacy within Latin script" if is_latin else "legacy read as another's"
                yield family, ((actual, decoded_as),), languages
