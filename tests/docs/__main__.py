"""Writes anew what the pages show of the program: ``python -m tests.docs``, or with the pages to do."""

import sys
from pathlib import Path

from tests.docs import console, sections
from tests.docs.pages import PAGES


def main(names: list[str]) -> None:
    """Renew these pages, or all."""
    for page in [Path(name).resolve() for name in names] or PAGES:
        before = page.read_text(encoding="utf-8")
        after = console.renewed(sections.renewed(before))
        if console.stable(after) != console.stable(before):
            page.write_text(after, encoding="utf-8")
            sys.stdout.write(f"renewed {page.name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
