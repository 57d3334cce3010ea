"""The names in datelines: agencies and how sure they are, well-known places, regions, and words that only head a text.

The danger is that most agencies go by letters that mean other things as well: `PA` is Pennsylvania, `MAP` a map,
`Trend` a word. Those are only `likely`, and what must come with them is decided in `shapes`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

import regex

Certainty = Literal["sure", "likely"]

_DOMAIN = regex.compile(
    r"[\p{L}\d-]{2,30}\.(?:com|co|net|org|info|news|id|my|vn|ph|ru|ua|kz|uz|by|md|az|am|ge|gr|it|tv|in)(?:\.[a-z]{2})?+",
    regex.I,
)
_PARTS = regex.compile(r"\s*[/,&+|–—=＝]\s*|\s+[-]\s*|\s+(?:and|und|et|y|e|via)\s+")
_SEPARATOR, _LETTERS = regex.compile(r"[,،/\[(]"), regex.compile(r"\p{L}+")
_UNCASED = regex.compile(r"\p{Lo}")


@dataclass(frozen=True, slots=True)
class _Table:
    """What agencies.txt says, by folded names. `small` are agencies that write themselves in small letters."""

    agencies: dict[str, Certainty] = field(default_factory=dict)
    small: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)
    headings: set[str] = field(default_factory=set)


@cache
def _table() -> _Table:
    table = _Table()
    for line in files("copydesk.metadata.datelines").joinpath("agencies.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@,"):
            table.regions.add(_key(line[2:]))
        elif line.startswith("@"):
            table.places.add(_key(line[1:]))
        elif line.startswith("!"):
            table.headings.add(line[1:])
        elif line and not line.startswith("#"):
            name = line.removeprefix("~")
            table.agencies[_key(name)] = "sure" if name == line else "likely"
            if len(name) < 5 and name.islower():
                table.small.add(_key(name))
    return table


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().replace(".", "").strip()


def certainty(name: str) -> Certainty | None:
    """Tell how surely a name in the place of an agency is one: whole, in part (`dpa/lno`), or with its desk.

    >>> certainty("dpa/lno"), certainty("CNN Business"), certainty("A.P."), certainty("ots"), certainty("OTS")
    ('sure', 'sure', 'likely', 'sure', 'likely')
    """
    known, key = _table().agencies, _key(name)
    if name.isupper() and key in _table().small:
        return "likely"
    found = known.get(key) or ("sure" if "." in name and _DOMAIN.fullmatch(name.strip()) else None)
    if found or len(name) < 4:
        return found
    parts = [known.get(_key(part)) for part in _PARTS.split(name)]
    if any(parts):
        return "sure" if "sure" in parts else "likely"
    first, _, desk = name.partition(" ")
    return "sure" if 0 < len(desk) < 16 and known.get(_key(first)) == "sure" and desk[0].isupper() else None


def is_listed(name: str) -> bool:
    """Tell whether this is an agency or outlet that the table holds by its whole name, and no abbreviation.

    >>> is_listed("TRIBUNNEWS.COM"), is_listed("FabriPaint.Com")
    (True, False)
    """
    return _table().agencies.get(_key(name)) == "sure"


def is_place(name: str) -> bool:
    """Tell whether this is a place that stories are often filed from, with whatever region or other place behind it.

    >>> is_place("KARACHI"), is_place("Geneva/New York"), is_place("Migration")
    (True, True, False)
    """
    places = _table().places
    return _key(name) in places or _key(_SEPARATOR.split(name, maxsplit=1)[0]) in places


def in_region(name: str) -> bool:
    """Tell whether a place is told with its state or country.

    >>> in_region("SIOUX FALLS, S.D."), in_region("BOND, James")
    (True, False)
    """
    return _key(name.rpartition(",")[2]) in _table().regions


def capitals(name: str) -> bool:
    """Tell whether the first part of a name is written in capitals: `HAYWARD, Calif.`, `McALLEN`.

    >>> capitals("HAYWARD, Calif."), capitals("McALLEN, Texas"), capitals("Hamburg"), capitals("서울")
    (True, True, False, False)
    """
    town = _SEPARATOR.split(name, maxsplit=1)[0].strip()
    return len(town) > 1 and town.removeprefix("Mc").removeprefix("Mac").removeprefix("De").isupper()


def uncased(name: str) -> bool:
    """Tell whether a name is of a script without upper and lower case."""
    return bool(_UNCASED.search(name))


def is_heading(name: str) -> bool:
    """Tell whether capitals are a heading or a label and no place: `UPDATE`, `SONDAGE EXCLUSIF`, `COVID-19`."""
    words = _LETTERS.findall(name.casefold())
    return not _table().headings.isdisjoint(words) or any(letter.isdigit() for letter in name)


def abbreviates(name: str, agency: str) -> bool:
    """Tell whether one is the abbreviation of the other: `Associated Press (AP)`, `WHO (World Health Organization)`."""
    long, short = (name, agency) if len(name) > len(agency) else (agency, name)
    initials = "".join(word[0] for word in _LETTERS.findall(long))
    return len(initials) > 1 and initials.casefold() == short.replace(".", "").casefold()


def names(name: str) -> int:
    """Count the words of the longest part of a place that bear meaning: many make a title of it.

    >>> names("Neustadt an der Weinstraße"), names("Sistema Privado de Pensiones"), names("New Delhi, India")
    (2, 3, 2)
    """
    parts = _SEPARATOR.split(name)
    return max(sum(not word[0].islower() for word in part.split()) for part in parts)


def is_trusted(name: str) -> bool:
    """Tell whether a name is a place by itself: known, with its region, or in capitals that are no heading."""
    return is_place(name) or (capitals(name) and (in_region(name) or not is_heading(name)))
