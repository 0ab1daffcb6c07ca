"""pandas' ``describe()``, told from a profile."""

from entrepot_core.profile import Profile

Description = dict[str, dict[str, int | float | str | bool | None]]
"""Column to the rows of ``describe()``: ``count``, ``mean``, ``std``, ``min``, ``25%``, ``50%``, ``75%``, ``max``."""


def describe(profile: Profile, *, include_all: bool) -> Description:
    """Answer what pandas' ``describe()`` says of what pandas' own reader makes of the file."""
    raise NotImplementedError
