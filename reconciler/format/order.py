"""The order of what stands in one resource: merges, ``$`` keys, then columns as exports have them.

So it is in templates and in defaults, too. The order of files, kinds and resources is people's own.
What says the same in any order is put in one; where it would not (an alias before its anchor), it
stays as it is.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import cast

import orjson

from ..catalogue import Kind, schema_folder
from ..configuration.expand.names import DEFAULTS, TEMPLATES, WHEN
from ..configuration.words import ABSENT, IGNORE, RENAMED_FROM
from ..values.column import JSON
from ..yamltext.tree import MERGE, Scalar
from .tree import Group, Order, Ranks, Unit

_SETTINGS = "reconciler"


def ordered(root: Group, kinds: Mapping[str, Kind]) -> Iterator[Unit]:
    """Give the blocks of a file, with the order of what stands in their resources."""
    return (_block(unit, kinds) for unit in root.units)


def _block(unit: Unit, kinds: Mapping[str, Kind]) -> Unit:
    if not (isinstance(unit.value, Group) and isinstance(unit.key, Scalar)):
        return unit
    return unit._replace(value=unit.value._replace(order=_order(unit.key.text, kinds)))


def _order(name: str, kinds: Mapping[str, Kind]) -> Order | None:
    """Give the order of a block of a file."""
    if name == _SETTINGS:
        return Order(_settings())
    if name == TEMPLATES:
        return Order(each=Order(named={kind: _of_kind(kinds[kind]) for kind in kinds}))
    if name == DEFAULTS:
        return Order(named={kind: Order(_ranks(kinds[kind])) for kind in kinds})
    return _of_kind(kinds[name]) if name in kinds else None


def _of_kind(kind: Kind) -> Order:
    """Give the order of resources of a kind, in a mapping or in a list."""
    return Order(each=Order(_ranks(kind)))


def _ranks(kind: Kind) -> Ranks:
    names = [MERGE, RENAMED_FROM, WHEN, ABSENT, IGNORE, *kind.in_order]
    return {name: rank for rank, name in enumerate(names)}


@lru_cache(maxsize=1)
def _settings() -> Ranks:
    schema = orjson.loads((schema_folder() / "configuration.schema.json").read_bytes())
    properties = cast("dict[str, JSON]", schema["$defs"]["settings"]["properties"])
    return {name: rank for rank, name in enumerate(properties)}
