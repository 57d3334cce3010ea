"""Plans in words, for people who have never heard of a code page."""

from __future__ import annotations

from svc.core.article import Plan, Step

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


def explain(plan: Plan) -> str:
    """Say in a sentence what a plan does.

    >>> explain((("encode", "windows-1252"), ("decode", "utf-8")))
    'Text in UTF-8 had been read as if it were in Windows-1252.'

    Raises:
        KeyError: a step or charset that no plan of ours has.
    """
    told: list[str] = []
    misread = ""
    for step in plan:
        if step[0] == "encode":
            misread = _NAMES[step[1]]
        elif step[0] == "decode":
            told.append(f"text in {_NAMES[step[1]]} had been read as if it were in {misread}")
        else:
            told.append(_step(step))
    sentence = "; then ".join(told) or "nothing was done"
    return f"{sentence[0].upper()}{sentence[1:]}."


def _step(step: Step) -> str:
    if step[0] == "replace":
        return f"{step[1]!r} was replaced by {step[2]!r}" if step[2] else f"{step[1]!r} was removed"
    if step[0] == "normalize":
        return f"characters were composed as Unicode form {step[1]} has them"
    return _TOLD[step[0]]
