"""What comes of a damaged file, in words."""

import re
from collections.abc import Iterator

from entrepot_adapters.polars.importer import PolarsImporter
from entrepot_core.dialect import Flaw, ImportReport
from tests.contracts.loading import load
from tests.polluting.damage import Damage, cells_right

_IMPORTER = PolarsImporter()
_COUNTED = re.compile("rows? (was|were) (mended|set aside)")
"""What is told in other words here."""


def outcome_of(damage: Damage) -> tuple[str, ...]:
    """A row of the table of kinds: name, what is done, how many cells are right, what is reported."""
    loaded = load(_IMPORTER, damage.content)
    right, cells = cells_right(damage.table, loaded.data), damage.table.cells
    share = "all" if right == cells else f"{right} of {cells}"
    return (damage.name, damage.what, share, "; ".join(_told(loaded.imported.report, damage)) or "–")


def _told(report: ImportReport, damage: Damage) -> Iterator[str]:
    for name in damage.found:
        if name != "header":
            yield f"`{name}` `{_cell(str(getattr(report, name)))}`"
    yield from (_cell(warning.rstrip(".")) for warning in report.warnings if not _COUNTED.search(warning))
    yield from _counted(report.repaired, "mended", report.repairs)
    yield from _counted(report.rejected, "set aside", report.rejects)


def _counted(count: int, verb: str, flaws: tuple[Flaw, ...]) -> Iterator[str]:
    if count:
        details = list(dict.fromkeys(flaw.detail for flaw in flaws))
        yield f"{count} {'row' if count == 1 else 'rows'} {verb} ({_cell(details[0])}{', …' if details[1:] else ''})"


def _cell(text: str) -> str:
    """A text that stands in a table of Markdown."""
    return text.replace("|", "\\|").replace("\t", "\\t")
