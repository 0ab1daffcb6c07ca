"""Waiting for work, or not."""

from entrepot.cli.failing import Misused
from entrepot.cli.session import Session
from entrepot_core.dialect import Report, no_report


def check_wait(session: Session, *, wait: bool) -> None:
    """Insist on a server where nobody is to wait.

    Raises:
        Misused: The store is a folder.
    """
    if not wait and not session.settings.is_remote:
        raise Misused("--no-wait is for a server, named by --store: in a folder, the work would end with this program.")


def followed(report: Report, session: Session) -> Report:
    """A report by which a server's work is followed even where nobody looks, so that Ctrl-C cancels it."""
    if report is not no_report or not session.settings.is_remote:
        return report
    return lambda *_: None
