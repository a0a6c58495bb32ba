"""Make in the files what an update decided, and remember what was done and what was not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from ..catalogue import Kind
from ..configuration.resource import Configuration
from ..exporting.spool import Spool
from ..exporting.values import Writing
from ..plan.change import Change
from ..values.address import Address
from ..values.column import JSON
from ..values.sent import pending
from ..yamltext.edits import EntangledError, Text
from ..yamltext.spots import Spot
from ..yamltext.tree import Collection
from .columns import set_columns
from .files import Files
from .parts import New
from .removing import remove
from .settling import Settled


@dataclass(slots=True)
class Editor:
    """Edits files, round by round; ``left`` says what it could not do.

    ``whole`` replaces whole values, where cuts inside them did not say what was wanted; so does
    a second round for a column that was ``tried`` before.
    """

    kinds: Mapping[str, Kind]
    settled: Settled
    writing: Writing
    whole: bool = False
    tried: set[tuple[Address | None, str]] = field(default_factory=set)
    added: dict[str, int] = field(default_factory=dict)
    changed: set[Address] = field(default_factory=set)
    removed: set[Address] = field(default_factory=set)
    left: dict[str, None] = field(default_factory=dict)

    def set(self, files: Files, configuration: Configuration, changes: Iterable[Change]) -> None:
        """Write the live values of the columns that differ."""
        for change in changes:
            if change.address and self.settled.concerns(change):
                self._set(files, configuration, change, change.address)

    def remove(self, files: Files, configuration: Configuration) -> None:
        """Take out the blocks whose rows are gone."""
        groups: dict[int, tuple[Text, Collection, list[tuple[Spot, Address]]]] = {}
        for address in self.settled.removed:
            position = configuration.resources[address].position
            if position.made_by:
                why = f"its row is gone, but the {position.made_by} makes it: $omit leaves it out"
                self._leave(address, why)
                continue
            found = files.spot(position)
            if found:
                text, spot = found
                group = groups.setdefault(id(spot.parent), (text, spot.parent, []))
                group[2].append((spot, address))
        for text, parent, spots in groups.values():
            # in brackets, what goes with an entry depends on which others go
            together = [spots] if parent.flow else [[one] for one in spots]
            for some in together:
                self._remove(text, parent, some)

    def add(self, files: Files, spool: Spool, *, single_file: bool) -> None:
        """Write the rows that are new."""
        for name, keys in self.settled.new.items():
            if keys:
                files.add(self.kinds[name], self._entries(spool, name), single_file=single_file)
                self.added[name] = len(keys)

    def _entries(self, spool: Spool, name: str) -> Iterator[tuple[str, dict[str, JSON]]]:
        kind = self.kinds[name]
        for row in spool.rows(name):
            key = self.settled.new[name][str(row[kind.id_column])]
            yield key, self.writing.columns(kind, key, row)

    def _set(
        self, files: Files, configuration: Configuration, change: Change, address: Address
    ) -> None:
        kind, resource = self.kinds[change.kind], configuration.resources[address]
        values = {
            name: new for name, new in self._new_values(kind, change) if name in resource.values
        }
        if values and resource.position.made_by:
            names, made_by = ", ".join(values), resource.position.made_by
            self._leave(address, f"{names} differs, but the {made_by} makes it: use $with")
            return
        found = files.spot(resource.position)
        if not values or not found:
            return
        try:
            set_columns(*found, values, kind.in_order)
            self.changed.add(address)
        except EntangledError:
            self._leave(address, f"{', '.join(values)} differs, but others use it by its anchor")

    def _new_values(self, kind: Kind, change: Change) -> Iterator[tuple[str, New]]:
        row = change.row or {}
        for name, difference in change.columns.items():
            column, live = kind.columns[name], difference.before
            if column.sensitive:
                self._leave(change.address, f"{name} differs; a secret is never exported")
            elif self.writing.fitness.unfit(kind, {name: live}):
                self._leave(change.address, f"{name} differs, but YAML cannot hold its live value")
            else:
                after = None if any(pending(difference.after)) else difference.after
                given = self.writing.value(kind, row, column, cast("JSON", after))
                value = self.writing.value(kind, row, column, live)
                again = (change.address, name) in self.tried
                self.tried.add((change.address, name))
                yield name, New(value, given, whole=self.whole or again)

    def _remove(self, text: Text, parent: Collection, spots: list[tuple[Spot, Address]]) -> None:
        try:
            remove(text, parent, [spot.number for spot, _ in spots])
            self.removed.update(address for _, address in spots)
        except EntangledError:
            for _, address in spots:
                self._leave(address, "its row is gone, but others use its block by an anchor")

    def _leave(self, address: Address | None, why: str) -> None:
        self.left[f"{address} is left as it is: {why}"] = None
