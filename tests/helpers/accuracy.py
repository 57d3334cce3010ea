"""The accuracy of repair on damaged texts, and its baselines."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable

from copydesk import pipeline
from copydesk.article import Article, Options
from tests.helpers.corpus import CORPUS_DIR, Sentences, cut_to_titles, join_to_paragraphs, read_sentences
from tests.helpers.corruption import Case, generate_cases
from tests.helpers.paths import TESTS

BASELINES_PATH = TESTS / "quality" / "floors.json"
REPAIR_ONLY = Options(detect_language=False, whitespace="keep", boilerplate="keep", extract_metadata=False)

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


def measure() -> Accuracy:
    """Measure the accuracy of repair on the corpus."""
    tally = measure_accuracy(read_sentences(), 1, {"copydesk": repair_with_copydesk})
    return {
        f"{family}, {length}": (round(counts["right"] / counts.total(), 4), round(counts["wrong"] / counts.total(), 4))
        for (family, length, _), counts in tally.items()
    }


def corpus_digest() -> str:
    """Return a digest of the corpus. The baselines are only valid for the corpus that they were measured on."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(CORPUS_DIR.glob("*.json")))).hexdigest()
