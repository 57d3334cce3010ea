from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.article import Json
from copydesk.errors import MalformedJSON
from copydesk.strict_json import dumps, loads

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_is_read_back(value: object) -> None:
    assert loads(json.dumps(value).encode(), 64) == value


@given(st.dictionaries(st.text(), st.one_of(VALUES, st.text(st.characters()), st.integers(-(2**70), 2**70))))
def test_what_is_written_means_what_the_standard_writer_means(value: dict[str, Json]) -> None:
    written = dumps(value)
    assert json.loads(written) == value
    assert written.endswith(b"}\n")
    assert b"\n" not in written[:-1]


@given(st.recursive(st.one_of(st.none(), st.integers(), st.text()), st.lists))
def test_what_is_written_has_the_bytes_of_the_standard_writer(value: Json) -> None:
    plain = json.dumps({"value": value}, ensure_ascii=False, separators=(",", ":"))
    assert dumps({"value": value}) == plain.encode() + b"\n"


@given(st.one_of(st.binary(), st.text(alphabet='{}[]":,\\ntrue0123456789.eE+-NaI', max_size=40).map(str.encode)))
def test_any_bytes_are_read_as_by_the_json_module_or_rejected(data: bytes) -> None:
    """A rejection has the position of the error."""
    try:
        value = loads(data, 64)
    except MalformedJSON as error:
        assert 0 <= int(str(error.members["offset"])) <= len(data)
    else:
        assert value == json.loads(data)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"a": NaN}', 1, 7),
        ("[\n  -Infinity]", 2, 3),
        ('["NaN", 1e400]', 1, 9),
        ("1E309+", 1, 1),
        ('{"a": 1,\n "\\u0061": 2}', 2, 2),
        ('[{"a": {"b": 1}, "a": 2}]', 1, 18),
        ('["[", ' + "9" * 5000 + "]", 1, 7),
        ("{", 1, 2),
        ("[1 2]", 1, 4),
        ('"\n"', 1, 2),
        ("[" * 100_000, 1, 65),
        ('{"a":' * 65, 1, 321),
        ('"' + '\\"' * 100_000 + "[" * 65, 1, 1),
        ("[1] [2]", 1, 5),
        ("", 1, 1),
    ],
    ids=lambda value: str(value)[:20],
)
def test_invalid_strict_json_is_rejected_with_its_position(text: str, line: int, column: int) -> None:
    with pytest.raises(MalformedJSON) as caught:
        loads(text.encode(), 64)
    assert (caught.value.members["line"], caught.value.members["column"]) == (line, column)


@pytest.mark.parametrize("text", ["", " \n", '{"a": "b', '"\n"', "[1,]", "{} {}", '{"a"}', "{a: 1}", '"\\x"'])
def test_what_is_said_of_it_is_a_whole_sentence(text: str) -> None:
    with pytest.raises(MalformedJSON) as caught:
        loads(text.encode(), 64)
    message = caught.value.detail.rpartition(" (line")[0]
    assert not message.endswith((" at.", "Expecting value."))
    assert ("empty" in message) == (not text.strip())


def test_a_byte_order_mark_is_fine_and_another_charset_is_not() -> None:
    assert loads(b"\xef\xbb\xbf[]", 64) == []
    with pytest.raises(MalformedJSON, match="E9 at offset 1"):
        loads(b'"\xe9"', 64)


def test_brackets_in_strings_and_siblings_are_not_depth() -> None:
    assert loads(json.dumps(["[" * 100, [[]] * 100]).encode(), 3)


def test_lone_surrogates_are_read_and_written_as_they_were() -> None:
    assert dumps({"a": loads(b'"\\ud83d"', 64)}) == b'{"a":"\\ud83d"}\n'
    assert dumps({"a": "\ud83dé\x01"}) == '{"a":"\\ud83dé\\u0001"}\n'.encode()


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, [[]] * 3, "é\x7f\u2028\x00\t", 0.1, -0.0, 1e22, 5e-324])
def test_what_is_written_is_read_back_as_it_was(value: Json) -> None:
    assert repr(json.loads(dumps({"a": value}))) == repr({"a": value})


def test_what_is_nested_deep_is_written() -> None:
    deep: Json = []
    for _ in range(500):
        deep = [deep]
    assert json.loads(dumps({"a": deep})) == {"a": deep}
