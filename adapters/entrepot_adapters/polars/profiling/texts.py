"""Statistics of texts and of binary."""

import base64
from collections.abc import Iterator
from functools import partial
from operator import itemgetter

import polars as pl

from entrepot_adapters.polars.columns import StoredColumn
from entrepot_adapters.polars.profiling.hashes import TextCount
from entrepot_adapters.polars.profiling.labels import Labels
from entrepot_adapters.polars.profiling.lengths import Lengths
from entrepot_core.profile import Distinct, FieldStatistics
from entrepot_core.schema import Field

MISSING_TEXTS = (
    *("", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN"),
    *("<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"),
)
"""What ``pandas.read_csv`` takes for missing, in columns of text too (its ``STR_NA_VALUES``)."""

_TRUTHS = {text: text.lower() == "true" for text in ("True", "TRUE", "true", "False", "FALSE", "false")}
"""What ``pandas.read_csv`` makes booleans of, where a column has nothing else that isn't missing."""

_MOST_LABELS = 1000
_MOST_LABELS_OF_ALL = 0.2
_LABELS_AT_LEAST = 10


def profile_texts(column: StoredColumn, field: Field, *, pandas_reads_text: bool) -> FieldStatistics:
    """Describe a column of texts.

    Texts are labels where at most 10 differ, or at most 1000 and a fifth of the rows, as in the Hugging Face dataset
    viewer; but not where these are longer than ``MOST_BYTES``.
    """
    ignored = MISSING_TEXTS if pandas_reads_text else ()
    labels, lengths = Labels(_MOST_LABELS), Lengths()
    scan = partial(_texts, column)
    hashed = TextCount(scan, pl.Series(ignored, dtype=pl.String), column.rows)
    count = 0
    for texts in scan():
        count += len(texts)
        lengths.add(texts.str.len_chars())
        were_few = labels.are_few
        if not labels.add(texts):
            if were_few:
                _hand_over(labels.counts(), hashed)
            hashed.add(texts)
    counts = labels.counts()
    return FieldStatistics(
        name=field.name,
        type=field.type,
        count=count,
        missing=column.rows - count,
        summary=lengths.summary(),
        distinct=_of_labels(counts, ignored) if labels.are_few else _of_hashes(hashed),
        histogram=lengths.histogram(),
        frequencies=_frequencies(counts, column.rows) if labels.are_few else None,
    )


def profile_binary(column: StoredColumn, field: Field) -> FieldStatistics:
    """Describe a column of bytes; the top ones are told in base64."""
    lengths, scan = Lengths(), partial(_present, column)
    hashed = TextCount(scan, pl.Series([], dtype=pl.Binary), column.rows)
    count = 0
    for values in scan():
        count += len(values)
        lengths.add(values.bin.size())
        hashed.add(values)
    return FieldStatistics(
        name=field.name,
        type=field.type,
        count=count,
        missing=column.rows - count,
        summary=lengths.summary(),
        distinct=_of_hashes(hashed),
        histogram=lengths.histogram(),
    )


def _present(column: StoredColumn) -> Iterator[pl.Series]:
    return (batch.drop_nulls() for batch in column.batches())


def _texts(column: StoredColumn) -> Iterator[pl.Series]:
    return (values if values.dtype == pl.String else values.cast(pl.String) for values in _present(column))


def _hand_over(counts: dict[str, int], hashed: TextCount) -> None:
    """Count on by hashes, from what was counted as labels."""
    if counts:
        hashed.add(pl.Series(list(counts), dtype=pl.String), list(counts.values()))


def _of_labels(counts: dict[str, int], ignored: tuple[str, ...]) -> Distinct:
    seen: dict[str, int] | dict[bool, int] = {text: count for text, count in counts.items() if text not in ignored}
    if ignored and seen and seen.keys() <= _TRUTHS.keys():
        truths = dict.fromkeys((_TRUTHS[str(text)] for text in seen), 0)
        for text, count in seen.items():
            truths[_TRUTHS[str(text)]] += count
        seen = truths
    # Of several the first, as it was seen first.
    top, freq = max(seen.items(), key=itemgetter(1), default=(None, None))
    return Distinct(count=sum(seen.values()), unique=len(seen), top=top, freq=freq)


def _of_hashes(hashed: TextCount) -> Distinct:
    result = hashed.result()
    top = hashed.first_top(result)
    text = base64.b64encode(top).decode() if isinstance(top, bytes) else top
    return Distinct(
        count=result.count,
        unique=result.unique,
        top=text if isinstance(text, str) else None,
        freq=result.freq if result.count else None,
    )


def _frequencies(counts: dict[str, int], rows: int) -> dict[str, int] | None:
    """The labels, the most frequent first; None where too many differ for the rows there are."""
    if len(counts) > _LABELS_AT_LEAST and len(counts) > _MOST_LABELS_OF_ALL * rows:
        return None
    return dict(sorted(counts.items(), key=itemgetter(1), reverse=True))
