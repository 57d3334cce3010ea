from __future__ import annotations

from pathlib import Path

import pytest

from copydesk import settings
from copydesk.errors import SettingsError
from copydesk.settings import Settings


def test_settings_have_defaults_and_use_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.from_env().bind == "127.0.0.1:8000"
    monkeypatch.setenv("COPYDESK_BIND", "[::1]:9000")
    monkeypatch.setenv("COPYDESK_MAX_BODY_BYTES", "2000")
    settings = Settings.from_env()
    assert (settings.bind, settings.max_body_bytes, settings.limits()["max_body_bytes"]) == ("[::1]:9000", 2000, 2000)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("COPYDESK_BNID", "127.0.0.1:1", "COPYDESK_BIND"),
        ("COPYDESK_WORKERS", "0", "COPYDESK_WORKERS=0"),
        ("COPYDESK_WORKERS", "two", "COPYDESK_WORKERS=two"),
        ("COPYDESK_BIND", "8000", "HOST:PORT"),
        ("COPYDESK_MAX_HELD_BYTES", "94371839", "expected at least 94371840, the sum of COPYDESK_MAX_BATCH_BYTES"),
        ("COPYDESK_MAX_BATCH_BYTES", "200000000", "COPYDESK_MAX_HELD_BYTES=100663296: expected at least"),
        ("COPYDESK_MAX_BATCH_LINES", "0", "COPYDESK_MAX_BATCH_LINES=0"),
    ],
)
def test_what_cannot_be_used_refuses_to_start_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=message) as caught:
        Settings.from_env()
    assert "\n" not in str(caught.value)


def test_held_bytes_have_room_for_a_batch_and_a_single_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_MAX_HELD_BYTES", "94371840")
    settings = Settings.from_env()
    assert settings.max_held_batch_bytes == settings.max_batch_bytes
    assert settings.limits()["max_held_bytes"] == 94_371_840


@pytest.mark.parametrize(("quota", "workers"), [("100000 100000", 1), ("50000 100000", 1), ("150000 100000", 2)])
def test_there_are_as_many_workers_as_the_container_has_cpus(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, quota: str, workers: int
) -> None:
    (tmp_path / "cpu.max").write_text(quota)
    monkeypatch.setattr(settings, "_CGROUP_CPU", tmp_path / "cpu.max")
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(64)))
    assert settings.cpu_quota() == workers
    (tmp_path / "cpu.max").write_text("max 100000")
    assert settings.cpu_quota() == 64
