"""A draft: the article on its way over the desk.

All texts of an article lie side by side as revisions, each under its path in the clean article (`title`, `authors/0`,
`extra/caption`), so that a stage treats them alike and every change knows its field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, takewhile

from svc.core.article import Article, Change, Dateline, Edit, Instant, Json, Language, Warn
from svc.core.repair import Suspicion, is_noise
from svc.core.revision import Revision

DATES = ("fetched_at", "published", "modified")
ADDRESSES = ("url", "canonical_url", "image")
DECLARED = "language/declared"

_LINES = ("title", "subtitle", "source", "section")
_LISTS = ("authors", "tags")


@dataclass(frozen=True, slots=True)
class Draft:
    """An article, its texts by path, and what the stages have found out about it.

    Addresses and Unix times are no texts to be repaired: they join `texts` when their stage rewrites them. `noise` says
    that the text came as bytes of something else.
    """

    article: Article
    texts: Mapping[str, Revision]
    shared: frozenset[str] = frozenset()
    dates: Mapping[str, Instant] = field(default_factory=dict)
    language: Language = field(default_factory=Language)
    dateline: Dateline | None = None
    suspected: tuple[Suspicion, ...] = ()
    left_out: tuple[Change, ...] = ()
    warnings: tuple[Warn, ...] = ()
    noise: bool = False

    @classmethod
    def of(cls, article: Article, shared: frozenset[str] = frozenset()) -> Draft:
        """Lay out all texts of a raw article; `shared` are the endings that titles of its site share."""
        texts = {path: Revision(text) for path, text in _texts(article)}
        return cls(article, texts, shared, noise=is_noise(article.text))

    def revise(self, propose: Callable[[str, str], Sequence[Edit]]) -> Draft:
        """Revise every text by what `propose(path, text)` proposes; the same draft when nothing changes."""
        proposed = ((path, was, propose(path, was.text)) for path, was in self.texts.items())
        revised = {path: now for path, was, edits in proposed if edits and (now := was.revise(edits)) is not was}
        return replace(self, texts={**self.texts, **revised}) if revised else self

    def rewrite(self, path: str, text: str | None) -> Draft:
        """Put another text in the place of the one at a path; None takes it out, and with it what was changed in it."""
        raw = getattr(self.article, path, None)
        was = self.texts.get(path) or Revision("" if raw is None else str(raw))
        others = {name: revision for name, revision in self.texts.items() if name != path or text is not None}
        return replace(self, texts=others if text is None else others | {path: was.rewrite(text, "metadata")})

    def relist(self, name: str, items: Iterable[tuple[str, int]]) -> Draft:
        """Put other items in the place of a list's. Of several that one became, the first tells the change.

        Args:
            name: the list (`authors`).
            items: each new item with the index of the old one that it is from.
        """
        was = [self.texts[path] for path in self._paths(name)]
        now: list[Revision] = []
        gone = set(range(len(was)))
        for text, source in items:
            now.append(was[source].rewrite(text, "metadata") if source in gone else Revision(text))
            gone.discard(source)
        if now == was:
            return self
        texts = {path: revision for path, revision in self.texts.items() if not path.startswith(f"{name}/")}
        texts |= {f"{name}/{at}": revision for at, revision in enumerate(now)}
        return replace(
            self, texts=texts, left_out=self.left_out + tuple(self._left_out(name, at) for at in sorted(gone))
        )

    def warn(self, *warnings: Warn) -> Draft:
        """Add warnings."""
        return replace(self, warnings=self.warnings + warnings) if warnings else self

    def text(self, path: str) -> str | None:
        """Return a text as it stands now, or None if the article has none of that path."""
        revision = self.texts.get(path)
        return revision.text if revision else None

    def address(self, name: str) -> str | None:
        """Return an address as it stands now."""
        found: str | None = self.text(name) or getattr(self.article, name)
        return found

    def listed(self, name: str) -> tuple[str, ...]:
        """Return the texts of a list field as they stand now."""
        return tuple(self.texts[path].text for path in self._paths(name))

    def extra(self) -> dict[str, Json]:
        """Return the caller's own object with its strings as they stand now."""
        return {key: self._restored(value, _joined("extra", key)) for key, value in self.article.extra.items()}

    def _paths(self, name: str) -> Iterator[str]:
        return takewhile(self.texts.__contains__, (f"{name}/{at}" for at in count()))

    def _left_out(self, name: str, at: int) -> Change:
        raw: str = getattr(self.article, name)[at]
        plan = (("replace", raw, ""),)
        return Change(
            field=name,
            kind="metadata",
            before=raw,
            after="",
            start=0,
            end=0,
            original_start=0,
            original_end=len(raw),
            plan=plan,
            confidence=1.0,
        )

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
    for name in (*_LINES, *DATES):
        value = getattr(article, name)
        if isinstance(value, str):
            yield name, value
    if article.language is not None:
        yield DECLARED, article.language
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
