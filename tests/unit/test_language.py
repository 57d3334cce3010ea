from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copydesk.language import clear_caches, detect_language, find_best_language, known_languages, ngrams
from copydesk.language.ngrams import WordScores, split_words
from copydesk.language.sampling import sample_pieces
from copydesk.language.scores import decode_scores
from tests.helpers.cases import corpus

ENGLISH = "The council said on Tuesday that the new bridge would open in the spring."
FRENCH = "Le conseil municipal a indiqué mardi que le nouveau pont ouvrirait au printemps."
ARTICLES = [article for article in corpus() if article["language"] in known_languages()]
WORDS = WordScores()
TEXTS = [str(article["text"]) for article in ARTICLES]


def named(texts: list[str]) -> list[tuple[str, float]]:
    return [(result.tag, result.confidence) for result in map(detect_language, texts)]


def long(text: str, least: int = 3_000) -> str:
    return "\n\n".join([text] * (least // len(text) + 1))


@pytest.mark.parametrize("text", ["", "Taxi!", "12345 67890 !!! ???", "\n\n", "ОК", "你好", "https://example.com/news"])
def test_too_little_text_is_undetermined_with_no_confidence(text: str) -> None:
    result = detect_language(text)
    assert (result.tag, result.confidence) == ("und", 0.0)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        (ENGLISH, "en"),
        ("Der Stadtrat teilte am Dienstag mit, dass die neue Brücke im Frühjahr eröffnet wird.", "de"),
        ("市议会周二表示，新桥将于春季开放，市民可以免费通行。", "zh-Hans"),
        ("市議會週二表示，新橋將於春季開放，市民可以免費通行。", "zh-Hant"),
        ("県議会は火曜日、新しい橋を春に開通させると発表した。", "ja"),
        ("東京都知事選挙、現職が当選確実", "ja"),
        ("시의회는 화요일 새 다리가 봄에 개통된다고 밝혔다.", "ko"),
        ("Kommunestyret sa tirsdag at den nye brua skal åpnes til våren, men ikke for biler.", "no"),
        ("Byrådet sagde tirsdag, at den nye bro åbner til foråret, men ikke for biler.", "da"),
        ("Gradsko vijeće priopćilo je u utorak da će se novi most otvoriti u proljeće.", "hr"),
        ("Mestni svet je v torek sporočil, da bodo novi most odprli spomladi.", "sl"),
    ],
)
def test_languages_are_named_by_their_bcp_47_tags(text: str, tag: str) -> None:
    assert detect_language(text).tag == tag


def test_55_languages_can_be_named() -> None:
    assert len(known_languages()) == 55
    assert {"en", "no", "zh-Hans", "zh-Hant"} <= known_languages()


@pytest.mark.parametrize("text", [ENGLISH, FRENCH, *TEXTS], ids=lambda text: text[:20])
def test_capitals_change_nothing(text: str) -> None:
    assert detect_language(text.upper()).tag == detect_language(text).tag


@pytest.mark.parametrize(
    "text",
    [
        "Sveitarstjórnin sagði á þriðjudag að nýja brúin yrði opnuð í vor og að allir mættu ganga yfir hana.",
        "Dúirt an chomhairle Dé Máirt go n-osclófar an droichead nua san earrach agus go mbeidh fáilte roimh chách.",
        "Udalak esan zuen asteartean zubi berria udaberrian irekiko dela eta denek doan igaro ahal izango dutela.",
        "Şəhər şurası çərşənbə axşamı bildirib ki, yeni körpü yazda açılacaq və hamı oradan pulsuz keçə biləcək.",
        "Қалалық кеңес сейсенбіде жаңа көпір көктемде ашылатынын және одан бәрі тегін өте алатынын мәлімдеді.",
        "Քաղաքային խորհուրդը երեքշաբթի օրը հայտնեց, որ նոր կամուրջը կբացվի գարնանը։",
        "ქალაქის საბჭომ სამშაბათს განაცხადა, რომ ახალი ხიდი გაზაფხულზე გაიხსნება.",
        "የከተማው ምክር ቤት ማክሰኞ እንዳስታወቀው አዲሱ ድልድይ በፀደይ ወቅት ይከፈታል።",
    ],
    ids=["is", "ga", "eu", "az", "kk", "hy", "ka", "am"],
)
def test_languages_that_have_no_profile_are_undetermined(text: str) -> None:
    assert detect_language(text).tag == "und"


def test_a_text_in_two_languages_is_named_with_less_confidence() -> None:
    one, two = long(ENGLISH, 1_000), long(FRENCH, 1_000)
    assert detect_language(one).confidence > 0.99
    assert detect_language(two).confidence > 0.99
    result = detect_language(f"{one}\n{two}")
    assert (result.tag == "und") == (result.confidence == 0.0)
    assert result.confidence < 0.7


def test_the_beginning_alone_decides_nothing() -> None:
    notice = "Dieser Beitrag ist nur in englischer Sprache verfügbar. Wir bitten um Ihr Verständnis."
    assert detect_language(f"{notice}\n\n{long(ENGLISH)}").tag == "en"
    assert detect_language(f"{long(ENGLISH)}\n\n{notice}").tag == "en"


@pytest.mark.parametrize(
    "noise",
    [
        "https://www.example.com/the/news/of/the/day?utm_source=newsletter&utm_medium=email ",
        "anna.with.the.red.hat@news.example.org ",
        "2024-03-05 14:05 12.345,67 +49 30 1234567 ",
        "@newsoftheworld #breakingnews ",
    ],
    ids=["address", "e-mail", "numbers", "handles"],
)
def test_addresses_and_numbers_are_in_no_language(noise: str) -> None:
    text = "La séance a été levée après le vote du budget de la ville. "
    assert detect_language(noise * 3 + text + noise * 3).tag == "fr"
    assert detect_language(noise).tag == "und"


def test_the_answer_is_the_same_every_time_and_in_every_thread() -> None:
    alone = named(TEXTS)
    clear_caches()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(named, [TEXTS] * 16)) == [alone] * 16


def test_the_answer_is_the_same_in_every_process() -> None:
    program = f"from copydesk.language import detect_language as d; print([d(text).confidence for text in {TEXTS!r}])"
    # This process has random hashes.
    environment = os.environ | {"PYTHONHASHSEED": "1"}
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=environment).stdout
    assert json.loads(output) == [confidence for _, confidence in named(TEXTS)]


def thorough(text: str) -> str | None:
    """Detect the language of a text without cached words."""
    return decode_scores(sum(map(WORDS.compute, split_words(text)))).tag


def mixtures() -> Iterator[Any]:
    for article in ARTICLES:
        yield pytest.param(str(article["text"]), id=str(article["language"]))
    for one, other in list(combinations(ARTICLES, 2))[::23]:
        text = long(str(one["text"])) + "\n\n" + str(other["text"])
        yield pytest.param(text, id=f"{one['language']} with {other['language']}")


@pytest.mark.parametrize("text", list(mixtures()))
def test_a_sample_is_read_as_the_whole_text_would_be(text: str) -> None:
    clear_caches()
    whole = thorough(text)
    assert find_best_language(text)[0].tag == whole
    assert find_best_language(text)[0].tag == whole
    assert find_best_language(long(text, 20_000))[0].tag == whole


@given(st.text())
def test_a_remembered_word_says_what_it_said_at_first(text: str) -> None:
    assert [WORDS[word] for word in split_words(text)] == [WORDS.compute(word) for word in split_words(text)]


@given(st.text(min_size=1), st.integers(1, 300))
@example("İ", 200)
@example("\u0301", 50)
@example("𠀀", 50)
@example("ﬁ", 50)
@example("\U0001d400", 50)
def test_any_text_gets_an_answer(text: str, times: int) -> None:
    result = detect_language(text * times)
    assert result.tag in known_languages() | {"und"}
    assert (result.tag == "und") == (result.confidence == 0.0)
    assert 0 <= result.confidence <= 1


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 10_000 < ngrams._MAX_CACHED_WORDS < 50_000  # noqa: SLF001
    monkeypatch.setattr(ngrams, "_MAX_CACHED_WORDS", 1_000)
    words = WordScores()
    sizes = []
    for number in range(3_000):
        words[format(number, "x").translate(str.maketrans("0123456789", "ghijklmnop"))]
        sizes.append(len(words))
    assert max(sizes) == 1_000


@pytest.mark.parametrize("piece", ["a", "1", "@", "a@", "一", "\u0301", "https://", "а́"])
def test_text_without_word_boundaries_is_sampled(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert sum(map(len, sample_pieces(text))) < 4_000
    assert detect_language(text).confidence <= 1
