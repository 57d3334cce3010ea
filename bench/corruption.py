"""Damage, made on purpose: every charset that a language was ever written in, misread in every way seen on the web."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from copydesk.encoding.charsets import CODECS

Chain = tuple[tuple[str, str], ...]
Texts = Mapping[str, Sequence[str]]

_CENTRAL = ("windows-1250", "iso-8859-2")
_WESTERN = ("windows-1252", "macintosh", "ibm850")
NATIVE = (
    dict.fromkeys(("ru", "bg"), ("windows-1251", "koi8-r", "ibm866", "iso-8859-5", "x-mac-cyrillic"))
    | dict.fromkeys(("uk", "be", "mk", "sr"), ("windows-1251", "iso-8859-5"))
    | dict.fromkeys(("el",), ("windows-1253", "iso-8859-7"))
    | dict.fromkeys(("he",), ("windows-1255", "iso-8859-8"))
    | dict.fromkeys(("ar",), ("windows-1256", "iso-8859-6"))
    | dict.fromkeys(("fa", "ur"), ("windows-1256",))
    | dict.fromkeys(("th",), ("windows-874",))
    | dict.fromkeys(("zh", "zh-Hans"), ("gbk",))
    | dict.fromkeys(("zh-Hant",), ("big5",))
    | dict.fromkeys(("ja",), ("shift_jis", "euc-jp"))
    | dict.fromkeys(("ko",), ("euc-kr",))
    | dict.fromkeys(("pl", "cs", "sk", "hu", "hr", "sl", "ro"), _CENTRAL)
    | dict.fromkeys(("tr",), ("windows-1254",))
    | dict.fromkeys(("lt", "lv", "et"), ("windows-1257",))
    | dict.fromkeys(("fr", "de", "es", "pt", "it", "sv", "da", "nb", "fi", "is", "ca", "nl"), _WESTERN)
)
# How each script's legacy bytes were misread beside windows-1252 and ISO 8859-1, which all were.
_MISREAD_TOO = {
    "windows-1251": ("koi8-r", "ibm866", "x-mac-cyrillic"),
    "koi8-r": ("windows-1251", "ibm866"),
    "ibm866": ("windows-1251", "koi8-r"),
    "windows-1252": ("macintosh", "ibm850", "ibm437", "windows-1250", "windows-1251"),
    "gbk": ("big5", "windows-1251"),
    "shift_jis": ("gbk",),
    "euc-jp": ("shift_jis",),
    "windows-1250": ("iso-8859-2",),
    "iso-8859-2": ("windows-1250",),
    "windows-1253": ("iso-8859-7",),
    "euc-kr": (),
}
_UTF8_MISREAD = (
    *("windows-1252", "iso-8859-1", "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1257"),
    *("iso-8859-2", "iso-8859-5", "iso-8859-15", "macintosh", "x-mac-cyrillic", "ibm437", "ibm850", "ibm852", "ibm866"),
    *("koi8-r", "windows-1255", "windows-1256", "windows-874", "gbk", "big5", "shift_jis", "euc-kr"),
)
_AGAIN = ("windows-1252", "iso-8859-1")
_LATIN = ("windows-1250", "iso-8859-2", "windows-1254", "windows-1257", *_WESTERN)


@dataclass(frozen=True, slots=True)
class Case:
    """One text, how it was damaged, and what became of it."""

    family: str
    chain: Chain
    language: str
    clean: str
    damaged: str


def cases(texts: Texts, each: int, seed: int = 1) -> Iterator[Case]:
    """Damage texts of each language in every way that fits it, at most so many of each."""
    for family, chain, languages in _chains(texts):
        for language in languages:
            pool = list(texts[language])
            random.Random(seed).shuffle(pool)
            found = 0
            for text in pool:
                damaged = damage(text, chain)
                if damaged is not None and damaged != text:
                    yield Case(family, chain, language, text, damaged)
                    found += 1
                    if found == each:
                        break


def damage(text: str, chain: Chain) -> str | None:
    """Write a text in one charset and read it in another, as often as the chain says; None where that fails."""
    try:
        for true, misread in chain:
            text = text.encode(CODECS[true]).decode(CODECS[misread])
    except UnicodeError:
        return None
    return None if "\ufffd" in text else text


def _chains(texts: Texts) -> Iterator[tuple[str, Chain, Sequence[str]]]:
    everyone = sorted(texts)
    for misread in _UTF8_MISREAD:
        yield "UTF-8 misread", (("utf-8", misread),), everyone
    for misread in _AGAIN:
        yield "UTF-8 misread twice", (("utf-8", misread),) * 2, everyone
    yield "UTF-8 misread thrice", (("utf-8", "windows-1252"),) * 3, everyone
    for true in dict.fromkeys(charset for language in everyone for charset in NATIVE.get(language, ())):
        languages = [language for language in everyone if true in NATIVE.get(language, ())]
        for misread in ("windows-1252", "iso-8859-1", *_MISREAD_TOO.get(true, ())):
            if misread != true and (true, misread) != ("windows-1252", "iso-8859-1"):
                latin = true in _LATIN and misread != "windows-1251"
                family = "legacy within Latin script" if latin else "legacy read as another's"
                yield family, ((true, misread),), languages
