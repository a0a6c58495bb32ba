"""The kinds of a folder: the shipped ones, and what ``reconciler: catalogue:`` says besides.

This is the one way to the kinds of a configuration. The block is looked for before the folder is
read, since nothing can be read without kinds.
"""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from ..catalogue import Catalogue, Growth, load_kinds
from ..diagnostics import ConfigurationError, Problem
from ..files import leads_outside
from .load.block import SETTINGS, folder_of, roots_in
from .load.files import absolute, is_folder, shown
from .load.nodes import Entry, MappingNode, Node, Scalar

_SETTING = "catalogue"
_MAY_BE_SET = re.compile(rb"[\s{,\"']catalogue[\"']?\s*:")
_FALSE = frozenset({"false", ""})


def kinds_of(
    paths: Sequence[Path], instead: Mapping[Path, bytes] = MappingProxyType({})
) -> Catalogue:
    """Give the kinds of the folder at the first path, or the one that holds the file there.

    ``instead`` gives what files of the folder would hold. Raises ConfigurationError where its
    catalogue is wrong. A setting of another shape than it takes is left to validation.
    """
    if not paths:
        return load_kinds()
    first = absolute(paths[0])
    folder = first if is_folder(first) else folder_of(first, instead)
    entry = _setting(folder, instead) if folder else None
    if folder is None or entry is None:
        return load_kinds()
    growth = _growth(folder, entry.value)
    if growth is None:
        return load_kinds()
    wrong = _wrong_place(growth, folder, entry) or _wrong_tenant(growth, entry)
    if wrong:
        raise ConfigurationError((wrong,))
    from ..catalogue.growth import grown  # most folders have none

    kinds = grown(growth, shown(growth.folder))
    column = _text(_entries(_tenant(entry)), "column")
    if growth.replace and growth.tenant and kinds[growth.tenant].id_column != column:
        message = f"{growth.tenant}.{column} is not what identifies the rows of {growth.tenant}"
        hint = f"write column: {kinds[growth.tenant].id_column}"
        raise ConfigurationError((Problem("bad-catalogue", message, entry.position, hint=hint),))
    return kinds


def _setting(folder: Path, instead: Mapping[Path, bytes]) -> Entry | None:
    """Find the setting; only files that may hold it are parsed."""
    for root in roots_in(folder, _may_hold, instead):
        block = root.entries[SETTINGS].value if SETTINGS in root.entries else None
        if isinstance(block, MappingNode) and _SETTING in block.entries:
            return block.entries[_SETTING]
    return None


def _may_hold(data: bytes) -> bool:
    # the word is found in a fortieth of the time
    return _SETTING.encode() in data and _MAY_BE_SET.search(data) is not None


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


def _wrong_place(growth: Growth, folder: Path, entry: Entry) -> Problem | None:
    """Insist on a catalogue in the folder or beside it: a pull request may write any path."""
    place = _entries(entry.value)["path"].position
    root = folder if growth.folder.is_relative_to(folder) else folder.parent
    is_beside = root == folder or not os.path.lexists(folder / ".git")
    if not is_beside or not growth.folder.is_relative_to(root):
        message = f"the catalogue {shown(growth.folder)} is neither in this folder nor beside it"
        hint = "write path: ./kinds, or path: ../kinds"
        if not is_beside:
            hint = "write path: ./kinds; a folder that is a git repository has nothing beside it"
        return Problem("bad-catalogue", message, place, hint=hint)
    if leads_outside(growth.folder, root):
        message = f"{shown(growth.folder)} is a link that leads out of the folder {shown(root)}"
        hint = "put what it leads to into the folder"
        return Problem("link-outside", message, place, hint=hint)
    return None


def _wrong_tenant(growth: Growth, entry: Entry) -> Problem | None:
    """Insist on a tenant where the catalogue is of another API, and only there."""
    tenant = _tenant(entry)
    none = isinstance(tenant, Scalar) and tenant.text == "none"
    if growth.replace == (none or isinstance(tenant, MappingNode)):
        return None
    message = "`tenant` says whose rows are whose where the catalogue replaces the shipped one"
    hint = "with replace: true, write tenant: {kind: KIND, column: COLUMN}, or tenant: none"
    if not growth.replace:
        hint = "take it out, or write replace: true"
    return Problem("bad-catalogue", message, entry.position, hint=hint)


def _tenant(entry: Entry) -> Node | None:
    entries = _entries(entry.value)
    return entries["tenant"].value if "tenant" in entries else None


def _entries(node: Node | None) -> Mapping[str, Entry]:
    return node.entries if isinstance(node, MappingNode) else {}


def _text(entries: Mapping[str, Entry], name: str) -> str | None:
    value = entries[name].value if name in entries else None
    return value.text if isinstance(value, Scalar) else None
