"""Settings: what an operator may set, read once from `COPYDESK_*` variables."""

from __future__ import annotations

import ipaddress
import math
import os
import re
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from environs import Env, EnvValidationError, validate
from marshmallow import ValidationError

from svc.errors import SettingsError

PREFIX = "COPYDESK_"

_CGROUP_CPU = Path("/sys/fs/cgroup/cpu.max")
_IS_ADDRESS = validate.Regexp(
    r"unix:.+|(?:\[[0-9a-fA-F:]+\]|[^:/\s\[\]]+):\d{1,5}", error="Send HOST:PORT or unix:PATH."
)
# As a browser sends it: no path, no slash at the end (RFC 6454).
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings, each with its variable's name in lower case.

    Sizes are in bytes, text in code points, times in seconds. `docs/operations.md` tells what each is for.
    """

    bind: str = "127.0.0.1:8000"
    workers: int = 1
    max_requests: int = 0
    max_body_bytes: int = 10 * 1024 * 1024
    max_inflated_bytes: int = 32 * 1024 * 1024
    max_text_characters: int = 1_000_000
    max_batch_articles: int = 1_000
    max_batch_bytes: int = 64 * 1024 * 1024
    max_json_depth: int = 64
    queue_wait: float = 0.25
    article_seconds: float = 10.0
    socket_timeout: float = 15.0
    drain_seconds: float = 5.0
    log_sample: float = 1.0
    api_keys_file: Path | None = None
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()

    @classmethod
    def from_env(cls) -> Settings:
        """Read the settings from the process's environment.

        Raises:
            SettingsError: a variable of ours is unknown or its value can't be used. The message is one line.
        """
        _refuse_unknown()
        default = cls()
        env = Env(eager=False, prefix=PREFIX)
        limits = {name: env.int(name.upper(), most, validate=_at_least(1)) for name, most in default.limits().items()}
        told: dict[str, Any] = limits | {
            "bind": env.str("BIND", default.bind, validate=_IS_ADDRESS),
            "workers": env.int("WORKERS", cpu_quota(), validate=_at_least(1)),
            "max_requests": env.int("MAX_REQUESTS", default.max_requests, validate=_at_least(0)),
            "queue_wait": env.float("QUEUE_WAIT", default.queue_wait, validate=_at_least(0)),
            "article_seconds": env.float("ARTICLE_SECONDS", default.article_seconds, validate=_at_least(0.1)),
            "socket_timeout": env.float("SOCKET_TIMEOUT", default.socket_timeout, validate=_at_least(0.1)),
            "drain_seconds": env.float("DRAIN_SECONDS", default.drain_seconds, validate=_at_least(0)),
            "log_sample": env.float("LOG_SAMPLE", default.log_sample, validate=validate.Range(min=0, max=1)),
            "api_keys_file": env.path("API_KEYS_FILE", None),
            "cors_origins": env.list("CORS_ORIGINS", [], validate=_each_origin),
            "trusted_proxies": env.list("TRUSTED_PROXIES", [], validate=_each_network),
        }
        try:
            env.seal()
        except EnvValidationError as error:
            raise SettingsError(_one_line(error)) from error
        lists = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
        return cls(**(told | lists))

    def limits(self) -> dict[str, int]:
        """Return the limits that a caller should know, by name."""
        told = asdict(self)
        return {name: told[name] for name in told if name.startswith("max_") and name != "max_requests"}

    def is_public(self) -> bool:
        """Tell whether others than this machine may reach the service."""
        host = self.bind.rpartition(":")[0].strip("[]")
        try:
            return not ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host != "localhost" and not self.bind.startswith("unix:")


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


def _at_least(least: float) -> validate.Range:
    return validate.Range(min=least)


def _each_origin(origins: list[str]) -> None:
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValidationError(f"{origin!r} is no origin; send them as https://news.example, with commas between.")


def _each_network(networks: list[str]) -> None:
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise ValidationError(f"{network!r} is no address or network; send 10.0.0.0/8, with commas.") from error


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
