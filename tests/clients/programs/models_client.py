"""Call every operation with httpx and the models that datamodel-code-generator generated; print the results as JSON."""

from __future__ import annotations

import json
import sys

import httpx
from copydesk_models import (
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
from pydantic import BaseModel

PAGE = "<meta charset=windows-1251><p>Кафе закрыто из-за наводнения.</p>".encode("windows-1251")
FEED = b"<rss version='2.0'><channel><item><description>It rains.</description></item></channel></rss>"


def post(client: httpx.Client, path: str, body: BaseModel | bytes, media_type: str = "application/json") -> bytes:
    """Send a model or bytes, and return the response."""
    # Unset fields are not sent: the service has the defaults.
    content = body if isinstance(body, bytes) else body.model_dump_json(exclude_unset=True).encode()
    return client.post(path, content=content, headers={"Content-Type": media_type}).content


def main(url: str, key: str) -> dict[str, object]:
    """Return a result of each operation by its id, and some more."""
    client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"})
    return clean(client) | clean_batches(client) | ask_operations(client) | fail(client, httpx.Client(base_url=url))


def clean(client: httpx.Client) -> dict[str, object]:
    """Clean an article, a page and a text."""
    article = RawArticle(
        title="Envoyâ€™s answer",
        text="Russiaâ€™s  envoy said “no”.",
        authors=["By Anna Bell"],
        published="2024-03-05",
        options=Options(changes=ChangesOption.summary),
    )
    # The article has no `quotes`, so that the query decides.
    cleaned = CleanArticle.model_validate_json(post(client, "/v1/articles?quotes=plain", article))
    assert cleaned.published_precision is DatePrecision.day
    assert cleaned.published_zone is None
    assert cleaned.changes[0].kind == "mojibake"

    path = "/v1/articles?url=https://news.example/a&detect_language=false"
    page = CleanArticle.model_validate_json(post(client, path, PAGE, "text/html"))
    assert page.encoding is not None

    text = CleanText.model_validate_json(post(client, "/v1/text", RawText(text="Russiaâ€™s envoy")))
    return {
        "cleanArticle": [cleaned.title, cleaned.text, cleaned.authors, cleaned.published],
        "page": [page.text, page.encoding.name, page.domain, page.language.tag],
        "cleanText": text.text,
    }


def clean_batches(client: httpx.Client) -> dict[str, object]:
    """Clean a batch with an invalid article, and a feed."""
    # The article has no `quotes`, so that the batch decides.
    article = RawArticle(text="Russiaâ€™s  envoy said “no”.", options=Options(changes=ChangesOption.summary))
    request = BatchRequest(articles=[article, RawArticle(title="no text")], options=Options(quotes=QuotesOption.plain))
    first, second = BatchResponse.model_validate_json(post(client, "/v1/articles/batch", request)).articles
    assert isinstance(first, BatchArticle)
    assert isinstance(second, BatchProblem)
    assert second.problem.errors is not None

    feed = BatchResponse.model_validate_json(post(client, "/v1/articles/batch", FEED, "application/rss+xml"))
    entry = feed.articles[0]
    assert isinstance(entry, BatchArticle)
    return {
        "cleanBatch": [first.article.text, second.index, second.problem.errors[0].pointer],
        "feed": entry.article.text,
    }


def ask_operations(client: httpx.Client) -> dict[str, object]:
    """Ask for the limits, the health, the metrics and the contract."""
    return {
        "getLimits": Limits.model_validate_json(client.get("/v1/limits").content).max_json_depth,
        "getLiveness": Liveness.model_validate_json(client.get("/livez").content).status.value,
        "getReadiness": Readiness.model_validate_json(client.get("/readyz").content).status.value,
        "getMetrics": "copydesk_" in client.get("/metrics").text,
        "getContractAsJson": client.get("/openapi.json").json()["openapi"],
        "getContractAsYaml": client.get("/openapi.yaml").text[:8],
    }


def fail(client: httpx.Client, without_key: httpx.Client) -> dict[str, object]:
    """Send requests that the service rejects."""
    invalid = Problem.model_validate_json(post(client, "/v1/articles", RawArticle(title="no text")))
    assert invalid.errors is not None
    unauthorized = Problem.model_validate_json(post(without_key, "/v1/text", RawText(text="x")))
    return {"invalid": [invalid.type, invalid.errors[0].pointer], "unauthorized": unauthorized.status}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
