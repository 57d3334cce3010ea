from __future__ import annotations

import codecs
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def in_charset(language: str, name: str) -> tuple[str, bytes]:
    """Return the characters of a text that a charset has, and their bytes."""
    codec = {"iso-2022-jp": "iso2022_jp_2"}.get(name) or CODECS[name]
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
