"""Reads of what is in a dataset: the version is settled first, so that the answer, its tag and its links agree."""

from collections.abc import Callable
from functools import partial

from attrs import frozen
from litestar.response.base import ASGIResponse

from entrepot.http.backend import Backend
from entrepot.http.conditions import cache_control, is_fresh, tag_of_dataset
from entrepot.http.exchange import AnyRequest, exchange_of
from entrepot.http.parameters import Pinned, asked
from entrepot.http.ranges import wanted
from entrepot.http.responses import Begun, Streamed, document, not_modified
from entrepot_core.download import Download
from entrepot_core.names import DatasetRef
from entrepot_core.rows.query import RowQuery
from entrepot_core.views import DatasetView


@frozen
class Reading:
    """One read of one version.

    Attributes:
        request: What asks for it.
        backend: What runs it.
        dataset: The dataset at the version that is read.
        is_pinned: Whether the client named the version.
        headers: The answer's tag, and how it may be cached.
    """

    request: AnyRequest
    backend: Backend
    dataset: DatasetView
    is_pinned: bool
    headers: dict[str, str]

    @property
    def ref(self) -> DatasetRef:
        """The dataset by its id, which can't come to mean another while it is read."""
        return DatasetRef(self.dataset.id)

    async def document(self, make: Callable[[DatasetRef, int], object]) -> ASGIResponse:
        """Answer with what ``make`` says of the version, as JSON."""
        exchange_of(self.request.scope).may_be_kept = True
        tag = self.headers["etag"]
        if is_fresh(self.request, tag):
            return not_modified(self.headers)
        value = await self.backend.query(make, self.ref, self.dataset.version)
        return document(self.request, value, tag=tag, headers=self.headers)

    async def stream(self, open_: Callable[[DatasetRef, int], Download], *, inline: bool = False) -> ASGIResponse:
        """Answer with the download that ``open_`` makes of the version, or with a part of it."""
        if is_fresh(self.request, self.headers["etag"]):
            return not_modified(self.headers)
        choose = partial(wanted, self.request, self.headers["etag"])
        begun = await self.backend.query(lambda: Begun(open_(self.ref, self.dataset.version), choose))
        return Streamed(self.backend, begun, self.headers, inline=inline)


async def begin(
    request: AnyRequest,
    backend: Backend,
    ds: str,
    form: str,
    *,
    negotiated: bool = False,
    titled: bool = False,
    query: RowQuery | None = None,
) -> Reading:
    """Settle which version is read.

    Args:
        request: Its query may pin the version.
        backend: What runs the read.
        ds: The dataset's id or name.
        form: What the answer is, among all that a URL may answer with.
        negotiated: Whether the ``Accept`` header had a say in that.
        titled: Whether it shows the dataset's title, which may change while the version stays.
        query: What else may pin it, by its cursor.

    Raises:
        InvalidCursor: The cursor is of other rows, or of another version than the one that is named.
        DatasetNotFound: There is none.
        VersionNotFound: It has no such version.
    """
    ref, version = DatasetRef(ds), asked(request, Pinned).version
    if query is not None:
        version = query.place(version).version
    dataset = await backend.query(backend.operations.get_dataset, ref, version)
    headers = {"etag": tag_of_dataset(dataset, form), "cache-control": cache_control(ref, None if titled else version)}
    if negotiated:
        headers["vary"] = "Accept"
    return Reading(request, backend, dataset, version is not None, headers)
