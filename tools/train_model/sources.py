"""Word frequencies, n-gram counts, word forms and messages, as the source packages hold them.

Every reader returns folded text. A language that a package lacks gives an empty result.
"""

from __future__ import annotations

import functools
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import brotli
import msgpack
import polib
import wordfreq
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from tools.train_model.alphabets import read_alphabet
from tools.train_model.languages import Language
from tools.train_model.letters import fold, get_script, is_word, iterate_runs

MESSAGE_PACKAGES = ("django", "wagtail")
# A trigram of folded letters to its weight; a space is the edge of a word, and words start with two.
Trigrams = dict[str, float]

_FOREIGN_LETTER_FACTOR = 1 / 16
_CYRILLIC_DIGRAPHS = {"lj": "љ", "nj": "њ", "dž": "џ"}
_CYRILLIC = str.maketrans("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш")
_PLACEHOLDER = re.compile(r"%(?:\([^)]*\))?[-#0 +.\d]*[a-zA-Z%]|\{[^}]*\}|<[^>]*>|&\w+;|https?:\S+|\S+@\S+")


def _find_package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"Package {name} is not installed.")
    return Path(spec.submodule_search_locations[0])


def read_frequencies(name: str) -> Mapping[str, float]:
    """Return a list of wordfreq as it is."""
    if name not in wordfreq.available_languages("best"):
        return {}
    frequencies: Mapping[str, float] = wordfreq.get_frequency_dict(name, "best")
    return frequencies


@functools.cache
def read_word_frequencies(language: Language) -> Mapping[str, float]:
    """Return the frequency of each word, the most frequent first."""
    result: dict[str, float] = defaultdict(float)
    sharp_s = _list_sharp_s_words(language) if language.tag == "de" else {}
    for word, frequency in read_frequencies(language.wordfreq).items():
        spellings = _restore_spelling(fold(word), language, sharp_s)
        for spelling in spellings:
            result[spelling] += frequency / len(spellings)
    return dict(sorted(result.items(), key=lambda item: (-item[1], item[0])))


def _restore_spelling(word: str, language: Language, sharp_s: Mapping[str, str]) -> list[str]:
    """Return the spellings that wordfreq's case folding merged."""
    if language.tag == "el" and word.endswith("σ"):
        return [word[:-1] + "ς"]
    if language.tag == "sr":
        return [] if re.search("[qwxy]", word) else [_to_cyrillic(word)]
    return [word, sharp_s[word]] if word in sharp_s else [word]


def _to_cyrillic(word: str) -> str:
    for latin, cyrillic in _CYRILLIC_DIGRAPHS.items():
        word = word.replace(latin, cyrillic)
    return word.translate(_CYRILLIC)


def _list_sharp_s_words(language: Language) -> dict[str, str]:
    forms = [form for form in read_word_forms(language) if "ß" in form]
    return {form.replace("ß", "ss"): form for form in forms}


def read_word_forms(language: Language) -> list[str]:
    """Return the inflected forms and lemmas of simplemma in the language's script, sorted."""
    try:
        forms = DefaultDictionaryFactory().get_dictionary(language.simplemma)
    except ValueError:
        return []
    folded = sorted(set(fold("\n".join(forms)).split("\n")))
    return [form for form in folded if len(form) > 1 and is_word(form, language.script)]


def count_words(words: Mapping[str, float], script: str, power: float = 1.0) -> Trigrams:
    """Count the trigrams of words; the power dampens the most frequent words."""
    trigrams: Trigrams = defaultdict(float)
    for text, count in words.items():
        weight = count**power
        for word in iterate_runs(text, script):
            padded = f"  {word} "
            for i in range(len(word) + 1):
                trigrams[padded[i : i + 3]] += weight
    return dict(trigrams)


def read_lingua_trigrams(language: Language) -> Trigrams:
    """Return the trigrams of lingua's models, with the word edges that their differences imply."""
    total: Trigrams = defaultdict(float)
    for name in language.lingua:
        for trigram, share in _read_lingua_model(name, language.script).items():
            total[trigram] += share
    return _damp_foreign_letters(total, language)


def _damp_foreign_letters(trigrams: Trigrams, language: Language) -> Trigrams:
    """Make trigrams with letters that the language does not write rare: some of the texts counted were damaged.

    A fifth of all ő in lingua's Hungarian are õ. wordfreq's lists were cleaned, so that they give the share of foreign
    letters where there is one.
    """
    alphabet = read_alphabet(language) | {" "}
    if len(alphabet) == 1:
        return trigrams
    factor = 0.0 if read_frequencies(language.wordfreq) else _FOREIGN_LETTER_FACTOR
    return {
        trigram: share if alphabet.issuperset(trigram) else share * factor
        for trigram, share in trigrams.items()
        if factor or alphabet.issuperset(trigram)
    }


def _read_lingua_model(name: str, script: str) -> Trigrams:
    """Turn conditional frequencies within words into shares of trigrams with edges.

    The models hold P(last letter | letters before). The frequency of a letter sequence minus that of its
    continuations is at the end of a word. The frequency minus that of its predecessors is at the start.
    """
    models = _find_package("lingua") / "language-models" / name
    if not models.is_dir():
        return {}
    one, two, three = (_read_lingua_file(models / f"{kind}grams.json.br", script) for kind in ("uni", "bi", "tri"))
    two = {gram: one.get(gram[0], 0.0) * share for gram, share in two.items()}
    three = {gram: two.get(gram[:2], 0.0) * share for gram, share in three.items()}
    first_letters = _subtract(one, two, before=True)
    first_pairs = _subtract(two, three, before=True)
    last_pairs = _subtract(two, three, before=False)
    single_letters = _subtract(first_letters, first_pairs, before=False)
    trigrams = three
    trigrams |= {f"  {gram}": share for gram, share in first_letters.items()}
    trigrams |= {f" {gram}": share for gram, share in first_pairs.items()}
    trigrams |= {f"{gram} ": share for gram, share in last_pairs.items()}
    trigrams |= {f" {gram} ": share for gram, share in single_letters.items()}
    return {fold(gram): share for gram, share in trigrams.items()}


def _subtract(grams: Trigrams, longer: Trigrams, *, before: bool) -> Trigrams:
    """Return the counts of n-grams minus those of n-grams with one more letter before or after."""
    rest = dict(grams)
    for gram, share in longer.items():
        part = gram[1:] if before else gram[:-1]
        if part in rest:
            rest[part] -= share
    # Differences of rounded floats: nothing below one in a billion is a count.
    return {gram: share for gram, share in rest.items() if share > 1e-9}


def _read_lingua_file(path: Path, script: str) -> Trigrams:
    ngrams = json.loads(brotli.decompress(path.read_bytes()))["ngrams"]
    return {
        gram: float(Fraction(share))
        for share, grams in ngrams.items()
        for gram in grams.split()
        if all(get_script(char) == script for char in gram)
    }


@functools.cache
def read_simplified_forms() -> Mapping[int, str]:
    """Return the simplified form of traditional Chinese characters, for `str.translate`."""
    path = _find_package("wordfreq") / "data" / "_chinese_mapping.msgpack.gz"
    forms: Mapping[int, str] = msgpack.unpackb(gzip.decompress(path.read_bytes()), strict_map_key=False)
    return forms


def read_lingua_unigrams(name: str) -> Mapping[str, float]:
    """Return the shares of single characters, for scripts without words."""
    path = _find_package("lingua") / "language-models" / name / "unigrams.json.br"
    ngrams = json.loads(brotli.decompress(path.read_bytes()))["ngrams"]
    return {gram: float(Fraction(share)) for share, grams in ngrams.items() for gram in grams.split()}


def read_langdetect_trigrams(language: Language) -> Trigrams:
    """Return the trigrams of a profile of langdetect."""
    if language.langdetect is None:
        return {}
    path = _find_package("langdetect") / "profiles" / language.langdetect
    counts: Trigrams = defaultdict(float)
    for gram, count in json.loads(path.read_text("utf-8"))["freq"].items():
        if not all(char == " " or get_script(char) == language.script for char in gram):
            continue
        if len(gram) == 3 and gram[1] != " ":
            counts[fold(gram)] += count
        elif len(gram) == 2 and gram[0] == " " != gram[1]:
            counts[f" {fold(gram)}"] += count
    return dict(counts)


@functools.cache
def read_messages(locales: tuple[str, ...]) -> tuple[str, ...]:
    """Return the translations in some locales without placeholders and markup, sorted."""
    texts: set[str] = set()
    for package in MESSAGE_PACKAGES:
        root = _find_package(package)
        for locale in locales:
            for path in sorted(root.glob(f"**/locale/{locale}/LC_MESSAGES/*.po")):
                for entry in polib.pofile(str(path)):
                    texts.update([entry.msgstr, *entry.msgstr_plural.values()])
    return tuple(sorted({_PLACEHOLDER.sub(" ", text) for text in texts if text}))


def list_locales() -> list[str]:
    """Return the locales of all translated messages."""
    paths = (path for name in MESSAGE_PACKAGES for path in _find_package(name).glob("**/locale/*/LC_MESSAGES"))
    return sorted({path.parent.name for path in paths})


def count_message_words(language: Language) -> Counter[str]:
    """Count the words in the translated messages of a language."""
    return count_text_words(read_messages(language.locales), language.script)


def count_text_words(texts: Iterable[str], script: str) -> Counter[str]:
    """Count the folded words of texts."""
    return Counter(word for text in texts for word in iterate_runs(fold(text), script))
