"""Where the packages of the repository are.

A checkout has `schemas/`, `svc/` and `openapi.yaml` next to `copydesk/`. A wheel has them inside `copydesk/`, so that
it installs no package with a generic name. Only this module handles the difference.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

_INSTALLED: Final = find_spec("copydesk.schemas") is not None

if TYPE_CHECKING:
    import schemas
elif _INSTALLED:
    from copydesk import schemas
else:
    import schemas

__all__ = ["OPENAPI_PATH", "SERVICE_PACKAGE", "schemas"]

_HERE: Final = Path(__file__).parent

SERVICE_PACKAGE: Final = "copydesk.svc" if _INSTALLED else "svc"
"""The import name of the HTTP service."""

OPENAPI_PATH: Final = (_HERE if _INSTALLED else _HERE.parent) / "openapi.yaml"
"""The path of the OpenAPI document."""
