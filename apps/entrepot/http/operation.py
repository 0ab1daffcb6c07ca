"""What is told of an operation: by it requests are checked and the OpenAPI document is written."""

from collections.abc import Mapping
from typing import cast

import msgspec
from attrs import field, frozen
from litestar.handlers.base import BaseRouteHandler

from entrepot.http.exchange import AnyRequest
from entrepot.http.parameters import check_known, query_of
from entrepot.http.problems import ProblemType

_KEY = "operation"

DATASETS, CONTENTS, ROWS, HISTORY = "Datasets", "Contents", "Rows", "Versions"
COLLECTIONS, METADATA, JOBS, SYSTEM = "Collections", "Metadata", "Jobs", "System"
TAGS = {
    DATASETS: "Listing datasets, adding, changing and removing them.",
    CONTENTS: "What is in a dataset, in every form it goes out in.",
    ROWS: "The rows of a dataset: filters, pages, single rows, and edits, each of which makes a version.",
    HISTORY: "The versions of a dataset: listing, comparing, restoring them.",
    COLLECTIONS: "Published datasets as lists of things for web pages and apps, and the images that their cells name.",
    METADATA: "The metadata registry: what configures a platform's sources, as JSON under a name.",
    JOBS: "Long work: how far it is, and cancelling it.",
    SYSTEM: "The server about itself.",
}
"""The groups of operations, in their order, and what they are about."""


@frozen
class Answer:
    """What an operation answers when all goes well.

    Attributes:
        description: What it is.
        examples: An example for each media type it can have; none for an answer without a body.
        kind: The type of the JSON document, if it is one; several types where it is of one of these.
        status: The HTTP status.
        headers: Headers of note, and what they mean.
    """

    description: str
    examples: Mapping[str, object] = field(factory=dict)
    kind: object = None
    status: int = 200
    headers: Mapping[str, str] = field(factory=dict)


@frozen
class Body:
    """What an operation takes.

    Attributes:
        examples: An example for each media type.
        kind: The type of the JSON document, if it is one.
        form: Whose fields stand in the multipart form beside its file, if it takes one.
        several: Whether that form may have several files.
        is_required: Whether there has to be a body.
    """

    examples: Mapping[str, object] = field(factory=dict)
    kind: object = None
    form: tuple[type[msgspec.Struct], ...] = ()
    several: bool = False
    is_required: bool = True


@frozen
class Operation:
    """One operation of the API.

    Attributes:
        tag: The group it belongs to.
        answer: What it answers when all goes well.
        query: Whose fields are its query's parameters.
        needed: Those of them that have to be given, with an example of each.
        body: What it takes.
        problems: What can go wrong, besides what always can.
        path_example: An example of the path's parameter; of several, of the one that has no other.
        deferred: What it answers instead to a client that would rather not wait, where it can.
        is_apart: Whether its path is below the server itself, and its canonical one not below the API's prefix.
    """

    tag: str
    answer: Answer
    query: tuple[type[msgspec.Struct], ...] = ()
    needed: Mapping[str, object] = field(factory=dict)
    body: Body | None = None
    problems: tuple[ProblemType, ...] = ()
    path_example: str = "cars"
    deferred: Answer | None = None
    is_apart: bool = False


def told(operation: Operation) -> dict[str, object]:
    """A route's ``opt`` that carries what is told of it."""
    return {_KEY: operation}


def operation_of(handler: BaseRouteHandler) -> Operation | None:
    """What is told of a route, if something is."""
    return cast("Operation | None", handler.opt.get(_KEY))


async def check_query(request: AnyRequest) -> None:
    """Insist before a route runs that it knows every parameter of the query.

    Raises:
        UnknownParameter: It does not know one.
    """
    operation = operation_of(request.route_handler)
    if operation is not None:
        check_known(query_of(request), operation.query)
