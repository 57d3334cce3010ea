"""The input and the result of one article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from copydesk.typed_dicts import CleanArticleDict, ProblemDict, RawArticleDict

RawArticle: TypeAlias = str | RawArticleDict | Mapping[str, Any]
"""A raw article: its text, or the fields that `POST /v1/articles` accepts. Dates may be `date` and `datetime`."""

KeyedArticle: TypeAlias = RawArticle | tuple[Any, RawArticle]
"""A raw article, or the caller's key and the raw article."""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one article.

    Attributes:
        key: the caller's key, or the index of the article.
        article: the clean article, or None.
        problem: the problem, or None.
    """

    key: Any
    article: CleanArticleDict | None = None
    problem: ProblemDict | None = None
