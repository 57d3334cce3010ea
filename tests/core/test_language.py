from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from svc.core.language import detect

ENGLISH = "The council said on Tuesday that the new bridge would open in the spring."


@pytest.mark.parametrize("text", ["", "Taxi!", "12345 67890 !!! ???", "\n\n", "ОК", "你好"])
def test_too_little_text_is_undetermined_with_no_confidence(text: str) -> None:
    found = detect(text)
    assert (found.tag, found.confidence) == ("und", 0.0)


def test_the_answer_is_the_same_every_time_and_in_every_thread() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(detect, [ENGLISH] * 64))) == 1


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        (ENGLISH, "en"),
        ("Der Stadtrat teilte am Dienstag mit, dass die neue Brücke im Frühjahr eröffnet wird.", "de"),
        ("市议会周二表示，新桥将于春季开放，市民可以免费通行。", "zh-Hans"),
        ("市議會週二表示，新橋將於春季開放，市民可以免費通行。", "zh-Hant"),
    ],
)
def test_languages_are_named_by_their_bcp_47_tags(text: str, tag: str) -> None:
    assert detect(text).tag == tag
