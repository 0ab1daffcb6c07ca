"""Shows notebooks as pages: their text and code, and beneath the code what it answered when it was last run."""

import base64
from collections.abc import Iterator
from pathlib import Path

import nbformat
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

PAGES = {"tour.ipynb": "tour.md"}
_IMAGES = ("image/svg+xml", "image/png")
_STYLE = """<style>
:host { font-size: 13px; }
table.dataframe { border-collapse: collapse; }
table.dataframe td, table.dataframe th { border: 0; padding: 0.2em 0.8em; }
table.dataframe thead tr:last-child { border-bottom: 1px solid currentColor; }
</style>"""
"""What a notebook's page gives to frames. The theme's style does not reach into an output."""
_outputs: dict[str, str] = {}
"""Marks in the pages to the HTML that takes their place, once Markdown can't change it any more."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages."""
    for name, page in PAGES.items():
        notebook = nbformat.read(Path(config.docs_dir, name), as_version=4)
        text = "\n\n".join(part for cell in notebook.cells for part in _cell(cell))
        files.append(File.generated(config, page, content=text))
    return files


def on_page_content(html: str, page: Page, **_: object) -> str:
    """Put the outputs in."""
    if page.file.src_path not in PAGES.values():
        return html
    for mark, output in _outputs.items():
        html = html.replace(f"<p>{mark}</p>", output)
    return html


def _cell(cell: nbformat.NotebookNode) -> Iterator[str]:
    if cell.cell_type == "markdown":
        yield cell.source
        return
    yield f"```python\n{cell.source}\n```"
    for output in cell.outputs:
        yield from _output(output)


def _output(output: nbformat.NotebookNode) -> Iterator[str]:
    if output.output_type == "stream":
        yield f"```text\n{output.text.rstrip()}\n```"
        return
    if output.output_type == "error":
        yield f"```text\n{output.ename}: {output.evalue}\n```"
        return
    yield from _shown(output.data)


def _shown(data: dict[str, str]) -> Iterator[str]:
    for kind in _IMAGES:
        if kind in data:
            encoded = base64.b64encode(data[kind].encode()).decode() if kind.endswith("xml") else data[kind].strip()
            yield _marked(f'<img class="output" alt="A chart" src="data:{kind};base64,{encoded}">')
            return
    if "text/html" in data:
        yield _marked(
            f'<div class="output"><template shadowrootmode="open">{_STYLE}{data["text/html"]}</template></div>'
        )
    elif data.get("text/plain"):
        yield f"```text\n{data['text/plain']}\n```"


def _marked(html: str) -> str:
    mark = f"output-{len(_outputs)}-of-a-cell"
    _outputs[mark] = html
    return mark
