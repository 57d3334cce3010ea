"""Outcomes of repair: a result is compared with the clean text and with the damaged one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import ftfy

from bench.repair_cases import FIELDS, Field, Trial
from copydesk import pipeline
from copydesk.article import Article, Change, CleanArticle, Options

OUTCOMES = ("restored", "partial", "left", "wrong")
"""The text is the clean one; all edits are right, but damage is left; the text is unchanged; an edit is wrong."""

RepairText = Callable[[str], str]

_TIDY_KINDS = ("whitespace", "invisible", "unicode", "boilerplate", "metadata")
_WARNING = "repair-suspected"
# ftfy repairs the encoding and changes nothing else.
_ENCODING_ONLY = ftfy.TextFixerConfig(
    unescape_html=False, uncurl_quotes=False, fix_character_width=False, fix_latin_ligatures=False
)
# ftfy keeps the encoding and changes what plsfix always changes, too: quotes, ligatures, widths.
_TYPOGRAPHY_ONLY = ftfy.TextFixerConfig(
    unescape_html=False, fix_encoding=False, replace_lossy_sequences=False, decode_inconsistent_utf8=False
)


@dataclass(frozen=True, slots=True)
class RepairedChange:
    """The confidence of a change, and whether it is right."""

    confidence: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Observation:
    """The result of Copydesk on one case.

    Attributes:
        trial: the case.
        outcome: one of `OUTCOMES`. A clean text is restored or wrong.
        is_suspected: whether the result has a warning about suspected damage.
        changes: the changes that repair the encoding.
    """

    trial: Trial
    outcome: str
    is_suspected: bool
    changes: tuple[RepairedChange, ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """Another tool.

    Attributes:
        name: the name of the tool.
        repair: repairs a text.
        fold: removes the differences that do not count from the texts that the result is compared with.
    """

    name: str
    repair: RepairText
    fold: RepairText = str

    def classify(self, trial: Trial) -> str:
        """Return the outcome of a case."""

        def apply(article: Article, edit: RepairText) -> Article:
            return replace(article, text=edit(article.text), title=edit(article.title or ""))

        folded = replace(trial, damaged=apply(trial.damaged, self.fold), clean=apply(trial.clean, self.fold))
        return classify(folded, apply(trial.damaged, self.repair))


def find_tools() -> list[Tool]:
    """Return the other tools that are installed."""
    tools = [Tool("ftfy", lambda text: ftfy.fix_encoding(text, _ENCODING_ONLY))]
    try:
        import plsfix  # noqa: PLC0415  optional
    except ImportError:
        return tools
    return [*tools, Tool("plsfix", plsfix.fix_text, lambda text: ftfy.fix_text(text, _TYPOGRAPHY_ONLY))]


def observe(trial: Trial, options: Options) -> Observation:
    """Repair a case with Copydesk."""
    cleaned = pipeline.clean(trial.damaged, options)
    is_suspected = any(warning.code == _WARNING for warning in cleaned.warnings)
    return Observation(trial, classify(trial, cleaned), is_suspected, tuple(_judge_changes(trial, cleaned)))


def _judge_changes(trial: Trial, cleaned: CleanArticle) -> Iterator[RepairedChange]:
    """Yield each repair at each place. It is right if its part of the result is in the clean text at the same place."""
    for field in FIELDS:
        changes = [change for change in cleaned.changes if _is_repair(change, field)]
        if changes:
            result = Alignment(_text(cleaned, field), _text(trial.clean, field))
            for change in changes:
                for start, _ in change.places:
                    yield RepairedChange(change.confidence, result.is_right(start, start + len(change.after)))


def _is_repair(change: Change, field: Field) -> bool:
    return change.field == field and change.kind not in _TIDY_KINDS


def classify(trial: Trial, result: Article | CleanArticle) -> str:
    """Return the outcome of a case. A change of a clean field is wrong."""
    for field in FIELDS:
        clean = _text(trial.clean, field)
        if field != trial.field and clean == _text(trial.damaged, field) and not is_same(clean, _text(result, field)):
            return "wrong"
    texts = (_text(article, trial.field) for article in (trial.damaged, trial.clean, result))
    return classify_text(*texts)


def _text(article: Article | CleanArticle, field: Field) -> str:
    return getattr(article, field) or ""


def classify_text(damaged: str, clean: str, result: str) -> str:
    """Return the outcome of the repair of a text."""
    if is_same(result, clean):
        return "restored"
    if is_same(result, damaged):
        return "left"
    alignment = Alignment(result, clean)
    edits = SequenceMatcher(None, damaged, result, autojunk=False).get_opcodes()
    are_right = all(alignment.is_right(start, end) for tag, _, _, start, end in edits if tag != "equal")
    return "partial" if are_right else "wrong"


def is_same(text: str, other: str) -> bool:
    """Return whether two texts differ only in white space, invisible characters and normalization."""
    return text == other or _simplify(text) == _simplify(other)


def _simplify(text: str) -> str:
    normalized = unicodedata.normalize("NFC", text)
    visible = (c for c in normalized if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf"))
    return " ".join("".join(visible).split())


class Alignment:
    """The parts of a result that the clean text has at the same place."""

    def __init__(self, result: str, clean: str) -> None:
        self._length = len(result)
        self._blocks = [(0, len(result))] if is_same(result, clean) else list(_find_equal_blocks(result, clean))

    def is_right(self, start: int, end: int) -> bool:
        """Return whether a part of the result is right. A deletion is right if the characters around it are."""
        if start == end:
            start, end = max(0, start - 1), min(self._length, end + 1)
        return any(first <= start and end <= last for first, last in self._blocks)


def _find_equal_blocks(result: str, clean: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds in the result of the parts that are equal. Equal ends are skipped: they are quick to find."""
    prefix = _count_equal(result, clean)
    inner, clean_inner = result[prefix:], clean[prefix:]
    suffix = _count_equal(inner[::-1], clean_inner[::-1])
    inner, clean_inner = inner[: len(inner) - suffix], clean_inner[: len(clean_inner) - suffix]
    yield 0, prefix
    for block in SequenceMatcher(None, inner, clean_inner, autojunk=False).get_matching_blocks():
        yield prefix + block.a, prefix + block.a + block.size
    yield len(result) - suffix, len(result)


def _count_equal(one: str, other: str) -> int:
    """Return the length of the common prefix."""
    different = (i for i, (c, d) in enumerate(zip(one, other, strict=False)) if c != d)
    return next(different, min(len(one), len(other)))
