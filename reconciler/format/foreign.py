"""Which YAML is none of ours: a workflow, a chart, a compose file beside the configuration.

What lies in the folder of a stack belongs to it, as the loader sees it. What lies elsewhere may be
an overlay: it names kinds, and their columns. The rest is left alone.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from ..catalogue import Kind
from ..configuration.load import SETTINGS
from ..configuration.load.block import folder_of
from ..configuration.load.files import BINDINGS, Source
from ..configuration.load.nodes import MappingNode, Node, SequenceNode, is_null
from ..yamltext.tree import MERGE

_NAME = re.compile(r"^['\"]?([A-Za-z_][\w-]*)['\"]?[ \t]*:(?:\s|\Z)", re.MULTILINE)
_PRIVATE = "x-"


def is_foreign(source: Source, kinds: Mapping[str, Kind]) -> bool:
    """Tell whether a file belongs to no configuration; one that cannot be read goes by names."""
    if _lies_in_a_stack(source.path):
        return False
    if source.root is None:
        names = _NAME.findall(source.text)
        return not _are_ours(names, kinds) if names else source.broken and bool(source.text)
    entries = source.root.entries
    if SETTINGS in entries:
        return False
    ours = {name: entry.value for name, entry in entries.items() if name in kinds}
    if any(_holds_columns(node, kinds[name]) for name, node in ours.items()):
        return False
    return not _are_ours(entries, kinds) or any(not _is_empty(node) for node in ours.values())


def _lies_in_a_stack(path: Path) -> bool:
    holder = _holder(path.parent)
    if holder is None:
        return False
    inside = path.relative_to(holder).parts
    return inside[0] != BINDINGS and not any(part.startswith(".") for part in inside)


@lru_cache(maxsize=1024)
def _holder(folder: Path) -> Path | None:
    return folder_of(folder / "any.yaml")


def _are_ours(names: Collection[str], kinds: Mapping[str, Kind]) -> bool:
    known = [name for name in names if name in kinds or name == SETTINGS]
    return bool(known) and all(n in known or n.startswith(_PRIVATE) for n in names)


def _holds_columns(node: Node, kind: Kind) -> bool:
    """Tell whether a resource is there of whose names at least half are columns."""
    known = {*kind.columns, *kind.inputs, MERGE}
    for resource in _resources(node):
        if isinstance(resource, MappingNode) and resource.entries:
            names = [n for n in resource.entries if n in known or n.startswith("$")]
            if 2 * len(names) >= len(resource.entries):
                return True
    return False


def _resources(node: Node) -> Iterable[Node]:
    if isinstance(node, MappingNode):
        return [entry.value for entry in node.entries.values()]
    return node.items if isinstance(node, SequenceNode) else ()


def _is_empty(node: Node) -> bool:
    return is_null(node) or not any(not is_null(resource) for resource in _resources(node))
