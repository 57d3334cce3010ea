"""Symbols for the words of dates in about seventy languages, so that one small grammar can parse all of them.

`to_symbols` folds a string and replaces each word of a date by one private-use character: a month, a weekday, "p.m.", a
time zone. Joining words (`de`, `of`, `г.`) become blanks. All other words become an `x`, which no form of the grammar
matches. So `Publié le 3 mars 2021 à 07h12` becomes `x x 3 <March> 2021   07h12`.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Mapping
from functools import cache

from copydesk.metadata.dates.labels import UPDATED, replace_labels, update_words
from copydesk.metadata.dates.words import ABBREVIATION_MARKS, choose_value, is_english, load_calendar

# The first symbols, from the private use area. January is MONTH + 1, Monday is WEEKDAY.
MONTH, WEEKDAY, PERSIAN, ZONE = 0xE000, 0xE010, 0xE020, 0xE040
_FIRST_SYMBOLS = {"weekday": WEEKDAY, "month": MONTH}
_LANGUAGE_VARIANTS = {"no": ("nb", "nn")}
# A foreign word of this length is often not a weekday.
_MAX_AMBIGUOUS_WEEKDAY_CHARS = 3
# A string with more other words is prose: its number may be that of a street, and "hier" means yesterday in French and
# here in German.
_MAX_OTHER_WORDS = 3
MORNING, AFTERNOON = "\ue030", "\ue031"
MONTHS, WEEKDAYS, PERSIANS, ZONES = "\ue001-\ue00c", "\ue010-\ue016", "\ue021-\ue02c", "\ue040-\ue0bf"
WEEKDAY_SYMBOL = re.compile(f"[{WEEKDAYS}]")

# Minutes east of UTC. None: the offset of a US time zone depends on the date.
OFFSETS: dict[str, int | None] = {
    "z": 0, "gmt": 0, "utc": 0, "ut": 0, "wet": 0, "west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120,
    "eet": 120, "eest": 180, "msk": 180, "мск": 180, "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "ast": -240, "adt": -180, "brt": -180,
    "art": -180, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "wib": 420, "wita": 480, "pkt": 300, "trt": 180,
    "aest": 600, "aedt": 660, "acst": 570, "awst": 480, "nzst": 720, "nzdt": 780, "sast": 120, "eat": 180, "wat": 60,
    "cst": -360, "ist": 330, "bst": 60, "et": None, "ct": None, "mt": None, "pt": None,
}  # fmt: skip
_ZONE_SYMBOLS = {name: chr(ZONE + i) for i, name in enumerate(OFFSETS)}
GREENWICH = "".join(_ZONE_SYMBOLS[name] for name in ("gmt", "utc", "bst", "ist"))
ZONE_NAMES = {symbol: name for name, symbol in _ZONE_SYMBOLS.items()}

_PERSIAN_MONTHS = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"

_JOINING_WORDS = frozenset(
    "de del dell of the di d do da das г р года році m mėn gada ng ka का г. st nd rd th er º ª го е ος η a an den der "
    "le on am um at à às a las alle ore ob kl kl. klo om в о u h. dne den dnia the à hs hrs hod год hodin "
    "από من في ngày năm წლის লা শে ই ঠা রা".split()
) - {"a", "an"}  # fmt: skip
_CLOCK_WORDS = frozenset("uhr klo kl klukka".split())
_MORNING_WORDS = frozenset("am ap 上午 凌晨 早上 清晨 午前 오전 새벽 ص صباحا صباحًا πμ sa पूर्वाह्न".split())
_AFTERNOON_WORDS = frozenset("pm ip 晚 下午 晚上 中午 傍晚 午後 오후 م مساء مساءً μμ ch अपराह्न".split())

_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983"
    "\u09bc-\u09cd\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56\u0d82\u0d83\u0dca-\u0ddf\u0e31\u0e34-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3"
)
WORD = re.compile(rf"[^\W\d_][^\W\d_{_MARKS}'’]*(?:[{_MARKS}]+[^\W\d_]*)*")
_DOTTED_HALVES = re.compile(r"(?<![^\W\d_])([ap])\. ?m\b\.?|(?<![^\W\d_])([πμ])\.μ\.?")
_HAN_DOTTED_HALVES = re.compile(r"上午|凌晨|早上|清晨|午前|오전|새벽|下午|晚上|中午|傍晚|午後|오후|晚(?= ?\d)")
_HAN_UNITS = {"年": "Y", "년": "Y", "月": "M", "월": "M", "日": "D", "일": "D", "号": "D", "時": "h", "时": "h",
              "点": "h", "點": "h", "시": "h", "分": "i", "분": "i", "秒": "i", "초": "i"}  # fmt: skip
_HAN_UNIT = re.compile(rf"(?<=\d) ?([{''.join(_HAN_UNITS)}])")
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_ERA = re.compile(r"(令和|平成|昭和|民[國国]) ?(\d{1,3}|元) ?年")
_VIETNAMESE_MONTH = re.compile(r"tháng ?(\d{1,2})(?!\d)")
_HEBREW_PREFIX = "ב"
# `d'octubre`, `d’août`.
_ELIDED = re.compile(r"(?<![^\W\d_])d['’](?=[^\W\d_])")
_ABBREVIATION_DOTS = str.maketrans(dict.fromkeys(ABBREVIATION_MARKS, "."))
_LATIN = "a-z\u00df-\u024f"
# As in Unix, Java and Twitter: `Mar 05 09:30:00 UTC 2024`.
_YEAR_LAST = re.compile(
    rf"([{MONTHS}] \d{{1,2}}|(?<!\d)\d{{1,2}}\.? [{MONTHS}]\.?)[, ]{{1,2}}"
    rf"(\d{{1,2}}:\d\d(?::\d\d)?(?: [{MORNING}{AFTERNOON}])?(?: ?[{ZONES}])?(?: ?[+\-]\d{{1,2}}(?::?\d\d)?)?)"
    r"[, ]{1,2}((?:19|20)\d\d)(?![\d:])"
)
_GLUED = re.compile(r"(?<=\d:\d\d:\d\d)(?=(?:19|20)\d\d-)|(?<=[ .](?:19|20)\d\d)(?=\d{1,2}:\d\d)")


def to_symbols(folded: str, language: str | None = None) -> str:
    """Replace the words of a folded string by symbols.

    Args:
        folded: the string from `fold_date`.
        language: the language of the page, if known. `listopad` is November in Polish and October in Croatian.
    """
    table = symbol_table(language)
    folded = _ELIDED.sub(" ", replace_labels(folded).translate(_ABBREVIATION_DOTS))
    text = _ERA.sub(lambda era: f"{_ERAS[era[1]] + int(era[2].replace('元', '1'))}年", folded)
    text = _VIETNAMESE_MONTH.sub(
        lambda month: chr(MONTH + int(month[1])) if int(month[1]) in range(1, 13) else "x", text
    )
    text = _DOTTED_HALVES.sub(lambda half: AFTERNOON if half[1] == "p" or half[2] == "μ" else MORNING, text)
    text = _HAN_UNIT.sub(lambda unit: _HAN_UNITS[unit[1]], text)
    text = _HAN_DOTTED_HALVES.sub(lambda half: AFTERNOON if half[0] in _AFTERNOON_WORDS else MORNING, text)
    if not text.isascii():
        text = _phrases().sub(lambda phrase: table[phrase[0].replace(".", " ")], text)
    text = WORD.sub(lambda word: table.get(word[0].removeprefix(_HEBREW_PREFIX)) or _keep_unit(word, text), text)
    return _YEAR_LAST.sub(r"\1 \3 \2", _GLUED.sub(" ", text))


def is_prose(symbols: str) -> bool:
    """Return whether a string of symbols has too many other words for a date that is not complete."""
    return symbols.count("x") > _MAX_OTHER_WORDS


def other_month_language(folded: str, language: str | None) -> str | None:
    """Return a language in which a month of the string is another month.

    The result is None if the language of the page has the word itself.

    >>> other_month_language("5 listopada 2024", None), other_month_language("5 listopada 2024", "pl")
    ('hr', None)
    """
    match = _ambiguous_months().search(folded)
    if not match or match[0] in _symbols_by_language().get(language or "", {}):
        return None
    values = load_calendar()["month"][match[0]]
    return next(languages[0] for value, languages in values.items() if int(value) != choose_value(values))


@cache
def _ambiguous_months() -> re.Pattern[str]:
    """Return a pattern of the words that are different months in different languages."""
    words = "|".join(word for word, values in load_calendar()["month"].items() if len(values) > 1)
    return re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])")


def _keep_unit(word: re.Match[str], text: str) -> str:
    """Keep letters with a meaning after digits: `14h05`, the letters for Han units, the T of ISO 8601."""
    follows_digit = word.start() > 0 and text[word.start() - 1].isdigit()
    return word[0] if follows_digit and word[0] in {"Y", "M", "D", "h", "i", "YM", "t"} else "x"


def symbol_table(language: str | None) -> Mapping[str, str]:
    """Return the symbols by folded word. The language decides where languages differ.

    Weekdays are those of the language and of English, which pages in all languages show. Other words would be weekdays
    by mistake: "to" is one in Finnish, and "Domingo" is a name in English.
    """
    by_language = _symbols_by_language()
    variants = _LANGUAGE_VARIANTS.get(language or "", (language,))
    own = [by_language[variant] for variant in variants if variant in by_language]
    return ChainMap(*own, _common_symbols(known=bool(own)))


@cache
def symbol_table_of_all_languages() -> Mapping[str, str]:
    """Return the symbols by folded word with the weekdays of all languages, for words next to a date."""
    weekdays = {word: chr(WEEKDAY + choose_value(values)) for word, values in load_calendar()["weekday"].items()}
    return {**_common_symbols(known=False), **weekdays, **_months()}


@cache
def _common_symbols(*, known: bool) -> dict[str, str]:
    """Return the symbols of words by their meaning in English, or else in most languages.

    These are not weekdays: a joining word, a time zone (`PT`, a Polish Friday), a foreign word if the language is
    known, and a short word (`man`, `pr`, `die`) if it is not.

    Args:
        known: whether the language is known.
    """
    weekdays = {
        word: chr(WEEKDAY + choose_value(values))
        for word, values in load_calendar()["weekday"].items()
        if is_english(values) or not (known or (len(word) <= _MAX_AMBIGUOUS_WEEKDAY_CHARS and word.isascii()))
    }
    symbols = dict.fromkeys(_JOINING_WORDS, " ") | dict.fromkeys(_CLOCK_WORDS, "u")
    symbols |= dict.fromkeys(_MORNING_WORDS, MORNING) | dict.fromkeys(_AFTERNOON_WORDS, AFTERNOON)
    symbols |= dict.fromkeys(update_words(), UPDATED) | _ZONE_SYMBOLS
    return _persian_symbols() | weekdays | _months() | symbols


@cache
def _months() -> dict[str, str]:
    return {word: chr(MONTH + choose_value(values)) for word, values in load_calendar()["month"].items()}


@cache
def _symbols_by_language() -> dict[str, dict[str, str]]:
    """Return the months and weekdays of each language. A word for both is the month: `5 mar 2024`."""
    by_language: dict[str, dict[str, str]] = {"fa": _persian_symbols()}
    for kind, first in _FIRST_SYMBOLS.items():
        for word, values in load_calendar()[kind].items():
            for value, languages in values.items():
                for language in languages:
                    own = by_language.setdefault(language, {})
                    if kind == "month" or word not in _months():
                        own[word] = chr(first + int(value))
    return by_language


def _persian_symbols() -> dict[str, str]:
    return {name: chr(PERSIAN + i) for i, name in enumerate(_PERSIAN_MONTHS.split(), 1)}


@cache
def _phrases() -> re.Pattern[str]:
    """Return a pattern of the months of several words, or of letters with dots (`ก.พ.`), longest first."""
    phrases = sorted((word for word in load_calendar()["month"] if " " in word), key=len, reverse=True)
    either = "|".join(re.escape(phrase).replace(r"\ ", "[ .]") for phrase in phrases)
    # The Catalan "de març" is not part of the Portuguese "de março". Scripts without blanks have no word boundaries.
    return re.compile(rf"(?<![{_LATIN}])(?:{either})(?![{_LATIN}])")
