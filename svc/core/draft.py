"""A draft: the article on its way over the desk.

All texts of an article lie side by side as revisions, each under its path in the clean article (`title`, `authors/0`,
`extra/caption`), so that a stage treats them alike and every change knows its field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from svc.core.article import Article, Edit, Instant, Json, Language, Warn
from svc.core.repair import Suspicion
from svc.core.revision import Revision

_LINES = ("title", "subtitle", "source", "section", "language", "published", "modified", "fetched_at")
_LISTS = ("authors", "tags")


@dataclass(frozen=True, slots=True)
class Draft:
    """An article, its texts by path, and what the stages have found out about it."""

    article: Article
    texts: Mapping[str, Revision]
    dates: Mapping[str, Instant] = field(default_factory=dict)
    language: Language = field(default_factory=Language)
    suspected: tuple[Suspicion, ...] = ()
    warnings: tuple[Warn, ...] = ()

    @classmethod
    def of(cls, article: Article) -> Draft:
        """Lay out all texts of a raw article."""
        return cls(article, {path: Revision(text) for path, text in _texts(article)})

    def revise(self, propose: Callable[[str, str], Iterable[Edit]]) -> Draft:
        """Revise every text by what `propose(path, text)` proposes; the same draft when nothing changes."""
        texts = {path: was.revise(propose(path, was.text)) for path, was in self.texts.items()}
        return replace(self, texts=texts) if any(texts[path] is not was for path, was in self.texts.items()) else self

    def text(self, path: str) -> str | None:
        """Return a text as it stands now, or None if the article has none of that path."""
        revision = self.texts.get(path)
        return revision.text if revision else None

    def listed(self, name: str) -> tuple[str, ...]:
        """Return the texts of a list field as they stand now."""
        return tuple(self.texts[f"{name}/{at}"].text for at in range(len(getattr(self.article, name))))

    def extra(self) -> dict[str, Json]:
        """Return the caller's own object with its strings as they stand now."""
        return {key: self._restored(value, _joined("extra", key)) for key, value in self.article.extra.items()}

    def _restored(self, value: Json, path: str) -> Json:
        if isinstance(value, str):
            return self.texts[path].text
        if isinstance(value, list):
            return [self._restored(item, f"{path}/{at}") for at, item in enumerate(value)]
        if isinstance(value, dict):
            return {key: self._restored(item, _joined(path, key)) for key, item in value.items()}
        return value


def _texts(article: Article) -> Iterator[tuple[str, str]]:
    yield "text", article.text
    for name in _LINES:
        value = getattr(article, name)
        if isinstance(value, str):
            yield name, value
    for name in _LISTS:
        for at, value in enumerate(getattr(article, name)):
            yield f"{name}/{at}", value
    for key, value in article.extra.items():
        yield from _strings(value, _joined("extra", key))


def _strings(value: Json, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _strings(item, f"{path}/{at}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, _joined(path, key))


def _joined(path: str, key: str) -> str:
    """Append a key to a path, escaped as in a JSON Pointer (RFC 6901)."""
    return f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
