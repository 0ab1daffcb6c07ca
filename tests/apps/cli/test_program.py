"""The program as the shell runs it: processes, pipes and signals. Few, since each takes a while to start."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.apps.cli.conftest import CARS

UNREACHABLE = 6
PROGRAM = [sys.executable, "-m", "entrepot"]


FORKS = """
import gc, os, sys
from entrepot.__main__ import main
usual, sys.argv = gc.get_threshold(), ["entrepot", "--version"]
try:
    main()
except SystemExit:
    pass
changed = gc.get_threshold() != usual
child = os.fork()
if not child:
    os._exit(7 if changed and gc.get_threshold() == usual else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
"""A process that forks after it was the program."""


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """The environment of a process that works on the home."""
    return {**os.environ, "ENTREPOT_STORE": str(home), "PYTHONUNBUFFERED": "1"}


def start(environment: dict[str, str], *words: str) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    return subprocess.Popen([*PROGRAM, *words], env=environment, stdin=pipe, stdout=pipe, stderr=pipe)


def finish(environment: dict[str, str], *words: str, stdin: bytes = b"") -> tuple[int, bytes, bytes]:
    process = start(environment, *words)
    out, err = process.communicate(stdin, timeout=60)
    return process.returncode, out, err


def test_a_pipe_comes_in_and_a_pipe_that_is_closed_early_ends_it_quietly(environment: dict[str, str]) -> None:
    content = b"a\n" + b"0123456789\n" * 100_000
    assert finish(environment, "add", "-", "--name", "long", stdin=content)[0] == 0
    process = start(environment, "export", "long")
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdin is not None
    process.stdin.close()
    assert process.stdout.readline() == b"a\n"
    process.stdout.close()
    assert process.wait(60) == 128 + signal.SIGPIPE
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.parametrize("words", [["--help"], ["list", "--help"]])
def test_a_reader_that_is_gone_ends_it_quietly(environment: dict[str, str], words: list[str]) -> None:
    unread, pipe = os.pipe()
    os.close(unread)
    try:
        process = subprocess.run(
            [*PROGRAM, *words], check=False, env=environment, stdout=pipe, stderr=subprocess.PIPE, timeout=60
        )
    finally:
        os.close(pipe)
    assert (process.returncode, process.stderr) == (128 + signal.SIGPIPE, b"")


def test_ctrl_c_ends_it_quietly_and_leaves_the_store_as_it_was(environment: dict[str, str], home: Path) -> None:
    process = start(environment, "add", "-", "--name", "half")
    assert process.stdin is not None
    process.stdin.write(CARS)
    process.stdin.flush()
    scratch = home / "tmp"
    while not scratch.is_dir() or not any(path.is_file() for path in scratch.rglob("*")):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) == (b"", b"")
    assert process.returncode == 128 + signal.SIGINT
    assert finish(environment, "list", "--json") == (0, b"[]\n", b"")


def test_a_terminal_without_unicode_still_gets_an_answer(environment: dict[str, str]) -> None:
    plain = {**environment, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    status, out, err = finish(plain, "add", "-", "--name", "x", "--title", "Zürich", stdin="ä\né\n".encode())
    assert (status, err) == (0, b"")
    assert out.startswith(b"x\t1 row \\xd7 1 column\t")
    assert finish(plain, "export", "x") == (0, "ä\né\n".encode(), b"")


def test_a_home_is_served_and_the_same_commands_work_on_its_url(environment: dict[str, str], home: Path) -> None:
    server = start(environment, "serve", "--port", "0")
    assert server.stdout is not None
    try:
        line = server.stdout.readline().decode()
        url = line.partition(" at ")[2].split()[0]
        assert line.startswith(f"Entrepot serves {home} at http://127.0.0.1:")
        remote = {**environment, "ENTREPOT_STORE": url}
        while finish(remote, "list")[0] == UNREACHABLE:
            assert server.poll() is None
        assert finish(remote, "add", "cars.csv")[1].startswith(b"cars\t6 rows")
        assert finish(remote, "export", "cars", "--columns", "make", "--limit", "1") == (0, b"make\nAda\n", b"")
        assert finish(remote, "show", "nope")[0] == 3
        assert finish(environment, "show", "cars")[0] == 0
    finally:
        server.send_signal(signal.SIGINT)
        _, err = server.communicate(timeout=60)
    assert server.returncode == 0
    assert json.loads(err.splitlines()[0])["ENTREPOT_WORKERS"] == "1"
    assert b"Traceback" not in err


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_standard_streams_may_be_closed(environment: dict[str, str], closed: str) -> None:
    add, show = (f"exec {' '.join(PROGRAM)} {words} {closed}" for words in ("add cars.csv", "show none"))
    assert subprocess.run(["sh", "-c", add], env=environment, check=False, timeout=60).returncode == 0
    assert b'"name":"cars"' in finish(environment, "list", "--json")[1]
    assert subprocess.run(["sh", "-c", show], env=environment, check=False, timeout=60).returncode == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_a_full_disk_is_told_of_output_too(environment: dict[str, str]) -> None:
    finish(environment, "add", "cars.csv")
    command = f"exec {' '.join(PROGRAM)} export cars > /dev/full"
    ran = subprocess.run(["sh", "-c", command], env=environment, check=False, capture_output=True, timeout=60)
    assert ran.returncode == 1
    assert ran.stderr.startswith(b"entrepot: The disk is full: ")


def test_a_limit_of_the_size_of_files_is_told(environment: dict[str, str]) -> None:
    finish(environment, "add", "-", "--name", "long", stdin=b"a\n" + b"0123456789\n" * 20_000)
    command = f"ulimit -f 100; exec {' '.join(PROGRAM)}"
    for words in ("export long -o long.csv", "excel long -o long.xlsx"):
        ran = subprocess.run(
            ["sh", "-c", f"{command} {words}"], env=environment, check=False, capture_output=True, timeout=60
        )
        assert ran.returncode == 1
        assert b"ulimit -f" in ran.stderr


def test_an_empty_store_says_where_it_is(environment: dict[str, str], home: Path) -> None:
    assert str(home).encode() in finish(environment, "list")[2]


@pytest.mark.parametrize(
    "text", ['{"type": "objekt"}', "{", '{"$ref": "https://example.org/x.json"}', '{"$ref": "#/x"}']
)
def test_a_schema_for_metadata_that_is_none_is_told_before_anything_is_served(
    environment: dict[str, str], tmp_path: Path, text: str
) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text(text)
    wrong = {**environment, "ENTREPOT_METADATA_SCHEMA": str(schema)}
    told = f"entrepot: ENTREPOT_METADATA_SCHEMA='{schema}': "
    for words in (["serve", "--port", "0"], ["list"]):
        assert finish(wrong, *words)[0] == 2
    assert finish(environment, "add", "-", "--name", "x", stdin=CARS)[0] == 0
    for words in (["serve", "--port", "0"], ["list"], ["metadata", "list"], ["show", "x"]):
        status, out, err = finish(wrong, *words)
        assert (status, out, err.decode().startswith(told), err.count(b"\n")) == (2, b"", True, 1), (words, err)


def test_a_fork_such_as_a_server_process_looks_for_garbage_as_python_does() -> None:
    assert subprocess.run([sys.executable, "-c", FORKS], check=False, timeout=60, capture_output=True).returncode == 7


@pytest.mark.parametrize(
    ("words", "answer", "is_gone"),
    [((), b"n\n", False), ((), b"\n", False), ((), b"\x04", False), ((), b"y\n", True), (("--yes",), b"", True)],
)
def test_somebody_at_a_terminal_is_asked_before_a_dataset_goes(
    environment: dict[str, str], words: tuple[str, ...], answer: bytes, *, is_gone: bool
) -> None:
    assert finish(environment, "add", "-", "--name", "cars", stdin=CARS)[0] == 0
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "remove", "cars", *words], env=environment, stdin=end, stdout=subprocess.DEVNULL, stderr=end
    )
    os.write(terminal, answer)
    assert process.wait(60) == (0 if is_gone else 1)
    told = os.read(terminal, 10_000)
    os.close(terminal)
    os.close(end)
    assert (b"Remove cars with all versions? They can't be had back. [y/N]" in told) == (not words)
    assert (b"Removed cars." in told, b"Nothing was removed." in told) == (is_gone, not is_gone)
    assert (finish(environment, "show", "cars")[0] == 0) == (not is_gone)
