"""Probes: requests of machines for the health and the metrics, every few seconds."""

from __future__ import annotations

from typing import Final

PROBE_PATHS: Final = ("/livez", "/readyz", "/metrics")
