"""The desk: a raw article goes over it, stage by stage, and comes out clean.

    Article -> Draft -> repair and tidy, until neither finds more -> metadata, family by family -> Cleaned

A stage is a plain function from draft and options to draft; `STAGES` has them in order, by name. Cleaning what is clean
changes nothing: `clean(clean(x)) == clean(x)`, but that `strip_dateline` takes one off each time, and that metadata
which was rewritten is no evidence any more: a date in Latvian speaks for Latvian letters, `2022-02-02` doesn't.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from svc.core import language, measure, repair, stages
from svc.core.article import Article, Cleaned, Options, Warn
from svc.core.draft import Draft
from svc.core.fingerprint import fingerprint
from svc.core.metadata import urls
from svc.core.metadata.credits import find as find_credits
from svc.core.repair import charsets
from svc.core.report import report
from svc.core.tally import tally

# By the name under which their time is told.
STAGES: Mapping[str, stages.Stage] = {
    "repair": stages.until_stable(stages.until_stable(stages.repaired), stages.tidied),
    "addresses": stages.addressed,
    "title": stages.headlined,
    "boilerplate": stages.until_stable(stages.lined),
    "language": stages.named,
    "dates": stages.dated,
    "dateline": stages.filed,
    "authors": stages.credited,
}

# Is told the name of each stage when it is done, the last one ("report") when the article is clean.
Watch: TypeAlias = Callable[[str], object]

# Touches every table that is read when it is first needed.
_REHEARSAL = Article(
    text="LONDON, Feb 2 (Reuters) - The café by the river is closed.\n\nPhoto: Anna Bell\n\nRead more",
    title="Café closed | The Courier",
    url="https://www.courier.example/2022/02/02/cafe?utm_source=x",
    authors=("By Anna Bell, staff writer, Feb 2",),
    published="3 hours ago",
    modified="2. März 2022",
    fetched_at="2022-02-02T14:05:00Z",
    language="English",
    tags=("cafés, rivers",),
)


def unwatched(_: str) -> None:
    """Stand in for whoever times the stages, where nobody does."""


def clean(
    article: Article,
    options: Options | None = None,
    shared: frozenset[str] = frozenset(),
    watch: Watch = unwatched,
) -> Cleaned:
    """Clean an article.

    Args:
        article: the raw article; its shape has been checked, its content may be damaged in any way.
        options: what may be done; the default is faithful.
        shared: the endings that titles of the same site share (`metadata.titles.shared` finds them in a batch).
        watch: is told of each stage when it is done.

    Returns:
        The clean article, with every change that was made and a warning for all that is left to see to.

    >>> clean(Article(text="Russiaâ€™s  envoy")).text
    'Russia’s envoy'
    """
    options = options or Options()
    draft = Draft.of(article, shared)
    for name, stage in STAGES.items():
        draft = stage(draft, options)
        watch(name)
    cleaned = _finished(draft, options)
    watch("report")
    return cleaned


def warm_up() -> None:
    """Load all tables now (most of a second), so that no request pays for them and forked workers share them."""
    repair.warm_up()
    language.warm_up()
    clean(_REHEARSAL)


def _finished(draft: Draft, options: Options) -> Cleaned:
    article, text = draft.article, draft.texts["text"].text
    url, names = draft.address("url"), draft.listed("authors")
    changed, misread = tally(draft.texts.values(), draft.left_out)
    return Cleaned(
        id=article.id,
        url=url,
        canonical_url=draft.address("canonical_url"),
        domain=urls.domain(url or draft.address("canonical_url") or ""),
        title=draft.text("title"),
        subtitle=draft.text("subtitle"),
        text=text,
        paragraphs=measure.paragraphs(text),
        dateline=draft.dateline,
        credits=find_credits(text) if options.extract_metadata else (),
        authors=names,
        authors_raw=article.authors if names != article.authors else (),
        published=draft.dates["published"],
        modified=draft.dates["modified"],
        fetched_at=draft.dates["fetched_at"],
        language=draft.language,
        source=draft.text("source"),
        section=draft.text("section"),
        tags=draft.listed("tags"),
        image=draft.address("image"),
        word_count=measure.words(text),
        char_count=len(text),
        content_hash=measure.content_hash(text),
        fingerprint=fingerprint(text),
        encoding=article.encoding,
        extra=draft.extra(),
        changes=report(draft.texts, draft.left_out, options.changes),
        warnings=(*article.remarks, *draft.warnings, *_remarks(draft)),
        changed=changed,
        misread=misread,
    )


def _remarks(draft: Draft) -> Iterator[Warn]:
    declared = draft.article.declared_charset
    if declared and not charsets.named(declared):
        yield Warn("charset-unknown", "declared_charset", f"Nobody knows a charset {declared!r}; it was no help.")
    if draft.noise:
        yield Warn("text-noise", "text", "This is no text but bytes of something else; no repair was tried.")
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
