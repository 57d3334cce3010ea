"""The desk: a raw article goes over it, stage by stage, and comes out clean.

    Article -> Draft -> repair and tidy, until neither finds more -> dates -> language -> Cleaned

A stage is a plain function from draft and options to draft; `STAGES` lists them in order. Cleaning what is clean
changes nothing: `clean(clean(x)) == clean(x)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from svc.core import language, measure, repair, tidy
from svc.core.article import Article, Cleaned, Edit, Instant, Language, Options, Warn
from svc.core.draft import Draft
from svc.core.metadata import dates
from svc.core.repair import charsets
from svc.core.report import report

Stage = Callable[[Draft, Options], Draft]

# Nested damage takes a round a layer. Nothing seen needs more than a handful; the bound is there for hostile input.
_ROUNDS = 32


def clean(article: Article, options: Options | None = None) -> Cleaned:
    """Clean an article.

    Args:
        article: the raw article; its shape has been checked, its content may be damaged in any way.
        options: what may be done; the default is faithful.

    Returns:
        The clean article, with every change that was made and a warning for all that is left to see to.

    >>> clean(Article(text="Russiaâ€™s  envoy")).text
    'Russia’s envoy'
    """
    options = options or Options()
    draft = Draft.of(article)
    for stage in STAGES:
        draft = stage(draft, options)
    return _finished(draft, options)


def until_stable(*stages: Stage) -> Stage:
    """Make one stage of several that is done when none of them changes the draft any more."""

    def stage(draft: Draft, options: Options) -> Draft:
        for _ in range(_ROUNDS):
            was = draft
            for step in stages:
                draft = step(draft, options)
            if draft is was:
                break
        return draft

    return stage


def _repair(draft: Draft, options: Options) -> Draft:
    texts = {path: revision.text for path, revision in draft.texts.items()}
    found = repair.find(texts, options, charsets.named(draft.article.declared_charset or ""))
    revised = draft.revise(lambda path, _: found.edits.get(path, ()))
    suspected = tuple(found.suspicions)
    return revised if revised.suspected == suspected else replace(revised, suspected=suspected)


def _tidy(draft: Draft, options: Options) -> Draft:
    def propose(path: str, text: str) -> Iterable[Edit]:
        return () if path.startswith("extra/") else tidy.edits(text, options, lines=path == "text")

    return draft.revise(propose)


def _dates(draft: Draft, _: Options) -> Draft:
    found = {name: dates.read(_date_value(draft, name)) for name in ("published", "modified", "fetched_at")}
    return replace(draft, dates=found, warnings=draft.warnings + tuple(_unread(found)))


def _date_value(draft: Draft, name: str) -> str | float | None:
    raw: str | float | None = getattr(draft.article, name)
    return draft.text(name) if isinstance(raw, str) else raw


def _unread(found: dict[str, Instant]) -> Iterator[Warn]:
    for name, instant in found.items():
        if instant.raw is not None:
            yield Warn("date-unread", name, "This date could not be read; it is kept as it came.")


def _language(draft: Draft, options: Options) -> Draft:
    declared = draft.text("language")
    if not options.detect_language:
        return replace(draft, language=Language(declared=declared))
    return replace(draft, language=language.detect(draft.texts["text"].text, declared))


STAGES: tuple[Stage, ...] = (until_stable(until_stable(_repair), _tidy), _dates, _language)


def _finished(draft: Draft, options: Options) -> Cleaned:
    article, text = draft.article, draft.texts["text"].text
    return Cleaned(
        id=article.id,
        url=article.url,
        canonical_url=article.canonical_url,
        title=draft.text("title"),
        subtitle=draft.text("subtitle"),
        text=text,
        paragraphs=measure.paragraphs(text),
        authors=draft.listed("authors"),
        published=draft.dates["published"],
        modified=draft.dates["modified"],
        fetched_at=draft.dates["fetched_at"],
        language=draft.language,
        source=draft.text("source"),
        section=draft.text("section"),
        tags=draft.listed("tags"),
        image=article.image,
        word_count=measure.words(text),
        char_count=len(text),
        content_hash=measure.content_hash(text),
        extra=draft.extra(),
        changes=report(draft.texts, options.changes),
        warnings=draft.warnings + tuple(_remarks(draft)),
    )


def _remarks(draft: Draft) -> Iterator[Warn]:
    declared = draft.article.declared_charset
    if declared and not charsets.named(declared):
        yield Warn("charset-unknown", "declared_charset", f"Nobody knows a charset {declared!r}; it was no help.")
    for suspicion in draft.suspected:
        misread, true = suspicion.pair
        yield Warn(
            "repair-suspected",
            suspicion.path,
            f"{suspicion.example!r} may be {true} read as {misread}; the evidence does not suffice to repair it.",
        )
    if not draft.texts["text"].text:
        yield Warn("text-empty", "text", "There is no text in this article.")
    for path, revision in draft.texts.items():
        lost = revision.text.count("\ufffd")
        if lost:
            yield Warn(
                "characters-lost",
                path,
                f"{lost} × U+FFFD: characters that were lost before or can't be known.",
            )
