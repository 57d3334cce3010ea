"""The stages of the desk: plain functions from draft and options to draft, each between a draft and one family.

What a family knows stands in its own module and knows nothing of drafts; how it is told stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from svc.core import language, repair, tidy
from svc.core.article import Edit, Instant, Language, Options, Warn
from svc.core.draft import ADDRESSES, DATES, DECLARED, Draft
from svc.core.metadata import authors, datelines, dates, languages, tags, titles, urls
from svc.core.repair import charsets
from svc.core.tidy import boilerplate, repeats

Stage = Callable[[Draft, Options], Draft]

# Whose capital of ı is I.
_DOTLESS = frozenset({"tr", "az"})
# A few words may be named right or wrong; only what is nearly sure speaks against what is declared.
_SURE = 0.9
# Nested damage takes a round a layer. Nothing seen needs more than a handful; the bound is there for hostile input.
_ROUNDS = 32


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


def repaired(draft: Draft, options: Options) -> Draft:
    """Repair broken encoding in all texts at once: what the long field proves settles the short one."""
    texts = {path: revision.text for path, revision in draft.texts.items()}
    if draft.noise:
        options = replace(options, repair="off")
    found = repair.find(texts, options, charsets.named(draft.article.declared_charset or ""))
    revised = draft.revise(lambda path, _: found.edits.get(path, ())) if found.edits else draft
    suspected = tuple(found.suspicions)
    return revised if revised.suspected == suspected else replace(revised, suspected=suspected)


def tidied(draft: Draft, options: Options) -> Draft:
    """Tidy all texts but the caller's own."""

    def propose(path: str, text: str) -> Sequence[Edit]:
        return () if path.startswith("extra/") else tidy.edits(text, options, lines=path == "text")

    return draft.revise(propose)


def addressed(draft: Draft, options: Options) -> Draft:
    """Normalise the addresses, the picture's against the page's."""
    if not options.extract_metadata:
        return draft
    base = draft.article.url or draft.article.canonical_url
    for name in ADDRESSES:
        raw = getattr(draft.article, name)
        found = raw and urls.resolve(raw, base)
        if found and found != raw:
            draft = draft.rewrite(name, found)
        elif raw and not found:
            draft = draft.warn(Warn("address-unread", name, "This is no address; it is kept as it came."))
    url, canonical = draft.address("url"), draft.address("canonical_url")
    reason = url and canonical and urls.disagreement(canonical, url)
    return draft.warn(Warn("canonical-disagrees", "canonical_url", reason)) if reason else draft


def headlined(draft: Draft, options: Options) -> Draft:
    """Cut the site's name off the title, and endings that other titles of the site share."""
    title = draft.text("title")
    if not title or not options.extract_metadata:
        return draft
    shared = draft.shared
    # They were counted as they came; this one may have been repaired since.
    if shared and titles.tail(draft.article.title or "") in shared:
        shared |= {titles.tail(title) or ""}
    site = titles.Site(draft.text("source"), draft.address("url") or draft.address("canonical_url"))
    return draft.rewrite("title", titles.cut(title, site, shared))


def lined(draft: Draft, options: Options) -> Draft:
    """Remove lines that are no part of the article, and paragraphs that say again what was said."""
    if options.boilerplate == "keep":
        return draft
    title = draft.text("title")
    return _in_text(_in_text(draft, boilerplate.edits), lambda text: repeats.edits(text, title))


def _in_text(draft: Draft, propose: Callable[[str], Iterable[Edit]]) -> Draft:
    return draft.revise(lambda path, text: list(propose(text)) if path == "text" else ())


def named(draft: Draft, options: Options) -> Draft:
    """Name the language of the text, and give what was declared its tag."""
    raw = draft.text(DECLARED)
    declared = languages.normalise(raw) if raw else None
    if raw:
        draft = draft.rewrite(DECLARED, declared)
    if raw and not declared:
        draft = draft.warn(Warn("language-unknown", DECLARED, "Nobody knows a language of this name."))
    found = language.detect(draft.texts["text"].text) if options.detect_language else Language()
    if declared and found.confidence >= _SURE and _contradicts(found.tag, declared):
        detail = f"The text is in {found.tag}; {declared} is declared."
        draft = draft.warn(Warn("language-disagrees", DECLARED, detail))
    return replace(draft, language=replace(found, declared=declared, raw=None if declared else draft.article.language))


def _contradicts(found: str, declared: str) -> bool:
    """Tell whether the text is in another language than declared; of one that detection doesn't know nobody can."""
    return _is_nameable(declared) and not languages.agree(found, declared)


@lru_cache(1 << 8)
def _is_nameable(declared: str) -> bool:
    return any(languages.agree(known, declared) for known in language.known())


def dated(draft: Draft, options: Options) -> Draft:
    """Read the dates, that of the fetching first: it bounds the others."""
    hints = _hints(draft, options)
    found: dict[str, Instant] = {}
    for name in DATES:
        raw = getattr(draft.article, name)
        sent = draft.text(name) if isinstance(raw, str) else raw
        read = dates.read(sent, hints, latest=name == "modified")
        found[name] = replace(read, raw=None if raw is None or read.value == raw else str(raw))
        if sent is not None:
            draft = draft.rewrite(name, read.value)
        if name == "fetched_at":
            hints = replace(hints, fetched_at=read.value)
    return replace(draft, dates=found).warn(*_doubts(found))


def _tag(draft: Draft) -> str | None:
    """Return the tag of the language that the text is in, or else of the one declared."""
    return draft.language.tag if draft.language.tag != "und" else draft.language.declared


def _primary(draft: Draft) -> str:
    return (_tag(draft) or "").partition("-")[0]


def _hints(draft: Draft, options: Options) -> dates.Hints:
    known = draft.language
    region = languages.region(known.declared) if known.declared else None
    url = draft.address("url") or draft.address("canonical_url")
    return dates.Hints(
        order=None if options.date_order == "auto" else options.date_order,
        language=_tag(draft),
        country=region or (urls.country(url) if url else None),
        url_day=urls.day(url) if url else None,
    )


def _doubts(found: dict[str, Instant]) -> Iterator[Warn]:
    for name, instant in found.items():
        if instant.raw is not None and instant.value is None:
            yield Warn("date-unread", name, "This date could not be read; it is kept as it came.")
        if instant.ambiguous:
            yield Warn("date-ambiguous", name, "This could be another day, or in another month; nothing tells which.")


def filed(draft: Draft, options: Options) -> Draft:
    """Find the dateline, and remove it where that is asked for and it is beyond doubt."""
    if not options.extract_metadata:
        return draft
    text = draft.texts["text"].text
    known = draft.dates["published"].value or draft.dates["fetched_at"].value
    found = datelines.find(text, known)
    if not found:
        return draft
    draft = replace(draft, dateline=found)
    if not options.strip_dateline or found.confidence < datelines.HIGH:
        return draft
    cut = text[found.start : found.end]
    edit = Edit(found.start, found.end, "", "metadata", (("replace", cut, ""),))
    return _in_text(draft, lambda _: (edit,))


def credited(draft: Draft, options: Options) -> Draft:
    """Make a list of names of the authors, and of tags of the keywords."""
    if not options.extract_metadata:
        return draft
    names = authors.read(draft.listed("authors"), turkish=_primary(draft) in _DOTLESS)
    draft = draft.relist("authors", [(name.text, name.source) for name in names])
    return draft.relist("tags", [(tag.text, tag.source) for tag in tags.read(draft.listed("tags"))])
