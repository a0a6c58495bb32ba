"""What was right when a folder was checked before, for a process that checks it again and again.

Checking gives the same with it as without. So only what had no problem is remembered, with all that
it depends on, and every part of that is compared before it is used:

- what the instances of a file make: the nodes of the file, and of all templates
- what a file declares: the nodes of the file
- what a resource says: its nodes, and that what it refers to is still there
- whether resources of a kind are all different: each resource

Kinds and variables are in everything; where these are others, all is forgotten.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from ...catalogue import Kind
from ...diagnostics import Problem
from ...values.address import Address
from ..expand import MadeBefore
from ..load import Source, Variables
from ..load.nodes import Entry, MappingNode
from ..resource import KeyReference, Resource, references_in
from .declaration import Declared
from .different import Different

SPARE = 1_000
"""So many addresses that are gone are remembered in any case."""

Found: TypeAlias = dict[Address, Declared]
"""What one file declares."""


class Right(NamedTuple):
    """A resource that was read without a problem: its nodes, and the addresses that it refers to.

    ``missing`` is what was said of columns that a create would need.
    """

    columns: MappingNode
    resource: Resource
    uses: frozenset[Address]
    missing: Problem | None


class Over(NamedTuple):
    """Columns that were laid over others, and what came of it."""

    below: MappingNode
    above: MappingNode
    result: MappingNode
    given: Mapping[str, Entry] = MappingProxyType({})
    """Defaults that were laid under."""


@dataclass(slots=True)
class Memory:
    """What is remembered of one folder; with other kinds or variables it begins anew."""

    kinds: Mapping[str, Kind] | None = None
    variables: Variables | None = None
    unset_is_error: bool = False
    made: MadeBefore = field(default_factory=MadeBefore)
    files: dict[int, tuple[MappingNode, Found]] = field(default_factory=dict)
    """What roots declare, by the identity of each; ``before`` are those of the last time."""
    before: dict[int, tuple[MappingNode, Found]] = field(default_factory=dict)
    rights: dict[Address, Right] = field(default_factory=dict)
    overs: dict[tuple[int, Address], Over] = field(default_factory=dict)
    different: dict[str, Different] = field(default_factory=dict)
    """By kind what its resources are told apart by."""
    learns: bool = True

    def begin(
        self, kinds: Mapping[str, Kind], variables: Variables, *, unset_is_error: bool
    ) -> None:
        """Forget all of it where it is about other kinds or variables."""
        same = self.kinds is kinds and self.variables == variables
        if not same or self.unset_is_error is not unset_is_error:
            for part in (self.files, self.rights, self.overs, self.different):
                part.clear()
        self.kinds, self.variables, self.unset_is_error = kinds, variables, unset_is_error
        self.before, self.files = self.files, {}

    def fork(self) -> "Memory":
        """Give a memory of what this one knows, which takes nothing: for what is only tried."""
        return replace(
            self,
            made=MadeBefore(),
            files=dict(self.files),
            rights=dict(self.rights),
            overs=dict(self.overs),
            different={},
            learns=False,
        )

    def declared(self, source: Source) -> Found | None:
        """Give what a file declares, where all of it was right."""
        known = self.before.get(id(source.root))
        if known is None or known[0] is not source.root:
            return None
        self.files[id(source.root)] = known
        return known[1]

    def keep_declared(self, source: Source, items: list[Declared]) -> None:
        """Remember what a file declares; nothing is wrong with it."""
        found = {item.address: item for item in items} if self.learns else {}
        if source.root is not None and len(found) == len(items):
            self.files[id(source.root)] = source.root, found

    def keep_right(self, item: Declared, resource: Resource, missing: Problem | None) -> None:
        """Remember a resource; nothing is wrong with it."""
        if not self.learns or resource.renamed_from is not None:
            return  # what it had been must not be there: that changes with others
        uses = frozenset(_uses(resource))
        self.rights[item.address] = Right(item.columns, resource, uses or _NONE, missing)

    def forget_others(self, declared: Collection[Address]) -> None:
        """Forget addresses that are nowhere any more, once they are most of what is remembered.

        Who types a key makes an address with each letter.
        """
        if len(self.rights) > SPARE + 2 * len(declared):
            self.rights = {a: right for a, right in self.rights.items() if a in declared}
        if len(self.overs) > SPARE + 2 * len(declared):
            self.overs = {key: over for key, over in self.overs.items() if key[1] in declared}


_NONE: frozenset[Address] = frozenset()


def _uses(resource: Resource) -> Iterator[Address]:
    for reference in (*resource.references, *references_in(resource.inputs)):
        if isinstance(reference, KeyReference):
            yield reference.address
