"""JSON merge patches (RFC 7396) of how a dataset is described."""

from typing import Annotated, Any

import msgspec

from entrepot.http.exchange import AnyRequest
from entrepot.http.parameters import NAME_PATTERN
from entrepot.http.problems import InvalidRequest, UnsupportedMediaType
from entrepot.http.uploads import read_body
from entrepot_core.dataset import DatasetChanges
from entrepot_core.names import parse_name

_MEDIA_TYPES = ("application/merge-patch+json", "application/json")
_EMPTY: dict[str, Any] = {"title": "", "description": "", "tags": (), "published": False}
"""What a thing becomes when a patch takes it away by ``null``; a name can't be."""


class Changes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to change; ``null`` empties a thing, and what is left out stays as it is.

    Attributes:
        name: Its new name.
        title: For people.
        description: For people.
        tags: All of its tags.
        published: Whether it is served as a collection under its name.
    """

    name: Annotated[str, msgspec.Meta(extra_json_schema={"pattern": NAME_PATTERN})] | msgspec.UnsetType = msgspec.UNSET
    title: str | msgspec.UnsetType | None = msgspec.UNSET
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    tags: tuple[str, ...] | msgspec.UnsetType | None = msgspec.UNSET
    published: bool | msgspec.UnsetType | None = msgspec.UNSET


async def read_changes(request: AnyRequest) -> DatasetChanges:
    """Read a merge patch from a request's body.

    Raises:
        UnsupportedMediaType: The body is said to be something else.
        InvalidRequest: It is no JSON object of the fields that can be changed.
        InvalidName: The new name can't be one.
    """
    if request.content_type[0].lower() not in _MEDIA_TYPES:
        raise UnsupportedMediaType(reason=f"Send a JSON merge patch, as {_MEDIA_TYPES[0]}.")
    try:
        patch = msgspec.json.decode(await read_body(request), type=Changes)
    except msgspec.MsgspecError as error:
        raise InvalidRequest(reason=f"This is no patch of a dataset: {error}.") from error
    said = {name: getattr(patch, name) for name in patch.__struct_fields__}
    values = {name: value for name, value in said.items() if value is not msgspec.UNSET}
    changes = {name: _EMPTY[name] if value is None else value for name, value in values.items()}
    if "name" in changes:
        changes["name"] = parse_name(changes["name"])
    return DatasetChanges(**changes)
