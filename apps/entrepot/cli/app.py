"""The program ``entrepot``: its commands, and what is the same for all of them.

Commands are named by import paths, so that ``--help`` and ``--version`` import none of them.
"""

from collections.abc import Sequence
from typing import Annotated

from cyclopts import App, Group, Parameter

from entrepot.cli.session import STDIN, Session
from entrepot.cli.table import ALIASES, COMMANDS, FAMILIES

HELP = """Land files as typed datasets; get statistics, histograms, Excel and Parquet out.

Try it on a sample: entrepot demo
"""

VALUED = frozenset({"-o", "--output", "--null", "--delimiter", "--quote", "--title", "--description"})
"""Options whose value may be a lone hyphen; elsewhere that is the standard input."""


_HELP = frozenset({"--help", "-h"})


def _is_worth_telling(default: object) -> str | None:
    return str(default) if isinstance(default, int) and default is not False else None


def _version() -> str:
    from importlib.metadata import version

    return version("entrepot")


EVERYWHERE = Group("Everywhere", sort_key=len(COMMANDS) + 1)

app = App(
    name="entrepot",
    help=HELP,
    help_format="plaintext",
    version=_version,
    suppress_keyboard_interrupt=False,
    default_parameter=Parameter(show_default=_is_worth_telling),
)
app["--help"].group = app["--version"].group = EVERYWHERE
app.command(
    "entrepot.cli.commands.completing:install_completion",
    name="--install-completion",
    help="Set up your shell to complete commands and options.",
    help_epilogue="Example:\n  entrepot --install-completion\n",
    group=EVERYWHERE,
)


def _family(name: str, group: Group) -> App:
    """What a command is registered with: the program, or the family that its first word names."""
    first, _, more = name.partition(" ")
    if not more:
        return app
    if first not in app:
        app.command(App(name=first, help=FAMILIES[first], group=group))
    return app[first]


for _place, (_title, _commands) in enumerate(COMMANDS.items()):
    _group = Group(_title, sort_key=_place)
    for _name, (_path, _help, _example) in _commands.items():
        _family(_name, _group).command(
            f"entrepot.cli.commands.{_path}",
            name=_name.rpartition(" ")[2],
            alias=ALIASES.get(_name),
            help=_help,
            help_epilogue=f"Example:\n  {_example.replace(chr(10), chr(10) + '  ')}\n",
            group=_group if " " not in _name else None,
        )


@app.meta.default
def launch(
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    store: Annotated[str | None, Parameter(group=EVERYWHERE)] = None,
    json: Annotated[bool, Parameter(group=EVERYWHERE, negative=())] = False,
    debug: Annotated[bool, Parameter(group=EVERYWHERE, negative=())] = False,
) -> int:
    """Run one command.

    Args:
        tokens: The command and its words.
        store: A folder or a server's URL [env var: ENTREPOT_STORE]
        json: Print JSON, for machines.
        debug: Show where an error came from.
    """
    command, bound, ignored = app.parse_args(tokens, exit_on_error=False, print_error=False)
    if "session" not in ignored:
        command(*bound.args, **bound.kwargs)
        return 0
    with Session(store=store, json=json, debug=debug) as session:
        status: int | None = command(*bound.args, **bound.kwargs, session=session)
        return status or 0


def run(words: Sequence[str]) -> int:
    """Run the command line and answer its exit status; whatever goes wrong is told on the standard error."""
    try:
        status: int | None = app.meta(
            _spelled_out(words), exit_on_error=False, print_error=False, result_action="return_value"
        )
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # rich ends the program with 1 then
            from entrepot.cli.failing import PIPE_CLOSED

            return PIPE_CLOSED
        return stop.code if isinstance(stop.code, int) else 1
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last place that can tell a person
        from entrepot.cli.failing import tell

        return tell(error, words=words, debug="--debug" in words)
    return status or 0


def _spelled_out(words: Sequence[str]) -> list[str]:
    """The words with the standard input by its full name, since a lone hyphen looks like an option.

    There is no help for an unknown command: cyclopts would give that for all of them, and call it a success.
    """
    if words and not words[0].startswith("-") and words[0] not in app:
        words = [word for word in words if word not in _HELP]
    before = ["", *words]
    return [STDIN if word == "-" and before[at] not in VALUED else word for at, word in enumerate(words)]
