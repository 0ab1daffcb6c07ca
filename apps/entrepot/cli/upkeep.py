"""What a person should know of a dataset that is shown: who fetches its source again, and when nobody does any more."""

import shlex

from entrepot.cli.documents import interval_text
from entrepot.cli.output import say
from entrepot.cli.session import Session
from entrepot.library.incoming import is_url
from entrepot_core.errors import DatasetNotFound
from entrepot_core.job import Job
from entrepot_core.names import DatasetRef
from entrepot_core.views import DatasetView


def every_before(session: Session, ref: DatasetRef) -> int | None:
    """After how many seconds a dataset's source is fetched again as of now; none where it is not, or is not there."""
    try:
        refresh = session.operations.get_dataset(ref).refresh
    except DatasetNotFound:
        return None
    return None if refresh is None else refresh.every


def tell_who_fetches(session: Session, view: DatasetView) -> None:
    """That a server has to run, where a dataset of a folder was said to be fetched again now and then."""
    if view.refresh is None or view.refresh.every is None or session.settings.is_remote:
        return
    store = [] if session.store is None else ["--store", session.store]
    serve = shlex.join(["entrepot", "serve", *store])
    say(f"{view.name}: its URL is fetched again only while a server runs on this store: {serve}")


def tell_what_ended(every: int | None, made: DatasetView | Job, name: str, file: str) -> None:
    """That a dataset's source is fetched no more, where something else took its place.

    Args:
        every: After how many seconds it was, before.
        made: What was made, or the job that makes it.
        name: The dataset's name.
        file: Where the new table came from.
    """
    if every is None:
        return
    goes_on = is_url(file) if isinstance(made, Job) else made.refresh is not None and made.refresh.every is not None
    if not goes_on:
        why = "a URL whose secrets are not kept" if is_url(file) else "no URL"
        say(f"{name}: it was fetched again every {interval_text(every)}; that ends, as its table comes from {why} now.")


def tell_of_columns(view: DatasetView) -> None:
    """That a dataset is published without images, and how to say where they are."""
    if view.published and not view.images:
        say(f"{view.name}: no column looks like images. Say which holds them: entrepot edit {view.name} --image COLUMN")
