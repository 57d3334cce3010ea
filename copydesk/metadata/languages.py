"""Language tags: BCP 47 out of what somebody wrote as a language: `en_US.UTF-8`, `English`, `eng`, `iw`, `русский`.

The danger is to know better. A valid code is taken at its word: `se` is Northern Sami, though Swedish sites mean
Swedish by it, and `kr` is Kanuri; what the text is in, detection says. A region stays as it was given: `zh-CN` does not
become `zh-Hans`. Only codes that name no language at all are read as the country that they name (`jp`, `cz`, `ua`).
What is no known subtag is dropped behind a script or region, and spoils the tag right behind the language: `no-index`
is not Norwegian. Extensions and private use, which tell of calendars and fonts, are dropped. `nan` is what a missing
value becomes on its way through a table, never Min Nan.

The tables are those of CLDR, with some names and codes that it lacks; codes of ISO 639-3 that it lacks are refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

_LONGEST = 200

_MODIFIERS = {"latin": "latn", "cyrillic": "cyrl", "devanagari": "deva", "valencia": "valencia"}
# Languages behind which BCP 47 lets others stand: `zh-yue`.
_EXTENDED = frozenset({"ar", "ms", "sgn", "sw", "uz", "zh"})
_CLOSE = {
    "zh": "yue wuu gan hak hsn nan lzh", "ar": "arz ary arq ars aeb apc shu", "no": "nb nn", "ms": "id", "hr": "bs sr",
    "de": "gsw bar", "et": "vro",
}  # fmt: skip
_STANDS_FOR = {close: language for language, others in _CLOSE.items() for close in others.split()}
_TRADITIONAL, _SIMPLIFIED = frozenset({"TW", "HK", "MO"}), frozenset({"CN", "SG", "MY"})

_LOCALE = re.compile(r"([a-z]{1,8}(?:[-_][a-z0-9]{1,8})*+)(?:\.[\w-]*+)?(?:@(\w+))?", re.ASCII)
_BRACKETED = re.compile(r"([^()（）\[\]]+)[(（\[]([^()（）\[\]]+)[)）\]]")
_SIDE_BY_SIDE = re.compile(r"(.+?)(?:,| [-–—] )(.+)")
_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)")
_SEPARATOR = re.compile(r"[,;|/、，]")
_QUOTES = " \t\r\n-_.\"'`[]{}<>“”‘’«»;,"


@dataclass(frozen=True, slots=True)
class _Tables:
    """What is known: tags by lower-case code and by folded name, subtags likewise, and two sets.

    `homes` are codes that their own letters may follow as a region (`de-DE`, but not `sv-SV`), `fillers` words such as
    "language" and "язык".
    """

    languages: dict[str, str] = field(default_factory=dict)
    subtags: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    qualifiers: dict[str, str] = field(default_factory=dict)
    homes: set[str] = field(default_factory=set)
    fillers: set[str] = field(default_factory=set)


def normalize(declared: str) -> str | None:
    """Return the BCP 47 tag of what somebody wrote as a language.

    Args:
        declared: a tag, a POSIX locale, a code of ISO 639, a name in many languages, or a list as in Accept-Language,
            of which the first or the most wanted counts.

    Returns:
        The tag in canonical form, or None where no language is named (`und`, `mul`, `C`, `x-default`, `*`, junk).

    >>> normalize("en_US.UTF-8"), normalize("English (US)"), normalize("iw"), normalize("en;q=0.9,de"), normalize("C")
    ('en-US', 'en-US', 'he', 'de', None)
    """
    return _normalised(declared) if len(declared) <= _LONGEST else None


@lru_cache(maxsize=2048)
def _normalised(declared: str) -> str | None:
    declared = declared.strip(_QUOTES)
    tag = _one(declared)
    return tag or next(filter(None, map(_one, _listed(declared))), None)


def agree(one: str, other: str) -> bool:
    """Tell whether two tags may name the language of one text.

    They do if their languages are the same, or so close that detection can't tell them apart (`hr` and `bs`, `id` and
    `ms`, `no` and `nb`), and their scripts, as far as they are told, are the same. A region tells the script of
    Chinese. What names no language contradicts nothing.

    >>> agree("zh-TW", "zh-Hant"), agree("zh-TW", "zh-Hans"), agree("nb", "no"), agree("sr-Cyrl", "hr")
    (True, False, True, False)
    """
    (first, first_script), (second, second_script) = _kin(one[: _LONGEST + 1]), _kin(other[: _LONGEST + 1])
    if not first or not second:
        return True
    return first == second and (not first_script or not second_script or first_script == second_script)


def region(tag: str) -> str | None:
    """Return the ISO 3166 code of the country that a tag in canonical form names.

    >>> region("en-GB"), region("zh-Hant-TW"), region("es-419"), region("de")
    ('GB', 'TW', None, None)
    """
    return next((subtag for subtag in tag.split("-")[1:] if len(subtag) == 2), None)


@lru_cache(maxsize=2048)
def _kin(tag: str) -> tuple[str, str]:
    """Return the language that stands for all that are told apart only with an effort, and the script or nothing."""
    language, *subtags = (normalize(tag) or "").split("-")
    script = next((subtag for subtag in subtags if _kind(subtag) == "script"), "")
    if language == "zh" and not script and subtags:
        script = "Hant" if subtags[0] in _TRADITIONAL else "Hans" if subtags[0] in _SIMPLIFIED else ""
    return _STANDS_FOR.get(language, language), script or ("Latn" if language == "hr" else "")


def _one(claim: str) -> str | None:
    return _coded(claim) or _named(claim)


def _listed(claims: str) -> Iterator[str]:
    """Yield the parts of a list, the most wanted first."""
    if not _QUALITY.search(claims):
        yield from (claim.strip(_QUOTES) for claim in _SEPARATOR.split(claims))
        return
    wanted = []
    for claim in claims.split(","):
        quality = _QUALITY.search(claim)
        wanted.append((-float(quality[1]) if quality else -1.0, claim.partition(";")[0].strip(_QUOTES)))
    yield from (claim for quality, claim in sorted(wanted, key=lambda pair: pair[0]) if quality)


def _coded(claim: str) -> str | None:
    """Read a tag or a POSIX locale."""
    match = _LOCALE.fullmatch(claim.lower())
    if not match:
        return None
    name = match[1].replace("_", "-")
    tables = _tables()
    if name in tables.languages and not match[2]:
        return tables.languages[name]
    first, *rest = name.split("-")
    language = tables.languages.get(first)
    if language is None:
        return None
    if match[2] in _MODIFIERS:
        rest.append(_MODIFIERS[match[2]])
    if (
        rest
        and len(rest[0]) == 3
        and first in _EXTENDED
        and rest[0] in tables.languages
        and rest[0] not in tables.subtags
    ):
        return _coded("-".join(rest))
    return _joined(language, first, rest) if rest else language


def _joined(language: str, first: str, rest: list[str]) -> str | None:
    tables = _tables()
    language, *implied = language.split("-")
    found: dict[str, str] = {}
    for at, subtag in enumerate(rest):
        known = tables.subtags.get(subtag, "")
        # `ja-JA` is no region, and `sv-SV` is not El Salvador.
        if {subtag, known.lower()} & {first, language} - tables.homes:
            continue
        if not known:
            if at == 0 and len(subtag) > 1 and not subtag.startswith("utf"):
                return None
            break
        found.setdefault(_kind(known), known)
    for known in implied:
        found.setdefault(_kind(known), known)
    tag = "-".join([language, *(found[kind] for kind in ("script", "region", "variant") if kind in found)])
    return tables.languages.get(tag.lower(), tag)


def _kind(subtag: str) -> str:
    return "script" if subtag.istitle() and len(subtag) == 4 else "variant" if len(subtag) > 3 else "region"


def _named(claim: str) -> str | None:
    """Read a name, alone or with a country or script: `English`, `English (US)`, `Chinese, Simplified`."""
    tables, name = _tables(), _folded(claim)
    tag = tables.names.get(name) or tables.names.get(" ".join(w for w in name.split() if w not in tables.fillers))
    if tag:
        return tag
    if match := _BRACKETED.fullmatch(name):
        base = tables.names.get(match[1].strip()) or _coded(match[1].strip())
        return _qualified(base, match[2].strip(), codes=True) or base
    if match := _SIDE_BY_SIDE.fullmatch(name):
        return _qualified(tables.names.get(match[1].strip()), match[2].strip(), codes=False)
    before, _, last = name.rpartition(" ")
    first, _, behind = name.partition(" ")
    return _qualified(tables.names.get(before), last, codes=False) or _qualified(
        tables.names.get(behind), first, codes=False
    )


def _qualified(base: str | None, qualifier: str, *, codes: bool) -> str | None:
    tables = _tables()
    subtag = tables.qualifiers.get(qualifier) or (tables.subtags.get(qualifier) if codes else None)
    return _coded(f"{base}-{subtag}") if base and subtag else None


def _folded(name: str) -> str:
    """Fold a name: no case, no accents, no apostrophes, single blanks."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return " ".join(
        "".join(sign for sign in plain if sign not in "'’‘ʻʼ`" and not "\u0300" <= sign <= "\u036f").split()
    )


@cache
def _tables() -> _Tables:
    tables = _Tables()
    text = files(__package__).joinpath("languages.txt").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
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
            tables.fillers.add(_folded(value))
    _name(tables, [(kind, value, names.split(";")) for kind, value, _, names in rows if names])
    return tables


def _name(tables: _Tables, rows: list[tuple[str, str, list[str]]]) -> None:
    """Enter the names: English ones first, then what languages call themselves, then what others call them."""
    for at in range(max(len(names) for _, _, names in rows)):
        for kind, value, names in rows:
            if at < len(names):
                table = tables.names if kind == "language" else tables.qualifiers
                table.setdefault(_folded(names[at]), value)
