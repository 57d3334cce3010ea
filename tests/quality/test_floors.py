"""Repair of the corpus may get better, never worse: accuracy, harm, warnings and calibration.

`python -m bench.baselines` raises the floors; lowering one takes `--lower` as well, and a reason in the commit.
"""

from __future__ import annotations

import json
import re

import pytest

from copydesk.article import Article, Change
from copydesk.changes.explain import explain_plan
from copydesk.changes.plan import replay
from copydesk.pipeline import clean
from tests.helpers.accuracy import (
    BASELINES_PATH,
    REPAIR_ONLY,
    SURE,
    Quality,
    corpus_digest,
    measure,
    repair_with_copydesk,
)
from tests.helpers.cases import corpus
from tests.helpers.corpus import cut_to_titles, read_sentences
from tests.helpers.corruption import generate_cases

PINNED = json.loads(BASELINES_PATH.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def now() -> Quality:
    return measure()


def test_baselines_are_those_of_the_corpus() -> None:
    assert PINNED["digest"] == corpus_digest(), "The corpus has changed: pin the baselines anew."


def test_every_measure_has_a_baseline(now: Quality) -> None:
    for part in ("floors", "minimums", "maximums"):
        assert PINNED[part].keys() == getattr(now, part).keys()


@pytest.mark.parametrize("name", PINNED["floors"])
def test_no_damage_is_repaired_less_or_wrongly_more(name: str, now: Quality) -> None:
    right, wrong = PINNED["floors"][name]
    assert now.floors[name][0] >= right
    assert now.floors[name][1] <= wrong


@pytest.mark.parametrize("name", PINNED["minimums"])
def test_shares_do_not_fall(name: str, now: Quality) -> None:
    assert now.minimums[name] >= PINNED["minimums"][name]


@pytest.mark.parametrize("name", PINNED["maximums"])
def test_harm_and_false_warnings_do_not_rise(name: str, now: Quality) -> None:
    assert now.maximums[name] <= PINNED["maximums"][name]


def test_sure_changes_are_right_as_often_as_they_say(now: Quality) -> None:
    assert now.minimums["sure changes that are right"] >= SURE


def test_no_clean_sentence_is_changed(now: Quality) -> None:
    changed = [name for name, count in now.maximums.items() if count and re.match("clean .* changed", name)]
    assert changed == []


def test_changes_replay_and_cleaning_is_idempotent() -> None:
    """For all kinds of damage, each change replays at its position, and cleaning the result changes nothing."""
    for case in generate_cases(cut_to_titles(read_sentences()), 1, seed=3):
        cleaned = clean(Article(text=case.damaged), REPAIR_ONLY)
        for change in cleaned.changes:
            assert isinstance(change, Change)
            assert replay(change.plan, change.before) == change.after
            assert cleaned.text[change.start : change.end] == change.after
            assert explain_plan(change.plan, change.before)
        assert clean(Article(text=cleaned.text), REPAIR_ONLY).text == cleaned.text, case


@pytest.mark.parametrize("article", corpus(), ids=lambda article: str(article["language"]))
def test_no_clean_text_is_touched_however_it_is_cut_or_cased(article: dict[str, str]) -> None:
    text = article["text"]
    pieces = {text, *text.splitlines(), *text.split()}
    pieces |= {" ".join(text.split()[at : at + 3]) for at in range(0, len(text.split()), 3)}
    # Programs that uppercase only ASCII write FACILITéS.
    pieces |= {line.encode().upper().decode() for line in text.splitlines()}
    pieces |= {line.upper() for line in text.splitlines()} | {line.title() for line in text.splitlines()}
    harmed = {piece: repaired for piece in pieces if (repaired := repair_with_copydesk(piece)) != piece}
    assert not harmed
