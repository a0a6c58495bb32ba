"""Make in the files what an update decided, and remember what was done and what was not.

Every value goes back to the place that it came from: an overlay's into the overlay, a template's
into the ``$with`` of the instance. What the folder gives is shared where there are overlays: the
live value goes over it, into the layer that takes what is new.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import cast

from ..catalogue import Kind
from ..configuration.expand.names import OMIT, WITH
from ..configuration.provenance import BASE, Provenance, instance_of
from ..configuration.resource import Configuration
from ..configuration.validate.declaration import Declared
from ..configuration.words import ABSENT
from ..diagnostics import Position
from ..exporting.spool import Spool
from ..exporting.values import Writing
from ..exporting.writing import Entry
from ..plan.change import Change
from ..values.address import Address
from ..values.column import JSON
from ..values.jsonform import same_json
from ..values.sent import pending
from ..yamltext.edits import EntangledError, Text
from ..yamltext.spots import Spot
from .columns import KeptError, set_columns
from .files import Files
from .holding import Held, as_written, hold
from .instances import Overrides, set_below
from .parts import New
from .removing import Removals
from .settling import Settled
from .variables import Uses


def everything(address: Address, column: str) -> bool:
    """Take every column that differs."""
    return True


@dataclass(slots=True)
class Editor:
    """Edits files, round by round; ``left`` says what it could not do.

    ``into`` is the layer that takes new rows, and what is laid over the folder where it is not the
    folder. ``takes`` chooses the columns whose live values are written. ``whole`` replaces whole
    values, where cuts inside them did not say what was wanted; so does a second round for a column
    that was ``tried`` before. ``uses`` are the variables that stand where something differs.
    """

    kinds: Mapping[str, Kind]
    settled: Settled
    writing: Writing
    whole: bool = False
    into: int = BASE
    takes: Callable[[Address, str], bool] = everything
    uses: Uses = field(default_factory=Uses)
    tried: set[tuple[Address | None, str]] = field(default_factory=set)
    added: dict[str, int] = field(default_factory=dict)
    changed: set[Address] = field(default_factory=set)
    removed: set[Address] = field(default_factory=set)
    left: dict[str, None] = field(default_factory=dict)
    _blocks: dict[tuple[int, str], dict[Address, dict[str, JSON]]] = field(default_factory=dict)
    _instances: dict[Position, dict[Address, dict[str, New]]] = field(default_factory=dict)

    def set(self, files: Files, configuration: Configuration, changes: Iterable[Change]) -> None:
        """Write the live values of the columns that differ; :meth:`write` has to follow."""
        self.uses.found.clear()
        for change in changes:
            if change.address and self.settled.concerns(change):
                self._set(files, configuration, change, change.address)

    def remove(self, files: Files, configuration: Configuration) -> None:
        """Take out the blocks whose rows are gone; :meth:`write` has to follow.

        What the folder gives stays where it is shared; over it is said that it shall not exist.
        """
        removals = Removals()
        provenance = files.provenance(self.kinds) if self.settled.removed else None
        for address in self.settled.removed:
            layers = list(provenance.declaring(address)) if provenance else []
            if self.into != BASE and layers and layers[-1][0] == BASE:
                self._put(files, address, self.into, {ABSENT: New(True)})
                continue
            for _, declared in layers:
                self._take_out(files, address, declared, removals)
        if provenance and self._instances:
            self._take_out_instances(files, provenance, removals)
        for address, done in removals.take_out():
            if done:
                self.removed.add(address)
            else:
                self._leave(address, "its row is gone, but others use its block by an anchor")

    def add(self, files: Files, spool: Spool, *, single_file: bool) -> None:
        """Write the rows that are new, and all that was set and removed so far."""
        self._write_instances(files)
        waiting = self._taken_blocks()
        for name, keys in self.settled.new.items():
            blocks = waiting.pop((self.into, name), [])
            if keys or blocks:
                new = self._entries(spool, name) if keys else ()
                files.add(
                    self.kinds[name], chain(blocks, new), single_file=single_file, layer=self.into
                )
            if keys:
                self.added[name] = len(keys)
        self._write_blocks(files, waiting)

    def write(self, files: Files) -> None:
        """Write what was set and removed so far, where it has no place of its own yet."""
        self._write_instances(files)
        self._write_blocks(files, self._taken_blocks())

    # -- columns -----------------------------------------------------------------------------------

    def _set(
        self, files: Files, configuration: Configuration, change: Change, address: Address
    ) -> None:
        kind, resource = self.kinds[change.kind], configuration.resources[address]
        provenance = files.provenance(self.kinds)
        by_layer: dict[int, dict[str, New]] = {}
        for name, new in self._new_values(kind, change, address, provenance):
            given = provenance.given(address, name)
            if given is None or name not in resource.values:
                continue
            layer = self.into if given.layer == BASE else given.layer
            by_layer.setdefault(layer, {})[name] = new
        for layer, values in by_layer.items():
            self._put(files, address, layer, values)

    def _put(self, files: Files, address: Address, layer: int, values: Mapping[str, New]) -> None:
        """Give columns in one layer: where its block is, in its instance, or in a new block."""
        provenance = files.provenance(self.kinds)
        declared = provenance.layers[layer].get(address)
        if declared is None:
            lowest = [each for _, each in provenance.declaring(address)][-1]
            columns = {name: new.written for name, new in values.items()}
            blocks = self._blocks.setdefault((layer, address.kind), {})
            blocks.setdefault(address, self._pair(address, lowest)).update(columns)
            self._did(address, values)
        elif (instance := instance_of(declared)) is not None:
            if self._is_named_by_pair(address, declared):
                wanted = self._instances.setdefault(instance, {}).setdefault(address, {})
                wanted.update(values)
            else:
                names = ", ".join(values)
                self._leave(address, f"{names} differs, and $with cannot name a link like this one")
        else:
            self._set_block(files, address, declared, values)

    def _set_block(
        self, files: Files, address: Address, declared: Declared, values: Mapping[str, New]
    ) -> None:
        found = files.block(declared.position)
        if not found:
            return
        order = [*self.kinds[address.kind].in_order, ABSENT]
        left: tuple[str, ...] = ()
        try:
            set_columns(*found, values, order)
        except KeptError as error:
            left = error.names
        except EntangledError:
            left = tuple(values)
        if left:
            why = "but an edit would change what others use by an anchor, or lose a variable"
            self._leave(address, f"{', '.join(left)} differs, {why}")
        if len(left) < len(values):
            self._did(address, values)

    def _pair(self, address: Address, lowest: Declared) -> dict[str, JSON]:
        """Write the pair that a link is known by, as the block says it that is laid over."""
        kind, entries = self.kinds[address.kind], lowest.columns.entries
        pair = [part.column for part in kind.natural_key] if kind.is_link else []
        return {name: as_written(entries[name].value) for name in pair}

    def _is_named_by_pair(self, address: Address, declared: Declared) -> bool:
        kind = self.kinds[address.kind]
        if not kind.is_link:
            return True
        entries = declared.columns.entries
        pair = [as_written(entries[part.column].value) for part in kind.natural_key]
        return "--".join(str(part) for part in pair) == address.key

    def _new_values(
        self, kind: Kind, change: Change, address: Address, provenance: Provenance
    ) -> Iterator[tuple[str, New]]:
        row = change.row or {}
        for name, difference in change.columns.items():
            column, live = kind.columns[name], difference.before
            if not self.takes(address, name):
                continue
            if column.sensitive:
                self._leave(address, f"{name} differs; a secret is never exported")
            elif self.writing.fitness.unfit(kind, {name: live}):
                self._leave(address, f"{name} differs, but YAML cannot hold its live value")
            else:
                after = None if any(pending(difference.after)) else difference.after
                said = self.writing.value(kind, row, column, cast("JSON", after))
                held = self._held(provenance, address, name, said, change)
                if held.needs and same_json(held.value, said):
                    continue
                again = (address, name) in self.tried
                self.tried.add((address, name))
                yield name, New(held.value, said, whole=self.whole or again, written=held.written)

    def _held(
        self, provenance: Provenance, address: Address, name: str, said: JSON, change: Change
    ) -> Held:
        """Make the live value of a column, in which variables stay; those that differ are noted."""
        kind = self.kinds[change.kind]
        value = self.writing.value(
            kind, change.row or {}, kind.columns[name], change.columns[name].before
        )
        given = provenance.given(address, name)
        if given is None:
            return Held(value, value)
        held = hold(given.entry.value, said, value)
        self.uses.add(address, kind.columns[name], held.needs)
        return held

    # -- blocks ------------------------------------------------------------------------------------

    def _take_out(
        self, files: Files, address: Address, declared: Declared, removals: Removals
    ) -> None:
        instance = instance_of(declared)
        if instance is not None:
            if self._is_named_by_pair(address, declared):
                self._instances.setdefault(instance, {})[address] = {OMIT: New(True)}
            else:
                self._leave(address, "its row is gone, and $with cannot name a link like this one")
            return
        _mark(files, declared.position, (address,), removals)

    def _take_out_instances(self, files: Files, provenance: Provenance, removals: Removals) -> None:
        """Take out instances of which nothing is left to be made."""
        made = Counter(
            instance
            for layer in provenance.layers
            for declared in layer.values()
            if (instance := instance_of(declared))
        )
        for position, by_address in list(self._instances.items()):
            if len(by_address) == made[position] and all(OMIT in v for v in by_address.values()):
                del self._instances[position]
                _mark(files, position, tuple(by_address), removals)

    def _entries(self, spool: Spool, name: str) -> Iterator[Entry]:
        kind = self.kinds[name]
        for row in spool.rows(name, self.settled.new[name]):
            key = self.settled.new[name][str(row[kind.id_column])]
            yield key, self.writing.columns(kind, key, row)

    # -- what is gathered first --------------------------------------------------------------------

    def _write_instances(self, files: Files) -> None:
        """Write what instances say otherwise, all of one instance at once."""
        waiting, self._instances = self._instances, {}
        for position, by_address in waiting.items():
            found = files.spot(position)
            if found:
                self._write_instance(*found, by_address)

    def _write_instance(
        self, text: Text, spot: Spot, by_address: Mapping[Address, Mapping[str, New]]
    ) -> None:
        overrides: dict[str, dict[str, Overrides | New]] = {}
        for address, values in by_address.items():
            overrides.setdefault(address.kind, {})[address.key] = values
        mark = text.mark()
        try:
            set_below(text, spot, {WITH: overrides}, ())
        except EntangledError:
            text.undo(mark)
            for address in by_address:
                self._leave(address, "it differs, but others use its instance by an anchor")
            return
        for address, values in by_address.items():
            self._did(address, values)

    def _taken_blocks(self) -> dict[tuple[int, str], list[Entry]]:
        waiting, self._blocks = self._blocks, {}
        return {
            place: [(address.key, columns) for address, columns in blocks.items()]
            for place, blocks in waiting.items()
        }

    def _write_blocks(
        self, files: Files, waiting: Mapping[tuple[int, str], Iterable[Entry]]
    ) -> None:
        for (layer, name), entries in waiting.items():
            files.add(self.kinds[name], entries, single_file=False, layer=layer)

    def _did(self, address: Address, values: Container[str]) -> None:
        (self.removed if ABSENT in values or OMIT in values else self.changed).add(address)

    def _leave(self, address: Address | None, why: str) -> None:
        self.left[f"{address} is left as it is: {why}"] = None


def _mark(
    files: Files, position: Position, addresses: tuple[Address, ...], removals: Removals
) -> None:
    found = files.spot(position)
    if found:
        removals.mark(*found, addresses)
