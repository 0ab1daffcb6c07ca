"""A column on its way from a file into a table."""

from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from entrepot_adapters.polars.inference.candidates import plausible
from entrepot_adapters.polars.inference.readings import NOTHING, TEXT, Reading, Sense, stripped
from entrepot_adapters.polars.inference.tokens import NULL_TOKENS
from entrepot_core.errors import InvalidOption
from entrepot_core.schema import FieldType

_DATES = "day and month could be either way round"
_COMMAS = "commas or points could stand between thousands or before decimals"
_REASONS = {
    Sense.DAY_FIRST: _DATES,
    Sense.MONTH_FIRST: _DATES,
    Sense.THOUSANDS: _COMMAS,
    Sense.DECIMALS: _COMMAS,
    Sense.GROUPS: "digits stand in groups as in a number or a code, such as a telephone's,",
    Sense.SIGN: "a plus could be a sign or a part of a code, such as a country's for telephones,",
}

_OF_COMMAS = {Sense.THOUSANDS, Sense.DECIMALS}
_OF_DATES = {Sense.DAY_FIRST, Sense.MONTH_FIRST}
_SAY = {
    **dict.fromkeys(_OF_DATES, "say which comes first (option date_order)"),
    **dict.fromkeys(_OF_COMMAS, "say what stands before decimals (option decimal)"),
    Sense.SIGN: "ask for a number if it is a sign (option types)",
    Sense.GROUPS: "ask for an integer if they are numbers (option types)",
}
_SHORT_YEARS = {"11/11/11", "11-11-11", "11/11/11 11:11", "11-11-11 11:11"}
_YEARS = "day, month and year could stand in several orders"
_SAY_YEARS = "say whether the day or the month comes first, wherever the year stands (option date_order)"


class Column(msgspec.Struct, frozen=True, eq=False):
    """A column and the ways it may be read.

    Attributes:
        name: Its name in the table.
        raw: Its name in the frame it is read from.
        candidates: The readings still possible, the preferred one first.
        among: All readings that are considered for this column.
        tokens: Texts that stand for null where the values are no text.
        asked: The type that the caller asked for.
        remark: What a person should know of how it is read, or why it stays text; what its name is the subject of.
        date_order: The sense in which the caller wants dates to be read that could be either way round.
        decimal: What stands before decimals in numbers that could be meant either way, as the caller says.
        sets_aside: Whether a few rows whose values are not of a type that is asked for are set aside.
    """

    name: str
    raw: str
    candidates: tuple[Reading, ...]
    among: tuple[Reading, ...] = ()
    tokens: frozenset[str] = NULL_TOKENS
    asked: FieldType | None = None
    remark: str | None = None
    date_order: Sense | None = None
    decimal: str | None = None
    sets_aside: bool = False

    @property
    def reading(self) -> Reading:
        """The reading to try next."""
        return self.candidates[0]

    @property
    def is_tested(self) -> bool:
        """Whether its readings depend on its values."""
        return not self.reading.is_lossless and self.reading is not NOTHING

    @property
    def is_undecided(self) -> bool:
        """Whether its values could be taken in two senses, as far as they are known."""
        return bool(self.rivals)

    @property
    def rivals(self) -> tuple[Reading, ...]:
        """The readings that take its values in another sense than the one to try next."""
        sense = self.reading.sense
        return tuple(reading for reading in self.candidates if sense and reading.sense is sense.rival)

    @property
    def shows_decimal(self) -> bool:
        """Whether a comma in its values shows what stands before decimals."""
        return self.reading.sense in _OF_COMMAS or self.reading.point == ","

    def is_against_order(self, reading: Reading) -> bool:
        """Whether a reading takes dates the other way round than the caller wants."""
        return self.date_order is not None and reading.sense is self.date_order.rival

    @property
    def remarks(self) -> Iterator[str]:
        """All that a person should know of how it is read."""
        remark = self.remark or self.reading.remark
        if remark is not None:
            yield remark
        sense = self.reading.sense
        if sense is not None and self.is_against_order(self.reading):
            other = "the option date_order, or the version before, says otherwise"
            yield f"was read with the {sense.value}, as its values show, although {other}."

    def seen(self, values: Sequence[str]) -> "Column":
        """The column with the readings that some of its values allow."""
        if not values:
            return self if self.candidates else replace(self, candidates=(NOTHING,))
        return self._with(plausible(values, self.candidates or self.among))

    def belied(self, values: Sequence[str]) -> "Column":
        """The column without the reading that some values show to be wrong, and others that they rule out."""
        if self.reading is NOTHING:
            return replace(self, candidates=self.among).seen(values)
        is_wrong = self.reading.is_stripped or all(value == value.strip(" \t") for value in values)
        return self._with(plausible(values, self.candidates[is_wrong:])).widened()

    def widened(self) -> "Column":
        """The column with candidates that pass over spaces around values."""
        return replace(self, candidates=tuple(map(stripped, self.candidates))) if self.is_tested else self

    def chief(self) -> "Column":
        """The column with the candidates that have to be known to fit: the first, or those of another sense."""
        return replace(self, candidates=(self.reading, *self.rivals))

    def without(self, readings: Sequence[Reading]) -> "Column":
        """The column without some candidates, of which the first is none."""
        return replace(self, candidates=tuple(one for one in self.candidates if one not in readings))

    def narrowed(self, fitting: tuple[Reading, ...]) -> "Column":
        """The column with the readings that fit."""
        if fitting and fitting[0].leaves_text:
            return replace(self, candidates=(TEXT,), remark=fitting[0].remark)
        return self._with(fitting)

    def _with(self, readings: tuple[Reading, ...]) -> "Column":
        """The column with some readings; with what there was where a type is asked for that none of them has."""
        if readings:
            return replace(self, candidates=readings)
        return self if self.asked is not None else replace(self, candidates=(TEXT,))

    def settled(self, point: str | None) -> "Column":
        """The column with one reading, known to fit all its values.

        Args:
            point: What stands before decimals in other columns; None if they don't tell.

        Raises:
            InvalidOption: A type was asked for, and there are two ways to read its values so.
        """
        if not self.is_undecided:
            return replace(self, candidates=(self.reading.trusted(),), remark=self.reading.remark or self.remark)
        if self.reading.sense in _OF_COMMAS and (mark := point or self.decimal) is not None:
            return self._with_point(mark, "other columns show" if point else "was said or was so before")
        if self.reading.sense in _OF_DATES and self.date_order is not None:
            return self._in_order()
        return self._undecided()

    def _undecided(self) -> "Column":
        """The column as text, with the reason."""
        reason, say = self._doubt
        if self.asked is None:
            advice = f"; {say}" if say else ""
            return replace(self, candidates=(TEXT,), remark=f"stays text: {reason}{advice}.")
        advice = f"{say}, or read it as string" if say else "read it as string"
        raise InvalidOption(option="types", value=f"{self.name}: {self.asked}", reason=f"{reason}; {advice}")

    @property
    def _doubt(self) -> tuple[str, str | None]:
        """What its values could be, and what a caller can say of it."""
        sense = self.reading.sense or Sense.GROUPS
        is_of_years = any(map(self.reading.may_read, _SHORT_YEARS))
        reason, say = (_YEARS, _SAY_YEARS) if is_of_years else (_REASONS[sense], _SAY.get(sense))
        return f"{reason} in its values", say

    def _in_order(self) -> "Column":
        """The column of dates with the reading that the caller wants."""
        reading = next(one for one in self.candidates if one.sense is self.date_order)
        return replace(self, candidates=(reading.trusted(),), remark=reading.remark or self.remark)

    def _with_point(self, point: str, why: str) -> "Column":
        """The column with the reading that other columns speak for, or the caller."""
        reading = next(reading for reading in self.candidates if reading.point == point)
        marks = "commas between thousands, points" if point == "." else "points between thousands, commas"
        unit = f"; they are {reading.unit}" if reading.unit else ""
        remark = f"was read as numbers with {marks} before decimals, as {why}; its own values don't show it{unit}."
        return replace(self, candidates=(reading.trusted(),), remark=remark)
