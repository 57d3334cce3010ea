r"""Recognition of HTML without a parser: whether a text is HTML, whether it is a whole page, and its nesting depth.

A parser builds a tree, and hostile input can make that take arbitrarily long. The functions here need no tree: one
pattern splits the text into tags, comments and text, and visits each character once. So they are safe to call before
parsing, and they work without the extra `html`.

The danger is prose that looks like HTML: `a < b`, `List<String>`, a lesson on the `<p>` tag. Parsing it as HTML would
delete text. A text is HTML only if most of it is inside elements, or if all tags are paired and the text around them
does not mention tags.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

# The limits are far above those of real pages. Within them, a parser needs seconds at most.
_MAX_CHARS = 10 * 2**20
_MAX_ELEMENTS = 40_000
_MAX_DEPTH = 2_000
# trafilatura visits the ancestors of each element, so the sum of all depths is limited. The parser drops elements below
# `_PARSER_MAX_DEPTH`.
_MAX_DEPTH_SUM = 1_000_000
_PARSER_MAX_DEPTH = 256
# Parsers compare each attribute with all others of the element, and each takes half a kilobyte of memory.
_MAX_ATTRIBUTES_PER_ELEMENT = 255
_MAX_ATTRIBUTES = 200_000

TOO_LARGE = f"The page is too large: at most {_MAX_ELEMENTS:,} elements and {_MAX_CHARS:,} characters are allowed."
TOO_DEEP = (
    f"The page is nested too deeply: at most {_MAX_DEPTH:,} levels are allowed, and {_MAX_DEPTH_SUM:,} in total over "
    "all elements."
)
TOO_MANY_ATTRIBUTES = (
    f"The page has too many attributes: at most {_MAX_ATTRIBUTES_PER_ELEMENT} per element and {_MAX_ATTRIBUTES:,} in "
    "total are allowed."
)

VOID_ELEMENTS = frozenset("area base br col embed hr img input link meta param source track wbr".split())
PARAGRAPH_ELEMENTS = frozenset(
    "address article aside blockquote body center details dialog div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 "
    "head header hgroup hr html main nav ol p pre section table ul".split()
)
LINE_ELEMENTS = frozenset("caption dd dt figcaption legend li option summary tbody tfoot thead tr".split())
CELL_ELEMENTS = frozenset(["td", "th"])
INLINE_ELEMENTS = frozenset(
    "a abbr acronym b bdi bdo big br cite code del dfn em embed font i img ins kbd label mark q rp rt ruby s samp "
    "small source span strike strong sub sup time tt u var wbr".split()
)
_PAGE_TAGS = frozenset(["!doctype", "html", "head", "body"])
_KNOWN_TAGS = PARAGRAPH_ELEMENTS | LINE_ELEMENTS | CELL_ELEMENTS | INLINE_ELEMENTS | _PAGE_TAGS
# Elements with optional end tags: the next element of the kind ends them, so alone they do not nest.
_OPTIONAL_END_TAGS = frozenset(
    "body colgroup dd dt head html li optgroup option p rp rt tbody td tfoot th thead tr".split()
)
# Elements with contents that are not text of the article.
HIDDEN_ELEMENTS = "script|style|template|noscript|iframe|object|svg|select|textarea|button|audio|video|canvas|title"
_ATTRIBUTES = r"(?:[^<>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+"

# Matching takes linear time. A comment or hidden element without an end extends to the end of the text, as in browsers.
# A tag with another `<` before its `>` has an empty group `end`: it is not a tag. The lookahead after the first bracket
# speeds up texts with many bare ones.
_COMMENT = r"!--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+(?:--!?>|\Z))"
TOKEN = re.compile(
    rf"<(?=[a-z/!?])(?:{_COMMENT}|!\[CDATA\[[^\]]*+(?:\](?!\]>)[^\]]*+)*+(?:\]\]>|\Z)"
    rf"|(?P<hidden>{HIDDEN_ELEMENTS})(?=[\s/>]){_ATTRIBUTES}"
    r"(?:(?<=/)>|>[^<]*+(?:<(?!/(?P=hidden)[\s/>])[^<]*+)*+(?:</[^<>]*+>?|\Z)|(?=<)|\Z)"
    rf"|(?P<slash>/?)(?P<name>!doctype|[a-z][a-z0-9:-]*+)(?P<attributes>{_ATTRIBUTES})(?P<end>>|(?=<)|\Z)"
    r"|[!?/][^>]*+(?:>|\Z))",
    re.IGNORECASE | re.DOTALL,
)
# Tags as the parser reads them, so that none can be hidden: other rules for quotes, other raw elements.
_ATTRIBUTE = r"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?+"
_PARSER_TOKEN = re.compile(
    rf"<(?=[a-z/!?])(?:{_COMMENT}|(?:[!?]|/(?![a-z]))[^>]*+"
    r"|(?P<slash>/?)(?:(?P<raw>(?<!/)(?:script|style|textarea|title|xmp|iframe|noembed|noframes))(?=[\s/>])"
    r"|(?P<name>[a-z][^\s/>]*+))"
    rf"(?:>|(?P<crowd>(?:{_ATTRIBUTE}){{{_MAX_ATTRIBUTES_PER_ELEMENT + 1}}}+)?+(?:{_ATTRIBUTE})*+[\s/]*+)"
    r"(?(raw)(?:(?:(?<=>)|>)[^<]*+(?:<(?!/(?P=raw)[\s/>])[^<]*+)*+)?))",
    re.IGNORECASE | re.DOTALL,
)
_ONE_ATTRIBUTE = re.compile(_ATTRIBUTE)
_ELEMENT_START = re.compile("<[a-zA-Z]")
# The number of tags that decide whether a text is HTML. Each takes half a kilobyte of memory.
_MAX_SNIFFED_TAGS = 2 * _MAX_ELEMENTS
_MAYBE_PAGE = re.compile("<(?:!doctype|html|head|body)", re.IGNORECASE)
_QUOTES = frozenset("\"'`“”„‘’«»")
# Words of texts about markup, in many languages.
_ABOUT_MARKUP = re.compile(
    r"html|xml|markdown|\btags?\b|markup|balise|etiqueta|\bтег|タグ|标签|標籤|태그", re.IGNORECASE
)


# The number of characters before a tag that are checked for a sentence.
_CONTEXT_CHARS = 40


def tag_name(token: re.Match[str]) -> str:
    """Return the name of a tag in lower case; an empty string for comments and tokens that are not tags."""
    return token["name"].lower() if token["end"] else ""


def is_page(html: str) -> bool:
    """Return whether HTML is a whole page, not a fragment.

    >>> is_page("<!DOCTYPE html><title>x</title>"), is_page("<p>one</p><p>two</p>")
    (True, False)
    """
    return bool(_MAYBE_PAGE.search(html)) and any(tag_name(token) in _PAGE_TAGS for token in TOKEN.finditer(html))


def is_markup(text: str) -> bool:
    """Return whether a text is HTML, not prose or code with angle brackets.

    >>> is_markup("<p>One.</p><p>Two.</p>"), is_markup("One.<br>Two."), is_markup("If a < b, use <p> or List<String>")
    (True, True, False)
    """
    tags = known_tags(text)
    if len(tags) == _MAX_SNIFFED_TAGS:
        text = text[: tags[-1].end()]
    if not tags or any(_is_quoted(text, tag) for tag in tags):
        return False
    if _frames(text, tags):
        return True
    return (_is_balanced(tags) or _is_cut_off(text, tags)) and not _ABOUT_MARKUP.search(_remove_tags(text))


def known_tags(text: str) -> list[re.Match[str]]:
    """Return the tags of known elements, as matches of `TOKEN`; not all of them if there are very many."""
    if len(text) > _MAX_CHARS or "<" not in text or ">" not in text:
        return []
    tags = (token for token in TOKEN.finditer(text) if token["hidden"] or tag_name(token) in _KNOWN_TAGS)
    return list(islice(tags, _MAX_SNIFFED_TAGS))


def frames_text(text: str) -> bool:
    """Return whether a text starts as a page or a block, or most of it is inside blocks.

    >>> frames_text("<p>One<p>Two"), frames_text("A long sentence before <p>one</p>")
    (True, False)
    """
    tags = known_tags(text)
    return bool(tags) and (_frames(text, tags) or _is_cut_off(text, tags))


def _frames(text: str, tags: list[re.Match[str]]) -> bool:
    starts_as_page = tag_name(tags[0]) in _PAGE_TAGS and not _remove_tags(text[: tags[0].start()])
    return starts_as_page or 2 * _count_characters_in_blocks(tags) >= len(text.strip())


def max_depth(html: str) -> int:
    """Return the nesting depth of elements, as far as it is known without a parser.

    Elements with optional end tags and end tags without a start tag are not counted.

    >>> max_depth("<div><p><b>x</b><p><i>y</i></div>"), max_depth("<div></b><div></b><div>")
    (2, 3)
    """
    return max(_depths(html), default=0)


def is_too_deep(html: str) -> bool:
    """Return whether elements are nested too deeply for a parser. Most pages have too few elements to be checked.

    >>> is_too_deep("<div>" * 3000), is_too_deep("<p>" * 3000), is_too_deep("<table>" * 240 + "<p>x</p>" * 9000)
    (True, False, True)
    """
    if not _has_more_elements(html, _MAX_DEPTH):
        return False
    depths = list(_depths(html))
    if max(depths, default=0) > _MAX_DEPTH:
        return True
    return sum(min(depth, _PARSER_MAX_DEPTH) for depth in depths) > _MAX_DEPTH_SUM


def is_too_large(html: str) -> bool:
    """Return whether there are too many elements or characters.

    >>> is_too_large("<b>" * 40_001), is_too_large("<" * 40_001)
    (True, False)
    """
    return len(html) > _MAX_CHARS or _has_more_elements(html, _MAX_ELEMENTS)


def has_too_many_attributes(html: str) -> bool:
    """Return whether an element, or the whole page, has too many attributes.

    >>> has_too_many_attributes(f"<p {'a b=c ' * 128}>"), has_too_many_attributes("<p a b=c>" * 128)
    (True, False)
    >>> has_too_many_attributes(f"<p {'a ' * 250}>" * 801)
    True
    """
    remaining = _MAX_ATTRIBUTES
    # An attribute has two characters at least, so most pages are too short for the limit.
    is_short = len(html) <= 2 * _MAX_ATTRIBUTES
    for tag in _PARSER_TOKEN.finditer(html):
        if tag["crowd"] and not tag["slash"]:
            return True
        if not is_short and tag["name"] and not tag["slash"]:
            attributes = _ONE_ATTRIBUTE.finditer(html, tag.end("name"), tag.end() - 1)
            remaining -= sum(1 for _ in islice(attributes, _MAX_ATTRIBUTES_PER_ELEMENT + 1))
            if remaining < 0:
                return True
    return False


def _has_more_elements(html: str, limit: int) -> bool:
    return next(islice(_ELEMENT_START.finditer(html), limit, None), None) is not None


def _depths(html: str) -> Iterator[int]:
    """Yield the depth of each element."""
    stack: list[str] = []
    open_counts: Counter[str] = Counter()
    for token in _PARSER_TOKEN.finditer(html):
        name = (token["raw"] or token["name"] or "").lower()
        if name in _OPTIONAL_END_TAGS or name in VOID_ELEMENTS or token["raw"]:
            yield from () if token["slash"] else (len(stack) + 1,)
        elif name and not token["slash"]:
            stack.append(name)
            open_counts[name] += 1
            yield len(stack)
        elif open_counts[name]:
            _close(name, stack, open_counts)


def _close(name: str, stack: list[str], open_counts: Counter[str]) -> None:
    """Pop the stack down to the innermost element with this name."""
    last = ""
    while last != name:
        last = stack.pop()
        open_counts[last] -= 1


def _remove_tags(text: str) -> str:
    return TOKEN.sub(" ", text).strip("\ufeff \t\r\n")


def _is_quoted(text: str, tag: re.Match[str]) -> bool:
    """Return whether a tag is only mentioned: in quotation marks, or as a word of a sentence (`the <p> element`)."""
    before, after = text[max(0, tag.start() - _CONTEXT_CHARS) : tag.start()], text[tag.end() : tag.end() + 1]
    if before[-1:] in _QUOTES and after in _QUOTES:
        return True
    is_plain_start_tag = tag_name(tag) in PARAGRAPH_ELEMENTS and not tag["slash"] and not tag["attributes"]
    return is_plain_start_tag and after == " " and before.rstrip(" \t")[-1:].isalnum()


def _count_characters_in_blocks(tags: list[re.Match[str]]) -> int:
    """Count the characters inside block elements with end tags."""
    count, covered_until = 0, -1
    starts: dict[str, int] = {}
    for tag in tags:
        name = tag_name(tag)
        if name not in PARAGRAPH_ELEMENTS:
            continue
        if not tag["slash"]:
            starts.setdefault(name, tag.start())
        elif (start := starts.pop(name, None)) is not None:
            count += max(0, tag.end() - max(start, covered_until))
            covered_until = max(covered_until, tag.end())
    return count


def _is_balanced(tags: list[re.Match[str]]) -> bool:
    """Return whether all start tags that need an end tag have one."""
    balance: Counter[str] = Counter()
    for tag in tags:
        if tag["hidden"]:
            balance[tag["hidden"]] += "</" not in tag[0]
        elif tag_name(tag) not in VOID_ELEMENTS:
            balance[tag_name(tag)] += -1 if tag["slash"] else 1
    return not any(balance.values())


def _is_cut_off(text: str, tags: list[re.Match[str]]) -> bool:
    """Return whether a text starts with a block and has more of them: `<p>One<p>Two`, or markup that was cut off."""
    blocks = [tag for tag in tags if tag_name(tag) in PARAGRAPH_ELEMENTS | LINE_ELEMENTS]
    return len(blocks) > 1 and not text[: blocks[0].start()].strip()
