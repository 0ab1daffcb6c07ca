"""What a search finds."""

from attrs import frozen

from entrepot.library.dataset import Dataset


@frozen(repr=False)
class Finding:
    """A dataset that a text was found in.

    >>> found = store.search("price")[0]
    >>> found.dataset, found.columns
    (<Dataset 'cars': 6 rows × 4 columns, version 1>, ('price',))

    Attributes:
        dataset: The dataset, at its newest version.
        columns: The columns whose names have the text.
    """

    dataset: Dataset
    columns: tuple[str, ...]

    def __repr__(self) -> str:
        columns = f": column{'s' * (len(self.columns) > 1)} {', '.join(self.columns)}" if self.columns else ""
        return f"<Finding {self.dataset.name!r}{columns}>"
