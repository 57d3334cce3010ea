"""The repair of mojibake: screen, candidates, lattice, runs, decision, mentions.

    texts -> suspicious tokens -> candidates -> lattice -> runs -> probability -> edits without mentions, suspicions

The unit of evidence is the article, and the unit of repair is a run of tokens. A damaged body proves the charsets of a
short title, and a clean body shows the language of a damaged one. A clean label before a damaged sentence stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from copydesk.article import Edit, Options
from copydesk.langmodel.model import Integers, load_model
from copydesk.repairs.byte_tables import byte_tables
from copydesk.repairs.candidates import find_candidates
from copydesk.repairs.decision import load_decision
from copydesk.repairs.lattice import build_lattice
from copydesk.repairs.mentions import MAX_MENTIONED_EDITS, find_mentions
from copydesk.repairs.proven import Rest, find_proven
from copydesk.repairs.run_edits import make_edits
from copydesk.repairs.runs import Run, find_runs
from copydesk.repairs.screen import Screened, find_suspects
from copydesk.repairs.suspicion import load_suspicion_model, suspicion_features
from copydesk.repairs.tokens import Located, locate_tokens

# The probability that a repair needs. `python -m bench.repair --harm` measures the harm at each.
MIN_PROBABILITY = {"safe": 0.95, "standard": 0.6, "aggressive": 0.4}
# A warning names the charsets of a repair of this probability.
_MIN_NAMED = 0.1
# Tokens are searched in windows, so that the time is linear. In a very long article, the windows are spread evenly, and
# the tokens between them are not searched, but repaired with the proven candidates.
_WINDOW_TOKENS, _MAX_WINDOWS = 1_500, 4
# A run may contain this number of tokens on both sides of a suspicious one.
_NEAR_TOKENS = 10
_NO_TOKENS = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Damage that the evidence does not suffice to repair.

    Attributes:
        path: the path of the text.
        pair: the charset that the text may have been decoded as, and the actual one; None if no pair explains it.
        example: the strangest token.
        cause: what the damage looks like, if no pair explains it.
    """

    path: str
    pair: tuple[str, str] | None
    example: str
    cause: str = "looks damaged"


@dataclass(slots=True)
class Findings:
    """The repairs of each text, and damage that is only suspected.

    Attributes:
        edits: the repairs by path.
        suspicions: the suspected damage.
        is_searched: whether the texts were searched for charsets.
        is_suspicious: whether there is no repair, but words of the texts are suspicious.
        is_undecided: whether repairs were considered and not made.
    """

    edits: dict[str, Sequence[Edit]] = field(default_factory=dict)
    suspicions: list[Suspicion] = field(default_factory=list)
    is_searched: bool = False
    is_suspicious: bool = False
    is_undecided: bool = False


@dataclass(frozen=True, eq=False)
class Proposal:
    """The runs of an article, its tokens, those that are suspicious, and those that were not searched."""

    located: Located
    screened: Screened
    runs: Sequence[Run]
    rest: Integers


def find(texts: Mapping[str, str], options: Options, declared: str | None = None) -> Findings:
    """Return the repairs of all texts of an article.

    Args:
        texts: the texts by path.
        options: how likely a repair must be.
        declared: the charset that the text was decoded with, if known.

    >>> [edit.after for edit in find({"text": "Ïðåçèäåíò ïðèáûë â Ìîñêâó"}, Options()).edits["text"]]
    ['Президент', 'прибыл', 'в', 'Москву']
    """
    findings = Findings(is_searched=True)
    if options.repair == "off":
        return findings
    proposal = propose_runs(list(texts.values()), declared)
    if not proposal:
        return findings
    located, paths = proposal.located, list(texts)
    runs = decide(proposal.runs)
    minimum = MIN_PROBABILITY[options.repair]
    made = list(_make_edits(proposal, runs, minimum, exact=options.repair == "safe"))
    mentions = _find_mentions(proposal, made)
    fields = located.fields.tolist()
    edits: dict[str, list[Edit]] = {}
    for i, (index, edit) in enumerate(made):
        if i not in mentions:
            edits.setdefault(paths[fields[index]], []).append(edit)
    if edits:
        findings.edits.update({path: sorted(found, key=lambda edit: edit.start) for path, found in edits.items()})
    elif mentions:
        index = made[min(mentions)][0]
        findings.suspicions.append(_mention(located, index, paths[fields[index]]))
        findings.is_suspicious = findings.is_undecided = True
    else:
        findings.suspicions += _suspicions(proposal, runs, paths)
        findings.is_suspicious, findings.is_undecided = True, bool(runs)
    return findings


def _make_edits(proposal: Proposal, runs: Sequence[Run], minimum: float, *, exact: bool) -> Iterator[tuple[int, Edit]]:
    """Yield the edits of the likely runs and of the tokens that were not searched, with the index of their token."""
    for run in runs:
        if run.probability >= minimum:
            yield from make_edits(proposal.located, run, exact=exact)
    rest = Rest(proposal.located, proposal.rest, proposal.screened.context)
    yield from rest.repair(find_proven(runs, minimum), exact=exact)


def _find_mentions(proposal: Proposal, made: Sequence[tuple[int, Edit]]) -> set[int]:
    """Return which edits, each with the index of its token, would repair mentions. Of very many, none is tried."""
    if len(made) > MAX_MENTIONED_EDITS:
        return set()
    located = proposal.located
    placed = [(located.field_starts[int(located.fields[index])], edit) for index, edit in made]
    return find_mentions(located.text, placed, proposal.screened.context)


def _mention(located: Located, index: int, path: str) -> Suspicion:
    """Return the suspicion that a token is an example of damage."""
    start, end = located.spans[index]
    return Suspicion(path, None, located.text[start:end], "looks like an example of damage, so it was not repaired")


def _suspicions(proposal: Proposal, runs: Sequence[Run], paths: Sequence[str]) -> Iterator[Suspicion]:
    """Yield the strangest token if the article is probably damaged."""
    screened, located = proposal.screened, proposal.located
    best = max(runs, key=lambda run: run.probability, default=None)
    features = suspicion_features(screened, best.probability if best else 0.0)
    if not load_suspicion_model().is_suspicious(features):
        return
    if best and best.probability >= _MIN_NAMED:
        index = best.indexes[0]
        start, end = located.spans[index]
        pair = best.candidate.decoded_as, best.candidate.actual
        yield Suspicion(paths[int(located.fields[index])], pair, located.text[start:end])
        return
    strangest = screened.tokens[int(screened.excess.argmax())]
    for (start, end), number in zip(located.spans, located.fields.tolist(), strict=True):
        if strangest in located.text[start:end]:
            yield Suspicion(paths[number], None, strangest)
            return


def decide(runs: Sequence[Run]) -> list[Run]:
    """Return, for each run, its likeliest explanation with its probability."""
    if not runs:
        return []
    explanations = [(run, *run.rivals) for run in runs]
    proofs = [one for group in explanations for one in group if one.is_proof()]
    if proofs:
        # Equal runs share their features.
        features = {id(one.features): one.features for one in proofs}
        probabilities = dict(zip(features, load_decision().probabilities(list(features.values())), strict=True))
        for one in proofs:
            one.probability = probabilities[id(one.features)]
    return [max(group, key=lambda one: one.probability) for group in explanations]


def propose_runs(texts: Sequence[str], declared: str | None = None) -> Proposal | None:
    """Return all runs of damage in the fields of an article, without probabilities; None if nothing is suspicious."""
    screened = find_suspects("\n\n".join(texts))
    if not screened:
        return None
    located = locate_tokens(texts)
    suspects, lines = _find_places(screened, located)
    candidates = find_candidates(screened, lines, declared)
    windows, rest = _cut_windows(_near_suspects(suspects, len(located.tokens))) if candidates else ([], _NO_TOKENS)
    runs: list[Run] = []
    for chosen in windows:
        lattice = build_lattice(located.select(chosen), screened, candidates)
        for run in find_runs(lattice) if lattice else ():
            for one in (run, *run.rivals):
                one.indexes = chosen[one.indexes].tolist()
            runs.append(run)
    return Proposal(located, screened, runs, rest)


def warm_up() -> None:
    """Load the tables, so that no request waits for them and forked workers share them."""
    load_model()
    byte_tables()
    load_decision()
    load_suspicion_model()
    propose_runs(["Ïðåçèäåíò ïðèáûë â Ìîñêâó. Le cafÃ© est fermÃ©.\n\nMarÃa GarcÃa estÃ¡ aquÃ."])


def _find_places(screened: Screened, located: Located) -> tuple[list[int], list[int]]:
    """Return the indexes of the located tokens that are suspicious, and the first line of each suspicious token."""
    strange = frozenset(screened.tokens)
    indexes: list[int] = []
    first: dict[str, int] = {}
    for i, (token, line) in enumerate(zip(located.tokens, located.lines.tolist(), strict=True)):
        words = strange.intersection(token.split(" ")) if " " in token else (token,) if token in strange else ()
        if words:
            indexes.append(i)
            for word in words:
                first.setdefault(word, line)
    return indexes, [first.get(token, 0) for token in screened.tokens]


def _near_suspects(suspects: Sequence[int], count: int) -> Integers:
    """Return the indexes of the suspicious tokens and of the tokens around them. The others stay as they are."""
    flags = np.zeros(count, np.int32)
    flags[suspects] = 1
    counts = np.convolve(flags, np.ones(2 * _NEAR_TOKENS + 1, np.int32))
    return np.flatnonzero(counts[_NEAR_TOKENS : _NEAR_TOKENS + count]).astype(np.int32)


def _cut_windows(near: Integers) -> tuple[list[Integers], Integers]:
    """Return the windows of the tokens to search, and the tokens that are in none."""
    cuts = range(_WINDOW_TOKENS, len(near), _WINDOW_TOKENS)
    windows = np.split(near, cuts)
    step = -(-len(windows) // _MAX_WINDOWS)
    between = [window for i, window in enumerate(windows) if i % step]
    return windows[::step], np.concatenate(between) if between else near[:0]
