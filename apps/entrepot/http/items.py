"""Batches: a JSON array in, each item done by itself, what became of each out."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar, cast

import msgspec
from attrs import frozen

from entrepot.http.exchange import AnyRequest
from entrepot.http.merging import PATCHES
from entrepot.http.problems import InvalidRequest, UnsupportedMediaType, problem_document
from entrepot.http.responses import JSON
from entrepot.http.uploads import read_text
from entrepot_core.json_text import decode_json

MOST_ITEMS = 1000
MOST_BATCH_BYTES = 16_000_000

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


@frozen
class Outcome(Generic[_Made]):
    """What became of one item.

    Attributes:
        status: The HTTP status that the item would have had alone.
        made: What was made, where something was.
        problem: What went wrong, if something did.
    """

    status: int
    made: _Made | None = None
    problem: dict[str, object] | None = None


async def items_of(request: AnyRequest) -> list[msgspec.Raw]:
    """The items of a JSON array, each to be read by itself.

    Raises:
        UnsupportedMediaType: The body is said to be something else.
        InvalidRequest: It is no array, or a very long one.
    """
    if request.content_type[0].lower() not in PATCHES:
        raise UnsupportedMediaType(reason=f"Send a JSON array, as {JSON}.")
    body = await read_text(request, MOST_BATCH_BYTES)
    if not body.strip():
        raise InvalidRequest(reason="The body is empty. Send a JSON array.")
    try:
        items = decode_json(body, list[msgspec.Raw])
    except msgspec.MsgspecError as error:
        raise InvalidRequest(reason=f"This is no JSON array: {error}.") from error
    if len(items) > MOST_ITEMS:
        raise InvalidRequest(reason=f"The array has more than {MOST_ITEMS:,} items. Send fewer at a time.")
    return items


def text_of(item: msgspec.Raw, what: str) -> str:
    """An item that is one text.

    Args:
        item: The item.
        what: What it is to be, as "id of a record".

    Raises:
        InvalidRequest: It is something else.
    """
    try:
        return decode_json(item, str)
    except msgspec.MsgspecError as error:
        raise InvalidRequest(reason=f"This is no {what}: {error}.") from error


async def outcome(
    request: AnyRequest, status: int, work: Callable[[_Item], Awaitable[_Made]], item: _Item
) -> Outcome[_Made]:
    """What becomes of one item; whatever goes wrong with it, the others have their turn."""
    try:
        made = await work(item)
    except Exception as error:  # noqa: BLE001 - an item's problem, of any kind, is its result
        document = problem_document(request, error)
        return Outcome(cast("int", document["status"]), problem=document)
    return Outcome(status, made)
