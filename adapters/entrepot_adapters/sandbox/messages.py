"""What the parent and the worker say to each other: JSON, one message a line."""

from typing import Any

import msgspec

from entrepot_adapters.sandbox.distrust import senseless
from entrepot_adapters.sandbox.spec import Ready
from entrepot_core.dialect import Stage
from entrepot_core.errors import DiskFull, EntrepotError, Refused, every_error
from entrepot_core.limits import Limits
from entrepot_core.ports.importer import Imported, ImportTask


class Job(msgspec.Struct, frozen=True):
    """What the worker is to do; the first and only thing it is told. It comes with ``FILES`` descriptors.

    Attributes:
        task: What is known of the file.
        limits: What is read at the most.
    """

    task: ImportTask
    limits: Limits


FILES = 3
"""How many descriptors come with a job: to read the file, to write the table, to write the rows set aside."""


_FACTS = (Refused, DiskFull)
"""What an import may fail with."""


class Advanced(msgspec.Struct, frozen=True, tag="advanced"):
    """The worker has come further."""

    stage: Stage
    done: int
    total: int | None


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """The worker is done; the table is written."""

    imported: Imported


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The worker refused the file, or met some other fact of the core."""

    code: str
    fields: dict[str, Any]

    def error(self) -> EntrepotError:
        """The error that the worker raised."""
        kind = next((one for one in every_error() if one.code == self.code and issubclass(one, _FACTS)), None)
        if kind is None:
            return senseless(f"no import fails with {self.code!r}")
        try:
            return kind.of(self.fields)
        except msgspec.ValidationError as error:
            return senseless(f"{self.code!r}: {error}")


Message = Ready | Advanced | Finished | Failed
