"""The manifests in deploy/k8s, rendered by kubectl, are valid and match the service."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from copydesk import __version__
from copydesk.settings import PREFIX, Settings
from svc.app import create_app
from tests.helpers.balancers import is_installed
from tests.helpers.dockerfile import instruction
from tests.helpers.metrics import SELECTOR, series_labels
from tests.helpers.paths import DEPLOY
from tests.helpers.server import gunicorn_setting

PRODUCTION = DEPLOY / "k8s" / "overlays" / "production"
OVERLAYS = ("small", "production")
# The oldest supported version, and the newest with schemas.
VERSIONS = ("1.30", "1.37")

pytestmark = pytest.mark.skipif(not is_installed("kubectl"), reason="kubectl is not installed")

Resource = dict[str, Any]


@cache
def rendered(overlay: str) -> str:
    return render(DEPLOY / "k8s" / "overlays" / overlay)


def render(directory: Path) -> str:
    command = ["kubectl", "kustomize", str(directory)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def resources(overlay: str) -> dict[str, Resource]:
    """Return the resources of an overlay by kind. There is one of each."""
    found = list(yaml.safe_load_all(rendered(overlay)))
    assert len({resource["kind"] for resource in found}) == len(found)
    return {resource["kind"]: resource for resource in found}


def pod(overlay: str) -> Resource:
    spec: Resource = resources(overlay)["Deployment"]["spec"]["template"]["spec"]
    return spec


def container(overlay: str) -> Resource:
    [found] = pod(overlay)["containers"]
    assert isinstance(found, dict)
    return found


def settings(overlay: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return the settings of the container. An unknown variable raises an error."""
    for variable in container(overlay)["env"]:
        monkeypatch.setenv(variable["name"], variable["value"])
    return Settings.from_env()


def validate(text: str, version: str) -> list[str]:
    """Validate resources against the strict schemas of a version; return their kinds."""
    kinds = []
    for resource in yaml.safe_load_all(text):
        # A ServiceMonitor is not a part of Kubernetes and has no schema.
        if resource["kind"] != "ServiceMonitor":
            assert kubernetes_validate.validate(resource, version, strict=True) == version
            kinds.append(resource["kind"])
    return kinds


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_resource_is_valid(overlay: str, version: str) -> None:
    assert set(validate(rendered(overlay), version)) == set(resources(overlay)) - {"ServiceMonitor"}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("maxSkew", "maxskew"), ("periodSeconds: 5", "periodSeconds: 5s"), ("averageUtilization", "averageUse")],
)
def test_an_invalid_resource_fails_the_check(right: str, wrong: str) -> None:
    assert right in rendered("production")
    with pytest.raises(kubernetes_validate.ValidationError):
        validate(rendered("production").replace(right, wrong), VERSIONS[-1])


def test_the_small_overlay_needs_no_optional_component() -> None:
    small, production = set(resources("small")), set(resources("production"))
    assert small == {"Namespace", "ServiceAccount", "Deployment", "Service", "NetworkPolicy"}
    assert production - small == {"HorizontalPodAutoscaler", "PodDisruptionBudget", "ServiceMonitor"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_probes_use_existing_paths_and_the_port_of_the_service(overlay: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {kind: container(overlay)[kind]["httpGet"] for kind in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert {kind: probe["path"] for kind, probe in asked.items()} == {
        "startupProbe": "/livez",
        "livenessProbe": "/livez",
        "readinessProbe": "/readyz",
    }
    assert {probe["path"] for probe in asked.values()} <= {
        str(rule) for rule in create_app(Settings()).url_map.iter_rules()
    }
    [port] = container(overlay)["ports"]
    assert settings(overlay, monkeypatch).bind == f"0.0.0.0:{port['containerPort']}"
    [offered] = resources(overlay)["Service"]["spec"]["ports"]
    [rule] = resources(overlay)["NetworkPolicy"]["spec"]["ingress"]
    named = (
        {probe["port"] for probe in asked.values()} | {offered["targetPort"]} | {one["port"] for one in rule["ports"]}
    )
    assert named == {port["name"]}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_grace_period_outlasts_the_drain(overlay: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The drain outlasts the readiness probe in turn."""
    drain, probe = settings(overlay, monkeypatch).drain_timeout, container(overlay)["readinessProbe"]
    assert drain >= probe["periodSeconds"] * probe["failureThreshold"] + 1
    assert pod(overlay)["terminationGracePeriodSeconds"] > drain + gunicorn_setting("graceful_timeout") + 2


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_service_links_do_not_become_settings(overlay: str) -> None:
    # Links to a Service `copydesk` would be COPYDESK_PORT and others. The service does not start with unknown settings.
    assert resources(overlay)["Service"]["metadata"]["name"].upper() + "_" == PREFIX
    assert pod(overlay)["enableServiceLinks"] is False


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_pod_is_restricted_and_has_the_user_of_the_image(overlay: str) -> None:
    # https://kubernetes.io/docs/concepts/security/pod-security-standards/, restricted
    context, own = pod(overlay)["securityContext"], container(overlay)["securityContext"]
    assert f"{context['runAsUser']}:{context['runAsGroup']}" == instruction("USER")
    assert context["runAsNonRoot"] is True
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    assert own == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    labels = resources(overlay)["Namespace"]["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    # All that it writes (svc/server/gunicorn_conf.py) is in memory.
    places = {mount["mountPath"]: mount["name"] for mount in container(overlay)["volumeMounts"]}
    volumes = {volume["name"]: volume["emptyDir"] for volume in pod(overlay)["volumes"]}
    assert volumes[places["/dev/shm"]]["medium"] == "Memory"  # noqa: S108
    assert set(places.values()) == set(volumes)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_pod_has_a_service_account_without_a_token(overlay: str) -> None:
    account = resources(overlay)["ServiceAccount"]
    assert pod(overlay)["serviceAccountName"] == account["metadata"]["name"]
    assert account["automountServiceAccountToken"] is False
    assert pod(overlay)["automountServiceAccountToken"] is False


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_with_the_ingress_component_is_valid(overlay: str, tmp_path: Path) -> None:
    shutil.copytree(DEPLOY / "k8s", tmp_path / "k8s")
    directory = tmp_path / "k8s" / "overlays" / overlay
    with (directory / "kustomization.yaml").open("a", encoding="utf-8") as file:
        file.write("components: [../../components/ingress]\n")
    text = render(directory)
    assert "Ingress" in validate(text, VERSIONS[-1])
    [ingress] = [each for each in yaml.safe_load_all(text) if each["kind"] == "Ingress"]
    assert ingress["metadata"]["namespace"] == "copydesk"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_network_policy_denies_egress_and_other_namespaces(overlay: str) -> None:
    policy = resources(overlay)["NetworkPolicy"]["spec"]
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    assert policy["egress"] == []
    assert policy["podSelector"] == {}
    assert [set(one) for rule in policy["ingress"] for one in rule["from"]] == [{"namespaceSelector"}]


def test_every_selector_matches_the_pods() -> None:
    found = resources("production")
    labels = found["Deployment"]["spec"]["template"]["metadata"]["labels"].items()
    spread = pod("production")["topologySpreadConstraints"]
    selectors = [one["labelSelector"]["matchLabels"] for one in spread]
    selectors += [found[kind]["spec"]["selector"]["matchLabels"] for kind in ("Deployment", "PodDisruptionBudget")]
    selectors.append(found["Service"]["spec"]["selector"])
    assert all(selector and selector.items() <= labels for selector in selectors)
    assert {constraint["topologyKey"] for constraint in spread} == {
        "kubernetes.io/hostname",
        "topology.kubernetes.io/zone",
    }


def test_the_service_monitor_selects_the_port_and_sets_the_job() -> None:
    service, spec = resources("production")["Service"], resources("production")["ServiceMonitor"]["spec"]
    assert set(spec) <= {"jobLabel", "selector", "endpoints"}
    [endpoint] = spec["endpoints"]
    assert endpoint["port"] in {port["name"] for port in service["spec"]["ports"]}
    assert endpoint["path"] in {str(rule) for rule in create_app(Settings()).url_map.iter_rules()}
    assert spec["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert service["metadata"]["labels"][spec["jobLabel"]] == "copydesk"


def test_the_autoscaler_uses_the_cpu_and_the_adapter() -> None:
    """Its second metric is that of the Prometheus Adapter."""
    spec = resources("production")["HorizontalPodAutoscaler"]["spec"]
    assert (spec["scaleTargetRef"]["kind"], spec["scaleTargetRef"]["name"]) == ("Deployment", "copydesk")
    assert "replicas" not in resources("production")["Deployment"]["spec"]
    [cpu, waiting] = spec["metrics"]
    assert cpu["resource"]["name"] == "cpu"
    [rule] = yaml.safe_load((PRODUCTION / "adapter-rule.yaml").read_text("utf-8"))["rules"]["custom"]
    assert waiting["pods"]["metric"]["name"] == rule["name"]["as"]
    [(name, _)] = SELECTOR.findall(rule["seriesQuery"])
    assert name in series_labels()
    # One for each worker, and there is one for each CPU.
    assert waiting["pods"]["target"]["averageValue"] == container("production")["resources"]["limits"]["cpu"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_image_has_this_version_and_resource_limits(overlay: str) -> None:
    assert container(overlay)["image"].endswith(f"copydesk:{__version__}")
    told = container(overlay)["resources"]
    assert set(told["requests"]) == set(told["limits"]) == {"cpu", "memory"}


@pytest.mark.skipif(not is_installed("promtool"), reason="promtool is not installed")
def test_prometheus_accepts_the_query_of_the_adapter(tmp_path: Path) -> None:
    [rule] = yaml.safe_load((PRODUCTION / "adapter-rule.yaml").read_text("utf-8"))["rules"]["custom"]
    [(name, _)] = SELECTOR.findall(rule["seriesQuery"])
    asked = {"<<.Series>>": name, "<<.LabelMatchers>>": 'namespace="a",pod=~"b|c"', "<<.GroupBy>>": "pod"}
    query = rule["metricsQuery"]
    for place, value in asked.items():
        query = query.replace(place, value)
    written = {"groups": [{"name": "adapter", "rules": [{"record": rule["name"]["as"], "expr": query}]}]}
    (tmp_path / "rule.yml").write_text(yaml.safe_dump(written))
    ran = subprocess.run(["promtool", "check", "rules", str(tmp_path / "rule.yml")], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
