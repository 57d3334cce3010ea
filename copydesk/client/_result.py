"""The input and the result of one article, and the progress of many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from copydesk.typed_dicts import CleanArticleDict, ProblemDict, RawArticleDict

RawArticle: TypeAlias = str | RawArticleDict | Mapping[str, Any]
"""A raw article: its text, or the fields that `POST /v1/articles` accepts.

Dates may be `date` and `datetime`; `html` and `text` may be bytes in any charset.
"""

Fields: TypeAlias = Mapping[str, str]
"""The path of each field in records of other tools."""

KeyedArticle: TypeAlias = RawArticle | tuple[Any, RawArticle]
"""A raw article, or the caller's key and the raw article."""


@dataclass(frozen=True, slots=True)
class CleanResult:
    """The result of an article that was cleaned.

    Attributes:
        key: the caller's key, or the index of the article.
        article: the clean article.
        problem: None.
    """

    key: Any
    article: CleanArticleDict
    problem: None = None


@dataclass(frozen=True, slots=True)
class FailedResult:
    """The result of an article that could not be cleaned.

    Attributes:
        key: the caller's key, or the index of the article.
        problem: the problem.
        article: None.
    """

    key: Any
    problem: ProblemDict
    article: None = None


Result: TypeAlias = CleanResult | FailedResult
"""The result of one article. For a type checker, a result without an article has a problem."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of `clean_many`.

    Attributes:
        clean: the number of articles that were cleaned.
        failed: the number of articles with a problem.
        total: the number of articles, if the length of the iterable is known.
    """

    clean: int
    failed: int
    total: int | None = None

    @property
    def done(self) -> int:
        """The number of articles with a result."""
        return self.clean + self.failed

    def add(self, results: Iterable[Result]) -> Progress:
        """Return the progress after more results."""
        are_clean = [result.article is not None for result in results]
        clean = sum(are_clean)
        return Progress(self.clean + clean, self.failed + len(are_clean) - clean, self.total)


OnProgress: TypeAlias = Callable[[Progress], object]
