r"""Escapes in prose: `l\u2019Europe`, `Russia\xe2\x80\x99s`, `Caf%C3%A9`, quoted-printable.

The risk is text that means them: code, URLs, prose about escapes. So escapes are decoded only on a line where one
touches a word, or where most letters are escaped. They must give characters beyond ASCII that people write, or that
were mojibake. A line that looks like code and a token that looks like a URL are not changed. Bytes must be valid UTF-8.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from copydesk.article import Edit, Options, Plan
from copydesk.transforms.characters import LINE
from copydesk.transforms.escapes import (
    BYTES,
    CODE_POINTS,
    PERCENT_ENCODED,
    QUOTED_PRINTABLE,
    SOFT_LINE_BREAK,
    decode_backslash,
    decode_percent,
    decode_quoted_printable,
)

_SIGNS = "\\%="
_ANY = re.compile(r"[\\%=](?:(?<=\\)[ux][0-9a-fA-F]{2}|(?<=%)[0-9a-fA-F]{2}%|(?<==)[0-9A-F]{2}=)")
_CODE = re.compile(r"[{}<>;|`$]|\(\)|==|\\[ntrdws\"'](?![a-z])|//|\w\(['\"\\]")
_ADDRESS = re.compile(r"[/?&=@#]|www\.")
_BLANK, _SPACE = re.compile(r"[ \t]"), re.compile(" ")
_WORD = re.compile(r"[^\W\d_]")
# Controls, surrogates, private use, unassigned characters and line separators do not occur in prose.
_UNWRITTEN = frozenset(("Cc", "Cs", "Co", "Cn", "Zl", "Zp"))
_MISREAD = ("latin-1", "sloppy-windows-1252")
# A fully escaped line has at least this number of letters.
_MIN_ESCAPED_LETTERS = 3
_CONFIDENCE = 0.97


_READ: tuple[tuple[re.Pattern[str], Callable[[str], str], Plan], ...] = (
    (CODE_POINTS, decode_backslash, (("unescape",),)),
    (BYTES, decode_backslash, (("unescape",),)),
    (PERCENT_ENCODED, decode_percent, (("percent-decode",),)),
    (QUOTED_PRINTABLE, decode_quoted_printable, (("decode-quoted-printable",),)),
)


def edits(text: str, options: Options) -> Sequence[Edit]:
    r"""Propose to decode escapes in prose.

    >>> [(e.start, e.after) for e in edits(r"l\u2019Europe", Options())]
    [(1, '’')]
    >>> edits(r"print('l\u2019Europe')", Options())
    []
    """
    if options.repair in ("off", "safe") or not (any(map(text.__contains__, _SIGNS)) and _ANY.search(text)):
        return ()
    found = sorted((edit for line in LINE.finditer(text) for edit in _line_edits(line)), key=lambda edit: edit.start)
    if any(edit.plan == (("decode-quoted-printable",),) for edit in found):
        found += [
            Edit(match.start(), match.end(), "", "escape", (("decode-quoted-printable",),), _CONFIDENCE)
            for match in SOFT_LINE_BREAK.finditer(text)
        ]
        found.sort(key=lambda edit: edit.start)
    return found


def _line_edits(line: re.Match[str]) -> Iterator[Edit]:
    text = line[0]
    if _CODE.search(text):
        return
    addresses = None
    for pattern, read, plan in _READ:
        known: dict[str, str | None] = {}
        meant: list[tuple[re.Match[str], str]] = []
        for run in pattern.finditer(text):
            if run[0] not in known:
                known[run[0]] = _meant(read, run[0])
            after = known[run[0]]
            if after is not None:
                addresses = addresses or _Addresses(text)
                if not addresses.hold(run):
                    meant.append((run, after))
        if meant and (any(_touches_word(text, run) for run, _ in meant) or _are_most(meant, pattern.sub("", text))):
            for run, after in meant:
                yield Edit(run.start() + line.start(), run.end() + line.start(), after, "escape", plan, _CONFIDENCE)


def _meant(read: Callable[[str], str], run: str) -> str | None:
    """Return the decoded escape if it is text or mojibake of text, else None."""
    try:
        after = read(run)
    except UnicodeDecodeError:
        return None
    if after.isascii():
        return None
    return after if _is_written(after) or any(_is_misread(after, codec) for codec in _MISREAD) else None


def _is_written(text: str) -> bool:
    return _UNWRITTEN.isdisjoint(map(unicodedata.category, text))


def _is_misread(text: str, codec: str) -> bool:
    """Return whether a text is mojibake of UTF-8 text."""
    try:
        return _is_written(text.encode(codec).decode())
    except UnicodeError:
        return False


def _are_most(meant: Sequence[tuple[re.Match[str], str]], others: str) -> bool:
    """Return whether most letters of the line are escaped, and the line is not only a URL."""
    if meant[0][0][0].startswith("%") and not _BLANK.search(others):
        return False
    letters = sum(len(_WORD.findall(after)) for _, after in meant)
    return letters >= _MIN_ESCAPED_LETTERS and letters > len(_WORD.findall(others))


def _touches_word(text: str, run: re.Match[str]) -> bool:
    around = text[max(run.start() - 1, 0) : run.start()] + text[run.end() : run.end() + 1]
    return bool(_WORD.search(around))


class _Addresses:
    """The positions in a line of characters that only URLs have, and of the ends of its tokens."""

    def __init__(self, line: str) -> None:
        self._signs = _starts(_ADDRESS, QUOTED_PRINTABLE.sub(lambda run: " " * len(run[0]), line))
        self._blanks, self._spaces = (_starts(pattern, line) for pattern in (_BLANK, _SPACE))

    def hold(self, run: re.Match[str]) -> bool:
        """Return whether the token with an escape looks like a URL."""
        before = bisect_left(self._blanks, run.start())
        start = self._blanks[before - 1] if before else -1
        sign, end = bisect_left(self._signs, start), bisect_left(self._spaces, run.end())
        return sign < len(self._signs) and (end == len(self._spaces) or self._signs[sign] < self._spaces[end])


def _starts(pattern: re.Pattern[str], text: str) -> list[int]:
    return [match.start() for match in pattern.finditer(text)]
