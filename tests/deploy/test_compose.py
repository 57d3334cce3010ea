"""deploy/compose.yaml is what the Compose Specification takes, and runs what the tests run."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from copydesk.settings import Settings
from svc.app import create_app
from tests.helpers.dockerfile import instruction
from tests.helpers.paths import DEPLOY
from tests.helpers.server import gunicorn_setting

TEXT = (DEPLOY / "compose.yaml").read_text("utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
INSTANCES = {name: service for name, service in SERVICES.items() if service["image"] == "copydesk"}
SPECIFICATION = jsonschema_rs.validator_for(
    json.loads((files("check_jsonschema.builtin_schemas.vendor") / "compose-spec.json").read_text("utf-8"))
)


def mounts(service: dict[str, Any]) -> dict[str, Path]:
    """Return the files that a service is given, by where it finds them."""
    pairs = [volume.split(":") for volume in service.get("volumes", []) if volume.startswith("./")]
    assert all(mode == "ro" for _, _, mode in pairs)
    return {inside: DEPLOY / outside for outside, inside, _ in pairs}


def test_the_file_is_valid_against_the_specification() -> None:
    assert [error.message for error in SPECIFICATION.iter_errors(yaml.safe_load(TEXT))] == []


@pytest.mark.parametrize(
    ("right", "wrong"), [("stop_grace_period", "stop_grace_time"), ("read_only: true", "read_only: [true]")]
)
def test_an_invalid_file_fails_the_check(right: str, wrong: str) -> None:
    assert right in TEXT
    assert not SPECIFICATION.is_valid(yaml.safe_load(TEXT.replace(right, wrong)))


def test_nginx_and_prometheus_mount_the_tested_files() -> None:
    assert mounts(SERVICES["nginx"]) == {"/etc/nginx/nginx.conf": DEPLOY / "nginx.conf"}
    assert SERVICES["nginx"]["entrypoint"][:5] == ["nginx", "-e", "stderr", "-c", "/etc/nginx/nginx.conf"]
    assert mounts(SERVICES["prometheus"]) == {"/etc/prometheus": DEPLOY / "prometheus"}
    assert all(path.exists() for service in SERVICES.values() for path in mounts(service).values())


def test_nginx_and_prometheus_have_the_addresses_of_instances() -> None:
    """Instances listen on the addresses that nginx and Prometheus use."""
    bound = {service["environment"]["COPYDESK_BIND"] for service in INSTANCES.values()}
    nginx = set(re.findall(r"^ +server (\S+) ", (DEPLOY / "nginx.conf").read_text("utf-8"), re.MULTILINE))
    prometheus = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text("utf-8"))
    asked = prometheus["scrape_configs"][0]["static_configs"][0]["targets"]
    assert bound == nginx == set(asked)
    assert len(bound) == len(INSTANCES) == 2
    # By 127.0.0.1 they find each other only in one network.
    assert {SERVICES[name]["network_mode"] for name in (*INSTANCES, "nginx", "prometheus")} == {"service:pod"}


@pytest.mark.parametrize("name", INSTANCES)
def test_instances_have_valid_settings_and_time_to_stop(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    instance = INSTANCES[name]
    for variable, value in instance["environment"].items():
        monkeypatch.setenv(variable, value)
    settings = Settings.from_env()
    grace = int(instance["stop_grace_period"].removesuffix("s"))
    assert grace > settings.drain_timeout + gunicorn_setting("graceful_timeout") + 2
    assert not settings.is_public()


@pytest.mark.parametrize("name", INSTANCES)
def test_instances_match_the_image(name: str) -> None:
    """They have its user and its health check."""
    assert instruction("USER") == INSTANCES[name]["user"]
    command = instruction("HEALTHCHECK").partition("CMD ")[2]
    assert INSTANCES[name]["healthcheck"]["test"] == ["CMD", *json.loads(command)]


def test_published_ports_are_local() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"pod": ["127.0.0.1:8080:8080"], "grafana": ["127.0.0.1:3000:3000"]}
    assert "listen 8080;" in (DEPLOY / "nginx.conf").read_text("utf-8")


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_has_least_privilege(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"[1-9]\d*:\d+", service["user"])
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    # Where it does not say which, it is another tomorrow.
    assert service["image"] == "copydesk" or re.search(r":v?\d+\.\d+", service["image"])
    assert "healthcheck" in service or name == "pod"


def test_health_checks_use_existing_paths() -> None:
    [url] = re.findall(r"http://127\.0\.0\.1:8080(\S+)", " ".join(SERVICES["nginx"]["healthcheck"]["test"]))
    assert url in {str(rule) for rule in create_app(Settings()).url_map.iter_rules()}


def test_monitoring_is_a_profile() -> None:
    assert {name for name, service in SERVICES.items() if "profiles" in service} == {"prometheus", "grafana"}


def test_grafana_finds_the_prometheus_and_the_dashboard() -> None:
    provisioning = DEPLOY / "grafana" / "provisioning"
    [source] = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text("utf-8"))["datasources"]
    assert source["url"] == f"http://{SERVICES['prometheus']['network_mode'].removeprefix('service:')}:9090"
    assert source["isDefault"]
    [provider] = yaml.safe_load((provisioning / "dashboards" / "copydesk.yml").read_text("utf-8"))["providers"]
    given = mounts(SERVICES["grafana"])
    assert given[provider["options"]["path"] + "/copydesk.json"] == DEPLOY / "grafana" / "copydesk.json"
    assert given["/etc/grafana/provisioning"] == provisioning
