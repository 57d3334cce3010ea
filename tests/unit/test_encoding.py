from __future__ import annotations

import codecs
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.encoding import detect, likelihood
from copydesk.encoding.charsets import CODECS
from copydesk.encoding.detect import binary_type, decode, whatwg_name
from tests.helpers.cases import corpus

TEXTS = {article["language"]: f"{article['title']}\n{article['text']}" for article in corpus()}

# The charsets that newspapers of a language used before UTF-8.
LEGACY = {
    "ru": ("windows-1251", "koi8-r", "ibm866", "iso-8859-5", "x-mac-cyrillic"),
    "bg": ("windows-1251",),
    "uk": ("windows-1251", "koi8-u"),
    "el": ("windows-1253", "iso-8859-7"),
    "he": ("windows-1255",),
    "ar": ("windows-1256",),
    "th": ("windows-874",),
    "tr": ("windows-1254",),
    "cs": ("windows-1250", "iso-8859-2"),
    "pl": ("windows-1250", "iso-8859-2"),
    "hu": ("windows-1250", "iso-8859-2"),
    "de": ("windows-1252",),
    "fr": ("windows-1252",),
    "ja": ("shift_jis", "euc-jp", "iso-2022-jp"),
    "ko": ("euc-kr",),
    "zh-Hans": ("gbk",),
    "zh-Hant": ("big5",),
}
PAIRS = [(language, name) for language, names in LEGACY.items() for name in names]


def codec_of(name: str) -> str:
    return {"iso-2022-jp": "iso2022_jp_2"}.get(name) or CODECS[name]


def in_charset(language: str, name: str) -> tuple[str, bytes]:
    """Return the characters of a text that a charset has, and their bytes."""
    codec = codec_of(name)
    kept = TEXTS[language].encode(codec, "ignore").decode(codec)
    return kept, kept.encode(codec)


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-be"])
def test_unicode_is_read_with_and_without_its_mark(language: str, charset: str) -> None:
    decoded = decode(TEXTS[language].encode(charset))
    assert decoded.text == TEXTS[language]
    assert decoded.lost == 0
    assert decoded.encoding.source == (
        "bom" if charset in ("utf-8-sig", "utf-16", "utf-32") else decoded.encoding.source
    )


@pytest.mark.parametrize(("language", "name"), PAIRS)
def test_declared_charset_is_used_if_the_bytes_fit(language: str, name: str) -> None:
    text, data = in_charset(language, name)
    decoded = decode(data, name)
    assert (decoded.text, decoded.encoding.declared) == (text, name)
    head = f'<meta charset="{name}">'
    assert decode(head.encode() + data).text == head + text


@pytest.mark.parametrize(("language", "name"), PAIRS)
def test_what_nobody_declares_is_detected(language: str, name: str) -> None:
    text, data = in_charset(language, name)
    # The Polish and Hungarian of the corpus are the same letters in both charsets, and so is some punctuation.
    assert decode(data).text == text


@pytest.mark.parametrize(
    ("data", "header", "name", "source"),
    [
        ("Größe".encode(), "iso-8859-1", "utf-8", "utf-8"),
        ("Die Größe der Brücke überrascht die Bürger.".encode("latin-1"), "utf-8", "windows-1252", "detected"),
        (b"plain", "shift_jis", "utf-8", "utf-8"),
        (codecs.BOM_UTF8 + b"x", "gbk", "utf-8", "bom"),
        ("“Größe”".encode("cp1252"), "latin1", "windows-1252", "header"),
        ("中文报纸".encode("gb18030"), "gb2312", "gbk", "header"),
        ("한국어 신문".encode("cp949"), "ks_c_5601-1987", "euc-kr", "header"),
        (TEXTS["ja"].encode("cp932", "ignore"), "iso-8859-1", "shift_jis", "detected"),
        (b'<?xml version="1.0" encoding="koi8-r"?>' + "новости".encode("koi8-r"), None, "koi8-r", "meta"),
        (
            b"x" * 60_000 + b'<meta http-equiv=Content-Type content="text/html; charset=koi8-r">\xce',
            None,
            "koi8-r",
            "meta",
        ),
        (
            b'<!-- <meta charset="koi8-r"> --><p>Le caf\xe9 du th\xe9\xe2tre est ferm\xe9.',
            None,
            "windows-1252",
            "detected",
        ),
        (b"caf\xe9 cr\xe8me br\xfbl\xe9e", "klingon", "windows-1252", "detected"),
        (b"", "koi8-r", "utf-8", "utf-8"),
    ],
)
def test_who_is_believed(data: bytes, header: str | None, name: str, source: str) -> None:
    encoding = decode(data, header).encoding
    assert (encoding.name, encoding.source) == (name, source)


def test_utf8_with_an_invalid_or_truncated_byte_stays_utf8() -> None:
    """The lost bytes are counted."""
    text = TEXTS["ru"]
    decoded = decode(text.encode() + "й".encode()[:1])
    assert (decoded.text, decoded.lost, decoded.encoding.name) == (text + "\ufffd", 1, "utf-8")
    decoded = decode(text.encode().replace(b" ", b"\x96", 1))
    assert (decoded.lost, decoded.encoding.name) == (1, "utf-8")


@pytest.mark.parametrize("invalid", [b"\xed\xa0\xbd\xed\xb8\x80", b"\xf4\x90\x80\x80", b"\xed\xa0\xbd\x00"])
def test_encoded_surrogates_keep_a_text_utf8(invalid: bytes) -> None:
    decoded = decode("Le café fermé ".encode() + invalid)
    assert (decoded.encoding.name, decoded.text[:14]) == ("utf-8", "Le café fermé ")


def test_one_utf8_sequence_does_not_overrule_a_declared_charset() -> None:
    """The declared charset decodes all bytes without loss."""
    data = "MÜNCHEN".encode("cp1252") + " – Die Polizei hat drei Personen festgenommen.".encode()
    decoded = decode(data, "windows-1252")
    assert (decoded.encoding.name, decoded.lost) == ("windows-1252", 0)


@pytest.mark.parametrize("text", ["Libertà", "CAFÉ", "LIBERTÉ", "Chloé"])
def test_last_letter_of_a_word_is_not_taken_for_a_cut_character(text: str) -> None:
    decoded = decode(text.encode("cp1252"))
    assert (decoded.text, decoded.encoding.name) == (text, "windows-1252")


def test_plain_text_declares_nothing_of_itself() -> None:
    assert decode('<meta charset="koi8-r"> é'.encode("cp1252"), markup=False).encoding.source != "meta"


@pytest.mark.parametrize("label", ["latin1", "ascii", "ISO-8859-1", "us-ascii", "l1"])
def test_labels_are_those_of_browsers(label: str) -> None:
    assert whatwg_name(label) == "windows-1252"


@pytest.mark.parametrize(
    "text", ["BM Genel Sekreteri Guterres çarşamba günü", "MZ-Redakteurin Müller", "ID3 und ID4: VW"]
)
def test_a_text_that_begins_like_a_picture_is_a_text(text: str) -> None:
    assert binary_type(text.encode()) is None
    assert binary_type(text.encode("windows-1254")) is None


@given(
    st.one_of(st.binary(), st.text().map(str.encode)),
    st.one_of(st.none(), st.text(), st.sampled_from(["utf-16", "hz"])),
)
def test_nothing_raises_and_the_losses_are_counted(data: bytes, header: str | None) -> None:
    decoded = decode(data, header)
    assert decoded.lost == decoded.text.count("\ufffd")
    assert 0 <= decoded.encoding.confidence <= 1


@pytest.mark.parametrize(
    "data",
    [
        b"<!--" * 250_000,
        b"<!--" * 16_000 + b"charset \xe9",
        b"<meta " * 170_000,
        b"\x00" * 1_000_000,
        bytes(range(256)) * 4_000,
    ],
)
def test_large_and_hostile_bytes_are_decoded_in_bounded_time(data: Any) -> None:
    assert decode(data).text


# The first words of a text: a caption, a headline, a sentence.
LENGTHS = (25, 60, 150)


def short_texts(language: str, text: str | None = None) -> list[str]:
    """Return the beginnings of the body of a text."""
    body = (text or TEXTS[language]).partition("\n")[2]
    return [body[:length].rstrip() for length in LENGTHS]


@pytest.mark.parametrize("language", [language for language in TEXTS if language != "en"])
@pytest.mark.parametrize("stray", [b"\x80", b"\x92", b"\xa0", b"\xe9", b"\xff"])
def test_stray_byte_keeps_a_short_text_utf8(language: str, stray: bytes) -> None:
    for text in short_texts(language):
        if text.isascii():
            continue
        decoded = decode(text.encode() + stray + b" 2024")
        assert (decoded.encoding.name, decoded.text) == ("utf-8", f"{text}\ufffd 2024")


@pytest.mark.parametrize("language", [language for language in TEXTS if language != "en"])
def test_cut_character_keeps_a_short_text_utf8(language: str) -> None:
    for text in short_texts(language):
        if not text.isascii():
            assert decode(text.encode() + "’".encode()[:2]).text == f"{text}\ufffd"


@pytest.mark.parametrize(("language", "name"), PAIRS)
def test_short_text_in_a_legacy_charset_is_detected(language: str, name: str) -> None:
    text, _ = in_charset(language, name)
    for short in short_texts(language, text)[1:]:
        assert decode(short.encode(codec_of(name))).text == short


@pytest.mark.parametrize(("language", "name"), PAIRS)
def test_nul_in_a_legacy_text_keeps_its_charset(language: str, name: str) -> None:
    _, data = in_charset(language, name)
    assert decode(data[:200] + b"\n\x00" + data[200:]).encoding.name == decode(data).encoding.name
    assert decode("Zażółć\x00 gęślą jaźń".encode()).text == "Zażółć\x00 gęślą jaźń"


@pytest.mark.parametrize(
    ("language", "codec", "name"),
    [
        ("ko", "johab", "johab"),
        ("fr", "mac-roman", "macintosh"),
        ("de", "mac-roman", "macintosh"),
        ("de", "cp037", "ibm037"),
        ("he", "cp424", "ibm424"),
        ("ar", "cp720", "ibm720"),
        ("zh-Hans", "utf-16-be", "utf-16be"),
        ("ja", "utf-16-le", "utf-16le"),
    ],
)
def test_rare_encoding_is_detected(language: str, codec: str, name: str) -> None:
    text = TEXTS[language].encode(codec, "ignore").decode(codec)
    decoded = decode(text.encode(codec))
    assert (decoded.text, decoded.encoding.name) == (text, name)


def test_utf16_of_han_without_a_nul_is_detected() -> None:
    decoded = decode("市政府说大桥今天下午重新开放".encode("utf-16-le"))
    assert (decoded.text, decoded.encoding.name) == ("市政府说大桥今天下午重新开放", "utf-16le")


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("tis-620", "windows-874"),
        ("iso-8859-11", "windows-874"),
        ("x-mac-roman", "macintosh"),
        ("MacRoman", "macintosh"),
    ],
)
def test_label_of_thai_and_macintosh_is_known(label: str, name: str) -> None:
    assert whatwg_name(label) == name


@pytest.mark.parametrize("text", ["50 €", "it’s", "niño", "“Yes”", "• one", "Müller & Co.", "© 2024", "São Paulo"])
def test_single_western_character_is_windows_1252(text: str) -> None:
    assert decode(text.encode("windows-1252")).text == text


def test_encoding_of_a_page_ignores_the_language_of_its_markup() -> None:
    text = "<p class='summary'>altyazısı</p><br>"
    assert decode(text.encode("windows-1254") * 20).text == text * 20


@pytest.mark.parametrize("factor", [0.7, 1.4])
@pytest.mark.parametrize(
    "constant", ["_INVALID_BYTE_BITS", "_CUT_CHARACTER_BITS", "_INSERTED_LETTERS_BITS", "_DETECTOR_BITS"]
)
def test_detection_is_not_sensitive_to_its_constants(
    constant: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likelihood, constant, getattr(likelihood, constant) * factor)
    for language, name in PAIRS:
        text, data = in_charset(language, name)
        assert decode(data).text == text
    for language in TEXTS:
        short = short_texts(language)[1]
        assert short.isascii() or decode(short.encode() + b"\x80").encoding.name == "utf-8"


@pytest.mark.parametrize("factor", [0.7, 1.4])
def test_detection_is_not_sensitive_to_its_priors(factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    priors = {name: bits * factor for name, bits in detect.PRIOR_BITS.items()}
    monkeypatch.setattr(detect, "PRIOR_BITS", priors)
    for language, name in PAIRS:
        text, data = in_charset(language, name)
        assert decode(data).text == text
        short = text[: LENGTHS[-1]]
        assert decode(short.encode(codec_of(name))).text == short


@pytest.mark.parametrize("size", [200, 5_000])
def test_random_bytes_have_no_confidence(size: int) -> None:
    assert decode(Random(size).randbytes(size)).encoding.confidence == 0


def test_page_with_one_word_per_byte_is_decoded_in_bounded_time() -> None:
    data = b" ".join(bytes([byte]) * 500 for byte in range(0x80, 0x100)) * 4
    assert decode(data).text
