"""What the files declare: one entry per address, overlays laid over, no value read yet."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from ...catalogue import Kind
from ...diagnostics.words import shortened
from ...values.address import KEY_PATTERN, UUID_PATTERN, Address
from ..expand import Expanded
from ..load import SETTINGS, Source, Variables
from ..load.nodes import (
    BlockNode,
    Entry,
    MappingNode,
    Node,
    Scalar,
    SequenceNode,
    is_null,
    items,
)
from ..load.problems import ProblemReport
from .cell import describe
from .declaration import Declared
from .links import link_key, quick_link_key
from .memory import Found, Memory, Over
from .suggest import Suggester

EXTENSION = "x-"
"""Top-level keys that begin so hold anchors or notes and are not read."""


_NOTHING = MappingNode({}, 0)


class Declarations(NamedTuple):
    """Everything declared; ``limited`` are the addresses of the file that the run is limited to.

    ``only_above`` are those that overlays give, and the folder does not.
    """

    by_address: Mapping[Address, Declared]
    limited: frozenset[Address] | None
    only_above: frozenset[Address] = frozenset()

    @property
    def absent(self) -> frozenset[Address]:
        """The addresses of resources that shall not exist."""
        return frozenset(d.address for d in self.by_address.values() if d.absent)


def declare(
    expanded: Expanded,
    kinds: Mapping[str, Kind],
    report: ProblemReport,
    suggest: Suggester,
    memory: Memory | None = None,
) -> Declarations:
    """Find every resource of every file, lay overlays over them, and defaults under them."""
    limit = expanded.loaded.limit
    declared: dict[Address, Declared] = {}
    limited: set[Address] = set()
    above: set[Address] = set()
    for number, found in enumerate(layers_of(expanded, kinds, report, suggest, memory)):
        limited |= {a for a, item in found.items() if item.origin.name == limit} if limit else set()
        if not number:
            declared = found
            continue
        for address, item in found.items():
            below = declared.get(address)
            declared[address] = _laid_over(item, below, number, memory) if below else item
            if below is None:
                above.add(address)
    if expanded.defaults:
        declared = {a: _with_defaults(item, expanded, memory) for a, item in declared.items()}
    return Declarations(declared, None if limit is None else frozenset(limited), frozenset(above))


def layers_of(
    expanded: Expanded,
    kinds: Mapping[str, Kind],
    report: ProblemReport,
    suggest: Suggester,
    memory: Memory | None = None,
) -> Iterator[Found]:
    """Give what the folder declares, and then what each overlay does."""
    loaded = expanded.loaded
    finder = _Finder(kinds, expanded.templates, loaded.variables, report, suggest)
    for layer in loaded.layers:
        found: Found = {}
        for source in layer:
            known = memory.declared(source) if memory else None
            if known is not None and found.keys().isdisjoint(known):
                found.update(known)
                continue
            before = report.count, suggest.left
            items = list(finder.find(source))
            if memory and before == (report.count, suggest.left):
                memory.keep_declared(source, items)
            for item in items:
                _add(item, found, report)
        yield found


def _add(item: Declared, found: dict[Address, Declared], report: ProblemReport) -> None:
    first = found.setdefault(item.address, item)
    if first is not item:
        report.error(
            "duplicate-address",
            f"{item.address} is given twice, first at {first.position}",
            item.position,
            address=str(item.address),
            hint="keep one of the two",
            others=(first.position,),
        )


def _laid_over(item: Declared, below: Declared, layer: int, memory: Memory | None) -> Declared:
    over = memory.overs.get((layer, item.address)) if memory else None
    if over is None or over.below is not below.columns or over.above is not item.columns:
        # The place is the lower one: it is where the resource is described in full.
        entries = {**below.columns.entries, **item.columns.entries}
        columns = MappingNode(entries, below.columns.place)
        over = Over(below.columns, item.columns, columns)
        if memory:
            memory.overs[layer, item.address] = over
    return below._replace(columns=over.result, misshapen=below.misshapen and item.misshapen)


def _with_defaults(item: Declared, expanded: Expanded, memory: Memory | None) -> Declared:
    # An overlay's defaults are for what only the overlay gives: the place is always the lower one.
    kind, file = item.address.kind, item.origin.name
    given = expanded.defaults.of(kind, file)
    over = memory.overs.get((0, item.address)) if memory else None
    if over is None or over.above is not item.columns or over.given != given:
        columns = expanded.defaults.under(kind, file, item.columns)
        over = Over(item.columns, item.columns, columns, given)
        if memory:
            memory.overs[0, item.address] = over
    return item._replace(columns=over.result)


class _Finder(NamedTuple):
    kinds: Mapping[str, Kind]
    templates: Collection[str]
    variables: Variables
    report: ProblemReport
    suggest: Suggester

    def find(self, source: Source) -> Iterator[Declared]:
        """Find the resources of one file."""
        for name, entry in source.root.entries.items() if source.root else ():
            if name == SETTINGS or name.startswith(EXTENSION):
                continue
            kind = self._kind(name, entry)
            if kind is None or is_null(entry.value):
                continue
            found = self._links if kind.is_link else self._keyed
            yield from found(kind, entry)

    def _kind(self, name: str, entry: Entry) -> Kind | None:
        kind = self.kinds.get(name)
        if kind is None:
            place = entry.origin.position(entry.key)
            writable = [
                SETTINGS,
                *(k.name for k in self.kinds.values() if k.in_yaml),
                *self.templates,
            ]
            otherwise = "`reconciler explain` lists the kinds; keys that begin with x- are not read"
            hint = self.suggest.hint(name, writable, otherwise)
            message = f"there is no kind {shortened(name)!r}"
            self.report.error("unknown-kind", message, place, hint=hint)
        elif not kind.in_yaml:
            place = entry.origin.position(entry.key)
            message = f"{name} cannot be in the configuration: the API only lets them be read"
            self.report.error("read-only-kind", message, place, hint="take the block out")
            return None
        return kind

    def _keyed(self, kind: Kind, entry: Entry) -> Iterator[Declared]:
        if not isinstance(entry.value, MappingNode):
            example = f"write {kind.name}: {{some-key: {{…}}}}"
            self._wrong_shape(f"{kind.name} takes a mapping of keys", entry, entry.value, example)
            return
        for key, item in items(entry.value):
            if not self._key_fits(kind, key, item):
                continue
            address = Address(kind.name, key)
            if isinstance(item, BlockNode):
                yield Declared(address, item, item.origin, item.start)
            else:
                yield self._declared(address, item)

    def _declared(self, address: Address, item: Entry) -> Declared:
        start = item.key.place
        if isinstance(item.value, MappingNode):
            return Declared(address, item.value, item.origin, start)
        if is_null(item.value):
            return Declared(address, _NOTHING, item.origin, start)
        message = f"{address} takes a mapping of columns"
        self._wrong_shape(message, item, item.value, f"write {address.key}: {{column: value}}")
        return Declared(address, _NOTHING, item.origin, start, misshapen=True)

    def _key_fits(self, kind: Kind, key: str, item: BlockNode | Entry) -> bool:
        if KEY_PATTERN.match(key) and not UUID_PATTERN.match(key):
            return True
        reason = "is an id, not a key" if UUID_PATTERN.match(key) else "is not a valid key"
        if "${" in key:
            reason = "is not a key: variables are values, never structure"
        self.report.error(
            "bad-key",
            f"{kind.name}: {shortened(key)!r} {reason}",
            item.block if isinstance(item, BlockNode) else item.origin.position(item.key),
            hint=f"write a-z, 0-9, '_' and single '-', as in {_valid_key(key)}",
        )
        return False

    def _links(self, kind: Kind, entry: Entry) -> Iterator[Declared]:
        pair = [part.column for part in kind.natural_key]
        example = f"write {kind.name}: [{{{', '.join(f'{name}: …' for name in pair)}}}]"
        if not isinstance(entry.value, SequenceNode):
            self._wrong_shape(f"{kind.name} takes a list of pairs", entry, entry.value, example)
            return
        for item in entry.value.items:
            if not isinstance(item, MappingNode):
                self._wrong_shape(f"{kind.name} takes pairs", entry, item, example)
                continue
            key = quick_link_key(item, pair) if isinstance(item, BlockNode) else None
            if key is not None:
                yield Declared(Address(kind.name, key), item, entry.origin, item.place)
                continue
            entries = item.entries
            missing = [n for n in pair if n not in entries or is_null(entries[n].value)]
            if missing:
                place = entry.origin.position(item)
                message = f"an entry of {kind.name} lacks {' and '.join(missing)}"
                self.report.error("link-without-pair", message, place, hint=example)
                continue
            key = link_key([entries[name].value for name in pair], self.variables)
            yield Declared(Address(kind.name, key), item, entry.origin, item.place)

    def _wrong_shape(self, message: str, entry: Entry, node: Node, hint: str) -> None:
        place = entry.origin.position(node)
        self.report.error("wrong-shape", f"{message}, not {_shape(node)}", place, hint=hint)


def _valid_key(key: str) -> str:
    made = re.sub("[^a-z0-9_]+", "-", key.lower()).strip("-_")
    return made if KEY_PATTERN.match(made) and not UUID_PATTERN.match(made) else "summer-stay"


def _shape(node: Node) -> str:
    # A stray value may be anybody's name or mail address, so it is not shown.
    return "a single value" if isinstance(node, Scalar) else describe(node)
