"""Clients that two generators make of `openapi.yaml` have exact types and call every operation."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from schemas.openapi import PATH
from tests.clients.conftest import Service, run
from tests.clients.results import EXPECTED

PROGRAMS = Path(__file__).parent / "programs"
# The package sends a body of bytes as the last of these media types.
CONFIG = """\
package_name_override: copydesk_package
post_hooks: []
content_type_overrides:
  application/xml: application/octet-stream
"""
MODELS_OPTIONS = [
    *("--input-file-type", "openapi", "--output-model-type", "pydantic_v2.BaseModel"),
    # Without these, mypy does not understand limits, defaults and booleans.
    *("--use-annotated", "--set-default-enum-member", "--collapse-root-models"),
]


@pytest.fixture(scope="session")
def package(generators: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a program with the package of openapi-python-client beside it."""
    directory = tmp_path_factory.mktemp("package")
    (directory / "config.yaml").write_text(CONFIG, encoding="utf-8")
    command = ["bin/openapi-python-client", "generate", "--path", str(PATH), "--config", "config.yaml"]
    run(generators, directory, *command, "--meta", "none", "--output-path", "copydesk_package")
    return Path(shutil.copy(PROGRAMS / "package_client.py", directory))


@pytest.fixture(scope="session")
def models(generators: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a program with the models of datamodel-code-generator beside it."""
    directory = tmp_path_factory.mktemp("models")
    command = ["bin/datamodel-codegen", "--input", str(PATH), "--output", "copydesk_models.py", *MODELS_OPTIONS]
    run(generators, directory, *command)
    return Path(shutil.copy(PROGRAMS / "models_client.py", directory))


@pytest.fixture(params=["package", "models"])
def program(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


def call(generators: Path, program: Path, service: Service) -> Any:
    return json.loads(run(generators, program.parent, "bin/python", program, service.url, service.key))


def test_the_client_and_its_use_are_typed(generators: Path, program: Path) -> None:
    run(generators, program.parent, "bin/mypy", "--strict", ".")


def test_the_client_calls_every_operation(generators: Path, program: Path, service: Service) -> None:
    assert call(generators, program, service) == EXPECTED


def test_the_client_reads_responses_with_added_fields(generators: Path, program: Path, later_service: Service) -> None:
    assert call(generators, program, later_service) == EXPECTED


def test_requests_with_unknown_fields_are_errors_of_the_models(generators: Path, models: Path) -> None:
    code = "import copydesk_models as m; m.RawArticle.model_validate({'text': 'x', 'autors': 'y'})"
    with pytest.raises(AssertionError, match="Extra inputs are not permitted"):
        run(generators, models.parent, "bin/python", "-c", code)
