"""Derive copydesk/metadata/languages.txt: codes and names of languages, scripts and regions.

The source is CLDR (Unicode License v3), read by Babel: the codes with their deprecated and three-letter forms; the
names of languages in English, in themselves and in the largest languages of the press; the names of regions in English
and in their own language. `make cldr` runs this in an own environment. The result is committed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global

OUTPUT = Path(__file__).parent.parent / "copydesk/metadata/languages.txt"
PRESS = "es fr de it pt ru zh zh_Hant ja ar".split()
# No language or several languages; "nan" is a missing number of a table.
NO_LANGUAGE = frozenset({"und", "mul", "zxx", "nan"})
# Not in CLDR: codes of countries that are not the code of a language, and irregular tags.
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


def to_tag(code: str) -> str:
    """Convert a code of CLDR to a BCP 47 tag."""
    return {"ar_001": "ar"}.get(code, code).replace("_", "-")


def list_names(code: str) -> list[str]:
    """Return the names of a language in English, in itself and in the largest languages of the press."""
    # The press in other languages rarely names languages with three-letter codes.
    locales = ["en", code, f"{code}_Latn", f"{code}_Cyrl", *(PRESS if len(code.partition("_")[0]) == 2 else ())]
    names = [locale.languages.get(code) for locale in map(parse_locale, locales) if locale]
    return list(dict.fromkeys(name for name in names if name))


def parse_locale(code: str) -> Locale | None:
    """Return the locale of a code, if it is in CLDR."""
    try:
        return Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return None


def list_languages() -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each language: its tag, other codes of it, its names."""
    english = Locale("en").languages
    aliases = get_global("language_aliases")
    rows: dict[str, tuple[list[str], list[str]]] = {}
    for code in english:
        if code in NO_LANGUAGE:
            continue
        final = aliases.get(code, code)
        codes, called = rows.setdefault(to_tag(final), ([], []))
        codes += [code] if final != code else []
        called += [name for name in list_names(code) if name not in called]
    for old, new in aliases.items():
        if to_tag(new) in rows and old not in rows[to_tag(new)][0] and old not in NO_LANGUAGE:
            rows[to_tag(new)][0].append(old)
    for value, more in MORE_CODES.items():
        rows.setdefault(value, ([], []))[0].extend(more.split())
    for value, (codes, called) in sorted(rows.items()):
        yield "language", value, " ".join(sorted(codes)), ";".join(called)


def list_regions() -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each region: its code, other codes of it, its names."""
    likely = get_global("likely_subtags")
    codes: dict[str, list[str]] = {}
    for old, new in get_global("territory_aliases").items():
        codes.setdefault(new[0], []).append(old)
    for region, english in sorted(Locale("en").territories.items()):
        own = parse_locale(likely.get(f"und_{region}", "en").partition("_")[0])
        local = own.territories.get(region) if own else None
        letters = sorted(old for old in codes.get(region, []) if old.isalpha())
        yield "region", region, " ".join(letters), ";".join(dict.fromkeys(filter(None, (english, local))))


def list_scripts() -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each script."""
    for script, english in sorted(Locale("en").scripts.items()):
        if not script.startswith("Z"):
            yield "script", script, "", english


def list_sets() -> Iterator[tuple[str, str, str, str]]:
    """Yield the variants, the codes that may have their own letters as a region (`de-DE`, `jp-JP`), and the fillers."""
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


def add_more_names(row: tuple[str, str, str, str]) -> tuple[str, str, str, str]:
    """Append the names that are not in CLDR."""
    kind, value, codes, called = row
    more = MORE_NAMES.get(value if kind == "language" else f"{kind} {value}", "")
    return kind, value, codes, ";".join(filter(None, (called, more)))


def main() -> None:
    """Write the table: kind, value, codes and names of one value per line."""
    rows = map(add_more_names, (*list_languages(), *list_regions(), *list_scripts(), *list_sets()))
    head = (
        "# Languages, scripts and regions: kind, value, other codes, names. Generated by\n"
        "# tools/derive_languages.py from CLDR (Unicode License v3), with some additional codes and names.\n"
    )
    OUTPUT.write_text(head + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
