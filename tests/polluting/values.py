"""Values written in other ways than a program would."""

from collections.abc import Callable, Iterator
from datetime import date

from tests.polluting.clean import CLEAN, Table, Value, joined, lines_of
from tests.polluting.damage import Damage

_BARE = CLEAN.without("comment")


def values() -> Iterator[Damage]:
    """Numbers, dates and nulls as people and spreadsheets write them, and codes that are no numbers."""
    large = _BARE.changed("id", lambda _, number: 1_234_567 + 1000 * number)
    yield Damage("thousands separators", "`1,234,567`", _written(large, "id", lambda value: f"{value:,}"), large)
    comma = _written(_BARE, "score", lambda value: "" if value is None else str(value).replace(".", ","), ";")
    yield Damage("decimal commas", "`3,25`, with semicolons between cells", comma, _BARE)
    thousands = _BARE.changed("id", lambda _, number: 2 if number == 1 else 1_234 + 1000 * number)
    both = thousands.changed("id", lambda value, _: f"{value:,}".replace(",", ".")).changed(
        "score", lambda value, _: "" if value is None else str(value).replace(".", ",")
    )
    yield Damage(
        "points between thousands", "`1.234` beside `3,25`", joined(lines_of(both, ";")).encode(), thousands,
        says=["points between thousands"],
    )  # fmt: skip
    yield Damage("dates, day first", "`31/01/2021`", _written(_BARE, "joined", lambda day: f"{day:%d/%m/%Y}"), _BARE)
    mixed = _written(_BARE, "joined", lambda day: f"{day:%d.%m.%Y}" if _is_even(day) else str(day))
    yield Damage("dates in two ways", "`31.01.2021` and `2021-01-31` in one column", mixed, _BARE)
    token = _written(_BARE, "score", lambda value: "N/A" if value is None else str(value))
    yield Damage("null tokens", "`N/A` among numbers", token, _BARE, says=["'N/A'"])
    codes = _BARE.changed("id", lambda value, _: f"00{value}")
    yield Damage("leading zeros", "codes such as `00101`", joined(lines_of(codes)).encode(), codes)
    phones = _BARE.changed("city", lambda _, number: f"+47 22 {number:02} {number:02} 10")
    yield Damage("phone numbers", "`+47 22 05 05 10`", joined(lines_of(phones)).encode(), phones)


def _is_even(day: Value) -> bool:
    return isinstance(day, date) and day.toordinal() % 2 == 0


def _written(table: Table, column: str, write: Callable[[Value], str], delimiter: str = ",") -> bytes:
    return joined(lines_of(table.changed(column, lambda value, _: write(value)), delimiter)).encode()
