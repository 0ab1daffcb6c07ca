"""Passes on how far an import has come, again and again."""

from entrepot_core.dialect import Report, Stage


class Telling:
    """Calls a report that may raise to stop the import, also while nothing is new.

    Args:
        report: What to call.
        size: How many bytes the file has.
    """

    def __init__(self, report: Report, size: int) -> None:
        self._report = report
        self._last: tuple[Stage, int, int | None] = ("import", 0, size)

    def tell(self, stage: Stage, done: int, total: int | None) -> None:
        """Pass something on."""
        self._last = (stage, done, total)
        self.again()

    def again(self) -> None:
        """Repeat what was told last."""
        self._report(*self._last)
