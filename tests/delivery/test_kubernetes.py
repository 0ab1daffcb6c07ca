"""The manifests are such, and fit the image."""

from typing import Any, cast

import kubernetes_validate
import pytest

from tests.architecture.tree import ROOT
from tests.delivery.files import at, documents, settings_with, variables_of_the_image

FOLDER = ROOT / "deploy" / "kubernetes"
(KUSTOMIZATION,) = documents(FOLDER / "kustomization.yaml")
MANIFESTS = {
    str(each["kind"]): each
    for name in cast("list[str]", KUSTOMIZATION["resources"])
    for each in documents(FOLDER / name)
}
POD = at(MANIFESTS["Deployment"], "spec", "template", "spec")
CONTAINER = at(POD, "containers", 0)


@pytest.mark.parametrize("version", ["1.29", "1.32", "1.37"])
@pytest.mark.parametrize("kind", MANIFESTS)
def test_a_manifest_is_valid(kind: str, version: str) -> None:
    kubernetes_validate.validate(cast("dict[str, Any]", MANIFESTS[kind]), version, strict=True)


def test_a_manifest_with_an_unknown_field_would_be_found() -> None:
    wrong = {**MANIFESTS["Service"], "spec": {"selektor": {}}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, "1.32", strict=True)


def test_every_manifest_is_in_the_kustomization_and_none_names_a_namespace() -> None:
    others = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(cast("list[str]", KUSTOMIZATION["resources"])) == others
    assert ["namespace" in cast("dict[str, object]", each["metadata"]) for each in MANIFESTS.values()] == [False] * len(
        MANIFESTS
    )


def test_a_home_is_served_by_one_pod_at_a_time() -> None:
    spec = MANIFESTS["Deployment"]["spec"]
    assert (at(spec, "replicas"), at(spec, "strategy", "type")) == (1, "Recreate")
    assert at(MANIFESTS["PersistentVolumeClaim"], "spec", "accessModes") == ["ReadWriteOncePod"]


def test_the_pod_has_the_least_rights_that_the_restricted_standard_allows() -> None:
    assert at(POD, "securityContext", "runAsNonRoot") is True
    assert at(POD, "securityContext", "seccompProfile", "type") == "RuntimeDefault"
    assert at(CONTAINER, "securityContext") == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert f"USER {at(POD, 'securityContext', 'runAsUser')}:" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_no_variable_of_the_service_takes_the_place_of_a_setting() -> None:
    assert at(POD, "enableServiceLinks") is False


def test_the_settings_are_settings_and_the_ports_meet() -> None:
    settings = settings_with(cast("dict[str, str]", MANIFESTS["ConfigMap"]["data"]))
    assert settings.env == "production"
    assert at(CONTAINER, "ports", 0, "containerPort") == settings.port
    assert at(MANIFESTS["Service"], "spec", "ports", 0, "targetPort") == at(CONTAINER, "ports", 0, "name")


def test_the_home_and_what_drawing_writes_are_mounted() -> None:
    mounts = cast("list[dict[str, str]]", at(CONTAINER, "volumeMounts"))
    image = variables_of_the_image()
    assert {mount["mountPath"] for mount in mounts} == {image["ENTREPOT_STORE"], image["HOME"]}
    assert {mount["name"] for mount in mounts} == {
        volume["name"] for volume in cast("list[dict[str, str]]", at(POD, "volumes"))
    }


def test_imports_fit_into_the_memory() -> None:
    settings = settings_with(cast("dict[str, str]", MANIFESTS["ConfigMap"]["data"]))
    limit = str(at(CONTAINER, "resources", "limits", "memory"))
    most = settings.workers * settings.import_workers * settings.import_memory_bytes
    assert most < int(limit.removesuffix("Gi")) * 2**30
