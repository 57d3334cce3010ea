from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from copydesk import api_keys
from copydesk.cli import main
from copydesk.errors import SettingsError
from svc.api_keys import KeyRing, read_key_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.txt"


def test_keys_are_known_by_name_and_never_stand_in_the_file(path: Path) -> None:
    one, other = api_keys.generate_key(), api_keys.generate_key()
    lines = api_keys.format_line("crawler", one), api_keys.format_line("desk-2", other)
    path.write_text(f"# two of them\n{lines[0]}  # since March\n\n{lines[1]}\n")
    ring = KeyRing(path)
    assert (ring.find_owner(one), ring.find_owner(other)) == ("crawler", "desk-2")
    wrong = ("", "x", one[:-1], api_keys.hash_key(one), "schlüssel", "\ud800")
    assert [ring.find_owner(key) for key in wrong] == [None] * 6
    assert one not in path.read_text()


def test_command_prints_a_line_for_the_file_and_the_key_once(path: Path) -> None:
    ran = CliRunner().invoke(main, ["key", "crawler"])
    path.write_text(ran.stdout)
    made = ran.stderr.split()[-1]
    assert KeyRing(path).find_owner(made) == "crawler"
    assert made not in ran.stdout
    assert CliRunner().invoke(main, ["key", "no:colon"]).exit_code == 2


def test_a_change_of_the_file_counts_at_once(path: Path) -> None:
    one, other = api_keys.generate_key(), api_keys.generate_key()
    path.write_text(api_keys.format_line("one", one))
    ring = KeyRing(path)
    path.write_text(api_keys.format_line("other", other) + "\n")
    assert (ring.find_owner(one), ring.find_owner(other)) == (None, "other")


def test_a_file_that_breaks_leaves_the_keys_as_they_were(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    key = api_keys.generate_key()
    path.write_text(api_keys.format_line("one", key))
    ring = KeyRing(path)
    path.write_text("secret-in-the-wrong-place\n")
    with caplog.at_level(logging.ERROR, "copydesk"):
        assert ring.find_owner(key) == "one"
    assert "line 1" in caplog.text
    assert "secret" not in caplog.text
    path.unlink()
    assert ring.find_owner(key) == "one"


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "No such file"), ("", "no key"), ("# nothing\n", "no key"), ("name=hash", "line 1"), ("a:b\n", "line 1")],
    ids=str,
)
def test_a_file_that_is_none_refuses_to_start_in_one_line(path: Path, content: str | None, message: str) -> None:
    if content is not None:
        path.write_text(content)
    with pytest.raises(SettingsError, match=message) as caught:
        read_key_file(path)
    assert "\n" not in str(caught.value)
    assert os.fspath(path) in str(caught.value)
