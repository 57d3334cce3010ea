"""The SBOM of the image is complete, and an audit that fails to run is not a success."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement

from copydesk import __version__
from tests.helpers.dockerfile import instructions
from tests.helpers.paths import ROOT
from tools import licences
from tools.audit import summarize

# Each package of the lock, read by another's parser than that which is tested.
PACKAGES = [
    Requirement(line.removesuffix(" \\"))
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    if line[:1].isalnum()
]
PYTHON = instructions()[0][1].partition(":")[2].partition("-")[0]
IMAGE = {
    "sys_platform": "linux",
    "implementation_name": "cpython",
    "python_version": PYTHON,
    "python_full_version": f"{PYTHON}.0",
}


def made(path: Path) -> str:
    subprocess.run([sys.executable, "-m", "tools.sbom", str(path)], cwd=ROOT, check=True)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> str:
    return made(tmp_path_factory.mktemp("sbom") / "sbom.cdx.json")


@pytest.fixture(scope="module")
def sbom(written: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written)
    return found


def test_the_bill_of_materials_is_valid_cyclonedx(written: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None


def test_it_has_each_package_of_the_lock(
    sbom: dict[str, Any],
) -> None:
    """Versions and hashes are those of the lock."""
    wanted = {
        (package.name, str(package.specifier).removeprefix("=="))
        for package in PACKAGES
        if package.marker is None or package.marker.evaluate(IMAGE)
    }
    assert len(wanted) > 30
    assert {(component["name"], component["version"]) for component in sbom["components"]} == wanted
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for component in sbom["components"]:
        assert component["purl"] == f"pkg:pypi/{component['name']}@{component['version']}"
        hashes = [told["content"] for reference in component["externalReferences"] for told in reference["hashes"]]
        assert hashes
        assert all(f"sha256:{told}" in lock for told in hashes)
    assert sum(len(component["externalReferences"][0]["hashes"]) for component in sbom["components"]) <= lock.count(
        "--hash"
    )


def test_copydesk_is_the_root_and_every_component_is_reachable(sbom: dict[str, Any]) -> None:
    root = sbom["metadata"]["component"]
    assert (root["name"], root["version"]) == ("copydesk", __version__)
    brought = {entry["ref"]: entry.get("dependsOn", []) for entry in sbom["dependencies"]}
    reached, coming = set(), [root["bom-ref"]]
    while coming:
        ref = coming.pop()
        if ref not in reached:
            reached.add(ref)
            coming += brought[ref]
    assert reached == set(brought) == {root["bom-ref"]} | {component["bom-ref"] for component in sbom["components"]}


def test_the_same_lock_gives_the_same_file(written: str, tmp_path: Path) -> None:
    assert made(tmp_path / "again.json") == written


SOUND = {"dependencies": [{"name": "flask", "version": "3.1", "vulns": []}]}
SKIPPED = {"dependencies": [*SOUND["dependencies"], {"name": "x", "skip_reason": "could not be audited"}]}
WRONG = {
    "dependencies": [{"name": "x", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}],
}


@pytest.mark.parametrize(
    ("report", "lenient", "status", "said"),
    [
        (SOUND, False, 0, "no known vulnerability"),
        (SKIPPED, False, 2, "could not be audited: 1 of 2 packages of a.lock"),
        (SKIPPED, True, 0, "could not be audited: 1 of 2 packages of a.lock"),
        (None, False, 2, "could not be audited: all of a.lock"),
        (None, True, 0, "could not be audited: all of a.lock"),
        (WRONG, False, 1, "a.lock: x 1 has PYSEC-1, fixed in 2"),
        (WRONG, True, 1, "a.lock: x 1 has PYSEC-1, fixed in 2"),
    ],
)
def test_an_audit_reports_vulnerabilities_and_failed_queries(
    report: dict[str, Any] | None,
    lenient: bool,  # noqa: FBT001
    status: int,
    said: str,
) -> None:
    assert summarize([("a.lock", report)], lenient=lenient) == (status, [said])


def test_a_vulnerability_is_reported_when_other_queries_fail() -> None:
    status, lines = summarize([("a.lock", WRONG), ("b.lock", None)], lenient=True)
    assert (status, len(lines)) == (1, 2)


def test_every_dependency_has_a_licence_that_is_accepted() -> None:
    packages = licences.list_packages()
    # The packages that the image has are a part of them.
    installed = {package.name for package in PACKAGES if package.marker is None or package.marker.evaluate()}
    assert installed <= set(packages)
    found = {package: licences.find_licence(package) for package in installed}
    assert {package: licence for package, licence in found.items() if not licences.is_accepted(licence or "")} == {}


@pytest.mark.parametrize(
    ("expression", "accepted"),
    [
        ("MIT", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("GPL-2.0-only OR LGPL-2.1-or-later", True),
        ("(GPL-2.0-only OR MIT) AND BSD-3-Clause", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("MIT AND (GPL-3.0-only OR AGPL-3.0-only)", False),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("", False),
    ],
)
def test_an_expression_is_accepted_if_all_its_parts_are(expression: str, accepted: bool) -> None:  # noqa: FBT001
    assert licences.is_accepted(expression) is accepted
