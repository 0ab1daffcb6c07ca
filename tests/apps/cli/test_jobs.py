"""Jobs on the command line: in a folder, and against a server."""

import json
import os
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.apps.cli.conftest import Run
from tests.docs.terminal import terminal
from tests.serving import served

ID = "019aa5c0-9b40-7a11-8c1d-5f0e7d2b6a90"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("served")) as url:
        yield url


def test_a_new_store_has_no_jobs(run: Run) -> None:
    shown = run("jobs", "list")
    assert (shown.status, shown.out, shown.err) == (0, "", "There are no jobs.\n")
    assert json.loads(run("jobs", "list", "--json").out) == []


def test_a_job_that_is_not_there_is_told(run: Run) -> None:
    shown = run("jobs", "show", ID)
    assert shown.status == 3
    assert shown.err == f"entrepot: There is no job '{ID}'. List the jobs to see their ids.\n"
    assert run("jobs", "cancel", "one", "two").status == 3


def test_work_that_would_end_with_the_program_is_not_begun(run: Run) -> None:
    for words in (("add", "cars.csv", "--no-wait"), ("replace", "cars", "cars.csv", "--no-wait")):
        shown = run(*words)
        assert shown.status == 2
        assert "--no-wait is for a server" in shown.err


def test_an_import_is_begun_on_a_server_followed_and_listed(run: Run, url: str) -> None:
    begun = run("add", "cars.csv", "--no-wait", "--store", url)
    job = begun.out.strip()
    assert begun.err == f"Follow it: entrepot jobs show {job} --follow\n"
    facts = dict(line.split(":", 1) for line in run("jobs", "show", job, "--follow", "--store", url).out.splitlines())
    assert {name: facts[name].strip() for name in ("id", "kind", "file", "state", "version")} == {
        "id": job,
        "kind": "import",
        "file": "cars.csv",
        "state": "succeeded",
        "version": "1",
    }
    dataset = facts["dataset"].strip()
    again = json.loads(run("replace", dataset, "cars.csv", "--no-wait", "--json", "--store", url).out)
    assert (again["kind"], again["state"]) == ("replace", "queued")
    assert run("jobs", "show", again["id"], "--follow", "--json", "--store", url).status == 0
    listed = run("jobs", "list", "--state", "succeeded", "--store", url).lines
    assert listed[0] == ["id", "kind", "file", "state", "progress", "began", "seconds"]
    assert [line[:4] for line in listed[1:3]] == [
        [again["id"], "replace", "cars.csv", "succeeded"],
        [job, "import", "cars.csv", "succeeded"],
    ]
    cancelled = run("jobs", "cancel", job, "--store", url)
    assert (cancelled.status, cancelled.err) == (5, f"entrepot: Job {job} has ended already: succeeded.\n")


def test_following_a_job_that_failed_fails_as_it_did(run: Run, url: str) -> None:
    Path("bad.csv").write_text("a,b\n1,\0\n")
    job = run("add", "bad.csv", "--no-wait", "--store", url).out.strip()
    followed = run("jobs", "show", job, "--follow", "--store", url)
    assert followed.status == 4
    assert followed.err == f"entrepot: {next(line[10:] for line in followed.out.splitlines() if 'problem' in line)}\n"
    assert run("jobs", "show", job, "--store", url).status == 0


def test_progress_of_a_server_is_shown_and_ctrl_c_cancels_its_job(home: Path, url: str, tmp_path: Path) -> None:
    assert home.parent == tmp_path
    # its quotes have it read row by row, or it would be there before anybody can stop it
    line = "".join(f'{number},some "words" of text {number},{number / 7}\n' for number in range(20_000))
    with Path("large.csv").open("w") as file:
        file.writelines(["a,b,c\n", *[line] * 130])
    program = shlex.join([sys.executable, "-m", "entrepot", "add", "large.csv", "--store", url])
    with terminal(f"TERM=xterm exec {program}") as (process, screen):
        shown = ""
        for piece in screen:
            shown += piece
            if "Reading large.csv" in shown:
                break
        os.killpg(process.pid, signal.SIGINT)
        shown += "".join(screen)  # else it may wait for somebody to read
        assert process.wait(60) == 128 + signal.SIGINT, shown
    until = time.monotonic() + 60
    while (job := httpx.get(f"{url}/jobs/").json()["items"][0])["state"] == "running":
        assert time.monotonic() < until
        time.sleep(0.1)
    assert (job["file_name"], job["state"]) == ("large.csv", "cancelled")
