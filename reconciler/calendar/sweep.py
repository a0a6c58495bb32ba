"""Put the days of many rows together: from edge to edge, however far the edges are apart."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Literal

from .days import Span
from .sources import Source

Side = Literal["before", "after"]
Held = tuple[Source, Span, Side]
"""A source, days on which it holds, and whether it did or will."""

MOST_AT_ONCE = 50
"""So many sources of one day are told; nobody would read more."""

_Edge = tuple[float, bool, Side, Source]


@dataclass(frozen=True, slots=True)
class Period:
    """Days on which the same sources hold; they stand in the order of their rows."""

    start: float
    end: float
    before: tuple[Source, ...]
    after: tuple[Source, ...]

    @property
    def changed(self) -> bool:
        """Tell whether a day means something else than before."""
        return [one.meaning for one in self.before] != [one.meaning for one in self.after]


@dataclass(slots=True)
class _Open:
    """The sources that hold at a place; of the same one, two spans may touch there."""

    places: list[tuple[float, str, int]] = field(default_factory=list)
    sources: dict[tuple[float, str, int], Source] = field(default_factory=dict)

    def put(self, source: Source) -> None:
        key = (*source.place, id(source))
        insort(self.places, key)
        self.sources[key] = source

    def take(self, source: Source) -> None:
        key = (*source.place, id(source))
        del self.places[bisect_left(self.places, key)]

    def now(self) -> tuple[Source, ...]:
        return tuple(self.sources[key] for key in self.places[:MOST_AT_ONCE])


def periods(held: Iterable[Held]) -> list[Period]:
    """Give the periods in which anything holds, in their order, none like the next."""
    found: list[Period] = []
    for period in _between_edges(held):
        last = found[-1] if found else None
        same = last and (last.before, last.after) == (period.before, period.after)
        if last and same and last.end == period.start:
            found[-1] = Period(last.start, period.end, last.before, last.after)
        else:
            found.append(period)
    return found


def _between_edges(held: Iterable[Held]) -> Iterator[Period]:
    edges = sorted(_edges(held), key=itemgetter(0))
    sides: dict[Side, _Open] = {"before": _Open(), "after": _Open()}
    groups = [(day, list(group)) for day, group in groupby(edges, key=itemgetter(0))]
    for (start, group), (end, _) in pairwise(groups):
        for _, opens, side, source in group:
            if opens:
                sides[side].put(source)
            else:
                sides[side].take(source)
        before, after = sides["before"].now(), sides["after"].now()
        if before or after:
            yield Period(start, end, before, after)


def _edges(held: Iterable[Held]) -> Iterator[_Edge]:
    for source, span, side in held:
        yield span.start, True, side, source
        yield span.end, False, side, source
