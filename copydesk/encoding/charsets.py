"""Charsets: their names, how a text is written in them as programs on the web do, and which are mistaken for which.

Names are those of the WHATWG Encoding Standard, with one addition: `iso-8859-1` is the ISO charset itself (the
standard's label of that name means windows-1252), and DOS and Mac code pages go by their IANA names.
"""

from __future__ import annotations

import codecs
from functools import cache

import ftfy.bad_codecs  # noqa: F401, TID251  registers the sloppy-windows and utf-8-variants codecs

# WHATWG's windows code pages give their unassigned bytes to the C1 controls; Python's refuse them, ftfy's do not.
CODECS = {
    **{f"windows-{n}": f"sloppy-windows-{n}" for n in range(1250, 1259)},
    "windows-874": "sloppy-cp874",
    **{f"iso-8859-{n}": f"iso-8859-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-greek": "mac-greek",
    "x-mac-turkish": "mac-turkish",
    "x-mac-ce": "mac-latin2",
    **{f"ibm{n}": f"cp{n}" for n in (437, 737, 775, 850, 852, 855, 857, 862, 866)},
    "gbk": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc-jp": "euc-jp",
    "euc-kr": "cp949",
    "utf-8": "utf-8",
    "cesu-8": "utf-8-variants",
}
MULTIBYTE = ("gbk", "big5", "shift_jis", "euc-jp", "euc-kr")

# How surprising it is, in bits, that text of one charset was read as another. Guesses in orders of magnitude, checked
# against clean text: where a pair harmed any, it got dearer. First, by how UTF-8 was misread.
_UTF8 = (
    {"windows-1252": 0, "iso-8859-1": 0}
    | dict.fromkeys(("windows-1250", "windows-1251", "windows-1254", "gbk"), 3)
    | dict.fromkeys(("macintosh", "ibm437", "ibm850", "ibm866", "koi8-r", "iso-8859-2", "windows-1257"), 5)
    | dict.fromkeys(("big5", "shift_jis", "euc-kr", "euc-jp"), 12)
)
_UTF8_ELSE = 9
_DECLARED = 4

# What was misread as windows-1252 or ISO 8859-1, from daily to unheard of.
_AS_WESTERN = (
    dict.fromkeys(("windows-1250", "windows-1254"), 0)
    | {"iso-8859-2": 3}
    | dict.fromkeys(("windows-1251", "windows-1253", "windows-1255", "windows-1256", "windows-874", "koi8-r"), 3)
    | dict.fromkeys(("gbk", "big5", "shift_jis", "euc-jp", "euc-kr"), 3)
    | dict.fromkeys(("iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8", "ibm866", "windows-1257"), 5)
    | {"macintosh": 6}
    | dict.fromkeys(
        ("koi8-u", "iso-8859-14", "iso-8859-15", "iso-8859-13", "iso-8859-4", "x-mac-cyrillic", "ibm850", "ibm437"), 8
    )
    | dict.fromkeys(("ibm852", "ibm855", "ibm857", "ibm737", "x-mac-ce", "x-mac-turkish", "windows-1258"), 13)
    | {"iso-8859-16": 13}
)
# As what windows-1252 or ISO 8859-1 were misread.
_WESTERN_AS = {"macintosh": 5, "ibm850": 6, "windows-1250": 4, "ibm437": 7, "windows-1254": 8, "windows-1251": 8}
_FAMILIES = (
    ("windows-1251", "koi8-r", "ibm866", "iso-8859-5", "x-mac-cyrillic", "koi8-u"),
    ("windows-1253", "iso-8859-7", "ibm737", "x-mac-greek"),
    ("windows-1255", "iso-8859-8", "ibm862"),
    ("windows-1256", "iso-8859-6"),
    ("windows-1250", "iso-8859-2", "ibm852", "x-mac-ce", "iso-8859-16"),
    ("windows-1257", "iso-8859-13", "iso-8859-4", "ibm775"),
    ("windows-1254", "iso-8859-3", "ibm857", "x-mac-turkish"),
    ("windows-1252", "macintosh", "ibm850", "ibm437", "iso-8859-15"),
    MULTIBYTE,
)
_WESTERN = ("windows-1252", "iso-8859-1")
_WIDESPREAD = ("windows-1250", "windows-1251", "windows-1254", "macintosh")
_OFTEN = 5
_SAME_FAMILY = 6
_SAME_FAMILY_SELDOM = 9
_ELSEWHERE = 8
_FAR = 18
_ABSURD = 28


# Labels that the WHATWG Encoding Standard gives to a larger charset than Python does.
_WHATWG = {
    "ascii": "windows-1252",
    "iso8859-1": "windows-1252",
    "iso8859-9": "windows-1254",
    "iso8859-11": "windows-874",
    "tis-620": "windows-874",
    "gb2312": "gbk",
    "gbk": "gbk",
    "big5": "big5",
    "big5hkscs": "big5",
    "shift_jis": "shift_jis",
    "euc_kr": "euc-kr",
}


def find_charset(label: str) -> str | None:
    """Return our name for the charset that a label means, as browsers take it, or None for one that nobody knows.

    >>> find_charset("latin1"), find_charset("GB2312"), find_charset("cp1251"), find_charset("klingon")
    ('windows-1252', 'gbk', 'windows-1251', None)
    """
    try:
        found = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return None
    return _WHATWG.get(found) or _BY_CODEC.get(found)


_BY_CODEC = {codecs.lookup(codec).name: name for name, codec in CODECS.items()} | {
    f"cp{n}": f"windows-{n}" for n in (*range(1250, 1259), 874)
}


@cache
def surprise(misread: str, true: str, declared: str | None = None) -> int:
    """Return in bits how surprising it is that text in the charset `true` was read as `misread`.

    It is hardly so when somebody declares to have read it that way.

    >>> surprise("windows-1252", "utf-8") < surprise("windows-1252", "windows-1251") < surprise("ibm852", "ibm866")
    True
    """
    usual = _UTF8.get(misread, _UTF8_ELSE) if true == "utf-8" else _legacy_surprise(misread, true)
    return min(usual, _DECLARED) if misread == declared else usual


def _legacy_surprise(misread: str, true: str) -> int:
    if misread in _WESTERN:
        return 0 if true == "windows-1252" else _AS_WESTERN.get(true, _FAR)
    if misread in MULTIBYTE and (misread == "euc-kr" or true == "euc-kr" or true not in MULTIBYTE):
        return _ABSURD
    if true in _WESTERN:
        return _WESTERN_AS.get(misread, _FAR)
    if any(misread in family and true in family for family in _FAMILIES):
        often = _AS_WESTERN.get(true, _FAR) <= _OFTEN and misread in _AS_WESTERN
        return _SAME_FAMILY if often else _SAME_FAMILY_SELDOM
    return min(_FAR, _AS_WESTERN.get(true, _FAR) + _ELSEWHERE) if misread in _WIDESPREAD else _FAR


# What text is misread as, the likeliest first: where two give the same bytes, the first is named.
MISREAD = (
    *("windows-1252", "iso-8859-1", "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1255"),
    *("windows-1256", "windows-1257", "windows-1258", "windows-874", "iso-8859-2", "macintosh", "ibm437", "ibm850"),
    *("koi8-r", "ibm866", "gbk", "big5", "shift_jis", "euc-kr", "euc-jp"),
    *(f"iso-8859-{n}" for n in (3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    *("koi8-u", "x-mac-cyrillic", "x-mac-greek", "x-mac-turkish", "x-mac-ce"),
    *(f"ibm{n}" for n in (737, 775, 852, 855, 857, 862)),
)
TRUE = tuple(name for name in CODECS if name not in ("utf-8", "cesu-8"))
