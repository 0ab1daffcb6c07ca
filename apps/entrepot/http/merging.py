"""JSON merge patches (RFC 7396)."""

import re
from typing import Annotated, Any, TypeVar

import msgspec

from entrepot.http.exchange import AnyRequest
from entrepot.http.parameters import NAME_PATTERN
from entrepot.http.problems import InvalidRequest, UnsupportedMediaType
from entrepot.http.responses import JSON
from entrepot.http.uploads import read_text
from entrepot_core.changes import DatasetChanges
from entrepot_core.intervals import read_interval
from entrepot_core.json_text import check_keys, decode_json
from entrepot_core.meant import did_you_mean
from entrepot_core.names import parse_name

PATCHES = ("application/merge-patch+json", "application/json")
"""The media types that a patch may have."""

_Patch = TypeVar("_Patch", bound=msgspec.Struct)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_EMPTY: dict[str, Any] = {"title": "", "description": "", "tags": (), "published": False, "images": (), "refresh": 0}
"""What a thing becomes when a patch takes it away by ``null``; a name can't be."""


class Changes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to change; ``null`` empties a thing, and what is left out stays as it is.

    Attributes:
        name: Its new name.
        title: For people.
        description: For people.
        tags: All of its tags; none has a comma.
        published: Whether it is served as a collection under its name.
        images: All of its columns that hold images: their names, or the name of the only one.
        refresh: After how long its source is to be fetched again: a text as ``1h``, or seconds; ``null`` for never.
    """

    name: Annotated[str, msgspec.Meta(extra_json_schema={"pattern": NAME_PATTERN})] | msgspec.UnsetType = msgspec.UNSET
    title: str | msgspec.UnsetType | None = msgspec.UNSET
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    tags: tuple[str, ...] | msgspec.UnsetType | None = msgspec.UNSET
    published: bool | msgspec.UnsetType | None = msgspec.UNSET
    images: tuple[str, ...] | str | msgspec.UnsetType | None = msgspec.UNSET
    refresh: int | str | msgspec.UnsetType | None = msgspec.UNSET


async def read_patch(request: AnyRequest, kind: type[_Patch]) -> _Patch:
    """Read a JSON merge patch from a request's body.

    Raises:
        UnsupportedMediaType: The body is said to be something else.
        InvalidRequest: It is no JSON object of the fields that can be changed.
    """
    if request.content_type[0].lower() not in PATCHES:
        raise UnsupportedMediaType(reason=f"Send a JSON merge patch, as {PATCHES[0]}.")
    return decode_patch(await read_text(request), kind)


async def read_json(request: AnyRequest, kind: type[_Patch]) -> _Patch:
    """Read a JSON object from a request's body.

    Raises:
        UnsupportedMediaType: The body is said to be something else.
        InvalidRequest: It is no JSON object of the fields that there are.
    """
    if request.content_type[0].lower() not in {JSON, ""}:
        raise UnsupportedMediaType(reason=f"Send a JSON object, as {JSON}.")
    return decode_object(await read_text(request), kind, "JSON")


def decode_patch(body: bytes | msgspec.Raw, kind: type[_Patch]) -> _Patch:
    """Decode a JSON merge patch.

    Raises:
        InvalidRequest: It is no JSON object of the fields that can be changed.
    """
    return decode_object(body, kind, "patch")


def decode_object(body: bytes | msgspec.Raw, kind: type[_Patch], what: str, *, inside: bool = True) -> _Patch:
    """Decode a JSON object in which no key stands twice.

    Args:
        body: What was sent.
        kind: Its fields.
        what: What to call it.
        inside: Whether objects within it are looked at for keys too.

    Raises:
        InvalidRequest: It is empty, or no JSON object of these fields.
    """
    if not bytes(body).strip():
        raise InvalidRequest(reason="The body is empty. Send a JSON object.")
    try:
        found = decode_json(body, kind)
        check_keys(body, inside=inside)
    except msgspec.MsgspecError as error:
        reason = _unknown(str(error), kind) or f"{error}."
        raise InvalidRequest(reason=f"This is no {what} that can be taken here: {reason}") from error
    return found


def _unknown(said: str, kind: type[msgspec.Struct]) -> str | None:
    """What to say of a key that there is not, if that is what is wrong."""
    found = _UNKNOWN.fullmatch(said)
    if found is None:
        return None
    keys = kind.__struct_encode_fields__
    return f"there is no key {found[1][:100]!r}. {did_you_mean(found[1][:100], keys)}The keys are: {', '.join(keys)}."


def changes_of(patch: Changes) -> DatasetChanges:
    """What a patch changes.

    Raises:
        InvalidName: The new name can't be one.
        InvalidOption: There can be no such interval.
    """
    said = {name: getattr(patch, name) for name in Changes.__struct_fields__}
    values = {name: value for name, value in said.items() if value is not msgspec.UNSET}
    changes = {name: _EMPTY[name] if value is None else value for name, value in values.items()}
    if "name" in changes:
        changes["name"] = parse_name(changes["name"])
    if isinstance(images := changes.get("images"), str):
        changes["images"] = (images,) if images else ()
    if isinstance(changes.get("refresh"), str):
        changes["refresh"] = read_interval("refresh", changes["refresh"])
    return DatasetChanges(**changes)
