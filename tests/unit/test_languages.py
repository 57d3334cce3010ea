from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.metadata.languages import may_agree, normalize
from tests.helpers.cases import cases

WELL_FORMED = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))?")
PIECES = (
    "en EN de zh sr pt no in is Hans latn cyrl US us BR 419 CN UK 1996 valencia utf8 posix x u - _ . @ , ; / ( ) | * "
    "q=0.5 english English Deutsch русский 中文 简体 chinese simplified Brazil language junk nan und é İ \ud800 \x00"
).split(" ")


@pytest.mark.parametrize("case", cases("languages"))
def test_what_somebody_wrote_as_a_language_becomes_a_tag(case: dict[str, Any]) -> None:
    assert normalize(case["declared"]) == case["expect"]


@pytest.mark.parametrize("case", cases("languages"))
def test_a_tag_is_a_tag_already(case: dict[str, Any]) -> None:
    assert case["expect"] is None or normalize(case["expect"]) == case["expect"]


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_the_answer_is_a_tag_or_nothing_and_stays_the_same(declared: str) -> None:
    tag = normalize(declared)
    if tag is not None:
        assert WELL_FORMED.fullmatch(tag)
        assert normalize(tag) == tag


@given(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=2))
def test_every_code_leads_to_a_tag_that_stays(first: str, more: str) -> None:
    tag = normalize(first + more)
    assert tag is None or normalize(tag) == tag


@pytest.mark.parametrize(
    "hostile",
    ["a" * 1_000_000, "en-" * 100_000, "(" * 200, "a (" * 66, "," * 200, "a," * 100, "\u0301" * 100_000, "a b " * 50],
)
def test_hostile_claims_name_no_language(hostile: str) -> None:
    assert normalize(hostile) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("en", "en"), ("en-US", "en-GB"), ("pt-BR", "pt"), ("iw", "he"), ("no", "nb"), ("nn-NO", "no"), ("id", "ms"),
        ("hr", "bs"), ("hr", "sr"), ("sr-Latn", "hr"), ("sh", "hr"), ("sr-ME", "bs"), ("tl", "fil"), ("arz", "ar"),
        ("yue-HK", "zh-Hant"), ("fa-AF", "fa"), ("zh-CN", "zh-Hans"), ("zh", "zh-Hant"), ("zh-TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-HK"), ("zh-SG", "zh-Hans"), ("sr", "sr-Cyrl"), ("und", "en"), ("", "en"), ("junk", "de"),
        ("gsw", "de"), ("mo", "ro"),
    ],
)  # fmt: skip
def test_tags_agree_that_may_name_the_language_of_one_text(one: str, other: str) -> None:
    assert may_agree(one, other)
    assert may_agree(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("en", "de"), ("zh-CN", "zh-Hant"), ("zh-TW", "zh-Hans"), ("sr-Latn", "sr-Cyrl"), ("hr", "sr-Cyrl"),
        ("cs", "sk"), ("uk", "ru"), ("da", "no"), ("se", "sv"), ("kr", "ko"), ("zh", "ja"), ("pt", "es"),
        ("az-Cyrl", "az-Latn"), ("mk", "bg"), ("hi", "ur"),
    ],
)  # fmt: skip
def test_tags_disagree_that_can_not(one: str, other: str) -> None:
    assert not may_agree(one, other)
    assert not may_agree(other, one)


@given(st.text(max_size=20), st.text(max_size=20))
def test_agreement_is_mutual_and_never_fails(one: str, other: str) -> None:
    assert may_agree(one, one)
    assert may_agree(one, other) == may_agree(other, one)
