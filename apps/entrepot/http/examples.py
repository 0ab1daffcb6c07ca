"""Examples for the OpenAPI document: values of the very types that are answered, so that they can't go stale."""

from datetime import UTC, datetime

import msgspec

from entrepot.http.documents import (
    BatchDocument,
    BatchResult,
    ChangedRows,
    DatasetDocument,
    DatasetsDocument,
    FoundDataset,
    FoundDocument,
    HealthDocument,
    IndexDocument,
    JobDocument,
    JobsDocument,
    ProblemDocument,
    ProblemKind,
    ProblemKinds,
    RowsDocument,
    SandboxDocument,
    SchemaDocument,
    VersionDocument,
    VersionItem,
    VersionsDocument,
    frictionless,
)
from entrepot.http.links import Link, dataset_links, job_links, path_to, version_links
from entrepot.http.problems import path_of
from entrepot_core.dataset import Cause
from entrepot_core.dialect import ImportReport
from entrepot_core.job import Job, JobId, progress
from entrepot_core.names import DatasetId, DatasetName, Digest
from entrepot_core.rows.views import (
    Differences,
    Facet,
    Facets,
    FacetValue,
    RowDifference,
    RowDifferences,
    SchemaDifferences,
)
from entrepot_core.schema import Field, FieldType, Schema
from entrepot_core.statistics import Statistics
from entrepot_core.views import Column, DatasetView

CSV = "make,price\nalfa-romero,13495\naudi,13950\n"
NDJSON = '{"make":"alfa-romero","price":13495}\n{"make":"audi","price":13950}\n'
ARRAY = [{"make": "alfa-romero", "price": 13495}, {"make": "audi", "price": 13950}]
BINARY = "(binary)"

_ID = DatasetId("019aa5c0-7d1e-7c3b-9f5e-2b6d1c0a4e77")
_SCHEMA = Schema(
    fields=(Field("make", FieldType.STRING, nullable=False), Field("price", FieldType.INTEGER, nullable=False))
)
_VIEW = DatasetView(
    id=_ID,
    name=DatasetName("cars"),
    title="Cars",
    description="",
    tags=("vehicles",),
    published=False,
    file_name="cars.csv",
    media_type="text/csv",
    size=len(CSV),
    sha256=Digest("6f0c9a3f3b6f0f0a4ad8f8b4f0c2a1f6c7d0e1b2a3948576605f4e3d2c1b0a99"),
    rows=2,
    columns=2,
    version=1,
    revision=1,
    created_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
    updated_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
    schema=_SCHEMA,
    import_report=ImportReport(encoding="utf-8", delimiter=",", quote='"', header=True),
    images=(),
    refresh=None,
)
_LINKS = dataset_links(_VIEW, pinned=False)
_ROWS = path_to("datasets", _ID, "rows")


def _json(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))


DATASET = DatasetDocument(**msgspec.structs.asdict(_VIEW), links=_LINKS)

DATASETS = DatasetsDocument(
    items=(DATASET,),
    total=1,
    limit=100,
    offset=0,
    next=None,
    next_url=None,
    links={"self": Link(path_to("datasets")), "first": Link(path_to("datasets"))},
)

ROWS = RowsDocument(
    columns=(Column("make", "string"), Column("price", "integer")),
    rows=msgspec.Raw(msgspec.json.encode([{"_id": number, **row} for number, row in enumerate(ARRAY, start=1)])),
    total=2,
    limit=100,
    offset=0,
    next=None,
    version=1,
    next_url=None,
    links={"self": Link(_ROWS), "first": Link(_ROWS), "dataset": _LINKS["self"]},
)

ROW = {"_id": 1, **ARRAY[0]}
WHOLE_ROWS = [{"_id": number, **row} for number, row in enumerate(ARRAY, start=1)]
CHANGED_ROW = {"price": 12_900}
CHANGED_ROWS = [{"_id": 1, "price": 12_900}, {"_id": 2, "price": None}]
APPENDED = ChangedRows(2, (3, 4))
CHANGED = ChangedRows(2, (1, 2))

FACETS = Facets(
    facets=(Facet("make", (FacetValue(_json("alfa-romero"), 1), FacetValue(_json("audi"), 1)), more=False),),
    version=1,
)

HISTORY = VersionsDocument(
    items=(
        VersionItem(
            version=1,
            created_at=_VIEW.created_at,
            rows=2,
            columns=2,
            size=1_214,
            file_name="cars.csv",
            cause=Cause(),
            links=version_links(_ID, 1),
        ),
    ),
    total=1,
    limit=100,
    offset=0,
    next=None,
    next_url=None,
    links={"self": _LINKS["versions"], "first": _LINKS["versions"], "dataset": _LINKS["self"]},
)

RESTORE = {"version": 1}

DIFFERENCES = Differences(
    before=1,
    after=2,
    schema=SchemaDifferences(added=(), removed=(), changed=()),
    rows=RowDifferences(
        added=0,
        removed=0,
        changed=1,
        items=(RowDifference(id=1, before=_json(ROW), after=_json({**ROW, **CHANGED_ROW})),),
        more=False,
    ),
)

FOUND = FoundDocument(items=(FoundDataset(DATASET, ("price",)),), more=False)

SCHEMA = SchemaDocument(fields=_SCHEMA.fields, links={"self": _LINKS["schema"], "dataset": _LINKS["self"]})

FRICTIONLESS = frictionless(_SCHEMA)

STATS = {
    "price": {
        "count": 2, "mean": 13722.5, "std": 321.7335854, "min": 13495, "25%": 13608.75, "50%": 13722.5,
        "75%": 13836.25, "max": 13950,
    }
}  # fmt: skip

STATISTICS = Statistics(
    num_examples=2,
    statistics=(
        {
            "column_name": "price",
            "column_type": "int",
            "column_statistics": {
                "nan_count": 0, "nan_proportion": 0.0, "min": 13495, "max": 13950, "mean": 13722.5, "median": 13722.5,
                "std": 321.7335854, "histogram": {"hist": [1, 1], "bin_edges": [13495, 13722, 13950]},
            },
        },
    ),
)  # fmt: skip

RETYPING = {"types": {"price": "number"}}
_JOB = Job(
    id=JobId("019aa5c0-9b40-7a11-8c1d-5f0e7d2b6a90"),
    kind="import",
    file_name="cars.csv",
    created_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
).started(datetime(2026, 1, 31, 12, tzinfo=UTC))
_RUNNING = _JOB.advanced(progress("import", 17_094, 54_321))
_ENDED = _RUNNING.succeeded(_ID, 1, datetime(2026, 1, 31, 12, 0, 1, tzinfo=UTC))


def _job(job: Job) -> JobDocument:
    return JobDocument(**msgspec.structs.asdict(job), links=job_links(job))


JOB = _job(_ENDED)

RUNNING = _job(_RUNNING)

CANCELLING = _job(_RUNNING.to_be_cancelled(datetime(2026, 1, 31, 12, tzinfo=UTC)))

JOBS = JobsDocument(
    items=(JOB,),
    total=1,
    limit=100,
    offset=0,
    next=None,
    next_url=None,
    links={"self": Link(path_to("jobs")), "first": Link(path_to("jobs"))},
)

EVENTS = "".join(
    f"id: {number}\nevent: {name}\ndata: {msgspec.json.encode(job).decode()}\n\n"
    for number, (name, job) in enumerate([("progress", RUNNING), ("done", JOB)], start=1)
)

CHANGES = {"title": "Cars of 2024", "tags": ["vehicles", "2024"]}

HEALTH = HealthDocument(
    status="ok",
    checks={
        "catalogue": "ok",
        "blobs": "ok",
        "sandbox": SandboxDocument(
            "ok",
            {
                "pdeathsig": True, "no_new_privs": True, "network_namespace": True, "rlimits": True, "landlock": True,
                "filesystem_root": True, "uid": 65534, "seccomp": True,
            },
        ),
    },
)  # fmt: skip

VERSION = VersionDocument(name="entrepot", version="0.1.0", api=("v1",))

METRICS = """\
# HELP entrepot_datasets Datasets in the store.
# TYPE entrepot_datasets gauge
entrepot_datasets 2.0
"""

INDEX = IndexDocument(name="entrepot", version="0.1.0", links={"datasets": Link(path_to("datasets"))})

PROBLEM = ProblemDocument(
    type=path_of("dataset_not_found"),
    title="No dataset has this id or name",
    status=404,
    detail="There is no dataset 'cars'. List the datasets to see their names.",
    instance=_LINKS["self"].href,
    code="dataset_not_found",
    correlation_id="6f1c5d1e-4c55-4a5d-9a53-0f3a1c7b8e21",
)

_FAILED = BatchResult(404, problem=msgspec.to_builtins(PROBLEM))
BATCH_ADDED = BatchDocument((BatchResult(201, dataset=DATASET), _FAILED))
BATCH_CHANGED = BatchDocument((BatchResult(200, dataset=DATASET), _FAILED))
BATCH_REMOVED = BatchDocument((BatchResult(204), _FAILED))

PROBLEM_KINDS = ProblemKinds(
    items=(ProblemKind("dataset_not_found", PROBLEM.title, 404, path_of("dataset_not_found")),)
)
