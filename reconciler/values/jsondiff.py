"""The places where two JSON values differ, in an order that never changes.

The two are laid side by side first: elements of lists are paired, equal parts are put away, names
are written so that no rule of a library applies to them; deepdiff then compares path by path.
``differences`` applied to *before* give *after*:

==========  =================================================================================
removed     ``path`` ends with the index that the element had before
added       ``path`` ends with the index that it has after
moved       ``path`` ends with the index after; ``moved_from`` is the one before
changed     everything else; every other index in a path counts in *after*
==========  =================================================================================
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from .alignment import alignment, identity
from .column import JSON
from .jsonform import canonical_json

DEEPEST = 50
"""What lies deeper is compared as a whole."""


class Step(NamedTuple):
    """A name in an object or an index in a list; ``key`` is what tells the element apart."""

    at: str | int
    key: tuple[str, str | int] | None = None


class JsonDifference(NamedTuple):
    """One place that differs; ``removed`` and ``added`` say that the other value is none."""

    path: tuple[Step, ...]
    before: JSON = None
    after: JSON = None
    removed: bool = False
    added: bool = False
    moved_from: int | None = None


class _Leaf(str):
    """A part that is compared as a whole: its canonical form, with the value that it stands for."""

    __slots__ = ("value",)
    value: JSON


_Tree: TypeAlias = "_Leaf | dict[str, _Tree]"


def differences(before: JSON, after: JSON) -> list[JsonDifference]:
    """List where two values differ; nothing where they are equal by the canonical form."""
    from deepdiff import DeepDiff
    from deepdiff.helper import notpresent

    sides = _Sides()
    one, other = sides.laid(before, after, ())
    found = DeepDiff(
        {"": one},
        {"": other},
        view="tree",
        threshold_to_diff_deeper=0,
        ignore_private_variables=False,
    )
    places = list(sides.moves)
    for level in (level for levels in found.values() for level in levels):
        path = tuple(sides.steps[name] for name in level.path(output_format="list")[1:])
        places.append(
            JsonDifference(
                path,
                None if level.t1 is notpresent else level.t1.value,
                None if level.t2 is notpresent else level.t2.value,
                removed=level.t2 is notpresent,
                added=level.t1 is notpresent,
            )
        )
    return sorted(places, key=_order)


@dataclass(slots=True)
class _Sides:
    """Lays two values side by side; remembers which step each name in the trees stands for."""

    steps: dict[str, Step] = field(default_factory=dict)
    moves: list[JsonDifference] = field(default_factory=list)

    def laid(self, before: JSON, after: JSON, path: tuple[Step, ...]) -> tuple[_Tree, _Tree]:
        if len(path) < DEEPEST:
            if isinstance(before, dict) and isinstance(after, dict):
                return self._objects(before, after, path)
            if isinstance(before, list) and isinstance(after, list):
                return self._lists(before, after, path)
        return _leaf(before), _leaf(after)

    def _objects(
        self, before: dict[str, JSON], after: dict[str, JSON], path: tuple[Step, ...]
    ) -> tuple[_Tree, _Tree]:
        one: dict[str, _Tree] = {}
        other: dict[str, _Tree] = {}
        for name in {**before, **after}:
            step = Step(name)
            known = self._name(f".{name}", step)
            if name in before and name in after:
                one[known], other[known] = self.laid(before[name], after[name], (*path, step))
            elif name in before:
                one[known] = _leaf(before[name])
            else:
                other[known] = _leaf(after[name])
        return one, other

    def _lists(
        self, before: list[JSON], after: list[JSON], path: tuple[Step, ...]
    ) -> tuple[_Tree, _Tree]:
        one: dict[str, _Tree] = {}
        other: dict[str, _Tree] = {}
        was, key = alignment(before, after), identity(before, after)
        pairs = [(old, new) for new, old in enumerate(was) if old is not None]
        in_order = _rising([old for old, _ in pairs])
        for old, new in pairs:
            step = Step(new, _known_by(after[new], key))
            known = self._name(f"[{old}:{new}]{step.key}", step)
            one[known], other[known] = self.laid(before[old], after[new], (*path, step))
            if old not in in_order:
                self.moves.append(JsonDifference((*path, step), moved_from=old))
        kept_old, kept_new = {old for old, _ in pairs}, {new for _, new in pairs}
        for old in set(range(len(before))) - kept_old:
            one[self._name(f"-{old}", Step(old))] = _leaf(before[old])
        for new in set(range(len(after))) - kept_new:
            other[self._name(f"+{new}", Step(new))] = _leaf(after[new])
        return one, other

    def _name(self, name: str, step: Step) -> str:
        self.steps[name] = step
        return name


def _leaf(value: JSON) -> _Leaf:
    leaf = _Leaf(canonical_json(value).decode())
    leaf.value = value
    return leaf


def _known_by(item: JSON, key: str | None) -> tuple[str, str | int] | None:
    value = item.get(key) if key and isinstance(item, dict) else None
    return (key, value) if key and isinstance(value, str | int) else None


def _order(found: JsonDifference) -> tuple[list[tuple[bool, int, str]], bool]:
    """Sort names, then lists by index; what went stands in front of what came."""
    names = [(isinstance(step.at, str), step.at) for step in found.path]
    steps = [(named, 0 if isinstance(at, str) else at, str(at)) for named, at in names]
    return steps, not found.removed


def _rising(places: Sequence[int]) -> set[int]:
    """Find the most places that rise: what they are of has kept its order."""
    ends: list[int] = []  # the smallest end of a rising row of each length
    before: dict[int, int | None] = {}
    for place in places:
        length = bisect_left(ends, place)
        before[place] = ends[length - 1] if length else None
        ends[length : length + 1] = [place]
    found: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found
