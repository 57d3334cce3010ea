"""The wire contract as marshmallow schemas: requests, responses, problems.

Unknown fields are errors, since silent loss is worse. `extra` carries custom data. The package imports nothing of
Copydesk.
"""

from .batch import BatchRequest, BatchResponse
from .clean import CleanArticle, CleanText
from .compiled import compile_serializer
from .fields import MAX_LIST_CHARS, MAX_LIST_ITEMS, MAX_STRING_CHARS
from .options import Options
from .problem import MAX_ERRORS, Problem, pointers
from .raw import PageUrl, QueryUrl, RawArticle, RawText, StrictSchema
from .urls import MAX_URL_CHARS

__all__ = [
    "MAX_ERRORS",
    "MAX_LIST_CHARS",
    "MAX_LIST_ITEMS",
    "MAX_STRING_CHARS",
    "MAX_URL_CHARS",
    "BatchRequest",
    "BatchResponse",
    "CleanArticle",
    "CleanText",
    "Options",
    "PageUrl",
    "Problem",
    "QueryUrl",
    "RawArticle",
    "RawText",
    "StrictSchema",
    "compile_serializer",
    "pointers",
]
