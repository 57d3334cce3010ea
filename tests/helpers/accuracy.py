"""The accuracy, harm, warnings and calibration of repair on the corpus, and their baselines."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from copydesk import pipeline
from copydesk.article import Article, Change, CleanArticle, Options
from tests.helpers.corpus import CORPUS_DIR, Sentences, cut_to_titles, join_to_paragraphs, read_sentences
from tests.helpers.corruption import Case, generate_cases
from tests.helpers.paths import TESTS
from tests.helpers.strange import generate_strange
from tests.helpers.trials import FIELDS, Field, Trial, generate_mixed_trials, split_sentences

BASELINES_PATH = TESTS / "quality" / "floors.json"
REPAIR_ONLY = Options(detect_language=False, whitespace="keep", boilerplate="keep", extract_metadata=False)

# The confidence of a sure change.
SURE = 0.95

Repair = Callable[[str], str]
Tally = dict[tuple[str, str, str], Counter[str]]
"""The outcomes of cases by family, length and tool."""

Accuracy = dict[str, tuple[float, float]]
"""The shares of right and of wrong repairs by family and length."""


def repair_with_copydesk(text: str) -> str:
    """Repair a text with Copydesk."""
    return pipeline.clean(Article(text=text), REPAIR_ONLY).text


def repair_title(body: str, title: str) -> str:
    """Repair the title of an article with a body."""
    return pipeline.clean(Article(title=title, text=body), REPAIR_ONLY).title or ""


def classify(case: Case, repaired: str) -> str:
    """Return the outcome of a case: `right`, `left` or `wrong`."""
    if is_same(repaired, case.clean):
        return "right"
    return "left" if is_same(repaired, case.damaged) else "wrong"


def is_same(text: str, other: str) -> bool:
    """Return whether two texts differ only in spaces and normalization."""
    return unicodedata.normalize("NFC", text).split() == unicodedata.normalize("NFC", other).split()


def measure_accuracy(sentences: Sentences, limit: int, tools: dict[str, Repair], *, by_pair: bool = False) -> Tally:
    """Count the outcomes of each kind of damage.

    Args:
        sentences: the undamaged sentences.
        limit: the maximum number of cases per chain, language and length.
        tools: the tools to compare.
        by_pair: count each chain and language by itself.
    """
    texts_by_length = {"paragraph": join_to_paragraphs(sentences), "title": cut_to_titles(sentences)}
    tally: Tally = defaultdict(Counter)
    for length, texts in texts_by_length.items():
        for case in generate_cases(texts, limit):
            chain = " ".join(f"{actual} as {decoded_as}" for actual, decoded_as in case.chain)
            key = f"{case.family}: {chain}: {case.language}" if by_pair else case.family
            for tool, repair in tools.items():
                tally[key, length, tool][classify(case, repair(case.damaged))] += 1
    body_cases = generate_cases(texts_by_length["paragraph"], 1, seed=2)
    bodies = {(case.language, case.chain): case.damaged for case in body_cases}
    for case in generate_cases(texts_by_length["title"], limit):
        body = bodies.get((case.language, case.chain))
        if body:
            outcome = classify(case, repair_title(body, case.damaged))
            tally[case.family, "title in article", "copydesk"][outcome] += 1
    return tally


@dataclass(frozen=True, slots=True)
class Quality:
    """What repair does on the corpus.

    Attributes:
        floors: the shares of right and of wrong repairs by kind and place of the damage.
        minimums: shares that may not fall.
        maximums: counts that may not rise.
    """

    floors: Accuracy
    minimums: dict[str, float]
    maximums: dict[str, int]

    def as_json(self) -> dict[str, object]:
        """Return the document of the baselines."""
        return {"digest": corpus_digest(), **asdict(self)}


@dataclass(frozen=True, slots=True)
class Observation:
    """The result on a partly damaged article.

    Attributes:
        trial: the article.
        outcome: `right`, `left`, `partial` or `wrong`. An article with a wrong change is wrong.
        has_warning: whether damage is suspected.
        changes: for each word that a change touches, the confidence of the change and whether the word is right.
    """

    trial: Trial
    outcome: str
    has_warning: bool
    changes: tuple[tuple[float, bool], ...]


def measure() -> Quality:
    """Measure repair on the corpus."""
    sentences = read_sentences()
    parts = {tag: [part for line in lines for part in split_sentences(line)] for tag, lines in sentences.items()}
    mixed = [observe(trial) for trial in generate_mixed_trials(parts, 1, repeat_neighbours=True)]
    clean = {
        "clean sentences": [line for lines in parts.values() for line in lines],
        "clean titles": [line for lines in cut_to_titles(parts).values() for line in lines],
        "strange strings": [text for _, text in generate_strange()],
    }
    return Quality(measure_floors(sentences) | _mixed_floors(mixed), _minimums(mixed), _measure_harm(clean))


def measure_floors(sentences: Sentences) -> Accuracy:
    """Measure the accuracy on damaged texts."""
    tally = measure_accuracy(sentences, 1, {"copydesk": repair_with_copydesk})
    return {
        f"{family}, {length}": (_share(counts["right"], counts), _share(counts["wrong"], counts))
        for (family, length, _), counts in tally.items()
    }


def _share(count: int, counts: Counter[str]) -> float:
    return round(count / counts.total(), 4)


def observe(trial: Trial) -> Observation:
    """Repair a partly damaged article."""
    cleaned = pipeline.clean(trial.damaged, REPAIR_ONLY)
    changes = tuple(_judge_changes(trial, cleaned))
    is_left = all(is_same(_text(cleaned, field), _text(trial.damaged, field)) for field in FIELDS)
    if all(is_same(_text(cleaned, field), _text(trial.clean, field)) for field in FIELDS):
        outcome = "right"
    elif is_left:
        outcome = "left"
    else:
        outcome = "partial" if all(is_right for _, is_right in changes) else "wrong"
    return Observation(trial, outcome, _has_warning(cleaned), changes)


def _text(article: Article | CleanArticle, field: Field) -> str:
    return getattr(article, field) or ""


def _has_warning(cleaned: CleanArticle) -> bool:
    return any(warning.code == "repair-suspected" for warning in cleaned.warnings)


def _judge_changes(trial: Trial, cleaned: CleanArticle) -> Iterator[tuple[float, bool]]:
    """Yield the confidence of each change for each word that it touches, and whether the clean text has that word."""
    for field in FIELDS:
        changes = [change for change in cleaned.changes if isinstance(change, Change) and change.field == field]
        if not changes:
            continue
        words = list(re.finditer(r"\S+", _text(cleaned, field)))
        matcher = SequenceMatcher(None, [word[0] for word in words], _text(trial.clean, field).split(), autojunk=False)
        right = {i for first, _, size in matcher.get_matching_blocks() for i in range(first, first + size)}
        for change in changes:
            for start, _ in change.places:
                end = start + max(1, len(change.after))
                touched = (i for i, word in enumerate(words) if word.start() < end and word.end() > start)
                yield from ((change.confidence, i in right) for i in touched)


def _mixed_floors(observations: list[Observation]) -> Accuracy:
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for observation in observations:
        groups[f"{observation.trial.tier}, {observation.trial.form}"][observation.outcome] += 1
    return {name: (_share(counts["right"], counts), _share(counts["wrong"], counts)) for name, counts in groups.items()}


def _minimums(observations: list[Observation]) -> dict[str, float]:
    """Return how often sure changes are right, and how often damage that is left has a warning."""
    sure = [is_right for one in observations for confidence, is_right in one.changes if confidence >= SURE]
    every = [is_right for one in observations for _, is_right in one.changes]
    left = [one.has_warning for one in observations if one.outcome == "left"]
    groups = {"changes that are right": every, "sure changes that are right": sure, "left damage with a warning": left}
    return {name: round(sum(flags) / len(flags), 4) for name, flags in groups.items()}


def _measure_harm(texts_by_kind: dict[str, list[str]]) -> dict[str, int]:
    """Count the clean texts that are changed, and those with a warning."""
    counts: dict[str, int] = {}
    modes: tuple[Literal["safe", "standard"], ...] = ("safe", "standard")
    for kind, texts in texts_by_kind.items():
        for mode in modes:
            options = replace(REPAIR_ONLY, repair=mode)
            results = [(text, pipeline.clean(Article(text=text), options)) for text in texts]
            counts[f"{kind} changed by {mode}"] = sum(not is_same(cleaned.text, text) for text, cleaned in results)
            counts[f"{kind} with a warning, {mode}"] = sum(_has_warning(cleaned) for _, cleaned in results)
    return counts


def corpus_digest() -> str:
    """Return a digest of the corpus. The baselines are only valid for the corpus that they were measured on."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(CORPUS_DIR.glob("*.json")))).hexdigest()
