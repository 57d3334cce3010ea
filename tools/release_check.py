"""Build a release in dist/, check it, and try it in an empty environment. Nothing is published.

`make release-check` runs this. It needs Git, and a package index for the dependencies of the wheel. The exit status is
1 if a check fails.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

from packaging.metadata import Metadata

from copydesk import __version__

ROOT = Path(__file__).parent.parent
EXTRAS = "service,html"
_DAMAGED, _CLEAN = "Russiaâ€™s cafÃ©", "Russia’s café"
# Arguments: a damaged text. Prints the text as the library repairs it, and as it reads it in a page.
_LIBRARY = """
import sys, copydesk
print(copydesk.fix_text(sys.argv[1]), copydesk.clean_page(f"<p>{sys.argv[1]}</p>").text, sep="|")
"""
# Arguments: the URL of a service that may still be starting, and a damaged text.
_CLIENT = """
import sys, copydesk
retries = copydesk.RetryPolicy(max_retries=20, initial_backoff=1, max_backoff=2, retry_first_connection=True)
with copydesk.Client(sys.argv[1], retry=retries) as client:
    article = client.clean({"text": sys.argv[2]})
print(article["version"], article["text"], sep="|")
"""


class CheckFailed(Exception):
    """A check of the release failed."""


def build(target: str, folder: Path, source: Path = ROOT) -> Path:
    """Build a distribution and return its path.

    Args:
        target: `sdist` or `wheel`.
        folder: where it is written.
        source: the directory of pyproject.toml.

    Raises:
        CheckFailed: the build failed.
    """
    run([sys.executable, "-m", "hatchling", "build", "-d", str(folder), "-t", target], source)
    return next(folder.glob("*.whl" if target == "wheel" else "*.tar.gz"))


def run(command: list[str], folder: Path, stdin: str | None = None) -> str:
    """Run a command in a folder, without settings of Python and of Copydesk, and return its output.

    Raises:
        CheckFailed: its exit status is not 0.
    """
    completed = subprocess.run(  # noqa: S603  our own commands
        command, cwd=folder, env=_environ(), input=stdin, capture_output=True, text=True, check=False
    )
    if completed.returncode:
        raise CheckFailed(f"{' '.join(command)}\n{completed.stdout}{completed.stderr}")
    return completed.stdout


def _environ() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COPYDESK"))}


def check_changelog(text: str) -> None:
    """Check that the newest version of the changelog is that of the package.

    Raises:
        CheckFailed: it is not.
    """
    versions = re.findall(r"^## (\d\S*) - \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    if versions[:1] != [__version__]:
        raise CheckFailed(f"The newest version of CHANGELOG.md is {versions[:1]}, but copydesk is {__version__}.")


def check_metadata(path: Path) -> None:
    """Check the metadata of an sdist or wheel by the rules of the package index.

    Raises:
        CheckFailed: a field is invalid, or there is no description.
    """
    try:
        metadata = Metadata.from_email(_read_metadata(path))
    except ExceptionGroup as group:
        raise CheckFailed(f"{path.name}: {'; '.join(map(str, group.exceptions))}") from group
    if not metadata.description or metadata.description_content_type != "text/markdown":
        raise CheckFailed(f"{path.name}: the description is not README.md.")


def _read_metadata(path: Path) -> bytes:
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            [name] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
            return wheel.read(name)
    with tarfile.open(path) as sdist:
        member = sdist.extractfile(f"{path.name.removesuffix('.tar.gz')}/PKG-INFO")
        return member.read() if member else b""


def check_files(sdist: Path, tracked: set[str]) -> None:
    """Check that the sdist has the files of the repository, and no others.

    Raises:
        CheckFailed: it has other files.
    """
    with tarfile.open(sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers()}
    if different := sorted((names - {"PKG-INFO"}) ^ tracked):
        raise CheckFailed(f"Files that only the sdist or only the repository has: {', '.join(different[:10])}")


def check_rebuild(sdist: Path, wheel: Path) -> None:
    """Check that the sdist gives the same wheel.

    Raises:
        CheckFailed: it gives another one.
    """
    with tempfile.TemporaryDirectory() as name:
        with tarfile.open(sdist) as archive:
            archive.extractall(name, filter="data")
        source = Path(name) / sdist.name.removesuffix(".tar.gz")
        rebuilt = build("wheel", Path(name), source)
        if rebuilt.read_bytes() != wheel.read_bytes():
            raise CheckFailed("The wheel that is built from the sdist differs from the wheel of the repository.")


def try_wheel(wheel: Path, folder: Path) -> None:
    """Install the wheel into an empty environment in a folder, and clean a text in each way.

    Raises:
        CheckFailed: it cannot be installed, or a result is wrong.
    """
    venv.create(folder / "env", with_pip=True)
    python, copydesk = (str(folder / "env" / "bin" / name) for name in ("python", "copydesk"))
    run([python, "-m", "pip", "install", "--quiet", f"{wheel}[{EXTRAS}]"], folder)
    run([python, "-m", "pip", "check"], folder)
    _compare("library", run([python, "-c", _LIBRARY, _DAMAGED], folder), f"{_CLEAN}|{_CLEAN}\n")
    _compare("--version", run([copydesk, "--version"], folder), f"copydesk {__version__}\n")
    article = json.loads(run([copydesk, "clean"], folder, stdin=_DAMAGED))
    _compare("clean", article["text"], _CLEAN)
    address = f"127.0.0.1:{_free_port()}"
    log_path = folder / "service.log"
    with (
        log_path.open("wb") as log,
        subprocess.Popen(  # noqa: S603  our own program
            [copydesk, "serve"], cwd=folder, env=_environ() | {"COPYDESK_BIND": address}, stderr=log
        ) as service,
    ):
        try:
            output = run([python, "-c", _CLIENT, f"http://{address}", _DAMAGED], folder)
        except CheckFailed as error:
            raise CheckFailed(f"{error}\nLog of the service:\n{log_path.read_text(encoding='utf-8')}") from error
        finally:
            service.terminate()
    _compare("service", output, f"{__version__}|{_CLEAN}\n")


def _compare(name: str, result: str, expected: str) -> None:
    if result != expected:
        raise CheckFailed(f"{name}: {result!r} instead of {expected!r}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def check_release(folder: Path) -> None:
    """Build a release in a folder, and check and try it.

    Raises:
        CheckFailed: a check failed.
    """
    check_changelog((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    shutil.rmtree(folder, ignore_errors=True)
    sdist, wheel = build("sdist", folder), build("wheel", folder)
    for path in (sdist, wheel):
        print(f"built {path.relative_to(ROOT)}, {path.stat().st_size / 1e6:.1f} MB")
        check_metadata(path)
    check_files(sdist, set(run(["git", "ls-files", "-z"], ROOT).strip("\0").split("\0")))
    check_rebuild(sdist, wheel)
    print("metadata and files are right; the sdist gives the same wheel")
    with tempfile.TemporaryDirectory() as name:
        try_wheel(wheel, Path(name))
    print("an empty environment cleans a text with the library, the command and the service")


def main() -> int:
    """Check the release and return the exit status."""
    try:
        check_release(ROOT / "dist")
    except CheckFailed as error:
        print(f"release-check failed: {error}", file=sys.stderr)
        return 1
    print(f"copydesk {__version__} can be released: see RELEASING.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
