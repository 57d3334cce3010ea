"""The names of months and weekdays in all languages, and how a string is folded to find them."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files

# Short and local forms of months that CLDR does not list but pages show.
_MORE_MONTHS = {
    1: "янв gen ene jänner janv জানুয়ারি", 2: "фев févr fev feber fevrier febr ফেব্রুয়ারি", 3: "мар mär mrz mars mrt",
    4: "апр avr abr", 5: "maj", 6: "июн juin giu", 7: "июл juil lug",
    8: "авг aout ago agt ogos", 9: "сен сент sept set सितम्बर",
    10: "окт ott okt अक्तूबर", 11: "ноя нояб nov नवम्बर", 12: "дек dic dez decembre des दिसम्बर",
}  # fmt: skip
_LEVANTINE = "كانون الثاني,شباط,آذار,نيسان,أيار,حزيران,تموز,آب,أيلول,تشرين الأول,تشرين الثاني,كانون الأول"
# Format characters, and those for private use: icons on a page, and our own signs here.
_UNSEEN = frozenset({"Cf", "Co"})
# Hindi and Bengali pages write them or not.
_NUKTAS = "\u093c\u09bc"
# What becomes of the Turkish İ; of its I comes an i, too.
_DOTTED = "i\u0307"
# What Hebrew and Hindi have for the dot of an abbreviation.
SHORTENED = "׳॰"


def fold(text: str) -> str:
    """Fold a string for reading: NFKC, casefolded, ASCII digits, single blanks, no nuktas and nothing invisible.

    >>> fold("２ Февраля  ٢٠٢٢")
    '2 февраля 2022'
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if not plain.isascii():
        plain = plain.replace(_DOTTED, "i")
        plain = "".join(
            str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
            for sign in plain
            if unicodedata.category(sign) not in _UNSEEN and sign not in _NUKTAS
        )
    return " ".join(plain.split())


@cache
def words() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Read the table: by kind and word, the languages of each value."""
    found: dict[str, dict[str, dict[str, list[str]]]] = {"month": {}, "weekday": {}, "ago": {}}
    for line in files("copydesk.metadata.dates").joinpath("calendar.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, value, word, languages = line.split("\t")
            found[kind].setdefault(word, {})[value] = languages.split()
    more = [(word, month) for month, forms in _MORE_MONTHS.items() for word in forms.split()]
    more += [(word, month) for month, word in enumerate(_LEVANTINE.split(","), 1)]
    for word, month in more:
        found["month"].setdefault(fold(word), {str(month): []})
    for names in (found["month"], found["weekday"]):
        for word, values in list(names.items()):
            for other in (word.replace("ı", "i"), word.rstrip(SHORTENED)):
                names.setdefault(other, values)
    return found


def usual(values: dict[str, list[str]]) -> int:
    """Choose among the meanings of a word: the English one, else that of most languages, of as many the Polish one."""
    for value, languages in values.items():
        if "en" in languages:
            return int(value)
    return int(max(values, key=lambda value: (len(values[value]), "pl" in values[value])))


def is_english(values: dict[str, list[str]]) -> bool:
    """Tell whether a word is English, whatever else it is."""
    return any("en" in languages for languages in values.values())


def ago() -> dict[str, str]:
    """Return the unit of each phrase such as `{0} hours ago`."""
    return {word: next(iter(values)) for word, values in words()["ago"].items()}
