r"""HTML without a parser: is it HTML at all, is it a whole page, how deep is it nested.

A tree is built by a parser, and a parser can be made to work for ever. What is asked here needs no tree: one pattern
cuts the string into tags, comments and text, and looks at each character once. So it is safe to ask before anything is
parsed, and it works without the extra `html`.

The danger is prose that only looks like HTML: `a < b`, `List<String>`, a lesson on the `<p>` tag. To take that for
markup is to delete it. So most of the text must lie inside elements, or all tags must come in pairs and nothing around
them speak of tags.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

# Far more than any page that was seen; with fewer a parser is done within seconds. What costs is the sum of all levels,
# as trafilatura climbs up from each element. Below the 256th the parser cuts off.
DEEPEST, MOST_ELEMENTS, MOST_ATTRIBUTES = 2_000, 40_000, 256
_MOST_LEVELS, _CUT_OFF = 1_000_000, 256
# An attribute takes half a kilobyte of memory.
MOST_ATTRIBUTES_IN_ALL = 200_000
MOST_CHARACTERS = 10 * 2**20
TOO_LARGE = f"The page has more than {MOST_ELEMENTS:,} elements, or more than {MOST_CHARACTERS:,} characters."

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
PARAGRAPHS = frozenset(
    "address article aside blockquote body center details dialog div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 "
    "head header hgroup hr html main nav ol p pre section table ul".split()
)
LINES = frozenset("caption dd dt figcaption legend li option summary tbody tfoot thead tr".split())
CELLS = frozenset(["td", "th"])
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code del dfn em embed font i img ins kbd label mark q rp rt ruby s samp "
    "small source span strike strong sub sup time tt u var wbr".split()
)
_PAGE = frozenset(["!doctype", "html", "head", "body"])
_KNOWN = PARAGRAPHS | LINES | CELLS | _INLINE | _PAGE
# An end tag may be left out here, and the next one of the kind then ends the element: alone they don't nest.
_OPTIONAL = frozenset("body colgroup dd dt head html li optgroup option p rp rt tbody td tfoot th thead tr".split())
# What a reader never sees as text of the article.
_UNREAD = "script|style|template|noscript|iframe|object|svg|select|textarea|button|audio|video|canvas|title"
_ATTRIBUTES = r"(?:[^<>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+"

# Nothing fails after a long look: a comment or an unread element that is never closed ends with the text, as browsers
# have it, and a tag that meets `<` before its `>` is matched with an empty `end`. It is no tag then. What may stand
# behind the bracket is asked first, as texts with a million bare ones are slow otherwise.
_COMMENT = r"!--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+(?:--!?>|\Z))"
TOKEN = re.compile(
    rf"<(?=[a-z/!?])(?:{_COMMENT}|!\[CDATA\[[^\]]*+(?:\](?!\]>)[^\]]*+)*+(?:\]\]>|\Z)"
    rf"|(?P<unread>{_UNREAD})(?=[\s/>]){_ATTRIBUTES}"
    r"(?:(?<=/)>|>[^<]*+(?:<(?!/(?P=unread)[\s/>])[^<]*+)*+(?:</[^<>]*+>?|\Z)|(?=<)|\Z)"
    rf"|(?P<slash>/?)(?P<name>!doctype|[a-z][a-z0-9:-]*+)(?P<attributes>{_ATTRIBUTES})(?P<end>>|(?=<)|\Z)"
    r"|[!?/][^>]*+(?:>|\Z))",
    re.IGNORECASE | re.DOTALL,
)
# Tags exactly as a parser cuts them, so that nothing can be hidden from us: other rules for quotes, other raw elements.
_ATTRIBUTE = r"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?+"
_PARSED = re.compile(
    rf"<(?=[a-z/!?])(?:{_COMMENT}|(?:[!?]|/(?![a-z]))[^>]*+"
    r"|(?P<slash>/?)(?:(?P<raw>(?<!/)(?:script|style|textarea|title|xmp|iframe|noembed|noframes))(?=[\s/>])"
    r"|(?P<name>[a-z][^\s/>]*+))"
    rf"(?:>|(?P<crowd>(?:{_ATTRIBUTE}){{{MOST_ATTRIBUTES}}}+)?+(?:{_ATTRIBUTE})*+[\s/]*+)"
    r"(?(raw)(?:(?:(?<=>)|>)[^<]*+(?:<(?!/(?P=raw)[\s/>])[^<]*+)*+)?))",
    re.IGNORECASE | re.DOTALL,
)
_ONE_ATTRIBUTE = re.compile(_ATTRIBUTE)
_ELEMENT = re.compile("<[a-zA-Z]")
# So many tags tell whether a text is markup; each costs half a kilobyte of memory meanwhile.
_MOST_LOOKED_AT = 2 * MOST_ELEMENTS
_MAYBE_PAGE = re.compile("<(?:!doctype|html|head|body)", re.IGNORECASE)
_QUOTES = frozenset("\"'`“”„‘’«»")
# Who writes about markup names it, in words that are much the same everywhere.
_ABOUT_MARKUP = re.compile(
    r"html|xml|markdown|\btags?\b|markup|balise|etiqueta|\bтег|タグ|标签|標籤|태그", re.IGNORECASE
)


def name_of(token: re.Match[str]) -> str:
    """Return the name of a tag in lower case; nothing for comments and for what is no tag after all."""
    return token["name"].lower() if token["end"] else ""


def is_page(html: str) -> bool:
    """Tell whether this is a whole page, and not a fragment of one.

    >>> is_page("<!DOCTYPE html><title>x</title>"), is_page("<p>one</p><p>two</p>")
    (True, False)
    """
    return bool(_MAYBE_PAGE.search(html)) and any(name_of(token) in _PAGE for token in TOKEN.finditer(html))


def is_markup(text: str) -> bool:
    """Tell whether a text is HTML, rather than prose or code with angle brackets in it.

    >>> is_markup("<p>One.</p><p>Two.</p>"), is_markup("One.<br>Two."), is_markup("If a < b, use <p> or List<String>")
    (True, True, False)
    """
    if len(text) > MOST_CHARACTERS or "<" not in text or ">" not in text:
        return False
    known = (token for token in TOKEN.finditer(text) if token["unread"] or name_of(token) in _KNOWN)
    tags = list(islice(known, _MOST_LOOKED_AT))
    if len(tags) == _MOST_LOOKED_AT:
        text = text[: tags[-1].end()]
    if not tags or any(_is_spoken_of(text, tag) for tag in tags):
        return False
    if name_of(tags[0]) in _PAGE and not _prose(text[: tags[0].start()]):
        return True
    if 2 * _inside_blocks(tags) >= len(text.strip()):
        return True
    return (_is_paired(tags) or _is_open_ended(text, tags)) and not _ABOUT_MARKUP.search(_prose(text))


def depth(html: str) -> int:
    """Return how deep elements are nested, as far as it can be told without a parser.

    Elements whose end tags may be left out are not counted, nor are end tags without a beginning.

    >>> depth("<div><p><b>x</b><p><i>y</i></div>"), depth("<div></b><div></b><div>")
    (2, 3)
    """
    return max(_levels(html), default=0)


def is_too_deep(html: str) -> bool:
    """Tell whether a parser should not see this. Most pages have fewer tags than the limit, and are not even read.

    >>> is_too_deep("<div>" * 3000), is_too_deep("<p>" * 3000), is_too_deep("<table>" * 240 + "<p>x</p>" * 9000)
    (True, False, True)
    """
    if not _has_more_elements(html, DEEPEST):
        return False
    levels = list(_levels(html))
    return max(levels, default=0) > DEEPEST or sum(min(level, _CUT_OFF) for level in levels) > _MOST_LEVELS


def is_too_large(html: str) -> bool:
    """Tell whether there are too many elements or characters.

    >>> is_too_large("<b>" * 40_001), is_too_large("<" * 40_001)
    (True, False)
    """
    return len(html) > MOST_CHARACTERS or _has_more_elements(html, MOST_ELEMENTS)


def is_crowded(html: str) -> bool:
    """Tell whether an element has too many attributes, as parsers compare each with all others; or all have together.

    >>> is_crowded(f"<p {'a b=c ' * 128}>"), is_crowded("<p a b=c>" * 128), is_crowded(f"<p {'a ' * 250}>" * 801)
    (True, False, True)
    """
    room = MOST_ATTRIBUTES_IN_ALL
    # An attribute is two characters long at least.
    scarce = 2 * room >= len(html)
    for tag in _PARSED.finditer(html):
        if tag["crowd"] and not tag["slash"]:
            return True
        if not scarce and tag["name"] and not tag["slash"]:
            start, end = tag.end("name"), tag.end()
            room -= sum(1 for _ in islice(_ONE_ATTRIBUTE.finditer(html, start, end - 1), MOST_ATTRIBUTES))
            if room < 0:
                return True
    return False


def _has_more_elements(html: str, most: int) -> bool:
    return next(islice(_ELEMENT.finditer(html), most, None), None) is not None


def _levels(html: str) -> Iterator[int]:
    """Yield the level of each element."""
    stack: list[str] = []
    within: Counter[str] = Counter()
    for token in _PARSED.finditer(html):
        name = (token["raw"] or token["name"] or "").lower()
        if name in _OPTIONAL or name in VOID or token["raw"]:
            yield from () if token["slash"] else (len(stack) + 1,)
        elif name and not token["slash"]:
            stack.append(name)
            within[name] += 1
            yield len(stack)
        elif within[name]:
            _close(name, stack, within)


def _close(name: str, stack: list[str], within: Counter[str]) -> None:
    """Take everything from the stack down to the element that ends here."""
    last = ""
    while last != name:
        last = stack.pop()
        within[last] -= 1


def _prose(text: str) -> str:
    return TOKEN.sub(" ", text).strip("\ufeff \t\r\n")


def _is_spoken_of(text: str, tag: re.Match[str]) -> bool:
    """Tell whether a tag is only named: in quotation marks, or as a word of a sentence (`the <p> element`)."""
    before, after = text[max(0, tag.start() - 40) : tag.start()], text[tag.end() : tag.end() + 1]
    if before[-1:] in _QUOTES and after in _QUOTES:
        return True
    begins_block = name_of(tag) in PARAGRAPHS and not tag["slash"] and not tag["attributes"]
    return begins_block and after == " " and before.rstrip(" \t")[-1:].isalnum()


def _inside_blocks(tags: list[re.Match[str]]) -> int:
    """Count the characters inside block elements that end."""
    covered, reached = 0, -1
    began: dict[str, int] = {}
    for tag in tags:
        name = name_of(tag)
        if name not in PARAGRAPHS:
            continue
        if not tag["slash"]:
            began.setdefault(name, tag.start())
        elif (start := began.pop(name, None)) is not None:
            covered += max(0, tag.end() - max(start, reached))
            reached = max(reached, tag.end())
    return covered


def _is_paired(tags: list[re.Match[str]]) -> bool:
    """Tell whether every element that has to end does."""
    balance: Counter[str] = Counter()
    for tag in tags:
        if tag["unread"]:
            balance[tag["unread"]] += "</" not in tag[0]
        elif name_of(tag) not in VOID:
            balance[name_of(tag)] += -1 if tag["slash"] else 1
    return not any(balance.values())


def _is_open_ended(text: str, tags: list[re.Match[str]]) -> bool:
    """Tell whether a text begins with a block and has more of them: `<p>One<p>Two`, or markup that was cut off."""
    blocks = [tag for tag in tags if name_of(tag) in PARAGRAPHS | LINES]
    return len(blocks) > 1 and not text[: blocks[0].start()].strip()
