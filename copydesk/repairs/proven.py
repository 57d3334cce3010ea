"""The rest of a very long article, which is repaired without a search.

The search looks at the first thousands of suspicious tokens. Their runs prove candidates. The other tokens are read by
these candidates, a segment of a line at a time. A segment is repaired if its tokens gain enough together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from copydesk.article import Edit, Plan
from copydesk.langmodel.model import UNITS_PER_BIT, Floats, Integers, code_points, load_model
from copydesk.repairs import special_readings
from copydesk.repairs.byte_tables import INDEX
from copydesk.repairs.candidates import fill_readings
from copydesk.repairs.lattice import ISLAND_BITS
from copydesk.repairs.letter_costs import letter_costs, near_languages
from copydesk.repairs.lost_bytes import find_kept
from copydesk.repairs.readings import Candidate, Tokens, read_tokens, show_scored
from copydesk.repairs.run_edits import make_edits, make_joined_edit
from copydesk.repairs.runs import Run
from copydesk.repairs.screen import FOREIGN_WORD_BITS
from copydesk.repairs.tokens import Located

# A candidate is proven by a run of this number of tokens. The most frequent ones are tried.
_MIN_PROOF_TOKENS, _MAX_PROVEN = 3, 3
# A segment must gain this in total, and by changed token.
_MIN_SEGMENT_BITS, _MIN_TOKEN_BITS = 10.0, 2.0
# A longer line is cut into segments of at least this number of tokens.
_SEGMENT_TOKENS = 40
# At most this number of tokens at once has a special reading.
_MAX_SPECIAL = 64
# This number of tokens is scored at once, which bounds the memory.
_CHUNK_TOKENS = 8_000


@dataclass(slots=True)
class Proven:
    """A candidate that runs of the same article prove.

    Attributes:
        candidate: the candidate.
        probability: the lowest probability of these runs.
        tokens: the number of their tokens.
    """

    candidate: Candidate
    probability: float = 1.0
    tokens: int = 0


def find_proven(runs: Sequence[Run], min_probability: float) -> list[Proven]:
    """Return the candidates that runs prove, the most frequent first.

    Args:
        runs: the runs of the searched tokens, with their probabilities.
        min_probability: the probability that a run needs.
    """
    found: dict[tuple[str, str, tuple[str, ...]], Proven] = {}
    for run in runs:
        if run.probability >= min_probability and len(run.indexes) >= _MIN_PROOF_TOKENS:
            proven = found.setdefault(run.candidate.key, Proven(run.candidate))
            proven.probability = min(proven.probability, run.probability)
            proven.tokens += len(run.indexes)
    return sorted(found.values(), key=lambda proven: -proven.tokens)[:_MAX_PROVEN]


@dataclass(frozen=True, eq=False)
class Rest:
    """The tokens that were not searched.

    Attributes:
        located: the tokens of the article.
        indexes: the indexes of those that were not searched.
        context: the cost of the plain words of the article in each Latin language, in bits.
    """

    located: Located
    indexes: Integers
    context: Floats

    def repair(self, proven: Sequence[Proven], *, exact: bool) -> Iterator[tuple[int, Edit]]:
        """Yield the edits of the tokens, with the index of a token of each.

        Args:
            proven: the proven candidates.
            exact: as in `make_edits`.
        """
        for first in range(0, len(self.indexes) if proven else 0, _CHUNK_TOKENS):
            chunk = self.indexes[first : first + _CHUNK_TOKENS]
            for run in self._find_runs(chunk, proven):
                joined = make_joined_edit(self.located, run)
                yield from [joined] if joined else make_edits(self.located, run, exact=exact)

    def _find_runs(self, chunk: Integers, proven: Sequence[Proven]) -> Iterator[Run]:
        """Yield a run for each segment that gains. Those of short segments next to each other are one."""
        distinct: dict[str, int] = {}
        texts = self.located.select(chunk).tokens
        sequence = np.array([distinct.setdefault(token, len(distinct)) for token in texts])
        tokens = Tokens.of(list(distinct))
        starts = _segment_starts(self.located.lines[chunk])
        sizes = np.diff(np.append(starts, len(chunk)))
        before = _bits(tokens.texts, sequence, starts, sizes)
        readings = [self._read(tokens, one.candidate) for one in proven]
        gains = np.zeros((len(proven), len(chunk)), np.float32)
        changed = np.zeros(gains.shape, np.bool_)
        for k, (after, _) in enumerate(readings):
            changed[k] = np.array([one != other for one, other in zip(after, tokens.texts, strict=True)])[sequence]
            gains[k] = np.where(changed[k], before - _bits(after, sequence, starts, sizes), 0)
        sums = np.add.reduceat(np.maximum(gains, -ISLAND_BITS), starts, axis=1)
        best = np.repeat(sums.argmax(0), sizes)
        places = np.arange(len(chunk))
        kept = changed[best, places] & (gains[best, places] > -ISLAND_BITS)
        enough = np.maximum(_MIN_SEGMENT_BITS, _MIN_TOKEN_BITS * np.add.reduceat(kept, starts, dtype=np.intp))
        chosen = np.flatnonzero(kept & np.repeat(sums.max(0) > enough, sizes))
        blocks = np.repeat(starts // _SEGMENT_TOKENS, sizes)
        keys = np.stack([best, blocks, self.located.fields[chunk]])[:, chosen]
        cuts = np.flatnonzero((keys[:, 1:] != keys[:, :-1]).any(0)) + 1
        for group in np.split(chosen, cuts) if len(chosen) else ():
            one, (after, plans) = proven[best[group[0]]], readings[best[group[0]]]
            places_of_texts = sequence[group].tolist()
            new = [after[i] for i in places_of_texts]
            steps = [plans.get(i, one.candidate.plan) for i in places_of_texts]
            yield Run(one.candidate, chunk[group].tolist(), new, steps, [], probability=one.probability)

    def _read(self, tokens: Tokens, candidate: Candidate) -> tuple[list[str], dict[int, Plan]]:
        """Return the readings of tokens, and the plans of the special ones. Of many, some have no special one."""
        readings = read_tokens(tokens, candidate)
        plans: dict[int, Plan] = {}
        if candidate.is_utf8 and not candidate.again and candidate.decoded_as in INDEX:
            near = near_languages(self.context)
            costs, kept = letter_costs(near), find_kept(tokens.texts, candidate.decoded_as)
            unread = (i for i, reading in enumerate(readings) if reading is None)
            for i in islice(unread, _MAX_SPECIAL):
                found = list(special_readings.find(tokens.texts[i], candidate, near, kept))
                if found:
                    special = min(found, key=lambda one: one.bits + float(costs[code_points(one.text)].sum()))
                    readings[i], plans[i] = special.text, special.plan
        return fill_readings(tokens, readings), plans


def _bits(texts: Sequence[str], sequence: Integers, starts: Integers, sizes: Integers) -> Floats:
    """Return the bits of each token in the best languages of its segment.

    Args:
        texts: the distinct tokens, or their readings.
        sequence: the index of each token in these.
        starts: the first token of each segment.
        sizes: the number of tokens of each segment.
    """
    tokens = Tokens.of(show_scored(texts))
    costs = load_model().token_costs(tokens.codes, tokens.starts)
    total = costs.fixed.astype(np.float32)[sequence]
    for by_language in costs.by_script.values():
        bits = np.minimum(by_language, by_language.min(1, keepdims=True) + int(FOREIGN_WORD_BITS * UNITS_PER_BIT))
        in_order = bits[sequence]
        best = np.add.reduceat(in_order, starts, axis=0).argmin(1)
        total += np.take_along_axis(in_order, np.repeat(best, sizes)[:, None], 1)[:, 0]
    return (total / UNITS_PER_BIT).astype(np.float32)


def _segment_starts(lines: Integers) -> Integers:
    """Return where segments start: at each line, and within a long line."""
    starts = np.flatnonzero(np.append(True, lines[1:] != lines[:-1]))
    counts = np.diff(np.append(starts, len(lines)))
    return np.concatenate(
        [
            np.arange(start, start + max(1, count // _SEGMENT_TOKENS) * _SEGMENT_TOKENS, _SEGMENT_TOKENS)
            for start, count in zip(starts.tolist(), counts.tolist(), strict=True)
        ]
    ).astype(np.int32)
