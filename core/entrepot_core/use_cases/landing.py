"""Storing what is made of a file as blobs."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO, Literal

import msgspec
from attrs import field, frozen

from entrepot_core.dataset import Cause, Dataset, Distribution, Role, Version
from entrepot_core.dialect import ImportOptions, Report
from entrepot_core.errors import EmptyInput
from entrepot_core.formats import Format, ending_of, unpacked_name
from entrepot_core.names import slug
from entrepot_core.ports.blobs import Blobs, Staged
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.importer import Imported, ImportTask
from entrepot_core.schema import FieldType
from entrepot_core.source import Label
from entrepot_core.use_cases.arriving import Arrival


def _accept(_: Imported) -> None:
    """Accept whatever a file turns out to be."""


@frozen
class Expectation:
    """What a file is to be.

    Attributes:
        check: Told what was made of it, before that is stored; raises what speaks against it.
        types: Column to the type it is read as, besides those that the options name; where decimals come among
            integers, they become numbers.
    """

    check: Callable[[Imported], None] = _accept
    types: Mapping[str, FieldType] = field(factory=dict[str, FieldType])

    def over(self, options: ImportOptions) -> ImportOptions:
        """The options with these types too."""
        return msgspec.structs.replace(options, types={**self.types, **options.types})


@frozen
class Incoming:
    """A file that is to be read.

    Attributes:
        file: Its bytes.
        label: What is said of them.
        encoding: What they are in, if they are text and nobody says otherwise.
        source_url: Where they came from.
        stored: How the file itself is stored, given what it turned out to be.
        cause: Why it is read.
        expected: What it is to be.
    """

    file: BinaryIO
    label: Label
    encoding: str | None
    source_url: str | None
    stored: Callable[[Imported], Iterable[Distribution]]
    cause: Literal["import", "retype"] = "import"
    expected: Expectation = Expectation()


@contextmanager
def landed(
    driven: Driven,
    arrival: Arrival,
    options: ImportOptions,
    report: Report,
    before: Dataset | None = None,
    expected: Expectation = Expectation(),
) -> Generator[Version]:
    """Store a file and what is made of it as blobs, and give the version to record before this is left."""
    staged, label = arrival.staged, arrival.label
    if staged.size == 0:
        raise EmptyInput(file_name=label.file_name)

    def stored(imported: Imported) -> Iterator[Distribution]:
        if not label.is_table:
            yield _keep(driven.blobs, staged, Role.ORIGINAL, *_original(label, imported))

    if not label.is_table:
        staged.settle()  # while it is read
    incoming = Incoming(staged.file, label, label.encoding, arrival.source_url, stored, expected=expected)
    with made_from(driven, incoming, options, report, before) as version:
        yield version


@contextmanager
def made_from(
    driven: Driven, incoming: Incoming, options: ImportOptions, report: Report, before: Dataset | None
) -> Generator[Version]:
    """Store what is made of a file as blobs, and give the version to record before this is left.

    The blobs' scratch files stay open that long: nothing else keeps a sweep from what no version refers to yet.
    """
    stage, label, expected = driven.blobs.stage, incoming.label, incoming.expected
    with stage() as table, stage() as rejects, stage() as profile:
        usual = ImportOptions() if before is None else before.version.report.conventions
        asked = expected.over(options)
        task = ImportTask(label.format, label.file_name, asked, usual, incoming.encoding, tuple(expected.types))
        imported = driven.importer.load(incoming.file, table.file, rejects.file, task, report)
        expected.check(imported)
        profile.write(msgspec.json.encode(imported.profile))
        forms = (*incoming.stored(imported), *_forms(driven.blobs, table, rejects, profile))
        yield Version(
            number=1,
            created_at=driven.clock.now(),
            schema=imported.schema,
            rows=imported.rows,
            distributions=forms,
            options=options,
            report=msgspec.structs.replace(imported.report, source_url=incoming.source_url),
            dates_are_text=imported.profile.dates_are_text,
            next_row=imported.rows + 1,
            cause=Cause(kind=incoming.cause),
        )


def _forms(blobs: Blobs, table: Staged, rejects: Staged, profile: Staged) -> Iterator[Distribution]:
    yield _keep(blobs, table, Role.PART, Format.PARQUET.media_type)
    if rejects.size:
        yield _keep(blobs, rejects, Role.REJECTS, Format.CSV.media_type)
    yield _keep(blobs, profile, Role.PROFILE, Format.JSON.media_type)


def _original(label: Label, imported: Imported) -> tuple[str, str]:
    """The media type of a file as it came, and a name for it that doesn't hide that it is packed."""
    packed = imported.report.compression
    file_name = label.file_name or f"{slug(label.stem)}{ending_of(imported.media_type)}"
    if packed is None:
        return imported.media_type, file_name
    return packed.media_type, file_name if unpacked_name(file_name) != file_name else file_name + packed.ending


def _keep(blobs: Blobs, staged: Staged, role: Role, media_type: str, file_name: str | None = None) -> Distribution:
    blob = blobs.keep(staged)
    return Distribution(role=role, media_type=media_type, size=blob.size, digest=blob.digest, file_name=file_name)
