"""What the pages show is what the program does; ``python -m tests.docs`` writes it anew."""

from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.docs import console, sections
from tests.docs.pages import PAGES

WITH_COMMANDS = [page for page in PAGES if console.has_commands(page.read_text(encoding="utf-8"))]


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_the_parts_made_from_the_program_are_up_to_date(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert sections.renewed(text) == text


def test_every_part_that_can_be_made_is_shown() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [name for name in sections.SECTIONS if f"<!-- begin {name} -->" not in pages] == []


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=_name)
def test_the_commands_of_a_page_answer_what_it_shows(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert console.stable(console.renewed(text)) == console.stable(text)
