"""Tables to measure with, the same on every run: CSV files of some kinds, as large as asked for."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

SEED = 7
CHUNK = 250_000

Columns = dict[str, Any]


def generate(file: str, rows: str, kind: str = "mixed") -> None:
    """Write a table.

    Args:
        file: Where to.
        rows: How many rows it is to have.
        kind: Of what; one of ``KINDS``.
    """
    import numpy as np

    make = Maker(np.random.default_rng(SEED))
    with Path(file).open("wb") as out:
        for start in range(0, int(rows), CHUNK):
            make.count = min(CHUNK, int(rows) - start)
            make.start = start
            make.frame(KINDS[kind](make)).write_csv(out, include_header=start == 0)


class Maker:
    """Makes columns of random values, some of them missing."""

    def __init__(self, random) -> None:  # noqa: ANN001 - numpy's, which is imported late
        """Begin."""
        self.random = random
        self.count = self.start = 0

    def frame(self, columns: Mapping[str, Any]):  # noqa: ANN201 - polars', which is imported late
        """A table."""
        import polars as pl

        return pl.DataFrame(columns)

    def some(self, values, share=0.0):  # noqa: ANN001, ANN201 - likewise
        """Values of which a share is missing."""
        import polars as pl

        series = pl.Series(values)
        if not share:
            return series
        return pl.select(pl.when(pl.Series(self.random.random(self.count) >= share)).then(series)).to_series()

    def integers(self, low, high):  # noqa: ANN001, ANN201 - likewise
        """Whole numbers from ``low`` to one below ``high``."""
        return self.random.integers(low, high, self.count)

    def days(self, share=0.0):  # noqa: ANN001, ANN201 - likewise
        """Dates of ten years."""
        import polars as pl

        return self.some(self._moments(3650, "D"), share).cast(pl.Date)

    def times(self, share=0.0):  # noqa: ANN001, ANN201 - likewise
        """Dates of ten years with the time, to the second."""
        return self.some(self._moments(315_360_000, "s"), share).dt.strftime("%Y-%m-%d %H:%M:%S")

    def _moments(self, most, unit):  # noqa: ANN001, ANN202 - likewise
        import numpy as np

        past = self.integers(0, most).astype(f"timedelta64[{unit}]").astype("timedelta64[us]")
        return np.datetime64("2015-01-01", "us") + past

    def words(self, *words: str):  # noqa: ANN201 - likewise
        """Some words over and over."""
        return [words[number] for number in self.integers(0, len(words))]


def mixed(make: Maker) -> Columns:
    """A bit of everything: 20 columns, 259 MB for a million rows."""
    random, count, some = make.random, make.count, make.some
    columns: Columns = {
        f"int_{n}": some(make.integers(-(10 ** (3 * n + 3)), 10 ** (3 * n + 3)), 0.02 * n) for n in range(3)
    }
    columns |= {f"float_{n}": some(random.normal(0, 10**n, count), 0.03 * n) for n in range(5)}
    columns["price"] = random.gamma(2, 30, count).round(2)
    for n in range(2):
        columns[f"date_{n}"] = make.days(0.1 * n)
        columns[f"at_{n}"] = make.times(0.1 * n)
        columns[f"flag_{n}"] = some(random.random(count) < 0.3, 0.05 * n)
    columns["city"] = some([f"city {n}" for n in make.integers(0, 50)], 0.05)
    columns["category"] = [f"cat_{n}" for n in make.integers(0, 400)]
    columns["user"] = [f"user-{n:x}" for n in make.integers(0, 2**60)]
    columns["note"] = [f'note {n:x}, see "{n % 99}"' for n in make.integers(0, 2**30)]
    columns["code"] = [f"{n:06d}" for n in make.integers(0, 10**6)]
    return columns


def orders(make: Maker) -> Columns:
    """What a shop keeps: 20 columns, 163 MB for a million rows; remarks, of which most are missing, come last."""
    random, count, some = make.random, make.count, make.some
    return {
        "id": range(make.start + 1, make.start + count + 1),
        "created_at": make.times(),
        "shipped_on": make.days(0.2),
        "customer": make.integers(0, 200_000),
        "email": [f"user{n}@example.org" for n in make.integers(0, 200_000)],
        "country": make.words("DE", "FR", "US", "PL", "JP", "BR"),
        "city": [f"City {n}" for n in make.integers(0, 400)],
        "sku": [f"SKU-{n:06d}" for n in make.integers(0, 20_000)],
        "quantity": make.integers(1, 20),
        "price": random.gamma(2, 30, count).round(2),
        "discount": some((random.random(count) * 0.3).round(2), 0.5),
        "total": random.gamma(3, 60, count).round(2),
        "weight": some(random.gamma(2, 2, count).round(3), 0.05),
        "latitude": random.uniform(-60, 70, count).round(6),
        "longitude": random.uniform(-180, 180, count).round(6),
        "gift": random.random(count) < 0.1,
        "rating": some(make.integers(1, 6), 0.6),
        "status": make.words("new", "paid", "sent", "returned"),
        "payment": make.words("card", "invoice", "wallet"),
        "remark": some([f'Please ring {n}, "{n % 9}" floor' for n in make.integers(0, 10**6)], 0.7),
    }


def numbers(make: Maker) -> Columns:
    """What sensors send: 10 columns of whole numbers and 10 of others, 134 MB for a million rows."""
    whole = {f"int_{n}": make.some(make.integers(-(10 ** (n % 8 + 2)), 10 ** (n % 8 + 2)), 0.01 * n) for n in range(10)}
    others = {
        f"float_{n}": make.some(make.random.normal(0, 100, make.count).round(n % 5 + 1), 0.01 * n) for n in range(10)
    }
    return {**whole, **others}


def texts(make: Maker) -> Columns:
    """12 columns of texts, some often the same and some all different, 186 MB for a million rows."""
    words = {f"word_{n}": [f"word {m}" for m in make.integers(0, 10 ** (n + 1))] for n in range(6)}
    lines = {f"line_{n}": [f"text {m:x} and {m % 999}" for m in make.integers(0, 10**9)] for n in range(6)}
    return {**words, **lines}


KINDS: dict[str, Callable[[Maker], Columns]] = {"mixed": mixed, "orders": orders, "numbers": numbers, "texts": texts}
