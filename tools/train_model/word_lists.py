"""Known words with a letter beyond ASCII, as hashes by language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from copydesk.langmodel.word_hashes import hash_words
from tools.train_model.alphabets import read_alphabet
from tools.train_model.counts import LanguageCounts
from tools.train_model.languages import Language
from tools.train_model.letters import is_word
from tools.train_model.sources import count_message_words, read_word_forms, read_word_frequencies
from tools.train_model.tables import ScriptTable

MAX_WORDS = {"Latn": 60_000, "Cyrl": 60_000, "Grek": 60_000, "Arab": 40_000, "Hebr": 40_000}
MAX_WORDS_OTHERWISE = 30_000
# Forms without frequencies fill a list up to this number only: most of them never occur in the press.
MAX_WORDS_WITH_FORMS = 40_000
# wordfreq contains damaged words (Polish "siê"). A word list must not confirm them: letters that are rarer in the
# language than one in 2^12.5 disqualify a word.
MIN_LETTER_SHARE = 2**-12.5
# Longer forms are compounds and phrases.
_MAX_FORM_CHARS = 24


def list_words(counts: LanguageCounts, table: ScriptTable) -> list[str]:
    """Return the known words of a language, the most frequent first."""
    language = counts.language
    limit = MAX_WORDS.get(language.script, MAX_WORDS_OTHERWISE)
    alphabet = list_alphabet(counts)
    words = _select(read_word_frequencies(language), language, alphabet)
    if len(words) < min(limit, MAX_WORDS_WITH_FORMS):
        limit = min(limit, MAX_WORDS_WITH_FORMS)
        messages = sorted(count_message_words(language).items(), key=lambda item: (-item[1], item[0]))
        words += _select((word for word, _ in messages), language, alphabet)
        forms = _select(read_word_forms(language), language, alphabet)
        words += _sort_by_cost(forms, table, language)
    return list(dict.fromkeys(words))[:limit]


def list_alphabet(counts: LanguageCounts) -> frozenset[str]:
    """Return the letters of a language: those of CLDR, and those that are not rare in it."""
    totals: dict[str, float] = {}
    for trigram, count in counts.trigrams.items():
        totals[trigram[-1]] = totals.get(trigram[-1], 0.0) + count
    minimum = sum(totals.values()) * MIN_LETTER_SHARE
    frequent = frozenset(letter for letter, total in totals.items() if total >= minimum)
    return frequent | read_alphabet(counts.language)


def _select(words: Iterable[str], language: Language, alphabet: frozenset[str]) -> list[str]:
    return [
        word
        for word in words
        if len(word) > 1 and not word.isascii() and alphabet.issuperset(word) and is_word(word, language.script)
    ]


def _sort_by_cost(forms: Sequence[str], table: ScriptTable, language: Language) -> list[str]:
    """Sort word forms without frequencies by probability in the language's own table."""
    if not forms:
        return []
    short = [form for form in forms if len(form) <= _MAX_FORM_CHARS]
    costs = table.score_words(short, language.tag)
    return [short[i] for i in np.argsort(costs, kind="stable")]


def hash_all(words: Iterable[str]) -> NDArray[np.uint32]:
    """Return the sorted hashes of words."""
    return np.unique(hash_words(list(words)))
