"""``metadata``: the registry of what configures a platform's sources."""

import sys
from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from entrepot.cli.failing import Misused, tell_of
from entrepot.cli.output import Cell, print_json, print_table, say
from entrepot.cli.session import STDIN, Given
from entrepot.cli.text import one_line
from entrepot.library.registry import Registry
from entrepot_core.errors import EntrepotError, FileMissing, Unavailable
from entrepot_core.record import Record, RecordQuery, RecordRevision

RecordRef: TypeAlias = Annotated[str, Parameter(name="record", help="Its id.")]


def list_(*, name: str | None = None, source_name: str | None = None, limit: int = 20, session: Given) -> None:
    """List the records of the metadata registry, the oldest first.

    Args:
        name: Only those of this name.
        source_name: Only those whose payload has this sourceName.
        limit: The most, up to 10,000.
    """
    page = session.operations.list_records(RecordQuery(name=name, source_name=source_name, limit=limit))
    if session.json:
        print_json(page.items)
    elif page.items:
        rows = [[one.id, one.name, f"{one.registered_on:%Y-%m-%d %H:%M}", one.payload] for one in page.items]
        print_table(["id", "name", "registered", "payload"], rows)
        if page.total > len(page.items):
            say(f"{page.total - len(page.items):,} more; see --limit.")
    else:
        say("There are no records." if name is source_name is None else "No record fits.")


def show(record: RecordRef, /, *, history: Annotated[bool, Parameter(negative=())] = False, session: Given) -> None:
    """Show a record, or all that it ever was.

    Args:
        history: Show all that it ever was, the newest first.
    """
    if history:
        revisions = session.operations.get_record_history(record).items
        if session.json:
            print_json(revisions)
            return
        print_table(["revision", "since", "name", "payload"], [_revision(one) for one in revisions])
        return
    _print(session.operations.get_record(record), as_json=session.json)


def add(name: str, payload: str | None = None, /, *, file: str | None = None, session: Given) -> None:
    """Register a record: a name, and a payload that fits the store's schema.

    Args:
        name: What to call it.
        payload: JSON text.
        file: A file with the JSON text instead; - for the standard input.
    """
    given = _payload(payload, file)
    if given is None:
        raise Misused('Give PAYLOAD, as \'{"sourceName": "flights"}\', or --file.')
    record = Registry(session.operations).add(name, given)
    _print(record, as_json=session.json)


def update(
    record: RecordRef,
    payload: str | None = None,
    /,
    *,
    name: str | None = None,
    file: str | None = None,
    session: Given,
) -> None:
    """Give a record another payload, another name, or both; what is left out stays.

    Args:
        payload: JSON text.
        name: What to call it from now on.
        file: A file with the JSON text instead; - for the standard input.
    """
    changed = Registry(session.operations).update(record, name=name, payload=_payload(payload, file))
    _print(changed, as_json=session.json)


def remove(*records: str, session: Given) -> int:
    """Remove records with their histories.

    Args:
        records: Their ids.
    """
    statuses: list[int] = []
    for record in records:
        try:
            session.operations.remove_record(record)
        except Unavailable:
            raise
        except EntrepotError as error:
            statuses.append(tell_of(record, error, debug=session.debug))
        else:
            say(f"Removed record {record}.")
    return next(iter(statuses), 0)


def _revision(one: RecordRevision) -> list[Cell]:
    return [one.number, f"{one.changed_at:%Y-%m-%d %H:%M:%S}", one.name, one.payload]


def _payload(text: str | None, file: str | None) -> str | None:
    if file is None:
        return text
    if text is not None:
        raise Misused("Give PAYLOAD or --file, not both.")
    if file in {"-", STDIN}:
        return sys.stdin.read()
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror or str(error) if isinstance(error, OSError) else "it is no UTF-8 text"
        raise FileMissing(path=file, reason=reason) from error


def _print(record: Record, *, as_json: bool) -> None:
    if as_json:
        print_json(record)
        return
    registered = f"{record.registered_on:%Y-%m-%d %H:%M:%S} UTC"
    for name, value in {"id": record.id, "name": record.name, "registered": registered}.items():
        print(one_line(f"{name + ':':<12}{value}"))
    print(record.payload.rstrip())
