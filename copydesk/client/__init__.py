"""An HTTP client for the Copydesk service, synchronous and asynchronous.

    with Client("http://127.0.0.1:8000") as client:
        for result in client.clean_many(articles):
            store(result.key, result.article or result.problem)

Failed requests are retried: see `Client` and `RetryPolicy`.
"""

from copydesk.client._batching import BatchLimits
from copydesk.client._result import CleanResult, FailedResult, Progress, Result
from copydesk.client._retry import RetryPolicy
from copydesk.client.aio import AsyncClient
from copydesk.client.sync import Client
from copydesk.errors import ClientError, InvalidResponse, RequestRejected, ServiceUnavailable

__all__ = [
    "AsyncClient",
    "BatchLimits",
    "CleanResult",
    "Client",
    "ClientError",
    "FailedResult",
    "InvalidResponse",
    "Progress",
    "RequestRejected",
    "Result",
    "RetryPolicy",
    "ServiceUnavailable",
]
