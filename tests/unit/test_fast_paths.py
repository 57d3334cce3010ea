"""Each fast path has the same result as the slow path, or none."""

# ruff: noqa: SLF001  the tests compare private functions

from __future__ import annotations

import json
import re
import sys
import unicodedata
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from ftfy import fixes
from hypothesis import example, given
from hypothesis import strategies as st

from copydesk import text_stats
from copydesk.langmodel.model import load_model
from copydesk.metadata.urls import found
from copydesk.normalize import invisible, whitespace
from copydesk.normalize.prefilter import is_printable
from copydesk.repairs import readings, surrogates
from copydesk.repairs.byte_tables import SINGLE_BYTE, WESTERN, byte_tables
from copydesk.repairs.letter_costs import bytes_costs, character_costs, letter_costs
from copydesk.repairs.readings import UTF8, Candidate, Tokens
from copydesk.repairs.tokens import count_plain_letters, locate_tokens
from copydesk.transforms import entities, unicode_form, utf16

CORPUS = [
    article["text"]
    for path in sorted((Path(__file__).parent.parent / "corpus").glob("*.json"))
    for article in json.loads(path.read_text(encoding="utf-8"))
]
ALL = [chr(code) for code in range(sys.maxunicode + 1)]
# Printability is a property of single characters, so a text around a character is printable if the character is. Of the
# ideographs and syllables that follow one another, which have all properties in common, every fiftieth will do.
PRINTABLE = [
    character
    for character in filter(is_printable, ALL)
    if ord(character) % 50 == 0
    or not re.match("[\u3400-\u9fff\uac00-\ud7a3\U00017000-\U00018cff\U00020000-\U000323af]", character)
]
# All classes of whitespace that normalization distinguishes, with letters and combining marks.
SPACES = " \n\t\r\x0b\x0c\x1c\x1f\x85\xa0\u2003\u2028\u202f\u3000"
texts = st.text(st.sampled_from(SPACES + "ab’é.\u0301\ufe0f\ufffc\u200b漢"), max_size=12)
mojibake = st.sampled_from(CORPUS).map(lambda text: text[:80].encode().decode("windows-1252", "replace"))


def test_a_text_is_printable_if_all_its_characters_are() -> None:
    assert is_printable("".join(PRINTABLE))
    unprintable = [character for character in ALL[:0x10000:3] if not is_printable(character)]
    assert not any(is_printable(f"a{character}é") for character in unprintable)


@pytest.mark.parametrize("around", ["{}", "a{}", "{}a", "a{}a", " {}a", "a{} a", "\n{}", "é{}é"])
def test_printable_text_has_no_invisible_characters(around: str) -> None:
    for character in PRINTABLE:
        text = around.replace("{}", character)
        if invisible._is_visible(text):
            assert invisible._ANY_INVISIBLE.search(text) is None, f"U+{ord(character):04X}"


@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize("around", ["a{}a", "a {}a", "a{}\na", "a\n\n{}", "{}", "{}a"])
def test_a_text_called_tidy_is_left_alone_whatever_the_character(around: str, *, lines: bool) -> None:
    for character in PRINTABLE:
        text = around.replace("{}", character)
        if whitespace._is_tidy(text, multiline=lines):
            assert not _suspect(text, lines=lines), f"U+{ord(character):04X}"


@given(texts, st.booleans())
def test_a_text_called_tidy_is_left_alone(text: str, lines: bool) -> None:  # noqa: FBT001
    if is_printable(text) and whitespace._is_tidy(text, multiline=lines):
        assert not _suspect(text, lines=lines)


def _suspect(text: str, *, lines: bool) -> bool:
    """Return whether the slow path changes any run of whitespace."""
    pattern = whitespace._CANDIDATE if lines else whitespace._SINGLE_LINE_CANDIDATE
    return any(
        match.start() == 0
        or match.end() == len(text)
        or whitespace._normalize_run(match[0], multiline=lines) != match[0]
        for match in pattern.finditer(text)
    )


def test_only_surrogates_keep_a_text_from_being_encoded() -> None:
    assert [c for c in ALL if not surrogates._is_encodable(c)] == [c for c in ALL if unicodedata.category(c) == "Cs"]


@given(st.one_of(texts, mojibake, st.text(), st.sampled_from(CORPUS)))
@example("l’été d'hier — well-known 漢字 か5 a\x1fb’\u2028’c")
def test_word_count_is_that_of_the_full_pattern(text: str) -> None:
    ideograph = text_stats._IDEOGRAPHS.pattern.removesuffix("+")
    part = f"(?:(?!{ideograph})\\w)+"
    assert text_stats.count_words(text) == len(re.findall(f"{ideograph}|{part}(?:['’\\-]{part})*", text))


@given(st.from_regex(found._PLAIN_URL, fullmatch=True))
@example("https://a.example/b?c=1&d=")
def test_a_plain_url_has_nothing_to_remove(url: str) -> None:
    assert found._clean_input(url) == url


@given(st.text(st.sampled_from("a\ud83d\ude00\udc00\udbff\U0001f600é")))
def test_surrogates_are_joined_as_ftfy_does(text: str) -> None:
    assert utf16.join_surrogates(text) == fixes.fix_surrogates(text)


@pytest.mark.parametrize(
    "code", [0, 9, 0x7F, 0x80, 0x9F, 0xA0, 0x2019, 0xD7FF, 0xD800, 0xFDD0, 0xFFFF, 0x1F600, 0x110000]
)
def test_numeric_references_are_read_as_in_html(code: int) -> None:
    for reference in (f"#{code};", f"#x{code:x};", f"#X0{code:X}"):
        assert entities._read_number(reference) == unescape(f"&{reference}")


def test_all_marks_are_in_long_runs() -> None:
    """A decomposition that starts with a mark adds to the marks before it."""
    starts = [unicodedata.normalize("NFKD", character)[0] for character in ALL]
    assert unicode_form.combining_marks() == {
        c for c, start in zip(ALL, starts, strict=True) if unicodedata.combining(start)
    }
    assert all(unicode_form._long_run().search(mark * 31) for mark in unicode_form.combining_marks())


@given(st.text(st.sampled_from(" \n\t\r\x0bab.éЖ漢\U0001f600"), max_size=20))
def test_located_tokens_are_the_words_beyond_ascii(text: str) -> None:
    words = [word for word in re.split("[ \t\n\r]", text) if not word.isascii()]
    located = locate_tokens([text])
    assert located.tokens == words
    assert [text[start:end] for start, end in located.spans] == words
    assert located.lines.tolist() == [text.count("\n", 0, start) for start, _ in located.spans]


@given(texts)
def test_plain_letters_are_counted_as_one_by_one(text: str) -> None:
    assert count_plain_letters(text) == sum(character.isascii() and character.isalpha() for character in text)


def test_patterns_have_the_characters_of_the_tables() -> None:
    unwritten = byte_tables().is_unwritten
    for character in ALL[0x80:]:
        assert bool(readings._UNWRITTEN.search(character)) == (ord(character) > 0xFFFF or unwritten[ord(character)])
    assert "".join(readings._NOT_SCORED.findall("".join(ALL))) == "".join(sorted(map(chr, readings._SCORED)))


@given(st.lists(st.text(st.sampled_from("abÂÃ¤€é\x8dЖя漢﷼"), min_size=1, max_size=8), min_size=1, max_size=4))
def test_readings_are_the_same_at_once_and_one_by_one(words: list[str]) -> None:
    pairs = [
        (one, other) for one in (WESTERN, "windows-1251", "macintosh", "ibm866") for other in (*SINGLE_BYTE[:9], UTF8)
    ]
    candidates = [Candidate(one, other, 0) for one, other in pairs if one != other]
    for candidate, several in readings.read_candidates(Tokens.of(words), candidates):
        single = [readings.read_tokens(Tokens.of([word]), candidate)[0] for word in words]
        assert list(several) == single, candidate


@pytest.mark.parametrize("languages", [("en",), ("en", "de", "tr"), None])
def test_letter_costs_are_the_same_in_all_tables(languages: tuple[str, ...] | None) -> None:
    latin = load_model().latin.languages
    near = tuple(map(latin.index, languages)) if languages else None
    by_code, tables = letter_costs(near), byte_tables()
    assert (character_costs(np.arange(0x10000, dtype=np.uint32), near)[0x80:0xFB00] == by_code[0x80:0xFB00]).all()
    is_written = ~tables.is_unwritten[tables.from_byte]
    is_written[:, 0] = False
    assert (bytes_costs(near)[is_written] == by_code[tables.from_byte][is_written]).all()
