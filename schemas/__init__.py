"""What may come in and what goes out, as marshmallow schemas. Imports nothing from svc.

Loading refuses unknown fields by name: silent loss is the worst answer. `extra` is the place for what callers want
carried along.
"""

from schemas.batch import BatchAnswer, BatchRequest
from schemas.clean import CleanArticle, CleanText
from schemas.options import Options
from schemas.problem import MOST_ERRORS, Problem, pointers
from schemas.quick import writer
from schemas.raw import PageAddress, QueriedAddress, RawArticle, RawText, Refusing

__all__ = [
    "MOST_ERRORS",
    "BatchAnswer",
    "BatchRequest",
    "CleanArticle",
    "CleanText",
    "Options",
    "PageAddress",
    "Problem",
    "QueriedAddress",
    "RawArticle",
    "RawText",
    "Refusing",
    "pointers",
    "writer",
]
