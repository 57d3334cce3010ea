"""The model file as a whole: every part in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.train_model import archive, ideographs, manifest, signs, usual_costs
from tools.train_model.counts import LanguageCounts, count_language
from tools.train_model.languages import LANGUAGES, list_languages
from tools.train_model.tables import ScriptTable, build_table
from tools.train_model.word_lists import hash_all, list_words

# Rarer trigrams (of `counts.TOTAL_COUNT`) back off to bigrams; the limit keeps the file small.
MIN_TRIGRAM_COUNT = 2.0

Arrays = dict[str, NDArray[np.generic]]


def train(directory: Path) -> None:
    """Write model.npz and manifest.json to a directory."""
    counts = {script: [count_language(language) for language in list_languages(script)] for script in LANGUAGES}
    tables = {script: build_table(script, counts[script], MIN_TRIGRAM_COUNT) for script in LANGUAGES}
    every = [count for script in LANGUAGES for count in counts[script]]
    words = {count.language.tag: list_words(count, tables[count.language.script]) for count in every}
    arrays: Arrays = {"scripts": np.array(list(LANGUAGES))}
    for script, table in tables.items():
        arrays |= table.to_arrays(script)
    arrays |= {"cjk": ideographs.build_costs(), "signs": signs.build_costs()}
    arrays |= _to_word_arrays(words) | _to_usual_arrays(every, tables, words)
    arrays["usual"] = usual_costs.measure_in_sentences(arrays)
    sha256 = archive.write(directory / "model.npz", arrays)
    manifest.write(
        directory / "manifest.json",
        sha256=sha256,
        counts=every,
        word_counts={tag: len(listed) for tag, listed in words.items()},
        arrays=arrays,
    )


def _to_word_arrays(words: Mapping[str, Sequence[str]]) -> Arrays:
    hashes = [hash_all(listed) for listed in words.values()]
    return {
        "word_languages": np.array(list(words)),
        "word_offsets": np.cumsum([0, *map(len, hashes)], dtype=np.int64),
        "word_hashes": np.concatenate(hashes),
    }


def _to_usual_arrays(
    counts: Sequence[LanguageCounts], tables: Mapping[str, ScriptTable], words: Mapping[str, Sequence[str]]
) -> Arrays:
    languages = [count.language for count in counts]
    usual = [usual_costs.measure(language, tables[language.script], words[language.tag]) for language in languages]
    return {
        "usual_languages": np.array([language.tag for language in languages]),
        "usual": np.array(usual, np.float32),
    }
