"""The working document of the pipeline.

All texts of an article are revisions by their path in the clean article (`title`, `authors/0`, `extra/caption`). So a
stage treats them alike, and every change has its field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, takewhile
from typing import Any

from copydesk.article import Article, ArticleWarning, Change, Dateline, Edit, Instant, Json, Language
from copydesk.changes.revision import Revision
from copydesk.repairs import Suspicion, is_binary

DATE_FIELDS = ("fetched_at", "published", "modified")
URL_FIELDS = ("url", "canonical_url", "image")
DECLARED_LANGUAGE = "language/declared"

LINE_FIELDS = ("title", "subtitle", "source", "section")
LIST_FIELDS = ("authors", "tags")
_NO_EVIDENCE = frozenset((*DATE_FIELDS, *URL_FIELDS, DECLARED_LANGUAGE))
_NO_DATES = dict.fromkeys(DATE_FIELDS, Instant())


@dataclass(frozen=True, slots=True)
class Document:
    """An article, its texts by path, and the results of the stages.

    Attributes:
        article: the raw article.
        texts: the texts by path. URLs and Unix times are not repaired; they join when their stage rewrites them.
        title_suffixes: the folded suffixes that titles of the site share.
        dates: the parsed dates by field.
        language: the language.
        dateline: the dateline.
        suspicions: damage that was found and not repaired.
        is_suspicious: whether words of the texts are suspicious.
        is_undecided: whether repairs were considered and not made.
        removed: the changes that removed items from lists.
        warnings: the warnings.
        is_binary: whether the text is binary data instead of text.
        searches: the number of searches for charsets in the current repair.
        repaired_texts: the texts after the first repair.
        reads_html: whether a text that becomes HTML is read as HTML.
    """

    article: Article
    texts: Mapping[str, Revision]
    title_suffixes: frozenset[str] = frozenset()
    dates: Mapping[str, Instant] = field(default_factory=_NO_DATES.copy)
    language: Language = field(default_factory=Language)
    dateline: Dateline | None = None
    suspicions: tuple[Suspicion, ...] = ()
    is_suspicious: bool = False
    is_undecided: bool = False
    removed: tuple[Change, ...] = ()
    warnings: tuple[ArticleWarning, ...] = ()
    is_binary: bool = False
    searches: int = 0
    repaired_texts: Mapping[str, Revision] = field(default_factory=dict)
    reads_html: bool = False

    @classmethod
    def from_article(
        cls, article: Article, title_suffixes: frozenset[str] = frozenset(), *, reads_html: bool = False
    ) -> Document:
        """Create a document from a raw article."""
        texts = {path: Revision(text) for path, text in _texts(article)}
        return cls(article, texts, title_suffixes, is_binary=is_binary(article.text), reads_html=reads_html)

    def revise(self, propose: Callable[[str, str], Sequence[Edit]]) -> Document:
        """Apply the edits of `propose(path, text)` to every text. Returns this document if nothing changes."""
        proposed = ((path, old, propose(path, old.text)) for path, old in self.texts.items())
        revised = {path: new for path, old, edits in proposed if edits and (new := old.revise(edits)) is not old}
        return replace(self, texts={**self.texts, **revised}) if revised else self

    def revise_text(self, edits: Sequence[Edit]) -> Document:
        """Apply edits to the text of the article. Returns this document if nothing changes."""
        old = self.texts["text"]
        new = old.revise(edits)
        return self if new is old else replace(self, texts={**self.texts, "text": new})

    def rewrite(self, path: str, text: str | None) -> Document:
        """Replace the text at a path; None removes it, with its changes."""
        if self.text(path) == text:
            return self
        raw = getattr(self.article, path, None)
        old = self.texts.get(path) or Revision("" if raw is None else str(raw))
        if text is None:
            return replace(self, texts={name: old for name, old in self.texts.items() if name != path})
        return replace(self, texts={**self.texts, path: old.rewrite(text, "metadata")})

    def replace_items(self, name: str, items: Iterable[tuple[str, int]]) -> Document:
        """Replace the items of a list. If one item becomes several, the first has the change.

        Args:
            name: the list (`authors`).
            items: each new item with the index of its old item.
        """
        old = [self.texts[path] for path in self._paths(name)]
        new: list[Revision] = []
        unused = set(range(len(old)))
        for text, source in items:
            new.append(old[source].rewrite(text, "metadata") if source in unused else Revision(text))
            unused.discard(source)
        if new == old:
            return self
        texts = {path: revision for path, revision in self.texts.items() if not path.startswith(f"{name}/")}
        texts |= {f"{name}/{index}": revision for index, revision in enumerate(new)}
        removals = tuple(_removal(name, old[index]) for index in sorted(unused))
        return replace(self, texts=texts, removed=self.removed + removals)

    def judge(self, suspicions: tuple[Suspicion, ...], is_suspicious: bool, is_undecided: bool) -> Document:  # noqa: FBT001  as in the fields
        """Set what the repair left. Returns this document if nothing changes."""
        if (self.suspicions, self.is_suspicious, self.is_undecided) == (suspicions, is_suspicious, is_undecided):
            return self
        return replace(self, suspicions=suspicions, is_suspicious=is_suspicious, is_undecided=is_undecided)

    def needs_second_repair(self) -> bool:
        """Return whether clean metadata may lead to other repairs: less evidence, or tags in a list."""
        if all(self.text(path) == old.text for path, old in self.repaired_texts.items() if path not in _NO_EVIDENCE):
            return False
        if self.is_undecided or any("<" in text or "&" in text for name in LIST_FIELDS for text in self.values(name)):
            return True
        is_shorter = self.removed or any(span.kind == "boilerplate" for span in self.texts["text"].spans)
        return self.is_suspicious and bool(is_shorter)

    def warn(self, *warnings: ArticleWarning) -> Document:
        """Add warnings, each once, and not those that the article has."""
        existing = (*self.article.warnings, *self.warnings)
        new = tuple(warning for warning in warnings if warning not in existing)
        return replace(self, warnings=self.warnings + new) if new else self

    def char_count(self) -> int:
        """Return the number of characters of all texts."""
        return sum(len(revision.text) for revision in self.texts.values())

    def text(self, path: str) -> str | None:
        """Return the current text at a path, or None."""
        revision = self.texts.get(path)
        return revision.text if revision else None

    def line(self, name: str) -> str | None:
        """Return the current text of a field of one line; None if it is blank, as in a raw article."""
        text = self.text(name)
        return text if text and not text.isspace() else None

    def url(self, name: str) -> str | None:
        """Return the current URL of a field, or None."""
        url: str | None = self.text(name) or getattr(self.article, name)
        return url

    def without_url(self, name: str) -> Document:
        """Remove a URL."""
        texts = {path: revision for path, revision in self.texts.items() if path != name}
        removed: dict[str, Any] = {name: None}
        return replace(self, article=replace(self.article, **removed), texts=texts)

    def values(self, name: str) -> tuple[str, ...]:
        """Return the current items of a list."""
        return tuple(self.texts[path].text for path in self._paths(name))

    def extra(self) -> dict[str, Json]:
        """Return `extra` with its current strings."""
        return {key: self._current(value, join_path("extra", key)) for key, value in self.article.extra.items()}

    def _paths(self, name: str) -> Iterator[str]:
        return takewhile(self.texts.__contains__, (f"{name}/{index}" for index in count()))

    def _current(self, value: Json, path: str) -> Json:
        if isinstance(value, str):
            return self.texts[path].text
        if isinstance(value, list):
            return [self._current(item, f"{path}/{index}") for index, item in enumerate(value)]
        if isinstance(value, dict):
            return {key: self._current(item, join_path(path, key)) for key, item in value.items()}
        return value


def _removal(name: str, item: Revision) -> Change:
    raw = item.original()
    return Change(
        field=name,
        kind="metadata",
        before=raw,
        after="",
        start=0,
        end=0,
        original_start=0,
        original_end=len(raw),
        plan=(("replace", raw, ""),),
        confidence=1.0,
    )


def _texts(article: Article) -> Iterator[tuple[str, str]]:
    yield "text", article.text
    for name in (*LINE_FIELDS, *DATE_FIELDS):
        value = getattr(article, name)
        if isinstance(value, str):
            yield name, value
    if article.language is not None:
        yield DECLARED_LANGUAGE, article.language
    for name in LIST_FIELDS:
        for index, value in enumerate(getattr(article, name)):
            yield f"{name}/{index}", value
    yield from _extra_texts(article)


def extra_strings(article: Article) -> Iterator[str]:
    """Yield the strings of `extra`."""
    return (text for _, text in _extra_texts(article))


def _extra_texts(article: Article) -> Iterator[tuple[str, str]]:
    for key, value in article.extra.items():
        yield from _strings(value, join_path("extra", key))


def _strings(value: Json, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, f"{path}/{index}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, join_path(path, key))


def join_path(path: str, key: str) -> str:
    """Append a key to a path, escaped as in a JSON Pointer (RFC 6901)."""
    return f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
