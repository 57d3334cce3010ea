from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copydesk.article import Edit
from copydesk.changes.plan import replay
from copydesk.changes.report import report_changes
from copydesk.changes.revision import Revision, Span


@st.composite
def edits(draw: st.DrawFn, text: str) -> list[Edit]:
    """Draw sorted edits that do not overlap."""
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    results = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        after = draw(st.text("abé ", max_size=3))
        results.append(Edit(start, end, after, "whitespace", (("replace", text[start:end], after),)))
    return results


@given(st.data())
def test_changes_undo_to_the_original_after_any_edits(data: st.DataObject) -> None:
    first = data.draw(st.text("abcdefgh", max_size=20))
    revision = Revision(first)
    for _ in range(data.draw(st.integers(1, 5))):
        revision = revision.revise(data.draw(edits(revision.text)))
    undone, at = "", 0
    for span, original in revision.with_offsets():
        assert first[original : original + len(span.before)] == span.before
        assert revision.text[span.start : span.end] == span.after
        assert replay(span.plan, span.before) == span.after
        undone += revision.text[at : span.start] + span.before
        at = span.end
    assert undone + revision.text[at:] == first


def test_edit_of_an_edited_span_joins_both_plans() -> None:
    unescape = (("unescape-html",),)
    decode = (("encode", "windows-1252"), ("decode", "utf-8"))
    revision = Revision("a&acirc;&euro;&trade;s").revise([Edit(1, 21, "â€™", "entity", unescape)])
    revision = revision.revise([Edit(1, 4, "’", "mojibake", decode, 0.9)])
    assert revision.spans == (Span(1, 2, "&acirc;&euro;&trade;", "’", "mojibake", unescape + decode, 0.9),)


def test_two_long_replacements_are_one() -> None:
    """The steps between would quote the text twice more."""
    revision = Revision("It rains all day.")
    for after in ("It rained all day.", "It rained all night."):
        revision = revision.revise(
            [Edit(0, len(revision.text), after, "charset", (("replace", revision.text, after),))]
        )
    assert revision.spans[0].plan == (("replace", "It rains all day.", "It rained all night."),)


def test_edits_that_change_nothing_leave_the_revision_itself() -> None:
    revision = Revision("same")
    assert revision.revise([Edit(0, 4, "same", "unicode", (("normalize", "NFC"),))]) is revision


def test_confidence_of_equal_changes_is_the_lowest() -> None:
    plan = (("encode", "windows-1252"), ("decode", "utf-8"))
    edits = [Edit(start, start + 2, "é", "mojibake", plan, sure) for start, sure in ((0, 0.9), (3, 0.8), (6, 0.95))]
    (change,) = report_changes({"text": Revision("Ã© Ã© Ã©").revise(edits)}, ())
    assert (change.confidence, change.count, change.starts) == (0.8, 3, (0, 2, 4))
