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

from copydesk.langmodel.model import CJK_LANGUAGES, load_model
from copydesk.language import detect, detect_language, find_best_language, known_languages
from copydesk.language.calibration import load_calibration
from copydesk.language.sampling import sample_pieces
from copydesk.language.scores import score_pieces
from copydesk.metadata.languages import may_agree
from tests.helpers.cases import corpus

ENGLISH = "The council said on Tuesday that the new bridge would open in the spring."
FRENCH = "Le conseil municipal a indiqué mardi que le nouveau pont ouvrirait au printemps."
ARTICLES = [article for article in corpus() if article["language"] in known_languages()]
TEXTS = [str(article["text"]) for article in ARTICLES]
CODE = """
def _parse(self, node, *, depth=0):
    for child in node.children:
        if isinstance(child, Tag) and child.name not in SKIPPED:
            yield from self._parse(child, depth=depth + 1)
"""


def detect_all(texts: list[str]) -> list[tuple[str, float]]:
    return [(result.tag, result.confidence) for result in map(detect_language, texts)]


def repeat(text: str, min_chars: int = 3_000) -> str:
    return "\n\n".join([text] * (min_chars // len(text) + 1))


@pytest.mark.parametrize("text", ["", "Taxi!", "12345 67890 !!! ???", "\n\n", "ОК", "你好", "https://example.com/news"])
def test_short_text_is_undetermined(text: str) -> None:
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
        ("Kommunestyret sa tysdag at den nye brua skal opnast til våren, men ikkje for bilar.", "no"),
        ("Byrådet sagde tirsdag, at den nye bro åbner til foråret, men ikke for biler.", "da"),
        ("Gradsko vijeće priopćilo je u utorak da će se novi most otvoriti u proljeće.", "hr"),
        ("Gradsko veće saopštilo je u utorak da će novi most biti otvoren na proleće.", "hr"),
        ("Градско веће саопштило је у уторак да ће нови мост бити отворен на пролеће.", "sr"),
        ("Градскиот совет соопшти во вторникот дека новиот мост ќе се отвори на пролет.", "mk"),
        ("Mestni svet je v torek sporočil, da bodo novi most odprli spomladi.", "sl"),
        ("Sveitarstjórnin sagði á þriðjudag að nýja brúin yrði opnuð í vor og að allir mættu ganga yfir hana.", "is"),
        ("Dúirt an chomhairle Dé Máirt go n-osclófar an droichead nua san earrach, agus fáilte roimh chách.", "ga"),
        ("Udalak esan zuen asteartean zubi berria udaberrian irekiko dela eta denek doan igaroko dutela.", "eu"),
        ("Şəhər şurası çərşənbə axşamı bildirib ki, yeni körpü yazda açılacaq və hamı pulsuz keçə biləcək.", "az"),
        ("Қалалық кеңес сейсенбіде жаңа көпір көктемде ашылатынын және одан бәрі тегін өте алатынын мәлімдеді.", "kk"),
        ("Քաղաքային խորհուրդը երեքշաբթի օրը հայտնեց, որ նոր կամուրջը կբացվի գարնանը։", "hy"),
        ("ქალაქის საბჭომ სამშაბათს განაცხადა, რომ ახალი ხიდი გაზაფხულზე გაიხსნება.", "ka"),
    ],
)
def test_sentence_has_bcp_47_tag(text: str, tag: str) -> None:
    assert detect_language(text).tag == tag


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: str(article["language"]))
def test_article_of_corpus_has_a_high_confidence(article: Any) -> None:
    result = detect_language(article["text"])
    assert may_agree(result.tag, article["language"])
    assert result.confidence > 0.85


def test_known_languages_are_those_of_the_model() -> None:
    of_model = {language for script in load_model().scripts for language in script.languages} | {*CJK_LANGUAGES}
    assert known_languages() == of_model - {"nb", "nn", "ms"} | {"no"}


def test_calibration_covers_the_model() -> None:
    """A new model needs a new calibration. Only languages without relatives in their script need no usual cost."""
    shared = {language for script in load_model().scripts if len(script.languages) > 1 for language in script.languages}
    assert shared | {*CJK_LANGUAGES} <= load_calibration().usual_bits.keys()


@pytest.mark.parametrize("text", [ENGLISH, FRENCH, *TEXTS], ids=lambda text: text[:20])
def test_capitals_do_not_change_the_language(text: str) -> None:
    assert detect_language(text.upper()).tag == detect_language(text).tag


@pytest.mark.parametrize(
    "text",
    [
        "Qasabada seshanba kuni yangi ko‘prik bahorda ochilishi va undan hamma bepul o‘tishi mumkinligi aytildi.",
        "Il-kunsill qal nhar it-Tlieta li l-pont il-ġdid se jinfetaħ fir-rebbiegħa u kulħadd ikun jista’ jgħaddi.",
        "Encümena bajêr roja sêşemê got ku pira nû dê di biharê de vebe û her kes dikare belaş jê derbas bibe.",
        "Шаардык кеңеш шейшембиде жаңы көпүрө жазында ачыларын жана андан баары бекер өтө аларын билдирди.",
        "የከተማው ምክር ቤት ማክሰኞ እንዳስታወቀው አዲሱ ድልድይ በፀደይ ወቅት ይከፈታል።",
        "ក្រុមប្រឹក្សាក្រុងបាននិយាយកាលពីថ្ងៃអង្គារថាស្ពានថ្មីនឹងបើកនៅនិទាឃរដូវ។",
    ],
    ids=["uz", "mt", "ku", "ky", "am", "km"],
)
def test_unknown_language_is_undetermined(text: str) -> None:
    assert detect_language(text).tag == "und"


@pytest.mark.parametrize(
    "text",
    [
        "wkjhq zzrtp lmnvb qqqfg xcvbn hjklp wrtzp sdfgh mnbvc plokj",
        "Zhang, Papadopoulos, O’Brien, Nguyen, Kowalczyk, Fernández, Al-Masri, Yılmaz, Ivanov, Okafor",
        "24 118 2.5 km 13:45 EUR 99 kg 07/2024 x12 A4 B7 C9",
        "aaaaaaaaaaaa bbbbbbbbbbbb cccccccccccc",
    ],
    ids=["random letters", "names", "numbers", "repeated letters"],
)
def test_text_without_sentences_is_undetermined(text: str) -> None:
    assert detect_language(text).tag == "und"


def test_program_code_is_not_certain() -> None:
    assert detect_language(CODE).confidence < 0.95


def test_text_in_two_languages_has_less_confidence() -> None:
    one, two = repeat(ENGLISH, 1_000), repeat(FRENCH, 1_000)
    assert detect_language(one).confidence > 0.99
    assert detect_language(two).confidence > 0.99
    result = detect_language(f"{one}\n{two}")
    assert (result.tag == "und") == (result.confidence == 0.0)
    assert result.confidence < 0.7


def test_text_in_two_scripts_has_less_confidence() -> None:
    russian = "Городской совет сообщил во вторник, что новый мост откроется весной."
    result = detect_language(f"{repeat(russian, 2_000)}\n{repeat(ENGLISH, 1_000)}")
    assert result.tag == "ru"
    assert 0.5 < result.confidence < 0.9


def test_notice_at_the_edge_does_not_decide() -> None:
    notice = "Dieser Beitrag ist nur in englischer Sprache verfügbar. Wir bitten um Ihr Verständnis."
    assert detect_language(f"{notice}\n\n{repeat(ENGLISH)}").tag == "en"
    assert detect_language(f"{repeat(ENGLISH)}\n\n{notice}").tag == "en"


@pytest.mark.parametrize("title", ["Storm i Norge", "Ny bro over fjorden", "Ministeren går av", "Kina i Afrika"])
def test_title_in_close_languages_is_not_certain(title: str) -> None:
    """Such a title may be Danish or Norwegian."""
    assert find_best_language(title).confidence < 0.9


def test_confidence_grows_with_the_length() -> None:
    words = ENGLISH.split()
    confidences = [find_best_language(" ".join(words[:count])).confidence for count in (2, 5, len(words))]
    assert confidences == sorted(confidences)


@pytest.mark.parametrize("bits", [2.0, 4.0])
def test_prior_of_rare_languages_is_not_sensitive(bits: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """One bit more or less does not change the language of a sentence."""
    sentences = [sentence for text in TEXTS for sentence in text.splitlines() if len(sentence) > 60]
    expected = [find_best_language(sentence).tag for sentence in sentences]
    monkeypatch.setattr(detect, "RARE_LANGUAGE_BITS", bits)
    detect.group_languages.cache_clear()
    changed = [find_best_language(sentence).tag for sentence in sentences]
    detect.group_languages.cache_clear()
    assert sum(map(str.__ne__, expected, changed)) <= len(sentences) // 100


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
def test_addresses_and_numbers_have_no_language(noise: str) -> None:
    text = "La séance a été levée après le vote du budget de la ville. "
    assert detect_language(noise * 3 + text + noise * 3).tag == "fr"
    assert detect_language(noise).tag == "und"


def test_result_is_the_same_in_all_threads() -> None:
    alone = detect_all(TEXTS)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detect_all, [TEXTS] * 16)) == [alone] * 16


def test_result_is_the_same_in_all_processes() -> None:
    program = f"from copydesk.language import detect_language as d; print([d(text).confidence for text in {TEXTS!r}])"
    # This process has random hashes.
    environment = os.environ | {"PYTHONHASHSEED": "1"}
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=environment).stdout
    assert json.loads(output) == [confidence for _, confidence in detect_all(TEXTS)]


def best_of_whole(text: str) -> str:
    """Return the language with the lowest cost in the whole text, without sampling."""
    scores = score_pieces([text])
    groups = detect.group_languages(scores.languages)
    column = int((scores.bits[0] + groups.prior_bits).argmin())
    return groups.tags[int(groups.tag_indexes[column])]


def mixtures() -> Iterator[Any]:
    for article in ARTICLES:
        yield pytest.param(str(article["text"]), id=str(article["language"]))
    for one, other in list(combinations(ARTICLES, 2))[::23]:
        text = repeat(str(one["text"])) + "\n\n" + str(other["text"])
        yield pytest.param(text, id=f"{one['language']} with {other['language']}")


@pytest.mark.parametrize("text", list(mixtures()))
def test_sample_has_the_language_of_the_whole(text: str) -> None:
    whole = best_of_whole(text)
    assert find_best_language(text).tag == whole
    assert find_best_language(repeat(text, 20_000)).tag == whole


@given(st.text(min_size=1), st.integers(1, 300))
@example("İ", 200)
@example("\u0301", 50)
@example("𠀀", 50)
@example("ﬁ", 50)
@example("\U0001d400", 50)
@example("\ud800", 50)
def test_any_text_has_a_result(text: str, times: int) -> None:
    result = detect_language(text * times)
    assert result.tag in known_languages() | {"und"}
    assert (result.tag == "und") == (result.confidence == 0.0)
    assert 0 <= result.confidence <= 1


@pytest.mark.parametrize("piece", ["a", "1", "@", "a@", "一", "\u0301", "https://", "а́"])
def test_text_without_word_boundaries_is_sampled(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert sum(map(len, sample_pieces(text))) < 4_000
    assert detect_language(text).confidence <= 1
