"""The words of dates, in some seventy languages, rewritten as signs that a small grammar can read.

`signs` folds a string and puts one character in the place of each word that a date is written with: a month, a weekday,
"p.m.", a zone. Words that only join (`de`, `of`, `г.`) become blanks, all others an `x` that no form reads across. So
`Publié le 3 mars 2021 à 07h12` becomes `x x 3 <March> 2021   07h12`, and one grammar of digits does for all languages.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Mapping
from functools import cache

from copydesk.metadata.dates.words import SHORTENED, is_english, usual, words

# One character each, from the private use area: months count from MONTH + 1, weekdays from WEEKDAY (Monday).
MONTH, WEEKDAY, PERSIAN, ZONE = 0xE000, 0xE010, 0xE020, 0xE040
_FIRST = {"weekday": WEEKDAY, "month": MONTH}
_ALIKE = {"no": ("nb", "nn")}
# Letters of a weekday that need not be one.
_SHORT = 3
MORNING, AFTERNOON, UPDATED = "\ue030", "\ue031", "\ue032"
MONTHS, WEEKDAYS, PERSIANS, ZONES = "\ue001-\ue00c", "\ue010-\ue016", "\ue021-\ue02c", "\ue040-\ue0bf"

# Minutes east of UTC. None: the offset follows from the date, by the rules of the United States.
OFFSETS: dict[str, int | None] = {
    "z": 0, "gmt": 0, "utc": 0, "ut": 0, "wet": 0, "west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120,
    "eet": 120, "eest": 180, "msk": 180, "мск": 180, "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "ast": -240, "adt": -180, "brt": -180,
    "art": -180, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "wib": 420, "wita": 480, "pkt": 300, "trt": 180,
    "aest": 600, "aedt": 660, "acst": 570, "awst": 480, "nzst": 720, "nzdt": 780, "sast": 120, "eat": 180, "wat": 60,
    "cst": -360, "ist": 330, "bst": 60, "et": None, "ct": None, "mt": None, "pt": None,
}  # fmt: skip
_ZONE_SIGNS = {name: chr(ZONE + at) for at, name in enumerate(OFFSETS)}
GREENWICH = "".join(_ZONE_SIGNS[name] for name in ("gmt", "utc", "bst", "ist"))
ZONE_NAMES = {sign: name for name, sign in _ZONE_SIGNS.items()}

_PERSIAN_MONTHS = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"

_JOINING = frozenset(
    "de del dell of the di d do da das г р года році m mėn gada ng ka का г. st nd rd th er º ª го е ος η a an den der "
    "le on am um at à às a las alle ore ob kl kl. klo om в о u h. dne den dnia the à hs hrs hod год hodin "
    "από من في ngày năm".split()
) - {"a", "an"}  # fmt: skip
_CLOCKS = frozenset("uhr klo kl klukka".split())
_MORNINGS = frozenset("am 上午 凌晨 早上 清晨 午前 오전 새벽 ص صباحا صباحًا πμ sa पूर्वाह्न".split())
_AFTERNOONS = frozenset("pm 下午 晚上 中午 傍晚 午後 오후 م مساء مساءً μμ ch अपराह्न".split())
_UPDATES = frozenset(
    "updated update modified revised aktualisiert aktualisierung actualizado actualizada actualización aggiornato "
    "aggiornamento atualizado atualizada atualização обновлено изменено оновлено bijgewerkt gewijzigd uppdaterad "
    "opdateret oppdatert päivitetty zaktualizowano aktualizováno aktualizované güncelleme güncellendi frissítve "
    "actualizat ενημέρωση ενημερώθηκε diperbarui 更新 수정 تحديث".split()
) | {"mis", "màj"}

_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983"
    "\u09bc-\u09cd\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56\u0d82\u0d83\u0dca-\u0ddf\u0e31\u0e34-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3"
)
WORD = re.compile(rf"[^\W\d_][^\W\d_{_MARKS}'’]*(?:[{_MARKS}]+[^\W\d_]*)*")
_HALVES = re.compile(r"(?<![^\W\d_])([ap])\. ?m\b\.?|(?<![^\W\d_])([πμ])\.μ\.?")
_HAN_HALVES = re.compile("上午|凌晨|早上|清晨|午前|오전|새벽|下午|晚上|中午|傍晚|午後|오후")
_HAN_UNITS = {"年": "Y", "년": "Y", "月": "M", "월": "M", "日": "D", "일": "D", "号": "D", "時": "h", "时": "h",
              "点": "h", "點": "h", "시": "h", "分": "i", "분": "i", "秒": "i", "초": "i"}  # fmt: skip
_HAN_UNIT = re.compile(rf"(?<=\d) ?([{''.join(_HAN_UNITS)}])")
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_ERA = re.compile(r"(令和|平成|昭和|民[國国]) ?(\d{1,3}|元) ?年")
_VIETNAMESE = re.compile(r"tháng ?(\d{1,2})(?!\d)")
_HEBREW_IN = "ב"
# `d'octubre`, `d’août`: the word that joins has lost its vowel.
_ELIDED = re.compile(r"(?<![^\W\d_])d['’](?=[^\W\d_])")
_SHORTENING = str.maketrans(dict.fromkeys(SHORTENED, "."))
_LATIN = "a-z\u00df-\u024f"
# As Unix, Java and Twitter write: `Mar 05 09:30:00 UTC 2024`.
_YEAR_LAST = re.compile(
    rf"([{MONTHS}] \d{{1,2}}|(?<!\d)\d{{1,2}}\.? [{MONTHS}]\.?)[, ]{{1,2}}"
    rf"(\d{{1,2}}:\d\d(?::\d\d)?(?: [{MORNING}{AFTERNOON}])?(?: ?[{ZONES}])?(?: ?[+\-]\d{{1,2}}(?::?\d\d)?)?)"
    r"[, ]{1,2}((?:19|20)\d\d)(?![\d:])"
)
_GLUED = re.compile(r"(?<=\d:\d\d:\d\d)(?=(?:19|20)\d\d-)|(?<=[ .](?:19|20)\d\d)(?=\d{1,2}:\d\d)")


def signs(folded: str, language: str | None = None) -> str:
    """Rewrite a folded string for the grammar: see above.

    Args:
        folded: what `fold` gave.
        language: the language of the page, if it is known: it tells a Polish listopad from a Croatian one.
    """
    months = table(language)
    folded = _ELIDED.sub(" ", folded.translate(_SHORTENING))
    text = _ERA.sub(lambda era: f"{_ERAS[era[1]] + int(era[2].replace('元', '1'))}年", folded)
    text = _VIETNAMESE.sub(lambda month: chr(MONTH + int(month[1])) if int(month[1]) in range(1, 13) else "x", text)
    text = _HALVES.sub(lambda half: AFTERNOON if half[1] == "p" or half[2] == "μ" else MORNING, text)
    text = _HAN_UNIT.sub(lambda unit: _HAN_UNITS[unit[1]], text)
    text = _HAN_HALVES.sub(lambda half: AFTERNOON if half[0] in _AFTERNOONS else MORNING, text)
    if not text.isascii():
        text = _phrases().sub(lambda phrase: months[phrase[0].replace(".", " ")], text)
    text = WORD.sub(lambda word: months.get(word[0].removeprefix(_HEBREW_IN)) or _unit(word, text), text)
    return _YEAR_LAST.sub(r"\1 \3 \2", _GLUED.sub(" ", text))


def other_month(folded: str, language: str | None) -> str | None:
    """Return a language in which a month of the string is another, where the language of the page has no such word.

    >>> other_month("5 listopada 2024", None), other_month("5 listopada 2024", "pl")
    ('hr', None)
    """
    found = _in_several_months().search(folded)
    if not found or found[0] in _own().get(language or "", {}):
        return None
    values = words()["month"][found[0]]
    return next(languages[0] for value, languages in values.items() if int(value) != usual(values))


@cache
def _in_several_months() -> re.Pattern[str]:
    several = "|".join(word for word, values in words()["month"].items() if len(values) > 1)
    return re.compile(rf"(?<![^\W\d_])(?:{several})(?![^\W\d_])")


def _unit(word: re.Match[str], text: str) -> str:
    """Keep the letters that mean something only beside digits: `14h05`, the signs for Han units, the T of ISO 8601."""
    beside = word.start() > 0 and text[word.start() - 1].isdigit()
    return word[0] if beside and word[0] in {"Y", "M", "D", "h", "i", "YM", "t"} else "x"


def table(language: str | None) -> Mapping[str, str]:
    """Return the sign of each folded word, as the language has it where languages differ.

    Weekdays are those of the language and of English, which pages in all languages show; else too many words of the
    one would be weekdays of another: "to" is one in Finnish, "Domingo" a name in English.
    """
    own = [_own()[each] for each in _ALIKE.get(language or "", (language,)) if each in _own()]
    return ChainMap(*own, _common(known=bool(own)))


@cache
def any_table() -> Mapping[str, str]:
    """Return the sign of each folded word with the weekdays of all languages, for where a date stands beside it."""
    weekdays = {word: chr(WEEKDAY + usual(values)) for word, values in words()["weekday"].items()}
    return {**_common(known=False), **weekdays, **_months()}


@cache
def _common(*, known: bool) -> dict[str, str]:
    """Return what words mean that the language does not settle: what they do in English, else in most languages.

    A word that also joins, or is a zone (`PT`, which is a Polish Friday), is no weekday; nor is a foreign one where the
    language is known, nor one so short that it is a word of many languages (`man`, `pr`, `die`) where it is not.
    """
    weekdays = {
        word: chr(WEEKDAY + usual(values))
        for word, values in words()["weekday"].items()
        if is_english(values) or not (known or (len(word) <= _SHORT and word.isascii()))
    }
    signs = dict.fromkeys(_JOINING, " ") | dict.fromkeys(_CLOCKS, "u")
    signs |= dict.fromkeys(_MORNINGS, MORNING) | dict.fromkeys(_AFTERNOONS, AFTERNOON)
    signs |= dict.fromkeys(_UPDATES, UPDATED) | _ZONE_SIGNS
    return _persian_signs() | weekdays | _months() | signs


@cache
def _months() -> dict[str, str]:
    return {word: chr(MONTH + usual(values)) for word, values in words()["month"].items()}


@cache
def _own() -> dict[str, dict[str, str]]:
    """Return by language its months and weekdays; a word for both is the month: `5 mar 2024`."""
    found: dict[str, dict[str, str]] = {"fa": _persian_signs()}
    for kind, first in _FIRST.items():
        for word, values in words()[kind].items():
            for value, languages in values.items():
                for language in languages:
                    own = found.setdefault(language, {})
                    if kind == "month" or word not in _months():
                        own[word] = chr(first + int(value))
    return found


def _persian_signs() -> dict[str, str]:
    return {name: chr(PERSIAN + at) for at, name in enumerate(_PERSIAN_MONTHS.split(), 1)}


@cache
def _phrases() -> re.Pattern[str]:
    """Return the months of more than one word, or of letters with dots (`ก.พ.`), longest first."""
    phrases = sorted((word for word in words()["month"] if " " in word), key=len, reverse=True)
    either = "|".join(re.escape(phrase).replace(r"\ ", "[ .]") for phrase in phrases)
    # The Catalan "de març" is no part of the Portuguese "de março"; scripts without blanks between words need no bound.
    return re.compile(rf"(?<![{_LATIN}])(?:{either})(?![{_LATIN}])")
