"""Plans in words, for people who have never heard of a code page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from svc.core.article import Plan, Step
from svc.core.repair.replay import steps

_NAMES = {
    **{f"windows-{n}": f"Windows-{n}" for n in (*range(1250, 1259), 874)},
    **{f"iso-8859-{n}": f"ISO 8859-{n}" for n in range(1, 17)},
    **{f"ibm{n}": f"the DOS code page {n}" for n in (437, 737, 775, 850, 852, 855, 857, 862, 866)},
    "utf-8": "UTF-8",
    "cesu-8": "CESU-8",
    "koi8-r": "KOI8-R",
    "koi8-u": "KOI8-U",
    "gbk": "GBK",
    "big5": "Big5",
    "shift_jis": "Shift_JIS",
    "euc-jp": "EUC-JP",
    "euc-kr": "EUC-KR",
    "macintosh": "Mac Roman",
    "x-mac-cyrillic": "Mac Cyrillic",
    "x-mac-greek": "Mac Greek",
    "x-mac-turkish": "Mac Turkish",
    "x-mac-ce": "Mac Central European",
}
# What a sentence can hold; and the longest text of which the bytes are told at all.
_MOST_BYTES, _MOST_CHARACTERS, _FOLLOWED = 16, 60, 2_000

_TOLD = {
    "restore-nbsp": "a no-break space had become a plain space",
    "restore-case": "its letters had been changed between small and capital",
    "decode-c1": "control characters were read as the Windows-1252 characters of the same number",
    "join-surrogates": "halves of characters were joined; halves without a fellow can't be known any more",
    "unescape-html": "HTML character references were read",
    "unescape": "backslash escapes were read",
    "percent-decode": "percent-encoded bytes were read as UTF-8",
    "decode-quoted-printable": "quoted-printable bytes were read",
}


def explain(plan: Plan, before: str) -> str:
    """Say in a sentence what a plan does to a text.

    >>> explain((("encode", "windows-1252"), ("decode", "utf-8")), "â€™")
    'The UTF-8 bytes E2 80 99 had been read as Windows-1252; read as UTF-8 they are ’.'

    Args:
        plan: the steps.
        before: the text that they start from. Of a long one the bytes are not told, nor of one that the plan does not
            fit.

    Raises:
        KeyError: a step or charset that no plan of ours has.
    """
    try:
        told = list(_followed(plan, before)) if len(before) <= _FOLLOWED else list(_listed(plan))
    except UnicodeError:
        told = list(_listed(plan))
    sentence = "; then ".join(told) or "nothing was done"
    return f"{sentence[0].upper()}{sentence[1:]}."


def shown(text: str) -> str:
    """Return a text as a person can read it: what can't be seen by its number and name, what is long cut off.

    >>> shown("’"), shown("café"), shown(chr(0x200B))
    ('’', '“café”', 'U+200B ZERO WIDTH SPACE')
    """
    if text == " ":
        return "a space"
    if len(text) == 1:
        # A mark alone would sit on what stands before it.
        plain = text.isprintable() and not text.isspace() and not unicodedata.combining(text)
        return text if plain else f"U+{ord(text):04X} {unicodedata.name(text, '')}".rstrip()
    cut = text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"
    return f"“{''.join(c if c.isprintable() else c.encode('unicode_escape').decode() for c in cut)}”"


def _followed(plan: Plan, before: str) -> Iterator[str]:
    """Tell the steps with the bytes that they go through."""
    misread, data = "", b""
    for step, value in zip(plan, steps(plan, before), strict=True):
        if isinstance(value, bytes):
            # A step on bytes that were encoded before says what it does to them; they are told as it leaves them.
            yield from () if step[0] == "encode" else (_TOLD[step[0]],)
            misread, data = (_NAMES[step[1]] if step[0] == "encode" else misread), value
        elif step[0] == "decode":
            true = _NAMES[step[1]]
            yield f"the {true} bytes {_hexed(data)} had been read as {misread}; read as {true} they are {shown(value)}"
        else:
            yield _step(step)


def _hexed(data: bytes) -> str:
    more = f" … ({len(data):,} in all)" if len(data) > _MOST_BYTES else ""
    return data[:_MOST_BYTES].hex(" ").upper() + more


def _listed(plan: Plan) -> Iterator[str]:
    """Tell the steps alone."""
    misread = ""
    for step in plan:
        if step[0] == "encode":
            misread = _NAMES[step[1]]
        elif step[0] == "decode":
            yield f"text in {_NAMES[step[1]]} had been read as {misread}"
        else:
            yield _step(step)


def _step(step: Step) -> str:
    if step[0] == "replace":
        return f"{shown(step[1])} was replaced by {shown(step[2])}" if step[2] else f"{shown(step[1])} was removed"
    if step[0] == "normalize":
        return f"characters were composed as Unicode form {step[1]} has them"
    return _TOLD[step[0]]
