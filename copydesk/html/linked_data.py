"""JSON-LD: the metadata of an article in the vocabulary of schema.org.

Most news pages have it, and it is the most reliable source: exact headlines, names one by one, instants with their
zone. Two things can go wrong. A block may be broken: line breaks in strings, superfluous commas, comments around
it. And a page also describes other things: the site, a video, related articles. So the article with the URL of the page
is used, or else the first one; lists of other articles are never entered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

Node = Mapping[str, Any]

# Larger blocks are ignored, and so is the rest beyond the other limits.
_MAX_BLOCK_CHARS = 2_000_000
_MAX_NODES = 2_000
_MAX_ARTICLES = 20
_MAX_PAGES = 3
_MAX_TYPES = 9
_MAX_LIST_ITEMS = 100
# Nodes may refer to each other: without a limit, a few of them expand to millions of values.
_MAX_VALUE_STEPS = 500
_MAX_VALUE_DEPTH = 4

_WRAPPER = re.compile(r"(?:\s*+(?:(?://|/\*)\s*+)?+(?:<!\[CDATA\[|<!--)\s*+(?:\*/)?+)++")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_INVALID_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
# Plain strings of JSON that cannot be parsed, under the keys that matter most.
_SALVAGED_STRING = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|inLanguage|description)"\s*:\s*"((?:[^"\\\n]|\\.){1,1000})"'
)
_NESTED_KEYS = ("@graph", "mainEntity", "mainEntityOfPage")
_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|Posting|^Report)$")
_PAGE_TYPE = re.compile(r"(?:WebPage|ItemPage|Review)$")
_PARTY_KEYS = ("author", "creator", "publisher")
_ORGANIZATION_TYPE = re.compile(r"(?:Organi[sz]ation|Corporation|WebSite|Brand)$")
_PERSON_TYPE = re.compile(r"Person$")
_URL = re.compile(r"(?:https?:)?//(?:www\.)?([^?#]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LinkedData:
    """The JSON-LD of a page that describes the article.

    Attributes:
        articles: the nodes of the article, most trusted first.
        pages: the nodes of the page around it.
        nodes_by_id: all nodes that others refer to.
    """

    articles: tuple[Node, ...] = ()
    pages: tuple[Node, ...] = ()
    nodes_by_id: Mapping[str, Node] = field(default_factory=dict)

    def find_texts(self, *keys: str, pages: bool = True) -> list[str]:
        """Return the strings under the first key that has any, in the first node that has any.

        A node that is not a string is represented by its name or URL.

        Args:
            *keys: the keys, in order of preference.
            pages: whether the nodes of the page count, too.
        """
        for node in (*self.articles, *(self.pages if pages else ())):
            for key in keys:
                if texts := [text for text in _strings(node.get(key), self.nodes_by_id) if text.strip()]:
                    return texts
        return []

    def find_all_texts(self, key: str) -> list[str]:
        """Return the strings under a key in all nodes."""
        return [text for node in (*self.articles, *self.pages) for text in _strings(node.get(key), self.nodes_by_id)]

    def find_organizations(self) -> list[str]:
        """Return the names of the publishers, and of authors that are organizations."""
        nodes = (*self.articles, *self.pages)
        items = [(key, item) for node in nodes for key in _PARTY_KEYS for item in _items(node.get(key))]
        return [
            name
            for key, item in items
            for name in _strings(item, self.nodes_by_id)
            if _is_organization(_resolve_reference(item, self.nodes_by_id) if isinstance(item, dict) else {}, key)
        ]


def _items(value: Any) -> list[Any]:
    return value[:_MAX_LIST_ITEMS] if isinstance(value, list) else [value]


def _is_organization(node: Node, key: str) -> bool:
    """Return whether a node under a key is an organization. A publisher is one unless it is a person."""
    return not _has_type(node, _PERSON_TYPE) if key == "publisher" else _has_type(node, _ORGANIZATION_TYPE)


def parse_linked_data(scripts: Iterable[str], urls: Iterable[str]) -> LinkedData:
    """Parse the JSON-LD of a page. Broken blocks are repaired or ignored.

    Args:
        scripts: the contents of the script elements.
        urls: the known URLs of the page.

    >>> block = '{"@type": "NewsArticle", "headline": "Rain", "author": [{"name": "Ann Lee"}, "Bo Ek"],}'
    >>> data = parse_linked_data([block], [])
    >>> data.find_texts("headline"), data.find_texts("author")
    (['Rain'], ['Ann Lee', 'Bo Ek'])
    """
    nodes: list[Node] = []
    nodes_by_id: dict[str, Node] = {}
    for script in scripts:
        _collect_nodes(_parse_block(script), nodes, nodes_by_id)
    articles = [node for node in nodes if _has_type(node, _ARTICLE_TYPE)]
    page_urls = frozenset(map(_simplify_url, urls))
    with_page_url = [node for node in articles if page_urls.intersection(map(_simplify_url, _urls(node)))]
    # An article with another URL is probably a different one, but better than none.
    without_url = [node for node in articles if not any(_urls(node))]
    chosen = with_page_url[:_MAX_ARTICLES] or without_url[:1] or articles[:1]
    pages = [node for node in nodes if _has_type(node, _PAGE_TYPE)]
    return LinkedData(tuple(chosen), tuple(pages[:_MAX_PAGES]), nodes_by_id)


def _parse_block(script: str) -> Any:
    """Return the value of a block, repaired if necessary; an article of salvaged strings; or None."""
    if len(script) > _MAX_BLOCK_CHARS:
        return None
    wrapper = _WRAPPER.match(script)
    text = script[wrapper.end() if wrapper else 0 :].strip("\ufeff \t\r\n;")
    repaired = _INVALID_ESCAPE.sub("", _TRAILING_COMMA.sub("", text))
    for candidate in (text, repaired, unescape(repaired) if "&quot;" in repaired else ""):
        try:
            return json.JSONDecoder(strict=False).raw_decode(candidate)[0]
        except (ValueError, RecursionError):
            continue
    salvaged: dict[str, Any] = {}
    for key, value in _SALVAGED_STRING.findall(text):
        salvaged.setdefault(key, value.replace('\\"', '"').replace("\\/", "/"))
    return salvaged | {"@type": "Article"} if "headline" in salvaged else None


def _collect_nodes(value: Any, nodes: list[Node], nodes_by_id: dict[str, Node]) -> None:
    """Append the nodes of a block in document order, and index those with an id and other keys."""
    stack = [value]
    while stack and len(nodes) < _MAX_NODES:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item[:_MAX_NODES]))
        elif isinstance(item, dict):
            nodes.append(item)
            if isinstance(item.get("@id"), str) and len(item) > 1:
                nodes_by_id.setdefault(item["@id"], item)
            stack.extend(item[key] for key in reversed(_NESTED_KEYS) if isinstance(item.get(key), (dict, list)))


def _has_type(node: Node, pattern: re.Pattern[str]) -> bool:
    types = node.get("@type")
    listed = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and pattern.search(name) for name in listed[:_MAX_TYPES])


def _urls(node: Node) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        yield from _strings(value.get("@id") or value.get("url") if isinstance(value, dict) else value, {})


def _simplify_url(url: str) -> str:
    """Return a URL without the parts that vary: scheme, `www.`, query, fragment and final slash."""
    match = _URL.match(url.strip())
    return match[1].rstrip("/").lower() if match else url.strip()


def _strings(value: Any, nodes_by_id: Mapping[str, Node]) -> list[str]:
    """Return the strings of a value: itself, its items, or the names of its nodes."""
    strings: list[str] = []
    stack: list[tuple[Any, int]] = [(value, 0)]
    for _ in range(_MAX_VALUE_STEPS):
        if not stack:
            break
        item, depth = stack.pop()
        if isinstance(item, str):
            strings.append(item)
        elif isinstance(item, (int, float)) and not isinstance(item, bool):
            strings.append(str(item))
        elif isinstance(item, list) and depth < _MAX_VALUE_DEPTH:
            stack.extend((each, depth + 1) for each in reversed(item[:_MAX_LIST_ITEMS]))
        elif isinstance(item, dict) and depth < _MAX_VALUE_DEPTH:
            stack.append((_node_name(_resolve_reference(item, nodes_by_id)), depth + 1))
    return strings


def _resolve_reference(node: Node, nodes_by_id: Mapping[str, Node]) -> Node:
    node_id = node.get("@id")
    return nodes_by_id.get(node_id, node) if isinstance(node_id, str) else node


def _node_name(node: Node) -> Any:
    """Return the name of a node, or else its value or URL."""
    full_name = " ".join(node[key] for key in ("givenName", "familyName") if isinstance(node.get(key), str))
    alternatives = (node.get(key) for key in ("alternateName", "contentUrl", "url", "@id"))
    return node.get("name") or full_name or node.get("@value") or next(filter(None, alternatives), None)
