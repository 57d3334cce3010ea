"""Many articles at once: each is checked on its own, so that a bad one never costs its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from schemas.clean import CleanArticle
from schemas.options import Options
from schemas.problem import Problem
from schemas.raw import Refusing


class Articles(fields.List[Any]):
    """A list whose items are checked later, each on its own; nothing is done for any of them here."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        return value if isinstance(value, list) else super()._deserialize(value, attr, data, **more)


class BatchRequest(Refusing):
    """Raw articles, and the options for all of them; an article's own options win."""

    hints = dict.fromkeys(("text", "html", "content_base64"), "A single article goes to /v1/articles.")

    articles = Articles(
        fields.Raw(
            allow_none=True,
            metadata={"description": "A raw article. What is wrong with one is told in its place in the answer."},
        ),
        required=True,
        error_messages=dict.fromkeys(("required", "null", "invalid"), "Send a list of articles."),
        metadata={"description": "The articles."},
    )
    options = fields.Nested(Options, allow_none=True, metadata={"description": "What to do, for all articles."})


class BatchItem(Schema):
    """What became of one article: the clean article, or the problem with it."""

    index = fields.Integer(required=True, strict=True, metadata={"description": "Its place in what was sent, from 0."})
    article = fields.Nested(CleanArticle)
    problem = fields.Nested(Problem)


class BatchAnswer(Schema):
    """What became of each article, in the order they were sent."""

    articles = fields.List(fields.Nested(BatchItem), required=True)
