"""``images``, ``image`` and ``collection``: what a dataset shows."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
from cyclopts import Parameter

from entrepot.cli.documents import print_begun, tell_left_out, tell_more
from entrepot.cli.failing import Misused
from entrepot.cli.output import Cell, deliver, print_json, print_table, say
from entrepot.cli.parameters import EVERYTHING, Output, Ref, Selected, Wait
from entrepot.cli.pictures import named, print_counts, print_images, tell_of_images
from entrepot.cli.session import STDIN, Given, Session, place_of
from entrepot.cli.values import cell_of, read_values
from entrepot.cli.waiting import check_wait, followed
from entrepot.library.pictures import uploads
from entrepot.library.progress import reporting
from entrepot.wording import counted
from entrepot_core.collection import ImageQuery, ImageState
from entrepot_core.image import ORIGINAL, RenditionFormat
from entrepot_core.names import DatasetRef

STDOUT = "-"


def images(  # noqa: PLR0913 - one parameter for each thing people say of images
    dataset: Ref,
    /,
    *,
    state: ImageState | None = None,
    limit: int = 20,
    offset: int = 0,
    retry: Annotated[bool, Parameter(negative=())] = False,
    wait: Wait = True,
    put: Annotated[list[str] | None, Parameter(negative=())] = None,
    column: str | None = None,
    session: Given,
) -> None:
    """List the images of a dataset: which are there, and what is wrong with the others; fetch or upload some.

    Args:
        state: Only those in this state: stored, failed or pending.
        limit: How many, at most 10,000.
        offset: How many to skip.
        retry: Fetch those that failed, or were not asked for yet.
        wait: Whether to wait for that; a server also does it while nobody waits, as a job.
        put: ROW=FILE, an image for the row of this number; repeatable. This makes the next version.
        column: The column it is for; by default the only one that holds images.
        session: The store and how to print.
    """
    ref = DatasetRef(dataset)
    if retry and put is not None:
        raise Misused("Give --retry or --put, not both.")
    if column is not None and put is None:
        raise Misused("--column is for --put.")
    if not wait and not retry:
        raise Misused("--no-wait is for --retry.")
    if retry:
        _retry(session, ref, wait=wait)
    elif put is not None:
        _put(session, ref, put, column)
    else:
        _list(session, ref, ImageQuery(state=state, limit=limit, offset=offset))


def _list(session: Session, ref: DatasetRef, query: ImageQuery) -> None:
    page = session.operations.list_images(ref, query)
    if session.json:
        print_json(page)
        return
    if page.items:
        left_out = print_images(page.items)
        if left_out:
            say(f"{left_out} column{'s' * (left_out != 1)} did not fit; see all with --json.")
    elif not page.columns:
        say(f"No column of {ref} is known to hold images. Say which does: entrepot edit {ref} --image COLUMN")
    else:
        say("No image fits.")
    if query.offset + len(page.items) < page.total:
        say(f"{len(page.items):,} of {page.total:,} images; see more with --limit and --offset.")
    if page.failed:
        say(f"{page.failed:,} failed; try them again: entrepot images {ref} --retry")
    if page.pending:
        say(f"{page.pending:,} have not been asked for yet; fetch them: entrepot images {ref} --retry")


def _retry(session: Session, ref: DatasetRef, *, wait: bool) -> None:
    check_wait(session, wait=wait)
    if not wait:
        print_begun(session.operations.begin_fetch_images(ref), as_json=session.json)
        return
    with reporting(ref, progress=True) as report:
        view = session.operations.fetch_images(ref, followed(report, session))
    tell_of_images(view)
    if session.json:
        print_json(view)
    else:
        print_counts(view)


def _put(session: Session, ref: DatasetRef, put: Sequence[str], column: str | None) -> None:
    pictures = dict(_picture(text) for text in put)
    if len(pictures) < len(put):
        raise Misused("--put: give each row once.")
    files = {row: place_of(STDIN if file == "-" else file) for row, file in pictures.items()}
    changed = session.operations.put_images(ref, list(uploads(files, column)))
    if session.json:
        print_json(changed)
        return
    print(f"{ref}\t{counted(len(changed.ids), 'row')} changed\tversion {changed.version}")


def _picture(text: str) -> tuple[int, str]:
    row, equals, file = text.partition("=")
    if not equals or not row.isdecimal() or not file:
        raise Misused(f"--put {text}: give a row's number and a file, as 377=photo.jpg.")
    return int(row), file


def image(
    image: Annotated[str, Parameter(help="Its digest, or the path or URL where it is.")],
    /,
    *,
    rendition: str | None = None,
    format: RenditionFormat | None = None,
    output: Output = None,
    session: Given,
) -> None:
    """Give an image by its digest, as it came or as a platform wishes it: by default to the standard output.

    Args:
        rendition: original, or a platform: web, mobile, or what the settings say; by default what a URL says, or
            original.
        format: webp or jpeg, where the rendition does not say; by default what a URL says, or webp.
        output: Where to; a folder takes it under a name of its own.
    """
    wished = named(image)
    found = session.operations.open_image(
        wished.digest, rendition or wished.rendition or ORIGINAL, format or wished.format or "webp"
    )
    deliver(found, output or STDOUT, as_json=session.json)


def collection(
    name: Annotated[str, Parameter(help="The dataset's name.")],
    platform: Annotated[str | None, Parameter(help="How images are wished; by default as originals.")] = None,
    /,
    *,
    item: Annotated[str | None, Parameter(name="--id", help="Only the item with this id.")] = None,
    selected: Selected = EVERYTHING,
    limit: int = 20,
    session: Given,
) -> None:
    """Show what a published dataset serves to web pages and apps: its items, with where their images are.

    Args:
        limit: How many, at most 10,000.
    """
    if item is not None:
        if selected != EVERYTHING:
            raise Misused("Give --id or a selection, not both.")
        _print_item(session.operations.get_item(name, item, platform).item, as_json=session.json)
        return
    page = session.operations.read_collection(name, selected.query(limit), platform)
    if session.json:
        print_json(page.items)
        return
    names = [one.name for one in page.columns]
    left_out = print_table(names, [[_cell(row[name]) for name in names] for row in page.items])
    if left_out and page.items:
        tell_left_out(left_out)
    tell_more(page, len(page.items), "item")


def _print_item(item: Mapping[str, msgspec.Raw], *, as_json: bool) -> None:
    if as_json:
        print_json(item)
    else:
        print_table(["column", "value"], [[name, _cell(value)] for name, value in item.items()])


def _cell(value: msgspec.Raw) -> Cell:
    return cell_of(read_values(value))
