"""The tour runs, and answers what it shows; ``jupyter execute --inplace docs/tour.ipynb`` writes it anew."""

from collections.abc import Iterator
from copy import deepcopy
from itertools import groupby

import nbformat
import pytest
from nbclient import NotebookClient

from tests.architecture.tree import ROOT
from tests.docs.console import stable

TOUR = ROOT / "docs" / "tour.ipynb"
_COMPARED = ("text/plain", "text/html")


def _said(notebook: nbformat.NotebookNode) -> Iterator[tuple[str, list[object]]]:
    """Each cell with what it answered; of pictures only their kinds, which fonts and versions leave as they are."""
    for cell in notebook.cells:
        outputs = [_output(output) for output in cell.get("outputs", []) if not _was_a_bar(output)]
        yield cell.source, list(_joined(outputs))


def _joined(outputs: list[object]) -> Iterator[object]:
    """The same, with text in one piece that came in several, as it does where the machine is slow."""
    for is_text, some in groupby(outputs, lambda output: isinstance(output, str)):
        if is_text:
            yield "".join(map(str, some))
        else:
            yield from some


def _was_a_bar(output: nbformat.NotebookNode) -> bool:
    """Whether it is what a progress bar leaves, which shows only where the machine is slow."""
    return bool("data" in output and output.data.get("text/html") == "")


def _output(output: nbformat.NotebookNode) -> object:
    if "data" not in output:
        return output.get("text", output.output_type)
    return {kind: stable(text) if kind in _COMPARED else "" for kind, text in output.data.items()}


def test_the_tour_answers_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENTREPOT_STORE", raising=False)
    shown = nbformat.read(TOUR, as_version=4)  # type: ignore[no-untyped-call]  # nbformat's functions have no types
    executed = NotebookClient(deepcopy(shown), timeout=120, kernel_name="python3").execute()
    assert list(_said(executed)) == list(_said(shown))
