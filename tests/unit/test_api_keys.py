from __future__ import annotations

import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from copydesk import api_keys
from copydesk.cli import main
from copydesk.errors import SettingsError
from svc.api_key_file import read_key_file
from svc.api_keys import KeyRing, KeysState


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.txt"


def test_keys_are_known_by_name_and_never_stand_in_the_file(path: Path) -> None:
    one, other = api_keys.generate_key(), api_keys.generate_key()
    lines = api_keys.format_line("crawler", one), api_keys.format_line("desk-2", other)
    path.write_text(f"# two of them\n{lines[0]}  # since March\n\n{lines[1]}\n")
    ring = KeyRing(path, 300)
    assert (ring.find_owner(one), ring.find_owner(other)) == ("crawler", "desk-2")
    wrong = ("", "x", one[:-1], api_keys.hash_key(one), "schlüssel", "\ud800")
    assert [ring.find_owner(key) for key in wrong] == [None] * 6
    assert one not in path.read_text()


def test_command_prints_a_line_for_the_file_and_the_key_once(path: Path) -> None:
    ran = CliRunner().invoke(main, ["key", "crawler"])
    path.write_text(ran.stdout)
    made = ran.stderr.split()[-1]
    assert KeyRing(path, 300).find_owner(made) == "crawler"
    assert made not in ran.stdout
    assert CliRunner().invoke(main, ["key", "no:colon"]).exit_code == 2


def test_a_ring_reads_the_file_once_at_start(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(api_keys.format_line("one", api_keys.generate_key()))
    read, reads = Path.read_text, []

    def count(self: Path, encoding: str) -> str:
        reads.append(self)
        return read(self, encoding)

    monkeypatch.setattr(Path, "read_text", count)
    KeyRing(path, 300)
    assert reads == [path]


@pytest.mark.parametrize("content", ["", "name=hash"])
def test_a_ring_is_not_made_of_an_invalid_file(path: Path, content: str) -> None:
    path.write_text(content)
    with pytest.raises(SettingsError):
        KeyRing(path, 300)


def test_a_change_of_the_file_counts_at_once(path: Path) -> None:
    one, other = api_keys.generate_key(), api_keys.generate_key()
    path.write_text(api_keys.format_line("one", one))
    ring = KeyRing(path, 300)
    path.write_text(api_keys.format_line("other", other) + "\n")
    assert (ring.find_owner(one), ring.find_owner(other)) == (None, "other")


def test_an_invalid_file_leaves_the_keys_for_a_time(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    key = api_keys.generate_key()
    path.write_text(api_keys.format_line("one", key))
    ring = KeyRing(path, 0.5)
    path.write_text("secret-in-the-wrong-place\n")
    with caplog.at_level(logging.ERROR, "copydesk"):
        assert [(ring.find_owner(key), ring.state()) for _ in range(3)] == [("one", KeysState.STALE)] * 3
    assert len(caplog.records) == 1
    assert "line 1" in caplog.text
    assert "secret" not in caplog.text
    time.sleep(0.6)
    assert (ring.find_owner(key), ring.state()) == (None, KeysState.EXPIRED)
    path.write_text("still invalid\n")  # no new time
    assert (ring.find_owner(key), ring.state()) == (None, KeysState.EXPIRED)
    path.write_text(api_keys.format_line("one", key))
    assert (ring.find_owner(key), ring.state()) == ("one", KeysState.VALID)


@pytest.mark.parametrize("content", ["", "# one:revoked\n\n", None], ids=["empty", "comments", "missing"])
def test_no_key_is_valid_without_keys_in_the_file(path: Path, content: str | None) -> None:
    key = api_keys.generate_key()
    path.write_text(api_keys.format_line("one", key))
    ring = KeyRing(path, 300)
    assert ring.find_owner(key) == "one"
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    assert (ring.find_owner(key), ring.state()) == (None, KeysState.EMPTY)
    path.write_text("name=hash\n")  # the last valid file had no keys
    assert (ring.find_owner(key), ring.state()) == (None, KeysState.STALE)
    path.write_text(api_keys.format_line("one", key))
    assert (ring.find_owner(key), ring.state()) == ("one", KeysState.VALID)


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read all files")
def test_an_unreadable_file_leaves_the_keys_for_a_time(path: Path) -> None:
    key = api_keys.generate_key()
    path.write_text(api_keys.format_line("one", key))
    ring = KeyRing(path, 300)
    path.chmod(0)
    assert (ring.find_owner(key), ring.state()) == ("one", KeysState.STALE)


def test_the_time_starts_with_the_change_of_the_file(path: Path) -> None:
    """A process that sees the change late does not accept the keys for longer."""
    key = api_keys.generate_key()
    path.write_text(api_keys.format_line("one", key))
    ring = KeyRing(path, 1)
    path.write_text("name=hash\n")
    time.sleep(1.1)
    assert (ring.find_owner(key), ring.state()) == (None, KeysState.EXPIRED)


def test_a_swap_of_symbolic_links_counts_at_once(tmp_path: Path) -> None:
    """Kubernetes replaces the directory of a secret by renaming a link to it."""
    keys = [api_keys.generate_key() for _ in range(2)]
    for number, key in enumerate(keys):
        directory = tmp_path / f"version-{number}"
        directory.mkdir()
        (directory / "keys").write_text(api_keys.format_line("one", key))
    (tmp_path / "data").symlink_to("version-0")
    (tmp_path / "keys").symlink_to("data/keys")
    ring = KeyRing(tmp_path / "keys", 300)
    for current, other in ((0, 1), (1, 0), (0, 1)):
        (tmp_path / "new").symlink_to(f"version-{current}")
        (tmp_path / "new").replace(tmp_path / "data")
        assert [ring.find_owner(keys[number]) for number in (current, other)] == ["one", None]


def test_a_change_is_seen_in_an_old_file_of_equal_size_and_time(path: Path) -> None:
    keys = [api_keys.generate_key() for _ in range(2)]
    path.write_text(api_keys.format_line("one", keys[0]))
    before = path.stat()
    time.sleep(1.1)
    ring = KeyRing(path, 300)
    assert ring.find_owner(keys[0]) == "one"
    path.write_text(api_keys.format_line("one", keys[1]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert [ring.find_owner(key) for key in keys] == [None, "one"]


def test_threads_see_each_change_while_the_file_is_replaced(path: Path) -> None:
    keys = [api_keys.generate_key() for _ in range(2)]
    path.write_text(api_keys.format_line("one", keys[0]))
    ring = KeyRing(path, 300)

    def is_valid(_: int) -> bool:
        return all(ring.find_owner(key) in (None, "one") for key in keys)

    with ThreadPoolExecutor(8) as pool:
        for number in range(50):
            new = path.with_suffix(".new")
            new.write_text(api_keys.format_line("one", keys[number % 2]))
            new.replace(path)
            assert all(pool.map(is_valid, range(8)))
            owners = list(pool.map(ring.find_owner, keys * 4))
            assert owners == ["one" if key == keys[number % 2] else None for key in keys * 4]


def test_a_forked_process_has_only_keys_that_it_has_read(path: Path) -> None:
    """Those of its parent may have been revoked before the file became invalid."""
    key = api_keys.generate_key()
    path.write_text(api_keys.format_line("one", key))
    ring = KeyRing(path, 300)
    path.write_text("name=hash\n")
    if (pid := os.fork()) == 0:
        os._exit(0 if (ring.find_owner(key), ring.state()) == (None, KeysState.EXPIRED) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
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
