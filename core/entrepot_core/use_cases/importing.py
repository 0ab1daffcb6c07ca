"""Landing files: a file in, a version out."""

from collections.abc import Iterator

import msgspec

from entrepot_core.changes import DatasetChanges, once, secret_source, tidy_tags
from entrepot_core.dataset import Dataset, Origin, Version
from entrepot_core.dialect import ImportOptions, Report, TypeChanges
from entrepot_core.errors import DatasetNotFound, InvalidOption, NameTaken, NoOriginal, UnknownColumn
from entrepot_core.names import DatasetName, DatasetRef, numbered, slug
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.operations import Source
from entrepot_core.source import Label, Link, NewDataset
from entrepot_core.use_cases.arriving import Arrival, arrived
from entrepot_core.use_cases.claiming import claim
from entrepot_core.use_cases.history import retain
from entrepot_core.use_cases.keeping_types import landed_again
from entrepot_core.use_cases.landing import Incoming, landed, made_from
from entrepot_core.use_cases.recognising import check_images, image_columns

_NAMES_TRIED = 100_000


def add_dataset(driven: Driven, source: Source, details: NewDataset, options: ImportOptions, report: Report) -> Dataset:
    """Read a file into a new dataset, or into the next version of the one that ``details`` say to replace."""
    _check_refresh(source, details.refresh)
    if details.name is not None and _exists(driven, details.name):
        if details.if_exists == "fail":
            raise NameTaken(name=details.name)
        return replace_dataset(driven, DatasetRef(details.name), source, details.changes, options, report)
    driven.importer.prepare()
    with arrived(driven, source, report) as arrival, landed(driven, arrival, options, report) as version:
        return _add(driven, version, arrival, details)


def _add(driven: Driven, version: Version, arrival: Arrival, details: NewDataset) -> Dataset:
    label = arrival.label
    name = details.name or slug(label.stem)
    images = None if details.images is None else once(details.images)
    if images is not None:
        check_images(version.schema, images)
    elif details.published:
        images = image_columns(driven, version) or None  # the next version is looked at anew
    origin = _origin(arrival, version)
    dataset = Dataset(
        id=driven.clock.new_id(),
        name=name,
        title=details.title if details.title is not None else label.stem or name,
        description=details.description or "",
        tags=tidy_tags(details.tags or ()),
        published=details.published or False,
        created_at=version.created_at,
        updated_at=version.created_at,
        revision=1,
        version=version,
        latest=1,
        images=images,
        claimed_until=claim(driven) if images else None,
        origin=None if origin is None else msgspec.structs.replace(origin, every=details.refresh or None),
    )
    try:
        return driven.catalogue.add(dataset, [name] if details.name else _variants(name))
    except NameTaken:  # by another, while the file was read
        if details.name is None or details.if_exists == "fail":
            raise
        return _succeed(driven, DatasetRef(details.name), version, details.changes, origin=origin)


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
    _check_refresh(source, changes.refresh)
    before = driven.catalogue.find(ref)
    before.require(expected)
    driven.importer.prepare()
    with arrived(driven, source, report) as arrival:
        return succeed_with(driven, before, arrival, changes, options, report, expected)


def succeed_with(
    driven: Driven,
    before: Dataset,
    arrival: Arrival,
    changes: DatasetChanges,
    options: ImportOptions,
    report: Report,
    expected: int | None,
) -> Dataset:
    """Read a file that has come into the next version of a dataset.

    Raises:
        MalformedInput: It was fetched again, and is no such thing as the dataset was: it may be an error's page.
    """
    kept = options.kept_of(before.version.options)
    land = landed_again if arrival.is_again else landed
    with land(driven, arrival, options.over(before.version.options), report, before) as read:
        version = msgspec.structs.replace(read, report=read.report.noting(kept))
        if changes.images is not None:
            check_images(version.schema, changes.images)
        elif before.images is None and (before.published or changes.published):
            changes = msgspec.structs.replace(changes, images=image_columns(driven, version) or None)
        origin = _origin(arrival, version)
        return _succeed(driven, DatasetRef(before.id), version, changes, expected, origin=origin)


def retype_dataset(
    driven: Driven, ref: DatasetRef, changes: TypeChanges, report: Report, expected: int | None = None
) -> Dataset:
    """Read a dataset's original file again, with other types, into its next version."""
    if changes == TypeChanges():
        reason = "name a column and its type, or say date_order, decimal or null_values"
        raise InvalidOption(option="types", value="{}", reason=reason)
    before = driven.catalogue.find(ref)
    before.require(expected)
    known, original = before.version.schema.names, before.version.original
    for column in changes.types:
        if column not in {*known, "*"}:
            raise UnknownColumn(column=column, columns=known)
    if original is None:
        raise NoOriginal(ref=before.name, version=before.version.number)
    label = Label(file_name=original.file_name, media_type=original.media_type)
    with driven.blobs.open(original.digest) as file:
        was = before.version.report
        incoming = Incoming(file, label, was.encoding, was.source_url, lambda _: [original], "retype")
        with made_from(driven, incoming, changes.over(before.version.options), report, before) as version:
            return _succeed(driven, DatasetRef(before.id), version, DatasetChanges(), expected, origin=before.origin)


def _succeed(
    driven: Driven,
    ref: DatasetRef,
    version: Version,
    changes: DatasetChanges,
    expected: int | None = None,
    *,
    origin: Origin | None,
) -> Dataset:
    def succeed(dataset: Dataset) -> Dataset:
        dataset.require(expected)
        next_one = dataset.coming_from(origin).succeeded_by(version, changes).told_of_lost_images()
        return msgspec.structs.replace(next_one, claimed_until=claim(driven) if next_one.images else None)

    after = driven.catalogue.change(ref, succeed)
    retain(driven, after)
    return after


def _check_refresh(source: Source, seconds: int | None) -> None:
    """Refuse to fetch a source again that can't be.

    Raises:
        InvalidOption: It is no URL, or one with a secret.
    """
    if not seconds:
        return
    if not isinstance(source.content, Link):
        raise InvalidOption(option="refresh", value=f"{seconds}s", reason="only what a URL names can be fetched again")
    if source.content.has_secret:
        raise secret_source(seconds)


def _origin(arrival: Arrival, version: Version) -> Origin | None:
    original = version.original
    if arrival.source_url is None or original is None:
        return None
    return Origin(
        url=arrival.source_url,
        digest=original.digest,
        checked_at=version.created_at,
        validators=arrival.validators,
        has_secret=arrival.has_secret,
    )


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
