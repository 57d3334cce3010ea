"""HTML character references left in plain text: `&rsquo;`, `&#8217;`, `&amp;amp;`.

The danger is text that means them: HTML itself, and prose about it. So a line that holds what looks like a tag is left
alone; only references that end in a semicolon and that HTML knows are read; and none is read that would give a control
character, a surrogate or U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape as unescape_reference
from html.entities import html5

from svc.core.article import Edit, Options

# An ampersand may have been escaped any number of times: `&amp;amp;lt;` is read in one go, so that nesting costs
# linear time (ftfy reads a layer at a time: 2.3 s for 32 kB).
_REFERENCE = re.compile(
    r"&(?:amp;|AMP;|#0*38;|#[xX]0*26;)*((?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,7});)"
)
_RUN = re.compile(rf"(?:{_REFERENCE.pattern})+")
_TAG = re.compile(r"<[A-Za-z/!?][^<>\n]*>")
_LINE = re.compile(r"[^\n]+")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd]")
_PLAN = (("unescape-html",),)
_MISREAD = ("windows-1252", "sloppy-windows-1252")


def unescape(text: str) -> str:
    """Read the character references of a text as deep as they are nested; leave alone what is none.

    >>> unescape("R&amp;amp;D &hellip; AT&T &nosuch; &#0;")
    'R&D … AT&T &nosuch; &#0;'
    """
    return _REFERENCE.sub(_read, text)


def _read(match: re.Match[str]) -> str:
    reference = match[1]
    if reference[0] != "#" and reference not in html5:
        return match[0]
    character = unescape_reference(f"&{reference}")
    return match[0] if not character or _UNREADABLE.search(character) else character


def _broken(text: str, line: re.Match[str]) -> Iterator[Edit]:
    """Propose to read references that hold mojibake, which nobody can mean, tags or no tags: `&acirc;&euro;&trade;`."""
    for run in _RUN.finditer(text, line.start(), line.end()):
        try:
            after = unescape(run[0]).encode(_MISREAD[1]).decode()
        except UnicodeError:
            continue
        if not after.isascii():
            yield Edit(
                run.start(), run.end(), after, "mojibake", (*_PLAN, ("encode", _MISREAD[0]), ("decode", "utf-8"))
            )


def edits(text: str, options: Options) -> Sequence[Edit]:
    """Propose to read character references, on lines without tags.

    >>> [(e.start, e.end, e.after) for e in edits("Q&amp;A, 5 &lt; 6", Options())]
    [(1, 6, '&'), (11, 15, '<')]
    """
    if options.repair == "off" or "&" not in text:
        return ()
    return list(_edits(text))


def _edits(text: str) -> Iterator[Edit]:
    for line in _LINE.finditer(text):
        if "&" not in line[0]:
            continue
        if _TAG.search(line[0]):
            yield from _broken(text, line)
            continue
        for run in _RUN.finditer(text, line.start(), line.end()):
            after = unescape(run[0])
            if after != run[0]:
                yield Edit(run.start(), run.end(), after, "entity", _PLAN)
