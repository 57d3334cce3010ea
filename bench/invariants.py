"""That speed costs nothing: the screens change no answer, and languages are named no worse than by langdetect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from unittest.mock import patch

from bench import language
from bench import workload as mix
from bench.corruption import Chain
from bench.measurement import Figure
from bench.timing import forget
from copydesk import normalize
from copydesk import pipeline as desk
from copydesk.article import Article
from copydesk.repairs import surrogates, weight

_CHAINS: tuple[Chain, ...] = (
    (),
    (("utf-8", "windows-1252"),),
    (("utf-8", "windows-1251"),),
    (("utf-8", "iso-8859-1"), ("utf-8", "iso-8859-1")),
    (("windows-1251", "iso-8859-1"),),
    (("windows-1250", "windows-1252"),),
)


def screens() -> Figure:
    """Count the articles that come out otherwise with every screen open, so that nothing is spared its search."""
    articles = list(_spoilt())
    screened = list(map(desk.clean, articles))
    forget()
    with ExitStack() as opened:
        opened.enter_context(patch.object(normalize, "is_printable", lambda _: False))
        opened.enter_context(patch.object(surrogates, "_is_encodable", lambda _: False))
        opened.enter_context(patch.object(weight, "_as_plain", lambda _: None))
        searched = list(map(desk.clean, articles))
    forget()
    changed = sum(one != other for one, other in zip(screened, searched, strict=True))
    return Figure(f"of {len(articles):,} articles, damaged and not, changed by a screen", changed, 0)


def _spoilt() -> Iterator[Article]:
    for raw in mix.clean():
        for ways in _CHAINS:
            spoilt = mix.spoilt(raw, ways)
            if spoilt != raw or not ways:
                yield mix.arrived(spoilt)


def languages() -> Iterator[Figure]:
    """Count the texts of the corpus whose likeliest language is wrong, beside those of langdetect, by length."""
    for length, by_tag in language.texts(None).items():
        cases = [(tag, text) for tag, found in by_tag.items() if language.profiled(tag) for text in found]
        ours, theirs = (
            sum(not language.same(tag, name(text)) for tag, text in cases)
            for name in (language.best_language, language.by_langdetect)
        )
        yield Figure(
            f"languages named wrong of {len(cases)} ({length}) beside langdetect's {theirs} ×", ours / max(theirs, 1), 1
        )
