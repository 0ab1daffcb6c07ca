"""The parts of pages that are made from the program: they stand between ``<!-- begin name -->`` and its end."""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import get_args

from sqlalchemy import Boolean, Column, Integer, String, Table

from entrepot.failures import FAILURES, title_of
from entrepot.http.parameters import markdown, told_of_fields
from entrepot.http.problems import HttpProblem
from entrepot.settings import PREFIX, Environment, Settings, load_settings
from entrepot_adapters.sql.columns import Struct, UtcDateTime
from entrepot_adapters.sql.models import Model
from tests.polluting.kinds import KINDS
from tests.polluting.outcome import outcome_of

_DEVELOPMENT, *_OTHERS = get_args(Environment)
_SECTION = re.compile(r"(?P<begin><!-- begin (?P<name>\w+) -->)\n.*?(?P<end><!-- end (?P=name) -->)", re.DOTALL)


def problems() -> str:
    """Every error of the core: its code, what it means, its statuses and the exception's name."""
    rows = [
        (f"`{error.code}`", str(failure.status), str(failure.exit_status), f"`{error.__name__}`", _told(error))
        for error, failure in FAILURES.items()
    ]
    return _table(("code", "HTTP", "exit", "exception", "means"), sorted(rows))


def requests() -> str:
    """The problems that only HTTP has."""
    rows = [(f"`{problem.code}`", str(problem.status), _told(problem)) for problem in HttpProblem.__subclasses__()]
    return _table(("code", "HTTP", "means"), sorted(rows))


def settings() -> str:
    """Every setting, with its default in each environment where these differ."""
    told = told_of_fields(Settings.__doc__ or "")
    rows = [(f"`{PREFIX}{name.upper()}`", _default(name), told[name]) for name in Settings.__struct_fields__]
    return _table(("variable", "default", "meaning"), rows)


def er() -> str:
    """The tables of the catalogue as an entity-relationship diagram."""
    tables = Model.metadata.sorted_tables
    relations = [
        f"    {key.column.table.name} ||--o{{ {table.name} : has" for table in tables for key in table.foreign_keys
    ]
    entities = [line for table in tables for line in _entity(table)]
    return "\n".join(["```mermaid", "erDiagram", "    direction LR", *relations, *entities, "```"])


def damage() -> str:
    """Every kind of damage of the polluter: what is done to a file, what is read right, and what the report says."""
    heads = ("damage", "what is done to the file", "cells right", "what is reported")
    return _table(heads, map(outcome_of, KINDS))


_KINDS = {UtcDateTime: "datetime", Struct: "json", Boolean: "boolean", Integer: "integer", String: "text"}

SECTIONS: Mapping[str, Callable[[], str]] = {
    "damage": damage,
    "er": er,
    "problems": problems,
    "requests": requests,
    "settings": settings,
}


def renewed(text: str) -> str:
    """A page with its sections made anew."""
    return _SECTION.sub(lambda found: f"{found['begin']}\n{SECTIONS[found['name']]()}\n{found['end']}", text)


def _default(name: str) -> str:
    """A setting's default in development, and in the other environments where it is another there."""
    if name == "store":
        return "the user's data folder"
    usual = _value(name, _DEVELOPMENT)
    environments: dict[str, list[str]] = {}
    for other in () if name == "env" else _OTHERS:
        environments.setdefault(_value(name, other), []).append(other)
    differing = [f"{value} in {' and '.join(where)}" for value, where in environments.items() if value != usual]
    return "; ".join([usual, *differing])


def _value(name: str, environment: str) -> str:
    value = getattr(load_settings({f"{PREFIX}ENV": environment}, dotenv=Path(os.devnull)), name)
    return "none" if value is None else f"{value:,}" if isinstance(value, int) and name != "port" else str(value)


def _entity(table: Table) -> list[str]:
    columns = [f"        {_kind(column)} {column.name}{_key(column)}" for column in table.columns]
    return [f"    {table.name} {{", *columns, "    }"]


def _kind(column: "Column[object]") -> str:
    return next(name for kind, name in _KINDS.items() if isinstance(column.type, kind))


def _key(column: "Column[object]") -> str:
    keys = [name for name, holds in _keys(column).items() if holds]
    return f" {', '.join(keys)}" if keys else ""


def _keys(column: "Column[object]") -> dict[str, bool]:
    return {"PK": column.primary_key, "FK": bool(column.foreign_keys), "UK": bool(column.unique)}


def _told(error: type[Exception]) -> str:
    return markdown(title_of(error))


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [heads, ("---",) * len(heads), *rows])
