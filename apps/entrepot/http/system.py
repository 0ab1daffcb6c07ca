"""The routes about the server itself: the index, its health and version, and what each problem means."""

import inspect
import re
from html import escape

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from entrepot.failures import title_of
from entrepot.http import examples
from entrepot.http.backend import Backend
from entrepot.http.documents import (
    HealthDocument,
    IndexDocument,
    ProblemKind,
    ProblemKinds,
    SandboxDocument,
    VersionDocument,
)
from entrepot.http.exchange import PREFIX, AnyRequest
from entrepot.http.links import Link, Links, path_to, path_to_collection
from entrepot.http.negotiation import HTML, accepted
from entrepot.http.operation import SYSTEM, Answer, Operation, told
from entrepot.http.pages import page
from entrepot.http.prefixes import seen
from entrepot.http.problems import ProblemType, RouteNotFound, every_problem, path_of, status_of
from entrepot.http.responses import JSON, document, entity

_NAME = "entrepot"
PROMETHEUS = "text/plain"
_NEGOTIATED = {"vary": "Accept"}
_INDEX = """
<h1>Entrepot {version}</h1>
<p>Send a CSV, JSON, Excel or Parquet file; get rows, statistics and histograms back.</p>
<pre>curl -F file=@cars.csv &lt;this server&gt;{api}/datasets/
curl &lt;this server&gt;{api}/datasets/cars/stats/
curl -OJ &lt;this server&gt;{api}/datasets/cars/excel/</pre>
<ul>
<li><a href="{api}/datasets/">The datasets that are here</a></li>
<li><a href="{api}/docs">What can be done with them</a></li>
<li><a href="{api}/openapi.json">The same for machines</a></li>
<li><a href="{api}/problems/">What can go wrong</a></li>
<li><a href="{api}/health">How the server is</a></li>
</ul>
"""


@get(
    "/", opt=told(Operation(SYSTEM, Answer("Links.", {JSON: examples.INDEX, HTML: "<!doctype html>…"}, IndexDocument)))
)
async def index(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """Say where to begin: links as JSON, or a page for a browser."""
    version = backend.settings.version
    if accepted(request, [JSON, HTML]) == JSON:
        return document(request, IndexDocument(_NAME, version, _links()), headers=_NEGOTIATED)
    body = _INDEX.format(version=escape(version), api=seen(PREFIX))
    return entity(request, page("Entrepot", body), HTML, headers=_NEGOTIATED)


def _links() -> Links:
    plain = ("health", "version", "metrics", "openapi.json", "docs")
    return {
        "self": Link(path_to()),
        "datasets": Link(path_to("datasets")),
        "collections": Link(path_to_collection()),
        "jobs": Link(path_to("jobs")),
        **{name.removesuffix(".json"): Link(path_to(name).rstrip("/")) for name in plain},
        "problems": Link(path_to("problems")),
    }


@get("/health", opt=told(Operation(SYSTEM, Answer("All parts work.", {JSON: examples.HEALTH}, HealthDocument))))
async def get_health(backend: NamedDependency[Backend]) -> ASGIResponse:
    """Say how the server is; 503 when a part that it needs is down."""
    checks = await _checks(backend)
    is_well = all(map(_is_well, checks.values()))
    health = HealthDocument("ok" if is_well else "down", checks)
    status = 200 if is_well else 503
    headers = {"cache-control": "no-store"}
    return ASGIResponse(body=msgspec.json.encode(health), status_code=status, media_type=JSON, headers=headers)


@get(
    "/metrics",
    opt=told(
        Operation(
            SYSTEM, Answer("The metrics, in Prometheus' text format or as OpenMetrics.", {PROMETHEUS: examples.METRICS})
        )
    ),
)
async def get_metrics(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """Tell Prometheus of the requests there were, and how the store is; of all processes of this server."""
    parts = {part: _is_well(said) for part, said in (await _checks(backend)).items()}
    accept = request.headers.get("accept", "")
    body, media_type = await backend.watch(backend.metrics.shown, accept, parts, backend.operations)
    headers = {"cache-control": "no-store", "vary": "Accept", "content-type": media_type}
    return ASGIResponse(body=body, headers=headers)


@get("/version", opt=told(Operation(SYSTEM, Answer("The version.", {JSON: examples.VERSION}, VersionDocument))))
async def get_version(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """Say which software answers, and which versions of the API it has."""
    return document(request, VersionDocument(_NAME, backend.settings.version, ("v1",)))


@get(
    "/problems",
    opt=told(
        Operation(SYSTEM, Answer("Every kind.", {JSON: examples.PROBLEM_KINDS, HTML: "<!doctype html>…"}, ProblemKinds))
    ),
)
async def list_problems(request: AnyRequest) -> ASGIResponse:
    """List every kind of problem that this API can answer with."""
    kinds = tuple(_kind(error) for error in every_problem())
    if accepted(request, [JSON, HTML]) == JSON:
        return document(request, ProblemKinds(kinds), headers=_NEGOTIATED)
    rows = "".join(
        f'<tr><td>{one.status}</td><td><a href="{one.href}">{one.code}</a></td><td>{escape(one.title)}</td></tr>'
        for one in kinds
    )
    return entity(request, page("Problems", f"<h1>Problems</h1><table>{rows}</table>"), HTML, headers=_NEGOTIATED)


@get(
    "/problems/{code:str}",
    opt=told(
        Operation(
            SYSTEM,
            Answer("The problem.", {HTML: "<!doctype html>…", JSON: examples.PROBLEM_KINDS.items[0]}, ProblemKind),
            problems=(RouteNotFound,),
            path_example="dataset_not_found",
        )
    ),
)
async def show_problem(request: AnyRequest, code: FromPath[str]) -> ASGIResponse:
    """Say what a kind of problem means."""
    error = next((one for one in every_problem() if one.code == code), None)
    if error is None:
        raise RouteNotFound
    kind = _kind(error)
    if accepted(request, [HTML, JSON]) == JSON:
        return document(request, kind, headers=_NEGOTIATED)
    told_more = "".join(map(_paragraph, (inspect.getdoc(error) or "").split("\n\n")))
    body = f"<h1>{escape(kind.title)}</h1>{told_more}<p>Status {kind.status}, code <code>{kind.code}</code>.</p>"
    return entity(request, page(kind.title, body), HTML, headers=_NEGOTIATED)


async def _checks(backend: Backend) -> dict[str, str | SandboxDocument]:
    """What each part says when it is asked how it is."""
    return msgspec.convert(await backend.check(), dict[str, str | SandboxDocument], from_attributes=True)


def _is_well(said: str | SandboxDocument) -> bool:
    return (said if isinstance(said, str) else said.status) == "ok"


def _paragraph(text: str) -> str:
    """A paragraph of a docstring; of an example in Python, what it prints."""
    if text.startswith(">>> "):
        said = [line for line in text.splitlines() if not line.startswith((">>>", "..."))]
        return f"<p>For example: {escape(' '.join(said))}</p>"
    marked = re.sub("``(.*?)``", r"<code>\1</code>", escape(text))
    return f"<p>{marked}</p>"


def _kind(error: ProblemType) -> ProblemKind:
    return ProblemKind(error.code, title_of(error), status_of(error), path_of(error.code))
