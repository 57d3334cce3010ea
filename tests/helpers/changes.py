"""Check of the changes of a field: they lead back to the text that was sent."""

from __future__ import annotations

from collections.abc import Iterable

from copydesk.article import Change
from copydesk.changes.plan import replay


def check_restored(sent: str, returned: str, changes: Iterable[Change]) -> None:
    """Check that a returned field, with each change undone at all its places, is the field that was sent."""
    places: list[tuple[int, int, Change]] = []
    for change in changes:
        assert replay(change.plan, change.before) == change.after
        assert 0 < change.confidence <= 1
        assert change.places[0] == (change.start, change.original_start)
        assert (change.end, change.original_end) == (
            change.start + len(change.after),
            change.original_start + len(change.before),
        )
        assert not change.starts or change.count == len(change.starts) > 1
        places += [(start, original, change) for start, original in change.places]
    text = returned
    for start, original, change in sorted(places, key=lambda place: place[:2], reverse=True):
        assert sent[original:].startswith(change.before)
        assert text[start:].startswith(change.after)
        text = text[:start] + change.before + text[start + len(change.after) :]
    assert text == sent
