"""What was asked for is not there."""

from typing import ClassVar

from entrepot_core.errors.tree import NotFound


class DatasetNotFound(NotFound):
    """No dataset has this id or name.

    >>> print(DatasetNotFound(ref="cars"))
    There is no dataset 'cars'. List the datasets to see their names.
    """

    ref: str
    code: ClassVar[str] = "dataset_not_found"

    def __str__(self) -> str:
        return f"There is no dataset {self.ref!r}. List the datasets to see their names."


class VersionNotFound(NotFound):
    """The dataset has no version of this number.

    >>> print(VersionNotFound(ref="cars", version=3, latest=2))
    Dataset 'cars' has no version 3; its latest is 2.
    >>> print(VersionNotFound(ref="cars", version=1, latest=2))
    Dataset 'cars' has no version 1 any more; its latest is 2, and older ones are forgotten (ENTREPOT_KEEP_VERSIONS).
    """

    ref: str
    version: int
    latest: int
    code: ClassVar[str] = "version_not_found"

    def __str__(self) -> str:
        told = f"Dataset {self.ref!r} has no version {self.version}"
        if not 0 < self.version < self.latest:
            return f"{told}; its latest is {self.latest}."
        return f"{told} any more; its latest is {self.latest}, and older ones are forgotten (ENTREPOT_KEEP_VERSIONS)."


class NoOriginal(NotFound):
    """The version was not made from a file, so there is no original to give back.

    >>> print(NoOriginal(ref="cars", version=2))
    Version 2 of 'cars' has no file: a table or an edit made it. Take an older one, or export it and read that.
    """

    ref: str
    version: int
    code: ClassVar[str] = "no_original"

    def __str__(self) -> str:
        made = f"Version {self.version} of {self.ref!r} has no file: a table or an edit made it."
        return f"{made} Take an older one, or export it and read that."


class NoRejects(NotFound):
    """The import of the version set no rows aside, so there are none to give.

    >>> print(NoRejects(ref="cars", version=2))
    No row of version 2 of 'cars' was set aside.
    """

    ref: str
    version: int
    code: ClassVar[str] = "no_rejects"

    def __str__(self) -> str:
        return f"No row of version {self.version} of {self.ref!r} was set aside."


class RowNotFound(NotFound):
    """The dataset has no row of this number.

    >>> print(RowNotFound(ref="cars", row=17))
    Dataset 'cars' has no row 17. It may have been removed; read the rows to see their numbers.
    """

    ref: str
    row: int
    code: ClassVar[str] = "row_not_found"

    def __str__(self) -> str:
        return (
            f"Dataset {self.ref!r} has no row {self.row}. It may have been removed; read the rows to see their numbers."
        )


class FileMissing(NotFound):
    """A file that was to be read is not there or can't be opened.

    >>> print(FileMissing(path="cars.csv", reason="there is no such file"))
    Can't read cars.csv: there is no such file.
    """

    path: str
    reason: str
    code: ClassVar[str] = "file_missing"

    def __str__(self) -> str:
        return f"Can't read {self.path}: {self.reason}."


class JobNotFound(NotFound):
    """No job has this id; those that ended long ago are forgotten.

    >>> print(JobNotFound(job="019aa5c0"))
    There is no job '019aa5c0'. List the jobs to see their ids.
    """

    job: str
    code: ClassVar[str] = "job_not_found"

    def __str__(self) -> str:
        return f"There is no job {self.job!r}. List the jobs to see their ids."
