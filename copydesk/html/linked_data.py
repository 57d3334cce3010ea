"""JSON-LD: what a page says of its article to machines, in schema.org's words.

Most news pages hold it, and it is the best there is: exact headlines, names one by one, instants with their zone. The
dangers are that it is broken (one block in fifty: line breaks in strings, commas too many, comments around it), and
that it speaks of other things, too: the site, a video, the articles beside this one. So the article is looked for, the
one whose address is the page's before the first one; lists of other articles are never entered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

Node = Mapping[str, Any]

# A page may be long, what it says of itself is not: beyond these nothing is read.
_LONGEST, _MOST_NODES, _MOST_VALUES = 2_000_000, 2_000, 100
# Nodes may name each other: without a bound, a few of them stand for millions of values.
_MOST_STEPS, _DEEPEST, _MOST_ARTICLES = 500, 4, 20

_WRAPPED = re.compile(r"(?:\s*+(?:(?://|/\*)\s*+)?+(?:<!\[CDATA\[|<!--)\s*+(?:\*/)?+)++")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_WRONG_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
# What can be saved from JSON that nobody can read: plain strings under the names that matter.
_SAVED = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|inLanguage|description)"\s*:\s*"((?:[^"\\\n]|\\.){1,1000})"'
)
_ENTERED = ("@graph", "mainEntity", "mainEntityOfPage")
_ARTICLE = re.compile(r"(?:Article|BlogPosting|Posting|^Report)$")
_PAGE = re.compile(r"(?:WebPage|ItemPage|Review)$")
_ADDRESS = re.compile(r"(?:https?:)?//(?:www\.)?([^?#]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LinkedData:
    """What the JSON-LD of a page says of the article, the most trusted node first; values are looked up by name.

    `articles` are nodes of the article, `pages` those of the page around it, `named` all nodes that others refer to.
    """

    articles: tuple[Node, ...] = ()
    pages: tuple[Node, ...] = ()
    named: Mapping[str, Node] = field(default_factory=dict)

    def texts(self, *keys: str, pages: bool = True) -> list[str]:
        """Return the strings under a key, of the first node that has any; names and addresses of what is no string."""
        for node in (*self.articles, *(self.pages if pages else ())):
            for key in keys:
                if found := [text for text in _strings(node.get(key), self.named) if text.strip()]:
                    return found
        return []

    def all_texts(self, key: str) -> list[str]:
        """Return the strings under a key, of all nodes."""
        return [text for node in (*self.articles, *self.pages) for text in _strings(node.get(key), self.named)]


def read(scripts: Iterable[str], addresses: Iterable[str]) -> LinkedData:
    """Read the blocks of a page whose addresses are known.

    >>> block = '{"@type": "NewsArticle", "headline": "Rain", "author": [{"name": "Ann Lee"}, "Bo Ek"],}'
    >>> found = read([block], [])
    >>> found.texts("headline"), found.texts("author")
    (['Rain'], ['Ann Lee', 'Bo Ek'])
    """
    nodes: list[Node] = []
    named: dict[str, Node] = {}
    for script in scripts:
        _collect(_parsed(script), nodes, named)
    articles = [node for node in nodes if _is_a(node, _ARTICLE)]
    ours = frozenset(map(_bare, addresses))
    fitting = [node for node in articles if ours.intersection(map(_bare, _addresses(node)))]
    pages = [node for node in nodes if _is_a(node, _PAGE)]
    # What says it is of another address most likely is; still better than nothing.
    loose = [node for node in articles if not any(_addresses(node))]
    return LinkedData(tuple(fitting[:_MOST_ARTICLES] or loose[:1] or articles[:1]), tuple(pages[:3]), named)


def _parsed(script: str) -> Any:
    """Read a block, mended if it has to be; what can be saved of it; nothing."""
    if len(script) > _LONGEST:
        return None
    wrapped = _WRAPPED.match(script)
    text = script[wrapped.end() if wrapped else 0 :].strip("\ufeff \t\r\n;")
    mended = _WRONG_ESCAPE.sub("", _TRAILING_COMMA.sub("", text))
    for attempt in (text, mended, unescape(mended) if "&quot;" in mended else ""):
        try:
            return json.JSONDecoder(strict=False).raw_decode(attempt)[0]
        except (ValueError, RecursionError):
            continue
    saved: dict[str, Any] = {}
    for key, value in _SAVED.findall(text):
        saved.setdefault(key, value.replace('\\"', '"').replace("\\/", "/"))
    return saved | {"@type": "Article"} if "headline" in saved else None


def _collect(value: Any, nodes: list[Node], named: dict[str, Node]) -> None:
    """Gather the nodes of a block in their order, and every node with a name for itself."""
    waiting = [value]
    while waiting and len(nodes) < _MOST_NODES:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(reversed(one[:_MOST_NODES]))
        elif isinstance(one, dict):
            nodes.append(one)
            if isinstance(one.get("@id"), str) and len(one) > 1:
                named.setdefault(one["@id"], one)
            waiting.extend(one[key] for key in reversed(_ENTERED) if isinstance(one.get(key), (dict, list)))


def _is_a(node: Node, kind: re.Pattern[str]) -> bool:
    types = node.get("@type")
    return any(isinstance(one, str) and kind.search(one) for one in (types if isinstance(types, list) else [types])[:9])


def _addresses(node: Node) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        yield from _strings(value.get("@id") or value.get("url") if isinstance(value, dict) else value, {})


def _bare(address: str) -> str:
    """Return an address without what varies: scheme, `www.`, query, fragment and the last slash."""
    match = _ADDRESS.match(address.strip())
    return match[1].rstrip("/").lower() if match else address.strip()


def _strings(value: Any, named: Mapping[str, Node]) -> list[str]:
    """Return the strings that a value stands for."""
    found: list[str] = []
    waiting: list[tuple[Any, int]] = [(value, 0)]
    for _ in range(_MOST_STEPS):
        if not waiting:
            break
        one, depth = waiting.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, (int, float)) and not isinstance(one, bool):
            found.append(str(one))
        elif isinstance(one, list) and depth < _DEEPEST:
            waiting.extend((each, depth + 1) for each in reversed(one[:_MOST_VALUES]))
        elif isinstance(one, dict) and depth < _DEEPEST:
            waiting.append((_called(_meant(one, named)), depth + 1))
    return found


def _meant(node: Node, named: Mapping[str, Node]) -> Node:
    name = node.get("@id")
    return named.get(name, node) if isinstance(name, str) else node


def _called(node: Node) -> Any:
    """Return what a node is called: its name, else its value or address."""
    full = " ".join(node[key] for key in ("givenName", "familyName") if isinstance(node.get(key), str))
    names = (node.get(key) for key in ("alternateName", "contentUrl", "url", "@id"))
    return node.get("name") or full or node.get("@value") or next(filter(None, names), None)
