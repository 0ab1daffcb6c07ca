"""Serves Mermaid from this site: the theme would fetch it from another server.

It is kept compressed (`@mermaid-js/tiny` from npm, under the licence beside it) and comes only with pages that have
a diagram.
"""

import gzip
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

SCRIPT = "assets/mermaid.js"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the script to the site."""
    packed = Path(config.docs_dir, "assets", "mermaid.tiny.js.gz")
    files.append(File.generated(config, SCRIPT, content=gzip.decompress(packed.read_bytes())))
    return files


def on_page_content(html: str, page: Page, **_: object) -> str:
    """Load the script where there is a diagram."""
    if '<pre class="mermaid">' not in html:
        return html
    return f'<script src="{get_relative_url(SCRIPT, page.url)}"></script>\n{html}'
