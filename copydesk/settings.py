"""Settings of the command and the service, from `COPYDESK_*` environment variables."""

from __future__ import annotations

import ipaddress
import math
import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from environs import Env, EnvValidationError, validate
from marshmallow import ValidationError

from copydesk.errors import SettingsError
from copydesk.limits import Limits

PREFIX = "COPYDESK_"

_CGROUP_CPU = Path("/sys/fs/cgroup/cpu.max")
_BIND_ADDRESS = re.compile(r"unix:.+|(?:\[[0-9a-fA-F:]+\]|[^:/\s\[\]]+):(\d{1,5})")
_MAX_PORT = 65_535
# As a browser sends it: without a path or a final slash (RFC 6454).
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")

RANGES: Final[dict[str, tuple[float, float | None]]] = {
    "max_body_bytes": (1, None),
    "max_text_characters": (1, None),
    "max_batch_articles": (1, None),
    "max_json_depth": (1, None),
    "max_decompressed_bytes": (1, None),
    "max_batch_bytes": (1, None),
    "max_batch_lines": (1, None),
    "max_held_bytes": (1, None),
    "workers": (1, None),
    "max_requests": (0, None),
    "queue_timeout": (0, None),
    "article_timeout": (0.1, None),
    "socket_timeout": (0.1, None),
    "body_timeout": (0.1, None),
    "drain_timeout": (0, None),
    "log_sample_rate": (0, 1),
    "api_keys_grace_period": (0, None),
}
"""The least and the largest value of each setting that is a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Limits):
    """The settings. Each has the name of its variable in lower case.

    Sizes are in bytes, text in code points, times in seconds. An empty list is the default of lists.

    Attributes:
        bind: listen address, `HOST:PORT` or `unix:PATH`. The container image sets `0.0.0.0:8000`.
        workers: worker processes. The variable's default includes the CPU quota of a container.
        max_requests: requests before a worker is replaced, ± 20 %; 0: never.
        max_decompressed_bytes: request body after decompression.
        max_batch_bytes: NDJSON batch, both compressed and decompressed.
        max_batch_lines: lines in an NDJSON batch, including blank lines.
        max_held_bytes: request and response bodies in the memory of a worker; at least the sum of `max_batch_bytes`,
            `max_body_bytes` and `max_decompressed_bytes`.
        queue_timeout: time in the queue before a request is rejected as `overloaded`.
        socket_timeout: time to receive a request head, time without data in a request body, and time to send 64 KiB
            of a response.
        body_timeout: time to receive a request body.
        drain_timeout: time between SIGTERM and shutdown, while `/readyz` responds with 503.
        log_sample_rate: share of requests that are logged; server errors are always logged.
        api_keys_file: file of API keys; without it, requests need no key.
        api_keys_grace_period: time that the last valid keys are accepted while the file is invalid.
        cors_origins: allowed origins (CORS): `https://a.example,https://b.example`.
        trusted_proxies: addresses or networks with a trusted `X-Forwarded-For`, for the log: `10.0.0.0/8`.
    """

    bind: str = "127.0.0.1:8000"
    workers: int = 1
    max_requests: int = 0
    max_decompressed_bytes: int = 16 * 1024 * 1024
    max_batch_bytes: int = 64 * 1024 * 1024
    max_batch_lines: int = 100_000
    max_held_bytes: int = 96 * 1024 * 1024
    queue_timeout: float = 0.25
    socket_timeout: float = 15.0
    body_timeout: float = 60.0
    drain_timeout: float = 5.0
    log_sample_rate: float = 1.0
    api_keys_file: Path | None = None
    api_keys_grace_period: float = 300.0
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()

    @classmethod
    def from_env(cls) -> Settings:
        """Read the settings from the environment.

        Raises:
            SettingsError: a `COPYDESK_*` variable is unknown or has an invalid value. The message is one line.
        """
        _reject_unknown()
        default = cls()
        env = Env(eager=False, prefix=PREFIX)
        numbers = asdict(default) | {"workers": cpu_quota()}
        values: dict[str, Any] = {
            name: _number_reader(env, numbers[name])(
                name.upper(), numbers[name], validate=validate.Range(min=minimum, max=maximum)
            )
            for name, (minimum, maximum) in RANGES.items()
        } | {
            "bind": env.str("BIND", default.bind, validate=_is_bind_address),
            "api_keys_file": env.path("API_KEYS_FILE", None),
            "cors_origins": env.list("CORS_ORIGINS", [], validate=_are_origins),
            "trusted_proxies": env.list("TRUSTED_PROXIES", [], validate=_are_networks),
        }
        try:
            env.seal()
        except EnvValidationError as error:
            raise SettingsError(_one_line(error)) from error
        _check_held_bytes(values)
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return cls(**(values | lists))

    def limits(self) -> dict[str, int]:
        """Return the limits that a client should know, by name."""
        return {
            name: value for name, value in asdict(self).items() if name.startswith("max_") and name != "max_requests"
        }

    @property
    def max_held_batch_bytes(self) -> int:
        """The part of `max_held_bytes` that batches may take: the largest single request always has room."""
        return self.max_held_bytes - self.max_body_bytes - self.max_decompressed_bytes

    def is_public(self) -> bool:
        """Return whether other machines can reach the service."""
        host = self.bind.rpartition(":")[0].strip("[]")
        try:
            return not ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host != "localhost" and not self.bind.startswith("unix:")


def cpu_quota() -> int:
    """Return the number of CPUs of this process, rounded up: the container's quota (cgroup v2) or the CPU affinity.

    `os.cpu_count()` ignores both.
    """
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = _CGROUP_CPU.read_text().split()
    except OSError:
        return affinity
    return affinity if quota == "max" else min(affinity, math.ceil(int(quota) / int(period)))


def _number_reader(env: Env, default: float) -> Callable[..., Any]:
    return env.int if isinstance(default, int) else env.float


def _check_held_bytes(values: dict[str, Any]) -> None:
    """Reject a budget without room for the largest batch and the largest single request, as sent and decompressed."""
    minimum = values["max_batch_bytes"] + values["max_body_bytes"] + values["max_decompressed_bytes"]
    if values["max_held_bytes"] < minimum:
        raise SettingsError(
            f"{PREFIX}MAX_HELD_BYTES={values['max_held_bytes']}: expected at least {minimum}, the sum of "
            f"{PREFIX}MAX_BATCH_BYTES, {PREFIX}MAX_BODY_BYTES and {PREFIX}MAX_DECOMPRESSED_BYTES"
        )


def _is_bind_address(address: str) -> None:
    match = _BIND_ADDRESS.fullmatch(address)
    if not match or int(match[1] or 0) > _MAX_PORT:
        raise ValidationError(f"expected HOST:PORT with a port up to {_MAX_PORT}, or unix:PATH")


def _are_origins(origins: list[str]) -> None:
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValidationError(
                f"invalid origin {origin!r}: expected a comma-separated list such as https://a.example,https://b.example"
            )


def _are_networks(networks: list[str]) -> None:
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise ValidationError(
                f"invalid network {network!r}: expected a comma-separated list such as 10.0.0.0/8,192.0.2.1"
            ) from error


def _reject_unknown() -> None:
    names = [PREFIX + field.name.upper() for field in fields(Settings)]
    for name in os.environ:
        if name.startswith(PREFIX) and name not in names:
            nearest = get_close_matches(name, names, n=1, cutoff=0)[0]
            raise SettingsError(f"{name} is not a setting. Did you mean {nearest}?")


def _one_line(error: EnvValidationError) -> str:
    messages = error.error_messages
    by_name = messages.items() if isinstance(messages, dict) else [("", messages)]
    return "; ".join(f"{name}={os.environ.get(name, '')}: {' '.join(map(str, texts))}" for name, texts in by_name)
