"""Landing files: a file in, a version out."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import msgspec

from entrepot_core.dataset import Dataset, DatasetChanges, Distribution, Role, Version, tidy_tags
from entrepot_core.dialect import ImportOptions, Report
from entrepot_core.errors import DatasetNotFound, EmptyInput, NameTaken
from entrepot_core.formats import Format, ending_of
from entrepot_core.names import DatasetName, DatasetRef, numbered, slug
from entrepot_core.ports.blobs import Blobs, Staged
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.importer import Imported, ImportTask
from entrepot_core.ports.operations import Source
from entrepot_core.source import Label, NewDataset

_NAMES_TRIED = 100_000


def add_dataset(driven: Driven, source: Source, details: NewDataset, options: ImportOptions, report: Report) -> Dataset:
    """Read a file into a new dataset, or into the next version of the one that ``details`` say to replace."""
    if details.name is not None and _exists(driven, details.name):
        if details.if_exists == "fail":
            raise NameTaken(name=details.name)
        return replace_dataset(driven, DatasetRef(details.name), source, details.changes, options, report)
    version = _land(driven, source, options, report)
    name = details.name or slug(source.label.stem)
    dataset = Dataset(
        id=driven.clock.new_id(),
        name=name,
        title=details.title if details.title is not None else source.label.stem or name,
        description=details.description or "",
        tags=tidy_tags(details.tags or ()),
        published=details.published or False,
        created_at=version.created_at,
        updated_at=version.created_at,
        revision=1,
        version=version,
        latest=1,
    )
    try:
        return driven.catalogue.add(dataset, [name] if details.name else _variants(name))
    except NameTaken:  # by another, while the file was read
        if details.name is None or details.if_exists == "fail":
            raise
        return _succeed(driven, DatasetRef(details.name), version, details.changes)


def replace_dataset(
    driven: Driven,
    ref: DatasetRef,
    source: Source,
    changes: DatasetChanges,
    options: ImportOptions,
    report: Report,
    expected: int | None = None,
) -> Dataset:
    """Read a file into the next version of a dataset."""
    before = driven.catalogue.find(ref)
    before.require(expected)
    version = _land(driven, source, options.over(before.version.options), report)
    return _succeed(driven, DatasetRef(before.id), version, changes, expected)


def _succeed(
    driven: Driven, ref: DatasetRef, version: Version, changes: DatasetChanges, expected: int | None = None
) -> Dataset:
    def succeed(dataset: Dataset) -> Dataset:
        dataset.require(expected)
        return dataset.succeeded_by(version, changes)

    return driven.catalogue.change(ref, succeed)


def _exists(driven: Driven, name: DatasetName) -> bool:
    try:
        driven.catalogue.find(DatasetRef(name))
    except DatasetNotFound:
        return False
    return True


def _variants(name: DatasetName) -> Iterator[DatasetName]:
    yield name
    for number in range(2, _NAMES_TRIED):
        yield numbered(name, number)


def _land(driven: Driven, source: Source, options: ImportOptions, report: Report) -> Version:
    """Store a file and what was made of it as blobs; nothing refers to them yet."""
    label, stage = source.label, driven.blobs.stage
    with _staged(driven.blobs, source, report) as original, stage() as table, stage() as rejects:
        if original.size == 0:
            raise EmptyInput(file_name=label.file_name)
        task = ImportTask(format=label.format, file_name=label.file_name, options=options)
        imported = driven.importer.load(original.file, table.file, rejects.file, task, report)
        forms = list(_forms(driven.blobs, label, original, table, rejects, imported))
    return Version(
        number=1,
        created_at=driven.clock.now(),
        schema=imported.schema,
        rows=imported.rows,
        distributions=tuple(forms),
        options=options,
        report=imported.report,
    )


def _forms(
    blobs: Blobs, label: Label, original: Staged, table: Staged, rejects: Staged, imported: Imported
) -> Iterator[Distribution]:
    if not label.is_table:
        file_name = label.file_name or f"{slug(label.stem)}{ending_of(imported.media_type)}"
        yield _keep(blobs, original, Role.ORIGINAL, imported.media_type, file_name)
    yield _keep(blobs, table, Role.PART, Format.PARQUET.media_type)
    if rejects.size:
        yield _keep(blobs, rejects, Role.REJECTS, Format.CSV.media_type)
    with blobs.stage() as profile:
        profile.write(msgspec.json.encode(imported.profile))
        yield _keep(blobs, profile, Role.PROFILE, Format.JSON.media_type)


def _keep(blobs: Blobs, staged: Staged, role: Role, media_type: str, file_name: str | None = None) -> Distribution:
    blob = blobs.keep(staged)
    return Distribution(role=role, media_type=media_type, size=blob.size, digest=blob.digest, file_name=file_name)


def _staged(blobs: Blobs, source: Source, report: Report) -> AbstractContextManager[Staged]:
    if isinstance(source.content, Iterable):
        return _staged_from(source.content, blobs, source.size, report)
    return nullcontext(source.content)


@contextmanager
def _staged_from(chunks: Iterable[bytes], blobs: Blobs, size: int | None, report: Report) -> Generator[Staged]:
    with blobs.stage() as staged:
        for chunk in chunks:
            staged.write(chunk)
            report("upload", staged.size, size)
        yield staged
