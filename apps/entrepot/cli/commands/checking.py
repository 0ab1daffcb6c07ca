"""``check``, ``backup`` and ``db``: looking after a home."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter

from entrepot.backups import back_up
from entrepot.cli.documents import size_text
from entrepot.cli.failing import UNFORESEEN
from entrepot.cli.output import Cell, print_json, print_table, say
from entrepot.cli.session import Given
from entrepot.homes import find_home, inspect_catalogue, upgrade_catalogue
from entrepot.library.progress import reporting
from entrepot.wiring import open_home
from entrepot.wording import counted
from entrepot_core.errors import ReadOnlyStore
from entrepot_core.use_cases import checking
from entrepot_core.use_cases.checking import Checkup, Damage

_DAMAGED = """Versions that are named above can't be read in full. Restore their blobs from a backup of the store
(blobs/ab/ab… in its folder); or store a dataset's file again as a next version: entrepot replace DATASET FILE"""
_DAMAGED_IMAGES = """Images that are named above can't be shown. Restore their blobs from a backup of the store;
or set them aside (entrepot check --repair) and upload them again, or fetch their dataset: entrepot replace DATASET"""


def check(*, repair: Annotated[bool, Parameter(negative=())] = False, session: Given) -> int:
    """Compare all stored bytes with their digests, and look for what nobody needs.

    The status is 0 if all is well, else 1. A server may run on the store meanwhile.

    Args:
        repair: Remove what nobody needs, and set damaged bytes aside so that they can be stored again.
    """
    home = find_home(session.settings)
    with open_home(str(home), session.settings, tidy=False) as opened:
        if repair and opened.is_read_only:
            raise ReadOnlyStore
        with reporting("the store", progress=True) as report:
            found = checking.check(opened.driven, report)
        if repair:
            checking.repair(opened.driven, found)
    if session.json:
        print_json({**msgspec.to_builtins(found), "repaired": repair})
    else:
        _tell(found, repaired=repair)
    return UNFORESEEN if found.damages or not (found.is_tidy or repair) else 0


def backup(target: str, /, *, session: Given) -> int:
    """Copy a store into a folder, whole, as it is at one moment; others may use it meanwhile.

    The folder can be used as a store. A next backup into it copies only what is new.

    Args:
        target: An empty folder, one that is not there yet, or one that holds a backup of this store.
    """
    home = find_home(session.settings)
    with reporting("the store", progress=True) as report:
        made = back_up(home, Path(target), report)
    if session.json:
        print_json(made)
    else:
        now = f"{made.copied:,} of them copied now ({size_text(made.size)})"
        print(f"{made.target} holds {counted(made.datasets, 'dataset')} in {counted(made.blobs, 'file')}, {now}.")
    if made.missing:
        say(f"The store itself lacks {counted(len(made.missing), 'file')}: entrepot check tells where they belong.")
    return UNFORESEEN if made.missing else 0


def db(action: Literal["check", "upgrade"], /, *, session: Given) -> int:
    """Look at the database of a store (check), or bring it up to date (upgrade).

    Args:
        action: check or upgrade; every other command upgrades too, where that is needed.
    """
    home = find_home(session.settings)
    if action == "upgrade":
        upgrade_catalogue(home)
    state = inspect_catalogue(home)
    if session.json:
        print_json(state)
    else:
        print(f"revision {state.revision or 'none'}, the newest is {state.newest}")
        for fault in state.faults:
            print(fault)
    if state.faults:
        say("The database is damaged. Restore it from a backup.")
    elif not state.is_well:
        say("Bring it up to date: entrepot db upgrade")
    return 0 if state.is_well else UNFORESEEN


def _tell(found: Checkup, *, repaired: bool) -> None:
    rows = [*_rows(found)]
    if rows:
        print_table(["found", "what", "where"], rows)
    say(f"Checked {found.blobs:,} blobs, {size_text(found.size)}: {len(found.damages):,} missing or changed.")
    are_images = {use.role == "image" for damage in found.damages for use in damage.uses}
    for advice, of_images in ((_DAMAGED, False), (_DAMAGED_IMAGES, True)):
        if of_images in are_images:
            say(advice)
    if not found.is_tidy:
        say("What nobody needs was removed." if repaired else "Remove what nobody needs: entrepot check --repair")
    if repaired and any(damage.fault == "changed" for damage in found.damages):
        say("Changed blobs were moved to the store's folder damaged/.")


def _rows(found: Checkup) -> Iterator[list[Cell]]:
    for damage in found.damages:
        yield [damage.fault, damage.digest, _where(damage)]
    for orphan in found.orphans:
        yield ["needless", orphan.digest, f"nowhere ({size_text(orphan.size)})"]
    if found.processes:
        yield ["needless", "scratch files", f"of {found.processes} that died"]


def _where(damage: Damage) -> str:
    return ", ".join(
        "images" if use.dataset is None else f"{use.dataset} version {use.version} ({use.role})" for use in damage.uses
    )
