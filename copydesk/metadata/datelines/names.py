"""Names in datelines: agencies and their certainty, well-known places, regions, and words of headings.

Most agencies have abbreviations with other meanings: `PA` is Pennsylvania, `MAP` a map, `Trend` a word. These are only
`likely`. `with_agency` decides which other evidence they need.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import regex

from copydesk.tables import read_rows
from copydesk.transforms.folding import fold_case

Certainty = Literal["sure", "likely"]

_DOMAIN = regex.compile(
    r"[\p{L}\d-]{2,30}\.(?:com|co|net|org|info|news|id|my|vn|ph|ru|ua|kz|uz|by|md|az|am|ge|gr|it|tv|in)(?:\.[a-z]{2})?+",
    regex.I,
)
_NAME_SEPARATOR = regex.compile(r"\s*[/,&+|–—=＝]\s*|\s+[-]\s*|\s+(?:and|und|et|y|e|via)\s+")
_PLACE_SEPARATOR = regex.compile(r"[,،/\[(]")
_LETTERS = regex.compile(r"\p{L}+")
# A letter of a script without case.
_OTHER_LETTER = regex.compile(r"\p{Lo}")
# A shorter agency in lower case is an ordinary word in capitals.
_MAX_LOWERCASE_AGENCY_CHARS = 4
_MIN_COMPOUND_CHARS = 4
_MAX_DESK_CHARS = 15


@dataclass(frozen=True, slots=True)
class _Names:
    """The folded names of `agencies.txt`.

    Attributes:
        agencies: the certainty of agencies.
        lowercase: the agencies that are written in lower case.
        places: well-known places.
        regions: states, provinces and countries.
        headings: words of headings.
    """

    agencies: dict[str, Certainty] = field(default_factory=dict)
    lowercase: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)
    headings: set[str] = field(default_factory=set)


@cache
def _load_names() -> _Names:
    names = _Names()
    for (entry,) in read_rows("copydesk.metadata.datelines", "agencies.txt"):
        if entry.startswith("@,"):
            names.regions.add(_fold_name(entry[2:]))
        elif entry.startswith("@"):
            names.places.add(_fold_name(entry[1:]))
        elif entry.startswith("!"):
            names.headings.add(entry[1:])
        else:
            name = entry.removeprefix("~")
            names.agencies[_fold_name(name)] = "sure" if name == entry else "likely"
            if len(name) <= _MAX_LOWERCASE_AGENCY_CHARS and name.islower():
                names.lowercase.add(_fold_name(name))
    return names


def _fold_name(name: str) -> str:
    return fold_case(name).replace(".", "").strip()


def agency_certainty(name: str) -> Certainty | None:
    """Return the certainty that a name is an agency: the whole name, one of several (`dpa/lno`), or one with its desk.

    >>> [agency_certainty(name) for name in ("dpa/lno", "CNN Business", "A.P.", "ots", "OTS")]
    ['sure', 'sure', 'likely', 'sure', 'likely']
    """
    agencies, key = _load_names().agencies, _fold_name(name)
    if name.isupper() and key in _load_names().lowercase:
        return "likely"
    certainty = agencies.get(key) or ("sure" if "." in name and _DOMAIN.fullmatch(name.strip()) else None)
    if certainty or len(name) < _MIN_COMPOUND_CHARS:
        return certainty
    parts = [agencies.get(_fold_name(part)) for part in _NAME_SEPARATOR.split(name)]
    if any(parts):
        return "sure" if "sure" in parts else "likely"
    first, _, desk = name.partition(" ")
    has_desk = 0 < len(desk) <= _MAX_DESK_CHARS and desk[0].isupper()
    return "sure" if has_desk and agencies.get(_fold_name(first)) == "sure" else None


def is_listed_agency(name: str) -> bool:
    """Return whether the whole name is an agency or outlet of the table without other meanings.

    >>> is_listed_agency("TRIBUNNEWS.COM"), is_listed_agency("FabriPaint.Com")
    (True, False)
    """
    return _load_names().agencies.get(_fold_name(name)) == "sure"


def is_known_place(name: str) -> bool:
    """Return whether a name is a place of the table, with or without a region or another place after it.

    >>> is_known_place("KARACHI"), is_known_place("Geneva/New York"), is_known_place("Migration")
    (True, True, False)
    """
    places = _load_names().places
    return _fold_name(name) in places or _fold_name(_PLACE_SEPARATOR.split(name, maxsplit=1)[0]) in places


def has_region(name: str) -> bool:
    """Return whether a place has its state or country.

    >>> has_region("SIOUX FALLS, S.D."), has_region("BOND, James")
    (True, False)
    """
    return _fold_name(name.rpartition(",")[2]) in _load_names().regions


def is_in_capitals(name: str) -> bool:
    """Return whether the first part of a name is in capitals: `HAYWARD, Calif.`, `McALLEN`.

    >>> [is_in_capitals(name) for name in ("HAYWARD, Calif.", "McALLEN, Texas", "Hamburg", "서울")]
    [True, True, False, False]
    """
    town = _PLACE_SEPARATOR.split(name, maxsplit=1)[0].strip()
    return len(town) > 1 and town.removeprefix("Mc").removeprefix("Mac").removeprefix("De").isupper()


def is_caseless(name: str) -> bool:
    """Return whether a name is in a script without upper and lower case."""
    return bool(_OTHER_LETTER.search(name))


def _is_heading(name: str) -> bool:
    """Return whether capitals are a heading or a label instead of a place: `UPDATE`, `SONDAGE EXCLUSIF`, `COVID-19`."""
    words = _LETTERS.findall(name.casefold())
    return not _load_names().headings.isdisjoint(words) or any(letter.isdigit() for letter in name)


def is_abbreviation(name: str, agency: str) -> bool:
    """Return whether one abbreviates the other: `Associated Press (AP)`, `WHO (World Health Organization)`."""
    long, short = (name, agency) if len(name) > len(agency) else (agency, name)
    initials = "".join(word[0] for word in _LETTERS.findall(long))
    return len(initials) > 1 and initials.casefold() == short.replace(".", "").casefold()


def count_name_words(name: str) -> int:
    """Return the number of words, except particles, in the longest part of a place. A title has more than a place.

    >>> [count_name_words(name) for name in ("Neustadt an der Weinstraße", "Sistema Privado de Pensiones", "Bonn, NRW")]
    [2, 3, 1]
    """
    parts = _PLACE_SEPARATOR.split(name)
    return max(sum(not word[0].islower() for word in part.split()) for part in parts)


def is_certain_place(name: str) -> bool:
    """Return whether a name alone is a place: known, with its region, or in capitals and not a heading."""
    return is_known_place(name) or (is_in_capitals(name) and (has_region(name) or not _is_heading(name)))
