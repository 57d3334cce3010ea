"""Authors: names from bylines such as `By Tom Krisher and ANNA BELL, AP Auto Writer`.

Bylines are split. These are removed: “by” in about forty languages, job titles, agencies, dates, addresses and labels
of the page. Names in capitals or in lower case get their usual case. Duplicates are dropped.

Two risks:

* Losing an author. `Guardian staff reporter` may be the only information, so desks and job titles are dropped only if
  there is a person as well. A byline with a name never becomes empty.
* Damaging a name. Names contain the words of bylines: `von der Leyen`, `Ortega y Gasset`, `Anna Press`, `Byron`. A
  “von” is removed only before two words or a known given name; a “y” separates only two full names; `Bell, Anna` is
  inverted only if `Anna` is a given name and `Bell` is not. Unknown names stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import regex

from copydesk.cache import bounded_cache
from copydesk.metadata.authors import splitting
from copydesk.metadata.authors.byline_dates import split_at_dates
from copydesk.metadata.authors.name_case import fix_name_case
from copydesk.metadata.authors.segments import SegmentRole, classify, is_nameless, strip_prefix, strip_suffix
from copydesk.metadata.authors.words import consists_of, fold_word, is_phrase, kinds_of, longest_phrase
from copydesk.transforms.folding import fold_case

_MAX_PASSES = 6
# The last word index at which a repetition of the name is looked for.
_MAX_REPETITION_OFFSET = 14
# Longer bylines are parsed each time: they are rare and would fill the cache.
_MAX_CACHED_CHARS = 200
# Separators before a place or a paper, and before the place of an agency.
_BEFORE_PLACES, _BEFORE_PLACES_OF_AGENCIES = ",-–—/|｜•·", ",-–—"
_PLAIN_NAME = regex.compile(
    r"\p{Lu}[\p{Ll}\p{M}]++(?:[-’'](?:\p{Lu}[\p{Ll}\p{M}]++))?+"
    r"(?: (?:\p{Lu}\.|(?:(?:O|D)[’'])?(?:Mc|Mac)?\p{Lu}[\p{Ll}\p{M}]++(?:-\p{Lu}[\p{Ll}\p{M}]++)?+)){1,3}+"
)
_DAY = regex.compile(r"(?<!\d)\d{1,2}(?!\d)")
_BY_KINDS = frozenset({"by", "ambiguous_by"})
_LABEL_KINDS = _BY_KINDS | {"credit"}
_MAX_BYLINE_WORDS, _MAX_WORDS_WITH_BY = 20, 8
# The kinds of the words of a plain byline that are not names.
_PLAIN_BYLINE_KINDS = _BY_KINDS | {"credit", "date_word", "conjunction", "role", "modifier", "interface"}
# A word of these kinds right before “by” credits other work than the text.
_OTHER_WORK_KINDS = frozenset({"contributor", "interface"})
# Words of these kinds are not evidence against a plain name.
_PLAIN_NAME_KINDS = frozenset({"given_name", "weak_conjunction", "conjunction", "verb", "degree", "date_word"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name of an author.

    Attributes:
        text: the name.
        source: the index of its raw string.
    """

    text: str
    source: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A possible author.

    Attributes:
        text: the name.
        source: the index of its raw string.
        role: the role of its segment.
        is_recased: whether its letter case was changed.
    """

    text: str
    source: int
    role: SegmentRole
    is_recased: bool = False


def parse(raws: Sequence[str], *, turkish: bool = False) -> tuple[Name, ...]:
    """Return the people that bylines name, in order, or else the desk or job title.

    Args:
        raws: the strings of the field `authors`, each a single line with normalized white space.
        turkish: whether the article is in Turkish or Azerbaijani: the lower case of I is ı.

    Returns:
        The names without duplicates; none if the bylines have no name.

    >>> [name.text for name in parse(["By Tom Krisher and ANNA BELL, AP Auto Writer"])]
    ['Tom Krisher', 'Anna Bell']
    >>> [name.text for name in parse(["Guardian staff reporter"])], parse(["19.11.2019"])
    (['Guardian staff reporter'], ())
    """
    names, previous = _parse_once(enumerate(raws), turkish=turkish), list(raws)
    for _ in range(_MAX_PASSES):
        texts = [name.text for name in names]
        if texts == previous or all(map(is_plain_name, texts)):
            break
        names, previous = _parse_once(((name.source, name.text) for name in names), turkish=turkish), texts
    return names


def names_people(raws: Sequence[str]) -> bool:
    """Return whether bylines name a person, and not only a desk, an agency, a job title or a photographer.

    >>> names_people(["By Anna Bell"]), names_people(["Guardian staff reporter", "AFP"])
    (True, False)
    """
    return any(
        candidate.role is SegmentRole.PERSON for raw in raws for candidate in _candidates(raw, is_inverted=False)
    )


def means_by(word: str) -> bool:
    """Return whether a word may mean “by”."""
    return bool(kinds_of(fold_word(word)) & _BY_KINDS)


def is_plain_byline(text: str) -> bool:
    """Return whether a text is nothing but names with “by”, a label or a date, and perhaps job titles.

    Names after “by” or a label are full names, or known given names if there is a date. With only a date, the names are
    full names that start with a known given name.

    >>> [is_plain_byline(text) for text in ("5 March 2024, by Anna Bell", "By the sea", "By Anna Bell who was there")]
    [True, False, False]
    """
    words = text.split()[: _MAX_BYLINE_WORDS + 1]
    if len(words) > _MAX_BYLINE_WORDS:
        return False
    has_date = _DAY.search(text) is not None
    parts = list(split_at_dates(text)) if has_date else [text]
    has_date = parts != [text]
    if not has_date and not _has_phrase(words[:_MAX_WORDS_WITH_BY], _LABEL_KINDS):
        return False
    names = [name.text for name in parse([text])]
    rest = " ".join(parts)
    for name in names:
        rest = _remove_name(rest, name)
    labels = [word for word in rest.split() if any(map(str.isalpha, word))]
    folded = list(map(fold_word, labels))
    if not names or not consists_of(folded, _PLAIN_BYLINE_KINDS) or _credits_other_work(folded):
        return False
    is_label = ":" in rest or "：" in rest
    has_by = _has_phrase(labels, _LABEL_KINDS if is_label else _BY_KINDS)
    return all(_is_author(name, has_by=has_by, has_date=has_date) for name in names)


def is_full_name(text: str) -> bool:
    """Return whether a text is a plain name of two or more words, the first one a known given name.

    >>> is_full_name("Anna Bell"), is_full_name("Harbour Media")
    (True, False)
    """
    return " " in text and is_plain_name(text) and _starts_with_given_name(text)


def _credits_other_work(folded: list[str]) -> bool:
    """Return whether a word before “by” is not about the text: `Photo by`, `Music by`, `Sponsored by`."""
    return any(
        kinds_of(by) & _BY_KINDS and kinds_of(word) & _OTHER_WORK_KINDS and not kinds_of(word) & _LABEL_KINDS
        for word, by in pairwise(folded)
    )


def _is_author(name: str, *, has_by: bool, has_date: bool) -> bool:
    """Return whether a name in a plain byline is certainly one."""
    if " " in name:
        return is_plain_name(name) and (has_by or (has_date and _starts_with_given_name(name)))
    return has_by and has_date and _starts_with_given_name(name)


def _starts_with_given_name(text: str) -> bool:
    return "given_name" in kinds_of(fold_word(text.partition(" ")[0]))


def _remove_name(text: str, name: str) -> str:
    """Remove a name from a text that may have words of it in capitals."""
    start = text.lower().find(name.lower())
    end = start + len(name)
    is_capitalized = start >= 0 and all(word[:1].isupper() for word in text[start:end].split(" "))
    return text[:start] + text[end:] if is_capitalized else text


def _has_phrase(words: list[str], kinds: frozenset[str]) -> bool:
    folded = list(map(fold_word, words))
    return any(longest_phrase(folded, start, kinds) for start in range(len(folded)))


def _parse_once(raws: Iterable[tuple[int, str]], *, turkish: bool) -> tuple[Name, ...]:
    strings = list(raws)
    is_inverted = any(splitting.has_inverted_name(raw) for _, raw in strings)
    candidates = [
        replace(candidate, source=source)
        for source, raw in strings
        for candidate in _candidates(raw, turkish=turkish, is_inverted=is_inverted)
    ]
    best = min((candidate.role for candidate in candidates), default=SegmentRole.NOTHING)
    return _deduplicate(candidate for candidate in candidates if candidate.role is best)


def _deduplicate(candidates: Iterable[_Candidate]) -> tuple[Name, ...]:
    """Return each name once. A spelling with unchanged letter case wins."""
    unique: dict[str, _Candidate] = {}
    for candidate in candidates:
        key = _comparison_key(candidate.text)
        if key not in unique or (unique[key].is_recased and not candidate.is_recased):
            unique[key] = candidate
    return tuple(Name(candidate.text, candidate.source) for candidate in unique.values())


def _comparison_key(name: str) -> str:
    """Fold a name for comparison: `BELL, Anna` and `Anna Bell` are equal."""
    surname, comma, given = name.partition(", ")
    return fold_case(f"{given} {surname}" if comma and "," not in given else name)


def is_plain_name(raw: str) -> bool:
    """Return whether a string is just a name, as most are: capitalized words, none of the vocabulary of bylines.

    >>> is_plain_name("Anna Bell"), is_plain_name("Staff Writer"), is_plain_name("anna_bell")
    (True, False, False)
    """
    return _PLAIN_NAME.fullmatch(raw) is not None and all(
        kinds_of(fold_word(word)) <= _PLAIN_NAME_KINDS for word in raw.split(" ")
    )


def _candidates(raw: str, *, turkish: bool = False, is_inverted: bool) -> tuple[_Candidate, ...]:
    """Return the candidates of one string. The articles of a site share a few hundred bylines."""
    find = _find_candidates_cached if len(raw) <= _MAX_CACHED_CHARS else _find_candidates
    return find(raw, turkish=turkish, is_inverted=is_inverted)


def _find_candidates(raw: str, *, turkish: bool = False, is_inverted: bool) -> tuple[_Candidate, ...]:
    """Return the candidates of one string. Their source is 0."""
    if is_plain_name(raw):
        return (_Candidate(raw, 0, SegmentRole.PERSON),)
    text, handles = splitting.replace_addresses(raw)
    candidates: list[_Candidate] = []
    for part in split_at_dates(splitting.remove_brackets(splitting.split_glued_words(text))):
        has_person = any(candidate.role is SegmentRole.PERSON for candidate in candidates)
        if not has_person or fold_word(part.partition(" ")[0]) == "by":
            candidates += _parse_part(part, turkish=turkish, is_inverted=is_inverted)
    if not candidates:
        candidates = [_Candidate(handle, 0, SegmentRole.HANDLE) for handle in handles]
    return tuple(candidates)


_find_candidates_cached = bounded_cache(_find_candidates)


def _parse_part(part: str, *, turkish: bool, is_inverted: bool) -> list[_Candidate]:
    """Return the candidates of the text between two dates."""
    candidates: list[_Candidate] = []
    # A prefix without a name credits the next segment.
    pending_credit: str | None = None
    for segment in splitting.split_segments(part, is_inverted=is_inverted):
        outer = strip_prefix(segment.words)
        credit = outer.credit or pending_credit
        pending_credit = None if outer.words else outer.credit
        if segment.separator == "," and candidates and _is_affiliation(outer.words):
            continue
        for words in splitting.split_names(outer.words):
            inner = strip_prefix(words)
            candidate = _parse_name(inner.words, inner.credit or credit, turkish=turkish)
            if candidate and not _is_place(candidate, candidates, segment.separator):
                candidates.append(candidate)
    return candidates


def _is_affiliation(words: list[str]) -> bool:
    """Return whether words after a name and a comma say what the person is: a phrase that does not end in a name."""
    without_conjunctions = [word for word in words if not splitting.is_conjunction(word)]
    if not without_conjunctions or not is_phrase(without_conjunctions):
        return False
    last = list(splitting.split_names(words))[-1]
    return len(last) == 1 or not is_plain_name(" ".join(last))


def _is_place(candidate: _Candidate, previous: list[_Candidate], separator: str) -> bool:
    """Return whether a candidate is a place or a paper: one word after full names, or any words after an agency."""
    if not previous or not separator or candidate.role is not SegmentRole.PERSON or separator not in _BEFORE_PLACES:
        return False
    follows_comma_or_dash = separator in _BEFORE_PLACES_OF_AGENCIES
    if all(other.role is SegmentRole.ORGANIZATION for other in previous):
        return follows_comma_or_dash and "given_name" not in kinds_of(fold_word(candidate.text.partition(" ")[0]))
    people = [other.text for other in previous if other.role is SegmentRole.PERSON]
    follows_full_names = all(" " in name for name in people)
    return " " not in candidate.text and follows_full_names and (follows_comma_or_dash or bool(people))


def _parse_name(words: list[str], credit: str | None, *, turkish: bool) -> _Candidate | None:
    if splitting.CONTRIBUTOR_MARK in words:
        words, credit = [word for word in words if word != splitting.CONTRIBUTOR_MARK], "contributor"
    if not words or is_nameless(words):
        return None
    words = splitting.strip_punctuation(strip_suffix(_cut_at_repetition(words)))
    role = classify(words) if words else SegmentRole.NOTHING
    if role is SegmentRole.NOTHING:
        return None
    text = " ".join(words)
    if role is not SegmentRole.PERSON:
        return _Candidate(text, 0, role)
    name = fix_name_case(text, turkish=turkish)
    return _Candidate(name, 0, SegmentRole.CONTRIBUTOR if credit == "contributor" else role, is_recased=name != text)


def _cut_at_repetition(words: list[str]) -> list[str]:
    """Cut `Anna Bell Follow Anna Bell is a writer` where the first two words occur again."""
    for i in range(2, min(len(words) - 1, _MAX_REPETITION_OFFSET)):
        if words[i] == words[0] and words[i + 1] == words[1]:
            return words[:i]
    return words
