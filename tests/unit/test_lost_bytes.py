"""Repair of text of which bytes were lost, and charsets that Python lacks."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import repair
from copydesk.article import Change
from copydesk.changes.plan import replay
from copydesk.encoding.charsets import CODECS, ONLY_ACTUAL
from copydesk.encoding.code_tables import UPPER_HALVES
from copydesk.transforms.lost_bytes import move_places, restore_bytes

SPANISH = "El señor García leyó la última página del periódico. María también estaba allí con su país."
RUSSIAN = "Президент прибыл в Москву, и новости об этом прочли все. Это были хорошие новости."


def misread(text: str, codec: str = "sloppy-windows-1252") -> str:
    return text.encode().decode(codec)


@pytest.mark.parametrize(
    ("clean", "lost", "sign"),
    [
        (SPANISH, "\xad", ""),
        (RUSSIAN, "[\x81\x8d\x8f\x90\x9d]", ""),
        (RUSSIAN, "[\x81\x8d\x8f\x90\x9d]", "?"),
        (RUSSIAN, "[\x81\x8d\x8f\x90\x9d]", "\ufffd"),
    ],
)
def test_a_text_with_lost_bytes_is_restored(clean: str, lost: str, sign: str) -> None:
    damaged = re.sub(lost, sign, misread(clean))
    assert damaged != misread(clean)
    result = repair(damaged)
    assert result.text == clean
    for change in result.changes:
        assert isinstance(change, Change)
        assert replay(change.plan, change.before) == change.after


NAMES = (
    "Łukasz nie przyszedł, choć był już zaproszony. Łódź jest piękna.",
    "Novak Đoković je rekao da će doći. Poslije meča je bio sretan.",
    "Índice de precios: la última cifra subió, confirmó ayer el ministro “según Efe”.",
    "Índios e colonos brigaram “por terra” no século passado. Últimas notícias: não há acordo.",
)


@pytest.mark.parametrize("clean", NAMES)
@pytest.mark.parametrize("errors", ["ignore", "replace"])
def test_a_strict_decoder_loses_only_unassigned_bytes(clean: str, errors: str) -> None:
    """Python's cp1252 drops or replaces five bytes. The others are displayed, so they were not lost."""
    assert repair(clean.encode().decode("cp1252", errors)).text == clean


@pytest.mark.parametrize("sign", ["", "?"])
def test_a_byte_lost_among_c1_controls_is_restored(sign: str) -> None:
    """ISO 8859-1 shows the bytes 80 to 9F as controls. They are not lost."""
    assert repair(RUSSIAN.encode().decode("latin-1").replace("\xad", sign)).text == RUSSIAN


def test_the_first_word_of_a_sentence_gets_a_capital() -> None:
    damaged = re.sub(
        "[\x80-\x9f]", "", "Última hora en España. Última edición de la mañana.".encode().decode("latin-1")
    )
    assert repair(damaged).text.startswith("Última hora")


def test_safe_does_not_restore_lost_bytes() -> None:
    damaged = misread("María García").replace("\xad", "")
    assert repair(damaged).text == "María García"
    assert repair(damaged, mode="safe").text == damaged


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20), st.data())
def test_restored_bytes_are_those_that_were_lost(text: str, data: st.DataObject) -> None:
    encoded = text.encode()
    index = data.draw(st.integers(0, max(0, len(encoded) - 1)))
    damaged = (encoded[:index] + encoded[index + 1 :]).decode("latin-1")
    places = f"{index}-{index}:{encoded[index : index + 1].hex()}"
    if encoded:
        assert restore_bytes(damaged, "latin-1", places) == encoded
        assert restore_bytes(f"abc{damaged}", "latin-1", move_places(places, 3)) == b"abc" + encoded


@pytest.mark.parametrize("charset", ONLY_ACTUAL)
@given(data=st.binary(max_size=20).filter(lambda data: not re.search(b"[\x80-\x9f]", data)))
def test_charsets_that_python_lacks_round_trip(charset: str, data: bytes) -> None:
    codec = CODECS[charset]
    try:
        text = data.decode(codec)
        encoded = text.encode(codec)
    except UnicodeError:  # unassigned bytes, or marks that no letter has
        return
    assert encoded.decode(codec) == text


@pytest.mark.parametrize("charset", UPPER_HALVES)
def test_a_table_has_one_character_for_each_byte(charset: str) -> None:
    assert len(UPPER_HALVES[charset]) == 128
