"""Reading of feeds: RSS 0.9 to 2.0, RSS 1.0 (RDF) and Atom, as one raw article per entry.

Many feeds are not well-formed: they have undeclared entities, bare ampersands, and tags of HTML without end tags. A
parser that recovers then mixes an entry with its neighbours. So the entries are separated first by their own tags, and
the parser sees one at a time, with the root's namespaces. Entities and ampersands are repaired before.

lxml parses the entries, because pages need it anyway. It gets neither DOCTYPE nor entities, so that there is nothing to
expand and nothing to fetch. Every step takes linear time. Importing this module raises ImportError without the extra
`html`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from html.entities import html5
from urllib.parse import urljoin

from lxml import etree  # type: ignore[import-untyped]

from copydesk.article import Json
from copydesk.errors import LimitExceeded, UnreadableContent
from copydesk.html.fragment import render_text
from copydesk.html.other_kinds import FEED_ROOT, HEAD_CHARS, feed_type
from copydesk.html.sniff import PARAGRAPH_ELEMENTS, TOKEN, is_markup, is_too_large, tag_name
from copydesk.transforms.characters import NOT_XML

_CDATA = r"<!\[CDATA\[.*?(?:\]\]>|\Z)"
# A comment with a second start has no end of its own: it would hide the next entries.
_COMMENT = r"<!--[^<-]*+(?:(?:<(?!!--)|-(?!->))[^<-]*+)*+-->"
_LITERAL = re.compile(f"{_CDATA}|{_COMMENT}", re.DOTALL)
_BARE_AMPERSAND = re.compile(r"&(?!(?:#[0-9]{1,9}|#[xX][0-9a-fA-F]{1,9}|\w{1,40});)")
_NUMERIC_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,9})|([0-9]{1,9}));")
_NUMERIC_REFERENCES = re.compile(rf"(?:{_NUMERIC_REFERENCE.pattern})++")
_BARE_BRACKET = re.compile(r"<(?![\w/!?])")
_NAMED_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(\w{1,40});")
_XML_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})

# Fields with a text that may be HTML. Where its tags are not escaped, they are read as text, too.
_TEXT_FIELDS = "title|description|summary|content|encoded|body|info|tagline"
_TEXT_FIELD = re.compile(rf"<(?P<name>(?:(?!media:)[\w.-]{{1,99}}:)?(?:{_TEXT_FIELDS}))(?=[\s>])[^<>]*+(?<!/)>")
_END_OF_TEXT_FIELD = re.compile(rf"</((?:[\w.-]{{1,99}}:)?(?:{_TEXT_FIELDS}))")
_NAMESPACE_OF_TAGS = re.compile(r"(</?)(?:x?html|h):(?=\w)")

# Longer root elements are not repeated for each entry: only their namespaces matter.
_MAX_ROOT_TAG_CHARS = 10_000
# Parsing takes up to 60 times the memory of the source, but one entry at a time. Longer ones are not articles.
_MAX_ENTRY_CHARS = 1_000_000
_MAX_CHANNEL_CHARS = 1_000_000

# The prefixes of namespaces. Those of feeds themselves have none. An unknown one keeps the prefix of the feed.
_PREFIXES = {
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://prismstandard.org/namespaces/basic/2.0/": "prism",
}
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

# The elements of each field, in order of trust.
_TITLES = ("title", "dc:title", "media:title")
_BODIES = (
    "content:encoded",
    "content",
    "xhtml:body",
    "body",
    "description",
    "summary",
    "media:description",
    "itunes:summary",
)
_IDS = ("guid", "id", "dc:identifier")
_PUBLISHED = (
    "published",
    "pubdate",
    "issued",
    "date",
    "dcterms:issued",
    "dc:date",
    "dcterms:created",
    "created",
    "prism:publicationdate",
)
_MODIFIED = ("updated", "modified", "dcterms:modified", "prism:modificationdate")
_LANGUAGES = ("dc:language", "language")
_TAGS = ("category", "dc:subject")
_KEYWORDS = ("media:keywords", "itunes:keywords")
_AUTHORS = ("author", "dc:creator", "creator", "itunes:author")
_IMAGES = ("media:content", "media:group", "enclosure", "media:thumbnail", "itunes:image")

# `author` of RSS: an address, with the name in parentheses.
_MAIL_AND_NAME = re.compile(r"[^\s@]+@[^\s@()]+\s*\((?P<name>[^()]+)\)\Z")
_URL = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_MAX_ID_CHARS = 10_000
# The number of elements of one kind in an entry that are considered.
_MAX_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class _Channel:
    """What a feed says about all its entries.

    Attributes:
        title: the name of the feed.
        language: its language.
        authors: its authors.
        url: the URL that relative ones refer to.
    """

    title: str | None
    language: str | None
    authors: tuple[str, ...]
    url: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed with separated entries.

    Attributes:
        entries: the source of each entry.
        _root_tag: the start tag of the root, with the namespaces of the entries.
        _channel: the title, language and authors that entries without their own take.
    """

    entries: tuple[str, ...]
    _root_tag: str
    _channel: _Channel

    def read_entry(self, index: int) -> dict[str, Json]:
        """Return an entry as a raw article.

        Raises:
            UnreadableContent: it has neither a text nor a title, or it is too long.
        """
        if len(self.entries[index]) > _MAX_ENTRY_CHARS:
            raise UnreadableContent(f"The entry of the feed is too long: at most {_MAX_ENTRY_CHARS:,} characters.")
        root = _parse(self._root_tag + self.entries[index])
        children = () if root is None else root.iterchildren("*")
        entry = next((child for child in children if _name(child) in ("item", "entry")), None)
        article = {} if entry is None else _read_entry(entry, self._channel)
        if not article.get("title") and not article.get("text") and not article.get("html"):
            raise UnreadableContent("The entry of the feed has no text and no title.")
        return article


def read_feed(text: str, max_entries: int = sys.maxsize) -> Feed:
    """Separate the entries of a feed.

    Args:
        text: the feed, decoded.
        max_entries: the maximum number of entries.

    Raises:
        UnreadableContent: it is not RSS or Atom.
        LimitExceeded: it has too many entries.

    >>> feed = read_feed("<rss><channel><title>News</title><item><title>Rain</title></item></channel></rss>")
    >>> feed.read_entry(0)
    {'source': 'News', 'title': 'Rain', 'text': ''}
    """
    text = NOT_XML.sub("", text)
    root = FEED_ROOT.match(text[:HEAD_CHARS])
    if not root or not feed_type(text):
        raise UnreadableContent("The document is not a feed: RSS or Atom is expected.")
    spans: list[tuple[int, int]] = []
    name = "entry" if root["name"].lower() == "feed" else "item"
    for span in _entry_spans(text, root.end(), name, root["prefix"] or ""):
        if len(spans) == max_entries:
            detail = f"The feed has more than {max_entries} entries."
            raise LimitExceeded(detail, limit=max_entries, unit="articles")
        spans.append(span)
    start, end = (spans[0][0], spans[-1][1]) if spans else (len(text), len(text))
    root_tag = root["tag"] if len(root["tag"]) <= _MAX_ROOT_TAG_CHARS else f"<{root['name']}>"
    head = text[root.end() : min(start, root.end() + _MAX_CHANNEL_CHARS)]
    channel = _read_channel(root_tag + head + text[end : end + _MAX_CHANNEL_CHARS])
    return Feed(tuple(text[start:end] for start, end in spans), root_tag, channel)


def _entry_spans(text: str, root_end: int, name: str, prefix: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each entry. One without an end tag ends where the next one starts.

    Args:
        text: the feed.
        root_end: the end of the start tag of its root.
        name: the name of an entry.
        prefix: the prefix of the root, which entries may have, too.
    """
    tags = re.compile(
        rf"{_CDATA}|{_COMMENT}|<(?P<slash>/?)(?:(?:rss|atom|a|ns0|{re.escape(prefix)}):)?{name}(?=[\s/>])[^<>]*+>",
        re.DOTALL | re.IGNORECASE,
    )
    start = None
    for tag in tags.finditer(text, root_end):
        if tag["slash"] is None:
            continue
        if start is not None:
            yield start, tag.end() if tag["slash"] else tag.start()
        start = None if tag["slash"] or tag[0].endswith("/>") else tag.start()
    if start is not None:
        yield start, len(text)


def _parse(source: str) -> etree._Element | None:
    """Return the root of a part of a feed, as far as it can be parsed."""
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,  # long texts; deep trees are cut off by the parser
    )
    try:
        return etree.fromstring(_escape_markup(_repair_entities(_repair_numbers(source))).encode(), parser)
    except etree.XMLSyntaxError:
        return None


def _repair_numbers(source: str) -> str:
    """Join pairs of surrogates that are written as two references, and remove references that XML does not allow."""
    return _NUMERIC_REFERENCES.sub(_replace_forbidden, source) if "&#" in source else source


def _replace_forbidden(references: re.Match[str]) -> str:
    numbers = _NUMERIC_REFERENCE.findall(references[0])
    codes = [int(hexadecimal, 16) if hexadecimal else int(decimal) for hexadecimal, decimal in numbers]
    text = "".join(chr(code) for code in codes if code <= sys.maxunicode)
    if len(text) == len(codes) and not NOT_XML.search(text):
        return references[0]
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return "".join(f"&#{ord(character)};" for character in NOT_XML.sub("", joined))


def _repair_entities(source: str) -> str:
    """Replace references that XML does not know by their characters, and escape bare ampersands and brackets."""
    parts: list[str] = []
    position = 0
    for literal in _LITERAL.finditer(source):
        parts += (_repair_outside_cdata(source[position : literal.start()]), literal[0])
        position = literal.end()
    return "".join((*parts, _repair_outside_cdata(source[position:])))


def _repair_outside_cdata(source: str) -> str:
    source = source.replace("<!--", "")  # a comment without an end
    if "&" in source:
        source = _NAMED_REFERENCE.sub(_expand_reference, _BARE_AMPERSAND.sub("&amp;", source))
    return _BARE_BRACKET.sub("&lt;", source)


def _expand_reference(match: re.Match[str]) -> str:
    character = html5.get(f"{match[1]};")
    return character.translate(_XML_ESCAPES) if character else f"&amp;{match[1]};"


def _escape_markup(source: str) -> str:
    """Return a source where texts with tags of HTML are CDATA, so that missing end tags do not matter."""
    parts: list[str] = []
    position = 0
    last_ends = {end[1]: end.start() for end in _END_OF_TEXT_FIELD.finditer(source)}
    while field := _TEXT_FIELD.search(source, position):
        name, end = field["name"], field.end()
        if last_ends.get(name, 0) >= end:  # else each name would be searched up to the end of the source
            end = source.index(f"</{name}", end)
        inner = source[field.end() : end]
        if "<" in inner and "<![CDATA[" not in inner:
            html = _NAMESPACE_OF_TAGS.sub(r"\1", inner).replace("]]>", "]]&gt;")
            inner = f"<![CDATA[{html}]]>"
        parts += (source[position : field.end()], inner)
        position = end
    return "".join((*parts, source[position:]))


def _name(element: etree._Element) -> str:
    """Return the name of an element with the usual prefix of its namespace, in lower case."""
    namespace, _, name = element.tag.rpartition("}")
    prefix = _PREFIXES.get(namespace[1:], element.prefix) if namespace else ""
    full = f"{prefix}:{name}" if prefix else name
    return full.lower().removeprefix("atom:").removeprefix("rss:")


class _Fields:
    """The child elements of an entry or channel, by name."""

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        self._by_name: dict[str, list[etree._Element]] = {}
        for child in element.iterchildren("*"):
            self._by_name.setdefault(_name(child), []).append(child)

    def all(self, names: Iterable[str]) -> list[etree._Element]:
        return [child for name in names for child in self._by_name.get(name, ())]

    def texts(self, names: Iterable[str]) -> list[str]:
        return [text for child in self.all(names) if (text := _text(child))]

    def first_text(self, names: Iterable[str]) -> str | None:
        return next(iter(self.texts(names)), None)


def _text(element: etree._Element) -> str:
    return "".join(element.itertext()).strip()


def _read_channel(source: str) -> _Channel:
    root = _parse(source)
    if root is None:
        return _Channel(None, None, (), None)
    channel = next((child for child in root.iterchildren("*") if _name(child) == "channel"), root)
    fields = _Fields(channel)
    language = fields.first_text(_LANGUAGES) or channel.get(_LANGUAGE) or root.get(_LANGUAGE)
    titles = (_plain(child) for child in fields.all(("title",))[:_MAX_CANDIDATES])
    url = root.get(_BASE) or _link(fields, None)
    return _Channel(next(filter(None, titles), None), language, tuple(_atom_authors(fields)), url)


def _read_entry(entry: etree._Element, channel: _Channel) -> dict[str, Json]:
    fields = _Fields(entry)
    identifier = fields.first_text(_IDS) or entry.get(_ABOUT)
    title = next(filter(None, (_plain(child) for child in fields.all(_TITLES)[:_MAX_CANDIDATES])), None)
    origin = _origin(fields)
    article: dict[str, Json] = {
        "id": identifier if identifier and len(identifier) <= _MAX_ID_CHARS else None,
        "url": _url(fields, channel.url),
        "source": origin.title or channel.title,
        "title": title,
        "authors": list(_authors(fields) or origin.authors or channel.authors),
        "published": fields.first_text(_PUBLISHED),
        "modified": fields.first_text(_MODIFIED),
        "language": fields.first_text(_LANGUAGES) or entry.get(_LANGUAGE) or origin.language or channel.language,
        "tags": list(dict.fromkeys(_tags(fields))),
        "image": _image(fields),
    }
    return {name: value for name, value in article.items() if value} | _body(fields)


def _origin(fields: _Fields) -> _Channel:
    """Return the feed that an entry was taken from."""
    for source in fields.all(("source",))[:_MAX_CANDIDATES]:
        inner = _Fields(source)
        title = next((_plain(child) for child in inner.all(("title",))), None) or _text(source)
        if len(source) == 0 or inner.all(("title",)):
            return _Channel(title or None, source.get(_LANGUAGE), tuple(_atom_authors(inner)), None)
    return _Channel(None, None, (), None)


def _body(fields: _Fields) -> dict[str, Json]:
    """Return the first body with any text: as `html` if it is HTML, else as `text`."""
    for element in fields.all(_BODIES)[:_MAX_CANDIDATES]:
        text = _text(element)
        if not text or element.get("src"):
            continue
        if _is_html(element, text):
            if is_too_large(text) or render_text(text):
                return {"html": text}
        elif is_markup(unescaped := unescape(text)):  # escaped twice
            return {"html": unescaped}
        else:
            return {"text": text}
    return {"text": ""}


def _plain(element: etree._Element) -> str:
    """Return a title as plain text."""
    text = _text(element)
    return " ".join(render_text(text).split()) if _is_html(element, text) else text


def _is_html(element: etree._Element, text: str) -> bool:
    """Return whether a text is HTML: as its type says, or because it has tags."""
    declared = (element.get("type") or "").lower()
    if declared in ("html", "xhtml", "text/html", "application/xhtml+xml"):
        return True
    if declared in ("text", "text/plain") and not is_markup(text):
        return False
    return is_markup(text) or any(_is_certain_tag(token) for token in TOKEN.finditer(text))


def _is_certain_tag(token: re.Match[str]) -> bool:
    """Return whether a tag is more than a word in angle brackets."""
    name = tag_name(token)
    return bool(name and (token["attributes"].strip(" /") or token["slash"] or name in _CERTAIN_TAGS))


_CERTAIN_TAGS = PARAGRAPH_ELEMENTS - {"article", "body", "head", "header", "html", "main", "table"} | {"br", "img"}


def _url(fields: _Fields, base: str | None) -> str | None:
    """Return the URL of an entry."""
    base = fields.element.get(_BASE) or base
    permalinks = [
        _text(guid) for guid in fields.all(("guid",)) if guid.get("ispermalink", guid.get("isPermaLink")) != "false"
    ]
    candidates = [
        *fields.texts(("feedburner:origlink",)),
        _link(fields, base),
        *permalinks,
        *fields.texts(("id",)),
        fields.element.get(_ABOUT),
    ]
    return next((url for url in candidates if url and _URL.match(url)), None)


def _link(fields: _Fields, base: str | None) -> str | None:
    """Return the link to the page: the text of RSS, or the address of Atom."""
    links = fields.all(("link",))[:_MAX_CANDIDATES]
    candidates = [_text(link) for link in links]
    candidates += [link.get("href") or "" for link in links if link.get("rel", "alternate") == "alternate"]
    for candidate in filter(None, candidates):
        try:
            return urljoin(base, candidate) if base else candidate
        except ValueError:  # an invalid URL
            continue
    return None


def _authors(fields: _Fields) -> list[str]:
    reporters = [
        _text(child)
        for child in fields.all(("media:credit",))
        if (child.get("role") or "").lower() in ("author", "reporter")
    ]
    names = _atom_authors(fields) or fields.texts(_AUTHORS[1:3]) or fields.texts(_AUTHORS[3:]) or reporters
    return list(dict.fromkeys(names))


def _atom_authors(fields: _Fields) -> list[str]:
    """Return the authors: the names of Atom, or the texts of RSS without an address."""
    names = []
    for author in fields.all(_AUTHORS[:1]):
        inner = _Fields(author)
        text = inner.first_text(("name", "foaf:name")) or ("" if len(author) else _text(author))
        match = _MAIL_AND_NAME.match(text)
        names.append(match["name"].strip() if match else text)
    return [name for name in names if name]


def _tags(fields: _Fields) -> Iterator[str]:
    for element in fields.all(_TAGS):
        tag = element.get("label") or element.get("term") or _text(element)
        if tag and not _URL.match(tag):
            yield " ".join(unescape(tag).split())
    for text in fields.texts(_KEYWORDS):
        yield from (word.strip() for word in text.split(",") if word.strip())


def _image(fields: _Fields) -> str | None:
    for element in fields.all(_IMAGES)[:_MAX_CANDIDATES]:
        for part in (element, *element.iterchildren("*")):
            url: str | None = part.get("url") or part.get("href")
            is_image = _name(part) in _IMAGES[-2:] or part.get("medium") == "image"
            if url and _URL.match(url) and (is_image or (part.get("type") or "").startswith("image/")):
                return url
    return None
