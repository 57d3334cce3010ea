"""A real wheel in a real virtual environment, with foreign packages called `svc` and `schemas` first on the path."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from tests.helpers.server import free_port
from tests.helpers.wheel import ROOT, build_wheel, environ, hide_packages, install_wheel, program, run

# Packages that are not dependencies of copydesk itself, as they are imported.
SERVICE = ("flask", "flask_swagger_ui", "gunicorn", "prometheus_client", "structlog", "werkzeug", "yaml")
EXTRAS = (*SERVICE, "lxml", "opentelemetry", "pyarrow", "pyspark", "scrapy", "trafilatura")

CONSUMER = """
import copydesk

article = copydesk.clean("x", quotes="plain")
reveal_type(article.title)
reveal_type(article.to_dict()["published"])
reveal_type(article.changes[0].before)
reveal_type(copydesk.repair("x").changes)
reveal_type(copydesk.fix_text("x"))
for result in copydesk.clean_many(["x"]):
    reveal_type(result)
with copydesk.Client("http://127.0.0.1:8000") as client:
    reveal_type(client.clean({"text": "x"})["title"])
    for each in client.clean_many([{"text": "x"}], on_progress=lambda progress: progress.total):
        if each.article is not None:
            reveal_type(each.article["word_count"])
        else:
            reveal_type(each.problem["detail"])
        print("clean" if each.article else each.problem["title"])
    reveal_type(client.clean_page(b"x", content_type="text/html", quotes="plain")["title"])
    reveal_type(client.clean_text(b"x", copydesk.Options())["language"]["tag"])
"""
REVEALED = [
    "str | None",
    "str | None",
    "str",
    "tuple[copydesk.article.Change, ...]",
    "str",
    "copydesk.article.CleanArticle | copydesk.errors.ProblemError",
    "str | None",
    "int",
    "str",
    "str | None",
    "str",
]
# Each line has one error.
WRONG_CONSUMER = """
import copydesk

client = copydesk.Client("http://127.0.0.1:8000")
client.clean("x")["titel"]
client.clean_text("x")["title"]
client.clean_page("x")["changes"][0]["befor"]
client.clean("x", quots="plain")
client.clean("x", quotes="straight")
[result.article["text"] for result in client.clean_many([])]
[result.problem["detial"] for result in client.clean_many([]) if result.article is None]
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def folder(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("consumer")
    install_wheel(folder, wheel)
    return folder


@pytest.fixture(scope="module")
def bare_folder(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with copydesk and without the packages of its extras."""
    folder = tmp_path_factory.mktemp("bare")
    install_wheel(folder, wheel)
    hide_packages(folder, EXTRAS)
    return folder


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    port = free_port()
    command = [str(program(folder, "copydesk")), "serve"]
    settings = {"COPYDESK_BIND": f"127.0.0.1:{port}", "COPYDESK_WORKERS": "1", "COPYDESK_DRAIN_TIMEOUT": "0"}
    with subprocess.Popen(command, cwd=folder, env=environ(folder, **settings), stderr=subprocess.DEVNULL) as process:
        try:
            deadline = monotonic() + 60
            while True:
                try:
                    urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
                    break
                except URLError:
                    assert monotonic() < deadline
                    sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def check_types(folder: Path, consumer: str) -> tuple[int, list[str]]:
    """Return the exit status and the messages of mypy for a consumer."""
    (folder / "consumer.py").write_text(consumer)
    python = str(program(folder, "python"))
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--python-executable", python, "consumer.py"],
        cwd=folder,
        env=environ(folder) | {"PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout.splitlines()


def test_the_wheel_has_one_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"copydesk", wheel.name.split("-py3")[0] + ".dist-info"}
    assert {"copydesk/py.typed", "copydesk/openapi.yaml", "copydesk/svc/static/index.html"} <= set(names)


def test_the_same_checkout_gives_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    assert build_wheel(tmp_path).read_bytes() == wheel.read_bytes()


def test_the_metadata_is_complete(folder: Path) -> None:
    script = "import importlib.metadata, json; print(json.dumps(importlib.metadata.metadata('copydesk').json))"
    metadata = json.loads(run(folder, "python", "-c", script))
    assert {"author", "keywords", "project_url", "requires_python", "license_expression"} <= metadata.keys()
    assert "Typing :: Typed" in metadata["classifier"]


def test_the_library_cleans_and_repairs(folder: Path) -> None:
    script = (
        "import copydesk; "
        "print(copydesk.clean('cafÃ©').text, copydesk.fix_text('cafÃ©'), copydesk.clean_page('<p>cafÃ©</p>').text)"
    )
    assert run(folder, "python", "-c", script) == "café café café\n"


def test_the_command_cleans_repairs_and_prints_the_contract(folder: Path) -> None:
    article = json.loads(run(folder, "copydesk", "clean", stdin='{"text": "cafÃ©"}'))
    assert article["text"] == "café"
    assert "café" in run(folder, "copydesk", "repair", "cafÃ©")
    assert run(folder, "copydesk", "openapi").startswith("openapi: 3.1")
    assert run(folder, "python", "-m", "copydesk", "--version").startswith("copydesk ")


def test_library_command_and_client_work_without_extras(bare_folder: Path) -> None:
    script = (
        "import copydesk; "
        "print(copydesk.clean('cafÃ©').text, [getattr(copydesk, name) for name in copydesk.__all__] and 'all'); "
        "copydesk.Client('http://127.0.0.1:8000').close()"
    )
    assert run(bare_folder, "python", "-c", script) == "café all\n"
    assert json.loads(run(bare_folder, "copydesk", "clean", stdin='{"text": "cafÃ©"}'))["text"] == "café"
    assert "café" in run(bare_folder, "copydesk", "repair", "cafÃ©")
    assert run(bare_folder, "copydesk", "openapi").startswith("openapi: 3.1")
    assert "Usage:" in run(bare_folder, "copydesk", "serve", "--help")


@pytest.mark.parametrize("words", [["serve"], ["openapi", "--json"]])
def test_commands_name_the_extra_that_they_need(bare_folder: Path, words: list[str]) -> None:
    command = [str(program(bare_folder, "copydesk")), *words]
    ran = subprocess.run(
        command, cwd=bare_folder, env=environ(bare_folder), capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert re.fullmatch(r"Error: [^\n]* service: pip install 'copydesk\[service[^\n]*\n", ran.stderr)


def test_client_needs_only_httpx(wheel: Path, tmp_path: Path) -> None:
    install_wheel(tmp_path, wheel)
    hide_packages(tmp_path, (*EXTRAS, "chardet", "click", "ftfy", "marshmallow", "numpy", "orjson", "regex"))
    script = "import copydesk; copydesk.AsyncClient, copydesk.Client('http://127.0.0.1:8000').close()"
    assert run(tmp_path, "python", "-c", script) == ""


def test_the_service_and_the_client_work(folder: Path) -> None:
    script = (
        "import sys, copydesk\n"
        "with copydesk.Client(sys.argv[1]) as client:\n"
        "    print(client.clean({'text': 'cafÃ©'})['text'])\n"
    )
    with serving(folder) as url:
        assert run(folder, "python", "-c", script, url) == "café\n"
        request = Request(f"{url}/v1/text", b"caf\xe9", {"Content-Type": "text/plain", "Accept": "text/plain"})  # noqa: S310
        assert urlopen(request, timeout=10).read().decode() == "café"  # noqa: S310  our own service
        assert b"<html" in urlopen(f"{url}/", timeout=10).read()  # noqa: S310


def test_the_scrapy_pipeline_works(folder: Path) -> None:
    script = f"""
import sys, scrapy
from scrapy.crawler import CrawlerProcess

class Spider(scrapy.Spider):
    name = "one"
    custom_settings = {{
        "ITEM_PIPELINES": {{"copydesk.client.scrapy.CopydeskPipeline": 300}},
        "COPYDESK_URL": sys.argv[1], "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False,
        "FEEDS": {{"items.json": {{"format": "json"}}}},
    }}
    start_urls = [{(ROOT / "examples/site/index.html").as_uri()!r}]
    def parse(self, response):
        yield {{"text": "cafÃ©"}}

process = CrawlerProcess()
process.crawl(Spider)
process.start()
"""
    with serving(folder) as url:
        run(folder, "python", "-c", script, url)
    assert json.loads((folder / "items.json").read_text())[0]["text"] == "café"


def test_a_type_checker_sees_real_types(folder: Path) -> None:
    status, messages = check_types(folder, CONSUMER)
    assert status == 0, messages
    revealed = [line.split('"')[1] for line in messages if "Revealed type" in line]
    assert revealed == REVEALED


def test_a_type_checker_finds_wrong_keys(folder: Path) -> None:
    _, messages = check_types(folder, WRONG_CONSUMER)
    wrong_lines = range(5, len(WRONG_CONSUMER.splitlines()) + 1)
    assert [int(line.split(":")[1]) for line in messages if ": error:" in line] == list(wrong_lines)
