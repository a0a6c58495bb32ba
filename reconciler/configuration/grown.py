"""The kinds of a folder: the shipped ones, and what ``reconciler: catalogue:`` says besides.

This is the one way to the kinds of a configuration. The block is looked for before the folder is
read, since nothing can be read without kinds.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..catalogue import Catalogue, Growth, load_kinds
from ..diagnostics import ConfigurationError, Problem
from .load.block import SETTINGS, folder_of
from .load.files import MAX_FILE, absolute, is_folder, is_yaml, shown
from .load.nodes import Entry, MappingNode, Node, Scalar
from .load.parse import parse

_SETTING = "catalogue"
_MAY_BE_SET = re.compile(rb"[\s{,\"']catalogue[\"']?\s*:")
_FALSE = frozenset({"false", ""})


def kinds_of(paths: Sequence[Path]) -> Catalogue:
    """Give the kinds of the folder at the first path, or the one that holds the file there.

    Raises ConfigurationError where its catalogue is wrong. A setting of another shape than it
    takes is left to validation.
    """
    if not paths:
        return load_kinds()
    first = absolute(paths[0])
    folder = first if is_folder(first) else folder_of(first)
    entry = _setting(folder) if folder else None
    if folder is None or entry is None:
        return load_kinds()
    growth = _growth(folder, entry.value)
    if growth is None:
        return load_kinds()
    if growth.replace and not _names_tenant(entry.value):
        message = "a catalogue that replaces the shipped one has to say whose rows are whose"
        hint = "write tenant: {kind: KIND, column: COLUMN}, or tenant: none"
        raise ConfigurationError((Problem("bad-catalogue", message, entry.position, hint=hint),))
    from ..catalogue.growth import grown  # most folders have none

    return grown(growth, shown(growth.folder))


def _setting(folder: Path) -> Entry | None:
    """Find the setting; only files that may hold it are parsed."""
    try:
        files = sorted(file for file in folder.iterdir() if is_yaml(file))
    except OSError:
        return None
    return next((entry for file in files if (entry := _setting_in(file))), None)


def _setting_in(file: Path) -> Entry | None:
    try:
        data = file.read_bytes() if file.is_file() and file.stat().st_size <= MAX_FILE else b""
    except OSError:
        return None
    if not _MAY_BE_SET.search(data):
        return None
    root = parse(data.decode("utf-8-sig", "replace"), shown(file)).root
    block = root.entries[SETTINGS].value if root and SETTINGS in root.entries else None
    return block.entries.get(_SETTING) if isinstance(block, MappingNode) else None


def _growth(folder: Path, node: Node) -> Growth | None:
    """Read the setting; None where it is not of the shape that it takes."""
    entries = _entries(node)
    path = _text(entries, "path")
    if not path or "\0" in path or Path(path).is_absolute():
        return None
    replace = _text(entries, "replace") or ""
    tenant = entries["tenant"].value if "tenant" in entries else None
    kind = _text(_entries(tenant), "kind")
    return Growth(absolute(folder / path), replace not in _FALSE, kind)


def _names_tenant(node: Node) -> bool:
    tenant = _entries(node).get("tenant")
    if tenant is None:
        return False
    return isinstance(tenant.value, MappingNode) or _text(_entries(node), "tenant") == "none"


def _entries(node: Node | None) -> Mapping[str, Entry]:
    return node.entries if isinstance(node, MappingNode) else {}


def _text(entries: Mapping[str, Entry], name: str) -> str | None:
    value = entries[name].value if name in entries else None
    return value.text if isinstance(value, Scalar) else None
