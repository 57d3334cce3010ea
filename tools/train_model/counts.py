"""Trigram counts of each language, mixed from its sources on one scale."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tools.train_model.languages import Language
from tools.train_model.sources import (
    Trigrams,
    count_message_words,
    count_words,
    read_langdetect_trigrams,
    read_lingua_trigrams,
    read_word_forms,
    read_word_frequencies,
)

# Counts of news text distinguish languages best. Lists of words add vocabulary that is rare in news. Lists without
# frequencies have the spelling. Messages add function words.
SOURCE_WEIGHTS = {"lingua": 0.6, "wordfreq": 0.4, "langdetect": 0.4, "messages": 0.1, "simplemma": 0.1}
# The counts of a language sum to this number of trigrams, whatever its sources.
TOTAL_COUNT = 4e6
# Sources without frequencies of running text: the total is smaller, so that smoothing is stronger.
TOTAL_COUNT_OF_LISTS = 5e5
# langdetect's profiles have no rare trigrams, so missing trigrams are not as unlikely.
TOTAL_COUNT_OF_PROFILES = 2e5
_TEXT_SOURCES = frozenset({"lingua", "wordfreq", "langdetect"})
_COMPLETE_SOURCES = frozenset({"lingua", "wordfreq"})
# Between tokens (1) and types (0): counts of frequent words would hide the spelling of all others.
_WORD_POWER = 0.8
# Smaller samples say little.
_MIN_MESSAGE_WORDS = 200


@dataclass(frozen=True)
class LanguageCounts:
    """The trigram counts of a language.

    Attributes:
        language: The language.
        sources: The names of the packages that have it.
        trigrams: The counts.
    """

    language: Language
    sources: tuple[str, ...]
    trigrams: Trigrams


def count_language(language: Language) -> LanguageCounts:
    """Mix the counts of all sources of a language."""
    messages = count_message_words(language)
    parts = {
        "lingua": read_lingua_trigrams(language),
        "wordfreq": count_words(read_word_frequencies(language), language.script, _WORD_POWER),
        "langdetect": read_langdetect_trigrams(language),
        "messages": count_words(messages, language.script, _WORD_POWER) if len(messages) >= _MIN_MESSAGE_WORDS else {},
    }
    if not any(parts[name] for name in _TEXT_SOURCES):
        parts["simplemma"] = count_words(dict.fromkeys(read_word_forms(language), 1.0), language.script)
    sources = tuple(name for name, trigrams in parts.items() if trigrams)
    if not sources:
        raise LookupError(f"No package has counts for {language.tag}.")
    return LanguageCounts(language, sources, _mix({name: parts[name] for name in sources}))


def _mix(parts: dict[str, Trigrams]) -> Trigrams:
    if _COMPLETE_SOURCES & parts.keys():
        total = TOTAL_COUNT
    else:
        total = TOTAL_COUNT_OF_PROFILES if _TEXT_SOURCES & parts.keys() else TOTAL_COUNT_OF_LISTS
    weight_sum = sum(SOURCE_WEIGHTS[name] for name in parts)
    mixed: Trigrams = defaultdict(float)
    for name, trigrams in parts.items():
        scale = total * SOURCE_WEIGHTS[name] / weight_sum / sum(trigrams.values())
        for trigram, count in trigrams.items():
            mixed[trigram] += count * scale
    return dict(mixed)
