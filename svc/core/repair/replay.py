"""The steps that a plan is made of, and how to replay them.

A plan is a tuple of steps; a step is a tuple of strings, its name first. Anyone who has a change can replay its plan
on `before` and must get `after`. Charset names are those of the WHATWG Encoding Standard, with one addition:
`iso-8859-1` is the ISO charset itself (the standard's label of that name means windows-1252), and the DOS code pages
go by their IANA names.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Literal

import ftfy.bad_codecs  # noqa: F401, TID251  registers the sloppy-windows and utf-8-variants codecs
from ftfy import fixes  # noqa: TID251  plans that ftfy proposes are replayed by ftfy's own steps

from svc.core.article import Plan, Step
from svc.core.repair.entities import unescape

# WHATWG's windows code pages give their unassigned bytes to the C1 controls; Python's refuse them, ftfy's do not.
CODECS = {
    **{f"windows-{n}": f"sloppy-windows-{n}" for n in (*range(1250, 1259), 874)},
    "iso-8859-1": "latin-1",
    "iso-8859-2": "iso-8859-2",
    "macintosh": "mac-roman",
    "ibm437": "cp437",
    "utf-8": "utf-8",
    "cesu-8": "utf-8-variants",
}

Form = Literal["NFC", "NFKC"]


def replay(plan: Plan, before: str) -> str:
    """Apply the steps of a plan to a text, one after the other.

    >>> replay((("encode", "windows-1252"), ("decode", "utf-8")), "Russiaâ€™s")
    'Russia’s'

    Raises:
        UnicodeError: a charset of the plan can't hold the text.
        KeyError: a step or charset that no plan of ours has.
    """
    value: str | bytes = before
    for step in plan:
        value = _STEPS[step[0]](value, step)
    if not isinstance(value, str):
        raise UnicodeError("the plan ends in bytes")
    return value


def explains(plan: Plan, before: str, after: str) -> bool:
    """Tell whether replaying the plan on `before` gives `after`."""
    try:
        return replay(plan, before) == after
    except UnicodeError:
        return False


def _on_text(do: Callable[[str, Step], str | bytes]) -> Callable[[str | bytes, Step], str | bytes]:
    def apply(value: str | bytes, step: Step) -> str | bytes:
        if not isinstance(value, str):
            raise UnicodeError(f"{step[0]} takes text")
        return do(value, step)

    return apply


def _on_bytes(do: Callable[[bytes, Step], str | bytes]) -> Callable[[str | bytes, Step], str | bytes]:
    def apply(value: str | bytes, step: Step) -> str | bytes:
        if not isinstance(value, bytes):
            raise UnicodeError(f"{step[0]} takes bytes")
        return do(value, step)

    return apply


def _normalize(text: str, step: Step) -> str:
    form: Form = "NFKC" if step[1] == "NFKC" else "NFC"
    return unicodedata.normalize(form, text)


_STEPS: dict[str, Callable[[str | bytes, Step], str | bytes]] = {
    "encode": _on_text(lambda text, step: text.encode(CODECS[step[1]])),
    "decode": _on_bytes(lambda data, step: data.decode(CODECS[step[1]])),
    "restore-nbsp": _on_bytes(lambda data, _: fixes.restore_byte_a0(data)),
    "decode-c1": _on_text(lambda text, _: fixes.fix_c1_controls(text)),
    "join-surrogates": _on_text(lambda text, _: fixes.fix_surrogates(text)),
    "unescape-html": _on_text(lambda text, _: unescape(text)),
    "normalize": _on_text(_normalize),
    "replace": _on_text(lambda text, step: text.replace(step[1], step[2])),
}
