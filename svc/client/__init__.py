"""A client for pipelines: one article, a text, or millions of articles, each with its answer or its problem.

    with Client("http://127.0.0.1:8000") as desk:
        for result in desk.clean_many(articles):
            store(result.key, result.article or result.problem)

It imports httpx and nothing of what the service needs: `pip install 'copydesk[client]'`.
"""

from svc.client.aio import AsyncClient
from svc.client.batches import Sizes
from svc.client.errors import Broken, CopydeskError, Refused, Unavailable
from svc.client.results import CleanArticle, CleanText, Problem, Result
from svc.client.retry import Retry
from svc.client.sync import Client

__all__ = [
    "AsyncClient",
    "Broken",
    "CleanArticle",
    "CleanText",
    "Client",
    "CopydeskError",
    "Problem",
    "Refused",
    "Result",
    "Retry",
    "Sizes",
    "Unavailable",
]
