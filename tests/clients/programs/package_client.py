"""Call every operation with the package that openapi-python-client generated; print the results as JSON."""

from __future__ import annotations

import json
import sys
from io import BytesIO

from copydesk_package import AuthenticatedClient, Client
from copydesk_package.api.articles import clean_article, clean_batch
from copydesk_package.api.operations import (
    get_contract_as_json,
    get_contract_as_yaml,
    get_limits,
    get_liveness,
    get_metrics,
    get_readiness,
)
from copydesk_package.api.text import clean_text
from copydesk_package.models import (
    BatchArticle,
    BatchProblem,
    BatchRequest,
    BatchResponse,
    ChangesOption,
    CleanArticle,
    CleanText,
    DatePrecision,
    Limits,
    Liveness,
    Options,
    Problem,
    QuotesOption,
    RawArticle,
    RawText,
    Readiness,
)
from copydesk_package.types import File

PAGE = "<meta charset=windows-1251><p>Кафе закрыто из-за наводнения.</p>".encode("windows-1251")
FEED = b"<rss version='2.0'><channel><item><description>It rains.</description></item></channel></rss>"


def main(url: str, key: str) -> dict[str, object]:
    """Return a result of each operation by its id, and some more."""
    client = AuthenticatedClient(base_url=url, token=key)
    return clean(client) | clean_batches(client) | ask_operations(client) | fail(client, Client(base_url=url))


def clean(client: AuthenticatedClient) -> dict[str, object]:
    """Clean an article, a page and a text."""
    article = RawArticle(
        title="Envoyâ€™s answer",
        text="Russiaâ€™s  envoy said “no”.",
        authors=["By Anna Bell"],
        published="2024-03-05",
        options=Options(changes=ChangesOption.SUMMARY),
    )
    # The article has no `quotes`, so that the query decides.
    cleaned = clean_article.sync(client=client, body=article, quotes=QuotesOption.PLAIN)
    assert isinstance(cleaned, CleanArticle)
    assert cleaned.published_precision is DatePrecision.DAY
    assert cleaned.published_zone is None
    assert cleaned.changes[0].kind == "mojibake"

    body = File(payload=BytesIO(PAGE))
    page = clean_article.sync(client=client, body=body, url_query="https://news.example/a", detect_language=False)
    assert isinstance(page, CleanArticle)
    assert page.encoding is not None

    text = clean_text.sync(client=client, body=RawText(text="Russiaâ€™s envoy"))
    assert isinstance(text, CleanText)
    return {
        "cleanArticle": [cleaned.title, cleaned.text, cleaned.authors, cleaned.published],
        "page": [page.text, page.encoding.name, page.domain, page.language.tag],
        "cleanText": text.text,
    }


def clean_batches(client: AuthenticatedClient) -> dict[str, object]:
    """Clean a batch with an invalid article, and a feed."""
    # The article has no `quotes`, so that the batch decides.
    article = RawArticle(text="Russiaâ€™s  envoy said “no”.", options=Options(changes=ChangesOption.SUMMARY))
    request = BatchRequest(articles=[article, RawArticle(title="no text")], options=Options(quotes=QuotesOption.PLAIN))
    batch = clean_batch.sync(client=client, body=request)
    assert isinstance(batch, BatchResponse)
    first, second = batch.articles
    assert isinstance(first, BatchArticle)
    assert isinstance(second, BatchProblem)
    assert isinstance(second.problem.errors, list)

    feed = clean_batch.sync(client=client, body=File(payload=BytesIO(FEED)))
    assert isinstance(feed, BatchResponse)
    entry = feed.articles[0]
    assert isinstance(entry, BatchArticle)
    return {
        "cleanBatch": [first.article.text, second.index, second.problem.errors[0].pointer],
        "feed": entry.article.text,
    }


def ask_operations(client: AuthenticatedClient) -> dict[str, object]:
    """Ask for the limits, the health, the metrics and the contract."""
    limits = get_limits.sync(client=client)
    liveness = get_liveness.sync(client=client)
    readiness = get_readiness.sync(client=client)
    metrics = get_metrics.sync(client=client)
    contract = get_contract_as_json.sync(client=client)
    assert isinstance(limits, Limits)
    assert isinstance(liveness, Liveness)
    assert isinstance(readiness, Readiness)
    assert isinstance(metrics, str)
    assert contract is not None
    return {
        "getLimits": limits.max_json_depth,
        "getLiveness": liveness.status.value,
        "getReadiness": readiness.status.value,
        "getMetrics": "copydesk_" in metrics,
        "getContractAsJson": contract["openapi"],
        "getContractAsYaml": get_contract_as_yaml.sync_detailed(client=client).content[:8].decode(),
    }


def fail(client: AuthenticatedClient, without_key: Client) -> dict[str, object]:
    """Send requests that the service rejects."""
    invalid = clean_article.sync(client=client, body=RawArticle(title="no text"))
    assert isinstance(invalid, Problem)
    assert isinstance(invalid.errors, list)
    unauthorized = clean_text.sync(client=without_key, body=RawText(text="x"))
    assert isinstance(unauthorized, Problem)
    return {"invalid": [invalid.type_, invalid.errors[0].pointer], "unauthorized": unauthorized.status}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
