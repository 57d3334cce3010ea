"""The mean cost of a letter of clean text in each language, and the deviation of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from copydesk.langmodel.model import LanguageModel, code_points, token_starts
from copydesk.repairs.screen import MAX_TOKEN_CHARS
from tools.train_model.languages import Language
from tools.train_model.letters import is_word
from tools.train_model.sources import count_message_words, read_word_frequencies
from tools.train_model.tables import UNITS_PER_BIT, ScriptTable
from tools.train_model.texts import read_sentences

_MIN_WORDS, _MIN_TOKENS, _MAX_TOKENS = 300, 200, 50_000
# For languages with nearly only ASCII words in the sources: the median of the others.
_DEFAULT = (3.9, 2.5)


def measure(language: Language, table: ScriptTable, known_words: Sequence[str]) -> tuple[float, float]:
    """Return the mean cost of a letter in bits, and the deviation of words per square root of their letters.

    Only words with a letter beyond ASCII count, weighted by their frequency in running text.
    """
    frequencies = {
        word: frequency
        for word, frequency in _read_sample(language, known_words).items()
        if len(word) > 1 and not word.isascii() and is_word(word, language.script)
    }
    if len(frequencies) < _MIN_WORDS:
        return _DEFAULT
    words = list(frequencies)
    weights = np.array(list(frequencies.values()), float)
    weights /= weights.sum()
    costs = table.score_words(words, language.tag) / UNITS_PER_BIT
    letters = np.array([len(word) for word in words], float)
    mean = (weights @ costs) / (weights @ letters)
    deviation = np.sqrt(weights @ ((costs - mean * letters) ** 2 / letters))
    return round(float(mean), 3), round(float(deviation), 3)


def _read_sample(language: Language, known_words: Sequence[str]) -> Mapping[str, float]:
    """Return words with weights: of running text where a package has it, else of messages, else all known words."""
    frequencies = read_word_frequencies(language)
    if frequencies:
        return frequencies
    messages = count_message_words(language)
    if sum(not word.isascii() for word in messages) >= _MIN_WORDS:
        return messages
    return dict.fromkeys(known_words, 1.0)


def measure_in_sentences(arrays: Mapping[str, NDArray[np.generic]]) -> NDArray[np.float32]:
    """Measure the usual costs again in sentences, as the screen scores them. They replace those of words.

    Args:
        arrays: the arrays of the model, with the usual costs of words.
    """
    loaded = LanguageModel(arrays)
    usual = arrays["usual"].astype(np.float32)
    sentences = read_sentences()
    for i, tag in enumerate(map(str, arrays["usual_languages"])):
        tokens = [token for line in sentences.get(tag, ()) for token in line.split(" ") if not token.isascii()]
        if len(tokens) >= _MIN_TOKENS:
            usual[i] = _measure_tokens(loaded, tokens[:: len(tokens) // _MAX_TOKENS + 1], tag)
    return usual


def _measure_tokens(loaded: LanguageModel, tokens: Sequence[str], tag: str) -> tuple[float, float]:
    script = next(script for script in loaded.scripts if tag in script.languages)
    pieces = [token[i : i + MAX_TOKEN_CHARS] for token in tokens for i in range(0, len(token), MAX_TOKEN_CHARS)]
    codes = code_points("\n".join(pieces))
    scored = loaded.token_costs(codes, token_starts(codes), {script.id: (script.languages.index(tag),)})
    letters = scored.letters[script.id].astype(float)
    costs = scored.by_script[script.id][:, 0] / UNITS_PER_BIT
    costs, letters = costs[letters > 0], letters[letters > 0]
    mean = costs.sum() / letters.sum()
    return round(float(mean), 3), round(float(np.sqrt(((costs - mean * letters) ** 2 / letters).mean())), 3)
