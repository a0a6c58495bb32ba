"""Where values come from: which layer gives each, before overlays are laid over the folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ..catalogue import Kind
from ..diagnostics import Position
from ..values.address import Address
from .expand import Defaults, expand
from .expand.origin import Made
from .load import Loaded, ProblemReport
from .load.nodes import Entry, MappingNode
from .validate.declaration import Declared
from .validate.declared import layers_of
from .validate.suggest import Suggester

BASE = 0
"""The layer of the folder; overlays come after it."""
_NOTHING = MappingNode({}, 0)


class Given(NamedTuple):
    """What gives a column: a layer, and what that layer declares.

    ``default`` tells that only ``defaults:`` give it.
    """

    layer: int
    declared: Declared
    entry: Entry
    default: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """What each layer declares; nothing is laid over anything."""

    layers: tuple[Mapping[Address, Declared], ...]
    defaults: Defaults
    settings: Entry | None

    def given(self, address: Address, column: str) -> Given | None:
        """Find what gives the value that counts."""
        number = BASE
        for number, declared in self.declaring(address):
            entry = declared.columns.entries.get(column)
            if entry:
                return Given(number, declared, entry)
        lowest = self.layers[number].get(address)
        if lowest is None:
            return None
        under = self.defaults.under(address.kind, lowest.origin.name, _NOTHING)
        entry = under.entries.get(column)
        return Given(number, lowest, entry, default=True) if entry else None

    def counting(self, address: Address) -> Mapping[str, Entry]:
        """Give everything that counts of a resource, as it is written."""
        entries: dict[str, Entry] = {}
        lowest = None
        for _, declared in self.declaring(address):
            entries = {**declared.columns.entries, **entries}
            lowest = declared
        if lowest is None or not self.defaults:
            return entries
        node = MappingNode(entries, 0)
        return self.defaults.under(address.kind, lowest.origin.name, node).entries

    def declaring(self, address: Address) -> Iterator[tuple[int, Declared]]:
        """Iterate over the layers that declare a resource, the strongest first."""
        for number in reversed(range(len(self.layers))):
            declared = self.layers[number].get(address)
            if declared:
                yield number, declared


def instance_of(declared: Declared) -> Position | None:
    """Say where the instance of a template stands that makes a resource, if one does."""
    origin = declared.origin
    return origin.place.position if isinstance(origin, Made) else None


def provenance_of(loaded: Loaded, kinds: Mapping[str, Kind]) -> Provenance:
    """Find out what each layer declares; of what was validated, so nothing is wrong with it."""
    report, suggest = ProblemReport(), Suggester()
    expanded = expand(loaded, kinds, report, suggest.hint)
    return Provenance(
        tuple(layers_of(expanded, kinds, report, suggest)), expanded.defaults, loaded.settings
    )
