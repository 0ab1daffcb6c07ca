"""How a table is stored: in Parquet parts, opened here for reading."""

import hashlib
import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import IO, Literal

import polars as pl

from entrepot_core.errors import BlobDamaged
from entrepot_core.names import Digest
from entrepot_core.ports.blobs import Blobs

ROW_GROUP = 131_072
"""Rows of a row group: pages are found quickly, columns compress well."""

DATA_PAGE = 65_536
"""Bytes of a data page. polars decodes only the pages it needs: a page of 100 rows and 20 columns takes 6 ms, where it
takes 27 with pages of a megabyte, polars' default; size and time to write stay the same."""

COMPRESSION: Literal["snappy"] = "snappy"
"""How pages are packed: see decision 26."""

_CHUNK = 1 << 20
_JSON_COLUMNS = "entrepot:json"


def part_metadata(json_columns: Sequence[str]) -> dict[str, str]:
    """What to write into the metadata of a part (``sink_parquet(metadata=…)``).

    Args:
        json_columns: The columns of strings that hold JSON documents, so that they leave as nested values.
    """
    return {_JSON_COLUMNS: json.dumps(list(json_columns))} if json_columns else {}


def read_json_columns(part: IO[bytes]) -> frozenset[str]:
    """The columns of a part that hold JSON documents as text."""
    part.seek(0)
    found: Mapping[str, str] = pl.read_parquet_metadata(part)
    part.seek(0)
    return frozenset(json.loads(found.get(_JSON_COLUMNS, "[]")))


@contextmanager
def open_parts(blobs: Blobs, parts: Sequence[Digest]) -> Generator[list[IO[bytes]]]:
    """Open the parts of a table for as long as the context lasts; polars reads of them only what it needs.

    Raises:
        BlobDamaged: A part is not there, or polars fails on it inside the context and its bytes have changed.
    """
    with ExitStack() as stack:
        files: list[IO[bytes]] = [stack.enter_context(blobs.open(digest)) for digest in parts]
        with telling_damage(parts, files):
            yield files


@contextmanager
def telling_damage(parts: Sequence[Digest], files: Sequence[IO[bytes]]) -> Generator[None]:
    """Tell what polars fails on from bytes that have changed.

    Raises:
        BlobDamaged: They have.
    """
    try:
        yield
    except pl.exceptions.PanicException as error:
        _raise_damage(parts, files, error)
        # a panic is a BaseException: no handler of errors above would see it
        raise RuntimeError(f"polars panicked: {error}") from error
    except (pl.exceptions.PolarsError, OSError) as error:
        _raise_damage(parts, files, error)
        raise


def _raise_damage(parts: Sequence[Digest], files: Sequence[IO[bytes]], error: BaseException) -> None:
    """Tell damaged bytes from a mistake of ours, which is not to be reported as damage."""
    for digest, file in zip(parts, files, strict=True):
        if not _is_whole(digest, file):
            raise BlobDamaged(digest=digest) from error


def _is_whole(digest: Digest, file: IO[bytes]) -> bool:
    sha256 = hashlib.sha256()
    try:
        file.seek(0)
        while chunk := file.read(_CHUNK):
            sha256.update(chunk)
    except OSError:
        return False
    return sha256.hexdigest() == digest
