"""The accuracy of repair on the corpus may get better, never worse.

`python -m bench.baselines` raises the floors; lowering one takes `--lower` as well, and a reason in the commit.
"""

from __future__ import annotations

import json

import pytest

from copydesk.article import Article, Change
from copydesk.changes.explain import explain_plan
from copydesk.changes.plan import replay
from copydesk.pipeline import clean
from tests.helpers.accuracy import BASELINES_PATH, REPAIR_ONLY, corpus_digest, measure, repair_with_copydesk
from tests.helpers.cases import corpus
from tests.helpers.corpus import cut_to_titles, read_sentences
from tests.helpers.corruption import generate_cases

PINNED = json.loads(BASELINES_PATH.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def now() -> dict[str, tuple[float, float]]:
    return measure()


def test_the_floors_were_measured_on_the_corpus_as_it_is() -> None:
    assert PINNED["digest"] == corpus_digest(), "The corpus has changed: pin the floors anew."


@pytest.mark.parametrize("name", PINNED["floors"])
def test_no_kind_of_damage_is_repaired_less_or_made_worse_more(name: str, now: dict[str, tuple[float, float]]) -> None:
    right, wrong = PINNED["floors"][name]
    assert now[name][0] >= right
    assert now[name][1] <= wrong


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
