"""Which element of a list is which element of the list as it was before.

People and the API tell elements apart by an id or a key; where there is none, by what they say:
equal ones are the same, wherever they stand, then those that share the most, and at last those
that stand in the same gap.
"""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from itertools import pairwise

from .jsonform import canonical_json

_IDENTITIES = ("id", "uid", "key")
_MOST_PAIRS = 20_000
"""How many pairs of elements are looked at; beyond, only equal ones find each other."""
_ALIKE = 0.5
_DEEPEST = 6


def alignment(before: Sequence[object], after: Sequence[object]) -> tuple[int | None, ...]:
    """Say of each element of ``after`` which one of ``before`` it was; None where it is new.

    No element of ``before`` is named twice. The order may differ: elements move.
    """
    by_name = _by_identity(before, after)
    if by_name is not None:
        return by_name
    found: list[int | None] = [None] * len(after)
    left = _equal_ones(before, after, found)
    _alike_ones(before, after, left, found)
    _neighbours(before, after, left, found)
    return tuple(found)


def identity(before: Sequence[object], after: Sequence[object]) -> str | None:
    """Find the name that tells the elements apart on both sides, if there is one."""
    for name in _IDENTITIES:
        if _values(before, name) is not None and _values(after, name) is not None:
            return name
    return None


def likeness(one: object, two: object, depth: int = 0) -> float:
    """Say how much two values share, between 0 (nothing) and 1 (they are equal)."""
    if depth < _DEEPEST and (one or two):
        if isinstance(one, Mapping) and isinstance(two, Mapping):
            shared = sum(likeness(one[n], two[n], depth + 1) for n in one.keys() & two.keys())
            return shared / len(one.keys() | two.keys())
        if isinstance(one, list) and isinstance(two, list):
            pairs = zip(one, two, strict=False)
            return sum(likeness(*pair, depth + 1) for pair in pairs) / max(len(one), len(two))
    return float(type(one) is type(two) and one == two)


def _by_identity(
    before: Sequence[object], after: Sequence[object]
) -> tuple[int | None, ...] | None:
    name = identity(before, after)
    if name is None:
        return None
    places = {value: number for number, value in enumerate(_values(before, name) or ())}
    return tuple(places.get(value) for value in _values(after, name) or ())


def _values(elements: Sequence[object], name: str) -> list[str | int] | None:
    found: list[str | int] = []
    for element in elements:
        value = element.get(name) if isinstance(element, Mapping) else None
        if not isinstance(value, str | int):
            return None
        found.append(value)
    return found if len(set(found)) == len(found) else None


def _equal_ones(
    before: Sequence[object], after: Sequence[object], found: list[int | None]
) -> set[int]:
    """Find equal elements; answers which ones of before are left.

    Those that both lists begin and end with are the same; of the others the first is the first.
    """
    old, new = [_form(element) for element in before], [_form(element) for element in after]
    first = _shared(old, new)
    last = min(_shared(old[::-1], new[::-1]), min(len(old), len(new)) - first)
    for number in range(first):
        found[number] = number
    for number in range(1, last + 1):
        found[len(new) - number] = len(old) - number
    places: dict[bytes, deque[int]] = defaultdict(deque)
    for number in range(first, len(old) - last):
        places[old[number]].append(number)
    for number in range(first, len(new) - last):
        same = places.get(new[number])
        if same:
            found[number] = same.popleft()
    return {number for numbers in places.values() for number in numbers}


def _shared(one: Sequence[bytes], two: Sequence[bytes]) -> int:
    """Count how many elements two lists begin with alike."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b),
        min(len(one), len(two)),
    )


def _alike_ones(
    before: Sequence[object], after: Sequence[object], left: set[int], found: list[int | None]
) -> None:
    new = [number for number, was in enumerate(found) if was is None]
    if len(left) * len(new) > _MOST_PAIRS:
        return
    pairs = [
        (-alike, abs(was - number), number, was)
        for was in left
        for number in new
        if (alike := likeness(before[was], after[number])) >= _ALIKE
    ]
    for _, _, number, was in sorted(pairs):
        if found[number] is None and was in left:
            found[number] = was
            left.remove(was)


def _neighbours(
    before: Sequence[object], after: Sequence[object], left: set[int], found: list[int | None]
) -> None:
    """Pair what is left, and could be the same, where as many stand between the same two."""
    fixed = [(-1, -1), *((n, was) for n, was in enumerate(found) if was is not None)]
    fixed.append((len(after), len(before)))
    for (number, was), (next_number, next_was) in pairwise(fixed):
        olds, news = range(was + 1, next_was), range(number + 1, next_number)
        if len(olds) == len(news) and left.issuperset(olds):
            for old, new in zip(olds, news, strict=True):
                if _could_be(before[old], after[new]):
                    found[new] = old


def _could_be(one: object, two: object) -> bool:
    """Tell whether one may have become the other: mappings need a name that both have."""
    first = one.keys() if isinstance(one, Mapping) else ()
    second = two.keys() if isinstance(two, Mapping) else ()
    return (not first and not second) or not set(first).isdisjoint(second)


def _form(element: object) -> bytes:
    try:
        return canonical_json(element)
    except TypeError:  # an id that only the server can give
        return repr(element).encode()
