"""The manual tells the truth: its commands are run, its tables name all there is, and its links lead somewhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import Schema, fields, validate

from copydesk.article import Options
from schemas import batch, clean, options, problem, raw
from schemas.fields import (
    MAX_EXTRA_CHARS,
    MAX_EXTRA_KEY_CHARS,
    MAX_EXTRA_STRINGS,
    MAX_EXTRA_VALUES,
    MAX_LIST_CHARS,
    MAX_LIST_ITEMS,
)
from schemas.openapi import NAMES
from tests.helpers.server import free_port, running

ROOT = Path(__file__).parent.parent
DOCS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
README = (ROOT / "README.md").read_text(encoding="utf-8")
TUTORIAL, FIELDS, OPTIONS = DOCS["tutorial.md"], DOCS["fields.md"], DOCS["options.md"]
EXTENDING, REPAIR = DOCS["extending.md"], DOCS["repair.md"]

STEP = re.compile(
    r"^```console\n\$ (.+)\n((?:.*\n)*?)```$|^```python\n([^`]+?)```\n\n```text\n((?:.*\n)*?)```$", re.MULTILINE
)
STEPS = [(found[1] or found[3], found[2] or found[4] or "", bool(found[3])) for found in STEP.finditer(TUTORIAL)]
WINDOWS = re.findall(r"^```sh\n(.+)\n```$", TUTORIAL, re.MULTILINE)


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one of any level."""
    return re.split(rf"^#+ {re.escape(heading)}$", text, flags=re.MULTILINE)[1].partition("\n#")[0]


def rows(text: str) -> list[list[str]]:
    """Return the cells of all rows of tables but those of their heads."""
    found = [[cell.strip() for cell in line[1:-1].split("|")] for line in text.splitlines() if line.startswith("|")]
    return [row for row, after in zip(found, [*found[1:], [""]], strict=True) if "---" not in row[0] + after[0]]


def code(cell: str) -> Any:
    """Read the JSON of a cell."""
    return json.loads(cell.strip("`"))


def names(cells: list[list[str]]) -> list[str]:
    return [name for cell, *_ in cells for name in re.findall(r"`(\w+)`", cell)]


# The tutorial


@contextmanager
def site(command: str, port: int) -> Iterator[None]:
    """Serve the site by the tutorial's own command, on another port."""
    words = command.replace("python3", sys.executable).replace("9000", str(port)).split()
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as served:
        try:
            _wait_for(port)
            yield
        finally:
            served.terminate()


def _wait_for(port: int) -> None:
    deadline = monotonic() + 20
    while monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            assert connection.getresponse().status == 200
        except OSError:
            sleep(0.05)
        else:
            return
        finally:
            connection.close()
    raise TimeoutError("the site did not get ready")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Run the whole tutorial in its order, and return what each step prints."""
    folder, port = tmp_path_factory.mktemp("tutorial"), free_port()
    environ = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    [serving] = [command for command in WINDOWS if "http.server" in command]
    with running() as service, site(serving, port):
        there = {"localhost:8000": f"127.0.0.1:{service.port}", "localhost:9000": f"127.0.0.1:{port}"}
        there["/tmp/"] = f"{folder}/"  # noqa: S108  what the reader writes there, tests don't
        outputs = []
        for command, _, is_python in STEPS:
            here = command
            for name, value in there.items():
                here = here.replace(name, value)
            # Last, since the tests themselves may be under /tmp.
            here = re.sub(r"(\.\./\.\./)?\.venv/bin/", f"{Path(sys.executable).parent}/", here)
            program = [sys.executable, "-c", here] if is_python else ["bash", "-c", here]
            ran = subprocess.run(program, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
            outputs.append(ran.stdout)
        yield outputs


@pytest.mark.parametrize("at", range(len(STEPS)), ids=[command[:60] for command, _, _ in STEPS])
def test_every_step_of_the_tutorial_prints_what_it_says(printed: list[str], at: int) -> None:
    assert printed[at].rstrip("\n") == STEPS[at][1].rstrip("\n")


def test_the_tutorial_has_its_steps() -> None:
    assert len(STEPS) >= 25
    assert sum(is_python for *_, is_python in STEPS) == 1
    assert TUTORIAL.count("```console\n") + 1 == len(STEPS)


@pytest.mark.parametrize("command", [command for command in WINDOWS if "http.server" not in command])
def test_what_the_tutorial_makes_can_be_made(command: str) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    ran = subprocess.run(
        [*command.split(), "--dry-run"], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert command != "make serve" or ran.stdout.rstrip().endswith("copydesk serve")


def test_the_tutorial_shows_settings_of_the_project_that_it_crawls_with() -> None:
    settings = (ROOT / "examples/scrapy_project/courier/settings.py").read_text(encoding="utf-8")
    shown = re.findall(r"^(?:ITEM_PIPELINES|COPYDESK_\w+) = .+$", TUTORIAL, re.MULTILINE)
    assert len(shown) == 3
    assert [line for line in shown if line not in settings] == []


# Fields

SECTIONS: dict[str, tuple[type[Schema], ...]] = {
    "The raw article": (raw.RawArticle,),
    "The raw text": (raw.RawText,),
    "A batch": (batch.BatchRequest,),
    "The clean article": (clean.CleanArticle,),
    "dateline": (clean.Dateline,),
    "credit": (clean.Credit,),
    "language": (clean.Language,),
    "encoding": (clean.Encoding,),
    "change": (clean.Change,),
    "warning": (clean.ArticleWarning,),
    "The clean text": (clean.CleanText,),
    "The answer to a batch": (batch.BatchAnswer, batch.BatchItem),
    "A problem": (problem.Problem, problem.FieldError),
}


def fields_of(heading: str) -> list[list[str]]:
    return [row for row in rows(section(FIELDS, heading)) if not row[0].startswith("`{")]


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_field_is_told_and_none_that_is_not_there(heading: str) -> None:
    assert sorted(names(fields_of(heading))) == sorted(name for kind in SECTIONS[heading] for name in kind().fields)


def test_every_schema_of_the_contract_is_told() -> None:
    assert {kind for kinds in SECTIONS.values() for kind in kinds} | {options.Options} == set(NAMES)


@pytest.mark.parametrize("row", fields_of("The raw article"), ids=lambda row: row[0])
def test_a_raw_field_tells_its_limit(row: list[str]) -> None:
    name = row[0].strip("`")
    field, limit = raw.RawArticle().load_fields[name], row[3]
    told = [f"{check.max:,} characters" for check in field.validators if isinstance(check, validate.Length)]
    if isinstance(field, fields.List):
        told = [f"{MAX_LIST_ITEMS:,} items", f"{MAX_LIST_CHARS:,} in all"]
    if name == "extra":
        told = [
            f"{MAX_EXTRA_VALUES:,} values",
            f"{MAX_EXTRA_STRINGS:,} strings",
            f"{MAX_EXTRA_CHARS:,}",
            f"a key {MAX_EXTRA_KEY_CHARS:,}",
        ]
    assert told or name in {"text", "html", "content_base64", "options"}
    assert [one for one in told if one not in limit] == []


def ask(client: FlaskClient, sent: dict[str, Any]) -> dict[str, Any]:
    """Send an article, with a text if the example shows no body."""
    has_body = {"text", "html", "content_base64"} & sent.keys() or sent == {"title": "no text"}
    answer: dict[str, Any] = client.post(
        "/v1/articles", json=sent if has_body else {"text": "It rains."} | sent
    ).get_json()
    return answer


@pytest.mark.parametrize("row", rows(section(FIELDS, "The raw article")), ids=lambda row: row[0])
def test_the_example_of_a_raw_field_comes_back_as_told(client: FlaskClient, row: list[str]) -> None:
    sent, expect = map(code, row[-2:])
    assert row[0].startswith("`{") or row[0].strip("`") in sent
    answer = ask(client, sent)
    assert {name: answer[name] for name in expect} == expect


@pytest.fixture(scope="module")
def answers(client: FlaskClient) -> dict[str, Any]:
    """Return what each section's examples are taken from."""
    [sent] = map(json.loads, re.findall(r"```json\n(.*?)```", FIELDS, re.DOTALL))
    whole = ask(client, sent)
    said = {heading: re.findall(r"`(\{.+?\})`", section(FIELDS, heading)) for heading in SECTIONS}
    return {
        "The clean article": whole,
        "dateline": whole["dateline"],
        "credit": whole["credits"][0],
        "language": whole["language"],
        "change": whole["changes"][0],
        "encoding": ask(client, json.loads(said["encoding"][0]))["encoding"],
        "warning": ask(client, json.loads(said["warning"][0]))["warnings"][0],
        "The clean text": client.post("/v1/text", json=json.loads(said["The clean text"][0])).get_json(),
    }


# What differs with each version, or is told in a section of its own.
ELSEWHERE = {"version", "changes", "credits", "dateline", "language", "warnings"}


def test_the_example_of_a_clean_field_is_what_comes_back(answers: dict[str, Any]) -> None:
    for heading, answer in answers.items():
        for name, _, example in fields_of(heading):
            field = name.strip("`")
            assert example or field in ELSEWHERE, field
            assert not example or code(example) == answer[field], (heading, field)


# Options


def choices(field: fields.Field[Any]) -> list[Any]:
    [one] = [list(check.choices) for check in field.validators if isinstance(check, validate.OneOf)] or [[True, False]]
    return one


def test_every_option_and_value_is_told_with_the_default_first() -> None:
    told = {row[0].strip("`"): row[1] for row in rows(section(OPTIONS, "All of them"))}
    there = options.Options().fields
    assert list(told) == list(there)
    for name, cell in told.items():
        values = [{"true": True, "false": False}.get(value, value) for value in re.findall(r"`(\w+)`", cell)]
        assert sorted(values, key=str) == sorted(choices(there[name]), key=str)
        assert values[0] == asdict(Options())[name]


EXAMPLES = [row for row in rows(OPTIONS) if row[0].startswith("`{")]


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row[1]} {row[0]}")
def test_an_option_does_what_its_example_says_in_the_body_and_in_the_query(client: FlaskClient, row: list[str]) -> None:
    sent, asked, expect = map(code, row)
    query = {name: value if isinstance(value, str) else json.dumps(value) for name, value in asked.items()}
    for answer in (
        client.post("/v1/articles", json=sent | {"options": asked}).get_json(),
        client.post("/v1/articles", json=sent, query_string=query).get_json(),
    ):
        assert {name: answer[name] for name in expect} == expect


def test_every_value_of_every_option_has_an_example() -> None:
    shown = {(name, value) for row in EXAMPLES for name, value in code(row[1]).items()}
    assert shown == {(name, value) for name, field in options.Options().fields.items() for value in choices(field)}


def test_the_option_nearest_to_the_article_wins(client: FlaskClient) -> None:
    articles = [{"text": "“a…” ﬁ"}, {"text": "“a…” ﬁ", "options": {"quotes": "plain"}}]
    sent = {"articles": articles, "options": {"quotes": "keep", "ellipsis": "plain"}}
    asked = "quotes=plain&ellipsis=keep&ligatures=plain"
    answer = client.post(f"/v1/articles/batch?{asked}", json=sent).get_json()
    assert [item["article"]["text"] for item in answer["articles"]] == ["“a...” fi", '"a..." fi']


@pytest.mark.parametrize("query", ["quotes=curly", "quote=plain", "quotes=plain&quotes=plain", "strip_dateline=1"])
def test_what_the_manual_says_is_refused_in_the_query_is_named(client: FlaskClient, query: str) -> None:
    answer = client.post(f"/v1/articles?{query}", json={"text": "a"})
    assert (answer.status_code, [e["parameter"] for e in answer.get_json()["errors"]]) == (
        422,
        [query.partition("=")[0]],
    )


def test_a_bare_text_keeps_its_boilerplate_and_dateline_whatever_is_asked(client: FlaskClient) -> None:
    text = "LONDON, Feb 2 (Reuters) - The river rose.\n\nAdvertisement\n\nNobody was hurt."
    asked = {"boilerplate": "remove", "strip_dateline": True, "extract_metadata": True}
    assert client.post("/v1/text", json={"text": text, "options": asked}).get_json()["text"] == text


# Repair


@pytest.mark.parametrize("row", rows(section(REPAIR, "What is repaired")), ids=lambda row: row[0])
def test_damage_is_repaired_as_the_manual_says_and_left_where_it_says_nothing(
    client: FlaskClient, row: list[str]
) -> None:
    sent = row[1].strip("`")
    for level, expect in zip(("safe", "standard"), row[2:], strict=True):
        # As it stands: a lone surrogate is written as an escape.
        body = f'{{"text": {sent}, "options": {{"repair": "{level}"}}}}'
        answer = client.post("/v1/text", data=body.encode(), content_type="application/json").get_json()
        assert answer["text"] == (code(expect) if expect else json.loads(sent))


# Extending

NAMED = {
    "copydesk/encoding/charsets.py": "CODECS DECODED_AS_CHARSETS _AS_WESTERN_COSTS _FAMILIES _WHATWG prior_cost",
    "tools/derive_languages.py": "MORE_NAMES MORE_CODES",
    "bench/damage.py": "NATIVE",
}


def test_the_files_modules_and_targets_that_extending_names_are_there() -> None:
    paths = set(re.findall(r"\b(?:svc|tools|tests|bench)/[\w/]+(?:\.\w+)?", EXTENDING))
    paths |= {module.replace(".", "/") + ".py" for module in re.findall(r"python -m (bench\.\w+)", EXTENDING)}
    assert len(paths) >= 15
    assert sorted(path for path in paths if not (ROOT / path).exists()) == []
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [name for names in re.findall(r"`make ([a-z ]+)`", EXTENDING) for name in names.split()]
    assert {"cldr", "bench", "test", "check"} <= set(targets)
    assert [name for name in targets if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, found in NAMED.items() for name in found.split()])
def test_the_names_that_extending_tells_are_defined_where_it_says(path: str, name: str) -> None:
    assert f"`{name}" in EXTENDING
    assert re.search(rf"^(?:def )?{name}\b", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


LOOKED_AT = """
import json, sys
from copydesk.article import Article, Options
from copydesk.pipeline import clean
article, expect = json.load(sys.stdin)
found = clean(Article(text=article.get("text", "-"), authors=tuple(article.get("raw", ()))), Options())
dateline = found.dateline and {name: getattr(found.dateline, name) for name in ("place", "date", "agency")}
print(json.dumps({"str": found.text, "list": list(found.authors), "dict": dateline}[type(expect).__name__]))
"""


@pytest.mark.parametrize("heading", ["A line of boilerplate", "An agency", "A word of bylines"])
def test_the_lines_of_extending_make_its_case_come_right(heading: str, tmp_path: Path) -> None:
    told = section(EXTENDING, heading)
    [path] = re.findall(r"^\| file \| `(.+)` \|$", told, re.MULTILINE)
    [lines] = re.findall(r"```text\n(.*?)```", told, re.DOTALL)
    [case] = map(json.loads, re.findall(r"```json\n(.*?)```", told, re.DOTALL))
    shutil.copytree(ROOT / "svc", tmp_path / "svc", ignore=shutil.ignore_patterns("__pycache__"))

    def found() -> Any:
        environ = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
        asked = json.dumps([case, case["expect"]])
        program = [sys.executable, "-c", LOOKED_AT]
        ran = subprocess.run(
            program, cwd=tmp_path, env=environ, input=asked, capture_output=True, text=True, check=True
        )
        return json.loads(ran.stdout)

    assert found() != case["expect"], "the table has it already: the manual needs another example"
    with (tmp_path / path).open("a", encoding="utf-8") as table:
        table.write(lines)
    assert found() == case["expect"]


# The index, and links


def test_the_index_has_each_file_of_the_manual_once() -> None:
    listed = [name for cell, *_ in rows(DOCS["README.md"]) for name in re.findall(r"\]\((.+?)\)", cell)]
    assert sorted(listed) == sorted(DOCS.keys() - {"README.md"})
    assert all(row[1] for row in rows(DOCS["README.md"]))


def anchors(text: str) -> set[str]:
    """Return what the headings of a page are linked by."""
    found = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def relative_links(text: str) -> list[str]:
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]


def test_there_are_links() -> None:
    assert len(relative_links(README)) >= 5
    assert sum(len(relative_links(text)) for text in DOCS.values()) >= 40


@pytest.mark.parametrize("path", [Path("README.md"), *(Path("docs") / name for name in DOCS)], ids=str)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", (ROOT / path).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    dead = []
    for link in relative_links(text):
        name, _, anchor = link.partition("#")
        target = (ROOT / path.parent / name) if name else ROOT / path
        leads = target.exists() and (not anchor or anchor in anchors(target.read_text(encoding="utf-8")))
        dead += [] if leads else [link]
    assert dead == []
