"""How much damage is repaired, how much is made worse, and what it costs; beside ftfy and plsfix on the same cases.

\b
python -m bench.repair                  the matrix, on the project's own corpus
python -m bench.repair --data DIR       on other sentences: a file <language>.txt each, a sentence a line
python -m bench.repair --pairs          every pair of charsets and language by itself
python -m bench.repair --calibration    of repairs at each confidence, how many are right
python -m bench.repair --speed          the time a clean and a damaged article take, as multiples of ftfy's
"""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
import ftfy

from bench.corruption import Case, cases
from copydesk.article import Article, Change, CleanArticle, Options
from copydesk.pipeline import clean
from copydesk.repairs import warm_up

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"
OPTIONS = Options(detect_language=False, whitespace="keep", boilerplate="keep", extract_metadata=False)
FTFY = ftfy.TextFixerConfig(
    unescape_html=False, uncurl_quotes=False, fix_character_width=False, fix_latin_ligatures=False
)
_NO_SPACES = ("zh", "zh-Hans", "zh-Hant", "ja", "th")

Repair = Callable[[str], str]


def sentences(data: Path | None) -> dict[str, list[str]]:
    """Return sentences by language, from the corpus or from a folder."""
    if data:
        return {path.stem: _lines(path.read_text(encoding="utf-8")) for path in sorted(data.glob("*.txt"))}
    articles = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(CORPUS.glob("*.json"))}
    return {tag: _lines("\n".join(f"{a['title']}\n{a['text']}" for a in found)) for tag, found in articles.items()}


def _lines(text: str) -> list[str]:
    lines = (unicodedata.normalize("NFC", line).strip() for line in text.splitlines())
    return [line for line in lines if line and "\ufffd" not in line]


def titles(lines: dict[str, list[str]]) -> dict[str, list[str]]:
    """Cut sentences to the length of titles."""
    return {tag: [_cut(line, 30 if tag in _NO_SPACES else 70) for line in found] for tag, found in lines.items()}


def _cut(line: str, most: int) -> str:
    return line if len(line) <= most else (line[:most].rpartition(" ")[0] or line[:most])


def paragraphs(lines: dict[str, list[str]]) -> dict[str, list[str]]:
    """Join sentences to paragraphs."""
    return {tag: list(_joined(found, 160 if tag in _NO_SPACES else 400)) for tag, found in lines.items()}


def _joined(lines: Iterable[str], least: int) -> Iterable[str]:
    paragraph = ""
    for line in lines:
        paragraph = f"{paragraph} {line}".strip()
        if len(paragraph) >= least:
            yield paragraph
            paragraph = ""


def copydesk(text: str) -> str:
    """Repair a text as the service does."""
    return clean(Article(text=text), OPTIONS).text


def beside(body: str, text: str) -> str:
    """Repair a text as the title of an article with the body."""
    return clean(Article(title=text, text=body), OPTIONS).title or ""


def by_ftfy(text: str) -> str:
    """Repair a text with ftfy, nothing else changed."""
    return ftfy.fix_encoding(text, FTFY)


def outcome(case: Case, repaired: str) -> str:
    """Tell what became of a case."""
    if _same(repaired, case.clean):
        return "right"
    return "left" if _same(repaired, case.damaged) else "wrong"


def _same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFC", one).split() == unicodedata.normalize("NFC", other).split()


def peers() -> dict[str, Repair]:
    """Return the other tools that are installed."""
    found: dict[str, Repair] = {"ftfy": by_ftfy}
    try:
        import plsfix  # noqa: PLC0415  one may measure without it
    except ImportError:
        return found
    return {**found, "plsfix": plsfix.fix_text}


Tally = dict[tuple[str, str, str], Counter[str]]


def measure(lines: dict[str, list[str]], each: int, tools: dict[str, Repair], *, pairs: bool = False) -> Tally:
    """Count what becomes of each kind of damage: (family, length, tool) -> outcome -> cases."""
    tables = {"paragraph": paragraphs(lines), "title": titles(lines)}
    tally: Tally = defaultdict(Counter)
    for kind, texts in tables.items():
        for case in cases(texts, each):
            told = " ".join(f"{true} as {misread}" for true, misread in case.chain)
            key = f"{case.family}: {told}: {case.language}" if pairs else case.family
            for tool, repair in tools.items():
                tally[key, kind, tool][outcome(case, repair(case.damaged))] += 1
    bodies = {(case.language, case.chain): case.damaged for case in cases(tables["paragraph"], 1, seed=2)}
    for case in cases(tables["title"], each):
        body = bodies.get((case.language, case.chain))
        if body:
            tally[case.family, "title in article", "copydesk"][outcome(case, beside(body, case.damaged))] += 1
    return tally


def matrix(tally: Tally) -> None:
    """Print how much of each kind of damage is repaired, left alone and made worse."""
    click.echo(f"{'':56}{'restored':>10}{'left':>8}{'wrong':>8}{'cases':>8}")
    for (key, kind, tool), counts in sorted(tally.items()):
        right, left, wrong = (f"{counts[what] / counts.total():.1%}" for what in ("right", "left", "wrong"))
        click.echo(f"{key + ', ' + kind:44} {tool:10} {right:>10}{left:>8}{wrong:>8}{counts.total():>8}")


def harm(lines: dict[str, list[str]]) -> None:
    """Print how many clean sentences are changed, and which."""
    changed = total = 0
    for tag, found in lines.items():
        for line in found:
            total += 1
            if copydesk(line) != line:
                changed += 1
                click.echo(f"  {tag}: {line[:70]} -> {copydesk(line)[:70]}")
    click.echo(f"clean sentences changed: {changed} of {total}")


def calibration(lines: dict[str, list[str]], each: int) -> None:
    """Print how many repairs are right, by their confidence, guesses included."""
    bins: dict[float, Counter[bool]] = defaultdict(Counter)
    options = replace(OPTIONS, repair="aggressive")
    for case in cases(titles(lines), each):
        cleaned = clean(Article(text=case.damaged), options)
        sure = _confidence(cleaned)
        if sure is not None:
            bins[sure][_same(cleaned.text, case.clean)] += 1
    for sure, counts in sorted(bins.items()):
        click.echo(f"confidence from {sure:.2f}: {counts[True] / counts.total():7.2%} right of {counts.total()}")


def _confidence(cleaned: CleanArticle) -> float | None:
    found = [change.confidence for change in cleaned.changes if isinstance(change, Change)]
    return max(step for step in (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99) if step <= min(found)) if found else None


def speed(lines: dict[str, list[str]]) -> None:
    """Print what Copydesk's repair costs as a multiple of ftfy.fix_text on the same article."""
    from copydesk.repairs import find  # noqa: PLC0415  the one place that times repair by itself

    for tag, found in lines.items():
        text = "\n".join(found * 20)[:2700]
        damaged = text.encode().decode("latin-1")
        for kind, sample in (("clean", text), ("damaged", damaged)):
            do = partial(find, {"text": sample}, OPTIONS) if kind == "clean" else partial(copydesk, sample)
            first = once(do)
            ours, theirs = seconds(do), seconds(partial(ftfy.fix_text, sample))
            told = f"{ours * 1e3:7.2f} ms  {ours / theirs:5.2f} × ftfy.fix_text"
            click.echo(f"{tag:8} {kind:8} {told}   at first sight {first / theirs:6.2f} ×")


def once(do: Callable[[], object]) -> float:
    """Return the seconds that one call takes."""
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def seconds(do: Callable[[], object], least: float = 0.1) -> float:
    """Return the seconds that a call takes on average, once it has been called."""
    do()
    start, times = time.perf_counter(), 0
    while time.perf_counter() - start < least:
        do()
        times += 1
    return (time.perf_counter() - start) / times


@click.command(help=__doc__)
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--each", default=3, show_default=True, help="cases of each pair, language and length")
@click.option("--pairs", is_flag=True)
@click.option("--calibration", "calibrate", is_flag=True)
@click.option("--speed", "timed", is_flag=True)
def main(data: Path | None, each: int, *, pairs: bool, calibrate: bool, timed: bool) -> None:
    """Measure."""
    warm_up()
    lines = sentences(data)
    if timed:
        speed(lines)
    elif calibrate:
        calibration(lines, each)
    else:
        matrix(measure(lines, each, {"copydesk": copydesk, **peers()}, pairs=pairs))
        harm(lines)


if __name__ == "__main__":
    sys.exit(main())
