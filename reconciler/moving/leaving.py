"""Blocks that leave a folder: their references are edited where they stand, then they are cut."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..configuration.load.files import shown
from ..configuration.load.nodes import Origin
from ..configuration.provenance import BASE, provenance_of
from ..diagnostics import Problem
from ..values.address import Address
from ..yamltext.edits import Text
from ..yamltext.quotes import inline
from ..yamltext.spots import Spot, size_of
from .blocks import find_unknown, take_out
from .cut import is_entangled, lines_of
from .finding import criteria_of
from .mentions import Looking, Mention, Mentions
from .problem import cannot_move
from .workspace import Workspace

Spans = Mapping[Path, Sequence[tuple[int, int]]]
Known = Mapping[tuple[str, frozenset[tuple[str, str]]], Address]
"""The resource that a lookup means, by its kind and the texts that it compares with."""


@dataclass(slots=True)
class Leaving:
    """The resources that leave a folder; ``became`` says what each address is once edited."""

    space: Workspace
    moving: Mapping[Address, None]
    problems: list[Problem] = field(default_factory=list)
    became: dict[Address, Address] = field(default_factory=dict)

    def wrong(self) -> Iterator[Problem]:
        """Find what cannot leave as it is."""
        yield from find_unknown(self.space, self.moving)
        provenance = self.space.files.provenance(self.space.kinds)
        for address in self.moving:
            resource = self.space.configuration.resources.get(address)
            if resource is None or resource.position.made_by:
                continue
            if resource.renamed_from:
                hint = "apply that, and take $renamed_from out first"
                yield cannot_move(f"{address} has $renamed_from", hint, address, resource.position)
            layers = [number for number, _ in provenance.declaring(address)]
            if layers != [BASE]:
                hint = "move what the overlay says into the folder, or forget it there, first"
                says = f"an overlay says something of {address}"
                yield cannot_move(says, hint, address, resource.position)
                continue
            found = self.space.files.spot(provenance.layers[BASE][address].position)
            if found is None or is_entangled(*found):
                hint = "write it out without anchors, aliases and merges first"
                says = f"{address} shares text with others"
                yield cannot_move(says, hint, address, resource.position)

    def edit(self, known: Known) -> None:
        """Let references across be lookups; lookups of what is ``known`` there become keys."""
        before = provenance_of(self.space.loaded, self.space.kinds).layers[BASE]
        spans = self._spans()
        mentions = Mentions.of(self.space.kinds, [text.tree for _, text in self.space.texts()])
        for path, text in self.space.texts():
            for mention in mentions.find(text.tree):
                inside = _is_inside(mention.node.start, spans.get(path, ()))
                target = Address(mention.name, mention.node.text)
                across = (target in self.moving) != inside
                if across and target in before and not mention.own and not mention.pair:
                    self._look_up(path, text, mention, target)
            for looking in mentions.lookups(text.tree):
                if _is_inside(looking.node.start, spans.get(path, ())):
                    name_again(text, looking, known)
        after = provenance_of(self.space.read_loosely(), self.space.kinds).layers[BASE]
        self.became = dict(zip(before, after, strict=False))

    def cut(self) -> Mapping[str, list[str]]:
        """Take the blocks out; gives their texts by kind, in the order of the files."""
        space = self.space
        provenance = space.files.provenance(space.kinds)
        spots: list[tuple[str, Text, Spot]] = []
        for address in self.order:
            found = space.files.spot(provenance.layers[BASE][self.became[address]].position)
            if found is not None:
                spots.append((address.kind, *found))
        going = Counter(id(spot.parent) for _, _, spot in spots)
        by_kind: dict[str, list[str]] = {}
        for kind, text, spot in spots:
            whole = spot.number == 0 and going[id(spot.parent)] == size_of(spot.parent)
            by_kind.setdefault(kind, []).append(lines_of(text, spot, whole=whole))
        gone = [self.became[address] for address in self.order]
        self.problems += take_out(space.files, provenance, gone)
        return by_kind

    @property
    def order(self) -> list[Address]:
        """What leaves, in the order of the files."""
        return [one for one in self.space.configuration.resources if one in self.moving]

    @property
    def stayed(self) -> dict[Address, Address]:
        """What every address that stays became."""
        return {old: new for old, new in self.became.items() if old not in self.moving}

    def _look_up(self, path: Path, text: Text, mention: Mention, target: Address) -> None:
        space = self.space
        declared = space.files.provenance(space.kinds).layers[BASE].get(target)
        found = next(criteria_of(space.kinds[target.kind], declared), None) if declared else None
        if found is not None and not mention.fixed:
            text.replace(mention.node.start, mention.node.stop, found.written())
            return
        says = f"{target} would be in the other folder, and no lookup can stand for it here"
        if mention.fixed:
            says = f"{target} is a name in a mapping, where no lookup can stand for it"
        place = Origin(shown(path), text.text).at(mention.node.start, mention.node.stop)
        self.problems.append(cannot_move(says, "move both, or neither", target, place))

    def _spans(self) -> Spans:
        spans: dict[Path, list[tuple[int, int]]] = {}
        provenance = self.space.files.provenance(self.space.kinds)
        paths = {id(text): path for path, text in self.space.texts()}
        for address in self.moving:
            found = self.space.files.spot(provenance.layers[BASE][address].position)
            if found:
                text, spot = found
                spans.setdefault(paths[id(text)], []).append((spot.key.place, spot.value.stop))
        return {path: sorted(some) for path, some in spans.items()}


def by_texts(space: Workspace, addresses: Collection[Address]) -> Known:
    """Say which resource a lookup means, by the texts that it compares with."""
    layer = space.files.provenance(space.kinds).layers[BASE]
    return {
        (address.kind, criteria.texts): address
        for address in addresses
        if address in layer
        for criteria in criteria_of(space.kinds[address.kind], layer[address])
    }


def name_again(text: Text, looking: Looking, known: Known) -> None:
    """Let a key stand for a lookup of what is in the same folder."""
    target = known.get((looking.kind, looking.criteria))
    if target is not None:
        node = looking.node
        text.replace(node.start, node.stop, inline(target.key, flow=True))


def _is_inside(offset: int, spans: Sequence[tuple[int, int]]) -> bool:
    number = bisect_right(spans, offset, key=lambda span: span[0]) - 1
    return number >= 0 and offset < spans[number][1]
