"""Derive copydesk/metadata/dates/calendar.txt: the words that dates are written with, in the languages of the press.

From CLDR (Unicode License v3) by way of Babel: names of months and weekdays, wide and abbreviated, as they stand in a
date and alone, and "3 hours ago". `make cldr` runs this in an environment of its own; the result is committed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel import Locale, localedata

OUT = Path(__file__).parent.parent / "copydesk/metadata/dates/calendar.txt"
LANGUAGES = (
    "en de fr es it pt ru uk be pl tr nl ar ar_LB ar_DZ ar_MA id ms ro cs sk sv fi nb nn da el hu bg hr sr "
    "sr_Latn bs mk sl et lv lt vi he fa hi bn ta te mr ur ca eu gl hy az kk uz ka th ko ja zh zh_Hant is ga cy sq "
    "sw af fil mn km my ne si lo pt_PT es_MX de_AT"
).split()
UNITS = ("second", "minute", "hour", "day", "week", "month", "year")
WIDTHS = ("", "-short", "-narrow")


def folded(words: str) -> str:
    """Fold a phrase as the reader of dates does: NFKC, casefolded, no dots or nuktas, digits apart from letters."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", words).casefold())
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf" and sign not in "\u093c\u09bc")
    return " ".join(re.sub(r"[.\s]+", " ", re.sub(r"(\{0\})", r" \1 ", plain)).split())


def names(locale: Locale) -> Iterator[tuple[str, str, str]]:
    """Yield kind, value and name of each month and weekday."""
    for kind, table in (("month", locale.months), ("weekday", locale.days)):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for value, name in table[context][width].items():
                    if len(folded(name)) > 1 and not re.search(r"\d", name):
                        yield kind, str(value), folded(name)


def relations(locale: Locale) -> Iterator[tuple[str, str, str]]:
    """Yield kind, unit and phrase of each "3 hours ago"."""
    fields: dict[str, Any] = locale._data["date_fields"]  # noqa: SLF001  # Babel has no door to them
    for unit in UNITS:
        for width in WIDTHS:
            for phrase in fields.get(unit + width, {}).get("past", {}).values():
                if not phrase.startswith("-"):
                    yield "ago", unit, folded(phrase)


def main() -> None:
    """Write the table, a line a word: kind, value, word, languages."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for name in LANGUAGES:
        localedata._cache.clear()  # noqa: SLF001  # else a language inherits names from one that was read before
        locale = Locale.parse(name)
        for entry in (*names(locale), *relations(locale)):
            languages = found.setdefault(entry, [])
            if locale.language not in languages:
                languages.append(locale.language)
    lines = ["\t".join((*entry, " ".join(languages))) for entry, languages in sorted(found.items())]
    head = (
        "# How dates are written: kind, value, word, languages. Written by tools/derive_calendar.py from\n"
        "# CLDR (Unicode License v3).\n"
    )
    OUT.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
