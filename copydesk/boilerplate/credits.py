"""Credit lines: of photos, of reporters and editors, and copyright notices.

They are not part of the article, but name people and rights, so they stay in the text and are marked. The danger is
prose about photos and rights ("Copyright law is changing", "Photo by photo, the city is mapped."). A credit must be
short, and its words must be where credits have them: before a colon, in a bracket at the end, next to the name of an
agency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, TypeAlias, cast

from copydesk.article import Credit
from copydesk.boilerplate.blocks import line_spans
from copydesk.boilerplate.phrases import SENTENCE_END, GapPhrase, find_row, fold_line, phrase_key
from copydesk.tables import read_rows

Kind: TypeAlias = Literal["photo", "copyright", "reporting"]

# The maximum length of a caption with a credit, of a credit, of one with a label, and of a line of names.
_MAX_CAPTION_CHARS = 400
_MAX_CREDIT_CHARS = 220
_MAX_LABELED_CHARS = 130
_MAX_NAMES_CHARS = 100
_MAX_BRACKET_CHARS = 130
_MAX_END_CHARS = 100

# Characters around a phrase that are ignored.
_EDGE_CHARS = " \t.,:;!?…-–—*|/\\[](){}<>«»“”\"'【】。、▲▶■●•·※"
_LABEL_SIGN = re.compile(r"\)? ?(?:[:|=]|/(?! ))|\)? [-–—] ")
_BRACKET = re.compile(r"[(\[（【]([^()\[\]（）【】]{2,120})[)\]）】][.\s]?\Z")
_OPENING_BRACKETS = "([（"
_BRACKET_ENDS = (")", "]", "）", "】", ").", "].")
_NAME_SEPARATOR = re.compile(r" ?/ ?| via ")
_COPYRIGHT_OWNER = re.compile(r"[©ⓒ] ?([^\W_])")


@dataclass(frozen=True, slots=True)
class _Row:
    """The phrases with one key, by the places that the table documents."""

    whole: dict[str, Kind] = field(default_factory=dict)
    labels: dict[str, Kind] = field(default_factory=dict)
    starts: list[tuple[GapPhrase, Kind]] = field(default_factory=list)
    briefs: list[tuple[GapPhrase, Kind]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Table:
    """The table.

    Attributes:
        rows: phrases at the start of a line, by their key.
        ends: phrases at the end, by their last letters.
        inside: phrases anywhere in a line.
        agencies: the names of agencies.
    """

    rows: dict[str, _Row] = field(default_factory=dict)
    ends: dict[str, list[tuple[str, Kind]]] = field(default_factory=dict)
    inside: dict[str, Kind] = field(default_factory=dict)
    agencies: set[str] = field(default_factory=set)


def find_credits(text: str) -> tuple[Credit, ...]:
    r"""Find the credit lines of a text.

    Args:
        text: the clean text of the article.

    Returns:
        The credits in order. Each is a whole line of the text.

    >>> credits = find_credits("Photo: Getty Images\n\nA fire broke out.\n\n© 2024 Reuters")
    >>> [(credit.kind, credit.text) for credit in credits]
    [('photo', 'Photo: Getty Images'), ('copyright', '© 2024 Reuters')]
    """
    return tuple(_iterate_credits(text))


def credit_kind(line: str) -> Kind | None:
    """Return the kind of a credit line; None for other lines.

    >>> credit_kind("(Reporting by Jane Doe; Editing by Max Mill)"), credit_kind("Copyright law is changing")
    ('reporting', None)
    """
    if not line or len(line) > _MAX_CAPTION_CHARS or line[0] == line[-1] == "|":
        return None
    kind = _kind_by_start(line) if len(line) <= _MAX_CREDIT_CHARS else None
    if not kind and line.endswith(_BRACKET_ENDS):
        kind = _kind_by_bracket(line)
    return kind or _kind_by_rest(line)


def _iterate_credits(text: str) -> Iterator[Credit]:
    kinds: dict[str, Kind | None] = {}
    for start, end in line_spans(text):
        if end - start <= _MAX_CAPTION_CHARS:
            line = text[start:end]
            if line not in kinds:
                kinds[line] = credit_kind(line)
            kind = kinds[line]
            if kind:
                yield Credit(kind, line, start, end)


def _kind_by_start(line: str) -> Kind | None:
    """Return the kind by the start of a line."""
    row = find_row(_read_table().rows, line)
    if row is None:
        return None
    folded = fold_line(line)
    whole = row.whole.get(folded.strip(_EDGE_CHARS))
    if whole:
        return whole
    folded = folded.lstrip(_EDGE_CHARS)
    may_be_brief = not SENTENCE_END.search(line) or line[0] in _OPENING_BRACKETS or ";" in line
    for phrase, kind in [*row.starts, *row.briefs] if may_be_brief else row.starts:
        if phrase.starts(folded):
            return kind
    return _kind_by_label(folded, row) if len(line) <= _MAX_LABELED_CHARS else None


def _kind_by_label(folded: str, row: _Row) -> Kind | None:
    """Return the kind by the label before a colon, if anything follows."""
    for label, kind in row.labels.items():
        if folded.startswith(label):
            sign = _LABEL_SIGN.match(folded, len(label))
            if sign and folded[sign.end() :].strip(_EDGE_CHARS):
                return kind
    return None


def _kind_by_bracket(line: str) -> Kind | None:
    """Return `photo` if a caption ends in a bracket with a photo credit or agency."""
    bracket = _BRACKET.search(line, max(0, len(line) - _MAX_BRACKET_CHARS))
    return "photo" if bracket and (_kind_by_start(bracket[1]) == "photo" or _names_agency(bracket[1])) else None


def _kind_by_rest(line: str) -> Kind | None:
    """Return the kind by words after the start of a line."""
    table = _read_table()
    if len(line) <= _MAX_NAMES_CHARS and ("/" in line or " via " in line) and _names_agency(line):
        return "photo"
    if len(line) <= _MAX_CREDIT_CHARS:
        if ("©" in line or "ⓒ" in line) and _has_copyright_owner(line):
            return "copyright"
        for end, kind in table.ends.get(_end_key(line), ()):
            if fold_line(line[-_MAX_END_CHARS:]).rstrip(_EDGE_CHARS).endswith(end):
                return kind
    return next((kind for phrase, kind in table.inside.items() if phrase in line), None)


def _has_copyright_owner(line: str) -> bool:
    """Return whether a copyright sign has a name after it. In mid-line the name must have a capital."""
    owner = _COPYRIGHT_OWNER.search(line)
    return owner is not None and not (owner.start() and owner[1].islower())


def _names_agency(line: str) -> bool:
    """Return whether a line is a list of names with slashes, and the first or last is an agency."""
    parts = _NAME_SEPARATOR.split(fold_line(line).strip(_EDGE_CHARS))
    return len(parts) > 1 and not _read_table().agencies.isdisjoint((parts[0], parts[-1]))


def _end_key(line: str) -> str:
    """Return the last letters of a line, folded: the key of phrases at the end."""
    return line[-12:].rstrip(_EDGE_CHARS)[-4:].casefold().replace("ı", "i")


@cache
def _read_table() -> _Table:
    table = _Table()
    for kind, place, phrase in read_rows("copydesk.boilerplate", "data/credits.txt"):
        _add_phrase(table, cast("Kind", kind), place, phrase)
    return table


def _add_phrase(table: _Table, kind: Kind, place: str, phrase: str) -> None:
    folded = fold_line(phrase).lstrip(_EDGE_CHARS)
    if place == "agency":
        table.agencies.add(folded)
    elif place == "inside":
        table.inside[phrase] = kind
    elif place == "end":
        table.ends.setdefault(_end_key(phrase), []).append((folded.rstrip(_EDGE_CHARS), kind))
    else:
        row = table.rows.setdefault(phrase_key(phrase), _Row())
        if place in {"start", "brief"}:
            (row.starts if place == "start" else row.briefs).append((GapPhrase.parse(folded), kind))
        else:
            (row.whole if place == "whole" else row.labels)[folded.rstrip(_EDGE_CHARS)] = kind
