"""Trials of repair: damaged articles with their clean versions, and articles that are partly damaged."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Literal

from copydesk.article import Article
from tests.helpers.corpus import Sentences
from tests.helpers.corruption import Case, Chain, corrupt, generate_cases

Field = Literal["title", "text"]
FIELDS: tuple[Field, ...] = ("title", "text")

UTF8_TIER = "UTF-8 misread"
UTF8_AGAIN_TIER = "UTF-8 misread twice or thrice"
OTHER_SCRIPT_TIER = "legacy, other script"
SAME_SCRIPT_TIER = "legacy, same script"
_LEGACY_TIERS = {
    "legacy read as another's": OTHER_SCRIPT_TIER,
    "legacy within Latin script": SAME_SCRIPT_TIER,
}
# UTF-8 damage of partly damaged articles.
_USUAL_UTF8_CHAIN: Chain = (("utf-8", "windows-1252"),)

_WITHOUT_SPACES = ("zh", "ja", "th")
_SENTENCE_END = re.compile(r"(?<=[.!?؟।])\s+|(?<=[。！？])\s*")
# The minimum and maximum length of a sentence, with and without spaces between words.
_SENTENCE_CHARS, _SENTENCE_CHARS_WITHOUT_SPACES = (40, 160), (15, 80)
_MAX_TITLE_CHARS = 70
_MIN_WORD_CHARS = 4
_ARTICLE_SENTENCES = 15
_PARAGRAPH_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """A damaged article and its clean version.

    Attributes:
        tier: the kind of damage.
        form: the length of the text, or where in the article the damage is.
        pair: the pairs of charsets and the language.
        damaged: the damaged article.
        clean: the clean article.
        field: the field that is compared.
    """

    tier: str
    form: str
    pair: str
    damaged: Article
    clean: Article
    field: Field = "text"

    @property
    def is_clean(self) -> bool:
        """Return whether nothing is damaged."""
        return self.damaged == self.clean


def split_sentences(line: str) -> list[str]:
    """Split a line into sentences."""
    return [sentence for sentence in _SENTENCE_END.split(line.strip()) if sentence]


def has_spaces(tag: str) -> bool:
    """Return whether a language has spaces between words."""
    return tag.partition("-")[0] not in _WITHOUT_SPACES


def find_tier(case: Case) -> str:
    """Return the tier of a damage."""
    if all(actual == "utf-8" for actual, _ in case.chain):
        return UTF8_TIER if len(case.chain) == 1 else UTF8_AGAIN_TIER
    return _LEGACY_TIERS[case.family]


def format_pair(case: Case) -> str:
    """Return the pairs of charsets and the language of a damage."""
    return f"{', '.join(f'{actual} as {decoded_as}' for actual, decoded_as in case.chain)}: {case.language}"


def generate_mixed_trials(sentences: Sentences, limit: int, *, repeat_neighbours: bool = False) -> Iterator[Trial]:
    """Yield articles of which one sentence, title or word is damaged.

    Args:
        sentences: clean sentences by language.
        limit: the maximum number of damaged sentences per chain and language.
        repeat_neighbours: repeat clean sentences, if a language has too few for an article.
    """
    pools = {tag: _select_sentences(tag, lines) for tag, lines in sentences.items()}
    for case in generate_cases({tag: lines for tag, lines in pools.items() if len(lines) > 2}, limit):
        if find_tier(case) in _LEGACY_TIERS.values() or case.chain == _USUAL_UTF8_CHAIN:
            others = _neighbours(case.clean, pools[case.language])
            if repeat_neighbours:
                others = list(islice(cycle(others), _ARTICLE_SENTENCES - 1))
            yield from _mix(case, others)


def _select_sentences(tag: str, lines: Sequence[str]) -> list[str]:
    min_chars, max_chars = _SENTENCE_CHARS if has_spaces(tag) else _SENTENCE_CHARS_WITHOUT_SPACES
    return list(dict.fromkeys(line for line in lines if min_chars <= len(line) <= max_chars))


def _neighbours(sentence: str, pool: Sequence[str]) -> list[str]:
    """Return the other sentences of a pool, those after the sentence first."""
    i = pool.index(sentence)
    return [*pool[i + 1 :], *pool[:i]][: _ARTICLE_SENTENCES - 1]


def _mix(case: Case, others: Sequence[str]) -> Iterator[Trial]:
    """Yield each form of an article with a damaged sentence."""
    first, last = others[0], others[1]

    def build(form: str, write: Callable[[str], Article], field: Field = "text") -> Trial:
        return Trial(find_tier(case), form, format_pair(case), write(case.damaged), write(case.clean), field)

    yield build("sentence alone", lambda s: Article(text=s))
    yield build("paragraph between clean ones", lambda s: Article(text=f"{first}\n\n{s}\n\n{last}"))
    yield build("after a clean sentence on its line", lambda s: Article(text=f"{first} {s}"))
    yield build("body under a clean title", lambda s: Article(title=cut_line(first, _MAX_TITLE_CHARS), text=s))
    if len(others) == _ARTICLE_SENTENCES - 1:
        yield build("sentence in a clean article of 15", lambda s: Article(text=_join_around(s, others)))
    yield from _mix_titles(case, others)
    yield from _mix_words(case)


def _join_around(sentence: str, others: Sequence[str]) -> str:
    """Return an article with a sentence in the middle of others."""
    middle = len(others) // 2
    return join_article([*others[:middle], sentence, *others[middle:]])


def join_article(sentences: Sequence[str]) -> str:
    """Join sentences to paragraphs of three sentences."""
    starts = range(0, len(sentences), _PARAGRAPH_SENTENCES)
    return "\n\n".join(" ".join(sentences[start : start + _PARAGRAPH_SENTENCES]) for start in starts)


def _mix_titles(case: Case, others: Sequence[str]) -> Iterator[Trial]:
    """Yield articles with a damaged title: over a clean body, and over a body with the same damage."""
    title = cut_line(case.clean, _MAX_TITLE_CHARS)
    damaged_title = corrupt(title, case.chain)
    if damaged_title is None or damaged_title == title:
        return
    body = join_article(others[:_PARAGRAPH_SENTENCES])
    damaged_body = corrupt(body, case.chain)
    bodies = [("title over a clean body", body)]
    if damaged_body is not None and damaged_body != body:
        bodies.append(("title over a damaged body", damaged_body))
    for form, text in bodies:
        damaged, clean = Article(title=damaged_title, text=text), Article(title=title, text=body)
        yield Trial(find_tier(case), form, format_pair(case), damaged, clean, "title")


def _mix_words(case: Case) -> Iterator[Trial]:
    """Yield the clean sentence with one damaged word."""
    words = case.clean.split(" ") if has_spaces(case.language) else []
    long_words = ((i, corrupt(word, case.chain)) for i, word in enumerate(words) if len(word) >= _MIN_WORD_CHARS)
    damaged_words = [(i, word) for i, word in long_words if word is not None and word != words[i]]
    if damaged_words:
        i, word = random.Random(case.clean).choice(damaged_words)
        damaged = " ".join([*words[:i], word, *words[i + 1 :]])
        yield Trial(
            find_tier(case),
            "word in a clean sentence",
            format_pair(case),
            Article(text=damaged),
            Article(text=case.clean),
        )


def cut_line(line: str, max_chars: int) -> str:
    """Cut a line after a word."""
    return line if len(line) <= max_chars else (line[:max_chars].rpartition(" ")[0] or line[:max_chars])
