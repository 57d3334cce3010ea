"""Settings: what an operator may set, read once from `COPYDESK_*` variables."""

from __future__ import annotations

import math
import os
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from pathlib import Path

from environs import Env, EnvValidationError, validate

from svc.errors import SettingsError

PREFIX = "COPYDESK_"

_CGROUP_CPU = Path("/sys/fs/cgroup/cpu.max")
_ADDRESS = r"unix:.+|(?:\[[0-9a-fA-F:]+\]|[^:/\s\[\]]+):\d{1,5}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings, each with its variable's name in lower case.

    Sizes are in bytes, text in code points, times in seconds.
    """

    bind: str = "127.0.0.1:8000"
    workers: int = 1
    max_body_bytes: int = 10 * 1024 * 1024
    max_inflated_bytes: int = 32 * 1024 * 1024
    max_text_characters: int = 1_000_000
    max_batch_articles: int = 1_000
    max_batch_bytes: int = 64 * 1024 * 1024
    max_json_depth: int = 64

    @classmethod
    def from_env(cls) -> Settings:
        """Read the settings from the process's environment.

        Raises:
            SettingsError: a variable of ours is unknown or its value can't be used. The message is one line.
        """
        _refuse_unknown()
        default = cls()
        env = Env(eager=False, prefix=PREFIX)
        positive = validate.Range(min=1)
        bind = env.str("BIND", default.bind, validate=validate.Regexp(_ADDRESS, error="Send HOST:PORT or unix:PATH."))
        numbers = {name: env.int(name.upper(), getattr(default, name), validate=positive) for name in default.limits()}
        workers = env.int("WORKERS", cpu_quota(), validate=positive)
        try:
            env.seal()
        except EnvValidationError as error:
            raise SettingsError(_one_line(error)) from error
        return cls(bind=bind, workers=workers, **numbers)

    def limits(self) -> dict[str, int]:
        """Return the limits that a caller should know, by name."""
        return {name: value for name, value in asdict(self).items() if name.startswith("max_")}


def cpu_quota() -> int:
    """Return how many CPUs this process may use, rounded up: the container's quota (cgroup v2), else its affinity.

    `os.cpu_count()` tells of the machine, which in a container is somebody else's.
    """
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = _CGROUP_CPU.read_text().split()
    except OSError:
        return affinity
    return affinity if quota == "max" else min(affinity, math.ceil(int(quota) / int(period)))


def _refuse_unknown() -> None:
    known = [PREFIX + field.name.upper() for field in fields(Settings)]
    for name in os.environ:
        if name.startswith(PREFIX) and name not in known:
            nearest = get_close_matches(name, known, n=1, cutoff=0)[0]
            raise SettingsError(f"{name} is not a setting. Did you mean {nearest}?")


def _one_line(error: EnvValidationError) -> str:
    messages = error.error_messages
    by_name = messages.items() if isinstance(messages, dict) else [("", messages)]
    return "; ".join(f"{name}={os.environ.get(name, '')}: {' '.join(map(str, said))}" for name, said in by_name)
