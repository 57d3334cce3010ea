from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.article import Article, Edit, Options
from copydesk.changes.revision import Revision
from copydesk.normalize import unicode
from copydesk.pipeline import clean
from tests.helpers.cases import cases


@pytest.mark.parametrize("case", cases("normalize"))
def test_text_is_tidied_and_what_has_work_to_do_stays(case: dict[str, Any]) -> None:
    options = Options(**case.get("options", {}), detect_language=False)
    # JSON writes a character beyond the basic plane as two surrogates; the tables may, too.
    raw = json.loads(json.dumps(case["raw"]))
    assert clean(Article(text=raw), options).text == case["expect"]


def test_a_title_is_one_line() -> None:
    assert clean(Article(text="x", title=" Two\n lines ")).title == "Two lines"


def test_many_alike_blanks_are_one_change_with_a_count() -> None:
    (change,) = clean(Article(text="a  b  c  d")).changes
    assert change.count == 3


@given(st.text(max_size=200), st.sampled_from(["NFC", "NFKC"]))
def test_normalising_cluster_by_cluster_is_normalising_the_whole(text: str, form: Any) -> None:
    edits: list[Edit] = list(unicode.propose_edits(text, Options(normalization=form)))
    assert Revision(text).revise(edits).text == unicodedata.normalize(form, text)


def test_composing_starters_contain_all_joining_characters() -> None:
    """The table has all of them, for the Unicode version of any supported Python."""
    joins = set()
    for code in range(0x110000):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and parts[0][0] != "<":
            first, second = (chr(int(part, 16)) for part in parts)
            if unicodedata.combining(second) == 0 and unicodedata.normalize("NFC", first + second) == chr(code):
                joins.add(second)
    assert joins <= unicode.COMPOSING_STARTERS
