"""Fit copydesk/language/calibration.txt: the usual costs of languages, the temperature and the weights of rejection.

    python -m tools.fit_language

The texts are fragments of `tools.train_model.texts.sample_texts` and of the sample texts of gflanguages, from one word
to many sentences. Unknown languages have three kinds of text: languages that the model does not have, known languages
with their own costs hidden, and noise (shuffled letters, names, program code). The command needs the packages of
`tools.train_model`. Run it again when the model changes.
"""

from __future__ import annotations

import asyncio
import inspect
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import Random

import gflanguages  # type: ignore[import-untyped,import-not-found,unused-ignore]
import numpy as np
from numpy.typing import NDArray

from copydesk.langmodel.model import CJK_LANGUAGES, load_model
from copydesk.language.calibration import known_features, softmax
from copydesk.language.detect import group_languages
from copydesk.language.sampling import sample_pieces
from copydesk.language.scores import Scores, score_pieces
from tools.train_model.texts import UNSPACED_LANGUAGES, read_names, sample_texts

OUTPUT = Path(__file__).parent.parent / "copydesk/language/calibration.txt"
SENTENCES = 200
# The lengths of fragments: words of a sentence, and sentences.
WORD_COUNTS = (1, 2, 3, 5, 8, 13)
SENTENCE_COUNTS = (1, 1, 4, 15)
MIN_LETTERS = 3
# The share of texts in unknown languages and of noise that rejection expects.
UNKNOWN_SHARE = 0.2
# Names of languages in the texts that the model has under another name, or that are written like one it has.
SYNONYMS = {"nb": "no", "nn": "no", "ms": "id", "bs": "hr", "sr-Latn": "hr", "fil": "tl", "zh": "zh-Hans"}
VARIANTS = frozenset("yue-Hant lzh awa bar sco skr ber".split())
# Close languages, which are hidden with a language when it is used as an unknown one.
CLOSE = {"no": {"da"}, "da": {"no"}, "xh": {"zu"}, "zu": {"xh"}, "st": {"tn"}, "tn": {"st"}}
HEADER = """\
# The fitted numbers of language detection, by `python -m tools.fit_language`.
# temperature: its value and its growth with √letters, in bits. weights: those of `calibration.known_features`.
# Other rows: the mean cost of a letter in a language, in bits.
"""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sample:
    """A text with its costs.

    Attributes:
        tag: the language; None if it is unknown.
        scores: the scores of its pieces.
        bits: the costs of the whole, with the prior.
        letters: the number of its letters.
        is_sentence: whether the text is one sentence or more.
    """

    tag: str | None
    scores: Scores
    bits: Floats
    letters: int
    is_sentence: bool


def main() -> None:
    """Fit all numbers and write them."""
    rng = Random(20261129)
    texts = read_texts(rng)
    known_tags = {tag for script in load_model().scripts for tag in group_languages(script.languages).tags}
    known_tags.update(CJK_LANGUAGES)
    known: list[Sample] = []
    unknown: list[Sample] = []
    for language in sorted(texts.keys() - VARIANTS):
        tag = SYNONYMS.get(language, language)
        samples = read_samples(tag if tag in known_tags else None, cut_fragments(texts[language], language, rng))
        (known if tag in known_tags else unknown).extend(samples)
    known = [sample for sample in known if sample.tag in group_languages(sample.scores.languages).tags]
    unknown += read_samples(None, cut_fragments(make_noise(texts, rng), "und", rng))
    usual = measure_usual(known)
    temperature = fit_temperature(known)
    weights = fit_weights(known, unknown, usual)
    rows = [("temperature", *(f"{number:.2f}" for number in temperature))]
    rows += [("weights", *(f"{number:.3f}" for number in weights))]
    rows += [(language, f"{bits:.2f}") for language, bits in sorted(usual.items())]
    OUTPUT.write_text(HEADER + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


def cut_fragments(sentences: list[str], language: str, rng: Random) -> Iterator[tuple[str, bool]]:
    """Yield fragments of all lengths, and whether each is a sentence or more."""
    is_unspaced = language in UNSPACED_LANGUAGES
    for sentence, count in product(sentences, WORD_COUNTS):
        words = textwrap.wrap(sentence, 4) if is_unspaced else sentence.split()
        if len(words) >= count and rng.random() < 1 / 3:
            start = rng.randrange(len(words) - count + 1)
            yield ("" if is_unspaced else " ").join(words[start : start + count]), False
    for sentence, count in product(sentences, SENTENCE_COUNTS):
        if rng.random() < 1 / 3:
            yield "\n".join([sentence, *rng.choices(sentences, k=count - 1)]), True


def read_texts(rng: Random) -> dict[str, list[str]]:
    """Return sentences by language. Those of gflanguages have two-letter codes: others may be variants of one."""
    texts = sample_texts(rng, SENTENCES)
    for language in gflanguages.LoadLanguages().values():
        sample = language.sample_text
        specimens = (sample.specimen_48, sample.specimen_36, sample.specimen_32, sample.specimen_21, sample.specimen_16)
        if len(language.language) == 2 and all(specimens):
            texts.setdefault(language.language, []).extend(specimens)
    return texts


def make_noise(texts: Mapping[str, list[str]], rng: Random) -> list[str]:
    """Return lists of names, lines of program code, and sentences with shuffled letters."""
    names = [", ".join(rng.sample(read_names(language), 6)) for language in texts if len(read_names(language)) > 5]
    lines = [line.strip() for line in inspect.getsource(asyncio.base_events).splitlines() if "(" in line]
    shuffled = [
        " ".join("".join(rng.sample(word, len(word))) for word in rng.choice(texts[language]).split())
        for language in sorted(texts)
    ]
    return [*names, *rng.sample(lines, 100), *shuffled]


def read_samples(tag: str | None, fragments: Iterable[tuple[str, bool]]) -> list[Sample]:
    """Return the fragments with their costs, if they have a known script and some letters."""
    samples = []
    for text, is_sentence in fragments:
        scores = score_pieces(sample_pieces(text))
        letters = int(scores.main_letters.sum())
        if scores.languages and letters >= MIN_LETTERS:
            bits = scores.bits.sum(0) + group_languages(scores.languages).prior_bits
            samples.append(Sample(tag, scores, bits, letters, is_sentence))
    return samples


def find_columns(sample: Sample, tag: str | None) -> list[int]:
    """Return the columns of a tag in the scores of a sample."""
    groups = group_languages(sample.scores.languages)
    return np.flatnonzero(groups.tag_indexes == groups.tags.index(tag)).tolist() if tag in groups.tags else []


def measure_usual(known: Iterable[Sample]) -> dict[str, float]:
    """Return the mean cost of a letter in each language."""
    costs: dict[str, list[float]] = defaultdict(list)
    for sample in known:
        if sample.is_sentence:
            raw = sample.scores.bits.sum(0)
            column = min(find_columns(sample, sample.tag), key=raw.__getitem__)
            costs[sample.scores.languages[column]].append(float(raw[column]) / sample.letters)
    return {language: float(np.mean(values)) for language, values in costs.items()}


def fit_temperature(known: Iterable[Sample]) -> tuple[float, float]:
    """Return the temperature with the highest likelihood."""
    ambiguous = [sample for sample in known if len(sample.bits) > 1][::8]
    grid = product(np.arange(0.2, 2.1, 0.2).tolist(), np.arange(0.05, 0.8, 0.05).tolist())
    return min(grid, key=lambda temperature: negative_log_likelihood(ambiguous, temperature))


def negative_log_likelihood(samples: Iterable[Sample], temperature: tuple[float, float]) -> float:
    """Return the negative log-likelihood of the right languages."""
    total = 0.0
    for sample in samples:
        probabilities = softmax(sample.bits, sample.letters, temperature)
        total -= np.log(max(probabilities[find_columns(sample, sample.tag)].sum(), 1e-12))
    return total


def fit_weights(known: Iterable[Sample], unknown: Iterable[Sample], usual: Mapping[str, float]) -> Floats:
    """Fit a logistic regression of known against unknown languages. Wrong answers are left out."""
    positive, negative = [], []
    for sample in known:
        columns = find_columns(sample, sample.tag)
        best = int(sample.bits.argmin())
        if best in columns and len(sample.bits) > 1:
            positive.append(_features(sample, best, usual))
        hidden = {
            *columns,
            *(column for tag in CLOSE.get(sample.tag or "", ()) for column in find_columns(sample, tag)),
        }
        if 1 < len(hidden) + 1 < len(sample.bits):
            rest = np.delete(sample.bits, sorted(hidden))
            second = int(np.flatnonzero(sample.bits == rest.min())[0])
            negative.append(_features(sample, second, usual))
    negative += [_features(sample, int(sample.bits.argmin()), usual) for sample in unknown if len(sample.bits) > 1]
    return fit_logistic(np.array(positive), np.array(negative))


def _features(sample: Sample, column: int, usual: Mapping[str, float]) -> tuple[float, ...]:
    raw = sample.scores.bits.sum(0)
    return known_features(raw, column, sample.letters, usual.get(sample.scores.languages[column]))


def fit_logistic(positive: Floats, negative: Floats) -> Floats:
    """Return the weights of a logistic regression, by Newton's method."""
    features = np.vstack((positive, negative))
    labels = np.repeat([1.0, 0.0], [len(positive), len(negative)])
    shares = np.where(labels > 0, (1 - UNKNOWN_SHARE) / len(positive), UNKNOWN_SHARE / len(negative))
    weights = np.zeros(features.shape[1])
    for _ in range(50):
        predicted = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (shares * (predicted - labels))
        curvature = (features.T * (shares * predicted * (1 - predicted))) @ features
        weights -= np.linalg.solve(curvature + 1e-9 * np.eye(len(weights)), gradient)
    return weights


if __name__ == "__main__":
    main()
