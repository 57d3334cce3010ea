"""Lines of the text that give credit: for a photo, for the reporting, or to whom the text belongs.

They are no part of what the article tells, but somebody's name and right, so they stay in the text and are only marked.
The danger is prose about photos and rights ("Copyright law is changing", "Photo by photo, the city is mapped."): what
is marked must be short, and its words must stand where credits have them: before a colon, in a bracket at the end,
beside the name of an agency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias, cast

from copydesk.article import Credit
from copydesk.boilerplate.duplicates import fold, opening, spans

Kind: TypeAlias = Literal["photo", "copyright", "reporting"]

# Captions are long; what follows a label is short, and so is a line of nothing but names.
_LONGEST, _LONGEST_CREDIT, _LONGEST_LABELLED, _LONGEST_NAMES = 400, 220, 130, 100
_LONGEST_GAP = 60

_EDGES = " \t.,:;!?…-–—*|/\\[](){}<>«»“”\"'【】。、▲▶■●•·※"
_SIGN = re.compile(r"\)? ?(?:[:|=]|/(?! ))|\)? [-–—] ")
_SENTENCE = re.compile(r"[.!?。！？।][^\w\n]{0,2}\Z")
_BRACKET = re.compile(r"[(\[（【]([^()\[\]（）【】]{2,120})[)\]）】][.\s]?\Z")
_CLOSING = (")", "]", "）", "】", ").", "].")
_PARTS = re.compile(r" ?/ ?| via ")
_OWNED = re.compile(r"[©ⓒ] ?([^\W_])")


@dataclass(frozen=True, slots=True)
class _Row:
    """What the table holds of phrases that open alike; `starts` has what must follow after a gap, if anything."""

    whole: dict[str, Kind] = field(default_factory=dict)
    labels: dict[str, Kind] = field(default_factory=dict)
    starts: list[tuple[str, str, Kind]] = field(default_factory=list)
    briefs: list[tuple[str, str, Kind]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Table:
    """The table: by the first letters of a line, by its last ones, by what may stand anywhere, and the agencies."""

    rows: dict[str, _Row] = field(default_factory=dict)
    ends: dict[str, list[tuple[str, Kind]]] = field(default_factory=dict)
    inside: dict[str, Kind] = field(default_factory=dict)
    agencies: set[str] = field(default_factory=set)


def find_credits(text: str) -> tuple[Credit, ...]:
    r"""Find the lines that give credit.

    Args:
        text: the text of the article, cleaned.

    Returns:
        The credits in order of place; each is a whole line of the text, which stays as it is.

    >>> [(credit.kind, credit.text) for credit in find_credits("Photo: Getty Images\n\nA fire broke out.\n\n© 2024 Reuters")]
    [('photo', 'Photo: Getty Images'), ('copyright', '© 2024 Reuters')]
    """
    return tuple(_credits(text))


def credit_kind(line: str) -> Kind | None:
    """Tell what a line gives credit for, if it does.

    >>> credit_kind("(Reporting by Jane Doe; Editing by Max Mill)"), credit_kind("Copyright law is changing")
    ('reporting', None)
    """
    if not line or len(line) > _LONGEST or line[0] == line[-1] == "|":
        return None
    found = _opened(line) if len(line) <= _LONGEST_CREDIT else None
    if not found and line.endswith(_CLOSING):
        found = _bracketed(line)
    return found or _elsewhere(line)


def _credits(text: str) -> Iterator[Credit]:
    known: dict[str, Kind | None] = {}
    for start, end in spans(text):
        if end - start <= _LONGEST:
            line = text[start:end]
            if line not in known:
                known[line] = credit_kind(line)
            found = known[line]
            if found:
                yield Credit(found, line, start, end)


def _opened(line: str) -> Kind | None:
    """Tell the credit that a line begins with."""
    key, rows = opening(line), _table().rows
    row = rows.get(key) or rows.get(key.partition(" ")[0])
    if row is None:
        return None
    plain = fold(line)
    whole = row.whole.get(plain.strip(_EDGES))
    if whole:
        return whole
    plain = plain.lstrip(_EDGES)
    brief = row.briefs if not _SENTENCE.search(line) or line[0] in "([（" or ";" in line else []
    for start, then, credit in (*row.starts, *brief):
        if plain.startswith(start) and plain.find(then, len(start), len(start) + len(then) + _LONGEST_GAP) >= 0:
            return credit
    return _labelled(plain, row) if len(line) <= _LONGEST_LABELLED else None


def _labelled(plain: str, row: _Row) -> Kind | None:
    """Tell the credit by the label before a colon, if anything follows."""
    signs = (
        (credit, _SIGN.match(plain, len(label))) for label, credit in row.labels.items() if plain.startswith(label)
    )
    return next((credit for credit, sign in signs if sign and plain[sign.end() :].strip(_EDGES)), None)


def _bracketed(line: str) -> Kind | None:
    """Tell a photo's credit in the bracket that ends its caption."""
    bracket = _BRACKET.search(line, max(0, len(line) - 130))
    return "photo" if bracket and (_opened(bracket[1]) == "photo" or _names_agency(bracket[1])) else None


def _elsewhere(line: str) -> Kind | None:
    """Tell the credit by what stands behind the beginning of a line."""
    table = _table()
    if len(line) <= _LONGEST_NAMES and ("/" in line or " via " in line) and _names_agency(line):
        return "photo"
    if len(line) <= _LONGEST_CREDIT and ("©" in line or "ⓒ" in line):
        owner = _OWNED.search(line)
        if owner and not (owner.start() and owner[1].islower()):
            return "copyright"
    for end, credit in table.ends.get(_ending(line), ()) if len(line) <= _LONGEST_CREDIT else ():
        if fold(line[-100:]).rstrip(_EDGES).endswith(end):
            return credit
    for phrase, credit in table.inside.items():
        if phrase in line:
            return credit
    return None


def _names_agency(line: str) -> bool:
    """Whether a line is names divided by slashes, of which the first or the last is that of an agency."""
    parts = _PARTS.split(fold(line).strip(_EDGES))
    return len(parts) > 1 and not _table().agencies.isdisjoint((parts[0], parts[-1]))


def _ending(line: str) -> str:
    return line[-12:].rstrip(_EDGES)[-4:].casefold().replace("ı", "i")


@cache
def _table() -> _Table:
    """Read the table."""
    table = _Table()
    for line in files(__package__).joinpath("data/credits.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            credit, place, phrase = line.split("\t")
            _enter(table, cast("Kind", credit), place, phrase)
    return table


def _enter(table: _Table, credit: Kind, place: str, phrase: str) -> None:
    plain = fold(phrase).lstrip(_EDGES)
    row = table.rows.setdefault(opening(phrase), _Row()) if place in {"whole", "label", "start", "brief"} else _Row()
    if place == "agency":
        table.agencies.add(plain)
    elif place == "inside":
        table.inside[phrase] = credit
    elif place == "end":
        table.ends.setdefault(_ending(phrase), []).append((plain.rstrip(_EDGES), credit))
    elif place in {"start", "brief"}:
        start, _, then = plain.partition("*")
        (row.starts if place == "start" else row.briefs).append((start, then.rstrip(), credit))
    else:
        (row.whole if place == "whole" else row.labels)[plain.rstrip(_EDGES)] = credit
