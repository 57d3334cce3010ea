from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import copydesk
from copydesk.langmodel import model as langmodel
from copydesk.langmodel.model import CJK, LATIN, UNITS_PER_BIT, code_points, load_model, token_starts
from copydesk.langmodel.word_hashes import MAX_WORD_LETTERS, hash_words
from tests.helpers.cases import corpus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copydesk.langmodel.model import TokenCosts

DATA = Path(langmodel.__file__).parent / "data"
MODEL = load_model()
# Letters of several scripts, of Chinese, Japanese and Korean, signs, digits, capitals and an emoji.
ALPHABET = "aeszBÉéßŁłőœşıİ’“-.,0²©жЖёΩςאעعئहकกあア漢한\xa0\x93\ufffd😀"
tokens = st.text(ALPHABET, min_size=1, max_size=8)
token_lists = st.lists(tokens, min_size=1, max_size=8)


def cost(texts: Sequence[str], columns: Mapping[int, Sequence[int]] | None = None) -> TokenCosts:
    """Return the costs of tokens in one batch."""
    codes = code_points("\n".join(texts))
    return MODEL.token_costs(codes, token_starts(codes), columns)


def row(costs: TokenCosts, i: int) -> tuple[int, int, dict[int, list[int]]]:
    """Return the costs of a token; without the scripts that it has no letters of."""
    scripts = [script for script, letters in costs.letters.items() if letters[i]]
    by_script = {script: costs.by_script[script][i].tolist() for script in scripts}
    return int(costs.fixed[i]), int(costs.ordinary[i]), by_script


def letter_bits(word: str, language: str) -> float:
    """Return the cost of the letters of a Latin word in a language."""
    costs = cost([word])
    return float(costs.by_script[LATIN][0][MODEL.latin.languages.index(language)]) / UNITS_PER_BIT


@given(token_lists)
def test_costs_of_a_token_are_equal_alone_and_in_a_batch(texts: list[str]) -> None:
    batch = cost(texts)
    assert [row(batch, i) for i in range(len(texts))] == [row(cost([text]), 0) for text in texts]


@given(token_lists)
def test_a_token_without_letters_of_a_script_costs_nothing(texts: list[str]) -> None:
    batch = cost(texts)
    for script, letters in batch.letters.items():
        assert not batch.by_script[script][letters == 0].any()


@given(token_lists, st.data())
def test_costs_of_some_languages_are_those_of_all(texts: list[str], data: st.DataObject) -> None:
    every = cost(texts)
    columns = {
        script: tuple(data.draw(st.lists(st.sampled_from(indexes), min_size=1, max_size=5, unique=True)))
        for script, indexes in every.columns.items()
    }
    some = cost(texts, columns)
    assert some.columns == columns
    assert some.fixed.tolist() == every.fixed.tolist()
    for script, chosen in columns.items():
        assert some.by_script[script].tolist() == every.by_script[script][:, list(chosen)].tolist()


@pytest.mark.parametrize("token", ["été", "łódź", "жизнь", "漢字", "한국", "été.", "é"])
def test_the_last_token_costs_as_much_as_the_first(token: str) -> None:
    """The edge of the last word counts, although no newline follows."""
    batch = cost([token, "Ω", token])
    assert row(batch, 0) == row(batch, 2) == row(cost([token]), 0)


def test_plain_costs_are_those_of_the_words() -> None:
    words = ["the", "river", "rose"]
    assert (
        MODEL.plain_costs(code_points(" ".join(words) + " ")).tolist() == cost(words).by_script[LATIN].sum(0).tolist()
    )


def test_a_word_is_cheapest_in_its_language() -> None:
    for word, language in (("straße", "de"), ("życie", "pl"), ("götürülmüş", "tr"), ("größe", "de"), ("được", "vi")):
        others = [other for other in ("en", "de", "pl", "tr", "vi", "fr") if other != language]
        assert letter_bits(word, language) < min(letter_bits(word, other) for other in others)


def test_misread_letters_cost_more_than_the_right_ones() -> None:
    assert letter_bits("elõadás", "hu") > letter_bits("előadás", "hu") + 5
    assert cost(["cafÃ©"]).fixed[0] > cost(["café"]).fixed[0]


@pytest.mark.parametrize(
    ("word", "language"),
    [("été", "fr"), ("straße", "de"), ("życie", "pl"), ("güneş", "tr"), ("жизнь", "ru"), ("χώρα", "el")],
)
def test_words_are_known_in_any_case(word: str, language: str) -> None:
    forms = (word, word.lower(), word.capitalize(), *([] if "ß" in word else [word.upper()]))
    for form in forms:
        starts, hashes, lengths = MODEL.hash_words(code_points(f"a {form}!"))
        assert (starts.tolist(), lengths.tolist()) == ([2], [len(word)]), form
        assert MODEL.are_known(hashes, language).all(), form
        assert MODEL.are_known(hashes).all(), form


def test_unlisted_words_are_unknown() -> None:
    words = ["étéx", "elõadás", "ïðèâåò", "żżżż"]
    _, hashes, _ = MODEL.hash_words(code_points(" ".join(words)))
    assert len(hashes) == len(words)
    assert not MODEL.are_known(hashes).any()
    assert not MODEL.are_known(hash_words(["été"]), "xx").any()


@given(st.lists(st.text("aéßжωд漢", min_size=1, max_size=2 * MAX_WORD_LETTERS), min_size=1, max_size=5))
def test_the_hash_of_a_word_does_not_depend_on_its_neighbours(words: list[str]) -> None:
    together = hash_words(words)
    assert together.tolist() == [int(hash_words([word])[0]) for word in words]
    foreign = [word for word in words if not word.isascii()]
    _, hashes, _ = MODEL.hash_words(code_points(" ".join(words)))
    assert hashes.tolist() == hash_words(foreign).tolist()


def test_hashes_depend_on_the_order_of_letters() -> None:
    words = ["éa", "aé", "é", "éé", "aéa"]
    assert len(set(hash_words(words).tolist())) == len(words)


def test_the_model_has_its_languages_and_scripts() -> None:
    languages = {language for script in MODEL.scripts for language in script.languages} | set(MODEL.languages(CJK))
    assert len(languages) >= 60
    assert {article["language"] for article in corpus()} <= languages | {"zh-Hans", "zh-Hant"}
    assert languages <= MODEL.usual.keys()


def test_the_manifest_describes_the_model() -> None:
    manifest = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["sha256"] == hashlib.sha256((DATA / "model.npz").read_bytes()).hexdigest()
    assert all(package["version"] and package["licence"] for package in manifest["packages"].values())
    for language, entry in manifest["languages"].items():
        # Two words may have the same hash.
        assert 0 <= entry.get("words", 0) - len(MODEL.word_lists.get(language, ())) <= 2, language


def test_the_model_is_loaded_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        models = list(pool.map(lambda _: load_model(), range(8)))
    assert all(model is MODEL for model in models)


def test_arrays_are_not_changed_by_scoring() -> None:
    before = hashlib.sha256(MODEL.latin.costs.tobytes() + MODEL.latin.backoff.tobytes()).digest()
    cost(["été", "qzxqzé", "łódź"])
    assert hashlib.sha256(MODEL.latin.costs.tobytes() + MODEL.latin.backoff.tobytes()).digest() == before


# Texts in languages without a list of words with letters beyond ASCII.
UNLISTED = {
    "eu": "Atzo eguraldi ona egin zuen, eta ikuspegi ederra izan genuen Iruñean eta Oñatin.",
    "la": "Cæsar Galliam vīcit; Rōmānī multās terrās habēbant, et pœna magna fuit.",
    "yo": "Gbogbo ènìyàn ni a bí ní òmìnira; iyì àti ẹ̀tọ́ kọ̀ọ̀kan sì dọ́gba.",
    "gu": "પ્રતિષ્ઠા અને અધિકારોની દૃષ્ટિએ સર્વ માનવો જન્મથી સ્વતંત્ર અને સમાન હોય છે.",
    "sw": "Watu wote wamezaliwa huru, walikutana kwenye mkahawa wa São Paulo na Malmö.",
    "mt": "Il-bnedmin kollha jitwieldu ħielsa u ugwali fid-dinjità u d-drittijiet; għandhom raġuni.",
    "fo": "Øll menniskju eru fødd fræls og jøvn til virðingar og mannarættindi.",
    "haw": "Hānau kūʻokoʻa ʻia nā kānaka apau loa, a ua kau like ka hanohano.",
    "tk": "Hemme adamlar öz mertebesi we hukuklary boýunça deň ýagdaýda dünýä inýärler.",
    "am": "የሰው ልጅ ሁሉ ሲወለድ ነጻና በክብርና በመብትም እኩልነት ያለው ነው።",
    "km": "មនុស្សទាំងអស់ កើតមកមានសេរីភាព និងសមភាព ក្នុងផ្នែកសេចក្ដីថ្លៃថ្នូរនិងសិទ្ធិ។",
    "si": "සියලු මනුෂ්‍යයෝ නිදහස්ව උපත ලබා ඇත.",
    "tg": "Тамоми одамон озод ба дунё меоянд ва аз лиҳози манзилату ҳуқуқ бо ҳам баробаранд.",
    "ba": "Бөтә кешеләр ҙә азат һәм үҙ абруйы һәм хоҡуҡтары йәһәтенән тиң булып тыуа.",
    "ps": "د بشر ټول افراد آزاد نړۍ ته راځي او د حيثيت او حقوقو له پلوه سره برابر دي.",
}


@pytest.mark.parametrize("mode", ["safe", "standard"])
@pytest.mark.parametrize("language", UNLISTED)
def test_text_in_a_language_without_known_words_stays(language: str, mode: str) -> None:
    text = UNLISTED[language]
    repaired = copydesk.repair(text, mode=mode)  # type: ignore[arg-type]
    assert (repaired.text, repaired.changes) == (text, ())


def test_the_corpus_stays_without_any_known_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text of a language without a word list has only its letters to speak for it."""
    empty = np.empty(0, np.uint32)
    monkeypatch.setattr(MODEL, "words", empty)
    monkeypatch.setattr(MODEL, "word_lists", {})
    texts = [article["text"] for article in corpus()]
    assert [text for text in texts if copydesk.repair(text, mode="standard").text != text] == []
