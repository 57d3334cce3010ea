"""The lattice: which tokens of an article were damaged, and by which candidate.

Each token stays unchanged, or is read as one of the candidates. The Viterbi algorithm finds the cheapest sequence of
these states. Entering a state costs more than leaving it: it is the damage that needs evidence. A token that a state
makes worse may stay as it is within a run (an island). The languages of each state are those of its own tokens and of
the plain words of their lines, so that the path and the languages are found in turns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from copydesk.article import Plan
from copydesk.langmodel.matrices import multiply
from copydesk.langmodel.model import CJK, LATIN, UNITS_PER_BIT, Booleans, Floats, Integers, load_model
from copydesk.repairs import special_readings
from copydesk.repairs.byte_tables import INDEX, byte_tables
from copydesk.repairs.letter_costs import Near, near_languages
from copydesk.repairs.lost_bytes import find_kept
from copydesk.repairs.path import find_path
from copydesk.repairs.readings import Candidate, Tokens, is_elided, read_candidates, show_scored
from copydesk.repairs.screen import FOREIGN_WORD_BITS, Screened, known_lengths, likely_languages, plain_context
from copydesk.repairs.tokens import Located, count_plain_letters, starts_sentence

# Costs in bits. Entering a state costs less at the start of a line or a field, and half the prior of the candidate.
ENTER_BITS, ENTER_LINE_BITS, ENTER_FIELD_BITS = 8.0, 5.0, 4.0
_PRIOR_WEIGHT = 0.5
_OTHER_SCRIPT_BITS = 9.0
ISLAND_BITS = 9.0
_LONE_CHARS, _LONE_BITS = 3, 2.0
_UNREAD_BITS = 4.0
_UNENCODABLE_BITS, _COMMON_LETTER_BITS = 8.0, 10.0
_KNOWN_WORD_BITS, _LONG_WORD = 3.0, 3
# Of two special readings, a known word is more likely by this.
_CHOSEN_WORD_BITS = 6.0
# A pair that gains this in its runs loses its prior, and enters for this share of the cost.
_PROOF_BITS, _PROVEN_SCALE = 20.0, 0.5
_MIN_GAIN = 1.0
_SUSPECT_WEIGHT = 0.15
_ARTICLE_SHARE, _LINE_SHARE = 0.3, 0.7
_ROUNDS = 2
# Only a part of a longer token is scored.
MAX_SCORED_CHARS = 400
# The context of a line is taken from this number of characters before and after its first token.
_MAX_CONTEXT_LINES, _MAX_LINE_CHARS = 6, 20_000
_FULL_ROWS = 160
_TOP_LANGUAGES = 6


@dataclass(eq=False)
class State:
    """The readings of all distinct tokens under one candidate.

    Attributes:
        texts: the reading of each token, or the token itself where it has none.
        is_changed: whether the reading differs from the token.
        is_unread: whether the token has no reading.
        rows: the rows of `Lattice` costs.
        plans: the plans of the tokens that are not read by the plan of the candidate.
        margins: by how many bits the special reading of a token is ahead of the next one.
    """

    candidate: Candidate
    texts: list[str]
    is_changed: Booleans
    is_unread: Booleans
    rows: Integers
    plans: dict[int, Plan] = field(default_factory=dict)
    margins: dict[int, float] = field(default_factory=dict)


@dataclass(eq=False)
class Lattice:
    """The states of all tokens, their costs, and the cheapest path.

    Attributes:
        located: the tokens in order.
        distinct: the distinct tokens.
        sequence: the index of each token in `distinct`.
        suspects: which distinct tokens are suspicious.
        states: the states; state k of the path is `states[k - 1]`, and 0 is the unchanged text.
        entry_bits: what each state costs to enter on top of the cost of its place.
        costs: the bits of each distinct token in each state (states × tokens).
        islands: which tokens stay as they are within a run of the state.
        path: the state of each token.
        languages: the column of the language of each state, by script.
        known: the length of the longest known word by row; 0 if it is not known. The first rows are the distinct
            tokens, and the others are the readings in `State.rows`.
        line_contexts: the costs of the plain words of some lines in each Latin language, in bits.
        context: those of the article.
        known_in_language: the results of `known_in_state` in a language.
    """

    located: Located
    distinct: Tokens
    sequence: Integers
    suspects: Booleans
    states: list[State]
    entry_bits: Floats
    costs: Floats
    islands: Booleans
    path: list[int]
    languages: list[dict[int, int]]
    known: Integers
    line_contexts: dict[int, Floats]
    context: Floats
    known_in_language: dict[tuple[int, str], Integers] = field(default_factory=dict)

    def known_in_state(self, state: int, language: str | None) -> Integers:
        """Return the length of the longest known word of each distinct token in a state; 0 if it is not known.

        Args:
            state: the number of the state.
            language: the language to look the words up in; None for any.
        """
        known = self.known[self.states[state - 1].rows]
        if language is None:
            return known
        key = state, language
        if key not in self.known_in_language:
            indexes = np.flatnonzero(known)
            texts = _show_scored([self.states[state - 1].texts[i] for i in indexes.tolist()])
            if texts:
                known[indexes] = known_lengths(load_model(), Tokens.of(texts), language)
            self.known_in_language[key] = known
        return self.known_in_language[key]


def build_lattice(located: Located, screened: Screened, candidates: Sequence[Candidate]) -> Lattice | None:
    """Return the lattice with its cheapest path, or None if no candidate gains enough anywhere."""
    return _Builder(located, screened).build(candidates)


class _Builder:
    """Finds the cheapest path through the states of the tokens."""

    def __init__(self, located: Located, screened: Screened) -> None:
        self.model = load_model()
        self.located = located
        indexes: dict[str, int] = {}
        self.sequence = np.array([indexes.setdefault(token, len(indexes)) for token in located.tokens], np.int32)
        self.distinct = distinct = Tokens.of(list(indexes))
        self.count = len(indexes)
        strange = frozenset(screened.tokens)
        self.suspects = np.array(
            [text in strange or (" " in text and not strange.isdisjoint(text.split(" "))) for text in distinct.texts],
            np.bool_,
        )
        self.weights = np.bincount(self.sequence, minlength=self.count).astype(np.float32)
        self.context = screened.context
        # One or two characters say little against the tokens next to them.
        lengths = np.diff(np.append(distinct.starts, len(distinct.codes) + 1)) - 1
        self.is_lone = lengths < _LONE_CHARS
        self.max_loss = np.where(self.is_lone, _LONE_BITS, ISLAND_BITS).astype(np.float32)
        self.line_contexts = self._line_contexts()
        self.first_lines = self._lines_of_tokens()

    def build(self, candidates: Sequence[Candidate]) -> Lattice | None:
        rows = _Rows(self.distinct)
        self.states = list(_read_states(self.located, self.distinct, candidates, rows, near_languages(self.context)))
        if not self.states:
            return None
        self._score(rows)
        count = len(self.states) + 1
        self.costs = np.empty((count, self.count), np.float32)
        self.islands = np.zeros((count, self.count), np.bool_)
        self.languages: list[dict[int, int]] = [{} for _ in range(count)]
        self._cost_all(self.weights * np.where(self.suspects, _SUSPECT_WEIGHT, 1.0), self._rough_weights())
        self.priors = self._prior_bits()
        entry = self.priors + self._unencodable_bits()
        bound = np.maximum(self.costs[0] - self.costs[1:], 0)[:, self.sequence].sum(1) - entry[1:]
        if bound.max() < _MIN_GAIN + ENTER_FIELD_BITS:
            return None
        path = self._find_path(entry)
        return Lattice(
            self.located,
            self.distinct,
            self.sequence,
            self.suspects,
            self.states,
            self.priors + self._unencodable_bits(),
            self.costs,
            self.islands,
            path,
            self.languages,
            self.known,
            self.line_contexts,
            self.context,
        )

    def _rough_weights(self) -> list[Floats]:
        """Return the weights of the tokens that gain in each state in any language."""
        cheapest = self.base[: self.count] + self._cheapest[: self.count]
        gains = [(self.base[state.rows] + self._cheapest[state.rows]) < cheapest - 2 for state in self.states]
        return [self.weights * (gain & state.is_changed) for gain, state in zip(gains, self.states, strict=True)]

    def _cost_all(self, stand_weights: Floats, weights: Sequence[Floats]) -> None:
        """Choose the languages of all states by the weights of their tokens, and cost all tokens in them."""
        as_it_stands = np.arange(self.count, dtype=np.int32)
        self.costs[0], self.languages[0] = self._cost(as_it_stands, stand_weights)
        for k, state in enumerate(self.states, 1):
            cost = self._cost_of_state(state, weights[k - 1], self.costs[0])
            self.costs[k], self.islands[k], self.languages[k] = cost

    def _find_path(self, entry: Floats) -> list[int]:
        """Find the cheapest path, and again with the languages of its runs and the pairs that they prove."""
        enter, rough = self._enter_bits(), self._rough_weights()
        path = find_path(self.costs[:, self.sequence], enter, entry, np.ones(len(entry), np.float32))
        for _ in range(_ROUNDS):
            along = np.array(path)
            if not along.any():
                break
            counts = [self._count_tokens(along == k) for k in range(len(self.states) + 1)]
            weights = [
                counts[k] * state.is_changed if counts[k].any() else rough[k - 1]
                for k, state in enumerate(self.states, 1)
            ]
            self._cost_all(counts[0], weights)
            gains = np.array([float(multiply(self.costs[0] - self.costs[k], counts[k])) for k in range(len(counts))])
            is_proven = gains > _PROOF_BITS
            pooled = np.where(is_proven, 0.0, self.priors) + self._unencodable_bits()
            scale = np.where(is_proven, _PROVEN_SCALE, 1.0)
            again = find_path(self.costs[:, self.sequence], enter, pooled, scale)
            if again == path:
                break
            path = again
        return path

    def _count_tokens(self, chosen: Booleans) -> Floats:
        """Return how often each distinct token is among those chosen."""
        return np.bincount(self.sequence[chosen], minlength=self.count).astype(np.float32)

    def _lines_of_tokens(self) -> list[set[int]]:
        lines: list[set[int]] = [set() for _ in range(self.count)]
        if self.line_contexts:
            for index, line in zip(self.sequence.tolist(), self.located.lines.tolist(), strict=True):
                if line in self.line_contexts:
                    lines[index].add(line)
        return lines

    def _line_contexts(self) -> dict[int, Floats]:
        """Return the context of the lines with suspicious tokens, if they are few of several."""
        lines = self.located.lines
        strange = np.unique(lines[self.suspects[self.sequence]])
        if len(np.unique(lines)) < 2 and "\n" not in self.located.text.strip():
            return {}
        if len(strange) > _MAX_CONTEXT_LINES:
            return {}
        contexts: dict[int, Floats] = {}
        for line in strange.tolist():
            start, end = self.located.spans[int(np.searchsorted(lines, line))]
            text = self.located.text
            first = max(text.rfind("\n", 0, start) + 1, start - _MAX_LINE_CHARS)
            last = text.find("\n", end, end + _MAX_LINE_CHARS)
            words = text[first : last if last >= 0 else end + _MAX_LINE_CHARS].split()
            contexts[line] = plain_context(self.model, list(filter(str.isascii, words)))
        return contexts

    def _score(self, rows: _Rows) -> None:
        """Score all tokens and readings in one pass."""
        scored = Tokens.of(_show_scored(rows.texts))
        columns = self._columns(rows, scored)
        costs = self.model.token_costs(scored.codes, scored.starts, columns)
        self.known = known = known_lengths(self.model, scored)
        bonus = np.where(known > _LONG_WORD, _KNOWN_WORD_BITS, np.where(known > 0, _KNOWN_WORD_BITS / 2, 0.0))
        bonus[[i for i, text in enumerate(scored.texts) if "’" in text and is_elided(text)]] = _KNOWN_WORD_BITS
        self.base = (costs.fixed / UNITS_PER_BIT - bonus + rows.penalties()).astype(np.float32)
        self.columns = costs.columns
        self.latin_columns = np.array(costs.columns.get(LATIN, ()), np.intp)
        self.has_letters = {script: counts > 0 for script, counts in costs.letters.items()}
        self.by_script: dict[int, Floats] = {}
        self._cheapest = np.zeros(len(self.base), np.float32)
        for script, by_language in costs.by_script.items():
            bits = by_language.astype(np.float32) / UNITS_PER_BIT
            cheapest = bits.min(1)
            self._cheapest += cheapest
            self.by_script[script] = np.minimum(bits, cheapest[:, None] + FOREIGN_WORD_BITS)
        self._choose_special(rows)

    def _columns(self, rows: _Rows, scored: Tokens) -> dict[int, list[int]]:
        """Return the Latin languages to score: all for few rows, else the likely ones of context and readings."""
        total = len(scored.texts)
        if total <= _FULL_ROWS:
            return {}
        likely: set[int] = set(likely_languages(self.context, _TOP_LANGUAGES) or ())
        samples = [
            [text[:40] for text in texts[:: max(1, len(texts) // 48)]]
            for texts in (rows.texts[: self.count], rows.texts[self.count :])
        ]
        sample = Tokens.of(samples[0] + samples[1])
        costs = self.model.token_costs(sample.codes, sample.starts)
        if LATIN in costs.by_script:
            bits = costs.by_script[LATIN]
            bits = np.minimum(bits, bits.min(1, keepdims=True) + int(FOREIGN_WORD_BITS * UNITS_PER_BIT))
            has_letters = costs.letters[LATIN] > 0
            for part in (slice(len(samples[0])), slice(len(samples[0]), None)):
                if has_letters[part].any():
                    sums = bits[part].sum(0)
                    likely |= set(np.argpartition(sums, _TOP_LANGUAGES)[:_TOP_LANGUAGES].tolist())
        return {LATIN: sorted(likely)} if likely else {}

    def _choose_special(self, rows: _Rows) -> None:
        """Let each token that a state cannot read have the cheapest of its special readings."""
        rough_by_state: dict[int, Floats] = {}
        for row, (state, index, plan) in rows.special.items():
            if id(state) not in rough_by_state:
                own = [other for other, (one, _, _) in rows.special.items() if one is state]
                rough_by_state[id(state)] = self._rough_costs(np.array([*state.rows[state.is_changed], *own]))
            rough = rough_by_state[id(state)]
            current = int(state.rows[index])
            lead = float(rough[current] - rough[row])
            is_same = rows.texts[row] == rows.texts[current]
            if is_same and lead <= 0:
                continue
            if not is_same and (current != index or not state.is_unread[index]):
                state.margins[index] = min(abs(lead), state.margins.get(index, np.inf) + max(lead, 0.0))
            if lead > 0 or state.is_unread[index]:
                state.rows[index] = row
                state.texts[index] = rows.texts[row]
                state.plans[index] = plan
                state.is_changed[index], state.is_unread[index] = True, False

    def _rough_costs(self, voters: Integers) -> Floats:
        """Return the cost of all rows in the best languages of some of them. Known words cost less than else."""
        rough = self.base - _CHOSEN_WORD_BITS * (self.known > _LONG_WORD)
        for script, bits in self.by_script.items():
            sums = bits[voters].sum(0)
            if script == LATIN:
                sums = sums + self.context.take(self.latin_columns)
            rough += bits[:, int(sums.argmin())]
        return rough

    def _cost(self, rows: Integers, weights: Floats) -> tuple[Floats, dict[int, int]]:
        """Return the bits of all tokens in the best language for those with a weight, and that language by script."""
        costs = self.base[rows].copy()
        languages: dict[int, int] = {}
        for script, bits in self.by_script.items():
            columns = self.columns[script]
            if script != LATIN and not self.has_letters[script].take(rows).any():
                languages[script] = columns[0]
                continue
            mine = bits.take(rows, axis=0)
            sums = multiply(weights, mine)
            if script == LATIN:
                sums = sums + self._context_of(weights).take(self.latin_columns)
            column = int(sums.argmin())
            languages[script] = columns[column]
            costs += mine[:, column]
        return costs, languages

    def _context_of(self, weights: Floats) -> Floats:
        """Return the context of the tokens with a weight: of their lines, and of the article."""
        if not self.line_contexts:
            return self.context
        lines: set[int] = set()
        for index in np.flatnonzero(weights > _LINE_SHARE / 2).tolist():
            lines |= self.first_lines[index]
            if len(lines) == len(self.line_contexts):
                break
        if not lines:
            return self.context
        total = _ARTICLE_SHARE * self.context
        for line in lines:
            total = total + _LINE_SHARE * self.line_contexts[line]
        return total

    def _cost_of_state(self, state: State, weights: Floats, stand: Floats) -> tuple[Floats, Booleans, dict[int, int]]:
        costs, languages = self._cost(state.rows, weights)
        costs = np.where(state.is_unread, stand + _UNREAD_BITS, np.where(state.is_changed, costs, stand))
        islands = (costs > stand + ISLAND_BITS) & ~self.is_lone
        return np.minimum(costs, stand + self.max_loss), islands, languages

    def _prior_bits(self) -> Floats:
        """Return the cost of entering each state by the prior of its candidate and the script that it gives."""
        entry = np.zeros(len(self.states) + 1, np.float32)
        is_latin = self._is_mostly_plain()
        self.scripts = [self._script_of(state) for state in self.states]
        for k, (state, script) in enumerate(zip(self.states, self.scripts, strict=True), 1):
            entry[k] = _PRIOR_WEIGHT * state.candidate.prior
            if is_latin and script > LATIN:
                entry[k] += _OTHER_SCRIPT_BITS
        return entry

    def _unencodable_bits(self) -> Floats:
        """Return a cost for each state whose charset lacks letters of the language of its tokens."""
        bits = np.zeros(len(self.states) + 1, np.float32)
        for k, (state, script) in enumerate(zip(self.states, self.scripts, strict=True), 1):
            column = self.languages[k].get(script)
            if column is not None and script != CJK and lacks_letters(state.candidate.actual, script, column):
                bits[k] = _UNENCODABLE_BITS
        return bits

    def _is_mostly_plain(self) -> bool:
        sample = self.located.text[:2_000]
        beyond_ascii = len(sample) - len(sample.encode("ascii", "ignore"))
        return count_plain_letters(sample) > 3 * beyond_ascii + 12

    def _script_of(self, state: State) -> int:
        """Return the script that the candidate gives, by the first tokens that it changes."""
        some = np.flatnonzero(state.is_changed)[:3].tolist()
        texts = (state.texts[i][:MAX_SCORED_CHARS] for i in some)
        scripts = [self.model.script_of[min(ord(one), 0xFFFF)] for text in texts for one in text if one > "\x7f"]
        return int(max(scripts, default=0))

    def _enter_bits(self) -> Floats:
        """Return the cost of entering a state at each token, by its place in the article."""
        located = self.located
        before = located.indexes - 1
        starts_line = (before < 0) | (located.all_lines[before] != located.lines)
        starts_field = before < 0
        starts_field[1:] |= starts_line[1:] & (located.fields[1:] != located.fields[:-1])
        enter = np.where(starts_line, ENTER_LINE_BITS, ENTER_BITS)
        return np.where(starts_field, ENTER_FIELD_BITS, enter).astype(np.float32)


@cache
def lacks_letters(charset: str, script: int, column: int) -> bool:
    """Return whether a charset lacks a letter of a language that is not rare in it."""
    if charset not in INDEX:
        return False
    table = load_model().scripts[script - 1]
    written = frozenset(byte_tables().from_byte[INDEX[charset]].tolist())
    return any(
        cost < _COMMON_LETTER_BITS * UNITS_PER_BIT and letter > "\x7f" and ord(letter) not in written
        for letter, cost in zip(table.letters, table.unigrams[1:, column].tolist(), strict=True)
        if letter not in "şţ"
    )


class _Rows:
    """The texts to score: the distinct tokens, and the readings that differ from them."""

    def __init__(self, distinct: Tokens) -> None:
        self.texts = list(distinct.texts)
        self.special: dict[int, tuple[State, int, Plan]] = {}
        self._penalties: dict[int, float] = {}
        self._row_of: dict[str, int] = {}

    def add(self, texts: Sequence[str]) -> Integers:
        """Add readings, and return their rows. Equal readings of several candidates share a row."""
        rows = []
        for text in texts:
            row = self._row_of.setdefault(text, len(self.texts))
            if row == len(self.texts):
                self.texts.append(text)
            rows.append(row)
        return np.array(rows, np.int32)

    def add_special(
        self, state: State, index: int, reading: special_readings.SpecialReading, more_bits: float = 0.0
    ) -> None:
        row = len(self.texts)
        self.texts.append(reading.text)
        self.special[row] = (state, index, reading.plan)
        self._penalties[row] = reading.bits + more_bits

    def penalties(self) -> Floats:
        penalties = np.zeros(len(self.texts), np.float32)
        for row, bits in self._penalties.items():
            penalties[row] = bits
        return penalties


def _show_scored(texts: Sequence[str]) -> list[str]:
    """Return the parts of texts that are scored, each as one line."""
    return show_scored([text[:MAX_SCORED_CHARS] for text in texts])


def _read_states(
    located: Located, distinct: Tokens, candidates: Sequence[Candidate], rows: _Rows, near: Near
) -> Iterator[State]:
    """Yield the state of each candidate that changes any token."""
    identity = np.arange(len(distinct.texts), dtype=np.int32)
    for candidate, readings in read_candidates(distinct, candidates):
        texts = [token if reading is None else reading for token, reading in zip(distinct.texts, readings, strict=True)]
        plans: dict[int, Plan] = {}
        if special_readings.may_need_finish(texts, candidate):
            for i, (token, reading) in enumerate(zip(distinct.texts, readings, strict=True)):
                if reading is not None:
                    texts[i], plan = special_readings.finish(token, reading, candidate)
                    if plan != candidate.plan:
                        plans[i] = plan
        changed = np.array([one != other for one, other in zip(texts, distinct.texts, strict=True)])
        unread = np.array([reading is None for reading in readings])
        state = State(candidate, texts, changed, unread, identity.copy(), plans)
        indexes = np.flatnonzero(state.is_changed)
        state.rows[indexes] = rows.add([texts[i] for i in indexes])
        if candidate.is_utf8 and not candidate.again and candidate.decoded_as in INDEX:
            _add_special(state, located, distinct, rows, near)
        yield state


def _add_special(state: State, located: Located, distinct: Tokens, rows: _Rows, near: Near) -> None:
    """Add the special readings of the tokens of a state. Known words have none."""
    for i, token in enumerate(distinct.texts):
        cut = special_readings.find_cut(token, state.candidate)
        if cut:
            rows.add_special(state, i, cut)
    unread = np.flatnonzero(state.is_unread)[: special_readings.MAX_TOKENS].tolist()
    if not unread:
        return
    known = known_lengths(load_model(), Tokens.of([distinct.texts[i] for i in unread])).tolist()
    kept = find_kept(distinct.texts, state.candidate.decoded_as)
    starts = dict(zip(reversed(located.tokens), (start for start, _ in reversed(located.spans)), strict=True))
    for i in [i for i, length in zip(unread, known, strict=True) if not length]:
        token = distinct.texts[i]
        is_first = starts_sentence(located.text, starts[token])
        for special in special_readings.find(token, state.candidate, near, kept):
            bits = special_readings.case_bits(token, special.text, is_first=is_first)
            rows.add_special(state, i, special, bits)
