"""Splitting of bylines: at addresses, brackets, bars, commas and conjunctions.

* A bar always separates.
* A comma separates unless a degree or a given name follows.
* “and” separates two names.
* “y”, “e” and “i” separate only two full names: `Ortega y Gasset` and `Costa e Silva` are surnames.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import regex

from copydesk.metadata.authors.segments import strip_prefix
from copydesk.metadata.authors.words import ARTICLES, PARTICLES, consists_of, fold_word, kinds_of, longest_phrase

# A private-use character in place of a contributor credit in brackets.
CONTRIBUTOR_MARK = "\ue000"

_BAR = regex.compile(
    r"[;；|｜•‖¦▪►、؛\n]|(?<=\s|^)(?:[-–—·~/]{1,3}|››|»|>)(?=\s|$)|(?<=\p{Hangul})[·ㆍ](?=\p{Hangul})|／"
    r"|(?<=\p{L}{4})/|(?<!(?<!\p{L})\p{L})/(?=\p{L}{4})|(?<=\p{Han})/(?=\p{Han})"
)
# A capital inside a word: after a small letter, or before one after a capital.
_GLUE = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})")
_COMMA = regex.compile("[,，،](?!\\d)")
_COLON = regex.compile(r"[:：](?!\d)|©")
# `Autor:in`, `Redakteur*innen`.
_GENDER_SUFFIX = regex.compile(r"(?<=\p{Ll}{3})[/:*_]in(?:nen)?(?!\p{L})")
_BRACKETS = regex.compile(r"[(（\[【]([^()（）\[\]【】]{1,60})[)）\]】]")
_HAN_OR_HANGUL = regex.compile(r"[\p{Han}\p{Hangul}]")
_INITIALS = regex.compile(r"(?:\p{Lu}\.[ -]?)+|\p{Lu}")
_NAME = regex.compile(r"\p{Lu}[\p{L}\p{M}.'’-]*+")

_BRACKETED_KINDS = frozenset(
    {"agency", "role", "modifier", "desk", "interface", "credit", "by", "date_word", "conjunction", "degree"}
)
_CONTRIBUTOR_KINDS = frozenset({"contributor", "credit", "conjunction"})
_CREDIT = frozenset({"credit"})
_CREDIT_KINDS = frozenset({"contributor", "credit"})
_NOT_NAME_KINDS = frozenset({"role", "modifier", "desk", "paper", "agency", "interface"})
_DEGREE = frozenset({"degree"})
_CONJUNCTION = frozenset({"conjunction"})
_CONJUNCTION_KINDS = frozenset({"conjunction", "weak_conjunction"})
_ET_AL = (" et al.", " et al", " u.a.", " u. a.", " e outros", " и др.")
_CAPITALIZED_CONJUNCTIONS = frozenset(["And", "Und", "Et", "Och", "Og"])
_LEADING_CONJUNCTIONS = frozenset(
    "and und et och og и та ve & AND And with mit avec con com met med ile sowie y с со з із με".split()
)
_WITH = frozenset("with mit avec con com met med z s sa cu ile с со з із με".split())
_LEFT_PUNCTUATION = "'’\"“”„«»‹›*-–—,.:;!?)]}/\\_+=#&>~"
_RIGHT_PUNCTUATION = "'’\"“”„«»‹›*-–—,:;([{/\\_+=#&<~"
_SYMBOL_CATEGORIES = ("Sm", "So", "Sk", "Cn", "Co")
_MAX_SURNAME_WORDS = 4
_MAX_GIVEN_WORDS = 2
_MAX_CONJUNCTION_WORDS = 4
# Two words of a name on either side of a conjunction are enough evidence.
_MAX_SIDE_WORDS = 2
_MAX_ABBREVIATION_CHARS = 4
_MAX_GLUED_WORDS = 4
_MIN_GLUED_SURNAME_CHARS = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """The words between two separators.

    Attributes:
        words: the words.
        separator: the first character of the separator before the words; empty at the start.
    """

    words: list[str]
    separator: str


def split_glued_words(text: str) -> str:
    """Separate words that lost the space between them: `ByAnna Bell`, `Anna BellSenior Reporter`.

    Names have such capitals, too (`DeShawn`, `MacDonald`). So one of the two words must belong to the vocabulary.

    >>> [split_glued_words(text) for text in ("ByAnna Bell", "Anna BellSenior Reporter", "Leo DiCaprio")]
    ['By Anna Bell', 'Anna Bell Senior Reporter', 'Leo DiCaprio']
    """
    if not _GLUE.search(text):
        return text
    words = text.split()
    separate: list[str] = []
    for i, word in enumerate(words):
        separate += _split_glued_word(word, separate, words[i + 1 : i + 2])
    return " ".join(separate)


def _split_glued_word(word: str, before: list[str], following: list[str]) -> tuple[str, ...]:
    """Return the two parts of a glued word, or the word."""
    last = before[1 - _MAX_CONJUNCTION_WORDS :]
    for glue in islice(_GLUE.finditer(word), _MAX_GLUED_WORDS):
        head, tail = word[: glue.start()], word[glue.start() :]
        if _is_glued_prefix([*last, head], tail, following) or _is_glued_suffix(last, head, tail):
            return head, tail
    return (word,)


def _is_glued_prefix(before: list[str], tail: str, following: list[str]) -> bool:
    """Return whether the last of the words is a “by” or a label that is glued to the name after it."""
    folded = list(map(fold_word, before))
    is_full_name = _NAME.fullmatch(tail) and (_is_given_name(tail) or bool(following and _NAME.match(following[0])))
    if not is_full_name:
        return False
    if kinds_of(folded[-1]) >= {"credit", "role"} or "by" in kinds_of(folded[-1]):
        return True
    return any(kinds_of(" ".join(folded[start:])) & {"by", "interface"} for start in range(len(folded) - 1))


def _is_glued_suffix(before: list[str], head: str, tail: str) -> bool:
    """Return whether a job title is glued to the surname before it."""
    is_surname = bool(before) and len(head) >= _MIN_GLUED_SURNAME_CHARS and _NAME.fullmatch(head) is not None
    return is_surname and bool(kinds_of(fold_word(tail)) & {"role", "modifier"})


def replace_addresses(raw: str) -> tuple[str, list[str]]:
    """Replace e-mail addresses, handles and links by bars, and return the handles as well.

    >>> replace_addresses("Tom Warren @tomwarren tom@example.org")
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


def remove_brackets(text: str) -> str:
    """Remove brackets at both ends, and brackets with an agency, a job title or a contributor credit."""
    text = _GENDER_SUFFIX.sub("", text) if "in" in text else text
    return " ".join(_BRACKETS.sub(_replace_bracket, text).split()) if _BRACKETS.search(text) else text


def _replace_bracket(match: regex.Match[str]) -> str:
    content, text = match[1], match.string
    folded = [fold_word(word) for word in content.split()]
    if match[0] == text.strip():
        return content
    if _names_more_people(content.split(), folded):
        return f" ; {content} "
    if consists_of(folded, _CONTRIBUTOR_KINDS) and not consists_of(folded, _CREDIT):
        return f" {CONTRIBUTOR_MARK} "
    is_at_end = not text[: match.start()].strip() or not text[match.end() :].strip(" ,;|.:-–—")
    return " " if is_at_end or content.isupper() or consists_of(folded, _BRACKETED_KINDS) else match[0]


def _names_more_people(words: list[str], folded: list[str]) -> bool:
    """Return whether the content of a bracket is like `with Anna Bell`: “with”, then two words of a name."""
    is_name = len(words) > 2 and all(_NAME.fullmatch(word) for word in words[1:3])
    return is_name and folded[0] in _WITH and not any(kinds_of(word) & _NOT_NAME_KINDS for word in folded[1:3])


def has_inverted_name(text: str) -> bool:
    """Return whether a text certainly has a surname before a given name.

    >>> has_inverted_name("Bell, Anna; Ek, Bo"), has_inverted_name("Jong, Michiel de"), has_inverted_name("Ek, Bo")
    (True, True, False)
    """
    if "," not in text:
        return False
    parts = [part.split(",") for part in text.split(";")]
    return any(len(sides) == 2 and _is_certainly_inverted(sides[0].split(), sides[1].split()) for sides in parts)


def split_segments(text: str, *, is_inverted: bool = False) -> Iterator[Segment]:
    """Yield the segments between bars, dashes and commas.

    Args:
        text: the text.
        is_inverted: whether other names of the byline are a surname, a comma and a given name.

    >>> [" ".join(segment.words) for segment in split_segments("Anna Bell, PhD, Max Müller | CNN")]
    ['Anna Bell, PhD', 'Max Müller', 'CNN']
    """
    start, separator = 0, ""
    for bar in _BAR.finditer(text):
        yield from _split_at_commas(text[start : bar.start()], separator, is_inverted=is_inverted)
        start, separator = bar.end(), bar[0][0]
    yield from _split_at_commas(text[start:], separator, is_inverted=is_inverted)


def _split_at_commas(text: str, separator: str, *, is_inverted: bool) -> Iterator[Segment]:
    parts = [_remove_et_al(part.strip()) for part in _COMMA.split(text)]
    parts = _join_degrees([part for part in parts if part])
    if len(parts) == 2:
        words = _split_words(parts[0])
        surname = strip_prefix(words).words
        name = _join_inverted_name(surname, parts[1].split(), is_inverted=is_inverted) if surname else None
        if name:
            yield Segment(words[: len(words) - len(surname)] + name, separator)
            return
    for i, part in enumerate(_join_initials(parts)):
        words = _split_words(part)
        # 山田太郎 撮影／鈴木一郎
        ends_in_credit = len(words) > 1 and _HAN_OR_HANGUL.match(words[-1]) and _is_credit(words[-1])
        yield Segment(words[:-1] if ends_in_credit else words, "," if i else separator)
        if ends_in_credit:
            yield Segment(words[-1:], "")


def _is_credit(word: str) -> bool:
    return bool(kinds_of(fold_word(word)) & _CREDIT_KINDS)


def _remove_et_al(text: str) -> str:
    for suffix in _ET_AL:
        text = text.removesuffix(suffix)
    return text


def _join_degrees(parts: list[str]) -> list[str]:
    """Join `Jr.`, `PhD` and `Jr. and Max Müller` with the name before them.

    After a surname alone, a degree needs a dot: `Li, Ma and Chen` are three names.
    """
    joined: list[str] = []
    for part in parts:
        words = part.split()
        conjunction = next((i for i, word in enumerate(words[:-1]) if is_conjunction(word)), 0)
        may_have_degree = joined and (not conjunction or " " in joined[-1] or "." in words[0])
        if may_have_degree and consists_of([fold_word(word) for word in words[: conjunction or None]], _DEGREE):
            joined[-1] += f", {part}"
        else:
            joined.append(part)
    return joined


def is_conjunction(word: str) -> bool:
    """Return whether a word may join two names."""
    return word == "&" or bool(kinds_of(word.casefold()) & _CONJUNCTION_KINDS)


def _join_initials(parts: list[str]) -> list[str]:
    """Join `Bell, A., Ray, M.` into `A. Bell`, `M. Ray`."""
    is_list_of_pairs = len(parts) > 2 and len(parts) % 2 == 0
    if not is_list_of_pairs or not all(map(_INITIALS.fullmatch, parts[1::2])):
        return parts
    return [f"{initials} {surname}" for surname, initials in zip(parts[::2], parts[1::2], strict=True)]


def _split_words(part: str) -> list[str]:
    return _COLON.sub(" : ", part).split() if _COLON.search(part) else part.split()


def _join_inverted_name(first: list[str], second: list[str], *, is_inverted: bool) -> list[str] | None:
    """Join the two sides of a comma into one name if they may be a surname and a given name.

    Args:
        first: the words before the comma.
        second: the words after it.
        is_inverted: whether other names of the byline are inverted.

    Returns:
        `Anna Bell` for `Bell, Anna`; two single words with their comma if it is unclear which one is the surname; None
        if they are not one name.
    """
    if not _may_be_inverted(first, second):
        return None
    is_like_others = is_inverted and len(_core(first)) == 1
    if is_like_others or _is_certainly_inverted(first, second):
        return second + first
    return [f"{first[0]},", second[0]] if len(first) == len(second) == 1 and not _is_given_name(first[0]) else None


def _may_be_inverted(first: list[str], second: list[str]) -> bool:
    given = _strip_final_particles(second)
    if not first or not given or len(first) > _MAX_SURNAME_WORDS or len(given) > _MAX_GIVEN_WORDS:
        return False
    if not _NAME.fullmatch(first[-1]) or not _NAME.fullmatch(given[0]):
        return False
    return not any(kinds_of(word) & _NOT_NAME_KINDS for word in (*_core(first), *map(fold_word, given)))


def _is_certainly_inverted(first: list[str], second: list[str]) -> bool:
    """Return whether the second side is a given name, initials, or ends in a particle, and the first is a surname."""
    core, given = _core(first), _strip_final_particles(second)
    if not core or not _may_be_inverted(first, second):
        return False
    has_single_surname = len(core) == 1
    are_initials = has_single_surname and _INITIALS.fullmatch(" ".join(second)) is not None
    has_one_given_name = len(given) == 1 or given[1][1:] in (".", "")
    is_given = _is_given_name(given[0]) and (has_single_surname or has_one_given_name)
    ends_in_particle = has_single_surname and len(given) < len(second)
    return are_initials or ((is_given or ends_in_particle) and "given_name" not in kinds_of(core[0]))


def _core(words: list[str]) -> list[str]:
    return [word for word in map(fold_word, words) if word not in PARTICLES | ARTICLES]


def _strip_final_particles(words: list[str]) -> list[str]:
    """Strip the particles that belong to the surname: `Michiel de`."""
    end = len(words)
    while end > 1 and words[end - 1] in PARTICLES:
        end -= 1
    return words[:end]


def _is_given_name(word: str) -> bool:
    return "given_name" in kinds_of(fold_word(word))


def split_names(words: list[str]) -> Iterator[list[str]]:
    """Yield the names between conjunctions.

    >>> list(split_names("Ana Ruiz y José Ortega y Gasset".split()))
    [['Ana', 'Ruiz'], ['José', 'Ortega', 'y', 'Gasset']]
    """
    words = _strip_leading_conjunction(words)
    if not words:
        return
    start, i, is_uppercase = 0, 1, " ".join(words).isupper()
    has_title = any(_is_title_word(kinds_of(fold_word(word))) for word in words)
    while i < len(words) - 1:
        size, is_conjunction = _name_boundary(words, start, i, is_uppercase=is_uppercase, has_title=has_title)
        if size:
            yield words[start:i]
            start = i + (size if is_conjunction else 0)
            i = max(i, start) + size
        else:
            i += 1
    yield words[start:]


def _strip_leading_conjunction(words: list[str]) -> list[str]:
    if not words:
        return words
    size = longest_phrase([word.casefold() for word in words[:_MAX_CONJUNCTION_WORDS]], 0, _CONJUNCTION)
    return words[max(size, 1) :] if size > 1 or words[0] in _LEADING_CONJUNCTIONS else words


def _is_title_word(kinds: frozenset[str]) -> bool:
    return bool(kinds & _NOT_NAME_KINDS) and not kinds & _CONJUNCTION_KINDS


def _name_boundary(words: list[str], start: int, i: int, *, is_uppercase: bool, has_title: bool) -> tuple[int, bool]:
    """Return how many words at an index separate two names, and whether they are a conjunction.

    A “by” or a credit also separates, and belongs to the next name. The number is 0 if the words do not separate.
    """
    word, next_folded = words[i], fold_word(words[i + 1])
    if word in ("by", "By", "BY") or (next_folded == "by" and _is_credit(word)):
        return int(i > start and not _is_credit(words[i - 1])), False
    if words[i + 1] == ":" and _is_credit(word):
        return int(i > start), False
    has_punctuation = word.casefold() != fold_word(word)
    if i == start or has_punctuation or (has_title and _continues_title(words, next_folded)):
        return 0, True
    sides = (i - start, _words_before_conjunction(words, i + 1))
    if word == "&":
        are_given_names = sides == (1, 1) and _is_given_name(words[i - 1]) and _is_given_name(words[i + 1])
        return int(min(sides) > 1 or are_given_names), True
    return _conjunction_size(words, i, sides, is_uppercase=is_uppercase, has_title=has_title), True


def _continues_title(words: list[str], next_folded: str) -> bool:
    """Return whether a conjunction is part of the name of a desk: `Arts and Culture desk`."""
    return bool(kinds_of(next_folded) & {"modifier", "paper"}) or "desk" in kinds_of(fold_word(words[-1]))


def _conjunction_size(words: list[str], i: int, sides: tuple[int, int], *, is_uppercase: bool, has_title: bool) -> int:
    """Return the length in words of the conjunction at an index; 0 if it does not separate names.

    Args:
        words: the words.
        i: the index.
        sides: the number of words on either side, up to the next conjunction.
        is_uppercase: whether all words are in capitals.
        has_title: whether a word belongs to a job title or an organization.
    """
    word = words[i]
    has_full_names, are_single_words = min(sides) > 1, sides == (1, 1)
    is_lowercase = word.islower() or word.upper() == word.lower()
    size = longest_phrase([each.casefold() for each in words[i : i + _MAX_CONJUNCTION_WORDS]], 0, _CONJUNCTION)
    # `E` and `Y` in capitals may be initials.
    is_certain_in_capitals = is_uppercase and (len(word) > 2 or has_full_names)
    has_fitting_case = is_lowercase or word in _CAPITALIZED_CONJUNCTIONS or is_certain_in_capitals
    if size and i + size < len(words) and has_fitting_case:
        is_in_title = has_title and not has_full_names and not _is_next_to_organization(words, i, sides)
        return 0 if is_in_title else size
    is_weak = "weak_conjunction" in kinds_of(word.casefold()) and (is_lowercase or is_uppercase)
    if is_weak and words[i + 1][0].isupper():
        return int(has_full_names or (is_lowercase and are_single_words and not has_title))
    return 0


def _is_next_to_organization(words: list[str], i: int, sides: tuple[int, int]) -> bool:
    """Return whether the single word on one side names an agency: `Anna Bell and agencies`."""
    left, right = (kinds_of(fold_word(words[j])) & {"agency", "desk"} for j in (i - 1, i + 1))
    return bool((sides[0] == 1 and left) or (sides[1] == 1 and right))


def _words_before_conjunction(words: list[str], start: int) -> int:
    """Return the number of words from an index to the next conjunction, at most two."""
    end = start
    while end < min(len(words), start + _MAX_SIDE_WORDS) and not kinds_of(words[end].casefold()) & _CONJUNCTION_KINDS:
        end += 1
    return end - start


def strip_punctuation(words: list[str]) -> list[str]:
    """Strip punctuation at both ends. The dot of an initial or an abbreviation stays."""
    text = " ".join(words)
    text = text.lstrip(_LEFT_PUNCTUATION + " ").rstrip(_RIGHT_PUNCTUATION + " ")
    while text and unicodedata.category(text[-1]) in _SYMBOL_CATEGORIES:
        text = text[:-1].rstrip(_RIGHT_PUNCTUATION + " ")
    last_word = text.rsplit(" ", 1)[-1]
    if text.endswith((".", "…")) and "." not in text[:-1] and len(last_word) > _MAX_ABBREVIATION_CHARS:
        text = text.rstrip(".…")
    if text.endswith((")", "]")) and not any(bracket in text for bracket in "(["):
        text = text.rstrip(")]")
    return text.split()
