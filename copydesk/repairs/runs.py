"""Runs: neighbouring tokens that were damaged in the same way, and the features that decide whether to repair them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from copydesk.article import Plan
from copydesk.encoding.charsets import MULTIBYTE
from copydesk.langmodel.model import CJK, LATIN, UNITS_PER_BIT, Integers, LanguageModel, load_model
from copydesk.repairs.lattice import Lattice
from copydesk.repairs.readings import WESTERN, Candidate, is_elided
from copydesk.repairs.screen import FOREIGN_LETTER_BITS
from copydesk.repairs.tokens import count_plain_letters

# The features of a run, in the order of the trained model, and whether more of each speaks for (1) or against (-1) a
# repair, or neither (0). The model is trained under these constraints: more evidence never lowers the probability.
FEATURES = {
    # The bits that the run gains: with repeated tokens, without them, by token and by distinct new letter; the lead
    # over the next different reading.
    "gain": 1, "distinct_gain": 1, "lead": 1, "gain_by_token": 1, "gain_by_letter": 1,
    # The share of known words after (of any language, of this one) and before, and the differences in numbers.
    "known_after": 1, "known_in_language": 1, "known_before": -1, "more_known": 1, "more_known_in_language": 1,
    "longest_known": 1,
    # The share of letters that go and are foreign to the language, of those that come and are not, and their product.
    "foreign_gone": 1, "native_come": 1, "exchange": 1,
    # What kind of repair it is.
    "other_script": 0, "cjk": 0, "utf8": 0, "prior": -1, "special": -1, "margin": 1, "long_utf8": 1,
    # The numbers of distinct characters after and before, of letters, of words, and of tokens.
    "new_characters": 1, "old_characters": 0, "letters": 1, "words": 1, "tokens": 1, "changed_tokens": 1,
    # The bits by letter after and before, above the usual of the language.
    "bits_after": -1, "bits_before": 0, "drop": 1,
    # Where the run is: tokens that stay, whole lines, its share of the line and of the article, runs, context.
    "islands": -1, "whole_lines": 1, "line_share": 1, "article_share": 1, "chars": 0, "runs": 0, "context_letters": 0,
    "language_lead": 1,
    # The shape of what changes: in the order of an alphabet, lone characters, signs, digits, capitals, quotes.
    "in_order": -1, "alphabet": -1, "lone": -1, "signs": -1, "digits": -1, "capitals": -1, "letter_share": 1,
    "typographic": 1, "ascii": 0, "quoted": -1, "elided": 1,
}  # fmt: skip

# The features of `Run.is_proof`, which is not part of the trained decision: training has too few strings of one letter.
_PROOF = [
    list(FEATURES).index(name)
    for name in (
        "lone", "cjk", "old_characters", "context_letters", "lead", "language_lead", "known_in_language", "native_come",
        "special", "letters", "changed_tokens", "margin",
    )
]  # fmt: skip
# A few words that lost bytes have one reading if the next one costs this more, which is half of a lost byte.
_MAX_AMBIGUOUS_TOKENS, _MIN_MARGIN = 3, 1.5
# A sentence has 13 letters or more (log2 of 14 is 3.8). Three different characters are rarely UTF-8 by chance.
_MIN_CONTEXT, _MIN_GONE = 3.8, 3
_WORD = re.compile(r"[^\W\d_]{2,}")
_EDGES = "()[]{},.;:/–—-\"'“”‘’„«»!?&|"
_OPENING, _CLOSING = "\"'`“„‘«»(", "\"'`”“’»«)"
_TYPOGRAPHIC = frozenset("‘’“”„–—…•™\xa0«»€©®→←°✓✔★♥❤\ufe0f")
_MAX_TOKENS = 40
# Of a short run, this number of other explanations is heard, too.
_MAX_RIVAL_TOKENS, _MAX_RIVALS = 4, 2
# UTF-8 is heard before a charset that gains this more: its characters are rarely there by chance.
_UTF8_RIVAL_BITS = 8.0
_MAX_DIFFERENT_RUNS = 64
_CJK_LETTER_FACTOR = 2.8
_DEFAULT_USUAL = 3.9
_MAX_MARGIN = 20.0
# A longer token is a sentence in a language without spaces.
_SENTENCE_CHARS = 20


@dataclass(eq=False)
class Run:
    """A run of tokens that one candidate explains.

    Attributes:
        candidate: the explanation.
        indexes: the tokens that change, as indexes of the located tokens.
        texts: their readings.
        plans: the plan of each.
        features: the values of `FEATURES`.
        rivals: other explanations of the same tokens, if the run is short.
        probability: the probability that the repair is right.
    """

    candidate: Candidate
    indexes: list[int]
    texts: list[str]
    plans: list[Plan]
    features: list[float]
    rivals: list[Run] = field(default_factory=list)
    probability: float = 0.0

    def is_proof(self) -> bool:
        """Return whether the run can prove its charset.

        One or two letters or signs prove only charsets of CJK, and UTF-8 of three bytes or read as a Western charset.
        In a sentence they also prove other UTF-8, and a charset that gives a word or letter of its language. Letters
        that lost bytes prove nothing if another reading is as likely; those of CJK have many alike.
        """
        values = [self.features[i] for i in _PROOF]
        lone, cjk, gone, context, lead, language_lead, known, native, special, letters, tokens, margin = values
        is_ambiguous = tokens <= _MAX_AMBIGUOUS_TOKENS and margin < _MIN_MARGIN
        if special >= 1 and letters and is_ambiguous and not cjk:
            return False
        if lone < 1 or cjk or self.candidate.decoded_as in MULTIBYTE:
            return True
        if self.candidate.is_utf8:
            return self.candidate.decoded_as == WESTERN or gone >= _MIN_GONE or context >= _MIN_CONTEXT
        return context >= _MIN_CONTEXT and lead > 0 and language_lead > 0 and max(known, native) > 0


def find_runs(lattice: Lattice) -> list[Run]:
    """Return the runs of the cheapest path, without the islands at their ends, with their rivals.

    Runs of the same tokens have the features of the first. If there are very many different runs, which no article has,
    the others have those of the run with the same state that gains least.
    """
    spans = list(_spans(lattice))
    known: dict[tuple[int, bytes], Run] = {}
    weakest: dict[int, Run] = {}
    runs = []
    for state, first, end in spans:
        key = state, lattice.sequence[first:end].tobytes()
        model = known.get(key) or (weakest.get(state) if len(known) >= _MAX_DIFFERENT_RUNS else None)
        if model:
            runs.append(_read_run(lattice, state, first, end, model.features))
            continue
        features = _Evidence(lattice, state, first, end, len(spans)).features()
        run = _read_run(lattice, state, first, end, features)
        for rival, start, stop in _rivals(lattice, state, first, end):
            evidence = _Evidence(lattice, rival, start, stop, len(spans))
            run.rivals.append(_read_run(lattice, rival, start, stop, evidence.features()))
        known[key] = run
        if state not in weakest or run.features[0] < weakest[state].features[0]:
            weakest[state] = run
        runs.append(run)
    return runs


def _rivals(lattice: Lattice, state: int, first: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield the other states that gain in a short run, the best first."""
    tokens = lattice.sequence[first:end]
    if end - first > _MAX_RIVAL_TOKENS:
        return
    gains = (lattice.costs[0, tokens] - lattice.costs[:, tokens]).sum(1) - lattice.entry_bits
    is_utf8 = np.array([False, *(one.candidate.is_utf8 for one in lattice.states)])
    order = np.argsort(-gains - _UTF8_RIVAL_BITS * is_utf8, kind="stable").tolist()
    for rival in [k for k in order if k not in (0, state) and gains[k] > 0][:_MAX_RIVALS]:
        changed = lattice.states[rival - 1].is_changed & ~lattice.islands[rival]
        inside = np.flatnonzero(changed[tokens])
        if len(inside):
            yield rival, first + int(inside[0]), first + int(inside[-1]) + 1


def _spans(lattice: Lattice) -> Iterator[tuple[int, int, int]]:
    """Yield the state of each run, its first token and the token after its last."""
    path, sequence = lattice.path, lattice.sequence
    first = 0
    while first < len(path):
        end = first
        while end < len(path) and path[end] == path[first]:
            end += 1
        state = path[first]
        if state:
            changed = lattice.states[state - 1].is_changed & ~lattice.islands[state]
            inside = np.flatnonzero(changed[sequence[first:end]])
            if len(inside):
                yield state, first + int(inside[0]), first + int(inside[-1]) + 1
        first = end


def _read_run(lattice: Lattice, state: int, first: int, end: int, features: list[float]) -> Run:
    """Return the readings of the tokens of a run that change."""
    reading = lattice.states[state - 1]
    changed = reading.is_changed & ~lattice.islands[state]
    indexes = (first + np.flatnonzero(changed[lattice.sequence[first:end]])).tolist()
    distinct = lattice.sequence[indexes].tolist()
    plan = reading.candidate.plan
    return Run(
        reading.candidate,
        indexes,
        [reading.texts[i] for i in distinct],
        [reading.plans.get(i, plan) for i in distinct],
        features,
    )


def _is_quoted(token: str) -> bool:
    """Return whether a token is in quotes or brackets of its own, as in text about damage."""
    return token[0] in _OPENING and token.rstrip(".,;:!?")[-1:] in _CLOSING


def _clip(value: float, low: float, high: float) -> float:
    return float(min(max(value, low), high))


class _Evidence:
    """The features of a run."""

    def __init__(self, lattice: Lattice, state: int, first: int, end: int, run_count: int) -> None:
        self.model: LanguageModel = load_model()
        self.lattice, self.state, self.first, self.end, self.run_count = lattice, state, first, end, run_count
        self.reading = lattice.states[state - 1]
        self.sequence: Integers = lattice.sequence[first:end]
        self.islands = lattice.islands[state][self.sequence]
        changed = self.reading.is_changed[self.sequence] & ~self.islands
        distinct = np.unique(self.sequence[changed])
        self.changed: Integers = distinct[:: len(distinct) // 32 + 1] if len(distinct) > _MAX_TOKENS else distinct
        self.count = len(self.changed)
        indexes = self.changed.tolist()
        self.before = [lattice.distinct.texts[i][:_MAX_CHARS] for i in indexes]
        self.after = [self.reading.texts[i][:_MAX_CHARS] for i in indexes]
        self.gone, self.come = _changed_characters(self.before, self.after)
        self.come_letters = list(filter(str.isalpha, self.come))
        self.letters_after = sum(map(str.isalpha, "".join(self.after)))
        scripts = set(map(self._script, set(self.come_letters)))
        self.is_cjk = CJK in scripts
        self.is_other_script = bool(scripts - {0, LATIN})
        self.language = self._language(scripts)

    def features(self) -> list[float]:
        """Return all features in the order of `FEATURES`."""
        values = {
            **self._gains(),
            **self._known_words(),
            **self._letters(),
            **self._kind(),
            **self._fit(),
            **self._place(),
            **self._shape(),
        }
        return [values[name] for name in FEATURES]

    def _script(self, character: str) -> int:
        return int(self.model.script_of[min(ord(character), 0xFFFF)])

    def _language(self, scripts: set[int]) -> str | None:
        """Return the language of the repaired run."""
        columns = self.lattice.languages[self.state]
        main = max(scripts - {0, LATIN, CJK}, default=CJK if self.is_cjk else LATIN)
        return self.model.languages(main)[columns[main]] if main in columns else None

    def _gains(self) -> dict[str, float]:
        costs, entry = self.lattice.costs, self.lattice.entry_bits
        prior = 0.5 * self.reading.candidate.prior
        gain = float((costs[0, self.sequence] - costs[self.state, self.sequence]).sum()) - prior
        changed = self.changed
        distinct = float((costs[0, changed] - costs[self.state, changed]).sum())
        rivals = [0.0]
        for k, state in enumerate(self.lattice.states, 1):
            if k != self.state and any(state.texts[i] != self.reading.texts[i] for i in changed.tolist()):
                rivals.append(float((costs[0, self.sequence] - costs[k, self.sequence]).sum() - entry[k]))
        return {
            "gain": _clip(gain, -20, 80),
            "distinct_gain": _clip(distinct - prior, -20, 60),
            "lead": _clip(gain - max(rivals), 0, 40),
            "gain_by_token": _clip(distinct / self.count, -5, 30),
            "gain_by_letter": _clip(distinct / max(1, len(set(self.come_letters))), -5, 20),
        }

    def _known_words(self) -> dict[str, float]:
        anywhere = self.lattice.known_in_state(self.state, None)[self.changed]
        here = np.zeros_like(anywhere)
        if self.language:
            here = self.lattice.known_in_state(self.state, self.language)[self.changed]
        after, native = int((anywhere > 0).sum()), int((here > 0).sum())
        before = int((self.lattice.known[self.changed] > 0).sum())
        return {
            "known_after": after / self.count,
            "known_in_language": native / self.count,
            "known_before": before / self.count,
            "more_known": _clip(after - before, -4, 8),
            "more_known_in_language": _clip(native - before, -4, 8),
            "longest_known": _clip(int(here.max(initial=0)), 0, 10),
        }

    def _letters(self) -> dict[str, float]:
        """Return how many Latin letters go that are foreign to the language, and how many come that are not."""
        gone, come = set(self.gone), set(self.come)
        column = self.lattice.languages[self.state].get(LATIN)
        foreign = native = 0.0
        if column is not None and not self.is_other_script:
            costs = self.model.latin.unigrams[:, column]

            def is_native(character: str) -> bool:
                code = ord(character)
                is_latin = code <= 0xFFFF and self.model.script_of[code] == LATIN
                return bool(is_latin and costs[self.model.symbol_of[code]] < FOREIGN_LETTER_BITS * UNITS_PER_BIT)

            lost, new = gone - come, [one for one in come - gone if one.isalpha()]
            foreign = sum(not is_native(one) for one in lost) / max(1, len(lost))
            native = sum(map(is_native, new)) / max(1, len(new))
        return {
            "foreign_gone": foreign,
            "native_come": native,
            "exchange": foreign * native,
            "new_characters": _clip(len(come), 0, 10),
            "old_characters": _clip(len(gone), 0, 10),
            "letters": _clip(len(self.come_letters), 0, 24),
            "letter_share": len(self.come_letters) / max(1, len(self.come)),
        }

    def _kind(self) -> dict[str, float]:
        candidate = self.reading.candidate
        indexes = self.changed.tolist()
        plans = (self.reading.plans.get(i, ()) for i in indexes)
        special = sum(any(step[0].startswith("restore") for step in plan) for plan in plans)
        is_plain_utf8 = candidate.is_utf8 and not special
        long_utf8 = sum((one >= "\u0800") + 2 * (one > "\uffff") for one in "".join(self.after)) if is_plain_utf8 else 0
        return {
            "other_script": float(self.is_other_script),
            "cjk": float(self.is_cjk),
            "utf8": float(candidate.is_utf8),
            "prior": float(candidate.prior),
            "special": special / self.count,
            "margin": _clip(min(self.reading.margins.get(i, _MAX_MARGIN) for i in indexes), 0, _MAX_MARGIN),
            "long_utf8": _clip(long_utf8, 0, 6),
        }

    def _fit(self) -> dict[str, float]:
        """Return the bits by letter, compared with the usual of the language."""
        mean = self.model.usual[self.language][0] if self.language and not self.is_cjk else _DEFAULT_USUAL
        costs = self.lattice.costs
        factor = _CJK_LETTER_FACTOR if self.is_cjk else 1.0
        after = float(costs[self.state, self.changed].sum()) / max(1, self.letters_after + self.count) / factor
        letters_before = sum(map(str.isalpha, "".join(self.before)))
        before = float(costs[0, self.changed].sum()) / (max(1, letters_before) + self.count)
        return {
            "bits_after": _clip(after - mean, -2, 10),
            "bits_before": _clip(before, 0, 20),
            "drop": _clip(before - after, -5, 12),
        }

    def _place(self) -> dict[str, float]:
        lattice, located = self.lattice, self.lattice.located
        lines = located.all_lines
        first, end_index = int(located.indexes[self.first]), int(located.indexes[self.end - 1]) + 1
        first_line, last_line = lines[first], lines[end_index - 1]
        starts_line = first == 0 or lines[first - 1] != first_line
        ends_line = end_index == len(lines) or lines[end_index] != last_line
        in_lines = int(np.searchsorted(lines, last_line, "right") - np.searchsorted(lines, first_line))
        size = end_index - first
        changes = int((self.reading.is_changed[self.sequence] & ~self.islands).sum())
        text, spans = lattice.located.text, lattice.located.spans
        start, end = spans[self.first][0], spans[self.end - 1][1]
        around = text[max(0, start - 200) : min(end, start + 2_000) + 200]
        plain = count_plain_letters(around)
        words = sum(sum(map(str.isalpha, text)) >= (2 if self.is_cjk else 3) for text in self.after)
        return {
            "islands": 1.0 - changes / size,
            "whole_lines": float(starts_line) + float(ends_line),
            "line_share": size / in_lines,
            "article_share": size / len(lines),
            "tokens": _clip(size, 0, 30),
            "changed_tokens": _clip(self.count, 0, 12),
            "words": _clip(words, 0, 8),
            "chars": _clip(end - start, 0, 200),
            "runs": _clip(self.run_count, 0, 6),
            "context_letters": math.log2(1 + min(plain, 400)),
            "language_lead": self._language_lead(int(first_line), int(last_line)),
        }

    def _language_lead(self, first_line: int, last_line: int) -> float:
        """Return how far the context speaks for the language of the repaired run, in bits."""
        column = self.lattice.languages[self.state].get(LATIN)
        context = self.lattice.context
        if column is None or not context.any():
            return 0.0
        lines = self.lattice.line_contexts
        here = [lines[line] for line in range(first_line, min(last_line, first_line + 40) + 1) if line in lines]
        if here:
            context = 0.3 * context + 0.7 * np.sum(here, axis=0)
        best, second = np.partition(context, 1)[:2]
        return _clip(float((second if context[column] <= best + 1e-6 else best) - context[column]), -10, 30)

    def _shape(self) -> dict[str, float]:
        pairs = in_order = 0
        for token in self.before:
            beyond = [character.lower()[0] for character in token if character > "\x7f"]
            pairs += max(0, len(beyond) - 1)
            in_order += sum(abs(ord(one) - ord(other)) <= 2 for one, other in pairwise(beyond))
        gone = sorted({character.lower()[0] for character in self.gone})
        neighbours = sum(ord(other) - ord(one) <= 1 for one, other in pairwise(gone))
        beyond_after = [[one for one in text if one > "\x7f"] for text in self.after]
        capitals = sum(map(str.isupper, "".join(self.after)))
        return {
            "in_order": in_order / max(1, pairs),
            "alphabet": neighbours / (len(gone) - 1) if len(gone) > 2 else 0.0,
            "lone": sum(len(token.strip(_EDGES)) <= 2 for token in self.before) / self.count,
            "signs": (len(self.gone) - sum(map(str.isalpha, self.gone))) / max(1, len(self.gone)),
            "digits": sum(len(token) < _SENTENCE_CHARS and any(map(str.isdigit, token)) for token in self.before)
            / self.count,
            "capitals": capitals / max(1, self.letters_after),
            "typographic": sum(_TYPOGRAPHIC.issuperset(one) for one in beyond_after) / self.count,
            "ascii": sum(not one for one in beyond_after) / self.count,
            "quoted": sum(map(_is_quoted, self.before)) / self.count,
            "elided": sum(map(is_elided, self.after)) / self.count,
        }


_MAX_CHARS = 400


def _changed_characters(before: Sequence[str], after: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the characters that go, and those that come."""
    gone: list[str] = []
    come: list[str] = []
    for token, text in zip(before, after, strict=True):
        if len(token) == len(text):
            for one, other in zip(token, text, strict=True):
                if one != other:
                    gone.append(one)
                    come.append(other)
        else:
            gone += [one for one in token if one > "\x7f"]
            come += [one for one in text if one > "\x7f" or len(text) > len(token)]
    return gone, come
