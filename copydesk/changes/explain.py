"""Explanations of plans, for readers who do not know encodings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from copydesk.article import Plan, Step
from copydesk.changes.plan import iterate_results

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
    "ibm037": "EBCDIC",
    "ptcp154": "PTCP154",
    "kz-1048": "KZ-1048",
    "armscii-8": "ARMSCII-8",
    "georgian-ps": "Georgian PS",
    "viscii": "VISCII",
    "tcvn5712": "TCVN3",
    "vni": "VNI",
    "ansel": "ANSEL",
    "iso-6937": "ISO 6937",
    "spacing-accents": "spacing accents",
}
# The bytes and characters that an explanation quotes, and the longest text that it replays.
_MAX_QUOTED_BYTES, _MAX_QUOTED_CHARS, _MAX_REPLAYED_CHARS = 16, 60, 2_000

# The steps that encode text in the charset that it had been read as.
_ENCODING = ("encode", "restore-bytes")
_NOTATIONS = {
    "code-units": "JavaScript escapes",
    "hex-bytes": "Python escapes",
    "percent": "percent-encoded bytes",
    "percent-code-units": "escapes of the JavaScript function escape()",
    "quoted-printable": "quoted-printable bytes",
    "encoded-words": "encoded words of an e-mail",
    "angle-code-points": "escapes of R",
    "angle-bytes": "byte escapes of R",
    "spreadsheet": "escapes of Excel",
    "file-name": "escapes of Unzip",
    "bare-code-units": "JavaScript escapes without backslashes",
    "utf-7": "UTF-7 escapes",
    "iso-2022-jp": "ISO-2022-JP escapes",
    "hz": "HZ escapes",
    "rich-text": "RTF escapes",
    "octal-bytes": "octal escapes",
}
_PHRASES = {
    "restore-nbsp": "a no-break space had become a plain space",
    "restore-case": "the letter case was restored",
    "swap-bytes": "UTF-16 had been read with its bytes in the wrong order",
    "split-bytes": "bytes had been read as UTF-16",
    "lower-case": "letters were lower-cased to match their context",
    "upper-case": "letters were made capitals to match their context",
    "decode-c1": "control characters were read as the Windows-1252 characters of the same number",
    "join-surrogates": "surrogate pairs were joined; a lone surrogate became U+FFFD",
    "unescape-html": "HTML character references were decoded",
    "unescape": "backslash escapes were decoded",
    "percent-decode": "percent-encoded bytes were decoded as UTF-8",
    "decode-quoted-printable": "quoted-printable bytes were decoded",
}


def explain_plan(plan: Plan, before: str) -> str:
    """Explain a plan in one sentence.

    >>> explain_plan((("encode", "windows-1252"), ("decode", "utf-8")), "â€™")
    'The UTF-8 bytes E2 80 99 had been read as Windows-1252; read as UTF-8 they are ’.'

    Args:
        plan: the steps.
        before: the text before the change. The explanation has no bytes if it is long or the plan does not fit.

    Raises:
        KeyError: a step or charset is unknown.
    """
    try:
        phrases = list(_with_bytes(plan, before) if len(before) <= _MAX_REPLAYED_CHARS else _without_bytes(plan))
    except UnicodeError:
        phrases = list(_without_bytes(plan))
    sentence = "; then ".join(phrases) or "nothing was done"
    return f"{sentence[0].upper()}{sentence[1:]}."


def describe_text(text: str) -> str:
    """Describe a text: a space and invisible characters by name, all others quoted.

    >>> describe_text("’"), describe_text("café"), describe_text(chr(0x200B))
    ('’', '“café”', 'U+200B ZERO WIDTH SPACE')
    """
    if text == " ":
        return "a space"
    if len(text) == 1:
        # A combining mark would attach to the character before it.
        plain = text.isprintable() and not text.isspace() and not unicodedata.combining(text)
        return text if plain else f"U+{ord(text):04X} {unicodedata.name(text, '')}".rstrip()
    return quote(text)


def quote(text: str) -> str:
    r"""Quote a text on one line: unprintable characters are escaped, a long text is truncated.

    >>> quote("caf\xe9\n")
    '“café\\n”'
    """
    cut = text if len(text) <= _MAX_QUOTED_CHARS else f"{text[: _MAX_QUOTED_CHARS - 1]}…"
    return f"“{escape_unprintable(cut)}”"


def escape_unprintable(text: str, *, keep: str = "") -> str:
    r"""Replace invisible and control characters by escapes.

    Args:
        text: the text.
        keep: characters that stay.

    >>> escape_unprintable("caf\xe9\x1b[2J\u200b\n", keep="\n")
    'café\\x1b[2J\\u200b\n'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else c.encode("unicode_escape").decode() for c in text)


def _with_bytes(plan: Plan, before: str) -> Iterator[str]:
    """Yield a phrase for each step, with its bytes."""
    decoded_as, data = "", b""
    for step, value in zip(plan, iterate_results(plan, before), strict=True):
        if isinstance(value, bytes):
            yield from () if step[0] == "encode" else (_phrase(step),)
            decoded_as, data = (_NAMES[step[1]] if step[0] in _ENCODING else decoded_as), value
        elif step[0] == "decode":
            actual = _NAMES[step[1]]
            after = f"read as {actual} they are {describe_text(value)}"
            yield f"the {actual} bytes {_hex(data)} had been read as {decoded_as}; {after}"
        else:
            yield _phrase(step)


def _hex(data: bytes) -> str:
    more = f" … ({len(data):,} in all)" if len(data) > _MAX_QUOTED_BYTES else ""
    return data[:_MAX_QUOTED_BYTES].hex(" ").upper() + more


def _without_bytes(plan: Plan) -> Iterator[str]:
    """Yield a phrase for each step."""
    decoded_as = ""
    for step in plan:
        if step[0] in _ENCODING:
            decoded_as = _NAMES[step[1]]
            yield from () if step[0] == "encode" else (_phrase(step),)
        elif step[0] == "decode":
            yield f"text in {_NAMES[step[1]]} had been read as {decoded_as}"
        else:
            yield _phrase(step)


def _phrase(step: Step) -> str:
    if step[0] == "replace":
        return (
            f"{describe_text(step[1])} was replaced by {describe_text(step[2])}"
            if step[2]
            else f"{describe_text(step[1])} was removed"
        )
    if step[0] == "restore-bytes":
        restored = [item.partition(":")[2].upper() for item in step[2].split(" ")]
        return (
            f"the lost bytes {' '.join(restored)} were put back"
            if restored[1:]
            else f"the lost byte {restored[0]} was put back"
        )
    if step[0] == "unescape" and len(step) > 1:
        return f"{_NOTATIONS[step[1]]} were decoded"
    if step[0] == "normalize":
        return f"characters were normalized to {step[1]}"
    return _PHRASES[step[0]]
