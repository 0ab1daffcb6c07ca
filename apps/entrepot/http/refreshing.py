"""The routes that fetch again: images that failed, and a dataset's source."""

from functools import partial

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from entrepot.http import examples
from entrepot.http.backend import Backend
from entrepot.http.conditions import precondition, tag_of_dataset
from entrepot.http.datasets import REFUSALS, document_of
from entrepot.http.documents import DatasetDocument, JobDocument
from entrepot.http.exchange import AnyRequest
from entrepot.http.jobs import APPLIED, begun, prefers_async
from entrepot.http.operation import COLLECTIONS, DATASETS, Answer, Operation, told
from entrepot.http.responses import JSON, changed
from entrepot_core.dialect import no_report
from entrepot_core.errors import Cancelled, DatasetNotFound, NoImages, NoSource, Stale
from entrepot_core.names import DatasetRef

_DATASET = Answer("The dataset as it is now.", {JSON: examples.DATASET}, DatasetDocument)
_DEFERRED = Answer(
    "A job fetches.",
    {JSON: examples.RUNNING},
    JobDocument,
    202,
    {"Location": "Where the job is.", APPLIED: "That the wish was granted."},
)


@post(
    "/datasets/{ds:str}/images/retry",
    status_code=200,
    opt=told(Operation(COLLECTIONS, _DATASET, problems=(Cancelled, DatasetNotFound, NoImages), deferred=_DEFERRED)),
)
async def fetch_images(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Fetch those images of a dataset again that failed, and those that were not asked for yet.

    The dataset's `import_report` says what became of them. `Prefer: respond-async` makes it a job.
    """
    ref = DatasetRef(ds)
    if prefers_async(request):
        return await begun(backend, partial(backend.operations.begin_fetch_images, ref))
    dataset = await backend.fetch(backend.operations.fetch_images, ref, no_report)
    return changed(document_of(dataset), tag_of_dataset(dataset))


@post(
    "/datasets/{ds:str}/refresh",
    status_code=200,
    opt=told(Operation(DATASETS, _DATASET, problems=(*REFUSALS, DatasetNotFound, NoSource, Stale), deferred=_DEFERRED)),
)
async def refresh_dataset(request: AnyRequest, backend: NamedDependency[Backend], ds: FromPath[str]) -> ASGIResponse:
    """Fetch a dataset again from the URL it came from, and its images.

    Where the table has changed, that makes the next version. `Prefer: respond-async` makes it a job.
    """
    ref, expected = await precondition(request, backend, DatasetRef(ds))
    if prefers_async(request):
        return await begun(backend, partial(backend.operations.begin_refresh_dataset, ref, expected))
    dataset = await backend.fetch(backend.operations.refresh_dataset, ref, no_report, expected)
    return changed(document_of(dataset), tag_of_dataset(dataset))
