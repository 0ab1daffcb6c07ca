"""A column on its way from a file into a table."""

from collections.abc import Sequence

from attrs import evolve, field, frozen

from entrepot_adapters.polars.inference.candidates import plausible
from entrepot_adapters.polars.inference.readings import NOTHING, TEXT, Reading, Sense, stripped
from entrepot_adapters.polars.inference.tokens import NULL_TOKENS
from entrepot_core.errors import InvalidOption
from entrepot_core.schema import FieldType

_DATES = "day and month could be either way round"
_COMMAS = "commas could stand between thousands or before decimals"
_REASONS = {
    Sense.DAY_FIRST: _DATES,
    Sense.MONTH_FIRST: _DATES,
    Sense.THOUSANDS: _COMMAS,
    Sense.DECIMALS: _COMMAS,
    Sense.GROUPS: "digits stand in groups as in a number or a code, such as a telephone's,",
}

_OF_COMMAS = {Sense.THOUSANDS, Sense.DECIMALS}


@frozen(eq=False)
class Column:
    """A column and the ways it may be read.

    Attributes:
        name: Its name in the table.
        raw: Its name in the frame it is read from.
        candidates: The readings still possible, the preferred one first.
        among: All readings that are considered for this column.
        tokens: Texts that stand for null where the values are no text.
        asked: The type that the caller asked for.
        remark: What a person should know of how it is read, or why it stays text; what its name is the subject of.
    """

    name: str
    raw: str
    candidates: tuple[Reading, ...]
    among: tuple[Reading, ...] = field(default=(), repr=False)
    tokens: frozenset[str] = field(default=NULL_TOKENS, repr=False)
    asked: FieldType | None = None
    remark: str | None = None

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

    def seen(self, values: Sequence[str]) -> "Column":
        """The column with the readings that some of its values allow."""
        if not values:
            return self if self.candidates else evolve(self, candidates=(NOTHING,))
        return self._with(plausible(values, self.candidates or self.among))

    def belied(self, values: Sequence[str]) -> "Column":
        """The column without the reading that some values show to be wrong, and others that they rule out."""
        if self.reading is NOTHING:
            return evolve(self, candidates=self.among).seen(values)
        is_wrong = self.reading.is_stripped or all(value == value.strip(" \t") for value in values)
        return self._with(plausible(values, self.candidates[is_wrong:])).widened()

    def widened(self) -> "Column":
        """The column with candidates that pass over spaces around values."""
        return evolve(self, candidates=tuple(map(stripped, self.candidates))) if self.is_tested else self

    def chief(self) -> "Column":
        """The column with the candidates that have to be known to fit: the first, or those of another sense."""
        return evolve(self, candidates=(self.reading, *self.rivals))

    def without(self, readings: Sequence[Reading]) -> "Column":
        """The column without some candidates, of which the first is none."""
        return evolve(self, candidates=tuple(one for one in self.candidates if one not in readings))

    def narrowed(self, fitting: tuple[Reading, ...]) -> "Column":
        """The column with the readings that fit."""
        if fitting and fitting[0].leaves_text:
            return evolve(self, candidates=(TEXT,), remark=fitting[0].remark)
        return self._with(fitting)

    def _with(self, readings: tuple[Reading, ...]) -> "Column":
        """The column with some readings; with what there was where a type is asked for that none of them has."""
        if readings:
            return evolve(self, candidates=readings)
        return self if self.asked is not None else evolve(self, candidates=(TEXT,))

    def settled(self, point: str | None) -> "Column":
        """The column with one reading, known to fit all its values.

        Args:
            point: What stands before decimals in other columns; None if they don't tell.

        Raises:
            InvalidOption: A type was asked for, and there are two ways to read its values so.
        """
        if not self.is_undecided:
            return evolve(self, candidates=(self.reading.trusted(),), remark=self.reading.remark or self.remark)
        if self.reading.sense in _OF_COMMAS and point is not None:
            return self._with_point(point)
        reason = f"{_REASONS[self.reading.sense or Sense.GROUPS]} in its values"
        if self.asked is None:
            return evolve(self, candidates=(TEXT,), remark=f"stays text: {reason}.")
        raise InvalidOption(option="types", value=f"{self.name}: {self.asked}", reason=f"{reason}; read it as string")

    def _with_point(self, point: str) -> "Column":
        """The column with the reading that other columns speak for."""
        reading = next(reading for reading in self.candidates if reading.point == point)
        told = "between thousands" if point == "." else "before decimals"
        remark = f"was read as numbers with commas {told}, as other columns show; its own values don't."
        return evolve(self, candidates=(reading.trusted(),), remark=remark)
