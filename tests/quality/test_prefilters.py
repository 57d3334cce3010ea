"""Prefilters skip searches in text that does not need them: without them, each article has the same result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bench.workload import read_articles
from copydesk import contract, normalize, pipeline
from copydesk.article import Article
from copydesk.ingest import build_article
from copydesk.repairs import screen, surrogates
from tests.helpers.corruption import Chain, corrupt

CHAINS: tuple[Chain, ...] = (
    (("utf-8", "windows-1252"),),
    (("utf-8", "windows-1251"),),
    (("utf-8", "iso-8859-1"), ("utf-8", "iso-8859-1")),
    (("windows-1251", "iso-8859-1"),),
    (("windows-1250", "windows-1252"),),
)


def _articles() -> Iterator[Article]:
    for raw in read_articles():
        article = build_article(contract.load_article(raw))
        yield article
        texts = (corrupt(article.text, chain) for chain in CHAINS)
        yield from (replace(article, text=text) for text in texts if text and text != article.text)


def test_no_prefilter_changes_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = list(_articles())
    filtered = list(map(pipeline.clean, articles))
    monkeypatch.setattr(normalize, "is_printable", lambda _: False)
    monkeypatch.setattr(surrogates, "_is_encodable", lambda _: False)
    monkeypatch.setattr(screen, "_is_only_punctuation", lambda _: False)
    unfiltered = list(map(pipeline.clean, articles))
    assert [article for article, other in zip(filtered, unfiltered, strict=True) if article != other] == []
