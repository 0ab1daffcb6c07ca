"""The infrastructure holds together: names, references, and what the provider takes."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import cast

import pytest

from tests.delivery import azurerm
from tests.delivery.terraform import AZURE, Body, fields, module, named, parsed, references, resources

MODULE = module()
VARIABLES = named(MODULE["variable"])
LOCALS = {name for block in MODULE["locals"] for name in block}
RESOURCES = resources(MODULE["resource"])
OUTPUTS = named(MODULE["output"])
SCHEMA = json.loads(azurerm.SCHEMA.read_text(encoding="utf-8"))
ENVIRONMENTS = sorted((AZURE / "environments").glob("*.tfvars"))
OF_TERRAFORM = {"count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"}
BY_THE_PIPELINE = {"suffix"}
"""Variables that ``cicd/infrastructure.sh`` gives, by ``TF_VAR_…``."""


def _used() -> set[str]:
    return references({kind: blocks for kind, blocks in MODULE.items() if kind != "variable"})


def _faults(place: str, body: Body, schema: dict[str, object]) -> list[str]:
    known = {
        "required": set(cast("list[str]", schema["required"])),
        "optional": set(cast("list[str]", schema["optional"])),
    }
    blocks = cast("dict[str, dict[str, object]]", schema["blocks"])
    given = dict(fields(body))
    faults = [f"{place} lacks {name}" for name in sorted(known["required"] - given.keys())]
    for name, inner in given.items():
        if name in OF_TERRAFORM:
            continue
        if inner is not None and name in blocks:
            faults += _faults(f"{place}.{name}", inner, blocks[name])
        elif inner is not None or name not in known["required"] | known["optional"]:
            faults.append(f"{place} has no {name}")
    return faults


def test_each_variable_is_used_and_each_one_used_is_declared() -> None:
    assert {name.split(".")[1] for name in _used() if name.startswith("var.")} == VARIABLES.keys()


def test_each_local_is_used_and_each_one_used_is_declared() -> None:
    assert {name.split(".")[1] for name in _used() if name.startswith("local.")} == LOCALS


def test_each_reference_leads_to_something_that_a_resource_has() -> None:
    missing = []
    for reference in sorted(name for name in _used() if name.startswith("azurerm_")):
        kind, name, *rest = reference.split(".")
        schema = SCHEMA["resources"].get(kind, {"required": [], "optional": [], "exported": []})
        known = {*schema["required"], *schema["optional"], *schema["exported"]}
        if (kind, name) not in RESOURCES or (rest and rest[0] not in known):
            missing.append(reference)
    assert missing == []


def test_there_are_references_to_be_checked() -> None:
    assert {"var.plan_sku", "local.port", "azurerm_container_registry.entrepot.login_server"} <= _used()


@pytest.mark.parametrize(("kind", "name"), RESOURCES, ids="-".join)
def test_a_resource_has_what_the_provider_takes(kind: str, name: str) -> None:
    assert _faults(kind, RESOURCES[kind, name], SCHEMA["resources"][kind]) == []


def test_a_resource_with_a_wrong_field_would_be_found() -> None:
    wrong: Body = {"name": "x", "plan": 1}
    lacking = ["location", "os_type", "resource_group_name", "sku_name"]
    expected = [*(f"azurerm_service_plan lacks {name}" for name in lacking), "azurerm_service_plan has no plan"]
    assert _faults("azurerm_service_plan", wrong, SCHEMA["resources"]["azurerm_service_plan"]) == expected


def test_the_provider_has_what_it_takes() -> None:
    (provider,) = (cast("Body", block["azurerm"]) for block in MODULE["provider"])
    known = {*SCHEMA["provider"]["optional"], *SCHEMA["provider"]["blocks"]}
    assert {name for name, _ in fields(provider)} <= known


def test_the_schema_is_of_a_version_that_is_taken() -> None:
    (settings,) = MODULE["terraform"]
    asked = json.dumps(settings["required_providers"])
    assert "~> " + ".".join(SCHEMA["version"].split(".")[:2]) in asked


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.stem)
def test_an_environment_gives_each_variable_without_a_default_and_no_other(path: Path) -> None:
    given = parsed(path)
    needed = {name for name, variable in VARIABLES.items() if "default" not in variable} - BY_THE_PIPELINE
    assert needed <= given.keys() <= VARIABLES.keys() - BY_THE_PIPELINE
    assert given["environment"] == path.stem


def test_there_are_the_environments_that_the_variable_allows() -> None:
    allowed = re.findall(r"[a-z]+", str(VARIABLES["environment"]["validation"]).partition('["')[2].partition("]")[0])
    assert [path.stem for path in ENVIRONMENTS] == sorted(allowed)


@pytest.mark.parametrize("name", [*VARIABLES, *OUTPUTS])
def test_what_is_given_and_what_comes_out_is_described(name: str) -> None:
    assert {**VARIABLES, **OUTPUTS}[name]["description"]


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")
def test_the_files_are_as_terraform_formats_them() -> None:
    command = ["terraform", "fmt", "-check", "-recursive", "-diff", str(AZURE)]
    environment = os.environ | {"CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull}
    formatted = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)
    assert (formatted.returncode, formatted.stdout) == (0, "")
