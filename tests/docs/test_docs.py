"""The manual is complete and correct: its tables, its examples and its links."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import fields, validate

from copydesk.repairs.engine import MIN_PROBABILITY
from copydesk.warning_codes import MEANINGS
from schemas import clean, options
from schemas.openapi import NAMES
from tests.helpers.paths import ROOT

DOCS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md"))}
README = (ROOT / "README.md").read_text(encoding="utf-8")
FIELDS, OPTIONS = DOCS["fields.md"], DOCS["options.md"]
EXTENDING, REPAIR = DOCS["extend.md"], DOCS["repair.md"]


def section(text: str, heading: str) -> str:
    """Return the text of a section, up to the next heading of any level."""
    return re.split(rf"^#+ {re.escape(heading)}$", text, flags=re.MULTILINE)[1].partition("\n#")[0]


def rows(text: str) -> list[list[str]]:
    """Return the cells of all rows of tables but those of their heads."""
    found = [[cell.strip() for cell in line[1:-1].split("|")] for line in text.splitlines() if line.startswith("|")]
    return [row for row, after in zip(found, [*found[1:], [""]], strict=True) if "---" not in row[0] + after[0]]


def code(cell: str) -> Any:
    """Read the JSON of a cell."""
    return json.loads(cell.strip("`"))


# Fields


def ask(client: FlaskClient, sent: dict[str, Any]) -> dict[str, Any]:
    """Send an article, with a text if the example shows no body."""
    has_body = {"text", "html", "content_base64"} & sent.keys() or sent == {"title": "no text"}
    answer: dict[str, Any] = client.post(
        "/v1/articles", json=sent if has_body else {"text": "It rains."} | sent
    ).get_json()
    return answer


def test_every_schema_of_the_contract_is_documented() -> None:
    shown = re.findall(r"^`(\w+)`: ", FIELDS, re.MULTILINE)
    assert sorted([*shown, "Options"]) == sorted(NAMES.values())


RAW = [row[-2:] for row in rows(section(FIELDS, "The raw article"))]
ESCAPED = rows(section(DOCS["pages.md"], "Escaped HTML"))


@pytest.mark.parametrize(("sent", "expect"), [*RAW, *ESCAPED])
def test_an_example_of_a_raw_field_gives_its_result(client: FlaskClient, sent: str, expect: str) -> None:
    answer, expected = ask(client, code(sent)), code(expect)
    assert {name: answer[name] for name in expected} == expected


def test_the_examples_of_clean_fields_are_results(client: FlaskClient) -> None:
    [sent] = map(json.loads, re.findall(r"```json\n(.*?)```", FIELDS, re.DOTALL))
    shown = {row[0].strip("`"): row[-1] for row in rows(section(FIELDS, "The clean article"))}
    answer = ask(client, sent)
    assert list(shown) == list(clean.CleanArticle().fields)
    assert {name: answer[name] for name, cell in shown.items() if cell} == {
        name: code(cell) for name, cell in shown.items() if cell
    }


# Options


def choices(field: fields.Field[Any]) -> list[Any]:
    [one] = [list(check.choices) for check in field.validators if isinstance(check, validate.OneOf)] or [[True, False]]
    return one


EXAMPLES = [row for row in rows(OPTIONS) if row[0].startswith("`{")]


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row[1]} {row[0]}")
def test_examples_of_options_work_in_the_body_and_the_query(client: FlaskClient, row: list[str]) -> None:
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


def test_options_of_the_article_take_precedence(client: FlaskClient) -> None:
    articles = [{"text": "“a…” ﬁ"}, {"text": "“a…” ﬁ", "options": {"quotes": "plain"}}]
    sent = {"articles": articles, "options": {"quotes": "keep", "ellipsis": "plain"}}
    asked = "quotes=plain&ellipsis=keep&ligatures=plain"
    answer = client.post(f"/v1/articles/batch?{asked}", json=sent).get_json()
    assert [item["article"]["text"] for item in answer["articles"]] == ["“a...” fi", '"a..." fi']


@pytest.mark.parametrize("query", ["quotes=curly", "quote=plain", "quotes=plain&quotes=plain", "strip_dateline=1"])
def test_errors_of_the_query_name_the_parameter(client: FlaskClient, query: str) -> None:
    answer = client.post(f"/v1/articles?{query}", json={"text": "a"})
    assert (answer.status_code, [e["parameter"] for e in answer.get_json()["errors"]]) == (
        422,
        [query.partition("=")[0]],
    )


def test_a_bare_text_always_keeps_its_boilerplate_and_dateline(client: FlaskClient) -> None:
    text = "LONDON, Feb 2 (Reuters) - The river rose.\n\nAdvertisement\n\nNobody was hurt."
    asked = {"boilerplate": "remove", "strip_dateline": True, "extract_metadata": True}
    assert client.post("/v1/text", json={"text": text, "options": asked}).get_json()["text"] == text


# Repair


@pytest.mark.parametrize("row", rows(section(REPAIR, "What is repaired")), ids=lambda row: row[0])
def test_damage_is_repaired_exactly_as_documented(client: FlaskClient, row: list[str]) -> None:
    """An asterisk marks what `safe` does not repair."""
    damage, sent, repaired = row
    sent = sent.strip("`")
    expected = code(repaired) if repaired else json.loads(sent)
    texts = {}
    for mode in ("safe", "standard"):
        # The JSON is sent as written, because it has a lone surrogate as an escape.
        body = f'{{"text": {sent}, "options": {{"repair": "{mode}"}}}}'
        answer = client.post("/v1/text", data=body.encode(), content_type="application/json")
        texts[mode] = answer.get_json()["text"]
    assert texts["standard"] == expected
    assert (texts["safe"] == expected) == (not damage.endswith(r"\*"))


def test_each_mode_has_its_documented_minimum() -> None:
    minimums = {mode.strip("`"): float(minimum) for mode, minimum, _ in rows(section(REPAIR, "Decision"))}
    assert minimums == MIN_PROBABILITY


# Extending

NAMED = {
    "copydesk/encoding/charsets.py": "CODECS _AS_WESTERN_COSTS _FAMILIES _WHATWG prior_cost",
    "tools/derive_languages.py": "MORE_NAMES MORE_CODES",
    "tests/helpers/corruption.py": "NATIVE_CHARSETS",
    "tools/train_model/languages.py": "LANGUAGES",
    "tools/train_model/letters.py": "_SCRIPTS",
}


def test_extending_names_existing_files_and_targets() -> None:
    paths = set(re.findall(r"\b(?:copydesk|svc|tools|tests|bench)/[\w/]+(?:\.\w+)?", EXTENDING))
    paths |= {module.replace(".", "/") + ".py" for module in re.findall(r"python -m (bench\.\w+)", EXTENDING)}
    assert len(paths) >= 15
    assert sorted(path for path in paths if not (ROOT / path).exists()) == []
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [name for names in re.findall(r"`make ([a-z ]+)`", EXTENDING) for name in names.split()]
    assert {"cldr", "model", "test", "check"} <= set(targets)
    assert [name for name in targets if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, found in NAMED.items() for name in found.split()])
def test_extending_names_existing_definitions(path: str, name: str) -> None:
    assert f"`{name}" in EXTENDING
    assert re.search(rf"^(?:def )?{name}\b", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


EXTENSIONS = ("A line of boilerplate", "An agency", "A word of bylines")
CLEAN_CASES = """
import json, sys
from copydesk.article import Article, Options
from copydesk.pipeline import clean
results = []
for case in json.load(sys.stdin):
    cleaned = clean(Article(text=case.get("text", "-"), authors=tuple(case.get("raw", ()))), Options())
    dateline = cleaned.dateline and {name: getattr(cleaned.dateline, name) for name in ("place", "date", "agency")}
    values = {"str": cleaned.text, "list": list(cleaned.authors), "dict": dateline}
    results.append(values[type(case["expect"]).__name__])
print(json.dumps(results))
"""


def case_of(heading: str) -> dict[str, Any]:
    """Return the case of a section of extend.md."""
    [case] = map(json.loads, re.findall(r"```json\n(.*?)```", section(EXTENDING, heading), re.DOTALL))
    assert isinstance(case, dict)
    return case


def clean_cases(root: Path) -> list[Any]:
    """Return the results of all cases with the copydesk in a directory."""
    environ = os.environ | {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    cases = json.dumps([case_of(heading) for heading in EXTENSIONS])
    program = [sys.executable, "-c", CLEAN_CASES]
    ran = subprocess.run(program, cwd=root, env=environ, input=cases, capture_output=True, text=True, check=True)
    results: list[Any] = json.loads(ran.stdout)
    return results


def test_the_lines_of_extending_solve_its_cases(tmp_path: Path) -> None:
    for package in ("copydesk", "schemas"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for heading in EXTENSIONS:
        told = section(EXTENDING, heading)
        [path] = re.findall(r"^- file: `(.+)`$", told, re.MULTILINE)
        [lines] = re.findall(r"```text\n(.*?)```", told, re.DOTALL)
        assert (ROOT / path).is_file()
        with (tmp_path / path).open("a", encoding="utf-8") as table:
            table.write(lines)
    expected = [case_of(heading)["expect"] for heading in EXTENSIONS]
    before, after = clean_cases(ROOT), clean_cases(tmp_path)
    for heading, old, new in zip(EXTENSIONS, before, expected, strict=True):
        assert old != new, f"The tables have the case of {heading!r} already: the page needs another example."
    assert after == expected


# Generated pages


def test_the_generated_pages_are_current() -> None:
    command = [sys.executable, "-m", "tools.reference", "--check"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def warning_codes() -> set[str]:
    """Return the codes of all warnings that the code of copydesk makes."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "copydesk").rglob("*.py")]
    trees = [ast.parse(source) for source in sources if "ArticleWarning(" in source]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made = [call.args[0] for call in calls if ast.unparse(call.func) == "ArticleWarning" and call.args]
    return {code.value for code in made if isinstance(code, ast.Constant) and isinstance(code.value, str)}


def test_exactly_the_warnings_of_the_code_are_documented() -> None:
    assert warning_codes() == set(MEANINGS)


# The index, and links


def test_the_index_has_each_file_of_the_manual_once() -> None:
    listed = re.findall(r"^- \[.+?\]\((.+?)\): \w", DOCS["README.md"], re.MULTILINE)
    assert sorted(listed) == sorted(
        str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md") if path.name != "README.md"
    )


def anchors(text: str) -> set[str]:
    """Return the anchors of the headings of a page."""
    found = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def relative_links(text: str) -> list[str]:
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]


def test_there_are_links() -> None:
    assert len(relative_links(README)) >= 5
    assert sum(len(relative_links(text)) for text in DOCS.values()) >= 40


PAGES = [path.relative_to(ROOT) for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))]


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_every_relative_link_has_a_target(path: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", (ROOT / path).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    dead = []
    for link in relative_links(text):
        name, _, anchor = link.partition("#")
        target = (ROOT / path.parent / name) if name else ROOT / path
        leads = target.exists() and (not anchor or anchor in anchors(target.read_text(encoding="utf-8")))
        dead += [] if leads else [link]
    assert dead == []
