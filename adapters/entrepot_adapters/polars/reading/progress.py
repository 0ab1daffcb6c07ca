"""Tells how far the reading of a file has come."""

from threading import Lock

import polars as pl

from entrepot_core.dialect import Report, no_report


class Progress:
    """Reports rows that pass as bytes; may be told of from several threads."""

    def __init__(self, report: Report, size: int, rows: int) -> None:
        self._report = report
        self._size = size
        self._rows = max(int(rows), 1)  # counts of numpy go into no JSON
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
                self._tell(min(self._size, self._size * seen // self._rows))
            return batch

        return frame.map_batches(watch, streamable=True, schema=frame.collect_schema())

    def _tell(self, done: int) -> None:
        if done > self._furthest:
            self._furthest = done
            self._report("import", done, self._size)
