"""Cut a byline where one thing ends and another begins: at addresses, brackets, commas, “and”.

A bar always divides, a comma unless a degree or a given name follows, “and” between two names, and “y”, “e” or “i” only
between two full ones, since `Ortega y Gasset` and `Costa e Silva` are one man's surname.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from copydesk.metadata.authors.pieces import lead
from copydesk.metadata.authors.words import ARTICLES, PARTICLES, fold, kinds, longest, made_of

_BAR = regex.compile(
    r"[;；|｜•‖¦▪►、؛\n]|(?<=\s|^)(?:[-–—·~/]{1,3}|››|»|>)(?=\s|$)|(?<=\p{Hangul})[·ㆍ](?=\p{Hangul})|／"
    r"|(?<=\p{L}{4})/|/(?=\p{L}{4})|(?<=\p{Han})/(?=\p{Han})"
)
_COMMA = regex.compile("[,，،](?!\\d)")
_COLON = regex.compile(r"[:：](?!\d)|©")
_FORMS = regex.compile(r"(?<=\p{Ll}{3})[/:*_]in(?:nen)?(?!\p{L})")
_BRACKETS = regex.compile(r"[(（\[【]([^()（）\[\]【】]{1,60})[)）\]】]")
PHOTO_SIGN = "\ue000"
_HAN = regex.compile(r"[\p{Han}\p{Hangul}]")
_INITIALS = regex.compile(r"(?:\p{Lu}\.[ -]?)+|\p{Lu}")
_NAME = regex.compile(r"\p{Lu}[\p{L}\p{M}.'’-]*+")

_DROPPED = frozenset({"agency", "role", "modifier", "desk", "interface", "credit", "by", "dated", "joined", "degree"})
_OTHERS = (" et al.", " et al", " u.a.", " u. a.", " e outros", " и др.")
_CREDITS = frozenset({"photo", "credit"})
_NO_NAME = frozenset({"role", "modifier", "desk", "paper", "agency", "interface"})
_DEGREE = frozenset({"degree"})
_JOINTS = frozenset({"joined", "soft"})
_TITLED = frozenset(["And", "Und", "Et", "Och", "Og"])
_OPENING = frozenset("and und et och og и та ve & AND And with mit avec con sowie y".split())
_LEFT, _RIGHT = "'’\"“”„«»‹›*-–—,.:;!?)]}/\\_+=#&>~", "'’\"“”„«»‹›*-–—,:;([{/\\_+=#&<~"


@dataclass(frozen=True, slots=True)
class Piece:
    """The words between two separators; `loose` behind a comma or dash, where a place or paper may stand."""

    words: list[str]
    loose: bool


def without_addresses(raw: str) -> tuple[str, list[str]]:
    """Put bars in the place of e-mail addresses, handles and links, and return the handles.

    >>> without_addresses("Tom Warren @tomwarren tom@example.org")
    ('Tom Warren | |', ['@tomwarren'])
    """
    if "@" not in raw and "://" not in raw and "www." not in raw.casefold():
        return raw, []
    words, handles = [], []
    for word in raw.split():
        bare = word.strip("()[]<>.,;:")
        if bare.startswith("@") and len(bare) > 1:
            handles.append(bare)
        words.append("|" if "@" in word or "://" in word or bare.casefold().startswith("www.") else word)
    return " ".join(words), handles


def without_brackets(text: str) -> str:
    """Take out brackets at either end, and those that hold an agency, an office or a photo credit."""
    text = _FORMS.sub("", text) if "in" in text else text
    if not _BRACKETS.search(text):
        return text

    def put(match: regex.Match[str]) -> str:
        folded = [fold(word) for word in match[1].split()]
        if match[0] == match.string.strip():
            return match[1]
        if made_of(folded, frozenset({"photo", "credit", "joined"})) and not made_of(folded, frozenset({"credit"})):
            return f" {PHOTO_SIGN} "
        ends = not match.string[: match.start()].strip() or not match.string[match.end() :].strip(" ,;|.:-–—")
        return " " if ends or match[1].isupper() or made_of(folded, _DROPPED) else match[0]

    return " ".join(_BRACKETS.sub(put, text).split())


def pieces(text: str) -> Iterator[Piece]:
    """Yield the pieces between bars, dashes and commas.

    >>> [" ".join(piece.words) for piece in pieces("Anna Bell, PhD, Max Müller | CNN")]
    ['Anna Bell, PhD', 'Max Müller', 'CNN']
    """
    start, loose = 0, False
    for bar in _BAR.finditer(text):
        yield from _between_commas(text[start : bar.start()], loose=loose)
        start, loose = bar.end(), bar[0][0] in "-–—"
    yield from _between_commas(text[start:], loose=loose)


def _between_commas(text: str, *, loose: bool) -> Iterator[Piece]:
    parts = [_without_others(part.strip()) for part in _COMMA.split(text)]
    parts = _with_degrees([part for part in parts if part])
    if len(parts) == 2:
        words = _words(parts[0])
        family = lead(words).words
        turned = _turned(family, parts[1].split()) if family else None
        if turned:
            yield Piece(words[: len(words) - len(family)] + turned, loose=loose)
            return
    if len(parts) > 2 and len(parts) % 2 == 0 and all(_INITIALS.fullmatch(part) for part in parts[1::2]):
        parts = [f"{given} {family}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    for at, part in enumerate(parts):
        words = _words(part)
        ended = len(words) > 1 and _HAN.match(words[-1]) and kinds(fold(words[-1])) & _CREDITS
        yield Piece(words[:-1] if ended else words, loose=loose or at > 0)
        if ended:  # 山田太郎 撮影／鈴木一郎
            yield Piece(words[-1:], loose=False)


def _without_others(text: str) -> str:
    for others in _OTHERS:
        text = text.removesuffix(others)
    return text


def _with_degrees(parts: list[str]) -> list[str]:
    """Put `Jr.`, `PhD` and `Jr. and Max Müller` back to the name before them.

    A surname alone takes no degree without a dot: `Li, Ma and Chen` are three.
    """
    whole: list[str] = []
    for part in parts:
        words = part.split()
        before = next((at for at, word in enumerate(words[:-1]) if _joins(word)), 0)
        named = whole and (not before or " " in whole[-1] or "." in words[0])
        if named and made_of([fold(word) for word in words[: before or None]], _DEGREE):
            whole[-1] += f", {part}"
        else:
            whole.append(part)
    return whole


def _joins(word: str) -> bool:
    return word == "&" or bool(kinds(word.casefold()) & _JOINTS)


def _words(part: str) -> list[str]:
    return _COLON.sub(" : ", part).split() if _COLON.search(part) else part.split()


def _turned(first: list[str], second: list[str]) -> list[str] | None:
    """Turn `Bell, Anna` round where it is certain; keep two single words together where nothing is."""
    if len(first) > 4 or len(second) > 2 or not all(map(_NAME.fullmatch, (first[-1], second[0]))):
        return None
    core = [word for word in map(fold, first) if word not in PARTICLES | ARTICLES]
    if any(kinds(word) & _NO_NAME for word in core) or any(kinds(fold(word)) & _NO_NAME for word in second):
        return None
    initials = len(core) == 1 and _INITIALS.fullmatch(" ".join(second))
    known = "given" in kinds(fold(second[0])) and (len(core) == 1 or len(second) == 1 or second[1][1:] in (".", ""))
    if core and (initials or (known and "given" not in kinds(core[0]))):
        return second + first
    if len(first) == len(second) == 1 and "given" not in kinds(core[0] if core else ""):
        return [f"{first[0]},", second[0]]
    return None


def joined(words: list[str]) -> Iterator[list[str]]:
    """Yield the names that “and” joins.

    >>> list(joined("Ana Ruiz y José Ortega y Gasset".split()))
    [['Ana', 'Ruiz'], ['José', 'Ortega', 'y', 'Gasset']]
    """
    opening = longest([word.casefold() for word in words[:4]], 0, frozenset({"joined"})) if words else 0
    words = words[max(opening, 1) :] if opening > 1 or (words and words[0] in _OPENING) else words
    if not words:
        return
    start, at, capitals = 0, 1, " ".join(words).isupper()
    whole = any(kinds(fold(word)) & _NO_NAME and not kinds(fold(word)) & _JOINTS for word in words)
    while at < len(words) - 1:
        size, drop = _joint(words, start, at, capitals=capitals, whole=whole)
        if size:
            yield words[start:at]
            start = at + (size if drop else 0)
            at = max(at, start) + size
        else:
            at += 1
    yield words[start:]


def _joint(words: list[str], start: int, at: int, *, capitals: bool, whole: bool) -> tuple[int, bool]:
    """Return how many words join what is before and behind them, and whether they go; 0 if none do."""
    word, after = words[at], kinds(fold(words[at + 1]))
    if word in ("by", "By", "BY") or (kinds(fold(word)) & _CREDITS and fold(words[at + 1]) == "by"):
        return int(at > start and not kinds(fold(words[at - 1])) & _CREDITS), False
    if words[at + 1] == ":" and kinds(fold(word)) & _CREDITS:
        return int(at > start), False
    stays = at == start or (word.casefold() != fold(word) and word != "&")
    if stays or (whole and (after & {"modifier", "paper"} or "desk" in kinds(fold(words[-1])))):
        return 0, True
    sides = (at - start, _until_joint(words, at + 1))
    if word == "&":
        return int(min(sides) > 1 or (sides == (1, 1) and _are_given(words[at - 1], words[at + 1]))), True
    return _conjunction(words, at, sides, capitals=capitals, whole=whole), True


def _conjunction(words: list[str], at: int, sides: tuple[int, int], *, capitals: bool, whole: bool) -> int:
    word = words[at]
    low = word.islower() or word.upper() == word.lower()
    size = longest([each.casefold() for each in words[at : at + 4]], 0, frozenset({"joined"}))
    if size and at + size < len(words) and (low or word in _TITLED or (capitals and (len(word) > 2 or min(sides) > 1))):
        return 0 if whole and min(sides) < 2 and not _is_desk_beside(words, at, sides) else size
    if "soft" in kinds(word.casefold()) and (low or capitals) and words[at + 1][0].isupper():
        return int(min(sides) > 1 or (low and sides == (1, 1) and not whole))
    return 0


def _is_desk_beside(words: list[str], at: int, sides: tuple[int, int]) -> bool:
    """Whether a single word on one side names an agency: `Anna Bell and agencies`."""
    left, right = (kinds(fold(words[at + step])) & {"agency", "desk"} for step in (-1, 1))
    return bool((sides[0] == 1 and left) or (sides[1] == 1 and right))


def _until_joint(words: list[str], at: int) -> int:
    end = at
    while end < min(len(words), at + 3) and not kinds(words[end].casefold()) & _JOINTS:
        end += 1
    return end - at


def _are_given(left: str, right: str) -> bool:
    return all("given" in kinds(fold(word)) for word in (left, right))


def trimmed(words: list[str]) -> list[str]:
    """Strip punctuation at both ends; the dot of an initial or an abbreviation stays."""
    text = " ".join(words)
    text = text.lstrip(_LEFT + " ").rstrip(_RIGHT + " ")
    while text and unicodedata.category(text[-1]) in ("So", "Sk", "Cn", "Co"):
        text = text[:-1].rstrip(_RIGHT + " ")
    if text.endswith((".", "…")) and "." not in text[:-1] and len(text.rsplit(" ", 1)[-1]) > 4:
        text = text.rstrip(".…")
    if text.endswith((")", "]")) and not any(sign in text for sign in "(["):
        text = text.rstrip(")]")
    return text.split()
