"""The image installs only what the lock file has, and runs as Kubernetes and Docker need it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

from copydesk import __version__
from tests.helpers.dockerfile import instruction, instructions
from tests.helpers.paths import DEPLOY, ROOT
from tools import image_files

# Cleans the examples and serves the web pages, and prints the paths of the files that were opened.
OPENED = """
import sys
opened = set()
sys.addaudithook(lambda event, args: opened.add(args[0]) if event == "open" and type(args[0]) is str else None)
from copydesk.settings import Settings
from svc.app import create_app
client = create_app(Settings()).test_client()
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        assert client.post("/v1/articles", data=file.read(), content_type="text/html").status_code in (200, 422)
names = [part.split('"')[0] for part in client.get("/docs").text.split('"docs/')[1:]]
assert len(names) > 2
for path in ("/", "/metrics", *(f"/docs/{name}" for name in names)):
    assert client.get(path).status_code == 200
print(*opened, sep="\\n")
"""


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


def test_the_base_has_the_versions_of_python_and_debian() -> None:
    bases = [arguments.split()[0] for keyword, arguments in instructions() if keyword == "FROM"]
    assert bases[-1] == "scratch"
    assert all(re.fullmatch(r"python:3\.\d+-slim-[a-z]+", base) for base in bases[:-1])


def test_the_command_is_on_the_path_of_any_shell() -> None:
    [build] = [arguments for keyword, arguments in instructions() if keyword == "RUN" and "ln -s" in arguments]
    assert "ln -s /opt/copydesk/bin/copydesk /collected/usr/local/bin/copydesk" in build
    assert "/usr/local/bin" in instruction("ENV").partition("PATH=")[2].split()[0].split(":")


def test_it_contains_every_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    copied = {name for keyword, arguments in instructions() if keyword == "COPY" for name in arguments.split()[:-1]}
    assert {*packages, "openapi.yaml"} <= copied
    context = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{name}" for name in packages} <= set(context)


def test_no_file_that_is_left_out_is_opened() -> None:
    pages = map(str, sorted((ROOT / "examples").rglob("*.html")))
    ran = subprocess.run([sys.executable, "-c", OPENED, *pages], capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    packages = Path(sysconfig.get_path("purelib"))
    opened = {Path(line) for line in ran.stdout.splitlines() if line.startswith(str(packages))}
    assert len(opened) > 500
    unused = {path for path in image_files.list_unused(packages) if path.name != "__pycache__"}
    assert {path for path in opened if unused & {path, *path.parents}} == set()


def test_files_that_nothing_opens_are_left_out(tmp_path: Path) -> None:
    kept = {"numpy/core.py", "babel/locale-data/root.dat", "flask_swagger_ui/dist/swagger-ui.css"}
    removed = {
        *("numpy/tests/test_core.py", "numpy/core.pyi", "numpy/include/numpy.h", "numpy/__pycache__/core.pyc"),
        *("babel/locale-data/de.dat", "flask_swagger_ui/dist/swagger-ui.js"),
    }
    for name in kept | removed:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    image_files.prune(tmp_path)
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} == kept


def test_make_image_has_the_tags_of_compose_and_kubernetes() -> None:
    command = subprocess.run(["make", "-n", "image"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    tags = set(re.findall(r"--tag (\S+)", command))
    assert tags == {"copydesk", f"copydesk:{__version__}"}
    assert re.findall(r"image: (copydesk\S*)", (DEPLOY / "compose.yaml").read_text("utf-8")) == ["copydesk"]
    small = (DEPLOY / "k8s" / "overlays" / "small" / "kustomization.yaml").read_text("utf-8")
    assert f"{{name: copydesk, newTag: {__version__}}}" in small
