"""Programs that decode images in workers end, in whatever way, and leave nothing."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

PARENT = """
import io, os, sys, time
from entrepot_adapters.sandbox.imaging import SandboxedImaging
from entrepot_core.errors import InvalidImage
imaging = SandboxedImaging()
try:
    imaging.inspect(io.BytesIO(b"x"))
except InvalidImage:
    print("here", flush=True)
"""


def test_a_parent_that_is_killed_takes_its_worker_along(tmp_path: Path) -> None:
    environ = os.environ | {"TMPDIR": str(tmp_path)}  # where what a killed parent can't remove is no litter
    script = PARENT + "time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"here\n"
        [worker] = psutil.Process(parent.pid).children()
        worker.suspend()  # so that it can't end by itself
        parent.kill()
    _, alive = psutil.wait_procs([worker], timeout=10)
    assert alive == []


@pytest.mark.parametrize("end", ["", "sys.exit(3)", "raise KeyboardInterrupt", "imaging.close()"])
def test_a_program_that_ends_leaves_nothing(tmp_path: Path, end: str) -> None:
    script = PARENT + "import psutil; print(psutil.Process().children()[0].pid, flush=True)\n" + end
    environ = os.environ | {"TMPDIR": str(tmp_path)}
    found = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, env=environ, timeout=60)
    assert not psutil.pid_exists(int(found.stdout.split()[1]))
    assert list(tmp_path.iterdir()) == []


def test_a_fork_has_workers_of_its_own(tmp_path: Path) -> None:
    script = f"""{PARENT}
child = os.fork()
if not child:
    try:
        imaging.inspect(io.BytesIO(b""))
    except InvalidImage as error:
        print(error.reason, flush=True)
    sys.exit()
os.waitpid(child, 0)
try:
    imaging.inspect(io.BytesIO(b""))
except InvalidImage as error:
    print(error.reason)
"""
    environ = os.environ | {"TMPDIR": str(tmp_path)}
    run = [sys.executable, "-W", "ignore", "-c", script]
    found = subprocess.run(run, check=True, capture_output=True, text=True, env=environ, timeout=60)
    assert found.stdout == "here\nit is empty\nit is empty\n"
    assert list(tmp_path.iterdir()) == []
