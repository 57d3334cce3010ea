from __future__ import annotations

import re
import unicodedata
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.fingerprint import distance, fingerprint
from tests.helpers.cases import cases, corpus

if TYPE_CHECKING:
    from collections.abc import Iterator

NEAR = 6
TEXTS = [article["text"] for article in corpus()]
STORY = """The harbour town of Wexcombe voted on Tuesday to build a second bridge, the first in more than forty years.
“It’s a choice our children will thank us for,” said the mayor, Zoë Hartley, after a debate that lasted until midnight.
Opponents say that the new bridge won’t carry more than 15% of the traffic, and that the money belongs to the schools.
Work is to begin in May. The old bridge, built of iron in 1887, will stay open to walkers and to the tram – for now…
The crews’ union called the vote a blow to its 120 members, many of whom have worked on the ferries for all their lives.
A ferry costs the town some £900,000 a year; the bridge, according to the council’s engineers, not half as much.
Residents of the western bank wait for hours in winter, when ice closes the crossing and the last boat leaves at six.
Three firms have offered to build it, among them the one that repaired the lighthouse after the great storm of 2013.
The council will choose between them in March, and the government is expected to pay for a third of the whole."""


@pytest.mark.parametrize("case", cases("fingerprint"))
def test_the_fingerprint_of_a_text_never_changes(case: dict[str, Any]) -> None:
    assert fingerprint(case["text"]) == case["expect"]


@pytest.mark.parametrize(
    "copy",
    [
        "WEXCOMBE, March 5 (Reuters) — " + STORY,
        "(Wexcombe, 5 mars 2024) " + STORY,
        STORY.rpartition("\n")[0],
        STORY.rpartition("\n")[0].rpartition("\n")[0],
        STORY.partition(" of Wexcombe ")[2],
        "\n".join(["WEXCOMBE - ", *STORY.split("\n")[:-1]]),
        STORY.translate(str.maketrans("“”’–", '""\'-', "…")),
        unicodedata.normalize("NFD", STORY),
        STORY.upper(),
        STORY.replace("\n", "\n\n"),
        STORY.replace("\n", " "),
        STORY.replace("’", "â€™"),
        STORY.replace("ferries", "fer\ufffdies").replace("lighthouse", ""),
        STORY + "\nCopyright 2024 The Wexcombe Courier. All rights reserved.",
    ],
)
def test_copies_of_a_story_are_near(copy: str) -> None:
    assert distance(fingerprint(STORY), fingerprint(copy)) <= NEAR


@pytest.mark.parametrize("text", TEXTS)
def test_a_dateline_moves_even_a_short_text_by_little(text: str) -> None:
    assert distance(fingerprint(text), fingerprint("WEXCOMBE, March 5 (AP) — " + text)) <= NEAR


def test_unrelated_stories_are_far() -> None:
    prints = [fingerprint(text) for text in (*TEXTS, STORY)]
    assert min(distance(one, other) for one, other in combinations(prints, 2)) > NEAR


def test_a_text_without_words_has_none() -> None:
    assert {fingerprint(text) for text in ("", " \n", "… — !?", "\ud800", "\u0301\u0301", "👩‍🚒")} == {"0" * 16}
    assert fingerprint("0") != "0" * 16


@given(st.text(max_size=300))
def test_it_is_sixteen_hexadecimal_digits_of_any_text(text: str) -> None:
    assert re.fullmatch("[0-9a-f]{16}", fingerprint(text))


@given(st.lists(st.sampled_from("the of mayor bridge Brücke мост 橋 は ไทย 12 — ’ e\u0301".split(" ")), max_size=700))
def test_the_manual_says_how_it_is_made(words: list[str]) -> None:
    text = " ".join(words)
    assert fingerprint(text) == by_the_manual(text)


@pytest.mark.parametrize("text", [*TEXTS, STORY, STORY * 4, "Mayor", "你好", "ไ", "x1" * 99, "é" * 99])
def test_the_manual_is_right_of_real_texts(text: str) -> None:
    assert fingerprint(text) == by_the_manual(text)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "a " * 500_000,
        "字" * 1_000_000,
        "a" + "\u0301\u0323" * 50_000,
        "\x00" * 100_000,
        "\ufdfa" * 99_999,
    ],
)
def test_long_texts_take_no_longer(text: str) -> None:
    assert len(fingerprint(text)) == 16


def by_the_manual(text: str) -> str:
    """Follow the five steps of the docstring literally."""
    runs = "".join(number_of(sign) for sign in text[:6000] if unicodedata.category(sign)[0] != "M")
    words: list[str] = []
    for run in re.findall(
        r"[\u0e01-\u0ece\u3041-\u30ff\u4e00-\u9fff]+|[^\W_\u0e01-\u0ece\u3041-\u30ff\u4e00-\u9fff]+", runs
    ):
        spaceless = re.match(r"[\u0e01-\u0ece\u3041-\u30ff\u4e00-\u9fff]", run) and len(run) > 2
        words += [run[at : at + 2] for at in range(len(run) - 1)] if spaceless else [run]
    words = words[:513]
    if not words:
        return "0" * 16
    won: dict[int, tuple[int, int]] = {}
    handicap = 1024
    for number, (left, right) in enumerate(zip(words, words[1:] or words, strict=False)):
        draws = list(islice(split_mix((hash_of(left) * 0xAEF17502108EF2D9 + hash_of(right)) % 2**64), 3))
        for draw in draws if number < 176 else draws[:1]:
            product = draw * (handicap if number < 176 else 3072)
            if draw % 64 not in won or product < won[draw % 64][0]:
                won[draw % 64] = product, draw
        handicap += handicap // 80
    bits = 0
    for bucket in range(64):
        further = next(k for k in range(64) if (bucket + k) % 64 in won)
        shift = 2 * (further % 12)
        draw = won[(bucket + further) % 64][1]
        bits |= (draw >> (6 + shift) & draw >> (7 + shift) & 1) << bucket
    return f"{bits:016x}"


def number_of(sign: str) -> str:
    """Return the folded form of a character."""
    folded = unicodedata.normalize("NFKD", sign).casefold()
    plain = "".join(part for part in folded if unicodedata.category(part)[0] != "M")
    return plain if len(plain) == 1 else sign


def hash_of(word: str) -> int:
    """Return the hash of a word."""
    flag = 2**31 if re.match(r"[\u0e01-\u0ece\u3041-\u30ff\u4e00-\u9fff]", word) else 0
    return sum((ord(sign) + flag) * pow(0xD1B54A32D192ED03, i, 2**64) for i, sign in enumerate(word)) % 2**64


def split_mix(state: int) -> Iterator[int]:
    """Yield the upper 32 bits of the numbers of SplitMix64."""
    mask = (1 << 64) - 1
    while True:
        state = (state + 0x9E3779B97F4A7C15) & mask
        mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 & mask
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & mask
        yield (mixed ^ (mixed >> 31)) >> 32
