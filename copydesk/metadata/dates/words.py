"""Names of months and weekdays by language, and the folding of a string for their lookup."""

from __future__ import annotations

import unicodedata
from functools import cache

from copydesk.tables import read_rows
from copydesk.transforms.folding import fold_case

# Short and local forms of months on pages that are not in CLDR.
_MORE_MONTHS = {
    1: "янв січ gen ene jänner janv siječnju জানুয়ারি มกรา",
    2: "фев лют févr fev feber fevrier febr veljači ফেব্রুয়ারি กุมภา",
    3: "мар бер mär mrz mars mrt ožujku มีนา", 4: "апр кві квіт avr abr travnju เมษา", 5: "тра трав maj svibnju พฤษภา",
    6: "июн чер черв juin giu lipnju มิถุนา", 7: "июл лип juil lug srpnju กรกฎา",
    8: "авг сер серп aout ago agt ogos kolovozu สิงหา", 9: "сен сент вер верес sept set rujnu सितम्बर กันยา",
    10: "окт жов жовт ott okt listopadu अक्तूबर ตุลา", 11: "ноя нояб лис листоп nov studenog studenom नवम्बर พฤศจิกา",
    12: "дек гру груд dic dez decembre des prosincu दिसम्बर ธันวา",
}  # fmt: skip
_LEVANTINE_MONTHS = "كانون الثاني,شباط,آذار,نيسان,أيار,حزيران,تموز,آب,أيلول,تشرين الأول,تشرين الثاني,كانون الأول"
# Format characters, and private-use characters: icons on pages, and the symbols of `symbols`.
_REMOVED_CATEGORIES = frozenset({"Cf", "Co"})
# Optional in Hindi and Bengali.
_NUKTAS = "\u093c\u09bc"
# The folded Turkish İ; its I becomes an i as well.
_FOLDED_TURKISH_I = "i\u0307"
# The abbreviation marks of Hebrew and Hindi.
ABBREVIATION_MARKS = "׳॰"


def fold_date(text: str) -> str:
    """Fold a string with a date: case and compatibility forms, ASCII digits, single blanks, no invisible characters.

    >>> fold_date("２ Февраля  ٢٠٢٢")
    '2 февраля 2022'
    """
    plain = fold_case(text)
    if not plain.isascii():
        plain = plain.replace(_FOLDED_TURKISH_I, "i")
        plain = "".join(
            str(unicodedata.decimal(character)) if character.isdecimal() else character
            for character in plain
            if unicodedata.category(character) not in _REMOVED_CATEGORIES and character not in _NUKTAS
        )
    return " ".join(plain.split())


@cache
def load_calendar() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Read the table: the languages by kind, word and value."""
    calendar: dict[str, dict[str, dict[str, list[str]]]] = {"month": {}, "weekday": {}, "ago": {}}
    for kind, value, word, languages in read_rows("copydesk.metadata.dates", "calendar.txt"):
        calendar[kind].setdefault(word, {})[value] = languages.split()
    more = [(word, month) for month, forms in _MORE_MONTHS.items() for word in forms.split()]
    more += [(word, month) for month, word in enumerate(_LEVANTINE_MONTHS.split(","), 1)]
    for word, month in more:
        calendar["month"].setdefault(fold_date(word), {str(month): []})
    for names in (calendar["month"], calendar["weekday"]):
        for word, values in list(names.items()):
            for other in (word.replace("ı", "i"), word.rstrip(ABBREVIATION_MARKS)):
                names.setdefault(other, values)
    return calendar


def choose_value(values: dict[str, list[str]]) -> int:
    """Return the value of a word in English, or else in most languages; Polish decides between equals."""
    for value, languages in values.items():
        if "en" in languages:
            return int(value)
    return int(max(values, key=lambda value: (len(values[value]), "pl" in values[value])))


def is_english(values: dict[str, list[str]]) -> bool:
    """Return whether a word is also English."""
    return any("en" in languages for languages in values.values())


def ago_phrases() -> dict[str, str]:
    """Return the unit of each phrase such as `{0} hours ago`."""
    return {word: next(iter(values)) for word, values in load_calendar()["ago"].items()}
