"""Damage of text: chains of right and wrong charsets, with lost bytes.

A chain names, for each step, the charset that the text is in and the charset that it is read as. The tables hold the
chains that occur in practice with the languages that they occur in. The names are Python's codecs; the `sloppy-`
codecs are ftfy's and decode undefined bytes as browsers do.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from random import Random

import ftfy.bad_codecs  # noqa: F401, TID251 - registers the sloppy codecs; a tool, never installed

import copydesk.encoding.code_tables  # noqa: F401 - registers the codecs that Python lacks

Chain = tuple[tuple[str, str], ...]

CP1252, CP1251, CP1250 = "sloppy-windows-1252", "sloppy-windows-1251", "sloppy-windows-1250"
CP1253, CP1254, CP1255 = "sloppy-windows-1253", "sloppy-windows-1254", "sloppy-windows-1255"
CP1256, CP1257, CP1258 = "sloppy-windows-1256", "sloppy-windows-1257", "sloppy-windows-1258"

WESTERN = "fr de es pt it nl sv da nb nn fi is ca gl eu en oc br ga gd fo lb af ast fur"
WESTERN_MAIN = "fr de es pt it sv da nb fi is ca nl en"
CENTRAL = "pl cs sk hu hr sl ro bs sr-Latn"
CYRILLIC = "ru uk bg be mk sr"
CHINESE = "zh zh-Hant"
EVERY = (
    f"{WESTERN} {CENTRAL} {CYRILLIC} tr az lt lv et eo cy mi hsb dsb el he ar fa ur ckb ug hy ka hi bn mr ne ta te kn "
    "ml si pa th km dv ja ko vi zh zh-Hant kk ky tg mn ba tt uz tk fil id ms sw ku sq"
)

# UTF-8 read as another charset.
UTF8_AS = {
    CP1252: EVERY, "latin-1": EVERY, "iso-8859-15": f"{WESTERN_MAIN} et pl ru",
    CP1251: f"{CYRILLIC} kk ky mn ba tt de fr es en pl cs tr lt ro it pt el he ar zh",
    CP1250: f"{CENTRAL} de en fr it es ru uk el vi", "iso-8859-2": f"{CENTRAL} de en fr ru",
    CP1253: "el en de fr it bg", "iso-8859-7": "el en",
    CP1254: "tr az en de fr ku ru", "iso-8859-9": "tr en de az", "iso-8859-4": "lt lv et",
    CP1257: "lt lv et en de ru pl", "iso-8859-13": "lt lv et",
    CP1255: "he en ru", "iso-8859-8": "en", CP1256: "ar fa ur en fr ckb",
    CP1258: "vi en fr", "sloppy-cp874": "th en de", "tis-620": "th",
    "macroman": f"{WESTERN_MAIN} pl cs tr vi ru", "mac-latin2": "pl cs hu sk hr", "mac-cyrillic": "ru uk bg en de",
    "mac-greek": "el en", "mac-turkish": "tr",
    "cp437": f"{WESTERN_MAIN} pl ru", "cp850": f"{WESTERN_MAIN} pl tr ru", "cp852": f"{CENTRAL} de en ru",
    "cp858": "de fr es en", "cp865": "nb da", "cp860": "pt", "cp863": "fr", "cp775": "lt lv et", "cp857": "tr",
    "cp866": "ru uk bg be en de", "cp855": "ru bg sr mk", "cp737": "el", "cp862": "he", "cp864": "ar", "cp720": "ar",
    "koi8-r": "ru bg en de", "koi8-u": "uk", "iso-8859-5": "ru bg sr",
    "gbk": f"{CHINESE} ja ko en fr de es ru vi", "gb18030": "zh en de", "big5hkscs": "zh-Hant zh en fr",
    "cp932": "ja en de fr zh", "cp949": "ko en fr de",
}  # fmt: skip

# UTF-8 damaged twice or more, by one charset or by two.
UTF8_REPEATED: dict[tuple[str, ...], str] = {
    (CP1252, CP1252): f"{WESTERN_MAIN} {CENTRAL} {CYRILLIC} tr lt lv et el he ar fa th vi zh ja ko hi",
    ("latin-1", "latin-1"): f"{WESTERN_MAIN} pl cs hu ru uk el ar he zh ja ko tr",
    (CP1252, "latin-1"): "fr de es en ru", ("latin-1", CP1252): "fr de es en ru zh",
    (CP1250, CP1250): "pl cs hu", (CP1251, CP1251): "ru uk bg en de", (CP1251, CP1252): "ru uk",
    (CP1252, CP1251): "ru en",
    (CP1250, CP1252): "pl cs hu", (CP1254, CP1254): "tr", (CP1252, CP1254): "tr", (CP1253, CP1253): "el",
    ("macroman", "macroman"): "fr de es en", ("macroman", CP1252): "fr de en", (CP1252, "macroman"): "fr es en",
    ("cp437", "cp437"): "de en fr", ("cp850", "cp850"): "de en es", (CP1252, "cp437"): "en fr de",
    (CP1252, "cp850"): "en de es", (CP1252, "gbk"): "zh en", ("cp437", CP1252): "en", ("gbk", CP1252): "en",
    (CP1252, CP1252, CP1252): "fr en de es pt it pl cs sv ru zh", ("latin-1", "latin-1", "latin-1"): "fr en de es ru",
    (CP1251, CP1251, CP1251): "ru", (CP1252, CP1252, CP1252, CP1252): "en fr",
}  # fmt: skip

# A charset of one script read as a charset of another.
OTHER_SCRIPT = {
    "cp1251": {
        CP1252: f"{CYRILLIC} kk", "latin-1": CYRILLIC, CP1250: "ru uk bg", CP1253: "ru bg", CP1254: "ru", CP1257: "ru",
        CP1255: "ru", CP1256: "ru", "iso-8859-15": "ru uk", "iso-8859-2": "ru bg", "iso-8859-7": "ru",
        "macroman": "ru uk",
        "cp437": "ru", "cp850": "ru bg", "cp852": "ru", "gbk": "ru", "big5hkscs": "ru", "cp932": "ru", "cp949": "ru",
        "iso-8859-9": "ru",
    },
    "koi8-r": {
        CP1252: "ru", "latin-1": "ru bg", CP1250: "ru", "macroman": "ru", "cp437": "ru", "gbk": "ru", "cp850": "ru",
    },
    "koi8-u": {CP1252: "uk ru", "latin-1": "uk"},
    "cp866": {CP1252: "ru uk bg be", "latin-1": "ru", "cp437": "ru", "cp850": "ru uk", "macroman": "ru", CP1250: "ru"},
    "cp855": {CP1252: "ru sr mk", "cp850": "ru bg", "cp437": "ru"},
    "mac-cyrillic": {CP1252: "ru uk bg", "latin-1": "ru", "macroman": "ru uk bg mk sr"},
    "iso-8859-5": {"latin-1": CYRILLIC, CP1252: "ru bg sr uk", "iso-8859-15": "ru"},
    "cp1253": {
        CP1252: "el", "latin-1": "el", CP1250: "el", CP1254: "el", CP1251: "el", "macroman": "el", "cp850": "el",
    },
    "iso-8859-7": {"latin-1": "el", CP1252: "el", "iso-8859-15": "el", CP1251: "el"},
    "cp737": {CP1252: "el", "cp437": "el", "cp850": "el", "latin-1": "el", CP1253: "el"},
    "mac-greek": {"macroman": "el", CP1252: "el"},
    "cp1255": {CP1252: "he", "latin-1": "he", CP1254: "he", CP1251: "he", "macroman": "he", CP1250: "he", CP1256: "he"},
    "iso-8859-8": {"latin-1": "he", CP1252: "he"},
    "cp862": {CP1252: "he", "cp437": "he", "cp850": "he", "latin-1": "he", CP1255: "he"},
    "cp1256": {
        CP1252: "ar fa ur", "latin-1": "ar fa", CP1251: "ar", CP1254: "ar", CP1250: "ar", "macroman": "ar",
        CP1255: "ar",
    },
    "iso-8859-6": {"latin-1": "ar", CP1252: "ar"},
    "cp720": {CP1252: "ar", "cp850": "ar"},
    "cp874": {CP1252: "th", "latin-1": "th", "macroman": "th", CP1251: "th", "cp437": "th"},
    "gbk": {
        CP1252: "zh", "latin-1": "zh", CP1251: "zh", "big5hkscs": "zh", "big5": "zh", "cp932": "zh",
        "cp949": "zh", "macroman": "zh",
        "cp850": "zh", CP1250: "zh", "cp437": "zh", "cp866": "zh",
    },
    "big5": {
        CP1252: "zh-Hant", "latin-1": "zh-Hant", "gbk": "zh-Hant", "cp932": "zh-Hant", CP1251: "zh-Hant",
        "cp437": "zh-Hant",
    },
    "cp932": {
        CP1252: "ja", "latin-1": "ja", "gbk": "ja", "big5hkscs": "ja", "cp949": "ja", CP1251: "ja", "macroman": "ja",
        "cp437": "ja", "cp850": "ja",
    },
    "euc-jp": {CP1252: "ja", "latin-1": "ja", "cp932": "ja", "gbk": "ja", "macroman": "ja", "big5": "ja"},
    "euc-kr": {
        CP1252: "ko", "latin-1": "ko", "gbk": "ko", "cp932": "ko", CP1251: "ko", "macroman": "ko", "big5": "ko",
        "cp850": "ko",
    },
    # Western letters and typographic marks read as a charset of another script.
    CP1252: {
        CP1251: "fr de sv es da fi en", "cp866": "en de fr", "koi8-r": "en de fr", "mac-cyrillic": "en de",
        CP1253: "fr es de",
        "iso-8859-7": "fr de", CP1255: "fr de", CP1256: "fr de", "sloppy-cp874": "fr de",
        "iso-8859-5": "de fr", "cp737": "de",
        "gbk": "en fr de es pt", "cp932": "en de fr", "cp949": "en fr de", "big5hkscs": "en fr de",
        "cp855": "de", "cp862": "de",
    },
    "macroman": {CP1251: "en fr", "gbk": "en fr", "cp932": "en", CP1253: "fr"},
    CP1250: {CP1251: "pl cs hu sk", "koi8-r": "pl cs", CP1253: "pl", "cp866": "cs", "gbk": "pl cs"},
    "cp1257": {CP1251: "lt lv et", "koi8-r": "lt lv"},
    "cp1254": {CP1251: "tr", CP1253: "tr", CP1256: "tr"},
}  # fmt: skip

# A Cyrillic, Greek, Hebrew or Arabic charset read as another of the same script.
SAME_SCRIPT_OTHER = {
    "cp1251": {
        "koi8-r": "ru bg uk", "koi8-u": "uk", "cp866": "ru uk bg", "mac-cyrillic": "ru uk bg",
        "iso-8859-5": "ru bg sr", "cp855": "ru",
    },
    "koi8-r": {CP1251: "ru bg", "cp866": "ru", "mac-cyrillic": "ru", "iso-8859-5": "ru"},
    "koi8-u": {CP1251: "uk"},
    "cp866": {CP1251: "ru uk bg be", "koi8-r": "ru", "mac-cyrillic": "ru", "iso-8859-5": "ru"},
    "cp855": {CP1251: "ru bg sr mk", "cp866": "ru"},
    "mac-cyrillic": {CP1251: "ru uk bg", "koi8-r": "ru", "cp866": "ru"},
    "iso-8859-5": {CP1251: "ru bg sr mk", "koi8-r": "ru", "cp866": "ru"},
    "cp1253": {"iso-8859-7": "el", "cp737": "el", "mac-greek": "el"},
    "iso-8859-7": {CP1253: "el", "cp737": "el"},
    "cp737": {"iso-8859-7": "el"},
    "mac-greek": {CP1253: "el"},
    "cp862": {"iso-8859-8": "he"},
    "iso-8859-6": {CP1256: "ar"},
    "cp1256": {"iso-8859-6": "ar", "cp720": "ar"},
    "cp720": {CP1256: "ar"},
}  # fmt: skip

# One Latin charset read as another: few letters differ, and only the language shows it.
LATIN = {
    "cp1250": {CP1252: CENTRAL, "latin-1": CENTRAL, "iso-8859-2": "pl cs sk hr sl", "macroman": "pl cs hu",
    CP1254: "pl hu ro cs",
               CP1257: "pl cs hr", "cp852": "pl cs hu hr", "iso-8859-15": "pl cs hu", "cp850": "pl cs",
               "mac-latin2": "cs pl"},
    "iso-8859-2": {
        "latin-1": CENTRAL, CP1252: CENTRAL, CP1250: "pl cs sk hr sl", "iso-8859-15": "pl cs", "macroman": "pl hu",
        CP1254: "hu",
    },
    "iso-8859-16": {"latin-1": "ro", CP1252: "ro"},
    "cp852": {
        CP1250: CENTRAL, CP1252: "pl cs hu sk hr sl", "latin-1": "pl cs hu", "iso-8859-2": "pl cs",
        "cp437": "pl cs hu", "cp850": "pl hu",
    },
    "mac-latin2": {CP1252: "pl cs hu", CP1250: "pl cs hu sk", "macroman": "pl cs hu"},
    "mac-croatian": {CP1252: "hr sl", CP1250: "hr sl"},
    "mac-romanian": {CP1252: "ro"},
    "cp1254": {
        CP1252: "tr", "latin-1": "tr", CP1250: "tr", "iso-8859-15": "tr", "macroman": "tr", "cp857": "tr",
        "iso-8859-2": "tr", CP1257: "tr",
    },
    "iso-8859-9": {"latin-1": "tr ku", CP1252: "tr ku", CP1250: "tr"},
    "cp857": {CP1254: "tr", CP1252: "tr", "cp437": "tr", "cp850": "tr"},
    "mac-turkish": {CP1252: "tr", "macroman": "tr", CP1254: "tr"},
    "cp1257": {
        CP1252: "lt lv et", "latin-1": "lt lv", CP1250: "lt lv", CP1254: "lt", "macroman": "lt lv",
        "iso-8859-4": "lt lv", "cp775": "lt lv",
    },
    "iso-8859-13": {"latin-1": "lt lv", CP1252: "lt lv"},
    "iso-8859-4": {"latin-1": "lt lv et", CP1257: "lt lv", CP1252: "lt lv"},
    "cp775": {CP1257: "lt lv et", CP1252: "lt lv et", "cp850": "lt lv"},
    "macroman": {
        CP1252: f"{WESTERN_MAIN} gl eu", "latin-1": "fr de es pt it sv da", CP1250: "de fr", "cp850": "fr de",
        CP1254: "fr de",
    },
    "mac-iceland": {CP1252: "is", "macroman": "is"},
    CP1252: {
        "macroman": WESTERN_MAIN, "cp850": "fr de es pt it sv da nb en is", "cp437": "fr de es sv it en",
        CP1250: "fr pt es it sv da nb ca is gl",
        CP1254: "is fo", CP1257: "fr es da is pt nb it", "iso-8859-2": "fr pt es de it sv", "iso-8859-9": "is",
        "cp852": "de fr es", "cp865": "nb da", "cp863": "fr", "cp860": "pt", "iso-8859-15": "fr et",
        "iso-8859-4": "fr pt es",
        "iso-8859-10": "fr es", "iso-8859-13": "es fr", "iso-8859-3": "fr pt", "mac-latin2": "de fr",
        "mac-turkish": "de",
        "mac-iceland": "is",
    },
    "iso-8859-15": {CP1252: "fr et fi", "latin-1": "fr et"},
    "cp850": {
        CP1252: "fr de es pt it sv da nb fi is nl ca", "latin-1": "fr de es pt sv", CP1250: "de", "macroman": "fr de",
        "cp437": "pt da fr",
    },
    "cp437": {CP1252: "fr de es it sv fi", "latin-1": "de fr es sv", CP1250: "de"},
    "cp858": {CP1252: "de fr es"},
    "cp865": {CP1252: "nb da", "latin-1": "nb"},
    "cp861": {CP1252: "is"},
    "cp863": {CP1252: "fr", "latin-1": "fr"},
    "cp860": {CP1252: "pt", "latin-1": "pt"},
    "iso-8859-3": {"latin-1": "eo", CP1252: "eo", CP1250: "eo"},
    "iso-8859-14": {"latin-1": "cy", CP1252: "cy"},
    "cp1258": {CP1252: "vi", "latin-1": "vi", CP1250: "vi", CP1254: "vi"},
    "copydesk-viscii": {"latin-1": "vi"},
    "copydesk-tcvn5712": {CP1252: "vi", "latin-1": "vi"},
    "copydesk-vni": {CP1252: "vi", "latin-1": "vi"},
    "copydesk-ansel": {CP1252: "fr es pt de pl cs hu sv it", "latin-1": "fr es de"},
    "copydesk-iso-6937": {CP1252: "fr es pt de pl cs hu sv it", "latin-1": "fr es de"},
    "copydesk-spacing-accents": {CP1252: "fr es pt de en sv it nl ca", "latin-1": "fr de es"},
}  # fmt: skip
# Armenian and Georgian charsets.
CAUCASUS = {
    "copydesk-armscii-8": {CP1252: "hy", "latin-1": "hy"},
    "copydesk-georgian-ps": {CP1252: "ka", "latin-1": "ka"},
}
# Cyrillic alphabets of Central Asia. Their charsets differ from 1251 in a few letters.
CENTRAL_ASIA = {
    "ptcp154": {CP1251: "kk ky tt ba", CP1252: "kk tt", "latin-1": "kk"},
    "kz1048": {CP1251: "kk", CP1252: "kk", "latin-1": "kk"},
}
# Legacy text that was converted to UTF-8 wrongly, and then misread once more.
LEGACY_THEN_UTF8 = {
    ("cp1251", CP1252): "ru uk bg", ("cp1251", "latin-1"): "ru", ("cp1250", CP1252): "pl cs hu",
    ("cp1253", CP1252): "el",
    ("gbk", CP1252): "zh", ("macroman", CP1252): "fr de en", (CP1252, "gbk"): "en",
    ("cp1254", CP1252): "tr", ("cp932", CP1252): "ja",
}  # fmt: skip
# Marks of the tones, which windows-1258 writes apart from the letter.
TONES = "\u0300\u0301\u0303\u0309\u0323"
PLAIN_SIGNS = [
    ("™", "TM"), ("â€œ", 'â€"'), ("â€\x9d", 'â€"'), ("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'"), ("…", "..."),
]  # fmt: skip
LOSSY_CODECS = frozenset({CP1252, "latin-1", CP1251, CP1250, CP1253, CP1254, CP1256, CP1255, CP1257, "macroman"})


@dataclass(frozen=True)
class Damage:
    """A chain with a language that it occurs in, and the group of its pair."""

    chain: Chain
    language: str
    group: str


@lru_cache(maxsize=1)
def list_damages() -> tuple[Damage, ...]:
    """Return every chain with each of its languages."""
    pairs: list[tuple[Chain, str, str]] = [((("utf-8", wrong),), langs, "utf-8") for wrong, langs in UTF8_AS.items()]
    pairs += [
        (tuple(("utf-8", wrong) for wrong in steps), langs, "utf-8 repeated") for steps, langs in UTF8_REPEATED.items()
    ]
    for group, table in (
        ("other script", OTHER_SCRIPT), ("other script", CAUCASUS), ("same script", SAME_SCRIPT_OTHER),
        ("same script", CENTRAL_ASIA),
        ("latin", LATIN),
    ):  # fmt: skip
        pairs += [(((right, wrong),), langs, group) for right, row in table.items() for wrong, langs in row.items()]
    pairs += [((pair, ("utf-8", CP1252)), langs, "legacy, then utf-8") for pair, langs in LEGACY_THEN_UTF8.items()]
    return tuple(Damage(chain, language, group) for chain, langs, group in pairs for language in langs.split())


def apply_chain(text: str, chain: Chain, errors: str = "strict") -> str | None:
    """Return the text as it looks after the chain, or None if a charset cannot hold it.

    With `errors="replace"`, bytes that the wrong charset lacks become U+FFFD, as in browsers.

    >>> apply_chain("für", (("utf-8", "sloppy-windows-1252"),))
    'fÃ¼r'
    >>> apply_chain("für", (("cp1251", "latin-1"),)) is None
    True
    """
    for right, wrong in chain:
        try:
            data = (split_tones(text) if "1258" in right else text).encode(right)
            text = data.decode(wrong, errors)
        except UnicodeError:
            return None
    return text


def split_tones(text: str) -> str:
    """Return the text with the marks of the tones after their letters, as windows-1258 has them."""
    return "".join(map(split_tone, text))


def split_tone(char: str) -> str:
    """Return a Vietnamese letter without its tone, and the tone; any other character as it is.

    >>> [len(split_tone(char)) for char in "ếêàô"]
    [2, 1, 1, 1]
    """
    parts = unicodedata.normalize("NFD", char)
    tone = next((mark for mark in parts[1:] if mark in TONES), "")
    try:
        char.encode("cp1258")
    except UnicodeError:
        return unicodedata.normalize("NFC", parts.replace(tone, "", 1)) + tone if tone else char
    return char


# Loss


def lose(text: str, rng: Random) -> str:
    """Return damaged text that lost something on the way; the same text if it holds nothing to lose."""
    return rng.choice(LOSSES)(text, rng)


def drop_controls(text: str, rng: Random) -> str:
    """Drop the C1 controls, with or without the no-break space and the soft hyphen."""
    return re.sub(rng.choice(["[\x80-\x9f]", "[\x80-\x9f\xad]", "[\x80-\xa0\xad]", "[\x81\x8d\x8f\x90\x9d]"]), "", text)


def drop_all_controls(text: str) -> str:
    """Drop the C1 controls."""
    return re.sub("[\x80-\x9f]", "", text)


def spaces_for_hard_spaces(text: str) -> str:
    """Turn no-break spaces into spaces."""
    return text.replace("\xa0", " ")


def replace_controls(text: str, rng: Random) -> str:
    """Replace bytes that windows-1252 leaves undefined by a question mark, U+FFFD or a space."""
    return re.sub("[\x81\x8d\x8f\x90\x9d]", rng.choice("??\ufffd\ufffd "), text)


def replace_all_controls(text: str, rng: Random) -> str:
    """Replace every C1 control by one sign."""
    return re.sub("[\x80-\x9f]", rng.choice("?\ufffd "), text)


def drop_soft_hyphens(text: str, _rng: Random) -> str:
    """Drop soft hyphens, as `í` of UTF-8 holds one."""
    return text.replace("\xad", "")


def change_hard_spaces(text: str, rng: Random) -> str:
    """Turn no-break spaces into spaces, or drop them; `à` of UTF-8 holds one."""
    return text.replace("\xa0", rng.choice(["", " ", " ", " "]))


def simplify_signs(text: str, rng: Random) -> str:
    """Write signs of misread punctuation as keyboards and filters do: `â€TM`, `â€"`."""
    for sign, plain in rng.sample(PLAIN_SIGNS, rng.randint(2, len(PLAIN_SIGNS))):
        text = text.replace(sign, plain)
    return text


def lower_case(text: str, _rng: Random) -> str:
    """Return the damaged text in small letters, as addresses and tags are."""
    return text.lower()


def upper_case(text: str, _rng: Random) -> str:
    """Return the damaged text in capitals, as headlines are."""
    return text.upper()


def replace_trails(text: str, rng: Random) -> str:
    """Replace some of the signs after a lead byte by a question mark or U+FFFD."""
    sign = rng.choice("??\ufffd")
    return re.sub(
        "(?<=[ÃÂÄÅÐÑРС])[\x80-\xbf\u2018-\u203a€°-џ]", lambda match: match[0] if rng.random() < 0.6 else sign, text
    )


def collapse_space(text: str, _rng: Random) -> str:
    """Collapse white space, the no-break space included; U+0085 is a control of its own."""
    return re.sub("[ \t\n\r\u00a0]+", " ", text).strip(" ")


LOSSES = (
    drop_controls, drop_controls, replace_controls, replace_controls, replace_all_controls, drop_soft_hyphens,
    change_hard_spaces, change_hard_spaces, simplify_signs, simplify_signs, lower_case, upper_case, replace_trails,
    collapse_space,
)  # fmt: skip
