"""Readings of single tokens that no pair of charsets gives: where bytes were changed after the damage."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import ftfy  # noqa: TID251

from copydesk.article import Plan, Step
from copydesk.cache import bounded_cache
from copydesk.changes.plan import replay
from copydesk.encoding.charsets import CODECS
from copydesk.repairs import lost_bytes
from copydesk.repairs.byte_tables import INDEX, UNASSIGNED, WESTERN, byte_tables
from copydesk.repairs.letter_costs import Near
from copydesk.repairs.lost_bytes import Kept
from copydesk.repairs.readings import LIGATURES, UTF8, Candidate, show_c1
from copydesk.transforms.case import to_capitals

# How many tokens of a candidate get special readings.
MAX_TOKENS = 24
# Longer tokens have no readings with lost bytes.
_MAX_CHARS = 80
_MAX_AGAIN = 2
# The end of a text that was cut. U+FFFD costs as much as a character that is never seen, which it is not here.
_CUT, _CUT_BITS = re.compile(r"(.*[^\x00-\x7f])(…|\.\.\.)", re.DOTALL), -10.0
_ASCII_LETTER, _MIN_CAPITALS = re.compile("[A-Za-z]"), 2
_NO_LATIN = re.compile(r"(?![\u1e00-\u1eff])[^\W\d_\x00-\u024f]")
# A no-break space of UTF-8, as windows-1252 shows it, and after it became a space.
_MISREAD_HARD_SPACE, _MISREAD_SPACE = "Â\u00a0", "Â "
# TCVN3 has one code for a letter and its capital. Fonts of capitals show the latter.
_CASELESS = "tcvn5712"
# What each kind costs, in bits.
_SPACE_BITS, _CASE_BITS, _FTFY_BITS, _PARTS_BITS = 2.0, 5.0, 4.0, 6.0
# The first word of a sentence is seldom small, and other words are seldom capitalized.
_SMALL_FIRST_BITS, _CAPITAL_INSIDE_BITS = 8.0, 2.0
_CONFIG = ftfy.TextFixerConfig(unescape_html=False, replace_lossy_sequences=False, decode_inconsistent_utf8=False)
_CHARSETS = {codec: name for name, codec in CODECS.items()} | {"latin-1": "iso-8859-1", "macroman": "macintosh"}
_STEPS: dict[str, Step] = {"restore_byte_a0": ("restore-nbsp",), "fix_c1_controls": ("decode-c1",)}


@dataclass(frozen=True, slots=True)
class SpecialReading:
    """A reading of a token with its own plan.

    Attributes:
        text: the reading.
        plan: the steps that give it.
        bits: what it costs on top of the cost of the text.
    """

    text: str
    plan: Plan
    bits: float


def may_need_finish(texts: Sequence[str], candidate: Candidate) -> bool:
    """Return whether `finish` may change the readings of a candidate."""
    joined = "".join(texts)
    return candidate.is_utf8 or candidate.actual == _CASELESS or any(ligature in joined for ligature in LIGATURES)


def finish(token: str, reading: str, candidate: Candidate) -> tuple[str, Plan]:
    """Return the reading of a token as readers expect it, and the plan that gives it.

    Readings in UTF-8 have their C1 controls shown and the case of the token, others have letters for ligatures.
    """
    if candidate.is_utf8 or candidate.actual == _CASELESS:
        return _follow_case(token, *_decode_c1(reading, candidate.plan))
    return _spell_ligatures(reading, candidate.plan)


def _decode_c1(reading: str, plan: Plan) -> tuple[str, Plan]:
    shown = show_c1(reading)
    return (shown, (*plan, ("decode-c1",))) if shown != reading else (reading, plan)


def _spell_ligatures(reading: str, plan: Plan) -> tuple[str, Plan]:
    """Return a reading with letters for the ligatures of PDF fonts, and the plan that gives it."""
    for ligature, letters in LIGATURES.items():
        if ligature in reading:
            reading, plan = reading.replace(ligature, letters), (*plan, ("replace", ligature, letters))
    return reading, plan


@cache
def utf8_shapes(charset: str) -> re.Pattern[str]:
    """Return the pattern of characters that a single-byte charset shows for one character of UTF-8."""
    shown = byte_tables().from_byte[INDEX[charset]].tolist()

    def characters(first: int, end: int) -> str:
        return "".join(re.escape(chr(code)) for code in shown[first:end] if code != UNASSIGNED)

    two, three, four = characters(0xC2, 0xE0), characters(0xE0, 0xF0), characters(0xF0, 0xF5)
    follow = f"[{characters(0x80, 0xC0)}]"
    return re.compile(f"[{two}]{follow}|[{three}]{follow}{{2}}|[{four}]{follow}{{3}}")


def read_parts(token: str, candidate: Candidate) -> str:
    """Read the characters of UTF-8 in a token whose other characters have no reading."""

    @cache
    def read(characters: str) -> str:
        try:
            return replay(candidate.plan, characters)
        except UnicodeError:
            return characters

    return utf8_shapes(candidate.decoded_as).sub(lambda match: read(match[0]), token)


def find(token: str, candidate: Candidate, near: Near, kept: Kept) -> Iterator[SpecialReading]:
    """Yield the special readings of a token that a candidate cannot read. Some tokens were damaged again after that.

    Args:
        token: the token.
        candidate: a single-byte charset that UTF-8 was decoded as.
        near: the near languages of the article.
        kept: the kinds of bytes that the article has kept.
    """
    for reading in _find(token, candidate, near, kept):
        yield reading
        yield from _read_again(reading, candidate)


def _read_again(reading: SpecialReading, candidate: Candidate) -> Iterator[SpecialReading]:
    """Yield what a reading becomes if it is damaged once or twice more."""
    text, plan = reading.text, reading.plan
    for _ in range(_MAX_AGAIN):
        try:
            again = replay(candidate.plan, text)
        except UnicodeError:
            return
        if again == text:
            return
        text, plan = _decode_c1(again, (*plan, *candidate.plan))
        yield SpecialReading(text, plan, reading.bits)


def _find(token: str, candidate: Candidate, near: Near, kept: Kept) -> Iterator[SpecialReading]:
    plans: list[tuple[Plan, float]] = []
    encode, decode = candidate.plan
    if " " in token:
        plans.append(((encode, ("restore-nbsp",), decode), _SPACE_BITS))
    if candidate.decoded_as == WESTERN:
        plans.append(((("restore-case",), encode, decode), _CASE_BITS))
        proposed = _plan_of_ftfy(token)
        if proposed:
            plans.append((proposed, _FTFY_BITS))
    for plan, bits in plans:
        try:
            text = replay(plan, token)
        except UnicodeError:
            continue
        if text not in (token, "") and "\x1a" not in text:
            shown, finished = _decode_c1(text, plan)
            if plan[0] == ("restore-case",) and token.islower() and not shown.islower():
                shown, finished = shown.lower(), (*finished, ("lower-case",))
            yield SpecialReading(shown, finished, bits)
    yield from _with_lost_bytes(token, candidate, near, kept)
    parts = read_parts(token, candidate)
    if parts != token:
        yield SpecialReading(parts, candidate.plan, _PARTS_BITS)
    elif _MISREAD_SPACE in token and candidate.decoded_as == WESTERN:
        spaced = read_parts(token.replace(_MISREAD_SPACE, _MISREAD_HARD_SPACE), candidate)
        yield SpecialReading(spaced, (encode, ("restore-nbsp",), decode), _PARTS_BITS)


def _with_lost_bytes(token: str, candidate: Candidate, near: Near, kept: Kept) -> Iterator[SpecialReading]:
    if len(token) > _MAX_CHARS:
        return
    for lost in lost_bytes.find(token, candidate.decoded_as, near, kept):
        plan: Plan = (("restore-bytes", candidate.decoded_as, lost.places), ("decode", UTF8))
        shown, finished = _spell_ligatures(*_decode_c1(lost.text, plan))
        if not unicodedata.is_normalized("NFC", shown):
            shown, finished = unicodedata.normalize("NFC", shown), (*finished, ("normalize", "NFC"))
        yield SpecialReading(shown, finished, lost.bits)


def case_bits(token: str, reading: str, *, is_first: bool) -> float:
    """Return what the case of the first letter of a reading costs, if that letter was lost.

    Args:
        token: the token.
        reading: its reading.
        is_first: whether the token is the first of a sentence.

    >>> case_bits("Ãltima", "Última", is_first=True) < case_bits("Ãltima", "última", is_first=True)
    True
    """
    letter = next(filter(str.isalpha, reading), "")
    if letter in token or not letter:
        return 0.0
    if is_first:
        return 0.0 if letter.isupper() else _SMALL_FIRST_BITS
    return _CAPITAL_INSIDE_BITS if letter.isupper() else 0.0


def find_cut(token: str, candidate: Candidate) -> SpecialReading | None:
    """Return the reading of a token that was cut within a character before an ellipsis: U+FFFD stands for the rest.

    >>> find_cut("StraÃ…", Candidate("windows-1252", "utf-8", 0)).text
    'Stra�…'
    """
    match = _CUT.fullmatch(token) if token.endswith(("…", "...")) else None
    if not match:
        return None
    head, ellipsis = match[1], match[2]
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(head.encode(CODECS[candidate.decoded_as]))
    except UnicodeError:
        return None
    pending = len(decoder.getstate()[0])
    if not pending or _is_sign(token, candidate):
        return None
    rest = f"\ufffd{ellipsis}"
    places = f"{len(head) - pending}-{len(token)}:{rest.encode().hex()}"
    plan: Plan = (("restore-bytes", candidate.decoded_as, places), ("decode", UTF8))
    return SpecialReading(text + rest, plan, _CUT_BITS)


def _is_sign(token: str, candidate: Candidate) -> bool:
    """Return whether the ellipsis at the end of a token is a byte of a sign."""
    try:
        return not replay(candidate.plan, token)[-1:].isalpha()
    except UnicodeError:
        return False


def _follow_case(token: str, reading: str, plan: Plan) -> tuple[str, Plan]:
    """Return a reading in capitals if the token was written in capitals after the damage: `ESPAÃ±A`."""
    letters = _ASCII_LETTER.findall(token)
    if len(letters) < _MIN_CAPITALS or not all(map(str.isupper, letters)) or _NO_LATIN.search(reading):
        return reading, plan
    capitals = to_capitals(reading)
    return (capitals, (*plan, ("upper-case",))) if capitals != reading else (reading, plan)


@bounded_cache
def _plan_of_ftfy(token: str) -> Plan:
    """Return the plan that ftfy proposes for a token; empty if it has none."""
    steps = ftfy.fix_encoding_and_explain(token, _CONFIG)[1] or ()
    plan: list[Step] = []
    for action, name in steps:
        if action in ("encode", "decode"):
            if name not in _CHARSETS:
                return ()
            plan.append((action, _CHARSETS[name]))
        elif name in _STEPS:
            plan.append(_STEPS[name])
        else:
            return ()
    return tuple(plan) if ("decode", UTF8) in plan else ()


__all__ = ["MAX_TOKENS", "SpecialReading", "find", "find_cut", "finish", "may_need_finish", "utf8_shapes"]
