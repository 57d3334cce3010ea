"""The decision: labelled runs from generated mixtures, and the trees that are fitted to them.

A run is labelled with the share of its tokens that become what they should be, or what they were on the way. A tenth
of the known words is hidden from the engine, so that the trees also see words that no list has.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from multiprocessing import Pool
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copydesk.langmodel.model import load_model
from copydesk.repairs.engine import Proposal, propose_runs
from copydesk.repairs.runs import FEATURES, Run
from tools.train_model import archive, mixtures, strange, texts
from tools.train_model.damage import list_damages
from tools.train_model.texts import CJK_LANGUAGES

# A labelled run: its features, the share of its tokens that is right, the form of the text, and before and after for
# people.
Example = tuple[list[float], float, str, str, str]
_WORD = re.compile(r"[^ \t\n\r]+")
_COMMA_BELOW = str.maketrans("șțȘȚ", "şţŞŢ")
_HIDDEN = 10
KINDS = ("damage", "clean", "strange")
# The number of articles of each form and chain, of each language, and of each strange kind.
_COUNTS = {"damage": 1, "clean": 400, "strange": 300}
# Most text is English. A charset of Chinese, Japanese or Korean has one language, and other charsets have several.
_ENGLISH_FACTOR, _CJK_FACTOR = 3, 4
# Of damage that loses bytes, no two texts are alike.
_LOSSY_FACTOR = 10
# Signs, quotes and spaces are many, too. Only UTF-8 that was misread once has these forms.
_ONCE_FACTORS = {"signs": 2, "lost-quotes": 4, "lost-spaces": 2}
_WEIGHTS = {"clean": 3.0, "strange": 3.0}
_TREES, _DEPTH, _RATE, _MIN_LEAF = 400, 5, 0.08, 15
# The weight of a right repair falls by half for this number of bits that its pair has above the prior of common ones.
_COMMON_PRIOR, _PRIOR_BITS_BY_BIT = 6, 4
_CALIBRATION_SHARE = 0.2
_MOSTLY = 0.99
# The share of strange strings that come after a sentence.
_SENTENCE_SHARE = 0.15

_sentences: dict[str, list[str]] = {}


def gather(output: Path, seed: int, scale: float, processes: int, kinds: Sequence[str] = KINDS) -> None:
    """Write labelled runs of generated articles.

    Args:
        output: a file of JSON lines.
        seed: the seed of the generator.
        scale: the number of articles of each kind, as a factor.
        processes: the number of processes.
        kinds: the kinds of articles.
    """
    arguments = {"damage": list_damages(), "clean": sorted(_read_sentences(seed)), "strange": strange.KINDS}
    jobs = [
        (kind, argument, max(1, round(_COUNTS[kind] * scale)), number)
        for kind in kinds
        for number, argument in enumerate(arguments[kind])
    ]
    Random(seed).shuffle(jobs)
    counts: Counter[tuple[str, bool]] = Counter()
    with output.open("w", encoding="utf-8") as file, Pool(processes, _hide_words, (seed,)) as pool:
        for examples in pool.imap(_gather_job, [(seed, *job) for job in jobs], chunksize=4):
            for example in examples:
                counts[example[2], example[1] > _MOSTLY] += 1
                file.write(json.dumps(example, ensure_ascii=False) + "\n")
    for form in sorted({form for form, _ in counts}):
        print(f"{form:24} right {counts[form, True]:6} wrong {counts[form, False]:6}")


def _read_sentences(seed: int) -> dict[str, list[str]]:
    if not _sentences:
        _sentences.update(texts.sample_texts(Random(seed)))
    return _sentences


def _hide_words(seed: int) -> None:
    model = load_model()
    model.words = model.words[model.words % _HIDDEN != seed % _HIDDEN]
    for language, words in model.word_lists.items():
        model.word_lists[language] = words[words % _HIDDEN != seed % _HIDDEN]
    _read_sentences(seed)


def _gather_job(job: tuple[int, str, Any, int, int]) -> list[Example]:
    seed, what, argument, count, number = job
    rng = Random(f"{seed} {what} {number}")
    examples: list[Example] = []
    for mixture in _make(what, argument, count, rng):
        try:
            examples += _label(mixture)
        except Exception as error:  # noqa: BLE001  one article must not stop the training
            print(f"{what} {argument} {mixture.form}: {error!r}", file=sys.stderr)
    return examples


def _make(what: str, argument: Any, count: int, rng: Random) -> Iterator[mixtures.Mixture]:
    sentences = _read_sentences(0)
    if what == "damage":
        once = [form for form, factor in _ONCE_FACTORS.items() for _ in range(factor)]
        forms = [*mixtures.DAMAGED_FORMS, *["lossy"] * _LOSSY_FACTOR, *once] * count
        if argument.language == "en":
            forms *= _ENGLISH_FACTOR
        elif argument.language in CJK_LANGUAGES:
            forms += [*mixtures.DAMAGED_FORMS] * (_CJK_FACTOR - 1) * count
        made: Iterator[mixtures.Mixture | None] = (
            mixtures.make_mixture(sentences, argument, form, rng) for form in forms
        )
    elif what == "clean":
        forms = sorted(mixtures.CLEAN_FORMS)
        made = (mixtures.make_clean(sentences, argument, rng.choice(forms), rng) for _ in range(count))
    else:
        made = _make_strange(sentences, argument, count, rng)
    yield from filter(None, made)


def _make_strange(
    sentences: dict[str, list[str]], kind: str, count: int, rng: Random
) -> Iterator[mixtures.Mixture | None]:
    """Yield strange clean strings, some of them after a sentence."""
    lines = [line for group in sentences.values() for line in group[:60]]
    words = [word for line in rng.sample(lines, 400) for word in line.split() if len(word) > 2 and word.isalpha()]
    names = [word for word in words if word[:1].isupper()]
    for _ in range(count):
        text = strange.make_strange(kind, rng, words, names)
        if rng.random() < _SENTENCE_SHARE:
            text = rng.choice(lines) + rng.choice([" ", "\n\n"]) + text
        yield mixtures.Mixture((text,), (text,), (), f"strange:{kind}") if not text.isascii() else None


def _label(mixture: mixtures.Mixture) -> Iterator[Example]:
    proposal = propose_runs(mixture.damaged)
    if not proposal or not proposal.runs:
        return
    goals = [goal for fields in (mixture.clean, *mixture.intermediate) if (goal := list(_goal(proposal, fields)))]
    if not goals:
        return
    every = [one for run in proposal.runs for one in (run, *run.rivals)]
    for run in every:
        spans = proposal.located.spans
        before = " ".join(proposal.located.text[slice(*spans[index])] for index in run.indexes[:8])
        yield (
            run.features,
            round(max(_share_right(run, goal) for goal in goals), 3),
            mixture.form,
            f"{run.candidate.key} {before}"[:90],
            " ".join(run.texts)[:60],
        )


def _share_right(run: Run, goal: Sequence[str]) -> float:
    return sum(map(_is_same, run.texts, (goal[index] for index in run.indexes))) / len(run.indexes)


def _goal(proposal: Proposal, fields: Sequence[str]) -> Iterator[str]:
    """Yield what each located token should be; nothing if the words of the texts do not correspond."""
    text = proposal.located.text
    wanted = _WORD.findall("\n\n".join(fields))
    starts = {match.start(): i for i, match in enumerate(_WORD.finditer(text))}
    if len(starts) != len(wanted):
        return
    for start, end in proposal.located.spans:
        first = starts[start]
        spaces = text[start:end].strip(" ").count(" ")
        yield " ".join(wanted[first : first + spaces + 1])


def _is_same(text: str, other: str) -> bool:
    return _fold(text) == _fold(other)


def _fold(text: str) -> str:
    """Fold the Romanian letters that legacy charsets have with a cedilla."""
    return mixtures.normalize(text).translate(_COMMA_BELOW)


@dataclass(frozen=True, eq=False)
class Labelled:
    """Labelled runs.

    Attributes:
        examples: the runs as they were gathered.
        features: their features (runs × features).
        shares: the share of the tokens of each that is right.
        weights: the weight of each.
    """

    examples: Sequence[Any]
    features: NDArray[np.float32]
    shares: NDArray[np.float64]
    weights: NDArray[np.float64]

    @classmethod
    def read(cls, inputs: Sequence[Path]) -> Labelled:
        """Read files of JSON lines from `gather`."""
        lines = (line for path in inputs for line in path.read_text(encoding="utf-8").split("\n") if line)
        examples = [json.loads(line) for line in lines]
        features = np.array([example[0] for example in examples], np.float32)
        shares = np.array([example[1] for example in examples])
        kinds = [example[2].replace(":", "-").partition("-")[0] for example in examples]
        weights = np.array([_WEIGHTS.get(kind, 1.0) for kind in kinds])
        # Each pair of charsets is trained as often, but rare ones are rarer elsewhere.
        excess = np.maximum(features[:, list(FEATURES).index("prior")] - _COMMON_PRIOR, 0)
        weights *= np.where(shares > 0, np.exp2(-excess / _PRIOR_BITS_BY_BIT), 1.0)
        return cls(examples, features, shares, weights)

    def select(self, chosen: NDArray[np.bool_]) -> Labelled:
        """Return some of the runs."""
        return Labelled(
            list(compress(self.examples, chosen)), self.features[chosen], self.shares[chosen], self.weights[chosen]
        )

    def train(self, model: Any, values: NDArray[Any], chosen: NDArray[np.bool_]) -> Any:
        """Fit a model to values of the chosen runs: as often right as wrong tokens say."""
        labels = np.repeat([1, 0], int(chosen.sum()))
        shares = self.shares[chosen]
        both = np.concatenate((shares, 1 - shares)) * np.tile(self.weights[chosen], 2)
        some = both > 0
        return model.fit(np.concatenate((values, values))[some], labels[some], sample_weight=both[some])

    def train_trees(self, chosen: NDArray[np.bool_]) -> Any:
        """Fit trees to the chosen runs."""
        from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415  only needed here

        trees = HistGradientBoostingClassifier(
            max_iter=_TREES,
            max_depth=_DEPTH,
            learning_rate=_RATE,
            min_samples_leaf=_MIN_LEAF,
            l2_regularization=1.0,
            monotonic_cst=list(FEATURES.values()),
            early_stopping=False,
            random_state=1,
        )
        return self.train(trees, self.features[chosen], chosen)

    def calibrate(self, trees: Any, chosen: NDArray[np.bool_]) -> tuple[float, float]:
        """Return the slope and the intercept that calibrate trees on runs that they were not trained on."""
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  only needed here

        sums = trees.decision_function(self.features[chosen])
        model = self.train(LogisticRegression(C=1e3), sums[:, None], chosen)
        return float(model.coef_[0][0]), float(model.intercept_[0])


def fit(inputs: Sequence[Path], output: Path) -> None:
    """Fit the trees of UTF-8 and those of other charsets to labelled runs, and write them as arrays.

    Other charsets are not fitted to the forms of damage that only UTF-8 has.

    Args:
        inputs: files of JSON lines from `gather`.
        output: the file of arrays.
    """
    runs = Labelled.read(inputs)
    is_common = np.array([example[2] not in _ONCE_FACTORS for example in runs.examples])
    arrays: dict[str, NDArray[Any]] = {}
    for name, part in (("utf8", runs), ("legacy", runs.select(is_common))):
        arrays |= {f"{name}.{key}": array for key, array in _fit_part(part).items()}
    output.parent.mkdir(exist_ok=True)
    archive.write(output, arrays)


def _fit_part(runs: Labelled) -> dict[str, NDArray[Any]]:
    """Fit trees, calibrate them on runs that others of them were not trained on, and return the arrays."""
    is_held = np.random.default_rng(1).random(len(runs.examples)) < _CALIBRATION_SHARE
    part = runs.train_trees(~is_held)
    slope, intercept = runs.calibrate(part, is_held)
    probabilities = _probabilities(part, runs.features[is_held], slope, intercept)
    _print_fit(runs.examples, runs.features, runs.shares, is_held, probabilities)
    return _as_arrays(runs.train_trees(np.ones(len(is_held), np.bool_)), slope, intercept)


def hold_out(inputs: Sequence[Path]) -> None:
    """Print how often each kind of strange string is harmed by trees that know neither the kind nor its group.

    A string may have several runs, so that the shares are upper bounds.

    Args:
        inputs: files of JSON lines from `gather`.
    """
    runs = Labelled.read(inputs)
    forms = np.array([example[2] for example in runs.examples])
    strings = _COUNTS["strange"] * len(inputs)
    for group, kinds in strange.GROUPS.items():
        names = [f"strange:{kind}" for kind in kinds]
        known = ~np.isin(forms, names)
        is_held = known & (np.random.default_rng(1).random(len(forms)) < _CALIBRATION_SHARE)
        trees = runs.train_trees(known & ~is_held)
        slope, intercept = runs.calibrate(trees, is_held)
        for kind, name in zip(kinds, names, strict=True):
            chosen = (forms == name) & (runs.shares < _MOSTLY)
            probabilities = (
                _probabilities(trees, runs.features[chosen], slope, intercept) if chosen.any() else np.zeros(0)
            )
            harmed = [f"p >= {minimum}: {int((probabilities >= minimum).sum())}" for minimum in (0.6, 0.8, 0.95)]
            print(f"{group:14} {kind:20} of {strings} strings:", *harmed)


def _probabilities(trees: Any, features: NDArray[np.float32], slope: float, intercept: float) -> NDArray[np.float64]:
    probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-(slope * trees.decision_function(features) + intercept)))
    return probabilities


def _print_fit(
    examples: Sequence[Any],
    features: NDArray[np.float32],
    shares: NDArray[np.float64],
    is_held: NDArray[np.bool_],
    probabilities: NDArray[np.float64],
) -> None:
    names = list(FEATURES)
    utf8, other = features[is_held][:, names.index("utf8")] > 0, features[is_held][:, names.index("other_script")] > 0
    held = (shares[is_held] > _MOSTLY).astype(int)
    for kind, chosen in (("utf-8", utf8), ("other script", ~utf8 & other), ("same script", ~utf8 & ~other)):
        for minimum in (0.4, 0.6, 0.8, 0.9, 0.95):
            taken = chosen & (probabilities >= minimum)
            right, wrong = int(held[taken].sum()), int((1 - held[taken]).sum())
            total = int(held[chosen].sum())
            print(f"{kind:14} p >= {minimum}: right {right} of {total}, wrong {wrong} of {int(chosen.sum()) - total}")
    indexes = np.flatnonzero(is_held)
    for i in np.argsort(-probabilities * (held == 0))[:25]:
        print(f"   {probabilities[i]:.3f}", *examples[indexes[i]][2:])


def _as_arrays(model: Any, slope: float, intercept: float) -> dict[str, NDArray[Any]]:
    """Return the trees as arrays of equal length."""
    trees = [predictors[0].nodes for predictors in model._predictors]  # noqa: SLF001
    size = max(map(len, trees))
    arrays: dict[str, NDArray[Any]] = {
        "features": np.zeros((len(trees), size), np.int16),
        "thresholds": np.full((len(trees), size), np.inf, np.float32),
        "left": np.tile(np.arange(size, dtype=np.int16), (len(trees), 1)),
        "right": np.tile(np.arange(size, dtype=np.int16), (len(trees), 1)),
        "values": np.zeros((len(trees), size), np.float32),
    }
    depth = 0
    for i, nodes in enumerate(trees):
        for j, node in enumerate(nodes):
            arrays["values"][i, j] = node["value"]
            depth = max(depth, int(node["depth"]))
            if not node["is_leaf"]:
                arrays["features"][i, j] = node["feature_idx"]
                arrays["thresholds"][i, j] = node["num_threshold"]
                arrays["left"][i, j], arrays["right"][i, j] = node["left"], node["right"]
    offset = float(np.ravel(model._baseline_prediction)[0])  # noqa: SLF001
    return arrays | {"numbers": np.array([depth, offset, slope, intercept])}


def main() -> None:
    """Gather runs, fit the trees, or test them on kinds of text that they do not know."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("gather")
    one.add_argument("output", type=Path)
    one.add_argument("--seed", type=int, default=1)
    one.add_argument("--scale", type=float, default=1.0)
    one.add_argument("--processes", type=int, default=2)
    one.add_argument("--kinds", nargs="*", default=KINDS, choices=KINDS)
    one.set_defaults(run=lambda a: gather(a.output, a.seed, a.scale, a.processes, a.kinds))
    two = commands.add_parser("fit")
    two.add_argument("inputs", type=Path, nargs="+")
    two.add_argument("--output", type=Path, required=True)
    two.set_defaults(run=lambda a: fit(a.inputs, a.output))
    three = commands.add_parser("hold-out")
    three.add_argument("inputs", type=Path, nargs="+")
    three.set_defaults(run=lambda a: hold_out(a.inputs))
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
