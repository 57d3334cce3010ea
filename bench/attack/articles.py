"""Attacks by content: articles that cost CPU, escaped markup, hostile URLs."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bench.attack.target import Check, Target, at_most, attacked, equals, post, send
from bench.processes import cpu_time, service_pids
from copydesk import contract
from tests.helpers.hostile import KINDS, Kind

_MAX_CPU_S, _MAX_EXPONENT = 2.0, 1.15
# All kinds are cleaned at the first size; the most expensive ones at the second, or the largest that is accepted.
_FIRST_SIZE, _SIZES = 250_000, (1_000_000, 900_000, 100_000, 20_000, 10_000)
_EXPENSIVE = 12

_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
# Escaped once, this is the markup of a feed.
_MARKUP = (
    "<p>It rains.</p>",
    "<p>It rains.</p>\n<p>It pours.</p>",
    "<script>alert(1)</script>",
    "<p>It rains.</p><script>alert(1)</script>",
    "<b>\n</b>",
    "<div class='a'>It rains.<br>It pours.</div>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src='https://x.example/'></iframe>",
    "<a href='javascript:alert(1)'>It rains.</a>",
)
# Texts that may not change when they are cleaned again.
_PROSE = (
    "Use &lt;b&gt; for bold.",
    "If a &lt; b and b &gt; c, then stop.",
    "&amp;lt;p&amp;gt;It rains.&amp;lt;/p&amp;gt;",
    "&lt;b&gt;\n</b>",
    "Write &lt;p&gt; and &lt;/p&gt; around a paragraph.",
)
_STORY = "<p>The ferry stopped at the old bridge on Tuesday, and all passengers went ashore.</p>" * 3
_URLS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " java\tscript:alert(1)",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://x.example/1",
    "ftp://x.example/a.png",
    "about:blank",
    "view-source:https://x.example/",
    "intent://x.example#Intent;end",
)
_PAGES = {
    "canonical_url": (
        '<link rel="canonical" href="{}">',
        '<meta property="og:url" content="{}">',
        '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Rain","url":"{}"}}</script>',
        '<script type="application/ld+json">{{"@type":"NewsArticle","mainEntityOfPage":"{}"}}</script>',
    ),
    "image": (
        '<meta property="og:image" content="{}">',
        '<meta name="twitter:image" content="{}">',
        '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Rain","image":"{}"}}</script>',
        '<script type="application/ld+json">{{"@type":"NewsArticle","image":{{"url":"{}"}}}}</script>',
    ),
}
_URL_FIELDS = ("url", "canonical_url", "image")
# The fields of a clean article that can be sent again.
_FIELDS = ("text", "title", "subtitle", "authors", "tags", "source", "section", *_URL_FIELDS, "extra")


def expensive_articles() -> Iterator[Check]:
    """Send the largest article of each hostile kind that is accepted."""
    with attacked(COPYDESK_ARTICLE_TIMEOUT="60") as target:
        first = {name: _cost(target, build, _FIRST_SIZE)[1] for name, build in KINDS.items()}
        for name in sorted(first, key=first.__getitem__)[-_EXPENSIVE:]:
            size, cost = next(
                (size, cost) for size in _SIZES for status, cost in [_cost(target, KINDS[name], size)] if status == 200
            )
            yield at_most(f"{name}, {size:,}: CPU", cost, _MAX_CPU_S, "s")
            if size > _FIRST_SIZE:
                exponent = math.log(cost / first[name]) / math.log(size / _FIRST_SIZE)
                yield at_most(f"{name}: exponent of the cost", exponent, _MAX_EXPONENT, "")


def _cost(target: Target, build: Kind, size: int) -> tuple[int, float]:
    """Return the status of an article, and the CPU time of the service in seconds."""
    body = json.dumps(contract.dump_article_fields(build(size))).encode()
    before = cpu_time(service_pids(target.server))
    status = send(target.port, post("/v1/articles", body), timeout=120.0).status
    return status, cpu_time(service_pids(target.server)) - before


def escaped_markup() -> Iterator[Check]:
    """Send escaped HTML. No field may hold it as tags, and cleaning again may change nothing."""
    with attacked() as target:
        escaped = [text.replace("<", "&lt;").replace(">", "&gt;") for text in _MARKUP]
        mixed = [f"It rains.\n{text}" for text in escaped]
        raws = [{"text": "It rains.", field: text} for field in ("text", "title") for text in (*escaped, *mixed)]
        cleaned = [_clean(target, raw) for raw in raws]
        live = {str(raw) for raw, clean in zip(raws, cleaned, strict=True) for field in raw if _has_tag(clean, field)}
        yield Check("texts with tags in a field", f"{len(live)} of {len(raws)}", "0", not live)
        raws += [{"text": "It rains.", field: text} for field in ("text", "title") for text in (*_MARKUP, *_PROSE)]
        unstable = [raw for raw in raws if not _is_stable(target, raw)]
        yield Check("texts that change when cleaned again", f"{len(unstable)} of {len(raws)}", "0", not unstable)


def hostile_urls() -> Iterator[Check]:
    """Send pages and articles with URLs of other schemes than http and https."""
    with attacked() as target:
        pages: list[dict[str, Any]] = [
            {"html": f"<html><head><title>Rain</title>{head.format(url)}</head><body>{_STORY}</body></html>"}
            for url in _URLS
            for heads in _PAGES.values()
            for head in heads
        ]
        fields: list[dict[str, Any]] = [{"text": "It rains.", field: url} for url in _URLS for field in _URL_FIELDS]
        cleaned = [_clean(target, raw) for raw in pages + fields]
        returned = sum(not _are_web_urls(clean) for clean in cleaned)
        yield equals(f"URLs that are not http(s), of {len(cleaned)} articles", returned, 0)
        rejected = sum(bool(clean) and not _clean(target, _as_raw(clean)) for clean in cleaned)
        yield equals("clean articles that are not valid input", rejected, 0)


def _clean(target: Target, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a clean article; nothing if it is rejected."""
    answer = send(target.port, post("/v1/articles", json.dumps(raw).encode()))
    cleaned: dict[str, Any] = json.loads(answer.body) if answer.status == 200 else {}
    return cleaned


def _as_raw(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    return {name: cleaned[name] for name in _FIELDS if cleaned[name] is not None}


def _has_tag(cleaned: Mapping[str, Any], field: str) -> bool:
    return bool(_TAG.search(cleaned.get(field) or ""))


def _is_stable(target: Target, raw: Mapping[str, Any]) -> bool:
    """Return whether a clean article is returned as it is when it is sent again."""
    once = _clean(target, raw)
    return not once or all(_clean(target, _as_raw(once)).get(name) == once[name] for name in _FIELDS)


def _are_web_urls(cleaned: Mapping[str, Any]) -> bool:
    return all(str(cleaned.get(name) or "https://").startswith(("http://", "https://")) for name in _URL_FIELDS)
