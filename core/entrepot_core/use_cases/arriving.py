"""Files on their way in, as scratch files."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from attrs import frozen

from entrepot_core.dialect import Report
from entrepot_core.ports.blobs import Staged
from entrepot_core.ports.driven import Driven
from entrepot_core.ports.operations import Source
from entrepot_core.source import Label, Link
from entrepot_core.validators import NO_VALIDATORS, Validators


@frozen
class Arrival:
    """A file that has come whole.

    Attributes:
        staged: Its bytes.
        label: What is said of them: by the caller, else by the source they were fetched from.
        source_url: Where they were fetched from, without its secrets.
        validators: What that source said of them.
        has_secret: Whether the URL had a password, token or signature.
        is_again: Whether it is the dataset's own source, fetched again, of which nobody knows what it gives now.
    """

    staged: Staged
    label: Label
    source_url: str | None = None
    validators: Validators = NO_VALIDATORS
    has_secret: bool = False
    is_again: bool = False


@contextmanager
def arrived(driven: Driven, source: Source, report: Report) -> Generator[Arrival]:
    """Have a file in a scratch file for as long as this lasts: fetched, taken in, or staged before.

    Raises:
        Refused: What ``Fetcher.fetch`` raises of a URL.
        DiskFull: There is no room for it.
    """
    content = source.content
    if isinstance(content, Link):
        with driven.blobs.stage() as staged:
            fetched = driven.fetcher.fetch(content, staged, report)
            label = source.label.over(fetched.label)
            yield Arrival(staged, label, content.shown, fetched.validators, content.has_secret)
    elif isinstance(content, Iterable):
        with driven.blobs.stage() as staged:
            for chunk in content:
                staged.write(chunk)
                report("upload", staged.size, source.size)
            yield Arrival(staged, source.label)
    else:
        yield Arrival(content, source.label)
