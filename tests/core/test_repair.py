from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import cases

from svc.core.article import Article, Change, Options
from svc.core.desk import clean
from svc.core.repair import replay
from svc.core.repair.entities import unescape


@pytest.mark.parametrize("case", cases("repair"))
def test_damage_is_repaired_and_what_is_right_stays(case: dict[str, Any]) -> None:
    found = clean(Article(text=case["damaged"]), Options(detect_language=False))
    assert found.text == case["expect"]
    if "plan" in case:
        plan = tuple(tuple(step) for step in case["plan"])
        assert {change.plan for change in found.changes if isinstance(change, Change)} == {plan}


def test_nothing_is_repaired_when_repair_is_off_but_lone_surrogates_that_no_answer_can_hold() -> None:
    found = clean(Article(text="Russiaâ€™s &amp; \x93 \ud83d"), Options(repair="off", detect_language=False))
    assert found.text == "Russiaâ€™s &amp; \x93 \ufffd"


def test_safe_leaves_a_line_alone_that_no_plan_explains_whole() -> None:
    text = "clean é, broken â€œquotesâ€\x9d"
    assert clean(Article(text=text), Options(repair="safe")).text == text
    assert clean(Article(text="broken â€œquotesâ€\x9d"), Options(repair="safe")).text == "broken “quotes”"


def test_a_lost_apostrophe_is_restored_only_when_guesses_are_asked_for() -> None:
    text = "Russia\ufffds reply wasn\ufffdt sent \ufffd yet"
    assert clean(Article(text=text)).text == text
    found = clean(Article(text=text), Options(repair="aggressive"))
    assert found.text == "Russia’s reply wasn’t sent \ufffd yet"
    kinds = {(change.kind, change.confidence) for change in found.changes if isinstance(change, Change)}
    assert kinds == {("lossy", 0.8)}


def test_replay_refuses_a_plan_whose_charset_cannot_hold_the_text() -> None:
    with pytest.raises(UnicodeError):
        replay((("encode", "windows-1252"), ("decode", "utf-8")), "я")
    with pytest.raises(UnicodeError):
        replay((("encode", "windows-1252"),), "a")
    with pytest.raises(UnicodeError):
        replay((("decode", "utf-8"),), "a")
    with pytest.raises(UnicodeError):
        replay((("encode", "utf-8"), ("encode", "utf-8")), "a")


@pytest.mark.parametrize("charset", ["windows-1252", "windows-1251", "windows-1250", "macintosh"])
@given(text=st.text(alphabet="abc éàüñçß“”’–", min_size=1, max_size=60))
def test_a_repair_gives_back_the_very_text_that_was_damaged_or_leaves_its_line_alone(charset: str, text: str) -> None:
    damaged = text.encode().decode({"macintosh": "mac-roman"}.get(charset, f"sloppy-{charset}"))
    options = Options(whitespace="keep", detect_language=False)
    found = clean(Article(text=damaged), options)
    for change in found.changes:
        assert isinstance(change, Change)
        assert replay(change.plan, change.before) == change.after


@given(st.text(alphabet="&amp;#x3b8lt<>\n ", max_size=80))
def test_reading_references_never_makes_a_text_longer(text: str) -> None:
    assert len(unescape(text)) <= len(text)


def test_deeply_nested_references_are_read_in_linear_time() -> None:
    assert clean(Article(text="&" + "amp;" * 200_000), Options(detect_language=False)).text == "&"
