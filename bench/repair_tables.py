"""Tables of the accuracy, harm, warnings and calibration of repair."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias

import click

import copydesk
from bench.repair_cases import (
    Trial,
    generate_long_trials,
    generate_mixed_trials,
    generate_short_trials,
    read_cases,
)
from bench.repair_outcomes import OUTCOMES, Observation, Tool, find_tools, is_same, observe
from bench.table import format_share, print_table
from copydesk.article import Article
from tests.helpers.accuracy import REPAIR_ONLY
from tests.helpers.corpus import Sentences

Mode: TypeAlias = Literal["safe", "standard", "aggressive"]
Part: TypeAlias = Literal["damaged", "mixed", "clean"]
Texts: TypeAlias = Sequence[tuple[str, str]]
"""Clean texts after their kinds."""

RightCounts: TypeAlias = Counter[tuple[Mode, bool]]
"""The number of changes by mode, and by whether they are right."""

_MODES: tuple[Mode, ...] = ("safe", "standard", "aggressive")
_CALIBRATION_MODES: tuple[Mode, ...] = ("standard", "aggressive")
_CONFIDENCE_BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
_HIGH_CONFIDENCE = 0.95
_HIGH_LABEL = f"all from {_HIGH_CONFIDENCE}"
_CLEAN_SENTENCES = 5_000
_EXAMPLES = 10
_EXAMPLE_CHARS = 70


@dataclass
class Benchmark:
    """The cases, and the results of Copydesk on them.

    Attributes:
        parts: the cases: damaged texts, articles that are partly damaged, and clean texts.
        tools: the tools to compare.
    """

    parts: Mapping[Part, Sequence[Trial]]
    tools: Sequence[Tool]
    _observations: dict[tuple[Part, Mode], list[Observation]] = field(default_factory=dict)

    def observe(self, part: Part, mode: Mode = "standard") -> list[Observation]:
        """Return the results of a part of the cases. They are computed once."""
        if (part, mode) not in self._observations:
            options = replace(REPAIR_ONLY, repair=mode)
            self._observations[part, mode] = [observe(trial, options) for trial in self.parts[part]]
        return self._observations[part, mode]


def generate_benchmark(sentences: Sentences, limit: int) -> Benchmark:
    """Generate the cases from clean sentences.

    Args:
        sentences: clean sentences by language.
        limit: the maximum number of cases per pair of charsets, language and length.
    """
    per_language = -(-_CLEAN_SENTENCES // max(1, len(sentences)))
    lines = [(tag, line) for tag, tag_lines in sentences.items() for line in tag_lines[:per_language]]
    parts: dict[Part, Sequence[Trial]] = {
        "damaged": [*generate_long_trials(sentences, limit), *generate_short_trials(sentences, limit)],
        "mixed": list(generate_mixed_trials(sentences, limit)),
        "clean": [Trial("sentence", "clean", tag, Article(text=line), Article(text=line)) for tag, line in lines],
    }
    return Benchmark(parts, find_tools())


def read_benchmark(path: Path) -> Benchmark:
    """Read the cases of a file."""
    trials = sorted(read_cases(path), key=lambda trial: trial.tier)
    parts: dict[Part, Sequence[Trial]] = {
        "damaged": [trial for trial in trials if not trial.is_clean],
        "mixed": [],
        "clean": [trial for trial in trials if trial.is_clean],
    }
    return Benchmark(parts, find_tools())


def print_accuracy(benchmark: Benchmark) -> None:
    """Print the outcomes of damaged texts by tier and length."""
    _print_outcomes("Damaged texts", benchmark, "damaged", _label_tier)


def print_pairs(benchmark: Benchmark) -> None:
    """Print the outcomes of damaged texts by pair of charsets and language."""
    _print_outcomes("Damaged texts by pair", benchmark, "damaged", lambda trial: f"{trial.pair}, {trial.form}")


def print_mixed(benchmark: Benchmark) -> None:
    """Print the outcomes of articles that are partly damaged, if there are any."""
    if benchmark.parts["mixed"]:
        _print_outcomes("Partly damaged articles", benchmark, "mixed", _label_tier)


def _label_tier(trial: Trial) -> str:
    return f"{trial.tier}: {trial.form}"


def _label_total(trial: Trial) -> str:
    return f"all: {trial.form}"


def _print_outcomes(title: str, benchmark: Benchmark, part: Part, label: Callable[[Trial], str]) -> None:
    """Print the share of each outcome by label, and of all cases of a form."""
    groups: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    totals: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for observation in benchmark.observe(part):
        trial = observation.trial
        outcomes = [("copydesk", observation.outcome), *((t.name, t.classify(trial)) for t in benchmark.tools)]
        groups[label(trial)].update(outcomes)
        totals[_label_total(trial)].update(outcomes)
    names = [tool.name for tool in benchmark.tools]
    columns = [*OUTCOMES, "cases", *(column for name in names for column in (name, "wrong"))]
    rows = ((name, _outcome_cells(counts, names)) for name, counts in [*groups.items(), *totals.items()])
    print_table(title, columns, rows)


def _outcome_cells(counts: Counter[tuple[str, str]], names: Sequence[str]) -> list[str]:
    total = sum(counts["copydesk", outcome] for outcome in OUTCOMES)
    ours = (counts["copydesk", outcome] for outcome in OUTCOMES)
    others = (counts[name, outcome] for name in names for outcome in ("restored", "wrong"))
    return [*(format_share(n, total) for n in ours), f"{total:,}", *(format_share(n, total) for n in others)]


def print_harm(benchmark: Benchmark, strange: Texts) -> None:
    """Print the number of clean texts that are changed, by kind, mode and tool.

    Args:
        benchmark: the cases.
        strange: more clean texts.
    """
    changes: dict[str, Callable[[str], bool]] = {mode: partial(_is_changed, mode=mode) for mode in _MODES}
    changes |= {tool.name: partial(_is_changed_by, tool) for tool in benchmark.tools}
    groups: dict[str, list[str]] = defaultdict(list)
    for kind, text in [*((trial.tier, trial.clean.text) for trial in benchmark.parts["clean"]), *strange]:
        groups[kind].append(text)
    rows = ((kind, _harm_cells(texts, changes.values())) for kind, texts in groups.items())
    print_table("Clean texts that are changed", [*changes, "texts"], rows)
    changed = [text for texts in groups.values() for text in texts if _is_changed(text, "standard")]
    for text in changed[:_EXAMPLES]:
        click.echo(f"  {text[:_EXAMPLE_CHARS]!r} -> {copydesk.repair(text).text[:_EXAMPLE_CHARS]!r}")


def _is_changed(text: str, mode: Mode) -> bool:
    return not is_same(copydesk.repair(text, mode=mode).text, text)


def _is_changed_by(tool: Tool, text: str) -> bool:
    return not is_same(tool.repair(text), tool.fold(text))


def _harm_cells(texts: Sequence[str], changes: Iterable[Callable[[str], bool]]) -> list[str]:
    return [*(f"{sum(map(is_changed, texts)):,}" for is_changed in changes), f"{len(texts):,}"]


def print_warnings(benchmark: Benchmark) -> None:
    """Print the share of texts with `repair-suspected`: of damaged ones that are left, and of clean ones."""
    left: dict[str, Counter[bool]] = defaultdict(Counter)
    parts: tuple[tuple[Part, Callable[[Trial], str]], ...] = (("damaged", _label_tier), ("mixed", _label_total))
    for part, label in parts:
        for observation in benchmark.observe(part):
            if observation.outcome == "left":
                left[label(observation.trial)][observation.is_suspected] += 1
    rows = [(label, _suspected_cells(counts)) for label, counts in left.items()]
    total = sum(left.values(), Counter[bool]())
    print_table(
        "Damaged texts that are left, with `repair-suspected`",
        ("left", "warning", "share"),
        [*rows, ("all", _suspected_cells(total))],
    )
    clean = benchmark.observe("clean")
    suspected = sum(observation.is_suspected for observation in clean)
    rate = suspected / max(1, len(clean)) * _CLEAN_SENTENCES
    click.echo(f"clean texts with the warning: {suspected} of {len(clean):,}, or {rate:.1f} of {_CLEAN_SENTENCES:,}")


def _suspected_cells(counts: Counter[bool]) -> list[str]:
    return [f"{counts.total():,}", f"{counts[True]:,}", format_share(counts[True], counts.total())]


def print_calibration(benchmark: Benchmark) -> None:
    """Print the share of changes that are right by confidence, and where those with high confidence are right.

    The last row has the texts with high confidence in all changes, and the share of them that is restored.
    """
    bins: dict[str, RightCounts] = {f"from {lower:.2f}": Counter() for lower in _CONFIDENCE_BINS}
    high: dict[str, RightCounts] = defaultdict(Counter)
    texts: RightCounts = Counter()
    for mode in _CALIBRATION_MODES:
        for observation in (o for part in benchmark.parts for o in benchmark.observe(part, mode)):
            for change in observation.changes:
                lower = max(lower for lower in _CONFIDENCE_BINS if lower <= change.confidence)
                bins[f"from {lower:.2f}"][mode, change.is_right] += 1
                if change.confidence >= _HIGH_CONFIDENCE:
                    high[f"  {observation.trial.form}"][mode, change.is_right] += 1
            if observation.changes and min(c.confidence for c in observation.changes) >= _HIGH_CONFIDENCE:
                texts[mode, observation.outcome == "restored"] += 1
    total = sum(high.values(), Counter[tuple[Mode, bool]]())
    groups = [*((label, counts) for label, counts in bins.items() if counts), (_HIGH_LABEL, total), *high.items()]
    rows = [(label, _right_cells(counts)) for label, counts in [*groups, (f"texts, {_HIGH_LABEL}", texts)]]
    columns = [column for mode in _CALIBRATION_MODES for column in (mode, "count")]
    print_table("Changes that are right, by confidence", columns, rows)


def _right_cells(counts: RightCounts) -> list[str]:
    totals = [(counts[mode, True], counts[mode, True] + counts[mode, False]) for mode in _CALIBRATION_MODES]
    return [cell for right, total in totals for cell in (format_share(right, total), f"{total:,}")]
