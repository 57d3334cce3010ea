"""Collect the files of the image. The Dockerfile runs this in its first stage.

    python image_files.py prune DIRECTORY   remove what the service does not use of installed packages, and strip them
    python image_files.py collect TARGET    copy Python, and what it needs of Debian, to a new root

The image has no package manager, Perl or manuals. It has a shell and the commands of coreutils and grep, to look at a
running container. `/var/lib/dpkg/status` has the Debian packages of its files, so that scanners find them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

# Files that only tests, type checkers and C compilers read.
UNUSED: Final = ("tests", "*.pyi", "*.h", "*.c", "*.pxd", "*.pxi", "*.pyx", "*.a", "*.lib", "__pycache__")
# Of these directories, only the files with these names are used.
USED_NAMES: Final = {
    # courlan imports babel for the languages of links, which trafilatura does not filter unless asked to.
    "babel/locale-data": ("root.dat", "en.dat"),
    # svc/routes/docs.py serves two of them.
    "flask_swagger_ui/dist": ("LICENSE", "VERSION", "swagger-ui-bundle.js", "swagger-ui.css"),
}
# Of the standard library: graphical programs, tests, pip, and the files to embed Python.
_UNUSED_STDLIB: Final = (
    *("config-*", "ensurepip", "idlelib", "lib2to3", "pydoc_data", "site-packages", "test", "tests", "tkinter"),
    *("turtle.py", "turtledemo", "_test*.so", "_tkinter*.so", "__pycache__"),
)
_COMMAND_PACKAGES: Final = ("coreutils", "dash", "grep")
_MORE_FILES: Final = (
    *("/usr/bin/which", "/etc/group", "/etc/ld.so.cache", "/etc/nsswitch.conf", "/etc/os-release", "/etc/passwd"),
    *("/etc/debian_version", "/etc/ssl/certs/ca-certificates.crt"),
)
_USR_LINKS: Final = ("/bin", "/lib", "/lib64", "/sbin")


def prune(directory: Path) -> None:
    """Remove the files of packages that the service does not use, and the symbols of their shared libraries.

    Args:
        directory: a directory of packages (`site-packages`).
    """
    for path in list_unused(directory):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)  # its directory has been removed
    # Libraries of wheels with bundled libraries (NAME.libs) were patched for them. Stripping may break these.
    patched = {path.name.removesuffix(".libs") for path in directory.glob("*.libs")}
    _strip(path for path in directory.rglob("*.so") if path.relative_to(directory).parts[0] not in patched)


def list_unused(directory: Path) -> list[Path]:
    """Return the files and directories of packages that the service does not use."""
    unused = [path for path in directory.rglob("*") if any(fnmatchcase(path.name, pattern) for pattern in UNUSED)]
    for name, used in USED_NAMES.items():
        unused += [path for path in (directory / name).iterdir() if path.name not in used]
    return unused


def collect(target: Path) -> None:
    """Copy Python, and what it needs of Debian, to a new root.

    Args:
        target: the new root, a directory that does not exist yet.
    """
    for link in map(Path, _USR_LINKS):
        if link.is_symlink():
            (target / link.readlink()).mkdir(parents=True, exist_ok=True)
            (target / link.relative_to("/")).symlink_to(link.readlink())
    stdlib = Path(sysconfig.get_path("stdlib"))
    shutil.copytree(stdlib, target / stdlib.relative_to("/"), ignore=shutil.ignore_patterns(*_UNUSED_STDLIB))
    names = ("python", "python3", stdlib.name)
    python = [*(Path(sys.base_prefix, "bin", name) for name in names), *stdlib.parent.glob("libpython*.so*")]
    for path in python:
        _copy(path, target, follow_symlinks=False)
    _strip(path for path in (target / "usr/local/lib").rglob("*.so*") if not path.is_symlink())

    commands = [path for path in _list_files(_COMMAND_PACKAGES) if path.parent.name == "bin"]
    modules = [path for directory in (stdlib, Path(sys.prefix)) for path in directory.rglob("*.so")]
    libraries = _list_libraries([*python, *commands, *modules])
    for path in [*commands, *libraries, *map(Path, _MORE_FILES)]:
        _copy(path, target)
    _copy_package_records([*commands, *libraries], target)
    (target / "tmp").mkdir(mode=0o1777)
    (target / "tmp").chmod(0o1777)  # whatever the umask is


def _strip(libraries: Iterable[Path]) -> None:
    """Remove the symbols of shared libraries that only a debugger reads."""
    for path in libraries:
        _run("strip", "--strip-unneeded", str(path))


def _copy(path: Path, target: Path, *, follow_symlinks: bool = True) -> None:
    copy = target / (path.parent.resolve() / path.name).relative_to("/")
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, copy, follow_symlinks=follow_symlinks)


def _list_libraries(binaries: Iterable[Path]) -> list[Path]:
    """Return the shared libraries of Debian that binaries need, including the loader."""
    output = _run("ldd", *map(str, binaries), may_fail=True)  # it fails for binaries without libraries
    fields = (line.partition("=>")[2] or line for line in output.splitlines() if "(0x" in line)
    paths = {Path(field.split()[0]) for field in fields if field.strip().startswith("/")}
    own = (Path(sys.base_prefix), Path(sys.prefix))
    return sorted(path for path in paths if not any(path.resolve().is_relative_to(prefix) for prefix in own))


def _list_files(packages: Iterable[str]) -> list[Path]:
    """Return the files of Debian packages."""
    paths = map(Path, _run("dpkg-query", "--listfiles", *packages).splitlines())
    return sorted({path for path in paths if path.is_file()})


def _copy_package_records(files: Iterable[Path], target: Path) -> None:
    """Copy the record and the licence of each Debian package that has one of the files."""
    # Debian moves files to /usr, and its records may still have the old path.
    patterns = [f"*/{path.parent.name}/{path.name}" for path in files]
    owners = _run("dpkg-query", "--search", *patterns, may_fail=True)
    owner_lines = (line for line in owners.splitlines() if not line.startswith("diversion "))
    packages = sorted({line.partition(":")[0] for line in owner_lines} | {"base-files", "ca-certificates"})
    status = target / "var/lib/dpkg/status"
    status.parent.mkdir(parents=True)
    status.write_text(_run("dpkg-query", "--status", *packages), encoding="utf-8")
    licences = [Path("/usr/share/doc", package, "copyright") for package in packages]
    for path in [*licences, *Path("/usr/share/common-licenses").iterdir()]:
        _copy(path, target)


def _run(*command: str, may_fail: bool = False) -> str:
    completed = subprocess.run(command, check=not may_fail, stdout=subprocess.PIPE, text=True)  # noqa: S603  programs of Debian
    return completed.stdout


if __name__ == "__main__":
    {"prune": prune, "collect": collect}[sys.argv[1]](Path(sys.argv[2]))
