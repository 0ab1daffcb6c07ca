"""What is wrong with a row, and what mends it."""

import msgspec

from entrepot_adapters.polars.reading.tolerant.cells import Cells

_SHOWN = 100


class Fault(msgspec.Struct, frozen=True):
    """Something wrong with a row.

    Attributes:
        fact: What is wrong.
        advice: What the sender could do.
        mended: What mends it; None where no rule says how.
        column: The number of the column concerned, if it is one.
        value: What stands there.
    """

    fact: str
    advice: str
    mended: str | None = None
    column: int | None = None
    value: str | None = None

    @property
    def detail(self) -> str:
        """What was wrong and what became of it."""
        return self.fact if self.mended is None else f"{self.fact}; {self.mended}"


class Verdict(msgspec.Struct, frozen=True):
    """What becomes of a row.

    Attributes:
        cells: Its cells, as many as there are columns where it can be mended.
        faults: What is wrong with it.
    """

    cells: Cells
    faults: tuple[Fault, ...] = ()

    @property
    def can_be_mended(self) -> bool:
        """Whether a rule says how, for each of its faults."""
        return all(fault.mended is not None for fault in self.faults)


def shown(text: bytes) -> str:
    """A text to show: as much of it as fits a line."""
    return text[: 4 * _SHOWN].decode("utf-8", "replace")[:_SHOWN]
