"""What is read from headers, queries and forms, whatever it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Request

from entrepot.http.exchange import AnyRequest
from entrepot.http.forms import Form, read_form
from entrepot.http.negotiation import accepted
from entrepot.http.parameters import decode, told_of_fields
from entrepot.http.problems import NotAcceptable
from entrepot.http.responses import disposition
from entrepot_core.dialect import ImportOptions
from entrepot_core.errors import EntrepotError
from entrepot_core.schema import FieldType
from entrepot_core.selection import DatasetQuery
from entrepot_core.source import NewDataset

if TYPE_CHECKING:
    from litestar.types import Scope

OFFERED = ["application/json", "text/csv", "image/png"]


def asking(accept: str) -> AnyRequest:
    return Request(cast("Scope", {"type": "http", "headers": [(b"accept", accept.encode("latin-1"))]}))


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/*", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/csv;charset=utf-8", "text/csv"),
        ("application/json;q=0.1, text/csv;q=0.2", "text/csv"),
        ("text/csv, application/json", "application/json"),
        ("*/*;q=0.1, image/png", "image/png"),
        ("application/json;q=0, */*", "text/csv"),
        ("text/html, */*;q=0.8", "application/json"),
        ("nonsense, text/csv;q=high, image/png;q=0.3", "image/png"),
    ],
)
def test_the_accept_header_chooses(accept: str, expected: str) -> None:
    assert accepted(asking(accept), OFFERED) == expected


@pytest.mark.parametrize("accept", ["text/html", "*/*;q=0", "application/*;q=0, text/html", "nonsense"])
def test_an_accept_header_that_covers_nothing_is_refused(accept: str) -> None:
    with pytest.raises(NotAcceptable):
        accepted(asking(accept), OFFERED)


@given(st.text(alphabet=st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=60))
def test_no_accept_header_breaks_anything(accept: str) -> None:
    with suppress(NotAcceptable):
        assert accepted(asking(accept), OFFERED) in OFFERED


@given(st.text(min_size=1))
def test_no_file_name_breaks_out_of_its_header(name: str) -> None:
    header = disposition(name.encode("utf-8", "replace").decode(), inline=False)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert unquote(header.rpartition("''")[2]) == name.encode("utf-8", "replace").decode()


TEXTS = st.lists(st.text(max_size=20) | st.sampled_from(["true", "3", "-", '"a,b"', "{}", "utf-8"]), max_size=3)


@given(
    st.sampled_from([DatasetQuery, ImportOptions, NewDataset]),
    st.dictionaries(
        st.sampled_from(
            ["limit", "id", "sort", "types", "header", "tags", "created_after", "name", "quote", "encoding"]
        ),
        TEXTS.filter(bool),
    ),
)
def test_any_texts_make_a_value_or_a_typed_error(
    kind: type[DatasetQuery | ImportOptions | NewDataset], texts: dict[str, list[str]]
) -> None:
    with suppress(EntrepotError):
        assert isinstance(decode(texts, kind), kind)


def test_texts_become_values_of_their_fields_types() -> None:
    options = decode({"header": ["false"], "types": ['{"*": "string"}'], "null_values": ["-", "a,b"]}, ImportOptions)
    assert options == ImportOptions(header=False, types={"*": FieldType.STRING}, null_values=("-", "a", "b"))
    query = decode({"created_after": ["2026-01-31"], "id": ["a,b"], "limit": ["7"]}, DatasetQuery)
    assert query == DatasetQuery(created_after=datetime(2026, 1, 31, tzinfo=UTC), ids=("a", "b"), limit=7)


def test_docstrings_tell_of_fields() -> None:
    told = told_of_fields("First.\n\n    Attributes:\n        a: One\n            more.\n        b: ``Two``.\n    ")
    assert told == {"a": "One more.", "b": "`Two`."}


FILES = st.binary(max_size=200) | st.sampled_from([b"--x", b"\r\n--x", b"\r\n--x-", b"\r\n\r\n--\r\n", b"\r" * 9])


@given(FILES, st.text(alphabet=st.characters(codec="utf-8"), max_size=20), st.lists(st.integers(1, 40), max_size=30))
def test_a_form_reads_the_same_however_it_is_cut(file: bytes, title: str, sizes: list[int]) -> None:
    body = (
        b'--xyz\r\nContent-Disposition: form-data; name="title"\r\n\r\n' + title.encode() + b"\r\n"
        b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
        + file
        + b"\r\n--xyz--\r\n"
    )

    async def chunks() -> AsyncIterator[bytes]:
        start = 0
        for size in [*sizes, len(body)]:
            if chunk := body[start : start + size]:
                yield chunk
            start += size

    async def read() -> tuple[Form, bytes]:
        taken = bytearray()

        async def write(chunk: bytes) -> None:
            taken.extend(chunk)

        form = await read_form(chunks(), {"boundary": "xyz"}, write, (NewDataset,), 10_000)
        return form, bytes(taken)

    form, taken = asyncio.run(read())
    assert taken == file
    assert form == Form({"title": [title]}, "a.csv", "text/csv", has_file=True)
