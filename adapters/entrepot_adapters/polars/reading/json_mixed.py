"""Tells which members of objects would be numbers or booleans but for a few values."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from entrepot_adapters.polars.inference.candidates import plausible
from entrepot_adapters.polars.inference.nearly import are_few, lost, remark
from entrepot_adapters.polars.inference.numbers import BOOLEAN, NUMBER
from entrepot_adapters.polars.inference.readings import TEXT, Reading

_KINDS: dict[type, Reading] = {int: NUMBER, float: NUMBER, bool: BOOLEAN, str: TEXT}


class Tally:
    """The kinds of the values of a member that holds several."""

    def __init__(self) -> None:
        self._counts: Counter[Reading] = Counter()
        self._firsts: dict[Reading, Any] = {}

    def add(self, values: Sequence[Any]) -> None:
        """Count some more values."""
        for type_, count in Counter(map(type, values)).items():
            if (kind := _KINDS.get(type_)) is not None:
                self._counts[kind] += count
                if kind not in self._firsts:
                    self._firsts[kind] = next(value for value in values if type(value) is type_)

    @property
    def remark(self) -> str | None:
        """Why its column stays text for the sake of a few values, and what can be done; None if it is of text."""
        (kind, most), *others = self._counts.most_common()
        if kind is TEXT or not others or not are_few(self._counts.total() - most, self._counts.total()):
            return None
        odd = self._firsts[others[0][0]]
        if not isinstance(odd, str):
            return f"stays text, as {json.dumps(odd)} is no {kind.type}; correct it in the file."
        if lost(odd, kind) is None and plausible([odd], (kind,)):
            return f"stays text, as {odd[:40]!r} stands in quotes; ask for the type {kind.type} to read it as one."
        return remark(odd, kind)
