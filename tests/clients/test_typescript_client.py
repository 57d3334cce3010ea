"""A TypeScript client with the types that openapi-typescript makes of `openapi.yaml` calls every operation."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from schemas.openapi import PATH
from tests.clients.conftest import Service, run
from tests.clients.results import EXPECTED

SOURCES = Path(__file__).parent / "typescript"
# A body of type string is sent in UTF-8.
EXPECTED_HERE = EXPECTED | {"page": ["Кафе закрыто из-за наводнения.", "utf-8", "news.example", "und"]}


@pytest.fixture(scope="module")
def program(generators: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the compiled program. Type errors fail."""
    node, modules = shutil.which("node"), generators / "node_modules"
    if not node or not modules.is_dir():
        pytest.skip("TypeScript needs Node.js and npm, and there is none")
    directory = tmp_path_factory.mktemp("typescript")
    for name in ("package.json", "tsconfig.json", "client.ts"):
        shutil.copy(SOURCES / name, directory)
    (directory / "node_modules").symlink_to(modules)
    run(modules, directory, ".bin/openapi-typescript", PATH, "--output", "schema.d.ts")
    run(modules, directory, ".bin/tsc", "--strict")
    return directory / "client.js"


@pytest.mark.parametrize("service_name", ["service", "later_service"])
def test_the_client_calls_every_operation(request: pytest.FixtureRequest, program: Path, service_name: str) -> None:
    service: Service = request.getfixturevalue(service_name)
    node = Path(str(shutil.which("node")))
    output = run(node.parent, program.parent, node.name, program, service.url, service.key)
    assert json.loads(output) == EXPECTED_HERE
