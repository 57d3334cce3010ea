"""The doors: each takes any bytes, makes a request of them, and checks the answer by all that was promised.

A door returns nothing when all is well. It raises `checks.Broken` where an answer breaks a promise, and lets through
whatever the service raises that is no `ProblemError`. Inputs are expected to be small (some kilobytes).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from copydesk import batch, strict_json
from copydesk import cleaning as service
from copydesk import pipeline as desk
from copydesk.article import Article, Json, Options
from copydesk.document import DATE_FIELDS
from copydesk.errors import ProblemError
from copydesk.ingest import Content
from copydesk.settings import Settings
from fuzz import checks

Door = Callable[[bytes], None]

_SETTINGS = Settings()
_DEPTH = _SETTINGS.max_json_depth
# Languages are detected for some inputs only: it costs as much as all else together.
_QUIET = Options(detect_language=False)
_OPTIONS = (
    _QUIET,
    Options(),
    Options(detect_language=False, repair="off", whitespace="keep", normalization="none", boilerplate="keep"),
    Options(detect_language=False, repair="safe", strip_dateline=True, date_order="DMY"),
    Options(
        detect_language=False,
        repair="aggressive",
        quotes="plain",
        dashes="plain",
        ellipsis="plain",
        ligatures="plain",
        width="plain",
        normalization="NFKC",
    ),
)
# What stands in a clean article as it may be sent again.
_CARRIED = (
    "text",
    "title",
    "subtitle",
    "authors",
    "tags",
    "source",
    "section",
    "url",
    "canonical_url",
    "image",
    "extra",
)
# Where something was left out, put in another form or taken apart, what is left may be judged anew: there was more to
# be seen before.
_LEFT = frozenset({"metadata", "boilerplate"})
# Those of each family of decoders, one that is wrong, one that means something else than it says, and none.
LABELS = (
    *(None, "utf-8", "iso-8859-1", "windows-1251", "koi8-r", "ibm866", "windows-1255", "windows-874", "macintosh"),
    *("gbk", "big5", "shift_jis", "euc-jp", "iso-2022-jp", "euc-kr", "utf-16le", "utf-16be", "utf-7", "x-user-defined"),
    *("iso-8859-8-i", "replacement", "no such charset", "\x00", "ünïcode"),
)


def json_article(data: bytes) -> None:
    """Take a JSON document as one article, and its text as a bare text."""
    document = _read(data)
    if document is not None:
        defaults = Options() if _one_in(32, data) else _QUIET
        answer = _answered(checks.article, lambda: service.clean_article(document, defaults, _SETTINGS).to_dict())
        if answer and _one_in(4, data):
            options = document.get("options") or {}
            if not options.get("strip_dateline"):
                _settles(document, options, answer)


def lines(data: bytes) -> None:
    """Take NDJSON: each line has its answer, in order, and none of them is our fault."""
    outcomes = list(batch.clean_lines(data, _QUIET, _SETTINGS))
    sent = [line for line in data.split(b"\n") if line.strip()]
    checks.holds("an item a line", when=len(outcomes) == len(sent), detail=(len(outcomes), len(sent)))
    for outcome, line in zip(outcomes, sent, strict=True):
        checks.holds(
            "an article or a problem", when=(outcome.article is None) != (outcome.error is None), detail=outcome
        )
        if outcome.article is not None:
            checks.article(outcome.article.to_dict())
        elif outcome.error is not None:
            problem = outcome.error.to_problem()
            if problem["type"] == "urn:copydesk:problem:internal-error":
                service.clean_article(strict_json.loads(line, _DEPTH), _QUIET, _SETTINGS)  # raises what the batch hides
            checks.holds("no item of ours", when=int(str(problem["status"])) < 500, detail=problem)
            checks.conforms("Problem", problem)


def plain_bytes(data: bytes) -> None:
    """Take all but the first two bytes as a plain text, in the charset and with the options that these choose."""
    label, options, rest = _chosen(data)
    content = Content(rest, "text/plain", label)
    _answered(checks.article, lambda: service.clean_content(content, None, options, _SETTINGS).to_dict())
    if _one_in(8, data):
        _answered(checks.text, lambda: service.clean_text(content, options, _SETTINGS).to_text_dict())


def html(data: bytes) -> None:
    """Take all but the first two bytes as a page, in bytes or as the field `html`, as these choose."""
    label, options, rest = _chosen(data)
    if len(data) % 2:
        content = Content(rest, "text/html", label)
        _answered(
            checks.article,
            lambda: service.clean_content(content, "https://news.example/2024/a", options, _SETTINGS).to_dict(),
        )
    else:
        # Bytes that are no UTF-8 come as lone surrogates, as they may in JSON.
        document: Json = {"html": rest.decode("utf-8", "surrogateescape"), "url": "https://news.example/2024/a"}
        _answered(checks.article, lambda: service.clean_article(document, options, _SETTINGS).to_dict())


DOORS: dict[str, Door] = {"json": json_article, "lines": lines, "bytes": plain_bytes, "html": html}


def _answered(check: Callable[[checks.Answer], None], ask: Callable[[], checks.Answer]) -> checks.Answer | None:
    try:
        answer = ask()
    except ProblemError as error:
        checks.problem(error)
        return None
    check(answer)
    return answer


def _read(data: bytes) -> Any:
    """Read a document strictly; what is taken must be what any reader of JSON reads."""
    try:
        document = strict_json.loads(data, _DEPTH)
    except ProblemError as error:
        checks.problem(error)
        return None
    checks.holds("read as by any reader", when=json.loads(data.decode("utf-8-sig")) == document, detail=document)
    return document


def _settles(document: dict[str, Any], options: dict[str, Any], answer: checks.Answer) -> None:
    """Check that cleaning what is clean changes nothing: of a bare text, and of an article on the desk."""
    text = document.get("text")
    if text is not None:
        once = service.clean_text({"text": text, "options": options}, _QUIET, _SETTINGS).to_text_dict()
        checks.text(once)
        twice = service.clean_text({"text": once["text"], "options": options}, _QUIET, _SETTINGS).to_text_dict()
        checks.settled("a text", once["text"], twice["text"], twice["changes"])
    changes: Any = answer["changes"]
    if options.get("changes") == "none" or not _LEFT.isdisjoint(change["kind"] for change in changes):
        return
    known: dict[str, Any] = {name: answer[name] for name in _CARRIED}
    known |= {name: tuple(known[name]) for name in ("authors", "tags")}
    told: Any = answer["language"]
    sent = {name: answer[name] or answer[f"{name}_raw"] for name in DATE_FIELDS} | {
        "language": told["declared"] or told["raw"]
    }
    allowed = {name: value for name, value in options.items() if value is not None} | {"detect_language": False}
    cleaned = desk.clean(Article(**known, **sent), replace(_QUIET, **allowed))
    for name in _CARRIED:
        if name in ("authors", "tags") and len(_items(document.get(name))) != len(known[name]):
            continue  # taken apart, and a part is seen without what stood beside it
        checks.settled(name, known[name], getattr(cleaned, name), cleaned.changes)


def _items(sent: str | list[str] | None) -> list[str]:
    return [sent] if isinstance(sent, str) else sent or []


def _chosen(data: bytes) -> tuple[str | None, Options, bytes]:
    """Let the first byte choose the label and the second the options; three in four times without repair.

    Noise costs repair thirty times what it costs all else, and the JSON doors see to repair.
    """
    first, second = (data[:2] + b"\0\0")[:2]
    options = _OPTIONS[second // 4 % len(_OPTIONS)]
    return LABELS[first % len(LABELS)], replace(options, repair="off") if second % 4 else options, data[2:]


def _one_in(count: int, data: bytes) -> bool:
    """Draw a sample of inputs, always the same one."""
    return zlib.crc32(data) % count == 0
