"""Pages with a ground truth, from checkouts of public test suites.

A folder is recognized by the files that it has. No suite is part of this repository.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from lxml.html import document_fromstring  # type: ignore[import-untyped]

_FUNDUS = "tests/resources/parser/test_data"
_READABILITY = "test/test-pages"
_HTMLDATE_FILES = ("tests/eval_mediacloud_2020.json", "tests/eval_default.json")
_POSTLIGHT = "src/extractors/custom"

# postlight's fixtures have the content of their meta elements in another attribute.
_META = re.compile(r"<meta\b[^<>]*>", re.IGNORECASE)
_VALUE = re.compile(r"\bvalue=", re.IGNORECASE)
_STRING = r"""(?P<quote>['"`])(?P<text>(?:(?!(?P=quote))[^\\]|\\.)*)(?P=quote)"""
_FIXTURE = re.compile(r"readFileSync\(\s*'\./(fixtures/[^']+)'\s*\)")
_TEST_URL = re.compile(rf"\burl\s*=\s*{_STRING}")
_EXPECTATION = re.compile(rf"assert\.equal\(\s*(?P<name>title|author|date_published),\s*{_STRING}")
_BETWEEN_NAMES = re.compile(r"\s*(?:,|;|&|\band\b)\s*")
_INLINE_ELEMENTS = frozenset("a abbr b bdi bdo cite code em font i mark q s small span strong sub sup u wbr".split())


@dataclass(frozen=True, slots=True)
class Truth:
    """The expected fields of a page; None if unknown.

    Attributes:
        body: the text of the article.
        included: parts that the text must contain.
        excluded: parts that the text must not contain.
        title: the title.
        authors: the names.
        published: a date, or a date and time, in ISO format.
    """

    body: str | None = None
    included: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    title: str | None = None
    authors: frozenset[str] | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """A page as bytes, its URL, and the ground truth."""

    id: str
    data: bytes
    url: str | None
    truth: Truth


def read_suite(folder: Path) -> tuple[str, Iterator[Sample]]:
    """Return the name of the suite in a folder, and its pages.

    Raises:
        ValueError: the folder has no known suite.
    """
    for marker, (name, read) in _SUITES.items():
        if (folder / marker).exists():
            return name, read(folder)
    raise ValueError(f"{folder} has none of: {', '.join(_SUITES)}.")


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _names(raw: object) -> frozenset[str] | None:
    names = [raw] if isinstance(raw, str) else raw if isinstance(raw, list) else []
    return frozenset(name for entry in names for name in _BETWEEN_NAMES.split(entry.strip()) if name) or None


def _read_ground_truth(folder: Path) -> Iterator[Sample]:
    for name, truth in sorted(_read_json(folder / "ground-truth.json").items()):
        compressed, plain = folder / "html" / f"{name}.html.gz", folder / "html" / f"{name}.html"
        data = gzip.decompress(compressed.read_bytes()) if compressed.exists() else plain.read_bytes()
        authors = frozenset(truth.get("authors", ())) or None
        yield Sample(
            name,
            data,
            truth.get("url"),
            Truth(truth.get("articleBody"), (), (), truth.get("title"), authors, truth.get("published")),
        )


def _read_fundus(folder: Path) -> Iterator[Sample]:
    for path in sorted((folder / _FUNDUS).glob("*/*.json")):
        urls = _read_json(path.with_name("meta.info"))
        pages = sorted(path.parent.glob(f"{path.stem}_[0-9]*.html.gz"))
        for page, truth in zip(pages, _read_json(path).values(), strict=True):
            body = truth["body"]
            parts = [*body["summary"]]
            for section in body["sections"]:
                parts += [*section["headline"], *section["paragraphs"]]
            yield Sample(
                f"{path.parent.name}/{page.name.removesuffix('.html.gz')}",
                gzip.decompress(page.read_bytes()),
                urls[page.name]["url"],
                Truth(
                    body="\n".join(parts),
                    title=truth["title"],
                    authors=frozenset(truth.get("authors", ())) or None,
                    published=truth["publishing_date"].replace(" ", "T"),
                ),
            )


def _read_readability(folder: Path) -> Iterator[Sample]:
    for page in sorted((folder / _READABILITY).iterdir()):
        if not (page / "expected-metadata.json").exists():
            continue
        truth = _read_json(page / "expected-metadata.json")
        published = truth.get("publishedTime")
        yield Sample(
            page.name,
            (page / "source.html").read_bytes(),
            None,
            Truth(
                body=_text_of((page / "expected.html").read_text(encoding="utf-8")),
                title=truth.get("title"),
                authors=_names(truth.get("byline")),
                published=published if published and published[:4].isdigit() else None,
            ),
        )


def _text_of(html: str) -> str:
    """Return the text of a page, with a break at each tag of a block."""
    parts: list[str] = []
    for event, element in etree.iterwalk(document_fromstring(f"<div>{html}</div>"), events=("start", "end")):
        parts.append("" if element.tag in _INLINE_ELEMENTS else "\n")
        parts.append((element.text if event == "start" else element.tail) or "")
    return "".join(parts)


def _read_trafilatura(folder: Path) -> Iterator[Sample]:
    for url, truth in _read_json(folder / "tests/evaldata.json").items():
        yield Sample(
            truth["file"],
            _read_first(folder, truth["file"], "cache", "eval"),
            url,
            Truth(
                included=tuple(truth["with"]),
                excluded=tuple(truth["without"]),
                title=truth.get("title") or None,
                authors=_names(truth.get("author")),
                published=truth.get("date") or None,
            ),
        )


def _read_htmldate(folder: Path) -> Iterator[Sample]:
    for name in _HTMLDATE_FILES:
        for url, truth in _read_json(folder / name).items():
            data = _read_first(folder, truth["file"], "test_set", "cache", "eval")
            yield Sample(truth["file"], data, url, Truth(published=str(truth["date"])))


def _read_first(folder: Path, name: str, *subfolders: str) -> bytes:
    paths = (folder / "tests" / subfolder / name for subfolder in subfolders)
    return next(path for path in paths if path.exists()).read_bytes()


def _read_postlight(folder: Path) -> Iterator[Sample]:
    """Yield the fixtures with the results that the tests of their extractors expect."""
    for path in sorted((folder / _POSTLIGHT).glob("*/index.test.js")):
        source = path.read_text(encoding="utf-8")
        fixtures = list(_FIXTURE.finditer(source))
        ends = [fixture.start() for fixture in fixtures[1:]] + [len(source)]
        expected: dict[str, dict[str, str]] = {}
        urls: dict[str, str | None] = {}
        for fixture, end in zip(fixtures, ends, strict=True):
            fields = {
                match["name"]: _unescape(match["text"]) for match in _EXPECTATION.finditer(source, fixture.end(), end)
            }
            expected.setdefault(fixture[1], {}).update(fields)
            before = [match["text"] for match in _TEST_URL.finditer(source, 0, fixture.start())]
            urls[fixture[1]] = before[-1] if before else None
        for name, fields in expected.items():
            if fields and (folder / name).exists():
                yield _postlight_sample(folder / name, urls[name], fields)


def _unescape(string: str) -> str:
    return re.sub(
        r"\\(?:u([0-9a-fA-F]{4})|(.))", lambda match: chr(int(match[1], 16)) if match[1] else match[2], string
    )


def _postlight_sample(path: Path, url: str | None, expected: dict[str, str]) -> Sample:
    html = path.read_bytes().decode("utf-8", "surrogateescape")
    html = _META.sub(lambda meta: _VALUE.sub("content=", meta[0]), html)
    published = expected.get("date_published", "")
    return Sample(
        path.name,
        html.encode("utf-8", "surrogateescape"),
        url,
        Truth(
            title=expected.get("title"),
            authors=_names(expected.get("author")),
            published=published if published[:4].isdigit() else None,
        ),
    )


_SUITES: dict[str, tuple[str, Callable[[Path], Iterator[Sample]]]] = {
    "ground-truth.json": ("ground-truth", _read_ground_truth),
    _FUNDUS: ("fundus", _read_fundus),
    _READABILITY: ("readability", _read_readability),
    "tests/evaldata.json": ("trafilatura", _read_trafilatura),
    _HTMLDATE_FILES[0]: ("htmldate", _read_htmldate),
    _POSTLIGHT: ("postlight", _read_postlight),
}

__all__ = ["Sample", "Truth", "read_suite"]
