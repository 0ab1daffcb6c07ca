"""Reads a text in each encoding it is told, locked down as a worker, and says which of them failed, and how.

Its arguments: the encodings, as JSON, and how to begin (``Spec``).
"""

import codecs
import io
import json
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from encodings.aliases import aliases

import msgspec

from entrepot_adapters.sandbox.lockdown import locking_down
from entrepot_adapters.sandbox.spec import Spec
from entrepot_core.dialect import ImportOptions
from entrepot_core.errors import LimitExceeded, MalformedInput, UnreadableInput
from entrepot_core.ports.importer import ImportTask

_TEXT = "name,n\nabc,1\ndef,2\n"
_BYTES = bytes(range(256)) + b"\xff\xfe+2AA-\n" * 3


def _read(content: bytes, encoding: str) -> int:
    from entrepot_adapters.polars.importer import PolarsImporter

    task = ImportTask(None, None, ImportOptions(encoding=encoding))
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as table:
        source.write(content)
        return PolarsImporter().load(source, table, io.BytesIO(), task, lambda *_: None).rows


def _failures(encodings: list[str]) -> Iterator[str]:
    for alias, encoding in aliases.items():
        if encoding in encodings and alias.islower() and codecs.lookup(alias).name != codecs.lookup(encoding).name:
            yield f"{alias} is not {encoding}"
    for encoding in encodings:
        try:
            if _read(_TEXT.encode(encoding), encoding) != 2:
                yield f"{encoding}: other rows"
            with suppress(MalformedInput, UnreadableInput, LimitExceeded):  # so it is told what the bytes are not
                _read(_BYTES, encoding)
        except Exception as error:  # noqa: BLE001 - it is what is looked for
            yield f"{encoding}: {error!r}"


def main() -> None:
    """Read them all."""
    spec = msgspec.json.decode(sys.argv[2], type=Spec)
    os.chdir(spec.folder)
    with locking_down(spec):
        from entrepot_adapters.sandbox.warming import warm_up

        warm_up()
    with socket.socket(fileno=spec.socket) as parent:
        parent.sendall(json.dumps(list(_failures(json.loads(sys.argv[1])))).encode() + b"\n")
    os._exit(0)


if __name__ == "__main__":
    main()
