"""The route that looks for a text in all datasets."""

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.response.base import ASGIResponse

from entrepot.http import examples
from entrepot.http.backend import Backend
from entrepot.http.datasets import document_of
from entrepot.http.documents import FoundDataset, FoundDocument
from entrepot.http.exchange import AnyRequest
from entrepot.http.operation import DATASETS, Answer, Operation, told
from entrepot.http.parameters import asked
from entrepot.http.responses import JSON, document
from entrepot_core.errors import InvalidOption
from entrepot_core.paging import DEFAULT_LIMIT


class Sought(msgspec.Struct, frozen=True):
    """What to look for.

    Attributes:
        q: A text that stands in a dataset's name, title, tags or description, or in the name of a column; case aside.
        limit: The most datasets.
    """

    q: str = ""
    limit: int = DEFAULT_LIMIT


@get(
    "/search",
    opt=told(
        Operation(
            DATASETS,
            Answer("The datasets, the best first, with the columns that have the text.", {JSON: examples.FOUND},
                   FoundDocument),
            query=(Sought,),
            needed={"q": "price"},
            problems=(InvalidOption,),
        )
    ),
)  # fmt: skip
async def search(request: AnyRequest, backend: NamedDependency[Backend]) -> ASGIResponse:
    """Find datasets by a text in what describes them, and in the names of their columns."""
    wish = asked(request, Sought)
    found = await backend.query(backend.operations.search, wish.q, wish.limit)
    items = tuple(FoundDataset(document_of(one.dataset), one.columns) for one in found.items)
    return document(request, FoundDocument(items=items, more=found.more))
