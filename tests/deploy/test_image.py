"""The image installs only what the lock file has, and runs as Kubernetes and Docker need it."""

from __future__ import annotations

import json
import re
import tomllib

from tests.helpers.dockerfile import instruction, instructions
from tests.helpers.paths import ROOT


def test_the_user_is_numeric_and_not_root() -> None:
    # Kubernetes can check runAsNonRoot only if the user is a number.
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", instruction("USER"))
    keywords = [keyword for keyword, _ in instructions()]
    assert keywords.index("USER") > len(keywords) - 1 - keywords[::-1].index("COPY")


def test_it_stops_gracefully_and_reports_its_health() -> None:
    assert instruction("STOPSIGNAL") == "SIGTERM"
    # In the exec form, as a shell would not pass the signal on.
    assert json.loads(instruction("CMD"))
    assert json.loads(instruction("HEALTHCHECK").partition("CMD ")[2])


def test_it_installs_only_what_the_lock_files_have() -> None:
    installs = re.findall(r"pip install ([^&]*)", " && ".join(line for word, line in instructions() if word == "RUN"))
    assert installs
    assert all("--no-deps" in install for install in installs)
    assert all("--require-hashes" in install for install in installs if not install.rstrip().endswith(" ."))


def test_it_contains_every_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    copied = {name for keyword, arguments in instructions() if keyword == "COPY" for name in arguments.split()[:-1]}
    assert {*packages, "openapi.yaml"} <= copied
    context = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{name}" for name in packages} <= set(context)
