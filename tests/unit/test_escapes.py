"""Escapes, markers and misread texts in prose are decoded; what only looks like them stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import copydesk
from copydesk.article import Change, Options
from copydesk.changes.plan import replay
from copydesk.repairs import beyond, controls, entities, escapes, markers, whole_texts
from copydesk.transforms.escapes import NOTATIONS

PASSES = (controls.edits, entities.edits, escapes.edits, markers.edits, whole_texts.edits)
# Code, paths, addresses and prose that have the form of an escape.
CLEAN = (
    "mode=FAST and debug=FALSE, then loglevel=DEBUG",
    "LGBTQ+led-campaigns, Canal+ads-free and Disney+original-series",
    "x+abc-y, a+b+c-d and 40+mph-winds",
    r"C:\php\ext\xdebug and C:\temp\xdata",
    r"D:\photos\300dpi and icons\256x256",
    r"C:\users\new\u00e9\table.txt and D:\t\u00e9l\u00e9",
    r"C:\Program Files\caf\u00e9\x.txt",
    r"\\server\share\caf\u00e9.doc",
    r"in ..\src\caf\xe9\main.py",
    "poster_x1080_final.jpg and sprite_x1024_y512",
    "ubuntu2004desktop, cpu2006bench and edu2024conf",
    "press<F5>twice, then key<BB>value",
    "PRs #1234&#1235 and fixes #123&#456",
    "see https://a.example/?q=a&micro and ?x=y&uuml&z=1",
    'x = gsub("<U+2019>", "x", s)',
    r"\textbf{bold} and \emph{x}, M\'ecanique and cr\'eation",
    "sub $Bar$baz(Bool) and $B$a(B)",
    "！！！！",
    "。。。。。。",
    "━━━━━━━━",
    "ЄЄЄЄ",
    "ЁЁЁЁ",
    "กกกก",
    "不不不不",
)
NO_DAMAGE = (
    "3000 mA·h, 1 A·s and 2 mA²",
    "auto|always|never",
    "start|stop|restart",
    r"\textbf{bold} and \emph{x}",
    "[[foo|bar]] and [[baz|qux]]",
    "cat a|grep b|sort c",
)


@pytest.mark.parametrize("text", CLEAN)
def test_text_that_looks_escaped_stays(text: str) -> None:
    assert copydesk.repair(text).text == text


def test_markers_in_prose_about_them_stay() -> None:
    assert not markers.edits("The sign “ï¿½” stands for a lost letter, and ï»¿ for a mark", Options())


@pytest.mark.parametrize("text", NO_DAMAGE)
def test_signs_between_letters_are_no_damage(text: str) -> None:
    assert list(beyond.find({"text": text})) == []


@pytest.mark.parametrize("text", ["customersaEUR(tm) rights", "Ligger h{r ist{llet f|r att"])
def test_damage_beyond_charsets_has_a_warning(text: str) -> None:
    warnings = copydesk.clean(text).warnings
    assert [warning.code for warning in warnings] == ["repair-suspected"]
    assert "looks like" in warnings[0].detail


def test_escaped_apostrophes_of_french_are_decoded() -> None:
    assert copydesk.repair(r"Il est d\'accord, l\'équipe aussi").text == "Il est d'accord, l'équipe aussi"


@pytest.mark.parametrize(
    ("damaged", "clean"),
    [
        ("\x84Viel Spa\xdf\x93", "„Viel Spaß“"),
        ("libert\xe9\x85\xa0\xbb", "liberté…\xa0»"),
        ("Dvo\xc5\x99ák", "Dvořák"),
        ("it\xc2\x92s", "itÂ’s"),
    ],
)
def test_controls_are_windows_1252_or_utf8(damaged: str, clean: str) -> None:
    edits = sorted(controls.edits(damaged, Options()), key=lambda edit: -edit.start)
    for edit in edits:
        damaged = damaged[: edit.start] + edit.after + damaged[edit.end :]
    assert damaged == clean


@pytest.mark.parametrize("name", NOTATIONS)
@given(data=st.data())
def test_every_edit_of_an_escape_replays(name: str, data: st.DataObject) -> None:
    pattern = re.compile(NOTATIONS[name].pattern.pattern.replace("(?<![\\\\%+])", ""))
    run = data.draw(st.from_regex(pattern, fullmatch=True))
    text = f"caf{run} f{run}r {run}"
    for propose in PASSES:
        for edit in propose(text, Options()):
            assert replay(edit.plan, text[edit.start : edit.end]) == edit.after


@given(st.text(st.characters(max_codepoint=0x2FF), max_size=60))
def test_passes_accept_any_text(text: str) -> None:
    for propose in PASSES:
        for edit in propose(text, Options()):
            assert replay(edit.plan, text[edit.start : edit.end]) == edit.after


def test_a_split_character_of_quoted_printable_is_joined() -> None:
    result = copydesk.repair("le caf=C3=\n=A9 au lait")
    assert result.text == "le café au lait"
    assert all(isinstance(change, Change) for change in result.changes)
