"""A real wheel in a real virtual environment, in a folder with foreign packages called `svc` and `schemas`."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_FOREIGN = 'raise ImportError("a foreign package was imported")\n'


def build_wheel(folder: Path) -> Path:
    """Build the wheel of this checkout."""
    command = ["pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def install_wheel(folder: Path, wheel: Path) -> None:
    """Create foreign packages in a folder, and a virtual environment `env` with the wheel.

    The dependencies come from the environment of the tests. Its editable install of the checkout is not visible: `.pth`
    files are not read in a folder that a `.pth` file adds.
    """
    for name in ("svc", "schemas"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(_FOREIGN)
    venv.create(folder / "env", with_pip=False, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(program(folder, "python")), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
    dependencies = next(Path(path) for path in sys.path if (Path(path) / "marshmallow").is_dir())
    site_packages = next((folder / "env" / "lib").glob("python*")) / "site-packages"
    (site_packages / "dependencies.pth").write_text(f"{dependencies}\n")


def hide_packages(folder: Path, names: Iterable[str]) -> None:
    """Make packages look as if they were not installed, for all programs that run in the folder."""
    (folder / "sitecustomize.py").write_text(f"import sys\n\nsys.modules |= dict.fromkeys({tuple(names)!r})\n")


def program(folder: Path, name: str) -> Path:
    """Return the path of a program of the virtual environment."""
    return folder / "env" / "bin" / name


def environ(folder: Path, **more: str) -> dict[str, str]:
    """Return environment variables with the foreign packages first on the path."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "COPYDESK", "PYSPARK", "SPARK"))
    }
    return inherited | {"PYTHONPATH": str(folder)} | more


def run(folder: Path, name: str, *arguments: str, stdin: str | None = None) -> str:
    """Run a program of the virtual environment and return its output."""
    completed = subprocess.run(
        [str(program(folder, name)), *arguments],
        cwd=folder,
        env=environ(folder),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stderr
    return completed.stdout
