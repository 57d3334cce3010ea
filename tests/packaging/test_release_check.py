"""`make release-check` accepts the release of this checkout, and rejects wrong ones."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from copydesk import __version__
from tests.helpers.paths import ROOT
from tools import release_check
from tools.release_check import CheckFailed


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release_check.build("sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release_check.build("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def files() -> set[str]:
    """Return the files of the repository, with new ones that are not committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return set(listed.strip("\0").split("\0"))


def test_the_sdist_has_all_files_and_gives_the_same_wheel(sdist: Path, wheel: Path, files: set[str]) -> None:
    release_check.check_files(sdist, files)
    release_check.check_rebuild(sdist, wheel)
    for path in (sdist, wheel):
        release_check.check_metadata(path)


def test_an_sdist_with_other_files_is_rejected(sdist: Path, files: set[str]) -> None:
    with pytest.raises(CheckFailed, match=r"secret\.txt"):
        release_check.check_files(sdist, files | {"secret.txt"})
    with pytest.raises(CheckFailed, match=r"README\.md"):
        release_check.check_files(sdist, files - {"README.md"})


def test_an_sdist_that_gives_another_wheel_is_rejected(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    other = tmp_path / wheel.name
    shutil.copy(wheel, other)
    with zipfile.ZipFile(other, "a") as archive:
        archive.writestr("copydesk/added.py", "")
    with pytest.raises(CheckFailed, match="differs"):
        release_check.check_rebuild(sdist, other)


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ("Metadata-Version: 2.4\nName: copydesk\nVersion: one\n", "version"),
        ("Metadata-Version: 2.4\nName: copydesk\nVersion: 1\nRequires-Dist: a b\n", "requires"),
        ("Metadata-Version: 2.4\nName: copydesk\nVersion: 1\n", "description"),
    ],
)
def test_invalid_metadata_is_rejected(tmp_path: Path, metadata: str, message: str) -> None:
    (tmp_path / "PKG-INFO").write_text(metadata)
    path = tmp_path / "copydesk-1.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(tmp_path / "PKG-INFO", "copydesk-1/PKG-INFO")
    with pytest.raises(CheckFailed, match=message):
        release_check.check_metadata(path)


def test_the_changelog_has_the_version_of_the_package() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    release_check.check_changelog(text)
    with pytest.raises(CheckFailed, match=__version__):
        release_check.check_changelog(text.replace(__version__, "0.0.1"))
