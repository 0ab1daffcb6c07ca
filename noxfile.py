"""What is checked, and how: `nox` runs lint, types and tests; `nox -l` lists the rest.

Every session but `pythons` uses the environment nox itself runs in, installed from `pdm.lock`: nothing is installed
twice, and an editor sees the same versions as the build.
"""

import os
import shutil
import sys
from pathlib import Path

import nox

BIN = Path(sys.executable).parent
PDM = Path(".pdm", "bin", "pdm")
PROCESSES = min(4, os.cpu_count() or 1)
"""How many run tests at once: each of them grows to a gigabyte, and starts servers and workers of its own."""

nox.options.sessions = ["lint", "types", "tests"]


def run(session: nox.Session, program: str, *arguments: str) -> None:
    """Run a program of the environment nox runs in, whether or not that is activated."""
    session.run(str(BIN / program), *arguments, external=True)


@nox.session(venv_backend="none")
def lint(session: nox.Session) -> None:
    """Style, formatting, the rings of imports, and what pylint sees in the whole program."""
    run(session, "ruff", "check")
    run(session, "ruff", "format", "--check")
    run(session, "lint-imports", "--no-logo")
    run(session, "pylint", "core/entrepot_core", "adapters/entrepot_adapters", "apps/entrepot")


@nox.session(venv_backend="none")
def types(session: nox.Session) -> None:
    """Two type-checkers: they find different things."""
    run(session, "mypy")
    run(session, "pyright", "--pythonpath", sys.executable)


@nox.session(venv_backend="none")
def tests(session: nox.Session) -> None:
    """Every test but the heavy ones, a file at a time in each of some processes; arguments after `--` go to pytest."""
    run(session, "pytest", "-n", str(PROCESSES), "--dist", "loadfile", *session.posargs)


@nox.session(venv_backend="none")
def heavy(session: nox.Session) -> None:
    """The tests that take minutes or gigabytes."""
    run(session, "pytest", "-m", "heavy", *session.posargs)


@nox.session(venv_backend="none")
def delivery(session: nox.Session) -> None:
    """The container, pipelines, infrastructure and manifests, by their validators; `tests` has these too."""
    run(session, "pytest", "tests/delivery", *session.posargs)


@nox.session(venv_backend="none")
def container(session: nox.Session) -> None:
    """Build the image and run it where there is no container engine: as root on Debian, in some minutes.

    The registry's tests are run against it: each endpoint with each of its status codes.
    """
    tests = {"TESTS": f"{BIN / 'pytest'} -q tests/apps/http/test_records.py"}
    session.run("bash", "deploy/container/try.sh", external=True, env=tests)


@nox.session(venv_backend="none")
def docs(session: nox.Session) -> None:
    """The documentation, into `site/`; a broken link or reference is an error."""
    run(session, "mkdocs", "build", "--strict")


@nox.session(venv_backend="none")
def benchmarks(session: nox.Session) -> None:
    """Every benchmark, or the scripts named after `--`."""
    for script in session.posargs or sorted(map(str, Path("benchmarks").glob("*.py"))):
        run(session, "python", script)


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
def pythons(session: nox.Session) -> None:
    """The tests on each Python found, in environments of their own, installed from the same lock."""
    pdm = PDM if PDM.exists() else shutil.which("pdm")
    if pdm is None:
        session.error('pdm is missing: python3 -m venv .pdm && .pdm/bin/pip install "pdm[locked]"')
    python = Path(session.bin, "python")
    session.run(str(pdm), "sync", "-q", "-G", "pandas", "-G", "test", external=True, env={"PDM_PYTHON": str(python)})
    session.run("pytest", *session.posargs)
