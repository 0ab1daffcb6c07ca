"""Names for what is landed."""

from entrepot_core.errors import InvalidOption
from entrepot_core.names import DatasetName, parse_name, slug
from entrepot_core.source import Label


def new_name(given: str | None, label: Label, *, replace: bool) -> DatasetName | None:
    """The name to land a file under; none where the store is to choose a free one after the file's name.

    What replaces needs a name to find what it replaces: where none is given, it is the one the file's name makes.

    Raises:
        InvalidName: The given name can't be one.
        InvalidOption: There is nothing to tell what to replace.
    """
    if given is not None:
        return parse_name(given)
    if not replace:
        return None
    if not label.stem:
        raise InvalidOption(option="replace", value="true", reason="give the name of the dataset to replace")
    return slug(label.stem)
