"""``demo``: the main job on a sample, and another on cars with pictures."""

import shlex
from importlib.resources import as_file, files
from typing import Literal

import msgspec
import platformdirs

from entrepot.cli.commands.looking import stats
from entrepot.cli.failing import Misused
from entrepot.cli.output import default_place, say
from entrepot.cli.parameters import Port
from entrepot.cli.session import Given, Session
from entrepot.library.incoming import opened
from entrepot.library.outgoing import save
from entrepot.setting_values import is_url
from entrepot_core.dialect import ImportOptions, no_report
from entrepot_core.formats import Format
from entrepot_core.names import DatasetName, DatasetRef
from entrepot_core.rows.query import RowQuery
from entrepot_core.source import NewDataset
from entrepot_core.views import DatasetView

_NAME = DatasetName("cars")
_DETAILS = NewDataset(
    name=_NAME,
    title="Used cars",
    description="300 made-up cars that were for sale in 2024.",
    tags=("demo",),
    if_exists="replace",
)
_NEXT = (
    ["rows", _NAME],
    ["statistics", _NAME],
    ["export", _NAME, "-o", "cars.parquet"],
    ["add", "YOUR-FILE.csv"],
    ["serve"],
)


def demo(sample: Literal["cars"] | None = None, /, *, port: Port = None, session: Given) -> int:
    """See it work on a sample: statistics, a workbook and a PDF, the files in this folder.

    It works in a home of its own, or in that of ``--store``; what a run before left there is replaced.

    Args:
        sample: With cars, serve a dozen cars and their pictures as a collection until Ctrl-C, and say what to open.
        port: The port to serve them at; 0 takes a free one.
        session: The store and how to print.
    """
    home = session.store or platformdirs.user_data_dir("entrepot-demo" if sample is None else f"entrepot-demo-{sample}")
    if is_url(home):
        raise Misused("The demo writes into a home of this machine; give a folder, or no --store at all.")
    if sample is None:
        if port is not None:
            raise Misused("Only `entrepot demo cars` serves; a port is for that one.")
        _try_out(home, session)
        return 0
    from entrepot.cli.showroom import show

    settings = msgspec.structs.replace(session.settings, store=home)
    return show(settings if port is None else msgspec.structs.replace(settings, port=port), as_json=session.json)


def _try_out(home: str, session: Session) -> None:
    with Session(store=home, json=session.json, debug=session.debug) as here:
        here.expect_import()
        view = _land(here)
        say(f"Landed {view.file_name} as the dataset {view.name}: {view.rows} rows, {view.columns} columns.\n")
        stats(view.name, session=here)
        say("")
        for name in _write(here):
            say(f"Wrote {name}")
    say("\nTry next:")
    for words in _NEXT:
        say(f"  {shlex.join(['entrepot', *words, '--store', home])}")


def _land(here: Session) -> DatasetView:
    with as_file(files("entrepot") / "samples" / "cars.csv") as path, opened(path) as source:
        return here.operations.add_dataset(source, _DETAILS, ImportOptions(), no_report)


def _write(here: Session) -> list[str]:
    """The workbook and the PDF, into the current folder."""
    places = [default_place(f"{_NAME}.{ending}", "Run the demo in another folder") for ending in ("xlsx", "pdf")]
    ref = DatasetRef(_NAME)
    workbook = here.operations.export(ref, Format.XLSX, RowQuery(limit=None))
    written = zip((workbook, here.operations.plot(ref, Format.PDF)), places, strict=True)
    return [str(save(download, place).absolute()) for download, place in written]
