"""The files for contributors and maintainers name programs, paths and addresses that exist."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

import copydesk
from copydesk import fingerprint
from tests.helpers.paths import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
SCHEMAS = {
    **dict.fromkeys(WORKFLOWS, "github-workflows"),
    **dict.fromkeys(FORMS, "github-issue-forms"),
    GITHUB / "ISSUE_TEMPLATE" / "config.yml": "github-issue-config",
}
GUIDES = [ROOT / f"{name}.md" for name in ("CONTRIBUTING", "SECURITY", "CODE_OF_CONDUCT", "RELEASING")]
CONTRIBUTING, _, _, RELEASING = (path.read_text(encoding="utf-8") for path in GUIDES)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
HOMEPAGE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Homepage"]


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_github_file_is_valid(path: Path) -> None:
    schema = files("check_jsonschema.builtin_schemas.vendor") / f"{SCHEMAS[path]}.json"
    validator = jsonschema_rs.validator_for(json.loads(schema.read_text("utf-8")))
    # YAML 1.1 reads the key `on` as true.
    document = {"on" if key is True else key: value for key, value in load(path).items()}
    assert [error.message for error in validator.iter_errors(document)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_the_workflow_runs_ci_run_with_pinned_actions(path: Path) -> None:
    workflow = load(path)
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    # Before it, Git is told that the workspace of another user is safe.
    assert [step["run"] for step in steps if "run" in step][1:] == [".ci/run"]
    assert workflow["permissions"] == {"contents": "read"}
    used = re.findall(r"uses: (.+)", path.read_text(encoding="utf-8"))
    assert len(used) == sum("uses" in step for step in steps)
    assert [action for action in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}  # v\d+(\.\d+)*", action)] == []


def test_hooks_are_local_and_a_part_of_make_check() -> None:
    [repository] = load(ROOT / ".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    checks = re.findall(r"^\t@\$\(BIN\)/(.+)$", MAKEFILE, re.MULTILINE)
    for hook in repository["hooks"]:
        command = hook["entry"].removeprefix(".venv/bin/").replace(" --force-exclude", "")
        assert any(check in (command, f"{command} .") for check in checks), command


@pytest.mark.parametrize(
    "path", [*GUIDES, ROOT / "docs" / "explanation" / "architecture.md"], ids=lambda path: path.name
)
def test_a_guide_names_existing_commands_and_paths(path: Path) -> None:
    text = re.sub(r"https://\S+", "", path.read_text(encoding="utf-8"))
    targets = {word for words in re.findall(r"(?:`|^)make ([a-z -]+)", text, re.MULTILINE) for word in words.split()}
    assert [target for target in targets if not re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)] == []
    modules = re.findall(r"python -m ((?:bench|tools)\.[\w.]+)", text)
    paths = {f"{module.replace('.', '/')}.py" for module in modules}
    paths |= set(re.findall(r"\b(?:copydesk|schemas|svc|tools|tests|bench|docs|deploy)/[\w/.-]*[\w/]", text))
    assert [name for name in sorted(paths) if not (ROOT / name).exists()] == []


def test_the_guides_have_commands_and_paths() -> None:
    assert {"check", "model", "test"} <= set(re.findall(r"make ([a-z]+)", CONTRIBUTING))
    assert "make release-check" in RELEASING
    assert "tests/cases/repair.json" in CONTRIBUTING


@pytest.mark.parametrize("path", [*GUIDES, *GITHUB.rglob("*.*")], ids=lambda path: path.name)
def test_addresses_are_those_of_pyproject(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"[\w.]+@[\w.]+\.\w{2,}", text) == []
    assert [link for link in re.findall(r"https://github\.com/[^\s)]+", text) if not link.startswith(HOMEPAGE)] == []


def test_the_case_of_contributing_is_a_case_of_repair() -> None:
    [case] = (json.loads(line) for line in re.findall(r'^ +(\{"label".+\})$', CONTRIBUTING, re.MULTILINE))
    others = json.loads((ROOT / "tests/cases/repair.json").read_text(encoding="utf-8"))
    assert set.intersection(*map(set, others)) == case.keys()
    assert copydesk.fix_text(case["damaged"]) == case["expect"] != case["damaged"]


def test_files_with_the_version_have_the_current_one() -> None:
    named = ["openapi.yaml", *(str(path.relative_to(ROOT)) for path in (ROOT / "deploy/k8s/overlays").glob("*/*.yaml"))]
    found = {
        (name, version)
        for name in named
        for version in re.findall(r"(?:version|newTag): (\d+\.\d+\.\d+)", (ROOT / name).read_text(encoding="utf-8"))
    }
    assert len(found) >= 3
    assert {version for _, version in found} == {copydesk.__version__}


def test_the_policy_names_the_version_of_the_fingerprint() -> None:
    [version] = re.findall(r"This is version (\d+) of the algorithm", fingerprint.__doc__ or "")
    assert f"later releases version {version}." in " ".join(RELEASING.split())
