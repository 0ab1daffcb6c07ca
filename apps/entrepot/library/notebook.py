"""How stores, datasets and rows show themselves in a notebook. All that comes from data is escaped."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from html import escape

import msgspec
from attrs import frozen

from entrepot.wording import shape_text
from entrepot_core.collection import ImageView
from entrepot_core.errors import EntrepotError
from entrepot_core.statistics import Statistics
from entrepot_core.views import DatasetPage, DatasetView, VersionView

_COLUMNS_SHOWN = 12
_LONGEST_CELL = 60
_NOTES_SHOWN = 5
_BAR_WIDTH, _HEIGHT, _MOST_BARS = 4, 16, 20
_JSON = msgspec.json.Encoder(decimal_format="number")

# Colours go by the page's own text colour, so that a card reads on dark and on light.
_STYLE = """<style scoped>
.entrepot{font:13px/1.5 system-ui,sans-serif;color:inherit;overflow-x:auto}
.entrepot h4{margin:0;font-size:15px}
.entrepot .about{opacity:.7}
.entrepot table{border-collapse:collapse;margin:.5em 0}
.entrepot th,.entrepot td{padding:.2em .8em;text-align:left;white-space:nowrap;font-variant-numeric:tabular-nums}
.entrepot thead th{border-bottom:1px solid currentColor;vertical-align:bottom}
.entrepot tbody tr+tr td{border-top:1px solid rgba(128,128,128,.25)}
.entrepot td.n,.entrepot th.n{text-align:right}
.entrepot .null,.entrepot .type{opacity:.5;font-weight:normal;font-size:11px}
.entrepot .notes{margin:.5em 0;padding-left:1.2em;opacity:.8}
.entrepot .beside{display:inline-block;vertical-align:top;margin-right:2em}
.entrepot td img{max-height:4em;max-width:8em;display:block}
.entrepot svg{vertical-align:-2px;margin-left:.5em;fill:currentColor;opacity:.55}
</style>"""

Row = Mapping[str, object]


@frozen
class _Picture:
    """A small picture in a cell: its data URI, and the text that names it."""

    uri: str
    text: str


def shown(show: Callable[[], str]) -> str:
    """What shows a thing, or in its place why it can't be shown: of an error a notebook prints all that led to it."""
    try:
        return show()
    except EntrepotError as error:
        return problem_html(error)


def problem_html(error: EntrepotError) -> str:
    """An error in the place of what it keeps from being shown."""
    return _card("", escape("\n".join([str(error), *getattr(error, "__notes__", ())])), "")


def dataset_html(
    document: DatasetView, statistics: Statistics, rows: Sequence[Row], pictures: Mapping[tuple[int, str], str]
) -> str:
    """A card: title, shape, the first rows, and a histogram beside each numeric column's name.

    Args:
        document: The dataset.
        statistics: Those of its columns.
        rows: The first rows.
        pictures: The data URIs of small pictures, by the number of the row and the column.
    """
    histograms = {str(entry["column_name"]): sparkline(entry) for entry in statistics.statistics}
    fields = document.schema.fields[:_COLUMNS_SHOWN]
    heads = [
        f"{_text(field.name)}{histograms.get(field.name, '')}<br><span class='type'>{field.type}</span>"
        for field in fields
    ]
    names = [field.name for field in fields]
    table = _table(names, heads, [_pictured(row, pictures) for row in rows])
    size = shape_text(document.rows, document.columns)
    about = [f"<code>{_text(document.name)}</code>", size, f"version {document.version}"]
    if document.file_name:
        about.append(_text(document.file_name))
    about.extend(f"#{_text(tag)}" for tag in document.tags)
    note = _more(document.columns - len(fields), "column")
    body = f"{_notes(document.import_report.warnings)}{table}{note}"
    return _card(document.title or document.name, " · ".join(about), body)


def _notes(notes: Sequence[str]) -> str:
    """What a person should know, the first few of it."""
    shown = "".join(f"<li><bdi>{escape(note)}</bdi></li>" for note in notes[:_NOTES_SHOWN])
    return f"<ul class='notes'>{shown}</ul>{_more(len(notes) - _NOTES_SHOWN, 'note')}" if notes else ""


def rows_html(columns: Sequence[str], rows: Sequence[Row], total: int | None, offset: int) -> str:
    """A page of rows as a table."""
    names = ["_id", *columns[:_COLUMNS_SHOWN]]
    place = f"Rows {offset + 1:,} to {offset + len(rows):,}" if rows else "No rows"
    about = place if total is None else f"{place} of {total:,}"
    note = _more(len(columns) - _COLUMNS_SHOWN, "column")
    return _card("", about, _table(names, [_text(name) for name in names], rows) + note)


def store_html(place: str, page: DatasetPage) -> str:
    """The newest datasets of a store as a table."""
    names = ["name", "title", "rows", "columns", "updated"]
    values = [(one.name, one.title, one.rows, one.columns, f"{one.updated_at:%Y-%m-%d %H:%M}") for one in page.items]
    rows = [dict(zip(names, row, strict=True)) for row in values]
    about = f"{page.total:,} dataset{'s' * (page.total != 1)} in <code>{_text(place)}</code>"
    return _card("", about, _table(names, names, rows) + _more(page.total - len(rows), "dataset"))


def images_html(counts: str, images: Sequence[tuple[ImageView, str | None]], total: int) -> str:
    """The images of cells as a table; each comes with its size in pixels."""
    names = ["row", "column", "text", "state", "pixels", "problem"]
    values = [(one.row, one.column, one.text, one.state, size, one.problem) for one, size in images]
    table = _table(names, names, [dict(zip(names, row, strict=True)) for row in values])
    return _card("", f"Images: {counts}", table + _more(total - len(images), "image"))


def facets_html(values: Mapping[str, Sequence[tuple[object, int]]], more: AbstractSet[str]) -> str:
    """The values of columns, one table beside the other."""
    tables: list[str] = []
    for column, found in values.items():
        rows: list[Row] = [{"value": value, "rows": count} for value, count in found]
        note = "<div class='about'>… and others</div>" if column in more else ""
        tables.append(f"<div class='beside'>{_table(['value', 'rows'], [_text(column), 'rows'], rows)}{note}</div>")
    return _card("", "The most frequent values", "".join(tables))


def versions_html(versions: Sequence[tuple[VersionView, str]]) -> str:
    """The versions of a dataset as a table; each comes with how it was made."""
    names = ["version", "created", "rows", "columns", "how"]
    values = [
        (one.version, f"{one.created_at:%Y-%m-%d %H:%M}", one.rows, one.columns, how_made) for one, how_made in versions
    ]
    return _card(
        "", "Versions, the newest first", _table(names, names, [dict(zip(names, row, strict=True)) for row in values])
    )


Change = tuple[int, Row | None, Row | None, Mapping[str, tuple[object, object]]]
"""A row that differs: its number, the row before and after, and which values changed."""


def differences_html(about: Sequence[str], changes: Sequence[Change], left: int) -> str:
    """How two versions differ: a line for each value that changed, and for each row that was added or removed."""
    names = ["_id", "column", "before", "after"]
    rows = [row for change in changes for row in _changed(*change)]
    table = _table(names, names, rows) if rows else ""
    return _card("", " · ".join(map(_text, about)), table + _more(left, "row"))


def _changed(
    row_id: int, before: Row | None, after: Row | None, changed: Mapping[str, tuple[object, object]]
) -> Iterator[Row]:
    if before is None or after is None:
        kind = "(added)" if before is None else "(removed)"
        yield {"_id": row_id, "column": kind, "before": _summary(before), "after": _summary(after)}
    for column, (old, new) in changed.items():
        yield {"_id": row_id, "column": column, "before": old, "after": new}


def _summary(row: Row | None) -> str:
    """A row in brief: its values but nulls."""
    values = {} if row is None else {name: value for name, value in row.items() if name != "_id" and value is not None}
    return ", ".join(f"{name}={_told(value)}" for name, value in values.items())


def sparkline(entry: Mapping[str, object]) -> str:
    """A column's histogram as a tiny SVG; empty where it is not numeric or has none."""
    details = entry.get("column_statistics")
    if entry.get("column_type") not in {"int", "float"} or not isinstance(details, Mapping):
        return ""
    histogram = details.get("histogram")
    counts = histogram.get("hist") if isinstance(histogram, Mapping) else None
    if not isinstance(counts, Sequence) or not counts or not max(counts):
        return ""
    merged = _merged([int(count) for count in counts])
    most = max(merged)
    bars = "".join(
        f"<rect x='{place * _BAR_WIDTH}' y='{_HEIGHT - height:.1f}' width='{_BAR_WIDTH - 1}' height='{height:.1f}'/>"
        for place, count in enumerate(merged)
        if (height := max(1.0, count / most * _HEIGHT) if count else 0.0)
    )
    width = len(merged) * _BAR_WIDTH
    return f"<svg role='img' aria-label='histogram' width='{width}' height='{_HEIGHT}'>{bars}</svg>"


def _merged(counts: list[int]) -> list[int]:
    """As many bars as fit: neighbours are added up."""
    step = -(-len(counts) // _MOST_BARS)
    return [sum(counts[place : place + step]) for place in range(0, len(counts), step)]


def _table(names: Sequence[str], heads: Sequence[str], rows: Sequence[Row]) -> str:
    numeric = {name for name in names if rows and all(_is_number(row.get(name)) for row in rows)}
    kinds = ["n" if name in numeric else "t" for name in names]
    head = "".join(f"<th class='{kind}'>{text}</th>" for kind, text in zip(kinds, heads, strict=True))
    columns = list(zip(kinds, names, strict=True))
    lines = ["".join(f"<td class='{kind}'>{_cell(row.get(name))}</td>" for kind, name in columns) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool))


def _pictured(row: Row, pictures: Mapping[tuple[int, str], str]) -> Row:
    """A row with its small pictures in the place of what names them."""
    found = {
        column: _Picture(uri, str(row[column])) for (number, column), uri in pictures.items() if row["_id"] == number
    }
    return {**row, **found}


def _cell(value: object) -> str:
    if isinstance(value, _Picture):
        return f"<img src='{escape(value.uri)}' alt='{escape(value.text)}'>"
    return "<span class='null'>null</span>" if value is None else _text(_told(value))


def _told(value: object) -> str:
    """A value as text: decimals with all their digits, lists and objects as JSON."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return _JSON.encode(value).decode() if isinstance(value, list | dict) else str(value)


def _text(text: str) -> str:
    """Text of any origin, shortened, on its own as to writing direction."""
    short = text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"
    return f"<bdi>{escape(short)}</bdi>"


def _more(number: int, what: str) -> str:
    """What is there but not shown."""
    return f"<div class='about'>… and {number:,} more {what}{'s' * (number > 1)}</div>" if number > 0 else ""


def _card(title: str, about: str, body: str) -> str:
    head = f"<h4>{_text(title)}</h4>" if title else ""
    return f"<div class='entrepot'>{_STYLE}{head}<div class='about'>{about}</div>{body}</div>"
