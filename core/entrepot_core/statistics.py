"""Per-column statistics in the shape of the Hugging Face dataset viewer's ``/statistics``."""

import msgspec

from entrepot_core.profile import Profile


class Statistics(msgspec.Struct, frozen=True):
    """The statistics of all columns of a version.

    Attributes:
        num_examples: How many rows.
        statistics: One entry a column, in order.
        partial: Whether only some rows were counted; never so.
    """

    num_examples: int
    statistics: tuple[dict[str, object], ...]
    partial: bool = False


def statistics(profile: Profile) -> Statistics:
    """Show a profile as the dataset viewer does."""
    raise NotImplementedError
