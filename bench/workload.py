"""Articles of the benchmarks, and the workload of `bench.speed`.

The 41 articles in 12 languages in `articles/` were written for the benchmarks, those of `tests/corpus` in 30 languages
for the tests, all under the license of the project.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from tests.helpers.corpus import read_corpus
from tests.helpers.corruption import NATIVE_CHARSETS, Chain, corrupt

RawArticle = dict[str, Any]

_MAX_CHARS = 2_700
_ARTICLES_DIR = Path(__file__).parent / "articles"
_MIN_REST_CHARS = 500
# Up to the last white space, if there is any.
_PIECE = re.compile(rf".{{1,{_MAX_CHARS}}}(?!\S)|.{{1,{_MAX_CHARS}}}", re.DOTALL)
# A language with fewer texts has none to warm up with.
_MIN_TEXTS_TO_WARM_UP = 3
DAMAGE_INTERVAL = 5
_DECODED_AS = "windows-1252"
UTF8_CHAIN: Chain = (("utf-8", _DECODED_AS),)
_WITHOUT_SPACES = ("ja", "zh-Hans")


@dataclass(frozen=True, slots=True)
class Sample:
    """A text to measure.

    Attributes:
        language: its language tag.
        clean: the undamaged text.
        damaged: the damaged text, if it is measured damaged.
    """

    language: str
    clean: str
    damaged: str | None = None

    @property
    def text(self) -> str:
        """The text as it is measured."""
        return self.damaged or self.clean


@dataclass(frozen=True, slots=True)
class Workload:
    """The texts of one measurement. Languages are mixed, and every fifth text is damaged.

    Attributes:
        warm_up: undamaged texts to warm a process up. They are not measured.
        samples: the texts to measure.
    """

    warm_up: list[str]
    samples: list[Sample]

    @property
    def texts(self) -> list[str]:
        """The texts as they are measured."""
        return [sample.text for sample in self.samples]

    @property
    def clean_texts(self) -> list[str]:
        """All texts, undamaged."""
        return [sample.clean for sample in self.samples]

    @property
    def english(self) -> list[str]:
        """The English texts, undamaged."""
        return [sample.clean for sample in self.samples if sample.language == "en"]


def read_articles() -> list[RawArticle]:
    """Return the articles of the benchmarks. Languages alternate."""
    files = [json.loads(path.read_text("utf-8")) for path in sorted(_ARTICLES_DIR.glob("*.json"))]
    return [raw for raw in chain.from_iterable(zip_longest(*files)) if raw]


def read_workload(folder: Path | None = None) -> Workload:
    """Return texts of at most 2,700 characters in many languages. Longer ones are split.

    Args:
        folder: a folder of files `<language>.jsonl`, lines with `text`. Default: the project's own articles.
    """
    texts = {tag: list(_split(texts)) for tag, texts in _read_texts(folder).items()}
    warm_up = [pieces.pop(0) for pieces in texts.values() if len(pieces) >= _MIN_TEXTS_TO_WARM_UP]
    samples = [Sample(tag, text) for tag, pieces in texts.items() for text in pieces]
    random.Random(1).shuffle(samples)
    return Workload(warm_up, list(_damage_some(samples)))


def _read_texts(folder: Path | None) -> dict[str, list[str]]:
    if folder:
        paths = sorted(folder.glob("*.jsonl"))
        return {
            path.stem: [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()] for path in paths
        }
    texts: dict[str, list[str]] = {}
    for raw in [*read_articles(), *chain.from_iterable(read_corpus().values())]:
        texts.setdefault(raw["language"], []).append(raw["text"])
    return texts


def _split(texts: list[str]) -> Iterator[str]:
    """Yield texts in pieces. A short rest is left out."""
    for text in texts:
        pieces = [piece.strip() for piece in _PIECE.findall(text)]
        yield from (piece for i, piece in enumerate(pieces) if i == 0 or len(piece) >= _MIN_REST_CHARS)


def _damage_some(samples: list[Sample]) -> Iterator[Sample]:
    """Yield samples, one in five of them damaged. Instead of a text that cannot be damaged (ASCII), the next one is."""
    damaged_count = 0
    for i, sample in enumerate(samples, start=1):
        damaged = None
        if damaged_count < i // DAMAGE_INTERVAL:
            damaged = _damage(sample, damaged_count)
            damaged_count += damaged is not None
        yield Sample(sample.language, sample.clean, damaged)


def _damage(sample: Sample, index: int) -> str | None:
    """Decode UTF-8, or for every second index a legacy charset of the language, as windows-1252."""
    legacy = [((charset, _DECODED_AS),) for charset in NATIVE_CHARSETS.get(sample.language, ())[:1]]
    chains: list[Chain] = [*legacy, UTF8_CHAIN] if index % 2 else [UTF8_CHAIN]
    corrupted = (corrupt(sample.clean, damage) for damage in chains)
    return next((text for text in corrupted if text is not None and text != sample.clean), None)


def build_long_article(length: int) -> RawArticle:
    """Return an article of a given length, of paragraphs of all languages with spaces between words, alternating."""
    texts = [raw["text"].split("\n\n") for raw in read_articles() if raw["language"] not in _WITHOUT_SPACES]
    paragraphs = [text for text in chain.from_iterable(zip_longest(*texts)) if text]
    return {"id": str(length), "text": _repeat_to_length(paragraphs, length)}


def _repeat_to_length(paragraphs: list[str], length: int) -> str:
    def numbered() -> Iterator[str]:
        # A repeated paragraph would be removed as a duplicate.
        for i in range(length // len(paragraphs) + 1):
            yield from (f"{text} {i}" if i else text for text in paragraphs)

    repeated: list[str] = []
    total = 0
    for text in numbered():
        repeated.append(text)
        total += len(text) + 2
        if total >= length:
            break
    return "\n\n".join(repeated)[:length]
