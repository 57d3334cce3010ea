"""The steps that a plan is made of, and how to replay them.

A plan is a tuple of steps; a step is a tuple of strings, its name first. Anyone who has a change can replay its plan
on `before` and must get `after`. Charsets go by the names of `charsets.CODECS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache

from ftfy import fixes  # noqa: TID251  plans that ftfy proposes are replayed by ftfy's own steps

from svc.core.article import Plan, Step
from svc.core.normal_form import Form, normalize
from svc.core.repair import escapes
from svc.core.repair.charsets import CODECS
from svc.core.repair.entities import unescape
from svc.core.repair.recased import restore_case


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


def steps(plan: Plan, before: str) -> Iterator[str | bytes]:
    """Yield what each step of a plan makes of a text; raises as `replay` does."""
    value: str | bytes = before
    for step in plan:
        value = _STEPS[step[0]](value, step)
        yield value


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
    return normalize(form, text)


# A surrogate pair, each half written as UTF-8.
_PAIR = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")


def _decode(data: bytes, step: Step) -> str:
    """Decode; CESU-8 by joining its pairs first, since ftfy's codec for it takes microseconds for each character."""
    if step[1] == "cesu-8":
        # What is left may be another variant, or an error that the codec has to tell.
        with suppress(UnicodeDecodeError):
            return _PAIR.sub(lambda pair: _joined(pair[0]), data).decode("utf-8")
    return data.decode(CODECS[step[1]])


@lru_cache(1 << 10)
def _joined(pair: bytes) -> bytes:
    return pair.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()


# A byte that begins a character, and a space where one has to follow that is part of it. ftfy knows those that are
# likely; but a space is never right there, whatever the character.
_BEGUN = re.compile(rb"[\xc2-\xdf] |[\xe0-\xef](?: [\x80-\xbf]|[\x80-\xbf] )")


def _restore_nbsp(data: bytes) -> bytes:
    """Put the byte A0 back that a program took for a space of its own."""
    return _BEGUN.sub(lambda begun: begun[0].replace(b" ", b"\xa0"), fixes.restore_byte_a0(data))


_STEPS: dict[str, Callable[[str | bytes, Step], str | bytes]] = {
    "encode": _on_text(lambda text, step: text.encode(CODECS[step[1]])),
    "decode": _on_bytes(_decode),
    "restore-nbsp": _on_bytes(lambda data, _: _restore_nbsp(data)),
    "decode-c1": _on_text(lambda text, _: fixes.fix_c1_controls(text)),
    "join-surrogates": _on_text(lambda text, _: fixes.fix_surrogates(text)),
    "unescape-html": _on_text(lambda text, _: unescape(text)),
    "normalize": _on_text(_normalize),
    "unescape": _on_text(lambda text, _: escapes.unescape(text)),
    "percent-decode": _on_text(lambda text, _: escapes.unquote(text)),
    "decode-quoted-printable": _on_text(lambda text, _: escapes.unquote_printable(text)),
    "restore-case": _on_text(lambda text, _: restore_case(text)),
    "replace": _on_text(lambda text, step: text.replace(step[1], step[2])),
}
