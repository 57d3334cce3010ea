"""Repair, clean and normalize scraped articles, with a record of every change.

>>> import copydesk
>>> article = copydesk.clean({"title": "Russiaâ€™s envoy", "text": "The envoy arrived."})
>>> article.title
'Russia’s envoy'

The names below are the public API. They are imported when they are first used, so that `import copydesk` is fast and
the client needs none of the tables.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from copydesk.api import Repair, clean, clean_feed, clean_many, clean_page, explain, fix_text, repair
    from copydesk.article import (
        Article,
        ArticleWarning,
        Change,
        ChangeCount,
        CleanArticle,
        Credit,
        Dateline,
        Encoding,
        ExplainedChange,
        Instant,
        Language,
        Options,
    )
    from copydesk.changes.plan import replay
    from copydesk.client import (
        AsyncClient,
        BatchLimits,
        CleanResult,
        Client,
        FailedResult,
        Progress,
        Result,
        RetryPolicy,
    )
    from copydesk.errors import (
        ClientError,
        CopydeskError,
        InternalError,
        InvalidResponse,
        LimitExceeded,
        MalformedJSON,
        MissingDependency,
        ProblemError,
        ProcessingTimeout,
        RequestRejected,
        ServiceUnavailable,
        SettingsError,
        UnreadableContent,
        ValidationFailed,
    )
    from copydesk.records import map_record

__version__ = "0.2.0"

__all__ = [
    "Article",
    "ArticleWarning",
    "AsyncClient",
    "BatchLimits",
    "Change",
    "ChangeCount",
    "CleanArticle",
    "CleanResult",
    "Client",
    "ClientError",
    "CopydeskError",
    "Credit",
    "Dateline",
    "Encoding",
    "ExplainedChange",
    "FailedResult",
    "Instant",
    "InternalError",
    "InvalidResponse",
    "Language",
    "LimitExceeded",
    "MalformedJSON",
    "MissingDependency",
    "Options",
    "ProblemError",
    "ProcessingTimeout",
    "Progress",
    "Repair",
    "RequestRejected",
    "Result",
    "RetryPolicy",
    "ServiceUnavailable",
    "SettingsError",
    "UnreadableContent",
    "ValidationFailed",
    "__version__",
    "clean",
    "clean_feed",
    "clean_many",
    "clean_page",
    "explain",
    "fix_text",
    "map_record",
    "repair",
    "replay",
]

_MODULES: Final = {
    "copydesk.api": "Repair clean clean_feed clean_many clean_page explain fix_text repair",
    "copydesk.article": (
        "Article ArticleWarning Change ChangeCount CleanArticle Credit Dateline Encoding ExplainedChange Instant "
        "Language Options"
    ),
    "copydesk.changes.plan": "replay",
    "copydesk.client": "AsyncClient BatchLimits CleanResult Client FailedResult Progress Result RetryPolicy",
    "copydesk.errors": (
        "ClientError CopydeskError InternalError InvalidResponse LimitExceeded MalformedJSON MissingDependency "
        "ProblemError ProcessingTimeout RequestRejected ServiceUnavailable SettingsError UnreadableContent "
        "ValidationFailed"
    ),
    "copydesk.records": "map_record",
}
_MODULE_OF: Final = {name: module for module, names in _MODULES.items() for name in names.split()}


if not TYPE_CHECKING:  # so that a type checker reports a misspelled name

    def __getattr__(name: str) -> Any:
        """Import a public name when it is first used (PEP 562)."""
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_MODULE_OF[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
