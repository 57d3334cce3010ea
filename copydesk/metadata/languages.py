"""Language tags: BCP 47 from the languages that pages declare: `en_US.UTF-8`, `English`, `eng`, `iw`, `русский`.

The rules:

* A valid code is not reinterpreted. `se` is Northern Sami, although Swedish sites mean Swedish, and `kr` is Kanuri. The
  language of the text is the subject of detection.
* A region stays: `zh-CN` does not become `zh-Hans`.
* A code that is not a language is read as a country (`jp`, `cz`, `ua`).
* An unknown subtag after a script or region is dropped. Right after the language it makes the tag invalid: `no-index`
  is not Norwegian.
* Extensions and private use are dropped.
* `nan` is a missing value of a table, not Min Nan.

The tables are from CLDR, with some additional names and codes. Codes of ISO 639-3 that CLDR lacks are unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from copydesk.cache import bounded_cache
from copydesk.tables import read_rows
from copydesk.transforms.folding import fold_case, remove_latin_accents

_MAX_DECLARED_CHARS = 200

# POSIX modifiers that are scripts or variants.
_MODIFIERS = {"latin": "latn", "cyrillic": "cyrl", "devanagari": "deva", "valencia": "valencia"}
# Languages with extended language subtags in BCP 47: `zh-yue`.
_WITH_EXTENDED_SUBTAGS = frozenset({"ar", "ms", "sgn", "sw", "uz", "zh"})
# Languages that detection cannot distinguish, or that are one macrolanguage.
_CLOSE_LANGUAGES = {
    "zh": "yue wuu gan hak hsn nan lzh", "ar": "arz ary arq ars aeb apc shu", "no": "nb nn", "ms": "id", "hr": "bs sr",
    "de": "gsw bar", "et": "vro",
}  # fmt: skip
_REPRESENTATIVES = {close: language for language, others in _CLOSE_LANGUAGES.items() for close in others.split()}
_TRADITIONAL_CHINESE_REGIONS = frozenset({"TW", "HK", "MO"})
_SIMPLIFIED_CHINESE_REGIONS = frozenset({"CN", "SG", "MY"})

_LOCALE = re.compile(r"([a-z]{1,8}(?:[-_][a-z0-9]{1,8})*+)(?:\.[\w-]*+)?(?:@(\w+))?", re.ASCII)
_BRACKETED = re.compile(r"([^()（）\[\]]+)[(（\[]([^()（）\[\]]+)[)）\]]")
_SIDE_BY_SIDE = re.compile(r"(.+?)(?:,| [-–—] )(.+)")
_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)")
_APOSTROPHES = "'’‘ʻʼ`"
_SEPARATOR = re.compile(r"[,;|/、，]")
_EDGE_CHARS = " \t\r\n-_.\"'`[]{}<>“”‘’«»;,"


@dataclass(frozen=True, slots=True)
class _Tables:
    """The tables of `languages.txt`.

    Attributes:
        languages: the tags by code in lower case.
        subtags: the script, region and variant subtags by code in lower case.
        names: the tags by folded name.
        qualifiers: the script and region subtags by folded name.
        homes: the codes that may have their own letters as a region: `de-DE`, but not `sv-SV`.
        fillers: words such as "language" and "язык".
    """

    languages: dict[str, str] = field(default_factory=dict)
    subtags: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    qualifiers: dict[str, str] = field(default_factory=dict)
    homes: set[str] = field(default_factory=set)
    fillers: set[str] = field(default_factory=set)


def normalize(declared: str) -> str | None:
    """Convert a declared language to a BCP 47 tag.

    Args:
        declared: a tag, a POSIX locale, a code of ISO 639, a name in one of many languages, or a list as in
            Accept-Language. Of a list, the first or the one with the highest quality counts.

    Returns:
        The tag in canonical form, or None if there is no language (`und`, `mul`, `C`, `x-default`, `*`, other text).

    >>> normalize("en_US.UTF-8"), normalize("English (US)"), normalize("iw"), normalize("en;q=0.9,de"), normalize("C")
    ('en-US', 'en-US', 'he', 'de', None)
    """
    return _normalize(declared) if len(declared) <= _MAX_DECLARED_CHARS else None


@bounded_cache
def _normalize(declared: str) -> str | None:
    declared = declared.strip(_EDGE_CHARS)
    tag = _parse(declared)
    return tag or next(filter(None, map(_parse, _split_list(declared))), None)


def may_agree(one: str, other: str) -> bool:
    """Return whether two tags may be the language of one text.

    The languages must be the same, or too close for detection (`hr` and `bs`, `id` and `ms`, `no` and `nb`). The
    scripts must be the same if both are given; a region implies the script of Chinese. An unknown language agrees with
    every other one.

    >>> may_agree("zh-TW", "zh-Hant"), may_agree("zh-TW", "zh-Hans"), may_agree("nb", "no"), may_agree("sr-Cyrl", "hr")
    (True, False, True, False)
    """
    language, script = _representative(one[: _MAX_DECLARED_CHARS + 1])
    other_language, other_script = _representative(other[: _MAX_DECLARED_CHARS + 1])
    if not language or not other_language:
        return True
    return language == other_language and (not script or not other_script or script == other_script)


def find_region(tag: str) -> str | None:
    """Return the ISO 3166 code of the country in a canonical tag.

    >>> find_region("en-GB"), find_region("zh-Hant-TW"), find_region("es-419"), find_region("de")
    ('GB', 'TW', None, None)
    """
    return next((subtag for subtag in tag.split("-")[1:] if len(subtag) == 2), None)


@bounded_cache
def _representative(tag: str) -> tuple[str, str]:
    """Return the language that represents all close ones, and the script or an empty string."""
    language, *subtags = (normalize(tag) or "").split("-")
    script = next((subtag for subtag in subtags if _subtag_type(subtag) == "script"), "")
    if language == "zh" and not script and subtags:
        script = _chinese_script(subtags[0])
    return _REPRESENTATIVES.get(language, language), script or ("Latn" if language == "hr" else "")


def _chinese_script(region_code: str) -> str:
    if region_code in _TRADITIONAL_CHINESE_REGIONS:
        return "Hant"
    return "Hans" if region_code in _SIMPLIFIED_CHINESE_REGIONS else ""


def _parse(declared: str) -> str | None:
    return _parse_code(declared) or _parse_name(declared)


def _split_list(declared: str) -> Iterator[str]:
    """Yield the items of a list, the highest quality first. Items with quality 0 are skipped."""
    if not _QUALITY.search(declared):
        yield from (item.strip(_EDGE_CHARS) for item in _SEPARATOR.split(declared))
        return
    items = []
    for item in declared.split(","):
        quality = _QUALITY.search(item)
        items.append((float(quality[1]) if quality else 1.0, item.partition(";")[0].strip(_EDGE_CHARS)))
    yield from (item for quality, item in sorted(items, key=lambda item: -item[0]) if quality)


def _parse_code(code: str) -> str | None:
    """Parse a tag or a POSIX locale."""
    match = _LOCALE.fullmatch(code.lower())
    if not match:
        return None
    tag, modifier = match[1].replace("_", "-"), match[2]
    tables = _tables()
    if tag in tables.languages and not modifier:
        return tables.languages[tag]
    first, *subtags = tag.split("-")
    language = tables.languages.get(first)
    if language is None:
        return None
    if modifier in _MODIFIERS:
        subtags.append(_MODIFIERS[modifier])
    if subtags and first in _WITH_EXTENDED_SUBTAGS and _is_extended_subtag(subtags[0]):
        return _parse_code("-".join(subtags))
    return _join_subtags(language, first, subtags) if subtags else language


def _is_extended_subtag(subtag: str) -> bool:
    tables = _tables()
    return len(subtag) == 3 and subtag in tables.languages and subtag not in tables.subtags


def _join_subtags(language: str, first: str, subtags: list[str]) -> str | None:
    """Return the canonical tag of a language and subtags. The language may imply a script or region.

    Args:
        language: the tag of the language.
        first: its code as declared.
        subtags: the subtags as declared, in lower case.
    """
    tables = _tables()
    language, *implied = language.split("-")
    by_type: dict[str, str] = {}
    for i, subtag in enumerate(subtags):
        canonical = tables.subtags.get(subtag, "")
        # `JA` of `ja-JA` is not a region, and `sv-SV` is not El Salvador.
        if {subtag, canonical.lower()} & {first, language} - tables.homes:
            continue
        if not canonical:
            if i == 0 and len(subtag) > 1 and not subtag.startswith("utf"):
                return None
            break
        by_type.setdefault(_subtag_type(canonical), canonical)
    for canonical in implied:
        by_type.setdefault(_subtag_type(canonical), canonical)
    tag = "-".join([language, *(by_type[name] for name in ("script", "region", "variant") if name in by_type)])
    return tables.languages.get(tag.lower(), tag)


def _subtag_type(subtag: str) -> str:
    return "script" if subtag.istitle() and len(subtag) == 4 else "variant" if len(subtag) > 3 else "region"


def _parse_name(declared: str) -> str | None:
    """Parse a name, alone or with a country or script: `English`, `English (US)`, `Chinese, Simplified`."""
    tables, name = _tables(), _fold_name(declared)
    without_fillers = " ".join(word for word in name.split() if word not in tables.fillers)
    tag = tables.names.get(name) or tables.names.get(without_fillers)
    if tag:
        return tag
    if match := _BRACKETED.fullmatch(name):
        base = tables.names.get(match[1].strip()) or _parse_code(match[1].strip())
        return _add_qualifier(base, match[2].strip(), allow_codes=True) or base
    if match := _SIDE_BY_SIDE.fullmatch(name):
        return _add_qualifier(tables.names.get(match[1].strip()), match[2].strip())
    before_last, _, last = name.rpartition(" ")
    first, _, after_first = name.partition(" ")
    return _add_qualifier(tables.names.get(before_last), last) or _add_qualifier(tables.names.get(after_first), first)


def _add_qualifier(base: str | None, qualifier: str, *, allow_codes: bool = False) -> str | None:
    """Return a tag with the script or region of a qualifier; None if one of them is unknown."""
    tables = _tables()
    subtag = tables.qualifiers.get(qualifier) or (tables.subtags.get(qualifier) if allow_codes else None)
    return _parse_code(f"{base}-{subtag}") if base and subtag else None


def _fold_name(name: str) -> str:
    """Fold a name: no case, accents or apostrophes, single blanks."""
    plain = remove_latin_accents(fold_case(name))
    return " ".join("".join(character for character in plain if character not in _APOSTROPHES).split())


@cache
def _tables() -> _Tables:
    tables = _Tables()
    rows = list(read_rows("copydesk.metadata", "languages.txt"))
    for kind, value, codes, _ in rows:
        if kind == "language":
            tables.languages.update(dict.fromkeys([value.lower(), *codes.split()], value))
        elif kind in ("region", "script"):
            tables.subtags.update(dict.fromkeys([value.lower(), *codes.lower().split()], value))
        elif kind == "variant":
            tables.subtags[value] = value
        elif kind == "home":
            tables.homes.add(value)
        else:
            tables.fillers.add(_fold_name(value))
    _add_names(tables, [(kind, value, names.split(";")) for kind, value, _, names in rows if names])
    return tables


def _add_names(tables: _Tables, rows: list[tuple[str, str, list[str]]]) -> None:
    """Add the names: the English ones first, then those in the language itself, then those in other languages."""
    for i in range(max(len(names) for _, _, names in rows)):
        for kind, value, names in rows:
            if i < len(names):
                table = tables.names if kind == "language" else tables.qualifiers
                table.setdefault(_fold_name(names[i]), value)
