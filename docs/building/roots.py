"""Shows files of the project's root as pages, with their links turned towards the site."""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

PAGES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md", "SECURITY.md": "security.md"}
_ELSEWHERE = {"README.md": "index.md"}
"""Files of the root that are no pages, and the page that says the same."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages."""
    root = Path(config.config_file_path).parent
    for name, page in PAGES.items():
        text = (root / name).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=_turned(text)))
    return files


def _turned(text: str) -> str:
    """Links to `docs/…` and to one another, as seen from within the site."""
    for name, page in (PAGES | _ELSEWHERE).items():
        text = text.replace(f"]({name})", f"]({page})")
    return re.sub(r"\]\(docs/", "](", text)
