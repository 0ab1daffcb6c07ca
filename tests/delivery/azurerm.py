"""Reads off what the azurerm provider takes: ``python -m tests.delivery.azurerm PACKAGE`` writes ``azurerm.json`` anew.

The provider itself can't be had from a package registry, but its schema stands in the declarations of the npm package
``@cdktf/provider-azurerm``; PACKAGE is that package, unpacked. Only the kinds in ``KINDS`` are kept.
"""

import json
import re
import sys
from pathlib import Path

KINDS = (
    "container_registry",
    "linux_web_app",
    "log_analytics_workspace",
    "monitor_diagnostic_setting",
    "resource_group",
    "role_assignment",
    "service_plan",
    "storage_account",
    "storage_share",
    "user_assigned_identity",
)
SCHEMA = Path(__file__).with_name("azurerm.json")
_INTERFACE = re.compile(r"^export interface (\w+)[^{]*\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"#(\w+) \w+#\w+\}(?:(?!\{@link).)*?readonly \w+(\??): ([^;]*(?:\{[^}]*\})?[^;]*);", re.DOTALL)
_GETTER = re.compile(r"^    get (\w+)\(\)", re.MULTILINE)

Schema = dict[str, object]


def kind_of(text: str) -> Schema:
    """The schema of a kind, from its declarations."""
    interfaces = dict(_INTERFACE.findall(text))
    config = next(name for name in interfaces if name.endswith("Config"))
    exported = sorted({_snake(name) for name in _GETTER.findall(text) if not name.endswith("Input")})
    return {**_block(interfaces, config), "exported": exported}


def _block(interfaces: dict[str, str], name: str) -> Schema:
    required: list[str] = []
    optional: list[str] = []
    blocks: Schema = {}
    for field, question, kind in _FIELD.findall(interfaces[name]):
        inner = re.match(r"\w+", kind)
        if inner is not None and inner[0] in interfaces:
            blocks[field] = _block(interfaces, inner[0])
        else:
            (optional if question else required).append(field)
    return {"required": sorted(required), "optional": sorted(optional), "blocks": blocks}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def main(package: str) -> None:
    """Write the schema anew."""
    library = Path(package) / "lib"
    texts = {kind: (library / kind.replace("_", "-") / "index.d.ts").read_text(encoding="utf-8") for kind in KINDS}
    versions = set(re.findall(r"azurerm/([\d.]+)/", "".join(texts.values())))
    resources = {f"azurerm_{kind}": kind_of(text) for kind, text in texts.items()}
    provider = kind_of((library / "provider" / "index.d.ts").read_text(encoding="utf-8"))
    found = {"version": versions.pop(), "provider": provider, "resources": resources}
    SCHEMA.write_text(json.dumps(found, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
