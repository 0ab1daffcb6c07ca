"""What would clash with what is stored."""

from typing import ClassVar

from attrs import define

from entrepot_core.errors.tree import Conflict


@define(slots=False)
class NameTaken(Conflict):
    """Another dataset has this name already.

    >>> print(NameTaken(name="cars"))
    There is a dataset named 'cars' already. Choose another name, or replace that one.
    """

    name: str
    code: ClassVar[str] = "name_taken"

    def __str__(self) -> str:
        return f"There is a dataset named {self.name!r} already. Choose another name, or replace that one."


@define(slots=False)
class Stale(Conflict):
    """The dataset changed since the caller last read it.

    >>> print(Stale(ref="cars"))
    Dataset 'cars' has changed since you read it. Read it again, then repeat the change.
    """

    ref: str
    code: ClassVar[str] = "stale"

    def __str__(self) -> str:
        return f"Dataset {self.ref!r} has changed since you read it. Read it again, then repeat the change."
