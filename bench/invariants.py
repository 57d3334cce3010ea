"""Invariants of fast paths: prefilters change no result, and language detection is at least as good as langdetect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from unittest.mock import patch

from bench import language, workload
from bench.measurement import Measurement
from bench.timing import clear_caches
from copydesk import normalize, pipeline
from copydesk.article import Article
from copydesk.repairs import screen, surrogates
from tests.helpers.corruption import Chain

_CHAINS: tuple[Chain, ...] = (
    (),
    (("utf-8", "windows-1252"),),
    (("utf-8", "windows-1251"),),
    (("utf-8", "iso-8859-1"), ("utf-8", "iso-8859-1")),
    (("windows-1251", "iso-8859-1"),),
    (("windows-1250", "windows-1252"),),
)


def check_prefilters() -> Measurement:
    """Count the articles with another result when no prefilter skips a search."""
    articles = list(_articles())
    filtered = list(map(pipeline.clean, articles))
    clear_caches()
    with ExitStack() as patches:
        patches.enter_context(patch.object(normalize, "is_printable", lambda _: False))
        patches.enter_context(patch.object(surrogates, "_is_encodable", lambda _: False))
        patches.enter_context(patch.object(screen, "_is_only_punctuation", lambda _: False))
        unfiltered = list(map(pipeline.clean, articles))
    clear_caches()
    changed = sum(result != other for result, other in zip(filtered, unfiltered, strict=True))
    return Measurement(f"of {len(articles):,} articles, damaged and undamaged, changed by a prefilter", changed, 0)


def _articles() -> Iterator[Article]:
    for raw in workload.read_articles():
        for chain in _CHAINS:
            corrupted = workload.corrupt_article(raw, chain)
            if corrupted != raw or not chain:
                yield workload.to_article(corrupted)


def compare_languages() -> Iterator[Measurement]:
    """Count the texts of the corpus with a wrong most likely language, relative to langdetect, by length."""
    for length, by_tag in language.sample_texts(None).items():
        cases = [(tag, text) for tag, texts in by_tag.items() if language.is_known(tag) for text in texts]
        ours, reference = (
            sum(not language.is_same(tag, detect(text)) for tag, text in cases)
            for detect in (language.most_likely_language, language.detect_with_langdetect)
        )
        name = f"wrong languages of {len(cases)} ({length}), relative to langdetect's {reference} ×"
        yield Measurement(name, ours / max(reference, 1), 1)
