"""The test corpus as sentences, titles, paragraphs and articles."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from tests.helpers.paths import TESTS

CORPUS_DIR = TESTS / "corpus"

Sentences = dict[str, list[str]]
"""Sentences by language tag."""

_WITHOUT_SPACES = ("zh", "zh-Hans", "zh-Hant", "ja", "th")
# The maximum length of a title and the minimum length of a paragraph, with and without spaces between words.
_MAX_TITLE_CHARS, _MAX_TITLE_CHARS_WITHOUT_SPACES = 70, 30
_MIN_PARAGRAPH_CHARS, _MIN_PARAGRAPH_CHARS_WITHOUT_SPACES = 400, 160
_ARTICLE_CHARS = 2_700


def read_corpus() -> dict[str, list[dict[str, Any]]]:
    """Return the raw articles of the corpus by language tag."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(CORPUS_DIR.glob("*.json"))}


def read_sentences(folder: Path | None = None) -> Sentences:
    """Return sentences by language.

    Args:
        folder: a folder with a file `<language>.txt` per language, one sentence per line. Default: the corpus.
    """
    if folder:
        return {path.stem: _clean_lines(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))}
    return {
        tag: _clean_lines("\n".join(f"{raw['title']}\n{raw['text']}" for raw in raws))
        for tag, raws in read_corpus().items()
    }


def _clean_lines(text: str) -> list[str]:
    lines = (unicodedata.normalize("NFC", line).strip() for line in text.splitlines())
    return [line for line in lines if line and "\ufffd" not in line]


def cut_to_titles(sentences: Mapping[str, list[str]]) -> Sentences:
    """Cut sentences to the length of titles."""
    limits = {tag: _MAX_TITLE_CHARS_WITHOUT_SPACES if tag in _WITHOUT_SPACES else _MAX_TITLE_CHARS for tag in sentences}
    return {tag: [_cut(line, limits[tag]) for line in lines] for tag, lines in sentences.items()}


def _cut(line: str, max_chars: int) -> str:
    return line if len(line) <= max_chars else (line[:max_chars].rpartition(" ")[0] or line[:max_chars])


def join_to_paragraphs(sentences: Mapping[str, list[str]]) -> Sentences:
    """Join sentences to paragraphs."""
    return {
        tag: list(_join(lines, _MIN_PARAGRAPH_CHARS_WITHOUT_SPACES if tag in _WITHOUT_SPACES else _MIN_PARAGRAPH_CHARS))
        for tag, lines in sentences.items()
    }


def _join(lines: Iterable[str], min_chars: int) -> Iterator[str]:
    paragraph = ""
    for line in lines:
        paragraph = f"{paragraph} {line}".strip()
        if len(paragraph) >= min_chars:
            yield paragraph
            paragraph = ""


def generate_articles() -> Iterator[dict[str, Any]]:
    """Yield an endless series of different raw articles of usual length, in all languages of the corpus."""
    raws = [articles[0] for articles in read_corpus().values()]
    ids = count()
    while True:
        for raw in raws:
            article_id = next(ids)
            copies = -(-_ARTICLE_CHARS // len(raw["text"]))
            text = "\n\n".join(f"{raw['text']} {article_id}.{copy}" for copy in range(copies))
            yield raw | {"id": str(article_id), "text": text[:_ARTICLE_CHARS]}
