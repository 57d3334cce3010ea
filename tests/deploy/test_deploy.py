"""What deploy/ and docs/how-to/deploy.md ship is right: their own programs take it, and they name what is there."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from copydesk import errors
from copydesk.settings import PREFIX, Settings
from svc.app import create_app
from tests.helpers.balancers import is_installed
from tests.helpers.metrics import SELECTOR, exported_labels, metric_labels
from tests.helpers.paths import DEPLOY, ROOT
from tests.helpers.server import running
from tests.helpers.waiting import wait_until

DASHBOARD = json.loads((DEPLOY / "grafana" / "copydesk.json").read_text("utf-8"))
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
RUNBOOK_URL = "https://github.com/copydesk/copydesk/blob/main/docs/how-to/runbook.md"
MATCHER = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"')


def on_the_dashboard() -> list[str]:
    return [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def in_alerts() -> list[str]:
    return [str(rule["expr"]) for rule in RULES]


@cache
def exported() -> dict[str, set[str]]:
    """Return the labels of each time series that a service exports after a few requests, by name."""
    with running() as server:
        damaged = b'{"text": "caf\xc3\x83\xc2\xa9"}'
        assert server.ask("POST", "/v1/articles", damaged, Content_Type="application/json")[0] == 200
        batch = b'{"articles": [' + damaged + b"]}"
        assert server.ask("POST", "/v1/articles/batch", batch, Content_Type="application/json")[0] == 200
        return exported_labels(server)


def test_the_service_exports_every_metric() -> None:
    assert {re.sub("_(bucket|count|sum)$", "", name) for name in exported()} == set(metric_labels())


@pytest.mark.parametrize("expression", [*on_the_dashboard(), *in_alerts()])
def test_expressions_use_existing_metrics_and_labels(expression: str) -> None:
    known = exported()
    named = SELECTOR.findall(expression)
    assert named or "up{" in expression
    grouped = {label.strip() for labels in re.findall(r"\bby \(([^)]*)\)", expression) for label in labels.split(",")}
    for name, matchers in named:
        assert name in known
        assert {label for label, _ in MATCHER.findall(matchers)} | grouped <= known[name]


def test_label_values_of_alerts_are_possible() -> None:
    routes = {str(rule) for rule in create_app(Settings()).url_map.iter_rules()}
    slugs = {problem.slug for problem in errors.ProblemError.__subclasses__()}
    asked = [pair for expression in [*on_the_dashboard(), *in_alerts()] for pair in MATCHER.findall(expression)]
    for known, label in ((routes, "route"), (slugs, "type")):
        values = [value for name, value in asked if name == label]
        assert values
        assert [value for value in values if not any(re.fullmatch(value, one) for one in known)] == []


def test_every_metric_is_on_the_dashboard() -> None:
    shown = {name for expression in on_the_dashboard() for name, _ in SELECTOR.findall(expression)}
    assert set(metric_labels()) - {re.sub("_(bucket|count|sum)$", "", name) for name in shown} == set()


def test_the_dashboard_can_be_pointed_at_any_prometheus() -> None:
    assert "datasource" in {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    asked = [part for panel in DASHBOARD["panels"] for part in (panel, *panel["targets"])]
    assert {part["datasource"]["uid"] for part in asked} == {"${datasource}"}
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)


def test_each_alert_has_a_summary_and_a_section_of_the_runbook() -> None:
    runbook = (ROOT / "docs" / "how-to" / "runbook.md").read_text("utf-8")
    sections = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", runbook, re.MULTILINE | re.DOTALL))
    assert set(sections) == {rule["alert"] for rule in RULES}
    for rule in RULES:
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["annotations"]["runbook_url"] == f"{RUNBOOK_URL}#{rule['alert'].lower()}"
        assert set(rule["annotations"]) == {"summary", "runbook_url"}
        assert {"**Look at**", "**Do**"} <= set(re.findall(r"\*\*.+?\*\*", sections[rule["alert"]]))


def test_the_runbook_uses_existing_metrics_and_settings() -> None:
    runbook = (ROOT / "docs" / "how-to" / "runbook.md").read_text("utf-8")
    series = {name for name, _ in SELECTOR.findall(runbook)}
    assert series
    assert series - set(exported()) - set(metric_labels()) == set()
    settings = set(re.findall(r"\bCOPYDESK_[A-Z_]+[A-Z]", runbook))
    assert settings
    assert settings - {PREFIX + field.name.upper() for field in fields(Settings)} == set()


@pytest.mark.skipif(not is_installed("jq"), reason="jq is not installed")
def test_the_jq_commands_of_the_runbook_work(tmp_path: Path) -> None:
    pages = [(ROOT / "docs" / "how-to" / name).read_text("utf-8") for name in ("runbook.md", "maintain.md")]
    commands = re.findall(r"jq -[^\n`>]* log\.ndjson", "\n".join(pages))
    assert len(commands) > 5
    with running() as server:
        assert server.ask("POST", "/v1/text", b"caf\xc3\x83\xc2\xa9", Content_Type="text/plain")[0] == 200
        assert wait_until(lambda: any(line["event"] == "request" for line in server.lines()))
        (tmp_path / "log.ndjson").write_text(server.log.read_text("utf-8"))
    for command in commands:
        ran = subprocess.run(shlex.split(command), cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr) == (0, "")


def test_each_alert_is_tested_for_firing_and_for_silence() -> None:
    tests = yaml.safe_load((DEPLOY / "prometheus" / "alerts_test.yml").read_text("utf-8"))["tests"]
    cases = [case for test in tests for case in test["alert_rule_test"]]
    names = {rule["alert"] for rule in RULES}
    assert {case["alertname"] for case in cases if case["exp_alerts"]} == names
    assert {case["alertname"] for case in cases if not case["exp_alerts"]} == names


@pytest.mark.parametrize(
    "command",
    [
        "promtool check rules prometheus/alerts.yml",
        "promtool check config prometheus/prometheus.yml",
        "promtool test rules prometheus/alerts_test.yml",
        "haproxy -c -f haproxy.cfg",
    ],
)
def test_tools_accept_their_configuration(command: str) -> None:
    program, *arguments = command.split()
    if not is_installed(program):
        pytest.skip(f"{program} is not installed")
    ran = subprocess.run([program, *arguments], cwd=DEPLOY, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "WARNING" not in ran.stdout + ran.stderr


@pytest.mark.skipif(not is_installed("nginx"), reason="nginx is not installed")
def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    # It makes its directories when it only looks.
    written = tmp_path / "nginx.conf"
    written.write_text((DEPLOY / "nginx.conf").read_text("utf-8").replace("/tmp/nginx", f"{tmp_path}/nginx"))  # noqa: S108
    ran = subprocess.run(["nginx", "-t", "-c", str(written)], capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert "[warn]" not in ran.stderr


def test_nginx_has_the_body_limit_of_the_service() -> None:
    told = (DEPLOY / "nginx.conf").read_text("utf-8")
    [megabytes] = re.findall(r"client_max_body_size (\d+)m;", told)
    assert int(megabytes) * 1024**2 == Settings().max_batch_bytes
    assert told.count(str(Settings().max_batch_bytes)) == 2  # in the problem that says so


@pytest.mark.parametrize("name", ["nginx.conf", "haproxy.cfg"])
def test_balancers_use_problem_types_of_the_service(name: str) -> None:
    types = re.findall(r"urn:copydesk:problem:([a-z-]+)", (DEPLOY / name).read_text("utf-8"))
    assert types
    assert set(types) <= {problem.slug for problem in errors.ProblemError.__subclasses__()}


@pytest.mark.parametrize("name", ["nginx.conf", "haproxy.cfg"])
def test_problems_of_balancers_have_all_required_members(name: str) -> None:
    schema = yaml.safe_load((ROOT / "openapi.yaml").read_text("utf-8"))["components"]["schemas"]["Problem"]
    problems = re.findall(r"""'(\{"type":.+?\})(?:\\n)?'""", (DEPLOY / name).read_text("utf-8"))
    assert len(problems) > 2
    for problem in problems:
        assert set(schema["required"]) - set(json.loads(problem)) == set()
