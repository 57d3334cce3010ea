"""Recognition of documents that are neither a text nor a page: feeds, JSON and tables of CSV.

Each is data that another endpoint or media type takes. Cleaned as one text, it would become an article of brackets and
tags. The functions look at the start of a document, and parse it only if that may be JSON.
"""

from __future__ import annotations

import csv
import re
from itertools import islice
from typing import Literal, TypeAlias

from copydesk.errors import ProblemError
from copydesk.strict_json import loads

FeedType: TypeAlias = Literal["application/rss+xml", "application/atom+xml"]
JsonKind: TypeAlias = Literal["article", "batch", "list", "lines"]

RSS: FeedType = "application/rss+xml"
ATOM: FeedType = "application/atom+xml"

# The root of a feed, and what may precede it.
HEAD_CHARS = 65_536
# The declarations of a DOCTYPE: a bracket within quotes or a comment does not end them.
_DECLARATIONS = r"(?:[^\]\"'<]++|\"[^\"]*+\"|'[^']*+'|<!--.*?-->|<(?!!--))*+"
_PROLOG = rf"(?:[\s\ufeff]++|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[<>]*+(?:\[{_DECLARATIONS}\]\s*+)?>)*+"
FEED_ROOT = re.compile(
    rf"{_PROLOG}(?P<tag><(?:(?P<prefix>[\w.-]{{1,99}}):)?(?P<name>rss|feed|rdf)(?=[\s>])[^<>]*+>)",
    re.IGNORECASE | re.DOTALL,
)
_ENTRIES = re.compile(r"<(?:[\w.-]{1,99}:)?(?:channel|item|entry)[\s/>]", re.IGNORECASE)
_ATOM_NAMESPACES = ("http://www.w3.org/2005/atom", "http://purl.org/atom/ns#")
_RSS_NAMESPACES = ("purl.org/rss/1.0", "my.netscape.com/rdf/simple", "channel.netscape.com/rdf/simple")

_MAX_JSON_DEPTH = 64

# A table has a head of short names and rows with the same number of cells.
_CSV_DELIMITERS = ",;\t|"
_CSV_HEAD_CHARS = 65_536
_MIN_CSV_CELLS = 6
_MAX_CSV_ROWS = 20
_COLUMN_NAME = re.compile(r"\ufeff?[^\W\d][\w .:/()#-]{0,39}\Z")


def feed_type(text: str) -> FeedType | None:
    """Return the media type of a feed, by its root element; None for other documents.

    >>> feed_type('<?xml version="1.0"?><rss version="2.0"><channel><title>News</title></channel></rss>')
    'application/rss+xml'
    """
    head = text[:HEAD_CHARS]
    match = FEED_ROOT.match(head)
    if not match:
        return None
    name, tag = match["name"].lower(), match["tag"].lower()
    if name == "rdf":
        return RSS if any(namespace in tag for namespace in _RSS_NAMESPACES) else None
    if name == "feed" and any(namespace in tag for namespace in _ATOM_NAMESPACES):
        return ATOM
    if not _ENTRIES.search(head, match.end()):
        return None
    return ATOM if name == "feed" else RSS


def feed_type_of_bytes(data: bytes) -> FeedType | None:
    r"""Return the media type of a feed in any encoding, as `feed_type`.

    >>> feed_type_of_bytes('<rss><channel><title>Новости'.encode("utf-16"))
    'application/rss+xml'
    """
    head = data[: 2 * HEAD_CHARS].replace(b"\x00", b"")
    return feed_type(head.lstrip(b"\xef\xbb\xbf\xff\xfe").decode("latin-1"))


def json_kind(text: str) -> JsonKind | None:
    r"""Return what a text is as JSON, or None if it is not JSON with an object in it.

    >>> json_kind('{"text": "It rains."}'), json_kind('{"id": 1}\n{"id": 2}'), json_kind("[1] A note.")
    ('article', 'lines', None)
    """
    stripped = text.strip("\ufeff \t\r\n")
    if stripped.startswith("{") and stripped.endswith("}"):
        document = _parse_json(stripped)
        if document and isinstance(document, dict):
            return "batch" if isinstance(document.get("articles"), list) else "article"
        lines = stripped.splitlines()
        ends = [_parse_json(line) for line in (lines[0], lines[-1])]
        return "lines" if len(lines) > 1 and all(isinstance(end, dict) for end in ends) else None
    if stripped.startswith("[") and stripped.endswith("]") and "{" in stripped:
        document = _parse_json(stripped)
        return "list" if isinstance(document, list) and any(isinstance(item, dict) for item in document) else None
    return None


def _parse_json(text: str) -> object:
    try:
        return loads(text.encode("utf-8", "surrogatepass"), _MAX_JSON_DEPTH)
    except ProblemError:
        return None


def is_csv(text: str) -> bool:
    r"""Return whether a text is a table of CSV with a head: names of columns over rows of as many cells.

    >>> is_csv("id,title\n1,Rain\n2,Wind\n"), is_csv("Rain, wind\nIt rains, and it pours.\nTomorrow, too.")
    (True, False)
    """
    head = text[:_CSV_HEAD_CHARS]
    lines = head.splitlines()
    if len(head) == _CSV_HEAD_CHARS:
        del lines[-1:]
    first = lines[0] if lines else ""
    delimiter = max(_CSV_DELIMITERS, key=first.count)
    try:
        reader = csv.reader(lines, delimiter=delimiter)
        rows = [row for row in islice(reader, _MAX_CSV_ROWS) if row]
    except csv.Error:
        return False
    names = [name.strip() for name in rows[0]] if rows else []
    are_names = len(names) > 1 and len(set(names)) == len(names) and all(map(_COLUMN_NAME.match, names))
    is_large = len(rows) > 1 and len(rows) * len(names) >= _MIN_CSV_CELLS
    is_prose = delimiter in ",;" and any(cell.startswith(" ") for row in rows for cell in row[1:])
    return are_names and is_large and not is_prose and all(len(row) == len(names) for row in rows)
