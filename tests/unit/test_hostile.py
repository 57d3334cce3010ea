from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.article import Article, Change, CleanArticle, Edit, Options
from copydesk.changes.coalesce import COALESCE_ABOVE
from copydesk.changes.edits import LazyEdits
from copydesk.changes.plan import replay
from copydesk.changes.revision import Revision
from copydesk.pipeline import clean
from copydesk.transforms import unicode_form
from tests.helpers.hostile import KINDS

FEW, MORE = 5_000, 20_000
OPTIONS = Options(detect_language=False)
NASTY = [
    *"aé \n\u200b\u200d\u00ad\ufeff\ufe0f\x92\x85Ã©â€™œ\xa0\ufffd\u0301\u0316",
    "\ud83d",
    "&amp;",
    "\\u2019",
    "=E2=80=99",
]


def seconds(build: Callable[[int], Article], size: int) -> float:
    """Return the minimum CPU time of cleaning."""
    article, spent = build(size), []
    for _ in range(2):
        start = time.process_time()
        clean(article, OPTIONS)
        spent.append(time.process_time() - start)
    return min(spent)


def check(cleaned: CleanArticle) -> None:
    for change in cleaned.changes:
        assert isinstance(change, Change)
        assert replay(change.plan, change.before) == change.after
        if change.field == "text":
            assert cleaned.text[change.start : change.end] == change.after


@pytest.mark.parametrize("name", KINDS)
def test_hostile_texts_are_cleaned_with_valid_changes(name: str) -> None:
    check(clean(KINDS[name](FEW), OPTIONS))


@pytest.mark.parametrize(
    "name",
    [
        "marks of two classes",
        "\\u2019 without blanks",
        "%E2%80%99 without blanks",
        "=E2=80=99 without blanks",
        "letters and ZERO WIDTH SPACE by turns",
        "variation selectors",
    ],
)
def test_four_times_the_text_takes_about_four_times_the_work(name: str) -> None:
    small, large = (seconds(KINDS[name], size) for size in (FEW, MORE))
    assert large < 12 * small + 0.05


def test_many_equal_changes_are_one_change_with_a_count() -> None:
    cleaned = clean(Article(text="a\u200b" * MORE), OPTIONS)
    (change,) = cleaned.changes
    assert isinstance(change, Change)
    assert (change.before, change.after, change.start, change.count) == ("\u200b", "", 1, MORE)


def test_many_quotes_are_two_changes() -> None:
    cleaned = clean(Article(text="“a” " * MORE), Options(detect_language=False, quotes="plain"))
    reported = [(c.before, c.after, c.count) for c in cleaned.changes if isinstance(c, Change) and c.kind == "unicode"]
    assert reported == [("“", '"', MORE), ("”", '"', MORE)]


@given(st.text("ae\u0301\u0316\u0323\u0344\u0f73\u3099é \u1100\u1161", max_size=12), st.integers(1, 40))
def test_long_runs_of_marks_are_normalized_as_in_unicode(unit: str, times: int) -> None:
    forms: list[unicode_form.Form] = ["NFC", "NFD", "NFKC", "NFKD"]
    for form in forms:
        assert unicode_form.normalize(form, unit * times) == unicodedata.normalize(form, unit * times)


def test_coalesced_edits_give_the_same_text_as_single_ones() -> None:
    text = "a\u200bb\u200d " * COALESCE_ABOVE
    swaps = [(at, at + 1, "") for at, character in enumerate(text) if character in "\u200b\u200d"]
    swept = Revision(text).revise(LazyEdits(text, swaps, "invisible"))
    assert swept.text == "ab " * COALESCE_ABOVE
    assert len(swept.spans) < len(swaps) / 100
    changes = [change for span, original in swept.with_offsets() for change in span.expand(original)]
    assert sum(reported.count for reported in changes) == len(swaps)
    for reported in changes:
        starts, originals = list(reported.starts()), list(reported.originals())
        assert len(starts) == len(originals) == reported.count
        assert all(text.startswith(reported.span.before, i) for i in originals)
        assert all(swept.text.startswith(reported.span.after, i) for i in starts)
    again = swept.revise(
        [Edit(at, at + 1, "c", "lossy", (("replace", "b", "c"),)) for at in range(1, 3 * COALESCE_ABOVE, 3)]
    )
    assert again.text == "ac " * COALESCE_ABOVE
    for span in again.spans:
        assert replay(span.plan, span.before) == span.after == again.text[span.start : span.end]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(NASTY), st.integers(1, 3)), min_size=1, max_size=5), st.data())
def test_changes_of_any_repetition_replay(pieces: list[Any], data: st.DataObject) -> None:
    unit = "".join(piece * times for piece, times in pieces)
    check(clean(Article(text=unit * data.draw(st.integers(1, 4_000 // len(unit) + 1))), OPTIONS))


@given(
    st.lists(
        st.sampled_from(
            [b"a", b"\xc3\xa9", b"\xed\xa0\xbd", b"\xed\xb8\x80", b"\xc0\x80", b"\xf0\x9f\x98\x80", b"\xff"]
        )
    )
)
def test_cesu8_is_decoded_as_by_its_codec(parts: list[bytes]) -> None:
    text = b"".join(parts).decode("latin-1")
    plan = (("encode", "iso-8859-1"), ("decode", "cesu-8"))
    try:
        expected = text.encode("latin-1").decode("utf-8-variants")
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            replay(plan, text)
    else:
        assert replay(plan, text) == expected
