"""HTML character references in plain text: `&rsquo;`, `&#8217;`, `&amp;amp;`.

The risk is text that means them: HTML source, and prose about it. So on a line with a tag, only references that encode
mojibake are decoded. Escaped tags stay if their text would then look like HTML: nothing may take it for markup that was
not. A reference without a semicolon is decoded if it follows a letter, and is not part of an address. None is decoded
that gives a control character, a surrogate or U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from copydesk.article import Edit, Options
from copydesk.html.escaped import has_live_tags
from copydesk.transforms.characters import LINE
from copydesk.transforms.entities import REFERENCE, unescape_html

_RUN = re.compile(rf"(?:{REFERENCE.pattern})+")
_TAG = re.compile(r"<[A-Za-z/!?][^<>\n]*>")
_BRACKETS = re.compile("[<>]")
_PLAN = (("unescape-html",),)
_ADDRESS = re.compile("[/?=&#]")
# An address has such a sign in this number of characters.
_MAX_TOKEN_CHARS = 200
_MISREAD = ("windows-1252", "sloppy-windows-1252")


def _broken(text: str, line: re.Match[str]) -> Iterator[Edit]:
    """Propose to decode references that encode mojibake, even between tags: `&acirc;&euro;&trade;`."""
    for run in _RUN.finditer(text, line.start(), line.end()):
        try:
            after = unescape_html(run[0]).encode(_MISREAD[1]).decode()
        except UnicodeError:
            continue
        if not after.isascii():
            yield Edit(
                run.start(), run.end(), after, "mojibake", (*_PLAN, ("encode", _MISREAD[0]), ("decode", "utf-8"))
            )


def edits(text: str, options: Options) -> Sequence[Edit]:
    """Propose to decode character references on lines without tags.

    >>> [(e.start, e.end, e.after) for e in edits("Q&amp;A, 5 &lt; 6", Options())]
    [(1, 6, '&'), (11, 15, '<')]
    """
    if options.repair == "off" or "&" not in text:
        return ()
    edits = list(_edits(text))
    if any(_BRACKETS.search(edit.after) for edit in edits) and has_live_tags(_apply(text, edits)):
        edits = [edit for edit in edits if not _BRACKETS.search(edit.after)]
    return edits


def _apply(text: str, edits: Sequence[Edit]) -> str:
    parts: list[str] = []
    offset = 0
    for edit in edits:
        parts += (text[offset : edit.start], edit.after)
        offset = edit.end
    return "".join((*parts, text[offset:]))


def _edits(text: str) -> Iterator[Edit]:
    for line in LINE.finditer(text):
        if "&" not in line[0]:
            continue
        if _TAG.search(line[0]):
            yield from _broken(text, line)
            continue
        for run in _RUN.finditer(text, line.start(), line.end()):
            after = unescape_html(run[0])
            if after != run[0] and (run[0].endswith(";") or _stands_in_word(text, run.start())):
                yield Edit(run.start(), run.end(), after, "entity", _PLAN)


def _stands_in_word(text: str, start: int) -> bool:
    """Return whether a reference follows a letter, and its token does not look like an address."""
    if not text[start - 1 : start].isalpha():
        return False
    token = text[max(0, start - _MAX_TOKEN_CHARS) : start].replace("\n", " ").rpartition(" ")[2]
    return not _ADDRESS.search(token)
