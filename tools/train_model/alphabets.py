"""The letters that languages write, by the exemplar characters of CLDR."""

from __future__ import annotations

import functools

import gflanguages

from tools.train_model.languages import Language
from tools.train_model.letters import fold, get_script

_NAMES = {"nb": "no", "tl": "fil", "ms": "ms", "ne": "ne"}


@functools.cache
def _languages() -> dict[str, object]:
    return dict(gflanguages.LoadLanguages())


@functools.cache
def read_alphabet(language: Language) -> frozenset[str]:
    """Return the letters of a language; empty if they are not known."""
    known = _languages()
    name = f"{language.tag}_{language.script}"
    entry = known.get(name) or known.get(f"{_NAMES.get(language.tag, language.tag)}_{language.script}")
    if entry is None:
        return frozenset()
    base = fold(entry.exemplar_chars.base)  # type: ignore[attr-defined]
    return frozenset(character for character in base if get_script(character) == language.script)
