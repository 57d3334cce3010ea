"""The model of suspicion: texts that the engine leaves, clean and damaged, and a logistic model of their features."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from random import Random

import numpy as np

from copydesk.repairs.engine import MIN_PROBABILITY, decide, propose_runs
from copydesk.repairs.suspicion import suspicion_features
from tools.train_model import mixtures, strange, texts
from tools.train_model.damage import list_damages

# The features of a text that is left, whether it is damaged, and its form.
Example = tuple[dict[str, float], int, str]
# One generated clean text in this number may carry a warning. Real sentences are less odd than these: of 25,000, one
# has a warning.
_CLEAN_TEXTS_PER_WARNING = 2_000
_CLEAN_TEXTS, _STRANGE_TEXTS = 1_200, 60
_sentences: dict[str, list[str]] = {}


def _gather(job: tuple[str, str, int]) -> list[Example]:
    what, name, seed = job
    rng = Random(f"{what} {name} {seed}")
    examples: list[Example] = []
    for mixture in _make(what, name, rng):
        proposal = propose_runs(mixture.damaged)
        if not proposal:
            examples.append(({}, int(what == "damage"), mixture.form))
            continue
        best = max((run.probability for run in decide(proposal.runs)), default=0.0)
        if best < MIN_PROBABILITY["standard"]:
            examples.append((suspicion_features(proposal.screened, best), int(what == "damage"), mixture.form))
    return examples


def _make(what: str, name: str, rng: Random) -> Iterator[mixtures.Mixture]:
    if what == "damage":
        damage = list_damages()[int(name)]
        for form in ("alone", "title", "short", "line-after", "word", "sentence-in-article", *["lossy"] * 6):
            mixture = mixtures.make_mixture(_sentences, damage, form, rng)
            if mixture:
                yield mixture
    elif what == "clean":
        for _ in range(_CLEAN_TEXTS):
            form = rng.choice(("clean-sentence", "clean-sentence", "clean-article", "clean-words"))
            mixture = mixtures.make_clean(_sentences, name, form, rng)
            if mixture:
                yield mixture
    else:
        lines = [line for group in _sentences.values() for line in group[:60]]
        words = [word for line in rng.sample(lines, 400) for word in line.split() if word.isalpha()]
        for _ in range(_STRANGE_TEXTS):
            text = strange.make_strange(name, rng, words, words)
            yield mixtures.Mixture((text,), (text,), (), f"strange:{name}")


def fit(output: Path, seed: int, processes: int) -> None:
    """Gather texts, fit the model and write it.

    Args:
        output: the JSON file.
        seed: the seed of the generator.
        processes: the number of processes.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  only needed here

    _sentences.update(texts.sample_texts(Random(seed)))
    jobs = [("damage", str(i), seed) for i in range(len(list_damages()))]
    jobs += [("clean", language, seed) for language in sorted(_sentences)]
    jobs += [("strange", kind, seed) for kind in strange.KINDS]
    Random(seed).shuffle(jobs)
    with Pool(processes) as pool:
        examples = [example for group in pool.imap_unordered(_gather, jobs, chunksize=4) for example in group]
    seen = [example for example in examples if example[0]]
    names = list(seen[0][0])
    features = np.array([[example[0][name] for name in names] for example in seen])
    labels = np.array([example[1] for example in seen])
    model = LogisticRegression(C=10.0, max_iter=5_000).fit(features, labels)
    probabilities = model.predict_proba(features)[:, 1]
    clean = [example for example in examples if example[2].startswith("clean")]
    is_clean = np.array([example[2].startswith("clean") for example in seen])
    allowed = max(1, len(clean) // _CLEAN_TEXTS_PER_WARNING)
    minimum = float(np.sort(probabilities[is_clean])[::-1][allowed]) + 1e-6
    log_odds = features[is_clean, names.index("log_odds")]
    min_log_odds = float(np.sort(log_odds)[::-1][allowed]) + 1e-3
    weights = {name: round(float(weight), 4) for name, weight in zip(names, model.coef_[0], strict=True)}
    document = {
        "weights": weights,
        "intercept": round(float(model.intercept_[0]), 4),
        "minimum": round(minimum, 4),
        "min_log_odds": round(min_log_odds, 3),
    }
    output.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    is_warned = (probabilities >= minimum) | (features[:, names.index("log_odds")] >= min_log_odds)
    _print(examples, document, seen, is_warned, len(clean))


def _print(
    examples: list[Example],
    document: dict[str, object],
    seen: list[Example],
    is_warned: np.ndarray[tuple[int], np.dtype[np.bool_]],
    clean: int,
) -> None:
    totals = Counter("strange" if form.startswith("strange") else form for _, _, form in examples)
    warned = Counter(
        "strange" if form.startswith("strange") else form
        for (_, _, form), warned_of in zip(seen, is_warned.tolist(), strict=True)
        if warned_of
    )
    print(document, f"{clean} clean texts")
    for form in sorted(totals):
        print(f"{form:24} left {totals[form]:6} warned {warned[form]:6}")


def main() -> None:
    """Fit the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    fit(arguments.output, arguments.seed, arguments.processes)


if __name__ == "__main__":
    main()
