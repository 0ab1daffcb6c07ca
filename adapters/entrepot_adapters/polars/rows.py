"""Frames as bytes of JSON, CSV and Arrow."""

import io
from collections.abc import Callable, Iterable, Iterator

import polars as pl

from entrepot_adapters.polars.encoding import cell, json_text, member_text, needs_json_text, object_text, plain
from entrepot_core.formats import Format

_PIECE = 32_768
"""Rows encoded at once: few enough for the first bytes to leave soon."""

_ARROW_END = b"\xff\xff\xff\xff\x00\x00\x00\x00"
_CONTINUATION = 8  # the marker and the length of a message's metadata, four bytes each


def json_array(frame: pl.DataFrame, documents: frozenset[str]) -> bytes:
    """Write rows as a JSON array of objects.

    Args:
        frame: The rows.
        documents: The columns of strings that are JSON documents.
    """
    return b"[" + _json_objects(frame, documents, b",") + b"]"


def encode(frames: Iterable[pl.DataFrame], format: Format, documents: frozenset[str]) -> Iterator[bytes]:
    """Write frames as CSV, TSV, JSON, NDJSON or an Arrow stream, piece by piece.

    Args:
        frames: The rows; at least one frame, which may be empty, for its columns.
        format: The format to write.
        documents: The columns of strings that are JSON documents.
    """
    pieces = (piece for frame in frames for piece in _pieces(frame))
    match format:
        case Format.CSV:
            return _delimited(pieces, ",")
        case Format.TSV:
            return _delimited(pieces, "\t")
        case Format.JSON:
            return _json(pieces, documents)
        case Format.NDJSON:
            return (_json_objects(piece, documents, b"\n") + b"\n" for piece in pieces if piece.height)
        case _:
            return _arrow(pieces)


def _pieces(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    return frame.iter_slices(_PIECE) if frame.height else iter((frame,))


def _delimited(pieces: Iterator[pl.DataFrame], separator: str) -> Iterator[bytes]:
    for number, piece in enumerate(pieces):
        out = io.BytesIO()
        _mapped(piece, cell).write_csv(out, separator=separator, include_header=number == 0)
        yield out.getvalue()


def _json(pieces: Iterator[pl.DataFrame], documents: frozenset[str]) -> Iterator[bytes]:
    opening = b"["
    for piece in pieces:
        if piece.height:
            yield opening + _json_objects(piece, documents, b",")
            opening = b","
    yield b"]" if opening == b"," else b"[]"


def _json_objects(frame: pl.DataFrame, documents: frozenset[str], separator: bytes) -> bytes:
    if not frame.height:  # polars' writer refuses some types also where there are no rows
        return b""
    if any(_is_special(name, kind, documents) for name, kind in frame.schema.items()):
        return separator.join(text.encode() for text in _object_texts(frame, documents))
    out = io.BytesIO()
    if separator == b",":
        _mapped(frame, plain).write_json(out)
        return out.getvalue()[1:-1]
    _mapped(frame, plain).write_ndjson(out)
    return out.getvalue()[:-1]


def _object_texts(frame: pl.DataFrame, documents: frozenset[str]) -> pl.Series:
    """Each row as a JSON object, put together from the texts of its values where polars' writer falls short."""
    members = [
        member_text(name, pl.col(str(i)) if name in documents else json_text(pl.col(str(i)), kind))
        for i, (name, kind) in enumerate(frame.schema.items())
    ]
    return _numbered(frame).select(object_text(members).alias("row")).to_series()


def _is_special(name: str, kind: pl.DataType, documents: frozenset[str]) -> bool:
    return name in documents or needs_json_text(kind)


def _arrow(pieces: Iterator[pl.DataFrame]) -> Iterator[bytes]:
    """An Arrow stream: its schema once, then the messages of each frame, in the layout that all readers know."""
    for number, piece in enumerate(pieces):
        out = piece.write_ipc_stream(None, compat_level=pl.CompatLevel.oldest())
        messages = memoryview(out.getbuffer())[: -len(_ARROW_END)]
        schema_size = _CONTINUATION + int.from_bytes(messages[4:8], "little")
        yield bytes(messages if number == 0 else messages[schema_size:])
    yield _ARROW_END


def _mapped(frame: pl.DataFrame, change: Callable[[pl.Expr, pl.DataType], pl.Expr]) -> pl.DataFrame:
    """Change each column; columns go by position, for polars takes some names (``*``, ``^…$``) for patterns."""
    changed = [change(pl.col(str(i)), kind).alias(str(i)) for i, kind in enumerate(frame.dtypes)]
    result = _numbered(frame).select(changed)
    result.columns = frame.columns
    return result


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    numbered = frame.clear() if not frame.width else frame.clone()
    numbered.columns = [str(i) for i in range(frame.width)]
    return numbered
