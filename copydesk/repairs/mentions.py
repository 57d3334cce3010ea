"""Mentions: damage that a text about encodings shows on purpose, as in `“café” becomes “cafÃ©”`.

A damaged word is a mention if its repair is undamaged in the same sentence or row. It also is one if its repair is
never written alone: a lone letter or quotation mark in quotes, or among words of a language without such a word. All
damaged words of a sentence must be mentions. If the article has more damage than mentions, it is damaged itself.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, compress, groupby, islice, takewhile
from operator import itemgetter, not_
from typing import TypeAlias

import numpy as np

from copydesk.article import Edit
from copydesk.langmodel.model import LATIN, UNITS_PER_BIT, Floats, load_model
from copydesk.repairs.readings import Tokens
from copydesk.repairs.screen import plain_context

# An article with more edits is damaged, and not searched for mentions. This and the next limits bound the time.
MAX_MENTIONED_EDITS = 1_000
# Damage without a twin proves less: it is kept if the article has this number of mentions for each other damaged word.
_MIN_MENTIONS_BY_DAMAGE = 2
# A twin is at most this far away, words are at most this long, and this number of places is tried.
_MAX_DISTANCE, _MAX_WORD_CHARS, _MAX_PLACES = 500, 100, 8
# In prose, this number of words may be between a word and its twin. Words of fewer letters have twins by chance.
_MAX_WORDS_BETWEEN, _MIN_LETTERS = 6, 4
# If two words next to a damaged word and to its twin are equal, a sentence was repeated.
_REPEATED_WORDS, _NEIGHBOUR_CHARS = 2, 60
# Words of one letter cost less: `é` 7 bits in Portuguese, `å` 13 in Swedish. In English, `é` costs 19.
_MAX_WORD_BITS = 14.0
_SURE_LEAD_BITS = 8.0
_MIN_SENTENCE_LETTERS = 13

_SINGLE_MARKS = frozenset("‘’‚‛")
_QUOTATION_MARKS = _SINGLE_MARKS | frozenset("“”„‟")
_QUOTES = frozenset("\"\" '' `` “” „“ „” ”” ‘’ ‚‘ ‚’ ’’ «» »« ‹› 「」 『』 《》".split())
_FRENCH_QUOTES = frozenset(("«»", "‹›"))
_BRACKETS = frozenset(("()", "[]"))
# What starts and ends the cells of rows and the arguments of code, and what a sign that stands alone is next to.
_CELL_STARTS, _CELL_ENDS = frozenset("|/\\;=>→\"'`\t:([{"), frozenset("|/\\;=<→\"'`\t)]}")
_SEPARATORS = _CELL_STARTS | _CELL_ENDS | frozenset(" \r\n\xa0,“”„‘‚«»‹›")
_SENTENCE_END = re.compile(r"(?<=\w\w\w)[.!?]++[^\w\s]*+\s++(?![a-z])|[。！？]+")
# The parts of a title may come from different sources.
_DASH = re.compile(r"\s[–—-]\s")
_LETTERS = re.compile(r"[^\W_]+")

# The start and end of a part of a text.
_Range: TypeAlias = tuple[int, int]


@dataclass(eq=False)
class _Word:
    """A damaged word.

    Attributes:
        start: where it starts in the text.
        end: where it ends.
        repaired: the repaired word.
        edits: the indexes of its edits.
    """

    start: int
    end: int
    repaired: str
    edits: list[int]

    @cached_property
    def core(self) -> str:
        """The repaired word without the marks around it. A sign is its own core."""
        letters = [i for i, one in enumerate(self.repaired) if _is_letter(one)]
        return self.repaired[letters[0] : letters[-1] + 1] if letters else self.repaired

    @property
    def is_quotation_mark(self) -> bool:
        """Whether it consists of quotation marks."""
        return _QUOTATION_MARKS.issuperset(self.repaired)

    @property
    def is_sign(self) -> bool:
        """Whether it is another sign, such as a dash or a bullet, which may be alone in any text."""
        return not self.is_quotation_mark and not any(map(_is_letter, self.repaired))


def find_mentions(text: str, edits: Sequence[tuple[int, Edit]], context: Floats) -> set[int]:
    """Return the indexes of the edits that would repair mentions.

    Args:
        text: the fields of the article.
        edits: the edits, each with the start of its field.
        context: the cost of the plain words of the article in each Latin language, in bits.
    """
    places = sorted((offset + edit.start, offset + edit.end, i) for i, (offset, edit) in enumerate(edits))
    if not _may_have_mentions(text, [(start, end, edits[i][1].after) for start, end, i in places]):
        return set()
    words = list(_join_words(text, edits, places))
    twins: list[_Word] = []
    alone: list[_Word] = []
    damaged: set[str] = set()
    for sentence in _split_sentences(_Places(text, words, context), words):
        cores = {word.core for word in sentence.words if sentence.has_twin(word)}
        with_twin = [word for word in sentence.words if word.core in cores]
        others = [word for word in sentence.words if word not in with_twin]
        if all((cores and sentence.may_follow(word)) or sentence.is_alone(word) for word in others):
            twins += with_twin
            (twins if with_twin else alone).extend(others)
        else:
            damaged.update(word.core for word in sentence.words)
    kept: list[_Word] = []
    if _MIN_MENTIONS_BY_DAMAGE * len(damaged) <= len({word.core for word in (*twins, *alone)}):
        kept = [*twins, *alone]
    elif len(damaged) <= len({word.core for word in twins}):
        kept = twins
    return {i for word in kept for i in word.edits}


def _may_have_mentions(text: str, edits: Sequence[tuple[int, int, str]]) -> bool:
    """Return whether all edits of any sentence may be mentions. Few articles have such a sentence.

    Args:
        text: the fields of the article.
        edits: the start, end and new text of each edit, sorted.
    """
    characters = frozenset(text)
    may_be = [_may_be_mention(text, *edit, characters) for edit in edits]
    if not any(may_be):
        return False
    sentences = [sentence for sentence, _ in _locate_sentences(text, ((start, end) for start, end, _ in edits))]
    return not set(sentences).issubset(compress(sentences, map(not_, may_be)))


def _may_be_mention(text: str, start: int, end: int, after: str, characters: frozenset[str]) -> bool:
    """Return whether an edit may repair a mention: its letters are undamaged elsewhere, or it is one character."""
    is_new = any(one not in characters and _is_letter(one) for one in after)
    return not is_new or (len(after) == 1 and not any(map(_is_spaced, _characters_around(text, start, end))))


def _join_words(
    text: str, edits: Sequence[tuple[int, Edit]], places: Sequence[tuple[int, int, int]]
) -> Iterator[_Word]:
    """Yield the damaged words: edits, and the letters next to them.

    Args:
        text: the fields of the article.
        edits: the edits, each with the start of its field.
        places: the start, end and index of each edit, sorted.
    """
    word: _Word | None = None
    for (start, end, i), following in zip(places, [*places[1:], (len(text), 0, 0)], strict=True):
        if not word or start > word.end:
            first = start
            while first > max(word.end if word else 0, start - _MAX_WORD_CHARS) and _is_spaced(text[first - 1]):
                first -= 1
            if word:
                yield word
            word = _Word(first, start, text[first:start], [])
        last = end
        while last < min(following[0], end + _MAX_WORD_CHARS) and _is_spaced(text[last]):
            last += 1
        word.repaired += edits[i][1].after + text[end:last]
        word.end = last
        word.edits.append(i)
    if word:
        yield word


def _is_letter(character: str) -> bool:
    """Return whether a character is a letter, digit or combining mark."""
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _is_spaced(character: str) -> bool:
    """Return whether a character is a letter of a script with spaces between words."""
    return _is_letter(character) and not "\u2e80" <= character <= "\ufaff"


def _characters_around(text: str, start: int, end: int) -> str:
    """Return the characters before and after a place."""
    return text[max(0, start - 1) : start] + text[end : end + 1]


class _Places:
    """The text of an article, what is around a place, and its repair."""

    def __init__(self, text: str, words: Sequence[_Word], context: Floats) -> None:
        self.text, self.context = text, context
        self._ends = [word.end for word in words]
        pieces = [text[last : word.start] + word.repaired for last, word in zip([0, *self._ends], words, strict=False)]
        self._new_ends = list(accumulate(map(len, pieces)))
        self._repaired = "".join((*pieces, text[self._ends[-1] :]))

    def marks_around(self, start: int, end: int) -> str:
        """Return the characters before and after a place. In French, there are spaces within the quotes."""
        around = self.text[max(0, start - 2) : start].strip()[-1:] + self.text[end : end + 2].strip()[:1]
        return around if around in _FRENCH_QUOTES else _characters_around(self.text, start, end)

    def is_apart(self, start: int, end: int) -> bool:
        """Return whether there are separators, or the ends of a sentence, around a place."""
        before, after = self.text[max(0, start - 1) : start], self.text[end : end + 1]
        is_end = after in ".!?" and not self.text[end + 1 : end + 2].strip()
        return (not before or before in _SEPARATORS) and (is_end or after in _SEPARATORS)

    def is_cell(self, start: int, end: int) -> bool:
        """Return whether a place starts after, or ends before, a mark of rows or code."""
        before, after = self.text[max(0, start - 2) : start].strip(" "), self.text[end : end + 2].strip(" ")
        return before[-1:] in _CELL_STARTS or after[:1] in _CELL_ENDS

    def count_equal_words(self, one: tuple[int, int], other: tuple[int, int]) -> int:
        """Return the number of repaired words that are equal next to two places of the repaired text."""
        (first, first_end), (second, second_end) = sorted((one, other))
        between = self._repaired[first_end:second]
        before = self._repaired[max(0, first - _NEIGHBOUR_CHARS) : first]
        after = self._repaired[second_end : second_end + _NEIGHBOUR_CHARS]
        words_between = _LETTERS.findall(between)
        return _count_equal(_LETTERS.findall(before)[::-1], words_between[::-1]) + _count_equal(
            words_between, _LETTERS.findall(after)
        )

    def repaired_around(self, word: _Word, start: int, end: int) -> tuple[str, str]:
        """Return the repaired text from a place to a damaged word, and from the word to another place."""
        word_end = self.new_place(word.end)
        before = self._repaired[self.new_place(start) : word_end - len(word.repaired)]
        return before, self._repaired[word_end : self.new_place(end)]

    def new_place(self, place: int) -> int:
        """Return where a place outside of damaged words is in the repaired text."""
        i = bisect_right(self._ends, place)
        return place + (self._new_ends[i - 1] - self._ends[i - 1] if i else 0)


def _locate_sentences(text: str, places: Iterable[_Range]) -> Iterator[tuple[_Range, _Range]]:
    """Yield where the sentence of each place starts and ends, and the same of its line. The places are sorted."""
    line_end = -1
    breaks: list[int] = []
    for start, end in places:
        if start > line_end:
            line_start = text.rfind("\n", 0, start) + 1
            line_end = text.find("\n", end)
            line_end = len(text) if line_end < 0 else line_end
            breaks = [line_start, *(match.end() for match in _SENTENCE_END.finditer(text, line_start, line_end))]
        i = bisect_right(breaks, start)
        yield (breaks[i - 1], breaks[i] if i < len(breaks) else line_end), (breaks[0], line_end)


def _split_sentences(places: _Places, words: Sequence[_Word]) -> Iterator[_Sentence]:
    """Yield the sentences with damaged words."""
    located = _locate_sentences(places.text, ((word.start, word.end) for word in words))
    for ((start, end), line), group in groupby(zip(located, words, strict=True), key=itemgetter(0)):
        yield _Sentence(places, line, start, end, [word for _, word in group])


@dataclass(eq=False)
class _Sentence:
    """A sentence or row.

    Attributes:
        places: the text of the article.
        line: where its line starts and ends.
        start: where it starts.
        end: where it ends.
        words: its damaged words.
    """

    places: _Places
    line: _Range
    start: int
    end: int
    words: list[_Word]
    _letters: dict[str, bool] = field(default_factory=dict)

    def has_twin(self, word: _Word, min_letters: int = _MIN_LETTERS) -> bool:
        """Return whether the repaired word is undamaged nearby: in the sentence, or in the line if it is quoted.

        Args:
            word: the word.
            min_letters: how many letters it needs in prose, if it is not a name.
        """
        text = self.places.text
        if word.is_sign or word.core in text[word.start : word.end]:
            return False
        is_quoted = self.places.marks_around(word.start, word.end) in _QUOTES
        first, last = self._near(word, self.line if is_quoted else (self.start, self.end))
        for start in islice(_find_all(text, word.core, first, last), _MAX_PLACES):
            end = start + len(word.core)
            is_other = end <= word.start or word.end <= start
            if not is_other or not self._is_whole(word, start, end):
                continue
            if is_quoted or self._is_compared(word, start, end, min_letters):
                return True
        return False

    def may_follow(self, word: _Word) -> bool:
        """Return whether a word says nothing alone, but may be a mention next to others: a sign, or a short word."""
        return word.is_sign or self.has_twin(word, min_letters=1)

    def is_alone(self, word: _Word) -> bool:
        """Return whether the damage is one letter or sign that is never written alone."""
        marks = self.places.marks_around(word.start, word.end)
        if len(word.repaired) != 1:
            return False
        if marks in _QUOTES:
            return word.repaired != "…"
        if word.is_sign:
            return False
        if marks in _BRACKETS:
            return word.is_quotation_mark or not self._may_be_word(word)
        if word.is_quotation_mark:
            return self._is_lone_mark(word)
        return self.places.is_apart(word.start, word.end) and not self._may_be_word(word)

    def _is_whole(self, word: _Word, start: int, end: int) -> bool:
        """Return whether the twin at a place is a whole word, or a sign that stands alone as the damaged one does."""
        if _is_letter(word.core[0]):
            return not any(map(_is_spaced, _characters_around(self.places.text, start, end)))
        return self.places.is_apart(start, end) and self.places.is_apart(word.start, word.end)

    def _is_compared(self, word: _Word, start: int, end: int, min_letters: int) -> bool:
        """Return whether a word that is not quoted is compared with its twin, which is not there by chance."""
        places = self.places
        if _is_letter(word.core[0]) and not places.is_cell(word.start, word.end):
            between = places.text[min(end, word.end) : max(start, word.start)]
            is_near = len(_LETTERS.findall(between)) <= _MAX_WORDS_BETWEEN and not _DASH.search(between)
            is_rare = len(word.core) >= min_letters or word.core.istitle() or not self._may_be_word(word)
            if not (is_near and is_rare):
                return False
        new_end, new_twin_end = places.new_place(word.end), places.new_place(end)
        damaged, twin = (new_end - len(word.repaired), new_end), (new_twin_end - len(word.core), new_twin_end)
        return places.count_equal_words(damaged, twin) < _REPEATED_WORDS

    def _is_lone_mark(self, word: _Word) -> bool:
        """Return whether a quotation mark stands between words, and no other of its sentence may belong to it."""
        if not self.places.is_apart(word.start, word.end):
            return False
        first, last = self._near(word, (self.start, self.end))
        before, after = self.places.repaired_around(word, first, last)
        marks = _SINGLE_MARKS if word.repaired in _SINGLE_MARKS else _QUOTATION_MARKS - _SINGLE_MARKS
        return bool(before.strip()) and marks.isdisjoint(before + after)

    def _near(self, word: _Word, span: tuple[int, int]) -> tuple[int, int]:
        """Return the part of a span that is near a word."""
        return max(span[0], word.start - _MAX_DISTANCE), min(span[1], word.end + _MAX_DISTANCE)

    def _may_be_word(self, word: _Word) -> bool:
        """Return whether a lone letter may be a word of the language of the sentence or of the article."""
        if len(word.core) > 1:
            return True
        if word.core not in self._letters:
            first, last = self._near(word, (self.start, self.end))
            plain = list(filter(str.isascii, self.places.text[first:last].split()))
            self._letters[word.core] = _may_be_word(word.core, plain, self.places.context)
        return self._letters[word.core]


def _may_be_word(letter: str, plain: Sequence[str], context: Floats) -> bool:
    """Return whether a letter may be a word of the language of plain words, or of an article with a context."""
    model = load_model()
    tokens = Tokens.of([letter])
    costs = model.token_costs(tokens.codes, tokens.starts).by_script.get(LATIN)
    contexts = [context] if context.any() else []
    if sum(map(str.isalpha, "".join(plain))) >= _MIN_SENTENCE_LETTERS:
        contexts.append(plain_context(model, plain))
    if costs is None or not contexts:
        return True
    is_likely = np.any([one <= one.min() + _SURE_LEAD_BITS for one in contexts], axis=0)
    return bool((costs[0, is_likely] <= _MAX_WORD_BITS * UNITS_PER_BIT).any())


def _find_all(text: str, part: str, start: int, end: int) -> Iterator[int]:
    """Yield where a part of a text is."""
    while (start := text.find(part, start, end)) >= 0:
        yield start
        start += len(part)


def _count_equal(words: Sequence[str], others: Sequence[str]) -> int:
    """Return the number of the first words that are equal."""
    pairs = zip(words, others, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
