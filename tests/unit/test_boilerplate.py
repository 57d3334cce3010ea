from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.article import Edit
from copydesk.boilerplate import duplicates, lines
from copydesk.boilerplate.blocks import line_spans
from copydesk.boilerplate.credits import credit_kind
from copydesk.changes.plan import replay
from copydesk.changes.revision import Revision
from tests.helpers.cases import cases

_LINES = (
    "Read more|Read more: Port closed|Advertisement|Share|Comments|Facebook|Facebook Twitter Email|3 min read|224|Home|"
    "© 2024 Reuters|(Reporting by Jane Doe)|A fire broke out at the port.|The app is on:|***|Lire aussi Le port brûle|"
    "The warehouse held paint and had burned before, in 1987.|Loading…|a|"
    "Who was there when it all burned, and why was that?|"
    "- The warehouse held paint and had burned before, in 1987"
).split("|")
_GAPS = st.sampled_from(["\n", "\n\n", "\n\n\n", " \n", "\r\n", "\n \n"])
TEXTS = st.lists(st.tuples(st.sampled_from(_LINES) | st.text(max_size=8), _GAPS), max_size=12).map(
    lambda parts: "".join(line + gap for line, gap in parts)
)
TITLES = st.sampled_from([None, "", "a", "Home", "A fire broke out at the port", "***"])


def applied(text: str, edits: Iterable[Edit]) -> str:
    ordered = list(edits)
    for edit, following in pairwise(ordered):
        assert edit.end <= following.start
    for edit in ordered:
        assert edit.kind == "boilerplate"
        assert replay(edit.plan, text[edit.start : edit.end]) == edit.after == ""
    return Revision(text).revise(ordered).text


def without_boilerplate(text: str) -> str:
    return applied(text, lines.propose_edits(text))


def without_repeats(text: str, title: str | None) -> str:
    return applied(text, duplicates.propose_edits(text, title))


def phrases(wanted: str) -> list[str]:
    table = files("copydesk.boilerplate").joinpath("data/phrases.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return [phrase.replace("0", "12") for kind, phrase in pairs if kind == wanted]


@pytest.mark.parametrize("case", cases("boilerplate"))
def test_boilerplate_is_removed_and_the_article_kept(case: dict[str, Any]) -> None:
    assert without_repeats(without_boilerplate(case["text"]), case.get("title")) == case["expect"]


def test_each_line_is_an_edit_of_its_own() -> None:
    text = "A fire broke out.\n\nRead more\n\nAdvertisement\n\nNobody was hurt."
    assert [text[edit.start : edit.end] for edit in lines.propose_edits(text)] == [
        "Read more\n\n",
        "Advertisement\n\n",
    ]


@pytest.mark.parametrize("role", ["cut", "page", "weak"])
def test_a_line_of_the_table_is_known_however_it_is_written(role: str) -> None:
    for phrase in phrases(role):
        for line in (phrase, phrase.upper(), f"» {phrase} »", f"{phrase}:"):
            assert lines.classify_line(line) == role, line


def test_a_lead_needs_a_sign_before_the_headline() -> None:
    for phrase in phrases("lead"):
        assert lines.classify_line(f"{phrase}: Port closed") == "cut", phrase
        assert lines.classify_line(f"{phrase}xyz: Port closed") != "cut", phrase


def test_a_link_needs_a_headline() -> None:
    for phrase in phrases("link"):
        assert lines.classify_line(f"{phrase} Port closed") == "cut", phrase
        assert lines.classify_line(f"{phrase} the port was closed.") == "text", phrase


def test_an_appeal_is_known_by_its_beginning() -> None:
    for phrase in phrases("start"):
        line = phrase.replace("{network}", "Facebook").replace("*", "Some Name")
        assert lines.classify_line(f"{line} port") in {"page", "cut"}, phrase


def test_no_line_of_the_table_is_a_credit() -> None:
    assert not [phrase for role in ("cut", "page", "weak") for phrase in phrases(role) if credit_kind(phrase)]


@given(TEXTS)
def test_removing_boilerplate_twice_is_removing_it_once(text: str) -> None:
    once = without_boilerplate(text)
    assert without_boilerplate(once) == once
    assert any(map(str.isalnum, once)) == any(map(str.isalnum, text))


@given(TEXTS, TITLES)
def test_removing_repeats_twice_is_removing_them_once(text: str, title: str | None) -> None:
    once = without_repeats(text, title)
    assert without_repeats(once, title) == once
    assert any(map(str.isalnum, once)) == any(map(str.isalnum, text))


@given(TEXTS, TITLES)
def test_what_stays_are_lines_of_the_text_in_their_order(text: str, title: str | None) -> None:
    remaining = iter([text[start:end] for start, end in line_spans(text)])
    left = without_repeats(without_boilerplate(text), title)
    assert all(left[start:end] in remaining for start, end in line_spans(left))


@given(st.text(max_size=300))
def test_any_line_may_come(line: str) -> None:
    lines.classify_line(line)
    without_repeats(without_boilerplate(line), line)


@pytest.mark.parametrize(
    "part",
    [
        "Read more\n",
        "Share\n",
        "a\n",
        "The warehouse held paint and had burned before, in 1987.\n\n",
        " ",
        "\n",
        "\u0301",
        "read more ",
        '."',
        "(",
        "\ud800",
        "\0",
        "- ",
    ],
)
def test_hostile_texts_end(part: str) -> None:
    text = part * (90_000 // len(part))
    for hostile in (text, f"A fire broke out.\n{text}\nNobody was hurt.", text[:220], f"Follow {text[:200]}"):
        without_boilerplate(hostile)
        without_repeats(hostile, text)
