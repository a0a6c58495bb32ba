"""Where each node stands: layers from left to right, referenced first, few crossings.

::

    layer 0      layer 1          layer 2
    contacts <-- bookings <------ tasks          a reference over several layers goes
        ^-----------·------------ invoices       through a point in each layer between

Nodes that nothing ties together fill rows below. Circles, which only kinds have, are cut open
where they are met.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

from .model import Graph

ROW = 34.0
HEIGHT = 24.0
GAP = 90.0
LETTER = 6.8
MARGIN = 16.0
ROUNDS = 6
LOOSE_WIDTH = 1100.0


class Box(NamedTuple):
    """A node's place: its top left corner and its width."""

    x: float
    y: float
    width: float

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + HEIGHT / 2


class Route(NamedTuple):
    """A reference's way: from the left side of its source to the right side of its target."""

    source: str
    target: str
    label: str
    points: tuple[tuple[float, float], ...]


class Layout(NamedTuple):
    """Everything with its place, and how large the whole is."""

    boxes: Mapping[str, Box]
    routes: tuple[Route, ...]
    width: float
    height: float


def widths_of(graph: Graph) -> dict[str, float]:
    """Measure the nodes by what is written in them."""
    return {
        name: (len(node.label) + 2 * bool(node.action)) * LETTER + 20
        for name, node in graph.nodes.items()
    }


def lay_out(graph: Graph) -> Layout:
    """Give every node a place and every reference a way."""
    ends = [(e.source, e.target) for e in graph.edges if e.source != e.target]
    tied = {name for pair in ends for name in pair}
    layer = _layers([name for name in graph.nodes if name in tied], ends)
    chains = {pair: _chain(*pair, layer) for pair in ends}
    columns = _columns(layer, chains.values())
    widths = widths_of(graph)
    boxes, below, right = _placed(columns, widths)
    loose = [name for name in graph.nodes if name not in tied]
    boxes, below, right = _in_rows(loose, widths, boxes, below, right)
    routes = tuple(
        Route(edge.source, edge.target, edge.label, _points(chains[edge[:2]], boxes))
        for edge in graph.edges
        if edge.source != edge.target
    )
    named = {name: box for name, box in boxes.items() if isinstance(name, str)}
    return Layout(named, routes, right + MARGIN, below + MARGIN)


class Bend(NamedTuple):
    """The point where a long reference crosses a layer."""

    source: str
    target: str
    layer: int


Stop = str | Bend
Pair = tuple[str, str]


def _layers(names: Sequence[str], ends: Iterable[Pair]) -> dict[str, int]:
    """Put each node one layer after the last one that it refers to."""
    ahead: dict[str, list[str]] = {name: [] for name in names}
    for source, target in ends:
        ahead[source].append(target)
    layer: dict[str, int] = {}
    for root in names:
        open_now: dict[str, int] = {root: 0}
        while open_now:
            here = next(reversed(open_now))
            step = open_now[here]
            if here in layer or step == len(ahead[here]):
                done = [layer[t] + 1 for t in ahead[here] if t in layer]
                layer.setdefault(here, max(done, default=0))
                del open_now[here]
                continue
            open_now[here] += 1
            target = ahead[here][step]
            if target not in layer and target not in open_now:
                open_now[target] = 0
    return layer


def _chain(source: str, target: str, layer: Mapping[str, int]) -> list[Stop]:
    """List the stops of a reference, from its source to its target."""
    start, end = layer[source], layer[target]
    step = -1 if start > end else 1
    bends: list[Stop] = [Bend(source, target, at) for at in range(start + step, end, step)]
    return [source, *bends, target]


def _columns(layer: Mapping[str, int], chains: Iterable[list[Stop]]) -> list[list[Stop]]:
    """Order every layer so that stops are near their neighbours."""
    columns: list[list[Stop]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    near: dict[Stop, list[Stop]] = {}
    for name, at in layer.items():
        columns[at].append(name)
    for chain in chains:
        for stop in chain:
            if isinstance(stop, Bend):
                columns[stop.layer].append(stop)
        for one, other in pairwise(chain):
            near.setdefault(one, []).append(other)
            near.setdefault(other, []).append(one)
    place = {stop: height for column in columns for stop, height in _heights(column)}
    for turn in range(ROUNDS):
        for column in columns if turn % 2 == 0 else reversed(columns):
            mean = {stop: fmean(place[other] for other in near[stop]) for stop in column}
            column.sort(key=mean.__getitem__)
            place.update(_heights(column))
    return columns


def _heights(column: Sequence[Stop]) -> Iterable[tuple[Stop, float]]:
    """Measure heights from the middle, since all layers are centred on one line."""
    return ((stop, number - (len(column) - 1) / 2) for number, stop in enumerate(column))


def _placed(
    columns: Sequence[Sequence[Stop]], widths: Mapping[str, float]
) -> tuple[dict[Stop, Box], float, float]:
    tallest = max(map(len, columns), default=0)
    boxes: dict[Stop, Box] = {}
    x = MARGIN
    for column in columns:
        width = max((widths[s] for s in column if isinstance(s, str)), default=60.0)
        top = MARGIN + (tallest - len(column)) * ROW / 2
        for row, stop in enumerate(column):
            boxes[stop] = Box(x, top + row * ROW, width)
        x += width + GAP
    return boxes, MARGIN + tallest * ROW, x - GAP if columns else MARGIN


def _in_rows(
    names: Sequence[str],
    widths: Mapping[str, float],
    boxes: dict[Stop, Box],
    below: float,
    right: float,
) -> tuple[dict[Stop, Box], float, float]:
    """Put what is tied to nothing into rows below the rest."""
    x, y, limit = MARGIN, below + (ROW / 2 if boxes else 0), max(right, LOOSE_WIDTH)
    for name in names:
        if x > MARGIN and x + widths[name] > limit:
            x, y = MARGIN, y + ROW
        boxes[name] = Box(x, y, widths[name])
        x += widths[name] + 12
        right = max(right, x - 12)
    return boxes, y + ROW if names else below, right


def _points(chain: Sequence[Stop], boxes: Mapping[Stop, Box]) -> tuple[tuple[float, float], ...]:
    first, last = boxes[chain[0]], boxes[chain[-1]]
    leftward = first.x > last.x
    start = (first.x if leftward else first.x + first.width, first.middle)
    end = (last.x + last.width if leftward else last.x, last.middle)
    bends = [boxes[stop] for stop in chain[1:-1]]
    between = [
        point
        for box in bends
        for point in ((box.x + box.width, box.middle), (box.x, box.middle))[
            :: 1 if leftward else -1
        ]
    ]
    return (start, *between, end)
