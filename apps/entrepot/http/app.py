"""The HTTP app: the routes over some ``Operations``."""

from collections.abc import Callable, Mapping

from litestar import Litestar
from litestar.di import Provide

from entrepot.http import (
    batches,
    collections,
    contents,
    datasets,
    docs,
    editing,
    image_uploads,
    images,
    jobs,
    records,
    refreshing,
    rows,
    schemas,
    searching,
    system,
    versions,
)  # fmt: skip
from entrepot.http.backend import Backend, HttpSettings
from entrepot.http.compression import Compressing
from entrepot.http.exchange import Edge
from entrepot.http.gate import Gate
from entrepot.http.keeping import KeptAnswers
from entrepot.http.operation import check_query
from entrepot.http.problems import HANDLERS
from entrepot_core.ports.blobs import Staged
from entrepot_core.ports.operations import Operations

__all__ = ["HttpSettings", "create_app"]


def _nothing() -> None:
    """Hold nothing that must be let go of."""


def create_app(
    operations: Operations,
    stage: Callable[[], Staged],
    checks: Callable[[], Mapping[str, object]],
    settings: HttpSettings,
    on_shutdown: Callable[[], None] = _nothing,
    stamp: Callable[[], object] | None = None,
) -> Litestar:
    """Make the ASGI app.

    Args:
        operations: The use cases.
        stage: Opens a scratch file for an upload, in the store that ``operations`` writes to.
        checks: Asks the parts that the server needs, and tells what each says: ``ok``, or what is wrong.
        settings: What can be set.
        on_shutdown: Lets go of what the others hold, when the app ends.
        stamp: Tells the store's state, so that answers can be given again as long as it is equal; without it they
            are made each time.
    """
    backend = Backend(operations, stage, checks, settings, on_shutdown)
    app = Litestar(
        route_handlers=[
            system.index,
            system.get_health,
            system.get_version,
            system.get_metrics,
            system.list_problems,
            system.show_problem,
            docs.get_openapi,
            docs.show_docs,
            docs.get_docs_file,
            datasets.list_datasets,
            datasets.add_dataset,
            batches.add_datasets,
            batches.edit_datasets,
            batches.remove_datasets,
            datasets.get_dataset,
            datasets.replace_dataset,
            datasets.edit_dataset,
            datasets.remove_dataset,
            contents.open_file,
            contents.open_rejects,
            schemas.get_schema,
            schemas.retype_dataset,
            contents.describe,
            contents.get_statistics,
            contents.plot,
            contents.get_excel,
            contents.export,
            rows.read_rows,
            rows.get_row,
            rows.get_facets,
            editing.append_rows,
            editing.replace_rows,
            editing.update_rows,
            editing.remove_rows,
            editing.replace_row,
            editing.update_row,
            editing.remove_row,
            versions.list_versions,
            versions.get_dataset_version,
            versions.restore_version,
            versions.compare_versions,
            searching.search,
            collections.list_collections,
            collections.read_collection,
            collections.get_item,
            collections.get_item_of_platform,
            images.open_image,
            images.list_images,
            image_uploads.put_image,
            image_uploads.put_images,
            refreshing.fetch_images,
            refreshing.refresh_dataset,
            records.list_records,
            records.add_record,
            records.add_records,
            records.remove_records,
            records.get_record,
            records.update_record,
            records.remove_record,
            records.get_record_history,
            jobs.list_jobs,
            jobs.get_job,
            jobs.watch_job,
            jobs.cancel_job,
        ],
        before_request=check_query,
        dependencies={"backend": Provide(lambda: backend, sync_to_thread=False)},
        exception_handlers=HANDLERS,
        lifespan=[backend.running],
        logging_config=None,
        openapi_config=None,
    )
    # Around the router, where requests for paths that it doesn't know pass too; middleware stands behind it.
    kept = None if stamp is None else KeptAnswers(stamp, settings.answer_bytes)
    allowed, trusted = settings.allow_origins, settings.trusted_proxies
    refusing = Gate(allowed, trusted).instead
    edge = Edge(app.asgi_handler, refusing, backend.metrics.count, kept, allowed, trusted)
    app.asgi_handler = Compressing(edge)
    return app
