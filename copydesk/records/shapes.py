"""The tables of `shapes.toml`: known shapes, lists of records, and names of keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from typing import Final

from copydesk.cache import bounded_cache
from copydesk.typed_dicts import RawArticleDict

RAW_FIELDS: Final = frozenset(RawArticleDict.__annotations__)

_NOT_OF_NAMES = re.compile(r"[\W_]+")
_MIN_TYPO_CHARS, _MAX_TYPO_CHARS, _MIN_TYPO_RATIO = 5, 20, 0.9


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of the records of a tool.

    Attributes:
        signatures: sets of paths. A record of this shape has all of one set.
        paths: the paths of each field, the most trusted first.
        repeated: keys whose values other keys have, too.
        body_required: whether an article needs a body; otherwise a title is enough.
    """

    signatures: tuple[frozenset[str], ...]
    paths: Mapping[str, tuple[str, ...]]
    repeated: frozenset[str]
    body_required: bool


@dataclass(frozen=True, slots=True)
class RecordList:
    """A list of records in a document, and the paths of each field that the document has for all of them."""

    records: str
    shared: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables.

    Attributes:
        shapes: the known shapes.
        lists: the lists of records in documents.
        names: the names of each field, folded, in their order.
        fields_by_name: the field for each folded name.
        inner: the keys of objects that stand for one value, by the kind of value.
        missing: strings that stand for a missing value.
    """

    shapes: tuple[Shape, ...]
    lists: tuple[RecordList, ...]
    names: Mapping[str, tuple[str, ...]]
    fields_by_name: Mapping[str, str]
    inner: Mapping[str, tuple[str, ...]]
    missing: frozenset[str]


@cache
def tables() -> Tables:
    """Load the tables."""
    data = tomllib.loads(files(__package__).joinpath("shapes.toml").read_text(encoding="utf-8"))
    names = {name: (fold(name), *words.split()) for name, words in data["names"].items()}
    own = {fold(name): name for name in sorted(RAW_FIELDS)}
    shapes = (
        Shape(
            tuple(frozenset(signature.split()) for signature in shape["signatures"]),
            {name: tuple(paths) for name, paths in shape["fields"].items()},
            frozenset(shape.get("repeated", ())),
            shape.get("body_required", True),
        )
        for shape in data["shapes"]
    )
    return Tables(
        tuple(shapes),
        tuple(
            RecordList(row.pop("records"), {name: tuple(paths) for name, paths in row.items()}) for row in data["lists"]
        ),
        names,
        {word: name for name, words in names.items() for word in words} | own,
        {kind: tuple(keys) for kind, keys in data["inner"].items()},
        frozenset(data["missing"]["values"]),
    )


def fold(name: str) -> str:
    """Return a name without case, spaces and signs: `pub_date` and `pubDate` are the same."""
    return _NOT_OF_NAMES.sub("", name.casefold())


@bounded_cache  # records of a crawl have the same keys
def find_misspelt(folded: str) -> str | None:
    """Return the field of a raw article that a name misspells."""
    if not _MIN_TYPO_CHARS <= len(folded) <= _MAX_TYPO_CHARS:
        return None
    for name in sorted(RAW_FIELDS):
        own = fold(name)
        is_plural = folded == f"{own}s" or own == f"{folded}s"
        is_near = SequenceMatcher(None, folded, own).ratio() >= _MIN_TYPO_RATIO or sorted(folded) == sorted(own)
        if is_near and not is_plural:
            return name
    return None
