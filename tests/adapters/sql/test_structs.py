"""Structs in columns are ready before threads read them."""

import subprocess
import sys

RACE = """
import sys, threading
from typing import Optional
import msgspec
from entrepot_adapters.sql.columns import Struct
sys.setswitchinterval(1e-6)
for number in range(100):
    parts = [msgspec.defstruct(f"P{number}_{n}", [("a", Optional[int], 0)]) for n in range(15)]
    column = Struct(msgspec.defstruct(f"W{number}", [(f"f{n}", Optional[one], None) for n, one in enumerate(parts)]))
    begin = threading.Barrier(4)
    def read():
        begin.wait()
        column.process_result_value({f"f{n}": {"a": 1} for n in range(15)}, None)
    threads = [threading.Thread(target=read) for _ in range(4)]
    [one.start() for one in threads]
    [one.join() for one in threads]
"""
"""Four threads that are the first to read a struct, a hundred times; without the column's care, the process crashes."""


def test_threads_that_are_the_first_to_read_a_struct_do_not_crash() -> None:
    assert subprocess.run([sys.executable, "-c", RACE], check=False, timeout=120).returncode == 0
