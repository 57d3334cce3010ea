"""The rules of the house that a program can check."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted([*(ROOT / "svc").rglob("*.py"), *(ROOT / "schemas").rglob("*.py")])


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_layer_imports_only_what_it_may(path: Path) -> None:
    names = set(imports(path))
    where = path.relative_to(ROOT).parts
    if where[0] == "schemas":
        assert not [name for name in names if within(name, "svc")]
    if where[:2] == ("svc", "core"):
        assert not [name for name in names if within(name, "svc") and not within(name, "copydesk")]
        assert not [name for name in names if within(name, "os", "time", "socket", "random", "schemas", "marshmallow")]
    if where[:2] == ("svc", "client"):
        assert not [name for name in names if within(name, "svc", "schemas") and not within(name, "copydesk.client")]
    if where[:2] != ("svc", "spark"):
        assert not [name for name in names if within(name, "pyspark", "py4j", "pyarrow", "pandas", "warcio")]
        assert where == ("svc", "cli", "spark.py") or not [name for name in names if within(name, "copydesk.spark")]
    if where[:2] != ("svc", "web"):
        assert not [name for name in names if within(name, "flask", "werkzeug")]
        assert where[-1] == "wsgi.py" or not [name for name in names if within(name, "svc.http")]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 250
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name


def test_no_file_names_a_package_registry() -> None:
    for name in ("pyproject.toml", "Makefile", "Dockerfile", *(path.name for path in ROOT.glob("*.lock"))):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "index-url" not in text.replace("--no-emit-index-url", "")
        assert "://" not in text
