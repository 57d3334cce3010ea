"""Which modules may import which, and that packages have no import cycles."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from copydesk.cli.serve import REQUIRED_PACKAGES
from tests.helpers.paths import ROOT

PACKAGES = ("copydesk", "schemas", "svc")
# Modules of copydesk that are not pure functions of their arguments. A name includes all modules below it.
EDGE = (
    *("copydesk.cli", "copydesk.client", "copydesk.spark", "copydesk.__main__"),
    *("copydesk.settings", "copydesk.timeouts", "copydesk.api_keys", "copydesk._layout"),
)
MAX_TEST_NAME_CHARS = 60


@dataclass(frozen=True)
class Import:
    """An import of one module by another. Names that are not modules are those of the module that has them."""

    importer: str
    imported: str


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    """Return all modules of our packages by name."""
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return {module_name(path): path for path in sorted(paths)}


def is_within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def runtime_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes of a tree, except those for type checkers only."""
    yield node
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        children: list[ast.AST] = list(node.orelse)
    else:
        children = list(ast.iter_child_nodes(node))
    for child in children:
        yield from runtime_nodes(child)


def imported_names(module: str, node: ast.AST) -> list[str]:
    """Return the absolute names that a statement imports; none if it is not an import."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        is_package = modules()[module].name == "__init__.py"
        parents = module.split(".")
        parents = parents[: len(parents) - node.level + is_package]
        base = ".".join([*parents, *([base] if base else [])])
    return [f"{base}.{alias.name}" for alias in node.names]


@cache
def imports() -> list[Import]:
    """Return all imports at runtime, those in functions too."""
    results = []
    for module, path in modules().items():
        for node in runtime_nodes(ast.parse(path.read_text(encoding="utf-8"))):
            results += [Import(module, name) for name in imported_names(module, node)]
    return results


Rule = Callable[[str], bool]


def outside(*allowed: str) -> Rule:
    return lambda importer: not is_within(importer, *allowed)


def inside(package: str, *but: str) -> Rule:
    return lambda importer: is_within(importer, package) and not is_within(importer, *but)


# Modules that a program with only the client does not need. It imports records if it maps any.
LIBRARY = {name for name in modules() if name.count(".") == 1 and is_within(name, "copydesk")} - {
    *("copydesk.byte_fields", "copydesk.client", "copydesk.errors", "copydesk.records", "copydesk.typed_dicts")
}
# Forbidden imports.
FORBIDDEN: dict[str, tuple[Rule, tuple[str, ...]]] = {
    "schemas imports nothing of ours": (inside("schemas"), ("copydesk", "svc")),
    "copydesk does not import the service": (inside("copydesk"), ("svc", "flask", "werkzeug", "gunicorn")),
    "copydesk imports schemas in one module": (inside("copydesk", "copydesk._layout"), ("schemas",)),
    "the service imports schemas through copydesk": (inside("svc"), ("schemas",)),
    "only spark imports PySpark and Arrow": (
        outside("copydesk.spark"),
        ("pyspark", "py4j", "pyarrow", "pandas", "warcio"),
    ),
    "only the command line imports spark": (outside("copydesk.spark", "copydesk.cli.spark"), ("copydesk.spark",)),
    "only html imports the parsers of pages": (outside("copydesk.html"), ("lxml", "lxml_html_clean", "trafilatura")),
    "only client imports httpx": (outside("copydesk.client"), ("httpx",)),
    "the client does not load the library": (
        inside("copydesk.client", "copydesk.client.scrapy"),
        tuple(sorted(LIBRARY)),
    ),
    "the Scrapy pipeline loads only the contract": (
        inside("copydesk.client.scrapy"),
        tuple(sorted(LIBRARY - {"copydesk._layout", "copydesk.article", "copydesk.contract"})),
    ),
    "the core is pure": (inside("copydesk", *EDGE), ("os", "time", "socket", "random")),
}


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_imports_keep_to_the_layers(rule: str) -> None:
    applies, names = FORBIDDEN[rule]
    broken = [each for each in imports() if applies(each.importer) and is_within(each.imported, *names)]
    assert broken == []


def packages() -> list[str]:
    """Return the packages that are checked for import cycles."""
    return [name for name, path in modules().items() if path.name == "__init__.py"]


def dependencies(package: str) -> dict[str, set[str]]:
    """Return which subpackages and modules of a package import which others, without its `__init__`."""
    graph: dict[str, set[str]] = {}
    for each in imports():
        if is_within(each.importer, package) and is_within(each.imported, package):
            importer, imported = part_of(package, each.importer), part_of(package, each.imported)
            if importer and imported and importer != imported:
                graph.setdefault(importer, set()).add(imported)
    return graph


def part_of(package: str, name: str) -> str | None:
    """Return the direct child of a package that a name is in; None for the package itself and its attributes."""
    child = ".".join(name.split(".")[: package.count(".") + 2])
    return child if child in modules() and child != package else None


@pytest.mark.parametrize("package", packages())
def test_packages_have_no_import_cycles(package: str) -> None:
    try:
        TopologicalSorter(dependencies(package)).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_the_graph_sees_relative_and_late_imports() -> None:
    assert "svc.http" in dependencies("svc")["svc.routes"]
    assert Import("copydesk._layout", "schemas") in imports()
    assert Import("copydesk.article", "copydesk._layout.schemas") in imports()


def test_names_of_tests_are_short() -> None:
    """A name has at most 60 characters. The docstring has the rest."""
    files = [path for folder in ("tests", "bench", "fuzz", "tools") for path in (ROOT / folder).rglob("*.py")]
    names = [name for path in files for name in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))]
    assert len(names) >= 1_000
    assert [name for name in names if len(name) > MAX_TEST_NAME_CHARS] == []


def project() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def import_names(requirements: list[str]) -> set[str]:
    """Return the names that the packages of requirements are imported by."""
    names = {Requirement(requirement).name.replace("-", "_") for requirement in requirements}
    return {"yaml" if name == "pyyaml" else name for name in names}


def test_dependencies_are_what_the_library_imports() -> None:
    """The service and the other extras have their own."""
    optional = ("copydesk.html", "copydesk.spark", "copydesk.client.scrapy", "copydesk.cli.openapi", "svc")
    development = ("schemas.__main__", "schemas.openapi", "schemas.typed_dicts")
    roots = {
        each.imported.partition(".")[0] for each in imports() if not is_within(each.importer, *optional, *development)
    }
    has_no_module = {"tzdata"}
    assert import_names(project()["dependencies"]) == roots - sys.stdlib_module_names - {*PACKAGES} | has_no_module


def test_the_command_knows_the_packages_of_the_service() -> None:
    assert import_names(project()["optional-dependencies"]["service"]) == set(REQUIRED_PACKAGES)


def test_no_file_names_a_package_registry() -> None:
    """The environment decides where packages come from. The only URLs are those of the project itself."""
    for name in ("pyproject.toml", "Makefile", "Dockerfile", *(path.name for path in ROOT.glob("*.lock"))):
        text = (ROOT / name).read_text(encoding="utf-8")
        for url in project().get("urls", {}).values():
            text = text.replace(f'"{url}"', "")
        assert "index-url" not in text.replace("--no-emit-index-url", "")
        assert "://" not in text
