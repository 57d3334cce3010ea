"""Plans: the steps of a change, and their replay.

A plan is a sequence of steps. A step is a sequence of strings: its name and its arguments. Charsets are named as in
`encoding.charsets.CODECS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from ftfy import fixes  # noqa: TID251  plans that ftfy proposes are replayed by ftfy's own steps

from copydesk.article import Plan
from copydesk.cache import bounded_cache, character_cache
from copydesk.encoding.charsets import CODECS
from copydesk.transforms import escapes
from copydesk.transforms.case import restore_case, to_capitals
from copydesk.transforms.characters import CESU8_PAIR
from copydesk.transforms.entities import unescape_html
from copydesk.transforms.lost_bytes import restore_bytes
from copydesk.transforms.unicode_form import Form, normalize
from copydesk.transforms.utf16 import join_surrogates, split_bytes, swap_bytes

# A cache of longer pieces would take too much memory.
_MAX_CACHED_CHARS = 40


def replay(plan: Sequence[Sequence[str]], before: str) -> str:
    """Apply the steps of a plan to a text.

    Args:
        plan: the plan of a change, as tuples or as lists from JSON.
        before: the `before` of the change.

    Returns:
        The `after` of the change.

    Raises:
        UnicodeError: the plan cannot be applied to the text.
        KeyError: a step or charset is unknown.
        ValueError: the plan is malformed.

    >>> replay((("encode", "windows-1252"), ("decode", "utf-8")), "Russiaâ€™s")
    'Russia’s'
    """
    value: str | bytes = before
    try:
        for step in plan:
            value = _STEPS[step[0]](value, step)
    except (IndexError, TypeError) as error:
        raise ValueError(f"Malformed plan: {plan!r:.200}.") from error
    if not isinstance(value, str):
        raise UnicodeError("The plan ends with bytes.")
    return value


def iterate_results(plan: Sequence[Sequence[str]], before: str) -> Iterator[str | bytes]:
    """Yield the result of each step of a plan. Raises the errors of `replay`."""
    value: str | bytes = before
    for step in plan:
        value = _STEPS[step[0]](value, step)
        yield value


def is_replayable(plan: Plan, before: str, after: str) -> bool:
    """Return whether replaying the plan on `before` gives `after`."""
    is_short = len(before) <= _MAX_CACHED_CHARS
    return _is_replayable_cached(plan, before, after) if is_short else _is_replayable(plan, before, after)


def _is_replayable(plan: Plan, before: str, after: str) -> bool:
    try:
        return replay(plan, before) == after
    except UnicodeError:
        return False


# A damaged article has the same characters many times.
_is_replayable_cached = character_cache(_is_replayable)


def _require_text(
    transform: Callable[[str, Sequence[str]], str | bytes],
) -> Callable[[str | bytes, Sequence[str]], str | bytes]:
    def apply(value: str | bytes, step: Sequence[str]) -> str | bytes:
        if not isinstance(value, str):
            raise UnicodeError(f"{step[0]} takes text")
        return transform(value, step)

    return apply


def _require_bytes(
    transform: Callable[[bytes, Sequence[str]], str | bytes],
) -> Callable[[str | bytes, Sequence[str]], str | bytes]:
    def apply(value: str | bytes, step: Sequence[str]) -> str | bytes:
        if not isinstance(value, bytes):
            raise UnicodeError(f"{step[0]} takes bytes")
        return transform(value, step)

    return apply


def _normalize(text: str, step: Sequence[str]) -> str:
    form: Form = "NFKC" if step[1] == "NFKC" else "NFC"
    return normalize(form, text)


def _unescape(text: str, step: Sequence[str]) -> str:
    """Decode escapes in a notation, by default those with a backslash."""
    return escapes.decode(text, step[1]) if len(step) > 1 else escapes.decode_backslash(text)


def _decode(data: bytes, step: Sequence[str]) -> str:
    """Decode bytes. CESU-8 is decoded by joining its surrogate pairs, because ftfy's codec for it is slow."""
    if step[1] == "cesu-8":
        # The codec decodes other variants and reports errors.
        with suppress(UnicodeDecodeError):
            return CESU8_PAIR.sub(lambda pair: _encode_pair(pair[0]), data).decode("utf-8")
    return data.decode(CODECS[step[1]])


@bounded_cache
def _encode_pair(pair: bytes) -> bytes:
    return pair.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()


# A lead byte with a space in place of the continuation byte A0. ftfy only restores the likely ones, but a space is
# invalid after any lead byte.
_LEAD_BYTE_AND_SPACE = re.compile(rb"[\xc2-\xdf] |[\xe0-\xef](?: [\x80-\xbf]|[\x80-\xbf] )")


def _restore_nbsp(data: bytes) -> bytes:
    """Restore A0 bytes that became spaces."""
    return _LEAD_BYTE_AND_SPACE.sub(lambda match: match[0].replace(b" ", b"\xa0"), fixes.restore_byte_a0(data))


_STEPS: dict[str, Callable[[str | bytes, Sequence[str]], str | bytes]] = {
    "encode": _require_text(lambda text, step: text.encode(CODECS[step[1]])),
    "decode": _require_bytes(_decode),
    "restore-bytes": _require_text(lambda text, step: restore_bytes(text, CODECS[step[1]], step[2])),
    "restore-nbsp": _require_bytes(lambda data, _: _restore_nbsp(data)),
    "decode-c1": _require_text(lambda text, _: fixes.fix_c1_controls(text)),
    "join-surrogates": _require_text(lambda text, _: join_surrogates(text)),
    "unescape-html": _require_text(lambda text, _: unescape_html(text)),
    "normalize": _require_text(_normalize),
    "unescape": _require_text(_unescape),
    "percent-decode": _require_text(lambda text, _: escapes.decode(text, "percent")),
    "decode-quoted-printable": _require_text(lambda text, _: escapes.decode_quoted_printable(text)),
    "restore-case": _require_text(lambda text, _: restore_case(text)),
    "swap-bytes": _require_text(lambda text, _: swap_bytes(text)),
    "split-bytes": _require_text(lambda text, _: split_bytes(text)),
    "lower-case": _require_text(lambda text, _: text.lower()),
    "upper-case": _require_text(lambda text, _: to_capitals(text)),
    "replace": _require_text(lambda text, step: text.replace(step[1], step[2])),
}
