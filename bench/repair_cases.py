"""Cases of repair: damaged texts, cases of a file, and articles of a given length."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from bench import workload
from copydesk.article import Article
from tests.helpers.corpus import Sentences, join_to_paragraphs, read_sentences
from tests.helpers.corruption import generate_cases
from tests.helpers.strange import generate_mentions, generate_strange
from tests.helpers.trials import (
    FIELDS,
    OTHER_SCRIPT_TIER,
    SAME_SCRIPT_TIER,
    UTF8_TIER,
    Field,
    Trial,
    cut_line,
    find_tier,
    format_pair,
    generate_mixed_trials,
    has_spaces,
    join_article,
    split_sentences,
)

# The minimum and maximum length, with and without spaces between words.
_SHORT_CHARS, _SHORT_CHARS_WITHOUT_SPACES = (25, 90), (12, 60)


def read_texts(folder: Path | None) -> Sentences:
    """Return clean sentences by language tag.

    Args:
        folder: a folder with a file `<language>.txt` per language, one sentence per line. Default: the corpus of the
            tests and the articles of `bench.workload`.
    """
    if folder:
        return {_format_tag(tag): lines for tag, lines in read_sentences(folder).items()}
    texts = {tag: list(lines) for tag, lines in read_sentences().items()}
    for raw in workload.read_articles():
        texts.setdefault(raw["language"], []).extend(raw["text"].splitlines())
    return {tag: [part for line in lines for part in split_sentences(line)] for tag, lines in texts.items()}


def _format_tag(tag: str) -> str:
    """Return a language tag with its script in title case: `zh-hant` becomes `zh-Hant`."""
    primary, _, script = tag.partition("-")
    return f"{primary}-{script.title()}" if script else primary


def generate_long_trials(sentences: Sentences, limit: int) -> Iterator[Trial]:
    """Yield damaged paragraphs of 400 characters or more; 160 in scripts without spaces."""
    return _generate_trials(join_to_paragraphs(sentences), "long", limit)


def generate_short_trials(sentences: Sentences, limit: int) -> Iterator[Trial]:
    """Yield damaged strings of 25 to 90 characters; 12 to 60 in scripts without spaces."""
    return _generate_trials({tag: _cut_to_short(tag, lines) for tag, lines in sentences.items()}, "short", limit)


def _generate_trials(texts: Sentences, form: str, limit: int) -> Iterator[Trial]:
    for case in generate_cases(texts, limit):
        yield Trial(find_tier(case), form, format_pair(case), Article(text=case.damaged), Article(text=case.clean))


def _cut_to_short(tag: str, lines: Sequence[str]) -> list[str]:
    """Cut each line after a word, to different lengths."""
    min_chars, max_chars = _SHORT_CHARS if has_spaces(tag) else _SHORT_CHARS_WITHOUT_SPACES
    rng = random.Random(tag)
    cut = (cut_line(line, rng.randint(min_chars, max_chars)) for line in lines)
    return [line for line in cut if len(line) >= min_chars]


def read_cases(path: Path) -> Iterator[Trial]:
    """Yield the cases of a file with a JSON object per line.

    Each object has `damaged` and `clean`, or `input` and `expected`. If they are equal, or there is only `clean`, the
    text must not change. `kind` is optional. `scope: stretch` marks a text that has no exact repair.
    """
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            record: dict[str, str] = json.loads(line)
            clean = record["clean"] if "clean" in record else record["expected"]
            damaged = record.get("damaged", record.get("input", clean))
            scope = "clean" if damaged == clean else record.get("scope", "damaged")
            yield Trial(record.get("kind", "case"), scope, "", Article(text=damaged), Article(text=clean))


def read_strange(path: Path) -> list[tuple[str, str]]:
    """Return the kind and text of each line of a JSON Lines file with `text` and `kind`."""
    records = (json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip())
    return [(str(record.get("kind", "string")), str(record["text"])) for record in records]


def build_articles(sentences: Sentences, min_chars: int) -> dict[str, list[str]]:
    """Return articles of at least `min_chars` characters by language; a shorter one if a language has no more text."""
    articles: dict[str, list[str]] = {}
    for tag, lines in sentences.items():
        start = length = 0
        for i, line in enumerate(lines):
            length += len(line)
            if length >= min_chars or (i == len(lines) - 1 and tag not in articles):
                articles.setdefault(tag, []).append(join_article(lines[start : i + 1]))
                start, length = i + 1, 0
    return articles


def alternate(articles: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return the languages and texts of all articles, alternating between the languages."""
    rounds = zip_longest(*([(tag, text) for text in texts] for tag, texts in articles.items()))
    return [article for articles_of_round in rounds for article in articles_of_round if article]


__all__ = [
    "FIELDS",
    "OTHER_SCRIPT_TIER",
    "SAME_SCRIPT_TIER",
    "UTF8_TIER",
    "Field",
    "Trial",
    "alternate",
    "build_articles",
    "generate_long_trials",
    "generate_mentions",
    "generate_mixed_trials",
    "generate_short_trials",
    "generate_strange",
    "read_cases",
    "read_strange",
    "read_texts",
]
