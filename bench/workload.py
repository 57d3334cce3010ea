"""The workload: 41 articles in 12 languages, 0.5 to 18 kB, one in ten of them damaged.

The articles were written for this benchmark under the license of the project. `articles/` has a file per language.
Languages alternate, so that the caches of one language do not help the next article.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from copydesk import contract
from copydesk.article import Article
from copydesk.ingest import build_article
from tests.helpers.corruption import Chain, corrupt

RawArticle = dict[str, Any]

_ARTICLES_DIR = Path(__file__).parent / "articles"
# UTF-8 decoded as on the web, once and twice.
_UTF8_CHAINS: tuple[Chain, ...] = (
    (("utf-8", "windows-1252"),),
    (("utf-8", "iso-8859-1"),),
    (("utf-8", "windows-1252"), ("utf-8", "windows-1252")),
)
_LEGACY_CHAINS: dict[str, Chain] = {
    "ru": (("windows-1251", "iso-8859-1"),),
    "pl": (("windows-1250", "windows-1252"),),
    "tr": (("windows-1254", "windows-1250"),),
    "el": (("windows-1253", "iso-8859-1"),),
    "ar": (("windows-1256", "iso-8859-1"),),
    "zh-Hans": (("gbk", "iso-8859-1"),),
    "ja": (("shift_jis", "iso-8859-1"),),
}
_WITHOUT_SPACES = ("ja", "zh-Hans")
_TEXT_FIELDS = ("title", "subtitle", "text")
_DAMAGE_INTERVAL = 10


def read_articles() -> list[RawArticle]:
    """Return the undamaged articles."""
    files = [json.loads(path.read_text("utf-8")) for path in sorted(_ARTICLES_DIR.glob("*.json"))]
    return [raw for raw in chain.from_iterable(zip_longest(*files)) if raw]


def build_workload() -> list[RawArticle]:
    """Return the articles of the workload. Every tenth is damaged, each in another way."""
    return [_damage(raw, i // _DAMAGE_INTERVAL) if is_damaged(i) else raw for i, raw in enumerate(read_articles())]


def is_damaged(index: int) -> bool:
    """Return whether the article of the workload at an index is damaged."""
    return index % _DAMAGE_INTERVAL == _DAMAGE_INTERVAL // 2


def to_article(raw: RawArticle) -> Article:
    """Validate a raw article."""
    return build_article(contract.load_article(raw))


def corrupt_article(raw: RawArticle, damage: Chain) -> RawArticle:
    """Return an article with corrupted texts. A text that the charsets cannot encode is unchanged."""
    return raw | {name: corrupt(raw[name], damage) or raw[name] for name in _TEXT_FIELDS if raw.get(name)}


def _damage(raw: RawArticle, index: int) -> RawArticle:
    """Corrupt an article by the first chain from an index on that changes it."""
    chains = [_LEGACY_CHAINS.get(raw["language"], _UTF8_CHAINS[0]), *_UTF8_CHAINS]
    corrupted = (corrupt_article(raw, damage) for damage in chains[index % len(chains) :] + chains)
    return next(article for article in corrupted if article != raw)


def build_long_article(length: int, language: str | None = None) -> RawArticle:
    """Return an article of a given length.

    Args:
        length: the number of characters of the text.
        language: the language of the paragraphs. Default: all languages with spaces between words, alternating.
    """
    raws = [raw for raw in read_articles() if raw["language"] == language or _is_spaced(raw, language)]
    texts = [raw["text"].split("\n\n") for raw in raws]
    paragraphs = [text for text in chain.from_iterable(zip_longest(*texts)) if text]
    return {"id": str(length), "text": _repeat_to_length(paragraphs, length)}


def _is_spaced(raw: RawArticle, language: str | None) -> bool:
    return not language and raw["language"] not in _WITHOUT_SPACES


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
