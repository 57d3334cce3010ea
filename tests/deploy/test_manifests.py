"""The files of deploy/k8s as they are written, without kubectl: each is valid by itself, and each is used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from copydesk.settings import Settings
from svc.app import create_app
from svc.probes import PROBE_PATHS
from tests.helpers.paths import DEPLOY

K8S = DEPLOY / "k8s"
# The oldest version that is asked for, and the newest whose schemas are there.
VERSIONS = ("1.30", "1.37")
# The labels that base/kustomization.yaml adds to selectors and pods.
LABELS = yaml.safe_load((K8S / "base" / "kustomization.yaml").read_text("utf-8"))["labels"][0]["pairs"]
KUSTOMIZATIONS = sorted(K8S.rglob("kustomization.yaml"))
# Values of a Helm chart, and a resource of the Prometheus Operator.
WITHOUT_SCHEMA = {"adapter-rule.yaml", "monitor.yaml"}
MANIFESTS = sorted(set(K8S.rglob("*.yaml")) - set(KUSTOMIZATIONS))
INGRESS = yaml.safe_load((K8S / "components" / "ingress" / "ingress.yaml").read_text("utf-8"))


def load(path: Path) -> dict[str, Any]:
    """Return a resource with the selector and labels that Kustomize adds to it."""
    resource: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    if resource["kind"] == "Deployment":
        resource["spec"]["selector"] = {"matchLabels": LABELS}
        resource["spec"]["template"]["metadata"] = {"labels": LABELS}
    return resource


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", [path for path in MANIFESTS if path.name not in WITHOUT_SCHEMA], ids=lambda p: p.stem)
def test_each_manifest_is_valid_as_written(path: Path, version: str) -> None:
    assert kubernetes_validate.validate(load(path), version, strict=True) == version


def test_an_invalid_manifest_fails_the_check() -> None:
    ingress = INGRESS | {"spec": INGRESS["spec"] | {"ingressClass": "nginx"}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(ingress, VERSIONS[-1], strict=True)


def test_each_file_is_a_resource_of_a_kustomization() -> None:
    used: set[Path] = set()
    for path in KUSTOMIZATIONS:
        for name in yaml.safe_load(path.read_text("utf-8"))["resources"]:
            resource = (path.parent / name).resolve()
            assert resource.exists()
            used.add(resource)
    assert {path for path in MANIFESTS if path not in used} == {K8S / "overlays" / "production" / "adapter-rule.yaml"}


def test_the_ingress_publishes_all_paths_but_probes() -> None:
    [rule] = INGRESS["spec"]["rules"]
    assert [rule["host"]] == INGRESS["spec"]["tls"][0]["hosts"]
    paths = [(each["pathType"], each["path"]) for each in rule["http"]["paths"]]

    def is_published(path: str) -> bool:
        return any(
            path == prefix or (kind == "Prefix" and f"{path}/".startswith(f"{prefix.rstrip('/')}/"))
            for kind, prefix in paths
        )

    routes = {str(route) for route in create_app(Settings()).url_map.iter_rules()}
    assert {route for route in routes if not is_published(route)} == set(PROBE_PATHS)


def test_the_ingress_matches_the_service_and_the_balancer() -> None:
    """It has the port of the service and the limits of the balancer."""
    service = load(K8S / "base" / "service.yaml")
    ports = {port["name"] for port in service["spec"]["ports"]}
    backends = [path["backend"]["service"] for path in INGRESS["spec"]["rules"][0]["http"]["paths"]]
    assert {backend["name"] for backend in backends} == {service["metadata"]["name"]}
    assert {backend["port"]["name"] for backend in backends} <= ports
    annotations = INGRESS["metadata"]["annotations"]
    nginx = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert annotations["nginx.org/client-max-body-size"] == f"{Settings().max_batch_bytes >> 20}m"
    for name in ("max-conns", "max-fails"):
        assert f"{name.replace('-', '_')}={annotations[f'nginx.org/{name}']}" in nginx
    for name in ("proxy-connect-timeout", "proxy-read-timeout", "proxy-send-timeout"):
        assert f"{name.replace('-', '_')} {annotations[f'nginx.org/{name}']};" in nginx
