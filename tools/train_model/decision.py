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

# A labelled run: its features, the share of its tokens that is right, the form of the text, and before and after for
# people.
Example = tuple[list[float], float, str, str, str]
_WORD = re.compile(r"[^ \t\n\r]+")
_COMMA_BELOW = str.maketrans("șțȘȚ", "şţŞŢ")
_HIDDEN = 10
KINDS = ("damage", "clean", "strange")
# The number of articles of each form and chain, of each language, and of each strange kind.
_COUNTS = {"damage": 1, "clean": 400, "strange": 300}
_WEIGHTS = {"clean": 3.0, "strange": 3.0}
_TREES, _DEPTH, _RATE, _MIN_LEAF = 400, 5, 0.08, 15
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
        forms = [*mixtures.DAMAGED_FORMS, *["lossy"] * 3] * count
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


def fit(inputs: Sequence[Path], output: Path, without: Sequence[str]) -> None:
    """Fit the trees to labelled runs and write them as arrays.

    Args:
        inputs: files of JSON lines from `gather`.
        output: the file of arrays.
        without: forms to leave out, to test the trees on text of a kind that they were not trained on.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415  only needed here
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    examples = [json.loads(line) for path in inputs for line in path.read_text(encoding="utf-8").split("\n") if line]
    examples = [example for example in examples if example[2] not in without]
    features = np.array([example[0] for example in examples], np.float32)
    shares = np.array([example[1] for example in examples])
    weights = np.array([_WEIGHTS.get(example[2].replace(":", "-").partition("-")[0], 1.0) for example in examples])
    is_held = np.random.default_rng(1).random(len(examples)) < _CALIBRATION_SHARE

    def new() -> HistGradientBoostingClassifier:
        return HistGradientBoostingClassifier(
            max_iter=_TREES,
            max_depth=_DEPTH,
            learning_rate=_RATE,
            min_samples_leaf=_MIN_LEAF,
            l2_regularization=1.0,
            monotonic_cst=list(FEATURES.values()),
            early_stopping=False,
            random_state=1,
        )

    def fit_to(model: Any, values: NDArray[Any], chosen: NDArray[np.bool_]) -> Any:
        """Fit a model to runs that are right in part: as often right as wrong tokens say."""
        labels = np.repeat([1, 0], int(chosen.sum()))
        both = np.concatenate((shares[chosen], 1 - shares[chosen])) * np.tile(weights[chosen], 2)
        some = both > 0
        return model.fit(np.concatenate((values, values))[some], labels[some], sample_weight=both[some])

    part = fit_to(new(), features[~is_held], ~is_held)
    sums = part.decision_function(features[is_held])
    calibration = fit_to(LogisticRegression(C=1e3), sums[:, None], is_held)
    slope, intercept = float(calibration.coef_[0][0]), float(calibration.intercept_[0])
    probabilities = 1 / (1 + np.exp(-(slope * sums + intercept)))
    _print_fit(examples, features, shares, is_held, probabilities)
    _write(fit_to(new(), features, np.ones(len(features), np.bool_)), output, slope, intercept)


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


def _write(model: Any, output: Path, slope: float, intercept: float) -> None:
    """Write the trees as arrays of equal length."""
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
    output.parent.mkdir(exist_ok=True)
    arrays["numbers"] = np.array([depth, offset, slope, intercept])
    archive.write(output, arrays)


def main() -> None:
    """Gather runs, or fit the trees."""
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
    two.add_argument("--without", nargs="*", default=[])
    two.set_defaults(run=lambda a: fit(a.inputs, a.output, a.without))
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
