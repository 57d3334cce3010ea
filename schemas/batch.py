"""Batches of articles. Each article is validated on its own: an invalid one does not fail the batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from .clean import CleanArticle
from .options import Options
from .problem import Problem
from .raw import RawArticle, StrictSchema


class Articles(fields.List[Any]):
    """A list of items that are validated later, each separately."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        return value if isinstance(value, list) else super()._deserialize(value, attr, data, **more)


class BatchRequest(StrictSchema):
    """Raw articles and their common options. An article's own options take precedence."""

    error_messages = {"type": 'Send `{"articles": […]}`.'}
    hints = dict.fromkeys(("text", "html", "content_base64"), "Send a single article to /v1/articles.")

    articles = Articles(
        fields.Nested(RawArticle),
        required=True,
        error_messages=dict.fromkeys(("required", "null", "invalid"), "Send a list of articles."),
        metadata={
            "description": "The articles. Each is validated on its own: an invalid one does not fail the batch, and "
            "its item in the response has the problem."
        },
    )
    options = fields.Nested(Options, allow_none=True, metadata={"description": "The options for all articles."})


class BatchItem(Schema):
    """The result of one article: the clean article or a problem."""

    index = fields.Integer(
        required=True, strict=True, metadata={"description": "The index of the article in the request, from 0."}
    )
    article = fields.Nested(CleanArticle)
    problem = fields.Nested(Problem)


class BatchResponse(Schema):
    """The result of each article, in the order of the request."""

    articles = fields.List(fields.Nested(BatchItem), required=True)
