"""What the image promises to whoever runs it."""

from __future__ import annotations

import re
from pathlib import Path

DOCKERFILE = (Path(__file__).parent.parent / "Dockerfile").read_text(encoding="utf-8")


def test_it_runs_as_a_numeric_user_that_is_not_root() -> None:
    # Kubernetes can check runAsNonRoot only when the user is a number.
    (user,) = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert DOCKERFILE.index(f"USER {user}") > DOCKERFILE.rindex("COPY")


def test_it_is_told_to_stop_in_the_way_that_drains_and_says_whether_it_lives() -> None:
    assert "STOPSIGNAL SIGTERM" in DOCKERFILE
    assert re.search(r"^HEALTHCHECK .*\\\n +CMD \[", DOCKERFILE, re.MULTILINE)
    # In exec form: with a shell in front, the signal would end the shell.
    assert re.search(r'^CMD \["gunicorn"', DOCKERFILE, re.MULTILINE)


def test_it_installs_nothing_that_is_not_in_the_lock_by_its_hash() -> None:
    installs = re.findall(r"pip install (.*?)(?:&&|\n(?! ))", DOCKERFILE, re.DOTALL)
    assert len(installs) == 2
    assert all("--require-hashes" in install and "--no-deps" in install for install in installs)
