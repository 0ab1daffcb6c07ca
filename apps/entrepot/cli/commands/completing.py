"""``--install-completion``."""

from typing import Literal

from cyclopts.completion.detect import ShellDetectionError

from entrepot.cli.app import app
from entrepot.cli.failing import Misused
from entrepot.cli.output import say


def install_completion(*, shell: Literal["bash", "zsh", "fish"] | None = None) -> None:
    """Set up your shell to complete commands and options.

    Args:
        shell: Which one; by default the one this runs in.
    """
    try:
        path = app.install_completion(shell=shell)
    except ShellDetectionError as error:
        raise Misused("Which shell is it? Say --shell bash, zsh or fish.") from error
    print(path)
    say("Completion works in the next shell you start.")
