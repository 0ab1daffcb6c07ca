"""Makes the reference of the command line and of HTTP out of the program itself, whenever the site is built."""

import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from openapi_page import page

from entrepot.cli.app import app
from entrepot.cli.table import COMMANDS
from entrepot.http.app import HttpSettings, create_app
from entrepot.http.openapi import openapi
from entrepot.settings import MEMORY, Settings
from entrepot.wiring import open_home

INTRODUCTION = """# Command line

Data goes to the standard output, all else to the standard error. On a terminal tables are for people; in a pipe
cells are separated by tabs. The exit status is 0 when all went well; [Errors](../errors.md) tells the others.

Every command takes these too:

- `--store STR`: a folder, a server's URL, or `:memory:`; by default the setting `ENTREPOT_STORE`.
- `--json`: print JSON, for machines.
- `--debug`: show where an error came from.
"""

_SECTION = re.compile(r"^#{3,4} entrepot ([a-z -]+)\n(.*?)(?=^#{3,4} |\Z)", re.MULTILINE | re.DOTALL)
_EVERYWHERE = re.compile(r"\*\*Everywhere\*\*:\n\n(?:\* .*\n)+", re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages."""
    files.append(File.generated(config, "reference/cli.md", content=_commands()))
    files.append(File.generated(config, "reference/http.md", content=_http()))
    return files


def _http() -> str:
    settings = HttpSettings()
    with open_home(MEMORY, Settings()) as home:
        served = create_app(home.operations, home.driven.blobs.stage, checks=dict, settings=settings)
    return page(openapi(served, settings.version))


def _commands() -> str:
    told = dict(_SECTION.findall(_EVERYWHERE.sub("", app.generate_docs(heading_level=2))))
    parts = [INTRODUCTION]
    for group, commands in COMMANDS.items():
        parts.append(f"## {group}")
        for name, (_, _, example) in commands.items():
            parts += [f"### entrepot {name}", told[name].strip(), "Example:", f"```sh\n{example}\n```"]
    return "\n\n".join(parts) + "\n"
