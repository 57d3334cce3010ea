"""CPU time of texts that this process has never seen. A function that measures is called once per process."""

from __future__ import annotations

import functools
import operator
import statistics
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import charset_normalizer
import ftfy

import copydesk
from bench.language import other_detectors
from bench.seen import SeenTexts
from bench.timing import cpu_seconds, detect_languages, run_loop
from bench.workload import RawArticle, Sample, read_articles, read_workload
from copydesk import cleaning, language
from copydesk.encoding.charsets import CODECS
from copydesk.encoding.detect import decode
from tests.helpers.corruption import NATIVE_CHARSETS

_GROWTH = 20
_SHORT_TEXT = "It rains in the city."


_SEEN = SeenTexts()


class Costs(NamedTuple):
    """Seconds of CPU for one text, or for several."""

    clean: float
    ftfy: float
    langdetect: float

    @property
    def loop(self) -> float:
        """The seconds of ftfy and langdetect."""
        return self.ftfy + self.langdetect


def clean_seconds(article: RawArticle) -> float:
    """Return the CPU time of `copydesk.clean`.

    Raises:
        SeenBeforeError: the process has seen the text.
    """
    _SEEN.add("copydesk", article["text"])
    return cpu_seconds(functools.partial(copydesk.clean, article))


def warm_up(texts: Iterable[str]) -> None:
    """Load the tables of Copydesk, ftfy and langdetect, and clean texts that will not be measured."""
    cleaning.warm_up()
    for text in (_SHORT_TEXT, *texts):
        clean_seconds({"text": text})
        run_loop(text)


def measure_articles(articles: Sequence[RawArticle]) -> list[Costs]:
    """Return the costs of each article. Copydesk is first for every other one."""
    costs = []
    for i, article in enumerate(articles):
        first = clean_seconds(article) if i % 2 else None
        ftfy_seconds = cpu_seconds(functools.partial(ftfy.fix_text, article["text"]))
        langdetect_seconds = cpu_seconds(functools.partial(detect_languages, article["text"]))
        costs.append(Costs(clean_seconds(article) if first is None else first, ftfy_seconds, langdetect_seconds))
    return costs


def add_costs(costs: Iterable[Costs]) -> Costs:
    """Return the sums."""
    return Costs(*map(sum, zip(*costs, strict=True)))


def measure_clean(folder: Path | None) -> dict[str, float]:
    """Measure `copydesk.clean` in process, at first and at second sight."""
    workload = read_workload(folder)
    warm_up(workload.warm_up)
    costs = measure_articles([{"text": text} for text in workload.texts])
    total = add_costs(costs)
    second = sum(cpu_seconds(functools.partial(copydesk.clean, {"text": text})) for text in workload.texts)
    results = {
        "texts": len(costs),
        "languages": len({sample.language for sample in workload.samples}),
        "chars": sum(map(len, workload.texts)) / len(costs),
        "loop": 1e3 * total.loop / len(costs),
        "clean": total.clean / total.loop,
        "second": second / total.loop,
        "ftfy": total.clean / total.ftfy,
    }
    for kind, is_damaged in (("undamaged", False), ("damaged", True)):
        part = add_costs(
            cost
            for cost, sample in zip(costs, workload.samples, strict=True)
            if (sample.damaged is not None) == is_damaged
        )
        results[kind] = part.clean / part.loop
    return results


def measure_english(folder: Path | None) -> dict[str, float]:
    """Measure `copydesk.clean` in process for undamaged English texts."""
    workload = read_workload(folder)
    warm_up(workload.warm_up)
    total = add_costs(measure_articles([{"text": text} for text in workload.english]))
    return {"english": total.clean / total.loop}


def measure_metadata(_: Path | None) -> dict[str, float]:
    """Measure `copydesk.clean` for the project's own articles with title, authors, URL, date and tags."""
    warm_up([])
    total = add_costs(measure_articles(read_articles()))
    return {"metadata": total.clean / total.loop}


def measure_growth(folder: Path | None) -> dict[str, float]:
    """Return the seconds of groups of texts, each text an article."""
    workload = read_workload(folder)
    warm_up(workload.warm_up)
    return {"short": sum(clean_seconds({"text": text}) for text in _iterate_for_growth(workload.samples)) / _GROWTH}


def measure_growth_long(folder: Path | None) -> dict[str, float]:
    """Return the seconds of the same groups, each joined to one article."""
    workload = read_workload(folder)
    warm_up(workload.warm_up)
    texts = _iterate_for_growth(workload.samples)
    groups = ["\n\n".join(texts[start : start + _GROWTH]) for start in range(0, len(texts), _GROWTH)]
    return {"long": sum(clean_seconds({"text": text}) for text in groups)}


def _iterate_for_growth(samples: Sequence[Sample]) -> list[str]:
    """Return the undamaged texts by language, enough for full groups."""
    texts = [sample.clean for sample in sorted(samples, key=lambda sample: sample.language)]
    return texts[: len(texts) // _GROWTH * _GROWTH]


def measure_languages(folder: Path | None) -> dict[str, float]:
    """Measure language detection relative to other detectors, those that are installed."""
    workload = read_workload(folder)
    language.warm_up()
    names = {"copydesk": language.detect_language, **other_detectors()}
    seconds = {name: _time_each(name, detect, workload.warm_up, workload.clean_texts) for name, detect in names.items()}
    return {name: seconds["copydesk"] / theirs for name, theirs in seconds.items() if name != "copydesk"}


def measure_decoding(folder: Path | None) -> dict[str, float]:
    """Measure the cost and accuracy of decoding undeclared bytes. Half are in a legacy charset."""
    workload = read_workload(folder)
    cleaning.warm_up()
    warm_up_bytes = [text.encode() for text in workload.warm_up]
    bodies = [_encode(sample, is_legacy=i % 2 == 1) for i, sample in enumerate(workload.samples)]
    texts = [body.decode(charset) for body, charset in bodies]
    encoded = [body for body, _ in bodies]
    ours, theirs = _decode_with_copydesk, _decode_with_charset_normalizer
    cost = _time_each("copydesk", ours, warm_up_bytes, encoded)
    return {
        "charset-normalizer": cost / _time_each("charset-normalizer", theirs, warm_up_bytes, encoded),
        "decoded": statistics.fmean(map(operator.eq, map(ours, encoded), texts)),
        "decoded by charset-normalizer": statistics.fmean(map(operator.eq, map(theirs, encoded), texts)),
    }


def _decode_with_copydesk(data: bytes) -> str:
    return decode(data, markup=False).text


def _decode_with_charset_normalizer(data: bytes) -> str:
    return str(charset_normalizer.from_bytes(data).best())


def _encode(sample: Sample, *, is_legacy: bool) -> tuple[bytes, str]:
    """Return the bytes of a text, with their charset."""
    charset = "utf-8"
    if is_legacy and sample.language in NATIVE_CHARSETS:
        charset = CODECS[NATIVE_CHARSETS[sample.language][0]]
    return sample.clean.encode(charset, "ignore"), charset


def _time_each(tool: str, call: Callable[[Any], object], warm_up_with: Iterable[Any], items: Sequence[Any]) -> float:
    """Return the seconds of a call for all items, after some to warm up."""
    for item in warm_up_with:
        call(item)
    for item in items:
        _SEEN.add(tool, item)
    return cpu_seconds(lambda: [call(item) for item in items])
