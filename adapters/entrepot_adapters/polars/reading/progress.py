"""Tells how far the reading of a file has come."""

from threading import Lock

import polars as pl

from entrepot_core.dialect import Report, Stage, no_report


class Progress:
    """Reports rows that pass as bytes; may be told of from several threads."""

    def __init__(self, report: Report, size: int, rows: int, already: float = 0.0) -> None:
        """Begin.

        Args:
            report: What to tell.
            size: The bytes of the file.
            rows: How many rows it has.
            already: Which share of the file counts as done before the first row passes.
        """
        self._report = report
        self._size = size
        self._rows = max(int(rows), 1)  # counts of numpy go into no JSON
        self._already = already
        self._lock = Lock()
        self._furthest = 0

    def watched(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The frame, whose rows are reported as they pass; from the first again each time it is read."""
        if self._report is no_report:
            return frame
        seen = 0

        def watch(batch: pl.DataFrame) -> pl.DataFrame:
            nonlocal seen
            with self._lock:
                seen += batch.height
                done = self._already + (1 - self._already) * seen / self._rows
                self._tell(min(self._size, int(self._size * done)))
            return batch

        return frame.map_batches(watch, streamable=True, schema=frame.collect_schema())

    def _tell(self, done: int) -> None:
        if done > self._furthest:
            self._furthest = done
            self._report("import", done, self._size)


def onward(report: Report) -> Report:
    """A report that is not told of what it has been told before, as when a file is read again."""
    if report is no_report:
        return report
    furthest = 0

    def tell(stage: Stage, done: int, total: int | None) -> None:
        nonlocal furthest
        if done > furthest:
            furthest = done
            report(stage, done, total)

    return tell
