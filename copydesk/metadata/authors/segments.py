"""One segment of a byline: the prefix of a name, the name, the suffix.

A segment is the text between two separators. Only the vocabulary of `words` decides what is removed. Nothing is removed
if the segment would become empty, and no suffix if a single word would remain (`Guardian staff reporter`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import regex

from copydesk.metadata.authors.words import (
    ARTICLES,
    LOWERCASE,
    PARTICLES,
    consists_of,
    fold_word,
    is_organization,
    is_phrase,
    is_role,
    kinds_of,
    longest_phrase,
    longest_suffix,
)
from copydesk.metadata.titles.site_names import load_section_words
from copydesk.transforms.folding import fold_to_letters


class SegmentRole(IntEnum):
    """The role of a segment, in order of preference: if a byline names people, the others are dropped."""

    PERSON = 0
    ORGANIZATION = 1
    JOB_TITLE = 2
    CONTRIBUTOR = 3
    TEXT = 4
    HANDLE = 5
    NOTHING = 9


@dataclass(frozen=True, slots=True)
class StrippedSegment:
    """A segment without the prefix of its name.

    Attributes:
        words: the other words.
        credit: `text` or `contributor` if the prefix credits one of them.
    """

    words: list[str]
    credit: str | None


_PREFIX_KINDS = frozenset({"by", "ambiguous_by", "credit", "contributor", "role", "modifier", "interface"})
_CREDIT_KINDS = frozenset({"credit", "contributor", "by"})
_NAMELESS_KINDS = frozenset({"interface", "date_word", "credit", "contributor", "by", "ambiguous_by"})
_BEFORE_JOB_TITLE_KINDS = frozenset({"modifier", "desk", "paper", "agency"})
_AFTER_NAME_KINDS = frozenset({"interface", "agency"})
_DEGREE, _VERB, _PREPOSITION = frozenset({"degree"}), frozenset({"verb"}), frozenset({"preposition"})
# Verbs that may be the last word; another one at the end is part of a name.
_FINAL_VERBS = frozenset(["says", "sagt", "posted"])
_DANGLING_WORDS = frozenset(["of", "on", "auf", "with", "avec", "con", "mit", "y", "&"])
_PICTURES = frozenset(["foto", "fotos", "photos", "фото", "zdjęcia"])
_CREDIT_CONJUNCTIONS = ("&", "and", "und", "et", "e", "y", "en", "i", "и", "og", "och")
_FOLLOW_BUTTONS = ("follow", "folge", "suivre", "seguir")
_BETWEEN_TITLE_AND_ORGANIZATION = ("of", "de", "en", "der", "des", "du", "of", "и", "and")
# Words of a segment that are examined. Longer segments are not names.
_MAX_EXAMINED_WORDS = 14
_MAX_TEXT_CHARS = 100
_MAX_PERSON_WORDS = 4

# A letter of a script without case, or a modifier letter.
_CASELESS_LETTER = regex.compile(r"[\p{Lo}\p{Lm}]")
_REPORTED_BY = regex.compile(r"\p{Han}*(?:报道|報導|報道|电|電|讯|訊|摄|攝|專電|综合)")
_SHORT_CASELESS_NAME = regex.compile(r"[\p{Han}\p{Hangul}]{2,4}")
_HANGUL_JOB_TITLE = regex.compile(r"(\p{Hangul}{2,4})(?:기자|특파원|선임기자|논설위원)")
_HAN_JOB_TITLE = regex.compile(
    r"(?:(?:本报|本報|本刊|本社|本网|新华社|新華社|中新社|中新网|特约|特約|特派|见习|實習|实习|首席|驻\p{Han}{1,4})*+"
    r"(?:记者|記者|通讯员|通訊員|作者|撰文|编辑|編輯|责任编辑|責任編輯|責編|责编|評論員|评论员))(?=\p{Han}{2}|\Z)"
)


def strip_prefix(words: list[str]) -> StrippedSegment:
    """Strip the prefix of a name: `Posted by`, `Текст:`, `Eine Analyse von`, `Photos by`, `記者`.

    >>> strip_prefix("Photos by Anna Bell".split()), strip_prefix("von der Leyen".split()).words
    (StrippedSegment(words=['Anna', 'Bell'], credit='contributor'), ['von', 'der', 'Leyen'])
    """
    folded = [fold_word(word) for word in words[:_MAX_EXAMINED_WORDS]]
    end = prefix_end = 0
    credit: str | None = None
    while end < len(folded):
        size = _prefix_phrase_size(words, folded, end)
        if not size:
            break
        kinds = kinds_of(" ".join(folded[end : end + size]))
        credit = _merge_credit(credit, kinds)
        end += size
        if words[end - 1] == ":" or _introduces_name(kinds, words, folded, end, size):
            prefix_end = end
    if end == len(words) and credit and consists_of(folded, _CREDIT_KINDS):
        return StrippedSegment([], credit)
    prefix_end = prefix_end or _label_end(words)
    rest = words[prefix_end:]
    return StrippedSegment(_strip_han_job_title(rest) if rest else words, credit if prefix_end else None)


def _prefix_phrase_size(words: list[str], folded: list[str], start: int) -> int:
    """Return the length in words of the phrase of a prefix at an index, or 0."""
    size = 1 if words[start] == ":" else longest_phrase(folded, start, _PREFIX_KINDS)
    return size or int(start > 0 and folded[start] in _CREDIT_CONJUNCTIONS)


def _label_end(words: list[str]) -> int:
    """Return the end of an unknown label of one or two words with a colon, or 0."""
    colon = words.index(":") if ":" in words[1:3] else -1
    return colon + 1 if 0 < colon < len(words) - 1 else 0


def _merge_credit(credit: str | None, kinds: frozenset[str]) -> str | None:
    if "credit" in kinds or "by" in kinds:
        return credit or ("text" if "credit" in kinds else None)
    return "contributor" if "contributor" in kinds and credit != "text" else credit


def _introduces_name(kinds: frozenset[str], words: list[str], folded: list[str], end: int, size: int) -> bool:
    """Return whether the phrase of some kinds before an index introduces a name after it."""
    if end >= len(words):
        return False
    if "by" in kinds:
        return True
    if "ambiguous_by" in kinds:
        return _means_by(words, folded, end)
    if "contributor" in kinds and end == size:
        return folded[0] in _PICTURES or words[0].islower()
    if "interface" in kinds:
        return size > 2 or folded[end - 1] in _FOLLOW_BUTTONS
    return False


def _means_by(words: list[str], folded: list[str], start: int) -> bool:
    """Return whether a `von` before an index means “by”: two capitalized words follow, a given name, or a desk."""
    if start >= len(folded) or folded[start] in PARTICLES:
        return kinds_of(" ".join(folded[start : start + 1])) >= {"desk"}
    capitalized = [word for word in words[start : start + 3] if not LOWERCASE.match(word)]
    return len(capitalized) > 1 or bool(kinds_of(folded[start]) & {"given_name", "desk", "agency", "role"})


def _strip_han_job_title(words: list[str]) -> list[str]:
    for i, word in enumerate(words[:2]):
        match = _HAN_JOB_TITLE.match(word)
        if match:
            rest = word[match.end() :]
            return [rest, *words[i + 1 :]] if len(rest) > 1 else words[i + 1 :] or words
    return words


def strip_suffix(words: list[str]) -> list[str]:
    """Strip the suffix of a name: a job title, an agency, `for CNN`, `in Berlin`, `is a writer …`.

    >>> strip_suffix("Roger Gonzalez CBS Sports Writer".split()), strip_suffix("Anna Bell in Berlin".split())
    (['Roger', 'Gonzalez'], ['Anna', 'Bell'])
    """
    folded = [fold_word(word) for word in words]
    if longest_phrase(folded, 0, _PREPOSITION) > 1:
        return []
    end = _name_end(words, folded)
    words, folded = _strip_job_title(words[:end], folded[:end])
    while len(words) > 2:
        size = longest_suffix(folded, _AFTER_NAME_KINDS)
        if not size or len(words) - size < 2:
            break
        words, folded = words[:-size], folded[:-size]
    if len(words) > 1 and _REPORTED_BY.fullmatch(words[-1]):
        words = words[:-1]
    while len(words) > 1 and _is_dangling(words[-1]):
        words = words[:-1]
    match = _HANGUL_JOB_TITLE.fullmatch(words[0]) if len(words) == 1 else None
    return [match[1]] if match else words


def _is_dangling(word: str) -> bool:
    """Return whether a last word is left over from a suffix."""
    return fold_word(word) in _DANGLING_WORDS or bool(kinds_of(word) & {"conjunction", "preposition"})


def _name_end(words: list[str], folded: list[str]) -> int:
    """Return the index of the verb or preposition that ends the name."""
    for i in range(1, min(len(words), _MAX_EXAMINED_WORDS)):
        may_be_verb = LOWERCASE.match(words[i]) or _CASELESS_LETTER.match(words[i])
        if may_be_verb and longest_phrase(folded, i, _VERB) and words[i][-1:] != ".":
            is_last = i + 1 == len(words)
            if not is_last or folded[i] in _FINAL_VERBS:
                return i
        may_be_preposition = i > 1 or folded[i] == "via"
        if may_be_preposition and longest_phrase(folded, i, _PREPOSITION) and _starts_affiliation(words, folded, i):
            return i
    return len(words)


def _starts_affiliation(words: list[str], folded: list[str], start: int) -> bool:
    """Return whether a place or a paper follows the preposition: `for CNN`, `For The Mail`, not `in 't Veld`."""
    size = longest_phrase(folded, start, _PREPOSITION)
    place = start + size
    if place >= len(words) or folded[place] == "" or folded[start - 1] in PARTICLES:
        return False
    if is_organization(words[:start], folded[:start]) or any(map(is_role, folded[:start])):
        return False
    if not words[start][0].islower():
        following = folded[start + 1]
        return folded[start] == "for" and (following in ARTICLES or bool(kinds_of(following) & _BEFORE_JOB_TITLE_KINDS))
    return not LOWERCASE.match(words[place]) or folded[place] in ARTICLES or size > 1


def _strip_job_title(words: list[str], folded: list[str]) -> tuple[list[str], list[str]]:
    """Strip a job title after the name or before it."""
    i = next((i for i, word in enumerate(folded[:_MAX_EXAMINED_WORDS]) if is_role(word)), -1)
    if i < 0 or _is_desk_name(folded, i) or _are_initials(words[i]):
        return words, folded
    start = _job_title_start(words, folded, i)
    name, folded_name = words[:start], folded[:start]
    may_be_name = start > 1 or (start == 1 and _SHORT_CASELESS_NAME.fullmatch(words[0]))
    if may_be_name and not is_organization(name, folded_name) and not is_phrase(name, min_lowercase=1):
        return name, folded_name
    end = i + 1
    while end < len(words) and is_role(folded[end]):
        end += 1
    if start == 0 and _is_person_after_job_title(words[end:], folded[end:]):
        return words[end:], folded[end:]
    return words, folded


def _is_desk_name(folded: list[str], i: int) -> bool:
    """Return whether the job title at an index is the last word of the name of a desk."""
    is_last = i == len(folded) - 1
    return is_last and kinds_of(folded[-1]) >= {"role", "desk"} and "desk" in kinds_of(folded[i - 1])


def _are_initials(word: str) -> bool:
    return word.isupper() and len(word) <= 2


def _job_title_start(words: list[str], folded: list[str], i: int) -> int:
    """Return the start of the job title that ends at an index: `CBS Sports Writer`."""
    start = i
    while start and (kinds_of(folded[start - 1]) & _BEFORE_JOB_TITLE_KINDS or _is_acronym(words, start - 1)):
        start -= max(1, longest_suffix(folded[:start], _BEFORE_JOB_TITLE_KINDS))
    return start


def _is_acronym(words: list[str], i: int) -> bool:
    return i > 1 and 1 < len(words[i]) < 6 and words[i].isupper() and not words[0].isupper()


def _is_person_after_job_title(words: list[str], folded: list[str]) -> bool:
    """Return whether words after a job title name a person: two capitalized words, no preposition, no desk."""
    if not words or "preposition" in kinds_of(folded[0]) or folded[0] in _BETWEEN_TITLE_AND_ORGANIZATION:
        return False
    if any(LOWERCASE.match(word) and fold_word(word) not in PARTICLES for word in words):
        return False
    is_caseless = _CASELESS_LETTER.match(words[0]) is not None
    may_be_name = len(words) <= _MAX_PERSON_WORDS and (len(words) > 1 or is_caseless)
    return may_be_name and not is_organization(words, folded)


def _is_job_title(words: list[str], folded: list[str]) -> bool:
    """Return whether words name a job title, a section, or a place with its preposition."""
    is_prepositional = len(words) > 1 and LOWERCASE.match(words[0]) and "preposition" in kinds_of(folded[0])
    if is_prepositional and folded[1] not in PARTICLES:
        return True
    if (len(words) > 1 and "city" in kinds_of(" ".join(folded))) or consists_of(folded, _DEGREE):
        return True
    if any(map(is_role, folded[:_MAX_EXAMINED_WORDS])):
        return True
    return fold_to_letters(" ".join(words)) in load_section_words().sections


def is_nameless(words: list[str]) -> bool:
    """Return whether words cannot be a name: no letters, or only labels, dates and credits."""
    return not any(map(str.isalpha, "".join(words))) or consists_of(list(map(fold_word, words)), _NAMELESS_KINDS)


def classify(words: list[str]) -> SegmentRole:
    """Return what a stripped segment names.

    >>> [classify(words.split()).name for words in ("Guardian staff reporter", "Associated Press", "Anna Bell")]
    ['JOB_TITLE', 'ORGANIZATION', 'PERSON']
    """
    folded = [fold_word(word) for word in words]
    if is_nameless(words):
        return SegmentRole.NOTHING
    if is_organization(words, folded):
        return SegmentRole.ORGANIZATION
    if _is_job_title(words, folded):
        return SegmentRole.JOB_TITLE
    if len(words) == 1 and _REPORTED_BY.fullmatch(words[0]) and len(words[0]) > 3:
        return SegmentRole.NOTHING
    if not is_phrase(words):
        return SegmentRole.PERSON
    return SegmentRole.TEXT if len(" ".join(words)) <= _MAX_TEXT_CHARS else SegmentRole.NOTHING
