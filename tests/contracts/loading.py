"""Loads content through an importer."""

import io
from typing import Any

import polars as pl
from attrs import frozen

from entrepot_core.dialect import ImportOptions, Report, no_report
from entrepot_core.formats import Format
from entrepot_core.ports.importer import Imported, Importer, ImportTask
from entrepot_core.schema import FieldType


@frozen
class Loaded:
    """What an importer answered, the table it wrote, and the rows it set aside."""

    imported: Imported
    table: pl.DataFrame
    rejects: bytes

    @property
    def data(self) -> pl.DataFrame:
        """The table without ``_id``."""
        return self.table.drop("_id")

    @property
    def types(self) -> dict[str, str]:
        """The types of the fields by name."""
        return {field.name: str(field.type) for field in self.imported.schema.fields}

    @property
    def warnings(self) -> str:
        """All that a person is told."""
        return " ".join(self.imported.report.warnings)

    def values(self, column: str) -> list[Any]:
        """The values of a column."""
        return self.table[column].to_list()


def load(
    importer: Importer,
    content: bytes | str,
    format: Format | None = None,
    report: Report = no_report,
    **options: Any,  # noqa: ANN401 - those of ImportOptions
) -> Loaded:
    """Load content; strings are UTF-8, and the types in ``options`` may be given by name."""
    if "types" in options:
        options["types"] = {name: FieldType(kind) for name, kind in options["types"].items()}
    data = content.encode() if isinstance(content, str) else content
    table, rejects = io.BytesIO(), io.BytesIO()
    task = ImportTask(format, "data.file", ImportOptions(**options))
    imported = importer.load(io.BytesIO(data), table, rejects, task, report)
    table.seek(0)
    return Loaded(imported, pl.read_parquet(table), rejects.getvalue())
