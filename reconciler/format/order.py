"""The order of what stands in one resource: merges, ``$`` keys, then columns as exports have them.

The order of files, kinds and resources is people's own. What says the same in any order is put in
one; where it would not (an alias before its anchor), it stays as it is.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import cast

import orjson

from ..catalogue import Kind, schema_folder
from ..configuration.words import ABSENT, IGNORE, RENAMED_FROM
from ..values.column import JSON
from ..yamltext.tree import MERGE, Scalar
from .tree import Group, Ranks, Unit

_SETTINGS = "reconciler"


def ordered(root: Group, kinds: Mapping[str, Kind]) -> Iterator[Unit]:
    """Give the blocks of a file, with the order of what stands in their resources."""
    return (_block(unit, kinds) for unit in root.units)


def _block(unit: Unit, kinds: Mapping[str, Kind]) -> Unit:
    name = unit.key.text if isinstance(unit.key, Scalar) else ""
    if not isinstance(unit.value, Group):
        return unit
    if name == _SETTINGS:
        return unit._replace(value=unit.value._replace(ranks=_settings()))
    if name not in kinds:
        return unit
    return unit._replace(value=unit.value._replace(inner=_ranks(kinds[name])))


def _ranks(kind: Kind) -> Ranks:
    names = [MERGE, RENAMED_FROM, ABSENT, IGNORE, *kind.in_order]
    return {name: rank for rank, name in enumerate(names)}


@lru_cache(maxsize=1)
def _settings() -> Ranks:
    schema = orjson.loads((schema_folder() / "configuration.schema.json").read_bytes())
    properties = cast("dict[str, JSON]", schema["$defs"]["settings"]["properties"])
    return {name: rank for rank, name in enumerate(properties)}
