"""Caching and preconditions: ``ETag``, ``If-None-Match``, ``If-Match``, ``Cache-Control``."""

import re
from hashlib import blake2b

import msgspec

from entrepot.http.backend import Backend
from entrepot.http.exchange import AnyRequest
from entrepot_core.errors import Stale
from entrepot_core.names import DatasetRef, as_id, is_id
from entrepot_core.views import DatasetView

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"

_ENTITY_TAG = re.compile(r'(W/)?"([!#-~\x80-\xff]*)"')


def tag_of_dataset(dataset: DatasetView, *parts: str) -> str:
    """The entity tag of a dataset's document, or with further parts that of something made of it."""
    version = str(dataset.version)
    told = dataset.import_report.images, dataset.refresh
    if told != (None, None):  # which change without a revision, as images come and the source is looked at
        version += f".{blake2b(msgspec.json.encode(told), digest_size=4).hexdigest()}"
    return tag_of(dataset.id, dataset.revision, version, *parts)


def tag_of(dataset: str, revision: int, version: int | str, *parts: str) -> str:
    """The entity tag of the dataset of this id, and so on; see ``tag_of_dataset``."""
    return f'"{"-".join([dataset, str(revision), str(version), *parts])}"'


def tag_of_bytes(body: bytes) -> str:
    """The entity tag of something that has only its bytes."""
    return f'"{blake2b(body, digest_size=16).hexdigest()}"'


def is_fresh(request: AnyRequest, tag: str) -> bool:
    """Whether the client's copy, by its ``If-None-Match``, is what it would get."""
    header = request.headers.get("if-none-match", "")
    return header.strip() == "*" or tag.strip('"') in {opaque for _, opaque in _ENTITY_TAG.findall(header)}


def cache_control(ref: DatasetRef, version: int | None) -> str:
    """How long content may be kept: for ever where its URL names a dataset by id and pins the version."""
    return IMMUTABLE if version is not None and is_id(ref) else REVALIDATE


async def precondition(request: AnyRequest, backend: Backend, ref: DatasetRef) -> tuple[DatasetRef, int | None]:
    """What a write may apply to: the dataset, and the revision it has to have, if the client says so by ``If-Match``.

    Raises:
        DatasetNotFound: There is none.
        Stale: The client knows it as it was, or another that had its name.
    """
    dataset = await backend.query(backend.operations.get_dataset, ref)
    ref = DatasetRef(as_id(dataset.id))
    known = tags_expected(request)
    if known is None:
        return ref, None
    seen = re.compile(
        rf"{dataset.id}-{dataset.revision}-[0-9]+(\.[0-9a-f]+)?(-[a-z-]+)?"
    )  # of the dataset, or of what is in it
    if not any(map(seen.fullmatch, known)):
        raise Stale(ref=dataset.name)
    return ref, dataset.revision


def tags_expected(request: AnyRequest) -> set[str] | None:
    """What ``If-Match`` names of which one is expected; none where anything will do."""
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return None
    return {opaque for weak, opaque in _ENTITY_TAG.findall(header) if not weak}
