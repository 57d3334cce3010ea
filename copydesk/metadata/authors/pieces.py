"""Take one piece of a byline apart: what leads to the name, the name, and what follows it.

A piece is what stands between two separators. Peeling goes by the words of `words` alone, takes nothing from a
string that would leave it empty, and nothing from the end that would leave a single word (`Guardian staff reporter`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import regex

from copydesk.metadata.authors.words import ARTICLES, PARTICLES, ending, fold, is_desk, is_text, kinds, longest, made_of
from copydesk.metadata.titles.site_names import fold as squeezed
from copydesk.metadata.titles.site_names import words as site_words


class Rank(IntEnum):
    """What a piece is, the best first: where there are people, the others go; a desk goes before an office."""

    PERSON = 0
    DESK = 1
    OFFICE = 2
    PHOTOGRAPHER = 3
    TEXT = 4
    HANDLE = 5
    NOTHING = 9


@dataclass(frozen=True, slots=True)
class Lead:
    """The words of a piece without what leads to its name; whether a text or a photo is credited."""

    words: list[str]
    credit: str | None


_LEADING = frozenset({"by", "careful", "credit", "photo", "role", "modifier", "interface"})
_NAMELESS = frozenset({"interface", "dated", "credit", "photo", "by"})
_BEFORE_OFFICE = frozenset({"modifier", "desk", "paper", "agency"})
_BEHIND_NAME = frozenset({"interface", "agency"})
_TOLD, _PLACE, _LAST_VERBS = frozenset({"told"}), frozenset({"place"}), frozenset(["says", "sagt", "posted"])
_LEFT_OVER = frozenset(["of", "on", "auf", "with", "avec", "con", "mit", "y", "&"])
_PICTURES = frozenset(["foto", "fotos", "photos", "фото", "zdjęcia"])
_LOOK = 14
_LONGEST_TEXT = 100

_SMALL = regex.compile(r"\p{Ll}")
_CASELESS = regex.compile(r"[\p{Lo}\p{Lm}]")
_REPORTED = regex.compile(r"\p{Han}*(?:报道|報導|報道|电|電|讯|訊|摄|攝|專電|综合)")
_SHORT_HAN = regex.compile(r"[\p{Han}\p{Hangul}]{2,4}")
_HANGUL_OFFICE = regex.compile(r"(\p{Hangul}{2,4})(?:기자|특파원|선임기자|논설위원)")
_HAN_OFFICE = regex.compile(
    r"(?:(?:本报|本報|本刊|本社|本网|新华社|新華社|中新社|中新网|特约|特約|特派|见习|實習|实习|首席|驻\p{Han}{1,4})*+"
    r"(?:记者|記者|通讯员|通訊員|作者|撰文|编辑|編輯|责任编辑|責任編輯|責編|责编|評論員|评论员))(?=\p{Han}{2}|\Z)"
)


def lead(words: list[str]) -> Lead:
    """Take off what leads to a name: `Posted by`, `Текст:`, `Eine Analyse von`, `Photos by`, `記者`.

    >>> lead("Photos by Anna Bell".split()), lead("von der Leyen".split()).words
    (Lead(words=['Anna', 'Bell'], credit='photo'), ['von', 'der', 'Leyen'])
    """
    folded = [fold(word) for word in words[:_LOOK]]
    at = cut = 0
    credit: str | None = None
    while at < len(folded):
        size = 1 if words[at] == ":" else longest(folded, at, _LEADING)
        if not size and at and folded[at] in ("&", "and", "und", "et", "e", "y", "en", "i", "и", "og", "och"):
            size = 1
        if not size:
            break
        found = kinds(" ".join(folded[at : at + size]))
        credit = _credited(credit, found)
        at += size
        if words[at - 1] == ":" or _leads(found, words, folded, at, size):
            cut = at
    if at == len(words) and credit and made_of(folded, frozenset({"credit", "photo", "by"})):
        return Lead([], credit)
    label = words.index(":") if not cut and ":" in words[1:3] else -1
    if 0 < label < len(words) - 1:
        cut = label + 1
    return Lead(_without_han_office(words[cut:]) if cut < len(words) else words, credit if cut else None)


def _credited(before: str | None, found: frozenset[str]) -> str | None:
    if "credit" in found or "by" in found:
        return before or ("text" if "credit" in found else None)
    return "photo" if "photo" in found and before != "text" else before


def _leads(found: frozenset[str], words: list[str], folded: list[str], at: int, size: int) -> bool:
    """Whether the words before an offset lead to a name behind it."""
    if at >= len(words):
        return False
    if "by" in found:
        return True
    if "careful" in found:
        return _means_by(words, folded, at)
    if "photo" in found and at == size:
        return folded[0] in _PICTURES or words[0].islower()
    if "interface" in found:
        return size > 2 or folded[at - 1] in ("follow", "folge", "suivre", "seguir")
    return False


def _means_by(words: list[str], folded: list[str], at: int) -> bool:
    """Whether a `von` at the head means “by”: two words with capitals follow, a given name, or a desk."""
    if at >= len(folded) or folded[at] in PARTICLES:
        return kinds(" ".join(folded[at : at + 1])) >= {"desk"}
    following = [word for word in words[at : at + 3] if not _SMALL.match(word)]
    return len(following) > 1 or bool(kinds(folded[at]) & {"given", "desk", "agency", "role"})


def _without_han_office(words: list[str]) -> list[str]:
    for at, word in enumerate(words[:2]):
        match = _HAN_OFFICE.match(word)
        if match:
            rest = word[match.end() :]
            return [rest, *words[at + 1 :]] if len(rest) > 1 else words[at + 1 :] or words
    return words


def tail(words: list[str]) -> list[str]:
    """Take off what follows a name: an office, an agency, `for CNN`, `in Berlin`, `is a writer …`.

    >>> tail("Roger Gonzalez CBS Sports Writer".split()), tail("Anna Bell in Berlin".split())
    (['Roger', 'Gonzalez'], ['Anna', 'Bell'])
    """
    folded = [fold(word) for word in words]
    if longest(folded, 0, _PLACE) > 1:
        return []
    at = _end_of_name(words, folded)
    words, folded = words[:at], folded[:at]
    words, folded = _without_office(words, folded)
    while len(words) > 2:
        size = ending(folded, _BEHIND_NAME)
        if not size or len(words) - size < 2:
            break
        words, folded = words[:-size], folded[:-size]
    if len(words) > 1 and _REPORTED.fullmatch(words[-1]):
        words = words[:-1]
    while len(words) > 1 and (fold(words[-1]) in _LEFT_OVER or kinds(words[-1]) & {"joined", "place"}):
        words = words[:-1]
    glued = _HANGUL_OFFICE.fullmatch(words[0]) if len(words) == 1 else None
    return [glued[1]] if glued else words


def _end_of_name(words: list[str], folded: list[str]) -> int:
    """Return where a name ends because a verb or a preposition follows."""
    for at in range(1, min(len(words), _LOOK)):
        if _SMALL.match(words[at]) or _CASELESS.match(words[at]):
            last = at + 1 == len(words)
            if longest(folded, at, _TOLD) and words[at][-1:] != "." and (not last or folded[at] in _LAST_VERBS):
                return at
        if (at > 1 or folded[at] == "via") and longest(folded, at, _PLACE) and _goes_on(words, folded, at):
            return at
    return len(words)


def _goes_on(words: list[str], folded: list[str], at: int) -> bool:
    """Whether a place or a paper follows the preposition: `for CNN`, `For The Mail`, not `in 't Veld`."""
    size = longest(folded, at, _PLACE)
    if (
        at + size >= len(words)
        or folded[at + size] == ""
        or folded[at - 1] in PARTICLES
        or is_desk(words[:at], folded[:at])
    ):
        return False
    if any("role" in kinds(word) for word in folded[:at]):
        return False
    if not words[at][0].islower():
        return folded[at] == "for" and (folded[at + 1] in ARTICLES or bool(kinds(folded[at + 1]) & _BEFORE_OFFICE))
    return not _SMALL.match(words[at + size]) or folded[at + size] in ARTICLES or size > 1


def _without_office(words: list[str], folded: list[str]) -> tuple[list[str], list[str]]:
    """Take off an office behind a name or before one."""
    at = next((at for at, word in enumerate(folded[:_LOOK]) if "role" in kinds(word)), -1)
    if at < 0 or (kinds(folded[-1]) >= {"role", "desk"} and at == len(words) - 1 and "desk" in kinds(folded[at - 1])):
        return words, folded
    if words[at].isupper() and len(words[at]) < 3:
        return words, folded
    start = at
    while start and (kinds(folded[start - 1]) & _BEFORE_OFFICE or _is_acronym(words, start - 1)):
        start -= max(1, ending(folded[:start], _BEFORE_OFFICE))
    alone = start == 1 and _SHORT_HAN.fullmatch(words[0])
    if (start > 1 or alone) and not is_desk(words[:start], folded[:start]) and not is_text(words[:start], least=1):
        return words[:start], folded[:start]
    rest = at + 1
    while rest < len(words) and "role" in kinds(folded[rest]):
        rest += 1
    if start == 0 and _is_person_behind(words[rest:], folded[rest:]):
        return words[rest:], folded[rest:]
    return words, folded


def _is_acronym(words: list[str], at: int) -> bool:
    return at > 1 and 1 < len(words[at]) < 6 and words[at].isupper() and not words[0].isupper()


def _is_person_behind(words: list[str], folded: list[str]) -> bool:
    """Whether words behind an office are the name of its holder: no preposition, no desk, two words with capitals."""
    if (
        not words
        or "place" in kinds(folded[0])
        or folded[0] in ("of", "de", "en", "der", "des", "du", "of", "и", "and")
    ):
        return False
    if any(_SMALL.match(word) and fold(word) not in PARTICLES for word in words):
        return False
    caseless = _CASELESS.match(words[0]) is not None
    return len(words) < 5 and (len(words) > 1 or caseless) and not is_desk(words, folded)


def _is_office(words: list[str], folded: list[str]) -> bool:
    """Whether words name an office, a section, or a place with its preposition."""
    if _SMALL.match(words[0]) and "place" in kinds(folded[0]) and len(words) > 1 and folded[1] not in PARTICLES:
        return True
    if ("city" in kinds(" ".join(folded)) and len(words) > 1) or made_of(folded, frozenset({"degree"})):
        return True
    return any("role" in kinds(word) for word in folded[:_LOOK]) or squeezed(" ".join(words)) in site_words().sections


def is_nameless(words: list[str]) -> bool:
    """Whether words can't name anybody: no letter in them, or nothing but buttons, dates and credits."""
    return not any(map(str.isalpha, "".join(words))) or made_of([fold(word) for word in words], _NAMELESS)


def rank(words: list[str]) -> Rank:
    """Tell what a peeled piece is.

    >>> rank("Guardian staff reporter".split()), rank("Associated Press".split()), rank("Anna Bell".split())
    (<Rank.OFFICE: 2>, <Rank.DESK: 1>, <Rank.PERSON: 0>)
    """
    folded = [fold(word) for word in words]
    if is_nameless(words):
        return Rank.NOTHING
    if is_desk(words, folded):
        return Rank.DESK
    if _is_office(words, folded):
        return Rank.OFFICE
    if len(words) == 1 and _REPORTED.fullmatch(words[0]) and len(words[0]) > 3:
        return Rank.NOTHING
    if not is_text(words):
        return Rank.PERSON
    return Rank.TEXT if len(" ".join(words)) <= _LONGEST_TEXT else Rank.NOTHING
