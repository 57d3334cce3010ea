"""The edits of a run: each as small as its plan replays on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from copydesk.article import Edit, Kind, Plan
from copydesk.cache import character_cache
from copydesk.changes.plan import replay
from copydesk.repairs.byte_tables import INDEX, WESTERN
from copydesk.repairs.readings import Candidate
from copydesk.repairs.runs import Run
from copydesk.repairs.special_readings import utf8_shapes
from copydesk.repairs.tokens import Located
from copydesk.transforms.lost_bytes import move_places, place_range

# Start, end, new text and plan of a change within a token.
Piece: TypeAlias = tuple[int, int, str, Plan]

# No text proves how it was damaged.
_MAX_CONFIDENCE = 0.999
# These steps restore what was changed after the damage.
_INEXACT_STEPS = frozenset({"restore-bytes", "restore-case", "restore-nbsp", "replace", "lower-case", "upper-case"})
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_C1 = re.compile("[\x80-\x9f]")
# A cache of longer pieces would take too much memory.
_MAX_CACHED_CHARS = 100
_SINGLE_PLAN = ("encode", "decode")


def make_edits(located: Located, run: Run, *, exact: bool) -> Iterator[tuple[int, Edit]]:
    """Yield the edits of a run in their fields, with the index of their token.

    Args:
        located: the tokens of the article.
        run: a run of them.
        exact: whether to leave out tokens that were changed after the damage, so that their bytes are not certain.
    """
    cut: dict[tuple[str, Plan], list[Piece]] = {}
    kind, confidence = _kind(run.candidate), _confidence(run)
    fields = located.fields[run.indexes].tolist()
    for index, field, text, plan in zip(run.indexes, fields, run.texts, run.plans, strict=True):
        if exact and not _INEXACT_STEPS.isdisjoint(step[0] for step in plan):
            continue
        token = located.tokens[index]
        start = located.spans[index][0] - located.field_starts[field]
        key = token, plan
        if key not in cut:
            cut[key] = _cut(token, text, plan, run.candidate)
        for first, last, after, steps in cut[key]:
            yield index, Edit(start + first, start + last, after, kind, steps, confidence)


def make_joined_edit(located: Located, run: Run) -> tuple[int, Edit] | None:
    """Return one edit from the first token of a run to its last, or None if its plan also changes what is between.

    A long article would otherwise have a hundred thousand edits.
    """
    first, last = run.indexes[0], run.indexes[-1]
    start, end = located.spans[first][0], located.spans[last][1]
    pieces, place = [], start
    for index, text in zip(run.indexes, run.texts, strict=True):
        pieces += [located.text[place : located.spans[index][0]], text]
        place = located.spans[index][1]
    found = _replayable(run.candidate.plan, located.text[start:end])
    if not found or found[0] != "".join(pieces):
        return None
    after, plan = found
    field_start = located.field_starts[int(located.fields[first])]
    return first, Edit(start - field_start, end - field_start, after, _kind(run.candidate), plan, _confidence(run))


def _confidence(run: Run) -> float:
    return min(round(run.probability, 3), _MAX_CONFIDENCE)


def _kind(candidate: Candidate) -> Kind:
    return "mojibake" if candidate.is_utf8 else "charset"


def _cut(token: str, text: str, plan: Plan, candidate: Candidate) -> list[Piece]:
    """Cut the repair of a token down to the characters that change, if plans replay on those alone."""
    is_single_byte = len(plan) == len(_SINGLE_PLAN) and len(token) == len(text) and candidate.actual in INDEX
    if is_single_byte and not _C1.search(token):
        spans = map(re.Match.span, _NON_ASCII.finditer(token))
        return [(a, b, text[a:b], plan) for a, b in spans if token[a:b] != text[a:b]]
    if plan[0][0] == "restore-bytes":
        return [_cut_restored(token, text, plan)]
    patterns = [_NON_ASCII]
    if candidate.is_utf8 and candidate.decoded_as in INDEX:
        patterns.append(utf8_shapes(candidate.decoded_as))
    for pattern in patterns:
        known = {piece: _replayable(plan, piece) for piece in dict.fromkeys(pattern.findall(token))}
        pieces = [
            (*match.span(), *found)
            for match in pattern.finditer(token)
            if (found := known[match[0]]) and found[0] != match[0]
        ]
        if _apply(token, pieces) == text:
            return pieces
    found = _replayable(plan, token)
    if found and found[0] == text:
        return [(0, len(token), text, found[1])]
    return [(0, len(token), text, (("replace", token, text),))]


def _cut_restored(token: str, text: str, plan: Plan) -> Piece:
    """Cut the repair of a token with lost bytes down to the characters that change."""
    _, charset, places = plan[0]
    # The lead byte before the first place belongs to the change.
    first, last_end = place_range(places)
    start = min(_count_equal(token, text), max(0, first - 1))
    last = min(_count_equal(token[:start:-1], text[:start:-1]), len(token) - last_end)
    end = len(token) - last
    moved: Plan = (("restore-bytes", charset, move_places(places, -start)), *plan[1:])
    found = _replayable(moved, token[start:end])
    if found and found[0] == text[start : len(text) - last]:
        return start, end, *found
    whole = _replayable(plan, token)
    return (0, len(token), text, whole[1] if whole and whole[0] == text else (("replace", token, text),))


def _count_equal(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the number of equal characters at the start."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _apply(token: str, pieces: Iterable[Piece]) -> str:
    made: list[str] = []
    last = 0
    for start, end, after, _ in pieces:
        made += (token[last:start], after)
        last = end
    return "".join((*made, token[last:]))


def _replayable(plan: Plan, piece: str) -> tuple[str, Plan] | None:
    """Return the result of a plan for a piece, and the variant of the plan that gives it."""
    return _replay_cached(plan, piece) if len(piece) <= _MAX_CACHED_CHARS else _replay(plan, piece)


def _replay(plan: Plan, piece: str) -> tuple[str, Plan] | None:
    latin = tuple(("encode", "iso-8859-1") if step == ("encode", WESTERN) else step for step in plan)
    for steps in (plan, latin) if latin != plan else (plan,):
        try:
            after = replay(steps, piece)
        except UnicodeError:
            continue
        normal = replay((("normalize", "NFC"),), after)
        return (after, steps) if normal == after else (normal, (*steps, ("normalize", "NFC")))
    return None


_replay_cached = character_cache(_replay)
