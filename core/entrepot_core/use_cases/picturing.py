"""Fetching the images that a table names."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from entrepot_core.collection import ImageRecord, unfit
from entrepot_core.dataset import Dataset
from entrepot_core.dialect import SHOWN_FLAWS, Flaw, ImagesReport, Report
from entrepot_core.errors import Cancelled, DatasetNotFound, Interrupted
from entrepot_core.formats import Format
from entrepot_core.names import DatasetRef
from entrepot_core.ports.driven import Driven
from entrepot_core.rows.selection import Selection
from entrepot_core.schema import ROW_ID
from entrepot_core.use_cases.image_fetching import Wish, fetch_all, url_of

Which = Literal["new", "missing", "all"]
"""Which images are asked for: those nobody asked for yet, those that failed as well, or all that may have changed."""


class Cell(msgspec.Struct, frozen=True):
    """A cell that names an image: its row's number, its column, and what stands in it."""

    row: int
    column: str
    text: str


def fetch_images(driven: Driven, dataset: Dataset, report: Report, which: Which) -> Dataset:
    """Fetch images that a dataset's newest version names, and tell in its report what became of them.

    Where somebody cancels that, what came so far stays, and the others are pending.
    """
    if not dataset.image_columns:
        return _told(driven, dataset, None)
    try:
        fetch_all(driven, dataset.id, list(_wishes(driven, dataset, which)), report)
    except Cancelled:
        return _told(driven, dataset, images_report(driven, dataset))
    except Interrupted:  # another process goes on with it
        return dataset
    return _told(driven, dataset, images_report(driven, dataset))


def images_report(driven: Driven, dataset: Dataset) -> ImagesReport:
    """What became of the images that a dataset's version names, cell by cell."""
    known = driven.images.known(dataset.id)
    counts, failures = dict.fromkeys(("stored", "failed", "pending"), 0), list[Flaw]()
    for cell in cells(driven, dataset):
        state, problem = state_of(cell.text, known)
        counts[state] += 1
        if state == "failed" and len(failures) < SHOWN_FLAWS:
            failures.append(Flaw(problem or "", row=cell.row, column=cell.column, value=cell.text[:1_000]))
    return ImagesReport(**counts, failures=tuple(failures))


def state_of(text: str, known: Mapping[str, ImageRecord]) -> tuple[Literal["stored", "failed", "pending"], str | None]:
    """Whether the image that a text names is there, and what is wrong with it."""
    record = known.get(text)
    if record is not None:
        return "stored" if record.image is not None else "failed", record.problem
    problem = unfit(text)
    return ("pending", None) if problem is None else ("failed", problem)


def cells(driven: Driven, dataset: Dataset) -> Iterator[Cell]:
    """The cells of a dataset's version that name images, by row."""
    columns = dataset.image_columns
    if not columns:
        return
    selection = Selection(columns=(ROW_ID, *columns))
    chunks = driven.tables.stream(dataset.version.parts, selection, Format.NDJSON, slice(0, None))
    for line in _lines(chunks):
        row = msgspec.json.decode(line)
        for column in columns:
            text = row[column]
            if isinstance(text, str) and text.strip():
                yield Cell(row[ROW_ID], column, text)


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
    if rest:
        yield rest


def _wishes(driven: Driven, dataset: Dataset, which: Which) -> Iterator[Wish]:
    """What is to be asked for. What no cell names any more is forgotten, unless somebody uploaded it."""
    texts = {cell.text for cell in cells(driven, dataset) if unfit(cell.text) is None}
    known = driven.images.known(dataset.id)
    driven.images.forget(dataset.id, [text for text, one in known.items() if text not in texts and not one.is_uploaded])
    for text in sorted(texts):
        record, url = known.get(text), url_of(text, dataset.version.report.source_url)
        if record is None or _is_wanted(record, url, which):
            yield Wish(text, url, record)


def _is_wanted(record: ImageRecord, url: str | None, which: Which) -> bool:
    if record.is_uploaded:
        return False
    return which == "all" or record.url != url or (which == "missing" and record.image is None)


def _told(driven: Driven, dataset: Dataset, images: ImagesReport | None) -> Dataset:
    """Record that a version's images have been asked for, and what came of it, unless there is a newer version."""

    def tell(found: Dataset) -> Dataset:
        if found.latest != dataset.latest:
            return found
        report = msgspec.structs.replace(found.version.report, images=images)
        is_news = report != found.version.report
        return msgspec.structs.replace(
            found,
            version=msgspec.structs.replace(found.version, report=report),
            imaged=found.latest,
            revision=found.revision + is_news,
        )

    try:
        now = driven.catalogue.change(DatasetRef(dataset.id), tell)
    except DatasetNotFound:  # somebody removed it meanwhile
        return dataset
    return now if now.latest == dataset.latest else dataset
