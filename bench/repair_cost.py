"""CPU time of repair and language detection, relative to `ftfy.fix_text` and `langdetect.detect_langs`.

No article has been seen by the process before, and none is measured twice.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from bench.repair_cases import OTHER_SCRIPT_TIER, SAME_SCRIPT_TIER, UTF8_TIER, alternate, build_articles
from bench.table import Row
from bench.timing import clear_caches, cpu_seconds, run_loop
from bench.workload import build_long_article
from copydesk import pipeline
from copydesk.article import Article
from tests.helpers.accuracy import REPAIR_ONLY
from tests.helpers.corpus import Sentences
from tests.helpers.corruption import NATIVE_CHARSETS, Chain, corrupt
from tests.helpers.hostile import KINDS, Kind

COST_COLUMNS = ("ratio", "ms", "slowest ms", "reference ms", "articles")
GROWTH_COLUMNS = ("small ms", "large ms", "growth")

_OPTIONS = replace(REPAIR_ONLY, detect_language=True)
_MIN_ARTICLE_CHARS = 2_000
# The first article of a language with this number of articles is not measured, but warms the caches up.
_MIN_ARTICLES_TO_WARM_UP = 3
_KINDS_SHOWN = 5
# The growth of calls below this time is noise.
_MIN_GROWTH_S = 0.005
_DECODED_AS = "windows-1252"
_UTF8_CHAIN: Chain = (("utf-8", _DECODED_AS),)
_LAST_LATIN_LETTER = "\u024f"
_CLEAN = "clean"
_ENGLISH = "clean English"
_KINDS = (_CLEAN, _ENGLISH, UTF8_TIER, OTHER_SCRIPT_TIER, SAME_SCRIPT_TIER)


def measure_cost(sentences: Sentences, limit: int) -> Iterator[Row]:
    """Yield the cost by kind of article.

    Args:
        sentences: clean sentences by language.
        limit: the maximum number of articles per kind.
    """
    warm_up, kinds = _select_articles(build_articles(sentences, _MIN_ARTICLE_CHARS))
    for text in warm_up:
        _run_copydesk(text)
        run_loop(text)
    for kind in _KINDS:
        if kinds[kind]:
            yield kind, _compare(kinds[kind][:limit])


def _select_articles(articles: dict[str, list[str]]) -> tuple[list[str], dict[str, list[str]]]:
    """Return the articles to warm up, and those to measure by kind. No clean article is in two kinds."""
    warm_up = [texts[0] for texts in articles.values() if len(texts) >= _MIN_ARTICLES_TO_WARM_UP]
    rest = {tag: texts[len(texts) >= _MIN_ARTICLES_TO_WARM_UP :] for tag, texts in articles.items()}
    kinds: dict[str, list[str]] = defaultdict(list)
    uses = {tag: i for i, tag in enumerate(rest)}
    for tag, text in alternate(rest):
        kind, prepared = _prepare(tag, text, uses[tag])
        uses[tag] += 1
        if prepared:
            kinds[kind].append(prepared)
    return warm_up, kinds


def _prepare(tag: str, text: str, use: int) -> tuple[str, str]:
    """Return an article with its kind: clean, damaged UTF-8 and a damaged legacy charset in turn."""
    if tag == "en":
        return _ENGLISH, text
    charsets = [charset for charset in NATIVE_CHARSETS.get(tag, ()) if charset != _DECODED_AS]
    if use % 3 == 0:
        return _CLEAN, text
    if use % 3 == 1 or not charsets:
        return UTF8_TIER, _corrupt_paragraphs(text, _UTF8_CHAIN)
    tier = SAME_SCRIPT_TIER if _is_latin(text) else OTHER_SCRIPT_TIER
    return tier, _corrupt_paragraphs(text, ((charsets[0], _DECODED_AS),))


def _corrupt_paragraphs(text: str, chain: Chain) -> str:
    """Corrupt an article. Paragraphs that the charset does not have are left out."""
    return "\n\n".join(filter(None, (corrupt(paragraph, chain) for paragraph in text.split("\n\n"))))


def _is_latin(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return sum(c <= _LAST_LATIN_LETTER for c in letters) > len(letters) / 2


def _compare(texts: Sequence[str]) -> list[str]:
    """Return the cells of a kind. Copydesk and the reference alternate."""
    pairs = [(cpu_seconds(partial(_run_copydesk, text)), cpu_seconds(partial(run_loop, text))) for text in texts]
    seconds, reference = (sum(times) for times in zip(*pairs, strict=True))
    slowest = max(ours for ours, _ in pairs)
    mean_ms, reference_ms = 1e3 * seconds / len(texts), 1e3 * reference / len(texts)
    cells = [f"{seconds / reference:.3f}", f"{mean_ms:.2f}", f"{1e3 * slowest:.2f}", f"{reference_ms:.2f}"]
    return [*cells, str(len(texts))]


def _run_copydesk(text: str) -> None:
    pipeline.clean(Article(text=text), _OPTIONS)


def measure_growth(sizes: tuple[int, int]) -> Iterator[Row]:
    """Yield the cost of long articles and of the slowest hostile ones, in two sizes.

    The growth is 1 if the cost is linear. The last row has the fastest growth of all hostile kinds.

    Args:
        sizes: the numbers of characters.
    """
    for name, build in _LONG_ARTICLES.items():
        yield _growth_row(name, _time_sizes(build, sizes), sizes)
    times = {name: _time_sizes(build, sizes) for name, build in KINDS.items()}
    for name in sorted(times, key=lambda name: times[name][1], reverse=True)[:_KINDS_SHOWN]:
        yield _growth_row(f"hostile: {name}", times[name], sizes)
    slow = [name for name, (small, _) in times.items() if small >= _MIN_GROWTH_S]
    if slow:
        name = max(slow, key=lambda name: times[name][1] / times[name][0])
        yield _growth_row(f"fastest growth: {name}", times[name], sizes)


def _build_long_article(size: int) -> Article:
    return Article(text=build_long_article(size)["text"])


def _build_long_damaged_article(size: int) -> Article:
    return Article(text=corrupt(build_long_article(size)["text"], (("utf-8", "iso-8859-1"),)) or "")


_LONG_ARTICLES: dict[str, Kind] = {"clean articles": _build_long_article, UTF8_TIER: _build_long_damaged_article}


def _time_sizes(build: Kind, sizes: tuple[int, int]) -> tuple[float, float]:
    small, large = (_time_once(build(size)) for size in sizes)
    return small, large


def _time_once(article: Article) -> float:
    """Return the CPU time with empty caches, and without garbage collection, as `timeit` does.

    The small article has the words of the large one: with filled caches, its cost would be most of both.
    """
    clear_caches()
    gc.disable()
    try:
        return cpu_seconds(partial(pipeline.clean, article, _OPTIONS))
    finally:
        gc.enable()


def _growth_row(name: str, times: tuple[float, float], sizes: tuple[int, int]) -> Row:
    (small, large), (small_size, large_size) = times, sizes
    growth = large / small / (large_size / small_size)
    return name, (f"{1e3 * small:.1f}", f"{1e3 * large:.1f}", f"{growth:.2f}")
