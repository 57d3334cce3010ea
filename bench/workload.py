"""The mix that speed is measured on: 41 invented articles in 12 languages, 0.5 to 18 kB, one in ten of them damaged.

They were written for this benchmark, under the project's licence, and lie in `articles/`, a file a language, as a
pipeline would send them. Languages take turns, so that what is known of the words of one is not used at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

import schemas
from bench.corruption import Chain, damage
from copydesk import ingest as arrival
from copydesk.article import Article

ARTICLES = Path(__file__).parent / "articles"

# UTF-8 read as the web reads it, twice as well; and what else each language was written in.
_CHAINS: tuple[Chain, ...] = (
    (("utf-8", "windows-1252"),),
    (("utf-8", "iso-8859-1"),),
    (("utf-8", "windows-1252"), ("utf-8", "windows-1252")),
)
_LEGACY: dict[str, Chain] = {
    "ru": (("windows-1251", "iso-8859-1"),),
    "pl": (("windows-1250", "windows-1252"),),
    "tr": (("windows-1254", "windows-1250"),),
    "el": (("windows-1253", "iso-8859-1"),),
    "ar": (("windows-1256", "iso-8859-1"),),
    "zh-Hans": (("gbk", "iso-8859-1"),),
    "ja": (("shift_jis", "iso-8859-1"),),
}
_SPACELESS = ("ja", "zh-Hans")
_FIELDS = ("title", "subtitle", "text")
EACH = 10


def clean() -> list[dict[str, Any]]:
    """Return the articles as they were written."""
    files = [json.loads(path.read_text("utf-8")) for path in sorted(ARTICLES.glob("*.json"))]
    return [article for article in chain.from_iterable(zip_longest(*files)) if article]


def mixed() -> list[dict[str, Any]]:
    """Return the articles, every tenth damaged, each in another way."""
    return [_damaged(raw, at // EACH) if at % EACH == EACH // 2 else raw for at, raw in enumerate(clean())]


def arrived(raw: dict[str, Any]) -> Article:
    """Return an article as it reaches the desk."""
    stated: dict[str, Any] = schemas.RawArticle().load(raw)
    return arrival.build_article(stated)


def _damaged(raw: dict[str, Any], at: int) -> dict[str, Any]:
    chains = [_LEGACY.get(raw["language"], _CHAINS[0]), *_CHAINS]
    return next(spoilt(raw, ways) for ways in chains[at % len(chains) :] + chains if spoilt(raw, ways) != raw)


def spoilt(raw: dict[str, Any], ways: Chain) -> dict[str, Any]:
    """Return an article with its texts damaged; those that can't be so stay as they are."""
    return raw | {name: damage(raw[name], ways) or raw[name] for name in _FIELDS if raw.get(name)}


def lengthened(characters: int, language: str | None = None) -> dict[str, Any]:
    """Return one article of a length: paragraphs of a language, or of all that are written with spaces by turns."""
    among = [raw for raw in clean() if raw["language"] == language or not (language or raw["language"] in _SPACELESS)]
    texts = [raw["text"].split("\n\n") for raw in among]
    paragraphs = [text for text in chain.from_iterable(zip_longest(*texts)) if text]
    return {"id": str(characters), "text": _joined(paragraphs, characters)}


def _joined(paragraphs: list[str], characters: int) -> str:
    def numbered() -> Iterator[str]:
        # The same paragraph twice would be left out as a repeat.
        for at in range(characters // len(paragraphs) + 1):
            yield from (f"{text} {at}" if at else text for text in paragraphs)

    found: list[str] = []
    length = 0
    for text in numbered():
        found.append(text)
        length += len(text) + 2
        if length >= characters:
            break
    return "\n\n".join(found)[:characters]
