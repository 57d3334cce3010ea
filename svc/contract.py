"""Where the contract lies: openapi.yaml, beside the packages in a checkout, inside svc in an installed wheel."""

from pathlib import Path

_HERE = Path(__file__).parent
PATH = next(path for path in (_HERE / "openapi.yaml", _HERE.parent / "openapi.yaml") if path.exists())
