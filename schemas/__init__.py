"""The wire contract as marshmallow schemas: requests, responses, problems.

Unknown fields are errors, since silent loss is worse. `extra` carries custom data. The package imports nothing of
Copydesk.
"""

from .batch import BatchRequest, BatchResponse
from .clean import CleanArticle, CleanText
from .compiled import compile_serializer
from .options import Options
from .problem import MAX_ERRORS, Problem, pointers
from .raw import PageUrl, QueryUrl, RawArticle, RawText, StrictSchema

__all__ = [
    "MAX_ERRORS",
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
