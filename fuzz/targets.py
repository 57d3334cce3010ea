"""The fuzz targets. Each turns any bytes into a request and checks the result.

A target returns nothing if all is well. It raises `checks.InvariantViolation` if a result violates an invariant, and
passes on any exception that is not a `ProblemError`. Inputs should be small (some kilobytes).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from copydesk import batch, cleaning, pipeline, strict_json
from copydesk.article import Article, Json, Options
from copydesk.document import DATE_FIELDS
from copydesk.errors import InternalError, ProblemError
from copydesk.ingest import Content
from copydesk.limits import Limits
from fuzz import checks

Target = Callable[[bytes], None]

_LIMITS = Limits()
# Language detection costs as much as the rest. It is only enabled for a sample of inputs.
_FAST = Options(detect_language=False)
_PLAIN = dict.fromkeys(("quotes", "dashes", "ellipsis", "ligatures", "width"), "plain")
_OPTIONS = (
    _FAST,
    Options(),
    replace(_FAST, repair="off", whitespace="keep", normalization="none", boilerplate="keep"),
    replace(_FAST, repair="safe", strip_dateline=True, date_order="DMY"),
    replace(_FAST, repair="aggressive", normalization="NFKC", **_PLAIN),  # type: ignore[arg-type]
)
# The fields of a clean article that can be sent again.
_FIELDS = (
    *("text", "title", "subtitle", "authors", "tags", "source", "section"),
    *("url", "canonical_url", "image", "extra"),
)
# Fields of one line that are read as they are.
_LINES = ("title", "subtitle", "source", "section")
# These changes remove or rewrite evidence, so that a second cleaning may decide differently.
_NOT_IDEMPOTENT = frozenset({"metadata", "boilerplate"})
# One label of each family of decoders, labels that are aliases of another charset, invalid labels, and no label.
LABELS = (
    *(None, "utf-8", "iso-8859-1", "windows-1251", "koi8-r", "ibm866", "windows-1255", "windows-874", "macintosh"),
    *("gbk", "big5", "shift_jis", "euc-jp", "iso-2022-jp", "euc-kr", "utf-16le", "utf-16be", "utf-7", "x-user-defined"),
    *("iso-8859-8-i", "replacement", "no such charset", "\x00", "ünïcode"),
)
_PAGE_URL = "https://news.example/2024/a"


def fuzz_json(data: bytes) -> None:
    """Clean a JSON document as one article, and its text as a bare text."""
    document = _parse_json(data)
    if document is None:
        return
    defaults = Options() if _is_sampled(data, one_in=32) else _FAST
    result = _run(checks.check_article, lambda: cleaning.clean_article(document, defaults, _LIMITS).to_dict())
    if result:
        sent = {name: str(document[name]) for name in _LINES if document.get(name)}  # a title may be a number
        checks.check_completeness(sent, result)
    if result and _is_sampled(data, one_in=4):
        options = document.get("options") or {}
        if not options.get("strip_dateline"):
            _check_text_idempotence(document, options)
            _check_article_idempotence(document, options, result)


def fuzz_lines(data: bytes) -> None:
    """Clean NDJSON. Each line must have its outcome, in order, and no internal error."""
    outcomes = list(batch.clean_lines(data, _FAST, _LIMITS))
    lines = [line for line in data.split(b"\n") if line.strip()]
    checks.require("one outcome per line", condition=len(outcomes) == len(lines), detail=(len(outcomes), len(lines)))
    for (result, _), line in zip(outcomes, lines, strict=True):
        if isinstance(result, ProblemError):
            if isinstance(result, InternalError):  # raise the exception that the batch has hidden
                cleaning.clean_article(strict_json.loads(line, _LIMITS.max_json_depth), _FAST, _LIMITS)
            checks.require("no server error in a batch", condition=result.status < 500, detail=result)
            checks.check_schema("Problem", result.to_problem())
        else:
            checks.check_article(result.to_dict())


def fuzz_bytes(data: bytes) -> None:
    """Clean a plain text. The first two bytes choose the charset and the options."""
    label, options, body = _choose(data)
    content = Content(body, "text/plain", label)
    _run(checks.check_article, lambda: cleaning.clean_content(content, None, options, _LIMITS).to_dict())
    if _is_sampled(data, one_in=8):
        _run(checks.check_text, lambda: cleaning.clean_text(content, options, _LIMITS).to_text_dict())


def fuzz_html(data: bytes) -> None:
    """Clean a page. The first two bytes choose the charset and the options.

    Inputs of odd size are cleaned as bytes, the others as the field `html`.
    """
    label, options, body = _choose(data)
    if len(data) % 2:
        content = Content(body, "text/html", label)
        _run(checks.check_article, lambda: cleaning.clean_content(content, _PAGE_URL, options, _LIMITS).to_dict())
    else:
        # Invalid UTF-8 becomes lone surrogates. JSON can express them.
        document: Json = {"html": body.decode("utf-8", "surrogateescape"), "url": _PAGE_URL}
        _run(checks.check_article, lambda: cleaning.clean_article(document, options, _LIMITS).to_dict())


def fuzz_feed(data: bytes) -> None:
    """Clean a feed. The first two bytes choose the charset and the options."""
    label, options, body = _choose(data)
    try:
        outcomes = list(batch.clean_feed(Content(body, "application/rss+xml", label), options, _LIMITS))
    except ProblemError as error:
        checks.check_error(error)
        return
    for result, document in outcomes:
        if isinstance(result, ProblemError):
            if isinstance(result, InternalError):  # raise the exception that the batch has hidden
                cleaning.clean_article(document, options, _LIMITS)
            checks.check_error(result)
        else:
            checks.check_article(result.to_dict())


TARGETS: dict[str, Target] = {
    "json": fuzz_json,
    "lines": fuzz_lines,
    "bytes": fuzz_bytes,
    "html": fuzz_html,
    "feed": fuzz_feed,
}


def _run(
    check: Callable[[checks.JsonObject], None], clean: Callable[[], checks.JsonObject]
) -> checks.JsonObject | None:
    """Clean an input and check the result, or else the error."""
    try:
        result = clean()
    except ProblemError as error:
        checks.check_error(error)
        return None
    check(result)
    return result


def _parse_json(data: bytes) -> Any:
    """Parse a document strictly. Valid documents must be parsed as by the standard library."""
    try:
        document = strict_json.loads(data, _LIMITS.max_json_depth)
    except ProblemError as error:
        checks.check_error(error)
        return None
    expected = json.loads(data.decode("utf-8-sig"))
    checks.require("parsed as by the standard library", condition=expected == document, detail=document)
    return document


def _check_text_idempotence(document: dict[str, Any], options: dict[str, Any]) -> None:
    """Check that a second cleaning of a bare text changes nothing."""
    text = document.get("text")
    if text is None:
        return
    once = cleaning.clean_text({"text": text, "options": options}, _FAST, _LIMITS).to_text_dict()
    checks.check_text(once)
    if options.get("changes") in (None, "full", "explained"):
        checks.check_completeness({"text": text}, once)
    twice = cleaning.clean_text({"text": once["text"], "options": options}, _FAST, _LIMITS).to_text_dict()
    checks.check_idempotence("text", once["text"], twice["text"], twice["changes"])


def _check_article_idempotence(document: dict[str, Any], options: dict[str, Any], result: checks.JsonObject) -> None:
    """Check that a second cleaning of an article changes nothing."""
    changes: Any = result["changes"]
    if options.get("changes") == "none" or not _NOT_IDEMPOTENT.isdisjoint(change["kind"] for change in changes):
        return
    fields: dict[str, Any] = {name: result[name] for name in _FIELDS}
    fields |= {name: tuple(fields[name]) for name in ("authors", "tags")}
    dates = {name: result[name] or result[f"{name}_raw"] for name in DATE_FIELDS}
    language = result["language"]["declared"] or result["language"]["raw"]
    set_options = {name: value for name, value in options.items() if value is not None} | {"detect_language": False}
    cleaned = pipeline.clean(Article(**fields, **dates, language=language), replace(_FAST, **set_options))
    for name in _FIELDS:
        if name in ("authors", "tags") and len(_as_list(document.get(name))) != len(fields[name]):
            continue  # items were split: each part has less context now
        checks.check_idempotence(name, fields[name], getattr(cleaned, name), cleaned.changes)


def _as_list(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def _choose(data: bytes) -> tuple[str | None, Options, bytes]:
    """Choose a label by the first byte and options by the second. Return them and the rest.

    Three inputs in four are not repaired: repair of noise costs thirty times as much as the rest, and the JSON targets
    cover repair.
    """
    first, second = (data[:2] + b"\0\0")[:2]
    options = _OPTIONS[second // 4 % len(_OPTIONS)]
    return LABELS[first % len(LABELS)], replace(options, repair="off") if second % 4 else options, data[2:]


def _is_sampled(data: bytes, *, one_in: int) -> bool:
    """Return whether an input is in a deterministic sample."""
    return zlib.crc32(data) % one_in == 0
