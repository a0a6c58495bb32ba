"""The order of what stands in one resource: merges, ``$`` keys, then columns as in the schema.

The order of files, kinds and resources is people's own. What says the same in any order is put in
one; where it would not (an alias before its anchor), it stays as it is.
"""

from collections.abc import Mapping
from typing import cast

import orjson

from ..catalogue import Kind, schema_folder
from ..values.column import JSON
from ..yamltext.tree import Alias, Scalar
from .tree import Group, Unit, anchor, values_in

_SETTINGS = "reconciler"
Ranks = Mapping[str, int]


def ordered(root: Group, kinds: Mapping[str, Kind]) -> Group:
    """Put the columns of every resource in order."""
    return root._replace(units=tuple(_block(unit, kinds) for unit in root.units))


def _block(unit: Unit, kinds: Mapping[str, Kind]) -> Unit:
    name = unit.key.text if isinstance(unit.key, Scalar) else ""
    if name == _SETTINGS:
        return _sorted(unit, _settings())
    if name not in kinds or not isinstance(unit.value, Group):
        return unit
    ranks = _ranks(kinds[name])
    units = tuple(_sorted(resource, ranks) for resource in unit.value.units)
    return unit._replace(value=unit.value._replace(units=units))


def _sorted(unit: Unit, ranks: Ranks) -> Unit:
    node = unit.value
    if not isinstance(node, Group) or not node.mapping or not _may_move(node):
        return unit
    last = len(ranks)
    units = sorted(node.units, key=lambda u: ranks.get(_name(u), last))
    return unit._replace(value=node._replace(units=tuple(units)))


def _name(unit: Unit) -> str:
    return unit.key.text if isinstance(unit.key, Scalar) else ""


def _may_move(node: Group) -> bool:
    """Tell whether no entry needs to stand before another one."""
    anchors: set[str] = set()
    aliases: set[str] = set()
    for unit in node.units:
        inside = [*values_in(unit.value), *([unit.key] if unit.key else [])]
        mine = {name for name in map(anchor, inside) if name}
        used = {n.name for n in inside if isinstance(n, Alias)}
        if anchors & (mine | used) or aliases & mine:
            return False
        anchors |= mine
        aliases |= used
    return True


def _ranks(kind: Kind) -> Ranks:
    pair = [part.column for part in kind.natural_key] if kind.is_link else []
    names = ["<<", "$renamed_from", "$absent", "$ignore", *pair, *kind.columns, *kind.inputs]
    return {name: rank for rank, name in enumerate(dict.fromkeys(names))}


def _settings() -> Ranks:
    schema = orjson.loads((schema_folder() / "configuration.schema.json").read_bytes())
    properties = cast("dict[str, JSON]", schema["$defs"]["settings"]["properties"])
    return {name: rank for rank, name in enumerate(properties)}
