"""The program ``entrepot``: its commands, and what is the same for all of them.

Commands are named by import paths, so that ``--help`` and ``--version`` import none of them.
"""

import sys
from collections.abc import Sequence
from typing import Annotated, NoReturn

from cyclopts import App, Group, Parameter

from entrepot.cli.session import STDIN, Session

HELP = """Land files as typed datasets; get statistics, histograms, Excel and Parquet out.

Try it on a sample: entrepot demo
"""

COMMANDS = {
    "Land": {
        "add": (
            "landing:add",
            "Land files as datasets: CSV, TSV, JSON, NDJSON, Parquet, Arrow or Excel, which is found by looking.",
            "entrepot add cars.csv --title Cars --type code=string\ncat cars.csv | entrepot add - --name cars",
        ),
        "replace": (
            "landing:replace",
            "Read a file into a dataset's next version; it is read as before, but for what is said here.",
            "entrepot replace cars cars-2025.csv",
        ),
        "demo": (
            "demo:demo",
            "See it work on a sample: statistics, a workbook and a PDF, the files in this folder.",
            "entrepot demo",
        ),
    },
    "Look": {
        "list": ("looking:list_", "List the datasets, the newest first.", "entrepot list --q car --sort name"),
        "show": (
            "looking:show",
            "Show a dataset: its columns, and how its file was read.",
            "entrepot show cars\nentrepot show cars --json | jq .rows",
        ),
        "stats": ("looking:stats", "Describe the numeric columns, as df.describe() does.", "entrepot stats cars --all"),
        "statistics": (
            "looking:statistics",
            "Show each column's statistics with a histogram.",
            "entrepot statistics cars",
        ),
        "rows": ("looking:rows", "Show some rows.", "entrepot rows cars --columns make,price --limit 5 --offset 100"),
    },
    "Take out": {
        "excel": (
            "taking:excel",
            "Write an Excel workbook: by default DATASET.xlsx, in this folder.",
            "entrepot excel cars -o used-cars.xlsx",
        ),
        "plot": (
            "taking:plot",
            "Draw the histograms of the numeric columns: by default into DATASET.pdf, in this folder.",
            "entrepot plot cars --columns price,mileage --bins 40 -o cars.svg",
        ),
        "export": (
            "taking:export",
            "Write the table in any format: by default as csv to the standard output.",
            "entrepot export cars -o cars.parquet\nentrepot export cars --format json --columns make,price | jq length",
        ),
        "file": (
            "taking:file",
            "Give back the file a dataset was made from, byte for byte: by default to the standard output.",
            "entrepot file cars -o .",
        ),
    },
    "Look after": {
        "edit": (
            "keeping:edit",
            "Change a dataset's name, title, description or tags.",
            'entrepot edit cars --title "Used cars" --tag sales --tag 2024',
        ),
        "remove": ("keeping:remove", "Remove datasets with all their versions.", "entrepot remove cars trucks"),
        "serve": (
            "serving:serve",
            "Serve a store over HTTP until Ctrl-C.",
            "entrepot serve --port 8000\nentrepot list --store http://127.0.0.1:8000",
        ),
    },
}
"""Group to command to where it is, what it does, and examples."""

ALIASES = {"list": "ls", "remove": "rm"}

VALUED = frozenset({"-o", "--output", "--null", "--delimiter", "--quote", "--title", "--description"})
"""Options whose value may be a lone hyphen; elsewhere that is the standard input."""


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
for _place, (_title, _commands) in enumerate(COMMANDS.items()):
    _group = Group(_title, sort_key=_place)
    for _name, (_path, _help, _example) in _commands.items():
        app.command(
            f"entrepot.cli.commands.{_path}",
            name=_name,
            alias=ALIASES.get(_name),
            help=_help,
            help_epilogue=f"Example:\n  {_example.replace(chr(10), chr(10) + '  ')}\n",
            group=_group,
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
        return stop.code if isinstance(stop.code, int) else 1
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last place that can tell a person
        from entrepot.cli.failing import tell

        return tell(error, words=words, debug="--debug" in words)
    return status or 0


def _spelled_out(words: Sequence[str]) -> list[str]:
    """The words with the standard input by its full name, since a lone hyphen looks like an option."""
    before = ["", *words]
    return [STDIN if word == "-" and before[at] not in VALUED else word for at, word in enumerate(words)]


def main() -> NoReturn:
    """Run the program ``entrepot``."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # the process's own are text files
    sys.exit(run(sys.argv[1:]))
