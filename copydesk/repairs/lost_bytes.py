"""Readings of UTF-8 of which bytes were lost.

A byte of a character may have been dropped, as filters drop soft hyphens and controls. It may have become a question
mark, U+FFFD or a space. Its character may have been replaced by a plain one, as in `â€"`. The bytes that are often lost
follow from the table of the charset, those that it does not display, and from what the article has kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain
from operator import itemgetter
from typing import NamedTuple, TypeAlias

import numpy as np

from copydesk.cache import character_cache
from copydesk.langmodel.model import INNER_SIGNS, LATIN, UNITS_PER_BIT, Floats, load_model
from copydesk.repairs.byte_tables import INDEX, UNASSIGNED, WESTERN, byte_tables
from copydesk.repairs.letter_costs import Near, letter_costs
from copydesk.repairs.readings import Tokens, show_scored
from copydesk.repairs.screen import are_known

# The costs of losing a byte that the charset shows as a space or soft hyphen, as nothing, and as a character that only
# some programs drop, in bits.
_SPACE_BITS, _HIDDEN_BITS, _CONTROL_BITS = 3.0, 3.0, 4.0
# Other bytes rarely become a space.
_OTHER_SPACE_BITS = 8.0
# The cost of each further loss.
_MORE_BITS = 0.5
# Two bytes of a character may be lost if it is in the block of punctuation, which starts with these bytes.
_PUNCTUATION = b"\xe2\x80"
# A byte of a kind that the article has elsewhere was probably not lost. U+FFFD replaces an unassigned byte.
_KEPT_BITS = 8.0
# The maximum number of characters in the place of lost bytes, of all in the first place of a token, of readings on the
# way, and of readings of a token.
_OPTIONS, _FIRST_OPTIONS, _BEAM, _READINGS = 8, 40, 24, 8
# Known words come before others with a cost up to this higher.
_KNOWN_WORD_BITS = 8.0
_SIGNS = ("?", "\ufffd")
_REPLACEMENTS, _UNASSIGNED_SIGN = (*_SIGNS, " "), "\ufffd"
# Plain characters that stand for those of misread punctuation, and the bytes of these in windows-1252.
_PLAIN = {
    '"': (0x93, 0x94), "'": (0x91, 0x92), "TM": (0x99,), "(TM)": (0x99,), "(tm)": (0x99,), "tm": (0x99,),
    "...": (0x85,), "EUR": (0x80,),
}  # fmt: skip
_PLAIN_BITS = 4.0
_NO_BREAK_SPACE, _SOFT_HYPHEN = 0xA0, 0xAD
# The costs of characters without a cost of their own: emoji, symbols and dingbats, the selector of an emoji, and
# others. Compatibility forms, invisible characters and most signs within words cost more.
_MAX_CODE = 0xFFFF
_EMOJI, _EMOJI_BITS = range(0x1F000, 0x1FB00), 12.0
_SYMBOLS, _SYMBOL_BITS = range(0x2600, 0x27C0), 13.0
_SELECTOR, _SELECTOR_BITS = 0xFE0F, 8.0
_RARE_BITS, _RARE_FORM_BITS = 20.0, 8.0
_INNER_SIGN_BITS, _MAX_MARK_BITS, _MAX_RANK = 6.0, 14.0, 40.0
_RARE_DASH_BITS = 1.0
# What a quote or dash costs on the wrong side of a word, and a single quote, which is rarer than a double one.
_WRONG_SIDE_BITS, _SINGLE_QUOTE_BITS = 4.0, 0.5
_QUOTES, _SINGLE_QUOTES = "‘’“”„‚", "‘’‚"
# Accents of decomposed letters.
_ACCENTS, _ACCENT_BITS = frozenset(map(chr, range(0x300, 0x370))), 6.0
# Where several bytes of a token were lost, they are often the same one.
_OTHER_BYTE_BITS = 3.0
_COMMON_FORMS = "…™ﬀﬁﬂﬃﬄ"
_CONTINUATION, _CONTROLS, _LEAD_BYTES = range(0x80, 0xC0), range(0x80, 0xA0), range(0xC2, 0xF5)

# The start and end of the text in the place of a byte, and the byte.
Lost: TypeAlias = tuple[int, int, int]

# A zero-width joiner joins two emoji. These are the last characters that misread emoji have.
_JOINER, _PARTS_OF_EMOJI = "\u200d", frozenset(map(chr, range(0x80, 0xC0))) | frozenset("¸")
# Characters that are damaged again are leads. The next reading finds them.
_LEADS, _LEAD_BITS = "ÃÂâ", 6.0
_LONGEST_PLAIN = max(map(len, _PLAIN))


class Kept(NamedTuple):
    """The kinds of bytes that an article still has after lead bytes of UTF-8.

    Attributes:
        controls: bytes 80 to 9F that the charset displays.
        soft_hyphens: the byte that the charset shows as a soft hyphen.
    """

    controls: bool
    soft_hyphens: bool


def find_kept(tokens: Iterable[str], charset: str) -> Kept:
    """Return the kinds of bytes that tokens in the wrong charset have kept.

    >>> find_kept(["ÄokoviÄ‡"], "windows-1252")
    Kept(controls=True, soft_hyphens=False)
    """
    text = "\n".join(tokens)
    controls, soft_hyphens = _kept_patterns(charset)
    return Kept(bool(controls.search(text)), bool(soft_hyphens.search(text)))


@cache
def _kept_patterns(charset: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    characters = {byte: re.escape(character) for character, byte in _bytes_of(charset).items()}
    leads = "".join(characters[byte] for byte in _LEAD_BYTES if byte in characters)
    shown = "".join(characters[byte] for byte in _CONTROLS if byte in characters and byte not in _hidden_bytes(charset))
    return re.compile(f"[{leads}][{shown}]" if shown else r"(?!)"), re.compile(f"[{leads}]{chr(_SOFT_HYPHEN)}")


@cache
def _unreadable(charset: str) -> re.Pattern[str]:
    """Return the pattern of what has no reading: other bytes than of UTF-8, or too few continuation bytes."""

    def characters(*ranges: range) -> str:
        return "".join(re.escape(one) for one, byte in _bytes_of(charset).items() if byte in chain(*ranges))

    # One continuation byte may be lost, of punctuation two. Short plain text may be in its place.
    following = f"[\x00-\x7f{_UNASSIGNED_SIGN}]{{0,{_LONGEST_PLAIN}}}[{characters(_CONTINUATION)}]"
    no_byte = f"[^\x00-\x7f{_UNASSIGNED_SIGN}{characters(_CONTINUATION, _LEAD_BYTES)}]"
    three = characters(range(0xE0, 0xE2), range(0xE3, 0xF0))
    return re.compile(f"{no_byte}|[{three}](?!{following})|[{characters(range(0xF0, 0xF5))}](?!(?:{following}){{2}})")


class LostReading(NamedTuple):
    """A reading with bytes that were lost.

    Attributes:
        text: the reading.
        places: the bytes and their places, as in `transforms.lost_bytes`.
        bits: the cost of the losses.
        rank: the same with the cost of the restored characters, without their context.
    """

    text: str
    places: str
    bits: float
    rank: float


class _Option(NamedTuple):
    """A character that starts at a position: its end, its lost bytes with their places, and their cost."""

    end: int
    character: str
    lost: tuple[Lost, ...]
    bits: float


# A reading, the character after it with its position, and the rank of both together, which comes first.
_Step: TypeAlias = tuple[float, LostReading, _Option, int]


# The rounds of an article search the same tokens.
@lru_cache(1 << 8)
def find(token: str, charset: str, near: Near, kept: Kept) -> Sequence[LostReading]:
    """Return the readings of a token as UTF-8 with lost bytes, the likeliest first.

    Args:
        token: a token that is not complete UTF-8.
        charset: the single-byte charset that it was decoded as.
        near: the near languages of the article.
        kept: the kinds of bytes that the article has kept.
    """
    if _unreadable(charset).search(token):
        return ()
    costs = letter_costs(near)
    reached: dict[int, list[_Step]] = {}
    before = [LostReading("", "", 0.0, 0.0)]
    for position, character in enumerate(token):
        if position:
            before = _take_best(reached.pop(position, ()), token)
        if not before:
            continue
        if character <= "\x7f":
            end = position + 1
            while end < len(token) and token[end] <= "\x7f" and end not in reached:
                end += 1
            plain = _Option(end - position, token[position:end], (), 0.0)
            reached.setdefault(end, []).extend((one.rank, one, plain, position) for one in before)
            continue
        options = _options(token[position : position + 4 + _LONGEST_PLAIN], charset, kept)
        ranked = [(_rank(option, token, position, costs), option) for option in options]
        likely = sorted((one for one in ranked if one[0] <= _MAX_RANK), key=itemgetter(0))
        is_first = not any(one.places for one in before)
        for rank, option in likely[: _FIRST_OPTIONS if is_first else _OPTIONS]:
            # Two quotes of a word are rarely the same one.
            other = rank + _OTHER_BYTE_BITS * (option.character not in _QUOTES)
            same = f":{option.lost[-1][2]:02x}" if option.lost else ""
            reached.setdefault(position + option.end, []).extend(
                (one.rank + (rank if not one.places or one.places.endswith(same) else other), one, option, position)
                for one in before
            )
    complete = [step for step in reached.get(len(token), ()) if step[1].places or step[2].lost]
    return _take_likeliest(_take_best(complete, token), near)


def _take_likeliest(readings: Sequence[LostReading], near: Near) -> Sequence[LostReading]:
    """Return the best readings, half of them by the language model. The others may have to be read again."""
    if len(readings) <= _READINGS:
        return readings
    model = load_model()
    tokens = Tokens.of(show_scored([one.text for one in readings]))
    costs = model.token_costs(tokens.codes, tokens.starts, {LATIN: near})
    units = costs.fixed + sum(by_language.min(1) for by_language in costs.by_script.values())
    bits = units / UNITS_PER_BIT + np.array([one.bits for one in readings])
    bits -= _KNOWN_WORD_BITS * are_known(model, tokens)
    by_model = [readings[i] for i in np.argsort(bits, kind="stable").tolist()]
    half = _READINGS // 2
    return list(dict.fromkeys([*by_model[:half], *readings[:half], *by_model]))[:_READINGS]


def _take_best(steps: Iterable[_Step], token: str) -> list[LostReading]:
    """Return the readings of the likeliest steps, best first. The others are never built."""
    return [
        _add_option(before, option, token, position, rank)
        for rank, before, option, position in sorted(steps, key=itemgetter(0))[:_BEAM]
    ]


def _add_option(before: LostReading, option: _Option, token: str, position: int, rank: float) -> LostReading:
    text = before.text + option.character
    if not option.lost:
        return LostReading(text, before.places, before.bits, rank)
    places = [_place(position, lost) for lost in option.lost]
    bits = _sum_losses((before.bits, option.bits)) + _dash_bits(option, token[position - 1 : position])
    bits += _side_bits(option, token, position)
    return LostReading(text, " ".join([before.places, *places] if before.places else places), bits, rank)


def _place(position: int, lost: Lost) -> str:
    start, end, byte = lost
    return f"{position + start}-{position + end}:{byte:02x}"


@character_cache
def _options(text: str, charset: str, kept: Kept) -> Sequence[_Option]:
    """Return the characters that the start of a text may stand for."""
    codes = _bytes_of(charset)
    lead = codes.get(text[0], 0)
    need = 0 if lead < 0xC2 else 1 if lead < 0xE0 else 2 if lead < 0xF0 else 3 if lead < 0xF5 else 0
    if not need:
        return ()
    whole = bytes(codes.get(one, 0) for one in text[: need + 1])
    character = _decode(whole) if len(whole) == need + 1 else None
    if character:
        return (_Option(need + 1, character, (), 0.0),)
    found = list(_fill(text, charset, kept, bytes([lead]), need))
    # A byte that is there belongs to the character, and so does a sign for a lost one.
    fewest = min((len(one.lost) for one in found), default=0)
    found = [one for one in found if len(one.lost) == fewest and not _leaves_space(one, text)]
    return [one for one in found if text[one.end : one.end + 1] not in _SIGNS] or found


def _leaves_space(option: _Option, text: str) -> bool:
    """Return whether a no-break space was lost, but a space is in its place."""
    start, end, byte = option.lost[-1] if option.lost else (0, 1, 0)
    return byte == _NO_BREAK_SPACE and start == end == option.end and text[end : end + 1] == " "


def _fill(text: str, charset: str, kept: Kept, lead: bytes, need: int) -> Iterator[_Option]:
    """Yield the characters that a lead byte and what follows it may have been."""
    partial: list[tuple[int, bytes, tuple[Lost, ...]]] = [(1, lead, ())]
    for _ in range(need):
        partial = [
            (stop, data + bytes([byte]), (*lost, (end, stop, byte)) if is_lost else lost)
            for end, data, lost in partial
            for stop, byte, is_lost in _following(text, end, charset, may_be_lost=not lost or data == _PUNCTUATION)
        ]
    for end, data, lost in partial:
        character = _decode(data)
        if character:
            yield _Option(
                end, character, lost, _sum_losses(_loss_bits(charset, kept, text[a:b], byte) for a, b, byte in lost)
            )


def _following(text: str, end: int, charset: str, *, may_be_lost: bool) -> Iterator[tuple[int, int, bool]]:
    """Yield the continuation bytes that may follow: their end, the byte, and whether it was lost."""
    shown = _bytes_of(charset).get(text[end : end + 1], 0)
    if _CONTINUATION.start <= shown < _CONTINUATION.stop:
        yield end + 1, shown, False
    if not may_be_lost:
        return
    ends = (end, end + 1) if text[end : end + 1] in _REPLACEMENTS else (end,)
    for byte in _lost_bytes(charset):
        for stop in ends:
            yield stop, byte, True
    if charset == WESTERN:
        for plain, replaced in _PLAIN.items():
            if text.startswith(plain, end):
                for byte in replaced:
                    yield end + len(plain), byte, True


def _rank(option: _Option, token: str, position: int, costs: Floats) -> float:
    """Return the cost of the losses of a character and of the character itself."""
    if not option.lost:
        return 0.0
    character, before = option.character, token[position - 1 : position]
    if character == _JOINER and before in _PARTS_OF_EMOJI:
        return option.bits
    if character in _ACCENTS and before.isalpha():
        return option.bits + _ACCENT_BITS
    bits = _character_bits(character, costs) + _side_bits(option, token, position)
    if bits > _MAX_RANK:
        return bits
    category, after = unicodedata.category(character), token[position + option.end :][:1]
    is_stray_mark = category == "Mn" and bits > _MAX_MARK_BITS
    if is_stray_mark or (category == "Cf" and (before + after).isascii()):
        return np.inf
    is_inside = before.isalpha() and after.isalpha() and not character.isalpha()
    return option.bits + bits + _INNER_SIGN_BITS * (is_inside and character not in INNER_SIGNS)


def _dash_bits(option: _Option, before: str) -> float:
    """Return a small cost for the rarer of two dashes that differ in a lost byte. En dashes are usual after numbers."""
    is_number = before[-1:].isdigit()
    return _RARE_DASH_BITS * (bool(option.lost) and option.character == ("—" if is_number else "–"))


def _side_bits(option: _Option, token: str, position: int) -> float:
    """Return a cost for a quote or dash that is not where quotes and dashes are. Apostrophes are within words."""
    category = unicodedata.category(option.character) if len(option.lost) > 1 else ""
    if category not in ("Pi", "Pf", "Ps", "Pd"):
        return 0.0
    before, after = token[position - 1 : position] if position else "", token[position + option.end :][:1]
    follows_word = bool(before.strip()) and unicodedata.category(before) not in ("Ps", "Pi", "Pd")
    precedes_word = after.isalnum()
    if option.character == "’" and follows_word and precedes_word:
        return 0.0
    if category == "Pd":
        return _WRONG_SIDE_BITS * (follows_word != precedes_word)
    is_right = precedes_word > follows_word if category in ("Pi", "Ps") else follows_word > precedes_word
    return _WRONG_SIDE_BITS * (not is_right) + _SINGLE_QUOTE_BITS * (option.character in _SINGLE_QUOTES)


def _sum_losses(bits: Iterable[float]) -> float:
    """Return the cost of several losses: where one byte was lost, others were, too."""
    losses = [one for one in bits if one]
    return max(losses, default=0.0) + _MORE_BITS * max(0, len(losses) - 1)


def _loss_bits(charset: str, kept: Kept, shown: str, byte: int) -> float:
    """Return the cost of a lost byte, by the text in its place."""
    if shown and shown not in _REPLACEMENTS:
        return _PLAIN_BITS
    bits = _KEPT_BITS * _was_kept(charset, kept, shown, byte)
    if shown == " ":
        return bits + (_SPACE_BITS if byte == _NO_BREAK_SPACE else _OTHER_SPACE_BITS)
    if byte in (_NO_BREAK_SPACE, _SOFT_HYPHEN):
        return bits + (_CONTROL_BITS if shown else _SPACE_BITS)
    return bits + (_HIDDEN_BITS if byte in _hidden_bytes(charset) else _CONTROL_BITS)


def _was_kept(charset: str, kept: Kept, shown: str, byte: int) -> bool:
    """Return whether a byte was probably not lost: the article has kept its kind, or U+FFFD never replaces it."""
    if byte == _SOFT_HYPHEN:
        return kept.soft_hyphens or shown == _UNASSIGNED_SIGN
    return byte not in _hidden_bytes(charset) and (kept.controls or shown == _UNASSIGNED_SIGN)


@character_cache
def _decode(data: bytes) -> str | None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if unicodedata.category(text) in ("Cc", "Cn", "Co") else text


@cache
def _bytes_of(charset: str) -> dict[str, int]:
    """Return the byte of each character beyond ASCII."""
    shown = byte_tables().from_byte[INDEX[charset]].tolist()
    controls = {chr(byte): byte for byte in _CONTROLS} if charset == WESTERN else {}
    return controls | {chr(shown[byte]): byte for byte in range(0x80, 0x100) if shown[byte] != UNASSIGNED}


@cache
def _hidden_bytes(charset: str) -> frozenset[int]:
    """Return the bytes from 80 to BF that a charset shows as nothing, a control, a soft hyphen or a no-break space."""
    shown = byte_tables().from_byte[INDEX[charset]].tolist()
    hidden = (UNASSIGNED, _NO_BREAK_SPACE, _SOFT_HYPHEN, *_CONTROLS)
    return frozenset(byte for byte in _CONTINUATION if shown[byte] in hidden)


@cache
def _lost_bytes(charset: str) -> tuple[int, ...]:
    """Return the bytes that are often lost. ISO 8859-1 shows none of 80 to 9F."""
    hidden = _hidden_bytes(charset)
    return tuple(sorted(hidden.union(_CONTROLS) if charset == WESTERN else hidden))


def _character_bits(character: str, costs: Floats) -> float:
    """Return the cost of a character without context."""
    code = ord(character)
    if character in _LEADS:
        return _LEAD_BITS
    if code > _MAX_CODE:
        return _EMOJI_BITS if code in _EMOJI else _RARE_BITS
    if code in _SYMBOLS:
        return _SYMBOL_BITS
    if code == _SELECTOR:
        return _SELECTOR_BITS
    return costs.item(code) + _RARE_FORM_BITS * _is_rare_form(character)


@character_cache
def _is_rare_form(character: str) -> bool:
    """Return whether a character is invisible or a compatibility form."""
    is_form = unicodedata.category(character) == "Cf" or unicodedata.decomposition(character).startswith("<")
    return is_form and character not in _COMMON_FORMS
