"""The image is built from what is locked, and serves as it should."""

import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from tests.architecture.tree import ROOT
from tests.delivery.files import at, complaints, documents, settings_with, variables_of_the_image

LOCK = (ROOT / "pdm.lock").read_text(encoding="utf-8")
SCRIPTS = sorted(path for folder in ("cicd", "deploy") for path in (ROOT / folder).rglob("*.sh"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def _locked(group: str) -> subprocess.CompletedProcess[str]:
    program = ROOT / "deploy" / "container" / "locked.py"
    return subprocess.run(
        [sys.executable, str(program), group], input=LOCK, capture_output=True, text=True, check=False, timeout=60
    )


def _names(group: str) -> dict[str, str]:
    return {line.partition("==")[0].lower(): line for line in _locked(group).stdout.splitlines()}


@pytest.mark.skipif(sys.platform != "linux", reason="hadolint comes with the environment on Linux only")
def test_hadolint_is_content_with_the_dockerfile() -> None:
    assert complaints("hadolint", "Dockerfile") == ""


def test_the_compose_file_is_one() -> None:
    assert complaints("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml") == ""


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_shellcheck_is_content_with_a_script(script: object) -> None:
    checked = subprocess.run(["shellcheck", str(script)], capture_output=True, text=True, check=False, timeout=60)
    assert checked.stdout == ""


def test_the_image_has_each_direct_dependency_and_none_that_is_for_tests() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = {re.match(r"[\w-]+", requirement) for requirement in project["dependencies"]}
    names = _names("default")
    assert {match[0] for match in direct if match} <= names.keys()
    assert not {"pytest", "ruff", "pandas", "mkdocs"} & names.keys()


def test_each_package_of_the_image_has_one_version_and_hashes() -> None:
    for line in [*_names("default").values(), *_names("build").values()]:
        assert re.fullmatch(r"[\w.-]+==[\w.+!]+( ; [^#]+?)?( --hash=sha256:[0-9a-f]{64})+", line)


def test_what_builds_the_wheel_is_what_pyproject_asks_for() -> None:
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    assert {re.split(r"[<>=~!]", requirement)[0] for requirement in needed} <= _names("build").keys()


def test_a_group_that_is_not_locked_is_refused() -> None:
    refused = _locked("nonsense")
    assert refused.returncode != 0
    assert "pdm.lock has no group 'nonsense'" in refused.stderr


def test_the_image_serves_everybody_at_port_3100_in_production() -> None:
    settings = settings_with({})
    assert (settings.env, settings.host, settings.port, settings.store) == ("production", "0.0.0.0", 3100, "/data")  # noqa: S104 - within a container
    assert f"EXPOSE {settings.port}\n" in DOCKERFILE
    assert f"VOLUME {settings.store}\n" in DOCKERFILE
    assert variables_of_the_image()["MPLCONFIGDIR"].startswith("/tmp/")  # noqa: S108 - the one folder that is always there


def test_compose_runs_the_user_and_the_healthcheck_of_the_image() -> None:
    (compose,) = documents(ROOT / "compose.yaml")
    service = at(compose, "services", "entrepot")
    assert f"USER {at(service, 'user')}\n" in DOCKERFILE
    test = str(at(service, "healthcheck", "test")).replace("'", '"')
    assert re.sub(r'^\["CMD", ', "CMD [", test) in DOCKERFILE
    environment = at(service, "environment")
    assert isinstance(environment, dict)
    assert settings_with(environment).env == "production"


def test_only_what_the_dockerfile_copies_is_sent_to_the_build() -> None:
    copied = {
        word.split("/")[0]
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
        for word in line.split()
    }
    allowed = set(re.findall(r"^!([\w.]+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    assert copied == allowed
