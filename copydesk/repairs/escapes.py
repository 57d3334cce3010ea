r"""Escapes in prose: `l\u2019Europe`, `Russia\xe2\x80\x99s`, `Caf%C3%A9`, quoted-printable, and others.

The risk is text that means them: code, URLs, paths, prose about escapes. So escapes are decoded only on a line where
one touches a word, or where most letters are escaped. They must give characters beyond ASCII that people write, or that
were mojibake. Where a single escape may mean something else (`debug=FALSE`), one must give a known word. A line that
looks like code and a token that looks like a URL are not changed.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from copydesk.article import Edit, Options, Plan
from copydesk.langmodel.model import CJK, UNITS_PER_BIT, code_points, load_model
from copydesk.repairs.readings import Tokens
from copydesk.repairs.screen import known_lengths
from copydesk.transforms.characters import LINE
from copydesk.transforms.escapes import NOTATIONS, SOFT_LINE_BREAK, Notation

# Runs of escapes with their texts.
Runs: TypeAlias = Sequence[tuple[re.Match[str], str]]

_CODE = re.compile(r"[{}<>;|`$]|\(\)|==|\\[ntrdws\"'](?![^\W\d_])|//|\w\(['\"\\]")
# A backslash that starts no escape follows a drive or is before the name of a folder.
_FOLDER = r"\\(?!u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2})"
_ADDRESS = re.compile(rf"[/?&=@#]|www\.|(?<![^\W_])[A-Za-z]:{_FOLDER}|{_FOLDER}(?![nrt])[^\W\d_][\w.-]*+\\")
_BLANK, _SPACE = re.compile(r"[ \t]"), re.compile(" ")
_WORD = re.compile(r"[^\W\d_]")
# Controls, surrogates, private use, unassigned characters and line separators do not occur in prose.
_UNWRITTEN = frozenset(("Cc", "Cs", "Co", "Cn", "Zl", "Zp"))
_MISREAD = ("latin-1", "sloppy-windows-1252")
# A fully escaped line has at least this number of letters.
_MIN_ESCAPED_LETTERS = 3
# A character of Chinese or Japanese text seldom costs more, in bits.
_MAX_CJK_BITS = 15
_CONFIDENCE = 0.97
# A shorter word is known by chance.
_MIN_KNOWN_LETTERS = 3
_MARK = "\x00"
# The punctuation of print, which keyboards lack.
_PRINT = frozenset("’‘“”–—…«»\xa0")
_PLANS: dict[str, Plan] = {
    "percent": (("percent-decode",),),
    "quoted-printable": (("decode-quoted-printable",),),
}
_MISREAD_PLAN: Plan = (("encode", "iso-8859-1"), ("decode", "utf-8"))
_WITHOUT_BACKSLASHES: Plan = (("replace", "\\", ""),)
# Every escape has one of these. The last two start a bare code unit.
_SIGNS = (*"\\%=<+#_~$", "u0", "u2")
# An apostrophe within a word, unless it is the accent of LaTeX on the vowel after it.
_ESCAPED_QUOTE = re.compile(r"\\(?<=[^\W\d_]\\)\\*(?=['’][^\W\d_])")
_LATEX_ACCENT = re.compile(r"\\(?<=[^\W\d_]{2}\\)['’][aeiouyAEIOUY](?!['’])")
_TRAIL_BYTE = re.compile(r"([^\x00-\x7f])\\(?=[^\x00-\x7f])")
_ESCAPED = re.compile(r"\\['’]|(?<=[^\x00-\x7f])\\")
_SPLIT_CHARACTER = re.compile(r"((?:=[0-9A-F]{2})+)(=\r?\n)((?:=[0-9A-F]{2})+)")


def edits(text: str, options: Options) -> Sequence[Edit]:
    r"""Propose to decode escapes in prose.

    >>> [(e.start, e.after) for e in edits(r"l\u2019Europe", Options())]
    [(1, '’')]
    >>> edits(r"print('l\u2019Europe')", Options())
    []
    """
    if options.repair == "off" or not any(map(text.__contains__, _SIGNS)):
        return ()
    names = [name for name, notation in NOTATIONS.items() if notation.find(text)]
    if options.repair == "safe":
        names = [name for name in names if NOTATIONS[name].is_exact]
    elif "\\" in text and _ESCAPED.search(text):
        names.append("backslashes")
    if not names:
        return ()
    joined = list(_joined_characters(text)) if "quoted-printable" in names else []
    if joined:
        return joined
    found = [edit for line in LINE.finditer(text) for edit in _line_edits(line, names)]
    if any(edit.plan == _PLANS["quoted-printable"] for edit in found):
        found += _soft_breaks(text, found)
    return sorted(found, key=lambda edit: edit.start)


def _joined_characters(text: str) -> Iterator[Edit]:
    """Yield the soft line breaks within a character of UTF-8."""
    read = NOTATIONS["quoted-printable"].read
    for match in _SPLIT_CHARACTER.finditer(text):
        joined, parts = _read(read, match[1] + match[3]), (_read(read, match[1]), _read(read, match[3]))
        if joined and None not in parts and len(joined) < len("".join(map(str, parts))):
            yield _remove(match.start(2), match.end(2))


def _soft_breaks(text: str, found: Sequence[Edit]) -> Iterator[Edit]:
    """Yield the soft line breaks before or after a line with quoted-printable."""
    places = sorted(edit.start for edit in found if edit.plan == _PLANS["quoted-printable"])
    for match in SOFT_LINE_BREAK.finditer(text):
        first = text.rfind("\n", 0, match.start()) + 1
        last = text.find("\n", match.end())
        index = bisect_left(places, first)
        if index < len(places) and (last < 0 or places[index] < last):
            yield _remove(match.start(), match.end())


def _remove(start: int, end: int) -> Edit:
    return Edit(start, end, "", "escape", _PLANS["quoted-printable"], _CONFIDENCE)


def _line_edits(line: re.Match[str], names: Sequence[str]) -> Iterator[Edit]:
    """Yield the edits of a line. Of notations that overlap, the first one counts."""
    is_taken = bytearray(len(line[0]))
    for name in names:
        for edit in _backslash_edits(line) if name == "backslashes" else _notation_edits(line, name):
            start, end = edit.start - line.start(), edit.end - line.start()
            if not any(is_taken[start:end]):
                is_taken[start:end] = b"\x01" * (end - start)
                yield edit


def _notation_edits(line: re.Match[str], name: str) -> Iterator[Edit]:
    """Yield the edits of the escapes of a line in a notation."""
    notation, text = NOTATIONS[name], line[0]
    runs = [(run, _read(notation.read, run[0])) for run in notation.pattern.finditer(text)]
    found = [(run, after) for run, after in runs if after is not None and _may_be_meant(after, notation)]
    if not any(_is_meant(after) for _, after in found):
        return
    if not all(_is_misread_text(after) for _, after in found):
        rest = notation.pattern.sub("", text)
        if _CODE.search(rest) and not notation.is_exact:
            return
        if not notation.is_exact:
            addresses = _Addresses(text)
            found = [(run, after) for run, after in found if not addresses.hold(run)]
        if not found or not _is_prose(text, found, notation, rest):
            return
    for run, after in found:
        plan, restored = _PLANS.get(name, (("unescape", name),)), after
        if _is_misread(after, "latin-1"):
            plan, restored = (*plan, *_MISREAD_PLAN), after.encode("latin-1").decode()
        yield Edit(run.start() + line.start(), run.end() + line.start(), restored, "escape", plan, _CONFIDENCE)


def _read(read: Callable[[str], str], run: str) -> str | None:
    """Return the text of a run of escapes; None if it has none."""
    try:
        return read(run)
    except UnicodeError:
        return None


def _may_be_meant(after: str, notation: Notation) -> bool:
    return _is_meant(after) or (notation.has_ascii and after.isascii() and after.isprintable())


def _is_meant(after: str) -> bool:
    """Return whether decoded escapes are text beyond ASCII, or mojibake of it."""
    return not after.isascii() and (_is_written(after) or _is_misread_text(after))


def _is_misread_text(after: str) -> bool:
    return not after.isascii() and any(_is_misread(after, codec) for codec in _MISREAD)


def _is_prose(text: str, found: Runs, notation: Notation, rest: str) -> bool:
    """Return whether the escapes of a line are not part of an equation, a path or prose about escapes."""
    if notation.stands_alone:
        return all(map(_is_likely_cjk, (after for _, after in found)))
    if any(_touches_word(text, run) for run, _ in found):
        certain = any(len(run[0]) > notation.single_chars and not after.isascii() for run, after in found)
        return certain or _makes_known_words(text, found)
    is_emoji = all(min(after) > "\uffff" for _, after in found)
    return is_emoji or _are_most(found, rest)


def _is_likely_cjk(text: str) -> bool:
    """Return whether the Chinese and Japanese characters of a text are not rare ones."""
    model = load_model()
    codes = code_points(text)
    codes = codes[model.script_of[codes] == CJK]
    return not len(codes) or bool((model.cjk[codes].min(1) <= _MAX_CJK_BITS * UNITS_PER_BIT).all())


def _makes_known_words(text: str, found: Runs) -> bool:
    """Return whether one of the escapes of a line is in a known word, or all are quotes and dashes next to words."""
    if all(_PRINT.issuperset(after) for _, after in found):
        return True
    decoded: list[str] = []
    last = 0
    for run, after in found:
        decoded += (text[last : run.start()], _MARK, after)
        last = run.end()
    marked = "".join((*decoded, text[last:])).split(" ")
    words = [word.replace(_MARK, "") for word in marked if _MARK in word]
    return bool((known_lengths(load_model(), Tokens.of(words)) >= _MIN_KNOWN_LETTERS).any())


def _backslash_edits(line: re.Match[str]) -> Iterator[Edit]:
    """Yield the edits of backslashes before apostrophes, and after characters whose second byte is a backslash, too."""
    text = line[0]
    if "\\" not in text:
        return
    trails = list(_TRAIL_BYTE.finditer(text))
    if trails and len(trails) == text.count("\\") and all(_has_trail_byte(run[1]) for run in trails):
        places = [(run.end(1), run.end()) for run in trails]
    elif _LATEX_ACCENT.search(text) or _CODE.search(_ESCAPED_QUOTE.sub("", text)):
        return
    else:
        places = [run.span() for run in _ESCAPED_QUOTE.finditer(text)]
    for start, end in places:
        yield Edit(start + line.start(), end + line.start(), "", "escape", _WITHOUT_BACKSLASHES, _CONFIDENCE)


def _has_trail_byte(character: str) -> bool:
    return any(character.encode(codec, "ignore")[1:] == b"\\" for codec in ("cp932", "cp950", "gbk"))


def _is_written(text: str) -> bool:
    return _UNWRITTEN.isdisjoint(map(unicodedata.category, text))


def _is_misread(text: str, codec: str) -> bool:
    """Return whether a text is mojibake of UTF-8 text."""
    try:
        return _is_written(text.encode(codec).decode())
    except UnicodeError:
        return False


def _are_most(meant: Runs, others: str) -> bool:
    """Return whether most letters of the line are escaped, and the line is not only a URL."""
    if NOTATIONS["percent"].pattern.match(meant[0][0][0]) and not _BLANK.search(others):
        return False
    letters = sum(len(_WORD.findall(after)) for _, after in meant)
    return letters >= _MIN_ESCAPED_LETTERS and letters > len(_WORD.findall(others))


def _touches_word(text: str, run: re.Match[str]) -> bool:
    around = text[max(run.start() - 1, 0) : run.start()] + text[run.end() : run.end() + 1]
    return bool(_WORD.search(around))


class _Addresses:
    """The positions in a line of characters that only URLs have, and of the ends of its tokens."""

    def __init__(self, line: str) -> None:
        for name in ("quoted-printable", "file-name"):
            line = NOTATIONS[name].pattern.sub(lambda run: " " * len(run[0]), line)
        self._signs = _starts(_ADDRESS, line)
        self._blanks, self._spaces = (_starts(pattern, line) for pattern in (_BLANK, _SPACE))

    def hold(self, run: re.Match[str]) -> bool:
        """Return whether the token with an escape looks like a URL."""
        before = bisect_left(self._blanks, run.start())
        start = self._blanks[before - 1] if before else -1
        sign, end = bisect_left(self._signs, start), bisect_left(self._spaces, run.end())
        return sign < len(self._signs) and (end == len(self._spaces) or self._signs[sign] < self._spaces[end])


def _starts(pattern: re.Pattern[str], text: str) -> list[int]:
    return [match.start() for match in pattern.finditer(text)]
