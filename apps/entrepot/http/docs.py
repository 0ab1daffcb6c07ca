"""The OpenAPI document, and Swagger UI over it from files of this package: no other server is asked."""

import gzip
from functools import cache
from importlib import resources
from typing import cast

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from entrepot.http.backend import Backend
from entrepot.http.exchange import PREFIX, AnyRequest
from entrepot.http.negotiation import HTML
from entrepot.http.openapi import openapi, placed
from entrepot.http.operation import SYSTEM, Answer, Operation, told
from entrepot.http.prefixes import seen
from entrepot.http.problems import RouteNotFound
from entrepot.http.responses import JSON, entity

_FILES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "start.js": "text/javascript",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Entrepot's API</title>
<link rel="stylesheet" href="{docs}/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="{docs}/swagger-ui-bundle.js"></script>
<script src="{docs}/start.js"></script>
</body>
</html>
"""


@get(
    "/openapi.json",
    opt=told(Operation(SYSTEM, Answer("The document.", {JSON: {"openapi": "3.1.0"}}, dict[str, object]))),
)
async def get_openapi(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """Describe this API as OpenAPI 3.1 does."""
    state = request.app.state
    if "openapi" not in state:
        state["openapi"] = msgspec.json.encode(openapi(request.app, backend.settings.version))
    body, prefix = cast("bytes", state["openapi"]), seen("")
    return entity(request, placed(body, prefix) if prefix else body, JSON)


@get("/docs", opt=told(Operation(SYSTEM, Answer("The page.", {HTML: "<!doctype html>…"}))))
async def show_docs(request: AnyRequest) -> ASGIResponse:
    """Show this API to people, to read and to try."""
    page = _PAGE.format(docs=seen(f"{PREFIX}/docs")).encode()
    return entity(request, page, HTML, headers={"content-security-policy": _POLICY})


@get(
    "/docs/{file:str}",
    opt=told(
        Operation(
            SYSTEM,
            Answer("The file.", {"text/javascript": "…", "text/css": "…"}),
            problems=(RouteNotFound,),
            path_example="start.js",
        )
    ),
)
async def get_docs_file(request: AnyRequest, file: FromPath[str]) -> ASGIResponse:
    """Serve a file of Swagger UI."""
    if file not in _FILES:
        raise RouteNotFound
    plain, packed = _file(file)
    headers = {"vary": "Accept-Encoding"}
    if packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return entity(request, packed, _FILES[file], headers={**headers, "content-encoding": "gzip"})
    return entity(request, plain, _FILES[file], headers=headers)


@cache
def _file(name: str) -> tuple[bytes, bytes | None]:
    """A file's bytes, and as gzip if it is shipped so."""
    folder = resources.files("entrepot.http") / "swagger"
    packed = folder / f"{name}.gz"
    if packed.is_file():
        data = packed.read_bytes()
        return gzip.decompress(data), data
    return (folder / name).read_bytes(), None
