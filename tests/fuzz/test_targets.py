"""The fuzz targets pass for seeds and mutations, and detect violated invariants."""

from __future__ import annotations

import itertools
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import article, batch, cleaning, pipeline
from copydesk.article import Change, CleanArticle
from fuzz import crashes, mutate
from fuzz.__main__ import main
from fuzz.checks import InvariantViolation
from fuzz.seeds import TOKENS, seeds
from fuzz.targets import TARGETS

SEEDS = {target: seeds(target) for target in TARGETS}
ENCODED = [token.encode("utf-8", "surrogatepass") for token in TOKENS]


@st.composite
def mutations(draw: st.DrawFn, target: str) -> bytes:
    """Draw a seed with pieces removed or replaced."""
    data = draw(st.sampled_from(SEEDS[target]))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 20)))
        data = data[:start] + draw(st.sampled_from(ENCODED) | st.binary(max_size=6)) + data[end:]
    return data


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_has_enough_seeds(target: str) -> None:
    assert len(SEEDS[target]) > 100


@pytest.mark.parametrize("target", TARGETS)
def test_no_seed_fails_a_target(target: str) -> None:
    assert {fault for seed in SEEDS[target][::3] if (fault := crashes.find_fault(target, seed))} == set()


@pytest.mark.parametrize("target", TARGETS)
def test_no_mutation_fails_a_target(target: str) -> None:
    @settings(max_examples=150, derandomize=True, database=None)
    @given(mutations(target))
    def thrown(data: bytes) -> None:
        TARGETS[target](data)

    thrown()


@given(st.sampled_from(SEEDS["json"]), st.integers(0, 2**32), st.sampled_from(ENCODED))
def test_mutated_document_is_bounded_and_mostly_json(data: bytes, seed: int, piece: bytes) -> None:
    """A mutated document is within the size limit. It is JSON unless its bytes were mutated."""

    def insert(was: bytes, most: int) -> bytes:
        return (was[: len(was) // 2] + piece + was[len(was) // 2 :])[:most]

    mutated = mutate.mutate_document(data, 2_048, seed, insert)
    assert len(mutated) <= 2_048
    if mutated != insert(data, 2_048):
        json.loads(mutated)


@pytest.fixture
def displaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shift the offsets of all changes by one."""
    clean = cleaning.clean_article

    def off(*args: Any, **named: Any) -> CleanArticle:
        cleaned = clean(*args, **named)
        changes = (replace(each, start=each.start + 1) for each in cleaned.changes if isinstance(each, Change))
        return replace(cleaned, changes=tuple(changes))

    monkeypatch.setattr(cleaning, "clean_article", off)
    monkeypatch.setattr(batch, "clean_article", off)


@pytest.mark.usefixtures("displaced")
@pytest.mark.parametrize("target", ["json", "lines"])
def test_wrong_offset_of_a_change_is_detected(target: str) -> None:
    with pytest.raises(InvariantViolation, match="position of a change, mojibake"):
        TARGETS[target]('{"text": "cafÃ© noir"}'.encode())


@pytest.mark.parametrize(
    ("lost", "rule"),
    [
        ("count", "places of a change, whitespace"),
        ("place", "position of a change, invisible"),
        ("change", "no character is lost"),
    ],
)
def test_missing_place_of_a_change_is_detected(monkeypatch: pytest.MonkeyPatch, lost: str, rule: str) -> None:
    clean_text = cleaning.clean_text

    def lose(*args: Any) -> CleanArticle:
        cleaned = clean_text(*args)
        change, *others = (each for each in cleaned.changes if isinstance(each, Change))
        if lost == "change":
            return replace(cleaned, changes=())
        starts, originals = change.starts[:-1], change.original_starts[:-1]
        count = change.count if lost == "count" else len(starts)
        fewer = replace(change, starts=starts, original_starts=originals, count=count)
        return replace(cleaned, changes=(fewer, *others))

    monkeypatch.setattr(cleaning, "clean_text", lose)
    # A quarter of the inputs are cleaned as bare texts.
    documents = (f'{{"text": "a  b  c  d e\\u200bf {i}"}}'.encode() for i in range(20))
    assert {crashes.find_fault("json", document) for document in documents} == {None, rule}


@pytest.mark.parametrize("target", TARGETS)
def test_internal_error_is_reported_with_its_origin(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise KeyError("anything")

    monkeypatch.setattr(pipeline, "clean", fails)
    feed = b"\0\0<rss><channel><item><description>It rains.</description></item></channel></rss>"
    contents = {"bytes": b"\0\0It rains.", "html": b"\0\0<p>It rains.</p>", "feed": feed}
    data = contents.get(target, b'{"text": "It rains."}')
    fault = crashes.find_fault(target, data)
    assert fault is not None
    assert "KeyError in cleaning.py:_clean" in fault


def test_an_answer_that_the_contract_does_not_know_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(article, "__version__", 1)
    with pytest.raises(InvariantViolation, match="valid CleanArticle"):
        TARGETS["json"](b'{"text": "x"}')


def test_what_does_not_settle_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    clean_text = cleaning.clean_text
    grown = itertools.cycle(["", "x"])

    def grows(came: Any, *rest: Any) -> CleanArticle:
        return clean_text(came | {"text": came["text"] + next(grown)}, *rest)

    monkeypatch.setattr(cleaning, "clean_text", grows)
    assert any(crashes.find_fault("json", seed) == "idempotent text" for seed in SEEDS["json"])


def test_a_lost_character_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    clean_text = cleaning.clean_text

    def loses(came: Any, *rest: Any) -> CleanArticle:
        cleaned = clean_text(came, *rest)
        return replace(cleaned, text=cleaned.text.rstrip("."))

    monkeypatch.setattr(cleaning, "clean_text", loses)
    # A quarter of the inputs are cleaned as bare texts.
    documents = (f'{{"text": "cafÃ© {i} closed."}}'.encode() for i in range(20))
    assert {crashes.find_fault("json", document) for document in documents} == {None, "no character is lost"}


def test_what_is_found_is_made_small_and_kept_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fails(data: bytes) -> None:
        if b"{" in data and b"Z" in data:
            raise InvariantViolation("no Z")

    monkeypatch.setitem(TARGETS, "json", fails)
    monkeypatch.setattr(crashes, "CRASHES_DIR", tmp_path)
    small = crashes.minimize("json", b'{"text": "A to Z", "title": "more"}', "no Z")
    assert small == b"{Z"
    assert crashes.save_input("json", small) == crashes.save_input("json", small)
    assert [path.read_bytes() for path in crashes.saved_inputs("json")] == [b"{Z"]


def test_without_atheris_the_command_says_so_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "atheris", None)
    ran = CliRunner().invoke(main, ["json", "--runs", "10"])
    assert ran.exit_code == 1
    assert ran.output == "Error: Fuzzing needs atheris, which has no wheel for this Python and system.\n"
