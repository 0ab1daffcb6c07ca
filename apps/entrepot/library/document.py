"""What a dataset says of itself."""

from datetime import datetime

from attrs import define

from entrepot.wording import counted, shape_text
from entrepot_core.dialect import ImportReport
from entrepot_core.names import DatasetId, DatasetName
from entrepot_core.schema import Schema
from entrepot_core.views import DatasetView


@define(eq=False, repr=False)
class Documented:
    """The parts of a dataset document, as properties."""

    document: DatasetView

    @property
    def id(self) -> DatasetId:
        """Its permanent id."""
        return self.document.id

    @property
    def name(self) -> DatasetName:
        """Its unique name."""
        return self.document.name

    @property
    def title(self) -> str:
        """Its title."""
        return self.document.title

    @property
    def description(self) -> str:
        """Its description."""
        return self.document.description

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags, sorted."""
        return self.document.tags

    @property
    def published(self) -> bool:
        """Whether it is served as a collection under its name."""
        return self.document.published

    @property
    def image_columns(self) -> tuple[str, ...]:
        """Which of its columns hold images."""
        return self.document.images

    @property
    def version(self) -> int:
        """The number of the version that this object shows."""
        return self.document.version

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns it has."""
        return self.document.rows, self.document.columns

    @property
    def columns(self) -> list[str]:
        """The names of its columns, in order."""
        return self.document.schema.names

    @property
    def schema(self) -> Schema:
        """Its fields: names, types, and whether there are nulls."""
        return self.document.schema

    @property
    def import_report(self) -> ImportReport:
        """How the file was read."""
        return self.document.import_report

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of how the file was read: rows set aside, columns that stay text, and so on."""
        return self.document.import_report.warnings

    @property
    def file_name(self) -> str | None:
        """The base name of the file it was made from; none for a table out of memory."""
        return self.document.file_name

    @property
    def size(self) -> int:
        """Bytes of the original file; where there is none, of the stored table."""
        return self.document.size

    @property
    def created_at(self) -> datetime:
        """When it was added, UTC."""
        return self.document.created_at

    @property
    def updated_at(self) -> datetime:
        """When it last changed, UTC."""
        return self.document.updated_at

    def __len__(self) -> int:
        return self.document.rows

    def __repr__(self) -> str:
        rows, columns = self.shape
        notes = f", {counted(len(self.notes), 'note')}" if self.notes else ""
        return f"<{type(self).__name__} {self.name!r}: {shape_text(rows, columns)}, version {self.version}{notes}>"
