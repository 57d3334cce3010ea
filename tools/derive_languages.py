"""Derive copydesk/metadata/languages.txt: what languages, scripts and regions are called, by code and by name.

From CLDR (Unicode License v3) by way of Babel: the codes and their deprecated and three-letter forms; the names of
languages in English, in themselves and in the largest languages of the press; regions in English and in their own
language. `make cldr` runs this in an environment of its own; the result is committed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global

OUT = Path(__file__).parent.parent / "copydesk/metadata/languages.txt"
PRESS = "es fr de it pt ru zh zh_Hant ja ar".split()
# These say that a text has no language, or several; and "nan" is what a missing number becomes in a table.
NO_LANGUAGE = frozenset({"und", "mul", "zxx", "nan"})
# What CLDR lacks. Codes of countries, where they are no language's, and tags that are in use as a whole.
MORE_CODES = {
    "sq": "al", "be": "by", "zh": "cn zh-guoyu zh-min zh-min-nan zh-nan", "cs": "cz", "da": "dk", "es": "esp",
    "en": "gb us", "el": "gr", "he": "il", "fa": "ir", "ja": "jp", "kk": "kz", "sr": "rs", "uk": "ua", "vi": "vn",
    "jbo": "art-lojban", "hak": "i-hak zh-hakka", "tlh": "i-klingon", "lb": "i-lux", "nv": "i-navajo", "nb": "no-bok",
    "nn": "no-nyn", "hsn": "zh-xiang", "zh-Hans": "zh-chs", "zh-Hant": "zh-cht", "es-419": "es-la es-xl",
    "en-GB-oxendict": "en-gb-oed",
}  # fmt: skip
MORE_NAMES = {
    "ckb": "sorani", "el": "modern greek", "es": "castellano;castilian", "fa": "farsi", "id": "bahasa indonesia",
    "ko": "韩文", "ku": "kurmanji", "ms": "bahasa melayu;bahasa malaysia;malaysian", "nb": "bokmål;norwegian (bokmål)",
    "nl-BE": "vlaams", "nn": "nynorsk;norwegian (nynorsk)", "or": "oriya", "ps": "pushto",
    "pt-BR": "brasileiro;português do brasil", "pt-PT": "português de portugal", "ro-MD": "moldovan",
    "sr-ME": "montenegrin;crnogorski", "uz": "o‘zbekcha", "yue": "粤语;广东话;廣東話",
    "zh": "mandarin;mandarin chinese;汉语;漢語;华语;華語;普通话;國語",
    "zh-Hans": "简体;簡體;简体字", "zh-Hant": "繁体;繁體;繁體字;繁体中文",
    "script Hans": "simplified;简体;簡體", "script Hant": "traditional;繁体;繁體", "script Latn": "latinica;latinično",
    "script Cyrl": "ћирилица;ћирилично;ćirilica", "region 419": "latinoamérica", "region US": "us;usa",
    "region CA": "canadá", "region GB": "uk;great britain", "region HK": "hong kong;香港",
    "region MO": "macau;macao;澳門", "region TW": "台灣", "region CH": "suisse;svizzera", "region BE": "belgique",
}  # fmt: skip
FILLERS = (
    "language languages langue sprache lengua idioma lingua língua язык мова język jezik jazyk nyelv dili limba kieli "
    "in språk sprog taal اللغة زبان tiếng भाषा ভাষা"
).split()


def tag(code: str) -> str:
    """Write a code of CLDR as a BCP 47 tag."""
    return {"ar_001": "ar"}.get(code, code).replace("_", "-")


def names(code: str) -> list[str]:
    """Return the names of a language: in English, in itself, in the largest languages of the press."""
    # Languages whose code has three letters are hardly ever named by the press of others.
    tongues = ["en", code, f"{code}_Latn", f"{code}_Cyrl", *(PRESS if len(code.partition("_")[0]) == 2 else ())]
    found = [locale.languages.get(code) for locale in map(parsed, tongues) if locale]
    return list(dict.fromkeys(name for name in found if name))


def parsed(code: str) -> Locale | None:
    """Return the locale of a code, if CLDR has one."""
    try:
        return Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return None


def languages() -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each language: its tag, other codes of it, its names."""
    english = Locale("en").languages
    aliases = get_global("language_aliases")
    rows: dict[str, tuple[list[str], list[str]]] = {}
    for code in english:
        if code in NO_LANGUAGE:
            continue
        final = aliases.get(code, code)
        codes, called = rows.setdefault(tag(final), ([], []))
        codes += [code] if final != code else []
        called += [name for name in names(code) if name not in called]
    for old, new in aliases.items():
        if tag(new) in rows and old not in rows[tag(new)][0] and old not in NO_LANGUAGE:
            rows[tag(new)][0].append(old)
    for value, more in MORE_CODES.items():
        rows.setdefault(value, ([], []))[0].extend(more.split())
    for value, (codes, called) in sorted(rows.items()):
        yield "language", value, " ".join(sorted(codes)), ";".join(called)


def regions() -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each region: its code, other codes of it, its names."""
    likely = get_global("likely_subtags")
    codes: dict[str, list[str]] = {}
    for old, new in get_global("territory_aliases").items():
        codes.setdefault(new[0], []).append(old)
    for region, english in sorted(Locale("en").territories.items()):
        own = parsed(likely.get(f"und_{region}", "en").partition("_")[0])
        local = own.territories.get(region) if own else None
        letters = sorted(old for old in codes.get(region, []) if old.isalpha())
        yield "region", region, " ".join(letters), ";".join(dict.fromkeys(filter(None, (english, local))))


def scripts() -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each script."""
    for script, english in sorted(Locale("en").scripts.items()):
        if not script.startswith("Z"):
            yield "script", script, "", english


def sets() -> Iterator[tuple[str, str, str, str]]:
    """Yield the variants, the codes that their own letters may follow as a region (`de-DE`, `jp-JP`), the fillers."""
    for variant in sorted(Locale("en").variants):
        if variant != "POSIX":
            yield "variant", variant.lower(), "", ""
    spoken = get_global("territory_languages")
    homes = {
        code
        for code in Locale("en").languages
        if spoken.get(code.upper(), {}).get(code, {}).get("official_status") is not None
    }
    countries = {code for codes in MORE_CODES.values() for code in codes.split() if len(code) == 2}
    for code in sorted(homes | countries):
        yield "home", code, "", ""
    for word in FILLERS:
        yield "filler", word, "", ""


def with_more_names(row: tuple[str, str, str, str]) -> tuple[str, str, str, str]:
    """Add the names that CLDR lacks, behind all others."""
    kind, value, codes, called = row
    more = MORE_NAMES.get(value if kind == "language" else f"{kind} {value}", "")
    return kind, value, codes, ";".join(filter(None, (called, more)))


def main() -> None:
    """Write the table, a line a value: kind, value, codes, names."""
    rows = map(with_more_names, (*languages(), *regions(), *scripts(), *sets()))
    head = (
        "# What languages, scripts and regions are called: kind, value, other codes, names. Written by\n"
        "# tools/derive_languages.py from CLDR (Unicode License v3), with some codes and names that it lacks.\n"
    )
    OUT.write_text(head + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
