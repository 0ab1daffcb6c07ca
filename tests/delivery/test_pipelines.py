"""The pipelines are such, and pass their scripts what these need."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.delivery.files import complaints, settings_with
from tests.delivery.terraform import module, named

CICD = ROOT / "cicd"
AZURE, GITHUB = CICD / "azure-pipelines.yml", ROOT / ".github" / "workflows" / "delivery.yml"
INFRASTRUCTURE = (CICD / "infrastructure.sh").read_text(encoding="utf-8")
APP = (ROOT / "deploy" / "azure" / "app.tf").read_text(encoding="utf-8")
_ACTION = re.compile(r"uses: ([\w.-]+/[\w./-]+)@(\S+)( # v\d+\.\d+\.\d+)?$", re.MULTILINE)


def _steps(path: Path) -> list[str]:
    return re.findall(r"bash ([\w./]+)", path.read_text(encoding="utf-8"))


def _outputs_read() -> Iterator[str]:
    for script in ("image.sh", "deploy.sh"):
        yield from re.findall(r"\$\(value (\w+)\)", (CICD / script).read_text(encoding="utf-8"))


def test_the_pipeline_of_azure_is_one() -> None:
    schema = ["--builtin-schema", "vendor.azure-pipelines", "--regex-variant", "python"]
    assert complaints("check-jsonschema", *schema, str(AZURE)) == ""


@pytest.mark.parametrize("schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"])
def test_the_workflow_of_github_is_one(schema: str) -> None:
    assert complaints("check-jsonschema", "--builtin-schema", schema, str(GITHUB)) == ""


def test_actions_are_pinned_to_a_commit_with_its_version_beside_it() -> None:
    actions = _ACTION.findall(GITHUB.read_text(encoding="utf-8"))
    assert actions
    assert [
        action for action, commit, version in actions if not (re.fullmatch(r"[0-9a-f]{40}", commit) and version)
    ] == []
    assert len(actions) == GITHUB.read_text(encoding="utf-8").count("uses:")


def test_both_test_apply_build_and_deploy_in_this_order() -> None:
    assert _steps(AZURE) == _steps(GITHUB) == [".ci/run", "cicd/infrastructure.sh", "cicd/image.sh", "cicd/deploy.sh"]
    assert [step for step in _steps(AZURE) if not (ROOT / step).is_file()] == []


@pytest.mark.parametrize("path", [AZURE, GITHUB], ids=["azure", "github"])
def test_both_give_each_variable_that_the_infrastructure_needs(path: Path) -> None:
    needed = set(re.findall(r'"\$\{(\w+):\?\}"', INFRASTRUCTURE))
    assert needed
    text = path.read_text(encoding="utf-8")
    assert {name for name in needed if not re.search(rf"\b{name}[:=]", text)} == set()


def test_what_the_scripts_read_is_what_the_infrastructure_puts_out() -> None:
    written = re.search(r"for name in ([\w ]+); do\n *echo", INFRASTRUCTURE)
    assert written
    assert set(written[1].split()) == set(named(module()["output"])) == set(_outputs_read()) | {"registry"}


def test_the_app_is_given_settings_that_entrepot_has() -> None:
    given = dict(re.findall(r'(ENTREPOT_\w+) += (?:tostring\()?"?([^"\s)]+)', APP))
    given |= {"ENTREPOT_ENV": "staging", "ENTREPOT_PORT": "3100"}
    settings = settings_with(given)
    assert (settings.host, settings.port, settings.store) == ("0.0.0.0", 3100, "/data")  # noqa: S104 - within a container


def test_the_app_starts_what_the_image_has() -> None:
    started = re.search(r"/opt/entrepot/share/(\w+\.py)", APP)
    assert started
    assert f"deploy/container/{started[1]}" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
