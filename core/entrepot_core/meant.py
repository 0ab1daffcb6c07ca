"""What may have been meant by a name that there is not."""

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of some names that is most like another, whatever its case; none where none is like it.

    >>> nearest("Prize", ["make", "price"])
    'price'
    """
    from difflib import get_close_matches  # seldom needed, and every command imports this module

    folded = {one.casefold(): one for one in reversed([*known])}
    near = get_close_matches(name.strip().casefold(), folded, n=1)
    return folded[near[0]] if near else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The sentence that asks so, with a space behind it; empty where nothing is like the name.

    >>> did_you_mean("prize", ["make", "price"])
    "Did you mean 'price'? "
    """
    found = nearest(name, known)
    return "" if found is None else f"Did you mean {found!r}? "
