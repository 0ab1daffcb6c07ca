"""Tells a person how a delimited file was read, and what was left out before any table."""

from collections.abc import Iterator

from entrepot_adapters.polars.reading.look import Look
from entrepot_adapters.polars.reading.ruled import BAR
from entrepot_adapters.polars.reading.tolerant.ledger import Ledger
from entrepot_core.dialect import ImportOptions, ImportReport

_OTHERS = frozenset(",;\t|")
"""What stands between cells most often."""
_SOME = 3
_LONGEST = 60


def report_of(look: Look, ledger: Ledger, options: ImportOptions, warnings: tuple[str, ...]) -> ImportReport:
    """The report of an import.

    Args:
        look: How the file was found to be written.
        ledger: Which rows were mended and set aside.
        options: What the caller said, of which there is no need to tell.
        warnings: What else a person should know.
    """
    dialect, layout = look.dialect, look.layout
    return ImportReport(
        encoding=look.text.encoding,
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        header=layout.header > 0,
        escape=dialect.escape,
        line_end=look.marks.line_end,
        skipped_lines=layout.skipped,
        header_rows=layout.header,
        repaired=ledger.repaired,
        rejected=ledger.rejected,
        warnings=(*_found(look, options), *warnings, *told_of_ledger(ledger)),
        repairs=tuple(ledger.repairs),
        rejects=tuple(ledger.rejects),
    )


def _found(look: Look, options: ImportOptions) -> Iterator[str]:
    text, layout = look.text, look.layout
    if text.is_guessed:
        yield (
            f"The text is no UTF-8 and was read as {text.encoding}; if letters look wrong, say its encoding "
            "(option encoding)."
        )
    if options.delimiter is not None and layout.width == 1 and _OTHERS.intersection(*layout.names):
        shown = repr(options.delimiter)
        yield f"No row of the beginning holds {shown} (option delimiter), so there is one column; is it another?"
    yield from told_of_lines(layout.before, options)
    yield from told_of_header(options, layout.header)
    if text.is_aligned:
        yield "Columns were told by where they stand in lines, which are aligned."
    if text.rulers:
        few, many = (
            "1 line that rules the table was",
            f"{text.rulers:,} lines that rule the table, or count its rows, were",
        )
        yield f"{few if text.rulers == 1 else many} left out."
    if layout.spare:
        yield "Rows end with a delimiter; the empty column behind it was left out."
    if look.dialect.trims or (text.rulers and look.dialect.delimiter == BAR and not text.is_aligned):
        yield "Spaces beside delimiters were taken for no part of the cells."
    if look.marks.line_end == "mixed":
        yield "Lines end in several ways; each was taken for a line end."


def told_of_lines(before: tuple[str, ...], options: ImportOptions) -> list[str]:
    """Say which lines before the table were left out, and if so, that the caller wanted it."""
    if not before:
        return []
    lines = "1 line" if len(before) == 1 else f"{len(before)} lines"
    verb = "was" if len(before) == 1 else "were"
    asked = " (option skip_lines)" if options.skip_lines else ""
    return [f"{lines} before the table {verb} left out{asked}: {_some(before)}."]


def told_of_header(options: ImportOptions, rows: int) -> list[str]:
    """Say how many rows name the columns, if that is not one and nobody said so."""
    if options.header is not None or options.header_rows is not None or rows == 1:
        return []
    if rows:
        return [f"The first {rows} rows name the columns (option header_rows); their texts were joined."]
    return ["The first row looks like all others, so the columns are numbered; say if it names them (option header)."]


def _some(lines: tuple[str, ...]) -> str:
    shown = ", ".join(repr(line.strip()[:_LONGEST]) for line in lines[:_SOME])
    return shown + (", …" if len(lines) > _SOME else "")


def told_of_ledger(ledger: Ledger) -> Iterator[str]:
    """Say how many rows were mended, and how many set aside."""
    if ledger.repaired:
        rows = "1 row was mended" if ledger.repaired == 1 else f"{ledger.repaired:,} rows were mended"
        yield f"{rows}, the first on line {ledger.repairs[0].line}: {ledger.repairs[0].detail}."
    if ledger.rejected:
        rows = "1 row was set aside" if ledger.rejected == 1 else f"{ledger.rejected:,} rows were set aside"
        yield f"{rows}; the report lists the first, and the rejects hold all."
