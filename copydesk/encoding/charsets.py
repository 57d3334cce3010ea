"""Charsets: their names, their codecs, and the prior cost of each confusion.

Names are those of the WHATWG Encoding Standard, with exceptions: `iso-8859-1` is the ISO charset itself (the standard's
label of that name means windows-1252), and charsets that the standard lacks have their common names.

A text has an *actual* charset and may have been *decoded as* another one. The prior cost of such a pair is −log₂ of its
probability, in bits. The figures are estimates in orders of magnitude. They were checked against clean text: a pair
that damaged any got a higher cost.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import cache

import ftfy.bad_codecs  # noqa: F401, TID251  registers the sloppy-windows and utf-8-variants codecs

from copydesk.encoding.code_tables import ACCENTS, UPPER_HALVES

# WHATWG's Windows code pages map unassigned bytes to C1 controls. ftfy's codecs do, too; Python's raise an error.
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
    "ptcp154": "ptcp154",
    "kz-1048": "kz1048",
    **{name: f"copydesk-{name}" for name in (*UPPER_HALVES, *ACCENTS, "vni")},
    "ibm037": "cp037",
    "gbk": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc-jp": "euc-jp",
    "euc-kr": "cp949",
    "utf-8": "utf-8",
    "cesu-8": "utf-8-variants",
}
MULTIBYTE = ("gbk", "big5", "shift_jis", "euc-jp", "euc-kr")
# Text is in these charsets, but no program takes them for its default: nothing was decoded as one of them.
ONLY_ACTUAL = ("iso-8859-16", "ibm037", "ptcp154", "kz-1048", *UPPER_HALVES, *ACCENTS, "vni")
# Charsets that write one character as several bytes.
SPELLED = (*ACCENTS, "vni")
# Charsets that are not ASCII-compatible.
EBCDIC = ("ibm037",)

# The cost of UTF-8 that was decoded as another charset.
_UTF8_COSTS = (
    {"windows-1252": 0, "iso-8859-1": 0}
    | dict.fromkeys(("windows-1250", "windows-1251", "windows-1254", "gbk"), 3)
    | dict.fromkeys(("macintosh", "ibm437", "ibm850", "ibm866", "koi8-r", "iso-8859-2", "windows-1257"), 5)
    | dict.fromkeys(("big5", "shift_jis", "euc-kr", "euc-jp"), 12)
)
_UTF8_AS_OTHER_COST = 9
# The reduction of the cost if the caller declares that the text was decoded as this charset.
DECLARED_BONUS = 8

_WESTERN = ("windows-1252", "iso-8859-1")
# The cost of text in another charset that was decoded as a Western one.
_AS_WESTERN_COSTS = (
    dict.fromkeys(("windows-1250", "windows-1254"), 0)
    | {"iso-8859-2": 3}
    | dict.fromkeys(("windows-1251", "windows-1253", "windows-1255", "windows-1256", "windows-874", "koi8-r"), 3)
    | dict.fromkeys(("gbk", "big5", "shift_jis", "euc-jp", "euc-kr"), 3)
    | dict.fromkeys(("iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8", "ibm866", "windows-1257"), 5)
    | {"macintosh": 6}
    | dict.fromkeys(
        ("koi8-u", "iso-8859-14", "iso-8859-15", "iso-8859-13", "iso-8859-4", "x-mac-cyrillic", "ibm850", "ibm437"), 8
    )
    | dict.fromkeys(ONLY_ACTUAL, 8)
    | dict.fromkeys(("ibm852", "ibm855", "ibm857", "ibm737", "x-mac-ce", "x-mac-turkish", "windows-1258"), 13)
    | {"iso-8859-16": 13}
)
# The same for charsets that are not listed.
_OTHER_AS_WESTERN_COST = 15
# The cost of text in a Western charset that was decoded as another one.
_WESTERN_AS_COSTS = (
    {
        "macintosh": 5,
        "ibm850": 6,
        "windows-1250": 4,
        "ibm437": 7,
        "windows-1254": 8,
        "windows-1251": 8,
    }
    | dict.fromkeys(
        (*(f"windows-{n}" for n in (1253, 1255, 1256, 1257, 874)), "iso-8859-2", "iso-8859-7", "koi8-r", "ibm866"), 10
    )
    | dict.fromkeys(MULTIBYTE, 12)
)
# Charsets of the same languages are confused more often.
_FAMILIES = (
    ("windows-1251", "koi8-r", "ibm866", "iso-8859-5", "x-mac-cyrillic", "koi8-u", "ptcp154", "kz-1048"),
    ("windows-1253", "iso-8859-7", "ibm737", "x-mac-greek"),
    ("windows-1255", "iso-8859-8", "ibm862"),
    ("windows-1256", "iso-8859-6"),
    ("windows-1250", "iso-8859-2", "ibm852", "x-mac-ce", "iso-8859-16"),
    ("windows-1257", "iso-8859-13", "iso-8859-4", "ibm775"),
    ("windows-1254", "iso-8859-3", "ibm857", "x-mac-turkish"),
    ("windows-1252", "macintosh", "ibm850", "ibm437", "iso-8859-15"),
    MULTIBYTE,
)
# Charsets of the same system are confused, too: its default is the charset of another language.
_SYSTEMS = (
    ("ibm437", "ibm737", "ibm775", "ibm850", "ibm852", "ibm855", "ibm857", "ibm862", "ibm866"),
    ("macintosh", "x-mac-ce", "x-mac-cyrillic", "x-mac-greek", "x-mac-turkish"),
)
_SYSTEM_COST = 13
_FAMILY_COST = 6
_RARE_FAMILY_COST = 9
# The maximum of `_AS_WESTERN_COSTS` for a common charset.
_COMMON_COST = 5
# Charsets that are defaults of widespread programs (those of DOS are that of file names in zip archives), and the cost
# on top of `_AS_WESTERN_COSTS` for text that was decoded as them.
WIDESPREAD = dict.fromkeys(("windows-1250", "windows-1251", "windows-1254", "macintosh"), 8) | dict.fromkeys(
    ("ibm437", "ibm850"), 10
)
_UNRELATED_COST = 18
_IMPLAUSIBLE_COST = 28


# Labels of which the WHATWG Encoding Standard means a larger charset than Python does.
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
    """Return the name of the charset that browsers use for a label, or None for an unknown one.

    >>> find_charset("latin1"), find_charset("GB2312"), find_charset("cp1251"), find_charset("klingon")
    ('windows-1252', 'gbk', 'windows-1251', None)
    """
    try:
        codec = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return None
    return _WHATWG.get(codec) or _BY_CODEC.get(codec)


_BY_CODEC = {codecs.lookup(codec).name: name for name, codec in CODECS.items()} | {
    f"cp{n}": f"windows-{n}" for n in (*range(1250, 1259), 874)
}


@cache
def prior_cost(decoded_as: str, actual: str, declared: str | None = None) -> int:
    """Return −log₂ of the probability that text in one charset was decoded as another, in bits.

    Args:
        decoded_as: the charset that the text was decoded as.
        actual: the actual charset of the text.
        declared: the charset that the caller says the text was decoded as, if known. It lowers the cost.

    >>> prior_cost("windows-1252", "utf-8"), prior_cost("windows-1252", "windows-1251"), prior_cost("koi8-r", "ibm852")
    (0, 3, 18)
    """
    if actual == "utf-8":
        cost = _UTF8_COSTS.get(decoded_as, _UTF8_AS_OTHER_COST)
    else:
        cost = _legacy_prior_cost(decoded_as, actual)
    return max(cost - DECLARED_BONUS, 0) if decoded_as == declared else cost


def _legacy_prior_cost(decoded_as: str, actual: str) -> int:
    as_western = _AS_WESTERN_COSTS.get(actual, _OTHER_AS_WESTERN_COST)
    if decoded_as in _WESTERN:
        return 0 if actual == "windows-1252" else as_western
    if actual in _WESTERN:
        return _WESTERN_AS_COSTS.get(decoded_as, _UNRELATED_COST)
    if decoded_as in MULTIBYTE and (decoded_as == "euc-kr" or actual == "euc-kr" or actual not in MULTIBYTE):
        return _IMPLAUSIBLE_COST
    return min(_related_prior_costs(decoded_as, actual, as_western))


def _related_prior_costs(decoded_as: str, actual: str, as_western: int) -> Iterator[int]:
    """Yield the costs of a confusion by what the two charsets have in common."""
    yield _UNRELATED_COST
    if any(decoded_as in family and actual in family for family in _FAMILIES):
        yield _family_prior_cost(max(as_western, _AS_WESTERN_COSTS.get(decoded_as, _OTHER_AS_WESTERN_COST)))
    if any(decoded_as in system and actual in system for system in _SYSTEMS):
        yield _SYSTEM_COST
    if decoded_as in WIDESPREAD:
        yield min(as_western + WIDESPREAD[decoded_as], _UNRELATED_COST - 1)


def _family_prior_cost(rarest: int) -> int:
    """Return the cost of a confusion within a family, by the cost of the rarer of the two charsets."""
    return _FAMILY_COST if rarest <= _COMMON_COST else _RARE_FAMILY_COST
