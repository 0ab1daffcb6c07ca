"""The routes of jobs: listing, showing, following and cancelling them; and the answer that one was begun."""

from collections.abc import Callable

import msgspec
from litestar import delete, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from entrepot.http import examples
from entrepot.http.backend import Backend
from entrepot.http.documents import JobDocument, JobsDocument
from entrepot.http.events import EVENT_STREAM, JobEvents
from entrepot.http.exchange import AnyRequest
from entrepot.http.links import job_links, pages, path_to, path_to_job
from entrepot.http.operation import JOBS, Answer, Operation, told
from entrepot.http.parameters import asked, query_of
from entrepot.http.problems import told_problem
from entrepot.http.responses import JSON, document
from entrepot.http.uploads import Upload
from entrepot_core.errors import InvalidCursor, InvalidOption, JobFinished, JobNotFound
from entrepot_core.job import Job, JobId, JobQuery

APPLIED = "Preference-Applied"
_NO_STORE = {"cache-control": "no-store"}
_EXAMPLE = examples.JOB.id


def document_of(job: Job) -> JobDocument:
    """A job with its links, and its problem as a problem document."""
    shown = msgspec.structs.replace(job, problem=job.problem and told_problem(job.problem))
    return JobDocument(**msgspec.structs.asdict(shown), links=job_links(job))


def prefers_async(request: AnyRequest) -> bool:
    """Whether the client would rather be told of a job than wait (RFC 7240)."""
    said = ",".join(request.headers.getall("prefer", []))
    return any(one.partition(";")[0].strip().lower() == "respond-async" for one in said.split(","))


async def begun_with(backend: Backend, upload: Upload, begin: Callable[[], Job]) -> ASGIResponse:
    """Begin a job with an upload, which is the job's from then on, and answer where to find it."""

    def hand_over() -> Job:
        upload.is_handed_over = upload.is_here  # else its scratch file stayed empty
        return begin()

    return await begun(backend, hand_over)


async def begun(backend: Backend, begin: Callable[[], Job]) -> ASGIResponse:
    """Begin a job, and answer where to find it."""
    job = await backend.query(begin)  # it takes no longer than a read, and must not wait behind imports
    headers = {"location": path_to_job(job.id), APPLIED.lower(): "respond-async", **_NO_STORE}
    body = msgspec.json.encode(document_of(job))
    return ASGIResponse(body=body, status_code=202, media_type=JSON, headers=headers)


@get(
    "/jobs",
    opt=told(
        Operation(
            JOBS,
            Answer("A page of jobs.", {JSON: examples.JOBS}, JobsDocument, headers={"Link": "Other pages."}),
            query=(JobQuery,),
            problems=(InvalidOption, InvalidCursor),
        )
    ),
)
async def list_jobs(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """List jobs, newest first: imports that were begun without waiting, and those that take long."""
    page = await backend.query(backend.operations.list_jobs, asked(request, JobQuery))
    given = query_of(request)
    around = pages(path_to("jobs"), given, limit=page.limit, offset=page.offset, following=page.next)
    listed = JobsDocument(
        items=tuple(document_of(job) for job in page.items),
        total=page.total,
        limit=page.limit,
        offset=page.offset,
        next=page.next,
        next_url=around.next,
        links=around.links,
    )
    return document(request, listed, headers={"link": around.header, **_NO_STORE})


@get(
    "/jobs/{job:str}",
    opt=told(
        Operation(
            JOBS,
            Answer("The job as it is now.", {JSON: examples.JOB}, JobDocument),
            problems=(JobNotFound,),
            path_example=_EXAMPLE,
        )
    ),
)
async def get_job(request: AnyRequest, backend: NamedDependency[Backend], job: FromPath[str]) -> ASGIResponse:
    """Show a job: what it does, how far it is, and what came of it."""
    found = await backend.query(backend.operations.get_job, JobId(job))
    return document(request, document_of(found), headers={} if found.is_finished else _NO_STORE)


@get(
    "/jobs/{job:str}/events",
    opt=told(
        Operation(
            JOBS,
            Answer("The job whenever it changes, until it has ended.", {EVENT_STREAM: examples.EVENTS}),
            problems=(JobNotFound,),
            path_example=_EXAMPLE,
        )
    ),
)
async def watch_job(backend: NamedDependency[Backend], job: FromPath[str]) -> ASGIResponse:
    """Follow a job as server-sent events.

    Each event's data is the job's document: `progress` while it goes on, and one `done` at the end, after which the
    answer ends. A line that begins with a colon only says that the server is still there.
    """
    found = await backend.query(backend.operations.get_job, JobId(job))
    return JobEvents(backend, found, document_of)


@delete(
    "/jobs/{job:str}",
    status_code=202,
    opt=told(
        Operation(
            JOBS,
            Answer("It will end in a moment.", {JSON: examples.CANCELLING}, JobDocument, status=202),
            problems=(JobNotFound, JobFinished),
            path_example=_EXAMPLE,
        )
    ),
)
async def cancel_job(backend: NamedDependency[Backend], job: FromPath[str]) -> ASGIResponse:
    """Cancel a job: it ends in a moment and leaves nothing, unless it is done by then."""
    asked_of = await backend.query(backend.operations.cancel_job, JobId(job))
    body = msgspec.json.encode(document_of(asked_of))
    return ASGIResponse(body=body, status_code=202, media_type=JSON, headers=_NO_STORE)
