r"""Escapes left in prose: `l\u2019Europe`, `Russia\xe2\x80\x99s`, `Caf%C3%A9`, and what quoted-printable leaves behind.

The danger is text that means them: code, addresses, prose about escapes. So escapes are read only on a line where one
touches a word, or where most letters are escaped (as all of Russian are); only if they stand for something beyond ASCII
that a person would write, or would have before it was misread; and never on a line that looks like code nor in a token
that looks like an address. Bytes must be valid UTF-8.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from copydesk.article import Edit, Options, Plan
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
_LINE = re.compile(r"[^\n]+")
_CODE = re.compile(r"[{}<>;|`$]|\(\)|==|\\[ntrdws\"'](?![a-z])|//|\w\(['\"\\]")
_ADDRESS = re.compile(r"[/?&=@#]|www\.")
_BLANK, _SPACE = re.compile(r"[ \t]"), re.compile(" ")
_WORD = re.compile(r"[^\W\d_]")
# Nobody writes controls, surrogates, private use, what is unassigned and separators of lines.
_UNWRITTEN = frozenset(("Cc", "Cs", "Co", "Cn", "Zl", "Zp"))
_MISREAD = ("latin-1", "sloppy-windows-1252")
# So many letters at the least are a line that is escaped.
_FEWEST_LETTERS = 3
_CONFIDENCE = 0.97


_READ: tuple[tuple[re.Pattern[str], Callable[[str], str], Plan], ...] = (
    (CODE_POINTS, decode_backslash, (("unescape",),)),
    (BYTES, decode_backslash, (("unescape",),)),
    (PERCENT_ENCODED, decode_percent, (("percent-decode",),)),
    (QUOTED_PRINTABLE, decode_quoted_printable, (("decode-quoted-printable",),)),
)


def edits(text: str, options: Options) -> Sequence[Edit]:
    r"""Propose to read escapes in prose.

    >>> [(e.start, e.after) for e in edits(r"l\u2019Europe", Options())]
    [(1, '’')]
    >>> edits(r"print('l\u2019Europe')", Options())
    []
    """
    if options.repair in ("off", "safe") or not (any(map(text.__contains__, _SIGNS)) and _ANY.search(text)):
        return ()
    found = sorted((edit for line in _LINE.finditer(text) for edit in _line_edits(line)), key=lambda edit: edit.start)
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
    """Return what an escape stands for if a person would write it, or would have before it was misread, else None."""
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
    """Tell whether a text was UTF-8 that a person wrote, before it was read in another charset."""
    try:
        return _is_written(text.encode(codec).decode())
    except UnicodeError:
        return False


def _are_most(meant: Sequence[tuple[re.Match[str], str]], others: str) -> bool:
    """Tell whether what is escaped has most of the letters of its line, and is no part of an address by itself."""
    if meant[0][0][0].startswith("%") and not _BLANK.search(others):
        return False
    letters = sum(len(_WORD.findall(after)) for _, after in meant)
    return letters >= _FEWEST_LETTERS and letters > len(_WORD.findall(others))


def _touches_word(text: str, run: re.Match[str]) -> bool:
    around = text[max(run.start() - 1, 0) : run.start()] + text[run.end() : run.end() + 1]
    return bool(_WORD.search(around))


class _Addresses:
    """Where a line has what only addresses have, and where its tokens end: looked up once for all escapes in it."""

    def __init__(self, line: str) -> None:
        self._signs = _starts(_ADDRESS, QUOTED_PRINTABLE.sub(lambda run: " " * len(run[0]), line))
        self._blanks, self._spaces = (_starts(pattern, line) for pattern in (_BLANK, _SPACE))

    def hold(self, run: re.Match[str]) -> bool:
        """Tell whether the token that an escape stands in looks like an address."""
        before = bisect_left(self._blanks, run.start())
        start = self._blanks[before - 1] if before else -1
        sign, end = bisect_left(self._signs, start), bisect_left(self._spaces, run.end())
        return sign < len(self._signs) and (end == len(self._spaces) or self._signs[sign] < self._spaces[end])


def _starts(pattern: re.Pattern[str], text: str) -> list[int]:
    return [match.start() for match in pattern.finditer(text)]
