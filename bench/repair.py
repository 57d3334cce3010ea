"""Accuracy and cost of repair, compared with ftfy and plsfix on the same cases.

\b
python -m bench.repair                  accuracy on the corpus of the tests
python -m bench.repair --data DIR       on other sentences: a file <language>.txt each, one sentence per line
python -m bench.repair --pairs          by pair of charsets and language
python -m bench.repair --calibration    the accuracy of repairs by their confidence
python -m bench.repair --speed          the time of a clean and a damaged article, relative to ftfy
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
import ftfy

from bench.timing import mean_wall_seconds, wall_seconds
from copydesk import pipeline, repairs
from copydesk.article import Article, Change, CleanArticle
from tests.helpers.accuracy import REPAIR_ONLY, Repair, Tally, is_same, measure_accuracy, repair_with_copydesk
from tests.helpers.corpus import Sentences, cut_to_titles, read_sentences
from tests.helpers.corruption import generate_cases

_FTFY_CONFIG = ftfy.TextFixerConfig(
    unescape_html=False, uncurl_quotes=False, fix_character_width=False, fix_latin_ligatures=False
)
_CONFIDENCE_BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
_ARTICLE_CHARS = 2_700


def repair_with_ftfy(text: str) -> str:
    """Repair a text with ftfy. Nothing else is changed."""
    return ftfy.fix_encoding(text, _FTFY_CONFIG)


def other_tools() -> dict[str, Repair]:
    """Return the other tools that are installed."""
    tools: dict[str, Repair] = {"ftfy": repair_with_ftfy}
    try:
        import plsfix  # noqa: PLC0415  optional
    except ImportError:
        return tools
    return {**tools, "plsfix": plsfix.fix_text}


def print_accuracy(tally: Tally) -> None:
    """Print the share of each outcome."""
    click.echo(f"{'':56}{'restored':>10}{'left':>8}{'wrong':>8}{'cases':>8}")
    for (key, length, tool), counts in sorted(tally.items()):
        right, left, wrong = (f"{counts[outcome] / counts.total():.1%}" for outcome in ("right", "left", "wrong"))
        click.echo(f"{key + ', ' + length:44} {tool:10} {right:>10}{left:>8}{wrong:>8}{counts.total():>8}")


def print_false_positives(sentences: Sentences) -> None:
    """Print the undamaged sentences that repair changes, and their number."""
    pairs = [(tag, line, repair_with_copydesk(line)) for tag, lines in sentences.items() for line in lines]
    changed = [(tag, line, repaired) for tag, line, repaired in pairs if repaired != line]
    for tag, line, repaired in changed:
        click.echo(f"  {tag}: {line[:70]} -> {repaired[:70]}")
    click.echo(f"clean sentences changed: {len(changed)} of {len(pairs)}")


def print_calibration(sentences: Sentences, limit: int) -> None:
    """Print the accuracy of repairs by their confidence, with aggressive repair."""
    bins: dict[float, Counter[bool]] = defaultdict(Counter)
    options = replace(REPAIR_ONLY, repair="aggressive")
    for case in generate_cases(cut_to_titles(sentences), limit):
        cleaned = pipeline.clean(Article(text=case.damaged), options)
        confidence = _confidence_bin(cleaned)
        if confidence is not None:
            bins[confidence][is_same(cleaned.text, case.clean)] += 1
    for confidence, counts in sorted(bins.items()):
        click.echo(f"confidence from {confidence:.2f}: {counts[True] / counts.total():7.2%} right of {counts.total()}")


def _confidence_bin(cleaned: CleanArticle) -> float | None:
    """Return the bin of the least confident change; None without changes."""
    confidences = [change.confidence for change in cleaned.changes if isinstance(change, Change)]
    return max(lower for lower in _CONFIDENCE_BINS if lower <= min(confidences)) if confidences else None


def print_speed(sentences: Sentences) -> None:
    """Print the time of repair, and its ratio to ftfy.fix_text, by language."""
    for tag, lines in sentences.items():
        text = "\n".join(lines * 20)[:_ARTICLE_CHARS]
        damaged = text.encode().decode("latin-1")
        calls: dict[str, tuple[str, Callable[[], object]]] = {
            "clean": (text, partial(repairs.find, {"text": text}, REPAIR_ONLY)),
            "damaged": (damaged, partial(repair_with_copydesk, damaged)),
        }
        for kind, (sample, call) in calls.items():
            first = wall_seconds(call)
            ours, reference = mean_wall_seconds(call), mean_wall_seconds(partial(ftfy.fix_text, sample))
            ratio = f"{ours * 1e3:7.2f} ms  {ours / reference:5.2f} × ftfy.fix_text"
            click.echo(f"{tag:8} {kind:8} {ratio}   first call {first / reference:6.2f} ×")


@click.command(help=__doc__)
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--each", default=3, show_default=True, help="Maximum cases per pair, language and length.")
@click.option("--pairs", is_flag=True)
@click.option("--calibration", is_flag=True)
@click.option("--speed", is_flag=True)
def main(data: Path | None, each: int, *, pairs: bool, calibration: bool, speed: bool) -> None:
    """Measure."""
    repairs.warm_up()
    sentences = read_sentences(data)
    if speed:
        print_speed(sentences)
    elif calibration:
        print_calibration(sentences, each)
    else:
        tools = {"copydesk": repair_with_copydesk, **other_tools()}
        print_accuracy(measure_accuracy(sentences, each, tools, by_pair=pairs))
        print_false_positives(sentences)


if __name__ == "__main__":
    sys.exit(main())
