"""Move blocks to the folder of another stack; the rows stay, and each folder knows whose they are.

edit the references → cut the blocks → put them there → read both folders again, and prove that
every resource says the same as before

What refers across the two folders afterwards does so by a lookup, and a lookup of what is now in
the same folder becomes a key again. The edits are made where the blocks stand; so their text, with
its comments, is moved as it is.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..configuration.provenance import BASE, provenance_of
from ..diagnostics import Problem, UsageError
from ..values.address import Address
from ..yamltext.edits import Text
from ..yamltext.quotes import inline
from ..yamltext.spots import Spot
from .blocks import find_unknown, take_out, users_of
from .cut import is_entangled, lines_of, put_in
from .finding import criteria_of
from .mentions import Looking, Mention, Mentions
from .problem import cannot_move, refused
from .proof import Became, prove
from .workspace import Workspace

Spans = Mapping[Path, Sequence[tuple[int, int]]]


def dependents_of(space: Workspace, addresses: Iterable[Address]) -> list[Address]:
    """Give resources with everything that refers to them, in the order of the files."""
    found = set(addresses)
    while more := {user.address for user, _, _ in users_of(space.configuration, found)}:
        found |= more
    known = [address for address in space.configuration.resources if address in found]
    return [*known, *(address for address in addresses if address not in known)]


def move_across(here: Workspace, there: Workspace, addresses: Sequence[Address]) -> Became:
    """Edit the files of both folders in memory; raises ConfigurationError with every problem."""
    _check_folders(here, there)
    move = _Move(here, there, dict.fromkeys(addresses))
    problems = [*find_unknown(here, addresses), *move.wrong()]
    if problems:
        raise refused(problems)
    move.edit_here()
    move.edit_there()
    if move.problems:
        raise refused(move.problems)
    moved = move.carry()
    if move.problems:
        raise refused(move.problems)
    return moved


def _check_folders(here: Workspace, there: Workspace) -> None:
    if here.folder.resolve() == there.folder.resolve():
        raise UsageError(f"{there.folder} is the folder that the blocks are in")
    if here.configuration.stack == there.configuration.stack:
        hint = "each folder needs a stack of its own"
        raise UsageError(f"both folders have the stack {here.configuration.stack}", hint=hint)


@dataclass(slots=True)
class _Move:
    here: Workspace
    there: Workspace
    moving: Mapping[Address, None]
    problems: list[Problem] = field(default_factory=list)
    became: dict[Address, Address] = field(default_factory=dict)
    """In the folder that things leave: what each address is once references are edited."""
    there_became: dict[Address, Address] = field(default_factory=dict)

    def wrong(self) -> Iterator[Problem]:
        """Find what cannot be moved as it is."""
        provenance = self.here.files.provenance(self.here.kinds)
        for address in self.moving:
            resource = self.here.configuration.resources.get(address)
            if resource is None or resource.position.made_by:
                continue
            if address in self.there.configuration.resources:
                hint = "rename one of the two first"
                yield cannot_move(f"{address} is in {self.there.folder} already", hint, address)
            if resource.renamed_from:
                hint = "apply that, and take $renamed_from out first"
                yield cannot_move(f"{address} has $renamed_from", hint, address, resource.position)
            layers = [number for number, _ in provenance.declaring(address)]
            if layers != [BASE]:
                hint = "move what the overlay says into the folder, or forget it there, first"
                says = f"an overlay says something of {address}"
                yield cannot_move(says, hint, address, resource.position)
                continue
            found = self.here.files.spot(provenance.layers[BASE][address].position)
            if found is None or is_entangled(*found):
                hint = "write it out without anchors, aliases and merges first"
                says = f"{address} shares text with others"
                yield cannot_move(says, hint, address, resource.position)

    def edit_here(self) -> None:
        """Let references across be lookups, and lookups of what is there be keys."""
        before = provenance_of(self.here.loaded, self.here.kinds).layers[BASE]
        spans, mentions = self._spans(), self._mentions(self.here)
        known = _by_texts(self.there, self.there.configuration.resources)
        for path, text in self.here.texts():
            for mention in mentions.find(text.tree):
                inside = _is_inside(mention.node.start, spans.get(path, ()))
                target = Address(mention.name, mention.node.text)
                across = (target in self.moving) != inside
                if across and target in before and not mention.own and not mention.pair:
                    self._look_up(self.here, text, mention, target)
            for looking in mentions.lookups(text.tree):
                if _is_inside(looking.node.start, spans.get(path, ())):
                    _name(text, looking, known)
        after = provenance_of(self.here.read_loosely(), self.here.kinds).layers[BASE]
        self.became = dict(zip(before, after, strict=False))

    def edit_there(self) -> None:
        """Let lookups of what comes be keys."""
        before = provenance_of(self.there.loaded, self.there.kinds).layers[BASE]
        known = _by_texts(self.here, self.moving)
        mentions = self._mentions(self.there)
        for _, text in self.there.texts():
            for looking in mentions.lookups(text.tree):
                _name(text, looking, known)
        after = provenance_of(self.there.read_loosely(), self.there.kinds).layers[BASE]
        self.there_became = dict(zip(before, after, strict=False))

    def carry(self) -> Became:
        """Cut the blocks and put them there; then both folders are read again."""
        here, there = self.here, self.there
        provenance = here.files.provenance(here.kinds)
        order = [address for address in here.configuration.resources if address in self.moving]
        by_kind: dict[str, list[str]] = {}
        for address in order:
            declared = provenance.layers[BASE][self.became[address]]
            found = here.files.spot(declared.position)
            if found is not None:
                by_kind.setdefault(address.kind, []).append(lines_of(*found))
        gone = [self.became[address] for address in order]
        self.problems += take_out(here.files, provenance, gone)
        for name, blocks in by_kind.items():
            put_in(there.files, here.kinds[name], blocks)
        _, after_here = here.again()
        _, after_there = there.again()
        new = _new(after_there.resources, set(self.there_became.values()))
        moved = {old: next(new[old.kind], old) for old in order}
        stayed = {a: b for a, b in self.became.items() if a not in self.moving}
        result = Became(moved, stayed, self.there_became)
        self.problems += prove(
            here.configuration, there.configuration, after_here, after_there, result, here.kinds
        )
        return result

    def _look_up(self, space: Workspace, text: Text, mention: Mention, target: Address) -> None:
        declared = space.files.provenance(space.kinds).layers[BASE].get(target)
        found = next(criteria_of(space.kinds[target.kind], declared), None) if declared else None
        user = self.here.configuration.resources[target]
        if found is None or mention.fixed:
            hint = "move both, or neither"
            says = f"{target} would be in the other folder, and no lookup can stand for it"
            if mention.fixed:
                says = f"{target} is a name in a mapping, where no lookup can stand for it"
            self.problems.append(cannot_move(says, hint, target, user.position))
            return
        text.replace(mention.node.start, mention.node.stop, found.written())

    def _spans(self) -> Spans:
        spans: dict[Path, list[tuple[int, int]]] = {}
        provenance = self.here.files.provenance(self.here.kinds)
        paths = {id(text): path for path, text in self.here.texts()}
        for address in self.moving:
            found = self.here.files.spot(provenance.layers[BASE][address].position)
            if found:
                text, spot = found
                spans.setdefault(paths[id(text)], []).append((_start(spot), spot.value.stop))
        return {path: sorted(some) for path, some in spans.items()}

    def _mentions(self, space: Workspace) -> Mentions:
        return Mentions.of(space.kinds, [text.tree for _, text in space.texts()])


def _start(spot: Spot) -> int:
    return spot.key.place


def _is_inside(offset: int, spans: Sequence[tuple[int, int]]) -> bool:
    number = bisect_right(spans, offset, key=lambda span: span[0]) - 1
    return number >= 0 and offset < spans[number][1]


def _by_texts(
    space: Workspace, addresses: Collection[Address]
) -> dict[tuple[str, frozenset[tuple[str, str]]], Address]:
    """Say which resource a lookup means, by the texts that it compares with."""
    layer = space.files.provenance(space.kinds).layers[BASE]
    return {
        (address.kind, criteria.texts): address
        for address in addresses
        if address in layer
        for criteria in criteria_of(space.kinds[address.kind], layer[address])
    }


def _name(
    text: Text,
    looking: Looking,
    known: Mapping[tuple[str, frozenset[tuple[str, str]]], Address],
) -> None:
    target = known.get((looking.kind, looking.criteria))
    if target is not None:
        node = looking.node
        text.replace(node.start, node.stop, inline(target.key, flow=True))


def _new(
    resources: Iterable[Address], known: Collection[Address]
) -> Mapping[str, Iterator[Address]]:
    """Give the addresses that have come, in their order, by kind."""
    by_kind: dict[str, list[Address]] = {}
    for address in resources:
        if address not in known:
            by_kind.setdefault(address.kind, []).append(address)
    return {kind: iter(some) for kind, some in by_kind.items()}
