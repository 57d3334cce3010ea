from __future__ import annotations

from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.api import clean_page, repair
from copydesk.article import Article, Change, Options
from copydesk.changes.plan import replay
from copydesk.pipeline import clean
from copydesk.transforms.entities import unescape_html
from tests.helpers.cases import cases
from tests.helpers.strange import generate_mentions

Mode = Literal["safe", "standard", "aggressive"]


@pytest.mark.parametrize("case", cases("repair"))
def test_damage_is_repaired_and_what_is_right_stays(case: dict[str, Any]) -> None:
    cleaned = clean(Article(text=case["damaged"]), Options(detect_language=False))
    assert cleaned.text == case["expect"]
    if "plan" in case:
        plan = tuple(tuple(step) for step in case["plan"])
        assert {change.plan for change in cleaned.changes if isinstance(change, Change)} == {plan}


def test_repair_off_replaces_only_lone_surrogates() -> None:
    """JSON cannot represent lone surrogates."""
    cleaned = clean(Article(text="Russiaâ€™s &amp; \x93 \ud83d"), Options(repair="off", detect_language=False))
    assert cleaned.text == "Russiaâ€™s &amp; \x93 \ufffd"


@pytest.mark.parametrize("text", ["russiaã¢â‚¬â„¢s envoy", "itã¢â‚¬â„¢s late"])
def test_safe_repair_keeps_the_text_and_warns(text: str) -> None:
    cleaned = clean(Article(text=text), Options(repair="safe"))
    assert cleaned.text == text
    assert [warning.code for warning in cleaned.warnings] == ["repair-suspected"]


def test_safe_repairs_what_is_exact_and_sure() -> None:
    options = Options(repair="safe")
    assert clean(Article(text="clean é, broken â€œquotesâ€\x9d"), options).text == "clean é, broken “quotes”"
    assert clean(Article(text="elõadás a magyar nyelv"), options).text == "előadás a magyar nyelv"


def test_standard_repairs_more_titles_than_safe() -> None:
    """A title of one word has little evidence."""
    titles = [title.encode("windows-1250").decode("windows-1252") for title in HUNGARIAN]
    titles += [title.encode("windows-1254").decode("windows-1252") for title in TURKISH]
    modes: tuple[Mode, ...] = ("safe", "standard", "aggressive")
    safe, standard, aggressive = (
        {title for title in titles if repair(title, mode).text in {*HUNGARIAN, *TURKISH}} for mode in modes
    )
    assert safe
    assert safe < standard <= aggressive


HUNGARIAN = ("Betűtípus", "bűn", "Erdő", "hős", "tűz", "szőlő", "Műsor", "Időjárás", "Tőzsde")
TURKISH = ("güneş", "kış", "Şişli", "Işık", "ağaç", "Şirket", "Beşiktaş", "yıldız", "Sarı")


@pytest.mark.parametrize("mode", ["safe", "standard"])
@pytest.mark.parametrize(
    "text",
    [
        'é becomes "Ã©" when misread',
        "the ’ shows as “â€™” then",
        "(Ã¼) is a sign of it",
        "He said “Ã©” is how é looks when misread.",
        "Mojibake such as “Ã©” for “é” or “â€™” for “’” shows up often.",
        "the sign “â€™” tells it",
        "Aus „ü“ wird „Ã¼“.",
        "Aus „ä“ wird „Ã¤“ und aus „ß“ wird „ÃŸ“.",
    ],
)
def test_quoted_mojibake_in_clean_prose_stays(text: str, mode: Mode) -> None:
    """It is text about damage."""
    repaired = repair(text, mode)
    assert (repaired.text, repaired.changes) == (text, ())


@pytest.mark.parametrize("mode", ["safe", "standard", "aggressive"])
def test_mentions_of_damage_stay(mode: Mode) -> None:
    """Text about encodings shows damage next to what it stands for, in prose, tables and code."""
    assert [text for _, text in generate_mentions() if repair(text, mode).changes] == []


@pytest.mark.parametrize(
    "text",
    [
        "If you see â€™ or Ã© on a web page, the server sent UTF-8 but the browser read Windows-1252.",
        "If strange characters such as â€™, â€œ or Ã© are in a file, open it as UTF-8.",
        "Wenn Sie Ã¤, Ã¶ oder Ã¼ auf einer Seite sehen, ist die Kodierung falsch.",
        'if "Ã©" in text or "â€™" in text: text = decode(text)',
        "Вместо русского текста «Привет» вы увидите «ÐŸÑ€Ð¸Ð²ÐµÑ‚» или «Ïðèâåò».",
        "The classic example is naïve, which becomes naÃ¯ve, and after the second round naÃƒÂ¯ve.",
        "The apostrophe ’ shows up as â€™, and the dash – as â€“.",
        "The quote ” is shown as â€ in old mails.",
        "乱码：“你好”变成“ä½\xa0å¥½”。",
        "Excel показывает РџСЂРёРІРµС‚, РјРёСЂ вместо Привет, мир.",
    ],
)
def test_mentioned_damage_stays(text: str) -> None:
    assert repair(text).text == text


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("Aus „Größe“ wird „GrÃ¶ÃŸe“.", True),
        ("Aus „Größe“ wird „GrÃ¶ÃŸe“.\n\nDer PrÃ¤sident kam spÃ¤t nach KÃ¶ln.", False),
    ],
)
def test_mention_is_suspected_unless_article_is_damaged(text: str, *, warned: bool) -> None:
    article = clean(Article(text=text))
    assert ("repair-suspected" in {warning.code for warning in article.warnings}) is warned
    assert ("GrÃ¶ÃŸe" in article.text) is warned


@pytest.mark.parametrize(
    ("damaged", "restored"),
    [
        ("Müller gewinnt\n\nMÃ¼ller gewann die Wahl in KÃ¶ln.", "Müller gewinnt\n\nMüller gewann die Wahl in Köln."),
        ("Der Präsident kommt heute. Der PrÃ¤sident kommt heute.", "Der Präsident kommt heute. " * 2),
        ("Müller siegt in Köln | MÃ¼ller siegt in KÃ¶ln", "Müller siegt in Köln | Müller siegt in Köln"),
        ("Köln – Müller siegt – KÃ¶lner Zeitung fÃ¼r alle", "Köln – Müller siegt – Kölner Zeitung für alle"),
        ("Er suchte für sich und Ã¼ber Freunde fÃ¼r andere.", "Er suchte für sich und über Freunde für andere."),
        ("Frei für alle Kinder und fÃ¼r deren Eltern.", "Frei für alle Kinder und für deren Eltern."),
        ("Er sagte â€žMÃ¼llerâ€œ und ging Ã¼ber die StraÃŸe.", "Er sagte „Müller“ und ging über die Straße."),
        ('In KÃ¶ln lÃ¤uft nichts. Es fehlen "Ã¤" und "Ã¶".', 'In Köln läuft nichts. Es fehlen "ä" und "ö".'),
        ("Isto Ã© bom para todos os que vivem aqui.", "Isto é bom para todos os que vivem aqui."),
        ("Han bor pÃ¥ en Ã¶ i havet.", "Han bor på en ö i havet."),
        ("First item â€¢ Second item â€¢ Third item", "First item • Second item • Third item"),
        ("name;city\nMüller;Köln\nMÃ¼ller;KÃ¶ln", "name;city\nMüller;Köln\nMüller;Köln"),
        ("José García llega. El seÃ±or JosÃ© GarcÃ\xada habla.", "José García llega. El señor José García habla."),
    ],
)  # fmt: skip
def test_damage_near_clean_words_is_repaired(damaged: str, restored: str) -> None:
    assert clean(Article(text=damaged)).text == restored.strip()


def test_code_and_tables_of_a_page_keep_their_examples() -> None:
    prose = "Many pages are read with the wrong encoding, and the reader sees strange signs on them instead of letters."
    code = 's.replace("â€™", "?").replace("Ã©", "é").replace("Ã¨", "è")'
    page = f"""<title>How to fix mojibake</title><article><h1>How to fix mojibake</h1>
        {"".join(f"<p>{prose} ({i})</p>" for i in range(5))}<p>Use <code>{code}</code> or <code>fix("Ã¼")</code>.</p>
        <pre><code>t = {code}</code></pre><table><tr><td>’</td><td>â€™</td></tr></table></article>"""
    cleaned = clean_page(page)
    assert [change for change in cleaned.changes if isinstance(change, Change) and change.kind == "mojibake"] == []
    assert cleaned.text.count("Ã©") == code.count("Ã©") * 2


def test_quoted_words_with_mojibake_are_repaired() -> None:
    assert clean(Article(text="He said “trÃ¨s fatiguÃ©â€\x9d again.")).text == "He said “très fatigué” again."
    assert clean(Article(text="Letters Ã¤Ã¶Ã¼ÃŸ are missing.")).text == "Letters äöüß are missing."


@pytest.mark.parametrize(
    ("title", "charset", "body"),
    [
        (
            "nő",
            "windows-1250",
            "A miniszter szerint az előadás után döntöttek a műemlékről és a fűtésről, az időjárás pedig hűvös lesz.",
        ),
        (
            "Poznań",
            "windows-1250",
            "Burmistrz powiedział, że most pozostanie zamknięty aż do końca miesiąca, a rząd obiecał pomóc ludziom.",
        ),
        (
            "Ağrı",
            "windows-1254",
            "Başkan, köprünün gelecek haftaya kadar kapalı kalacağını söyledi; yağmur üç gündür aralıksız yağıyor.",
        ),
    ],
)
def test_the_body_decides_an_ambiguous_title(title: str, charset: str, body: str) -> None:
    damaged_title, damaged_body = (text.encode(charset).decode("windows-1252") for text in (title, body))
    assert clean(Article(title=damaged_title, text="-")).title == damaged_title
    cleaned = clean(Article(title=damaged_title, text=damaged_body))
    assert (cleaned.title, cleaned.text) == (title, body)


@pytest.mark.parametrize("repair", ["safe", "standard", "aggressive"])
def test_damaged_body_does_not_empty_a_clean_title(repair: Any) -> None:
    """Evidence in the body may not suffice for a field that looks clean."""
    body = "Президент провёл встречу с главой правительства, сообщила пресс-служба.".encode("windows-1251")
    for title in ("José", "Ú à", "naïve façade", "é", "Æø", "Þ ð", "Ünal", "ñ ó í"):
        cleaned = clean(Article(title=title, text=body.decode("latin-1")), Options(repair=repair))
        assert cleaned.text.startswith("Президент")
        assert cleaned.title


def test_safe_repairs_more_texts_with_a_declared_charset() -> None:
    texts = ["café", "über", "crème", "Köln", "One café", "señor", "Zürich", "naïve"]
    damaged = [text.encode("windows-1252").decode("windows-1251") for text in texts]
    without = {text for text in damaged if repair(text, "safe").text in texts}
    declared = {text for text in damaged if repair(text, "safe", "cp1251").text in texts}
    assert without < declared


def test_an_unknown_declared_charset_gets_a_warning() -> None:
    warned = clean(Article(text="Qapla’", declared_charset="klingon")).warnings
    assert [(warn.code, warn.field) for warn in warned] == [("charset-unknown", "declared_charset")]


def test_a_warning_names_the_suspected_charsets() -> None:
    warned = clean(Article(text="russiaã¢â‚¬â„¢s envoy"), Options(repair="safe")).warnings
    assert [(warning.code, warning.field) for warning in warned] == [("repair-suspected", "text")]
    assert "utf-8 decoded as windows-1252" in warned[0].detail


@pytest.mark.parametrize(
    "text",
    [
        "ครั้งที่ ๓๑/๒๕๕๙ วันอังคารที่ ๒๑ มิถุนายน ๒๕๕๙ เวลา ๐๙.",
        "๑๙๒ เพียงกองพันเดียว ส่วน ฉก.",
        "10-20 γραμμάρια υδατανθράκων για κάθε ½ ώρα άσκησης μετά τη πρώτη ½ ώρα.",
        "كسـبـان هي بـطاقة صيانة مـسـبـقة الدفع",
        "الجواب ـ نعم",
        "Dis Hý wat sterk en geweldig is en wat élke stryd oorwin het.",
        "Læg 5 g ½ times vand ± 2 °C til §7",
        "The naïve façade of the café in Łódź",
        "Ngāti Porou, Hawaiʻi and Tāmaki",
    ],
)
def test_no_warning_if_only_unlikely_charsets_explain_a_text(text: str) -> None:
    cleaned = clean(Article(text=text))
    assert (cleaned.text, cleaned.warnings) == (text, ())


def test_lost_characters_are_restored_if_unambiguous() -> None:
    """Safe repair never restores lost characters."""
    text = "Russia\ufffds reply wasn\ufffdt sent \ufffd yet, don?t ask; Russia?s envoy"
    assert clean(Article(text=text), Options(repair="safe")).text == text
    cleaned = clean(Article(text=text))
    assert cleaned.text == "Russia’s reply wasn’t sent \ufffd yet, don’t ask; Russia?s envoy"
    assert {change.kind for change in cleaned.changes if isinstance(change, Change)} == {"lossy"}
    assert clean(Article(text=text), Options(repair="aggressive")).text.endswith("Russia’s envoy")


@pytest.mark.parametrize("repair", ["standard", "aggressive"])
@pytest.mark.parametrize("sign", "\ufffd?")
@pytest.mark.parametrize(
    "text",
    [
        "Le maire est tr_s fier apr_s la crue. Les employ_s ont eu acc_s d_s lundi.",
        "Despu_s de la reunion, adem_s se hablaba m_s en portugu_s.",
        "Two caf_s opened in the town, and the clich_s of the fianc_s were na_ve.",
        "Jos_s and Pel_s were names that the coach knew.",
        "Bi_m th_i_m",
    ],
)
def test_a_lost_letter_is_no_apostrophe(text: str, sign: str, repair: Any) -> None:
    text = text.replace("_", sign)
    assert clean(Article(text=text), Options(repair=repair)).text == text


def test_the_text_tells_of_a_title_that_it_is_english() -> None:
    cleaned = clean(Article(title="Russia\ufffds envoy", text="The envoy said on Tuesday that the talks would go on."))
    assert cleaned.title == "Russia’s envoy"
    assert (
        clean(Article(title="Russia\ufffds envoy", text="Le fleuve est monté dans la nuit.")).title
        == "Russia\ufffds envoy"
    )


@pytest.mark.parametrize("repair", ["safe", "standard"])
@pytest.mark.parametrize(
    "text",
    [
        "The Polish letters ąćęłńóśźż are hard to type.",
        "Die Umlaute äöüß und ÄÖÜ fehlen auf der Tastatur.",
        "The Greek letters ΑΒΓ αβγ come first.",
        "The Spanish letters áéíóúñü are here.",
        "The letters åäö ÅÄÖ are Swedish, æøå ÆØÅ Danish.",
        "The letters ÀÁÂÃÄÅ are capitals.",
        "åäö ÅÄÖ",
        "äöüß",
        "áéíóúñü",
    ],
)
def test_a_list_of_letters_is_no_word_of_another_script(text: str, repair: Any) -> None:
    assert clean(Article(text=text), Options(repair=repair)).text == text


@pytest.mark.parametrize(("text", "clean_text"), [("ã“ã‚“ã«ã¡ã¯", "こんにちは"), ("×©×œ×•× ×¢×•×œ×", "שלום עולם")])
def test_utf8_with_lost_bytes_is_not_another_charset(text: str, clean_text: str) -> None:
    assert clean(Article(text=text)).text == clean_text
    safe = clean(Article(text=text), Options(repair="safe"))
    assert safe.text == text
    assert [warning.code for warning in safe.warnings] == ["repair-suspected"]


@pytest.mark.parametrize("repair", ["safe", "standard"])
@pytest.mark.parametrize(
    "text",
    [
        "O jornal “CORREIO DA MANHÃ” noticiou ontem",
        "Disse “AMANHÃ” ontem",
        "A FOLHA DA MANHÃ’S editor was there",
        "IRMÃ–IRMÃO",
        "The ROMÃ™ brand",
        "Â is used in Vietnamese: Âm nhạc",
        "Ã is a letter in Portuguese: NÃO, Ãngela",
    ],
)
def test_a_capital_letter_with_a_tilde_and_a_sign_after_it_stay(text: str, repair: Any) -> None:
    cleaned = clean(Article(text=text), Options(repair=repair))
    assert (cleaned.text, cleaned.changes) == (text, ())


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("LA VIRTÃ™ È TUTTO", "LA VIRTÙ È TUTTO"),
        ("GÃ–TEBORG OCH MALMÃ–", "GÖTEBORG OCH MALMÖ"),
        ("LE MÃ‰TRO ET L’HÃ”TEL", "LE MÉTRO ET L’HÔTEL"),
    ],
)
def test_capitals_that_were_misread_are_repaired(text: str, expect: str) -> None:
    assert clean(Article(text=text)).text == expect


def test_replay_rejects_a_charset_that_cannot_encode_the_text() -> None:
    with pytest.raises(UnicodeError):
        replay((("encode", "windows-1252"), ("decode", "utf-8")), "я")
    with pytest.raises(UnicodeError):
        replay((("encode", "windows-1252"),), "a")
    with pytest.raises(UnicodeError):
        replay((("decode", "utf-8"),), "a")
    with pytest.raises(UnicodeError):
        replay((("encode", "utf-8"), ("encode", "utf-8")), "a")


@pytest.mark.parametrize("charset", ["windows-1252", "windows-1251", "windows-1250", "macintosh"])
@given(text=st.text(alphabet="abc éàüñçß“”’–", min_size=1, max_size=60))
def test_repair_restores_the_original_or_keeps_the_line(charset: str, text: str) -> None:
    damaged = text.encode().decode({"macintosh": "mac-roman"}.get(charset, f"sloppy-{charset}"))
    options = Options(whitespace="keep", detect_language=False)
    cleaned = clean(Article(text=damaged), options)
    for change in cleaned.changes:
        assert isinstance(change, Change)
        assert replay(change.plan, change.before) == change.after


@given(st.text(alphabet="&amp;#x3b8lt<>\n ", max_size=80))
def test_reading_references_never_makes_a_text_longer(text: str) -> None:
    assert len(unescape_html(text)) <= len(text)


def test_deeply_nested_references_are_read_in_linear_time() -> None:
    assert clean(Article(text="&" + "amp;" * 200_000), Options(detect_language=False)).text == "&"
