"""Likely names: what PostgreSQL and PostgREST propose for one that does not exist."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import sqrt

_FAR = 3


def column_hint(name: str, table: str, columns: Iterable[str]) -> str | None:
    """Propose columns as PostgreSQL does: near by edit distance, one or two of them.

    A third that is as near as these makes it forget all three.
    """
    best, near = _FAR + 1, list[str]()
    for column in columns:
        distance = edit_distance(column, name)
        if distance > len(name.encode()) // 2 or distance > best:
            continue
        if distance < best:
            best, near = distance, [column]
        elif best <= _FAR:
            near = [*near, column] if len(near) < 2 else []
    if not near:
        return None
    shown = " or the column ".join(f'"{table}.{column}"' for column in near)
    return f"Perhaps you meant to reference the column {shown}."


def edit_distance(one: str, other: str) -> int:
    """Count the insertions, deletions and replacements between two texts."""
    row = list(range(len(other) + 1))
    for number, char in enumerate(one, 1):
        before, row[0] = row[0], number
        for place, found in enumerate(other, 1):
            cost = min(row[place] + 1, row[place - 1] + 1, before + (char != found))
            before, row[place] = row[place], cost
    return row[-1]


def alike(wanted: str, known: Sequence[str]) -> list[str]:
    """Find names that are like one, best first, as PostgREST does: by what pieces they share.

    The name itself is not among them.
    """
    wanted = wanted.lower()
    names = {name.lower(): name for name in known}
    if wanted in names:
        return []
    for size in (3, 2):
        grams = _grams(wanted, size)
        shared = {name: _likeness(grams, _grams(name, size)) for name in names}
        near = sorted((n for n in names if shared[n] > 0), key=lambda name: -shared[name])[:50]
        scored = [(1 - edit_distance(n, wanted) / max(len(n), len(wanted)), n) for n in near]
        scored.sort(key=lambda pair: -pair[0])
        found = [names[name] for score, name in scored if score >= 0.33]
        if found:
            return found
    return []


def _grams(text: str, size: int) -> Counter[str]:
    plain = "".join(char for char in text if char.isalnum() or char in ", ")
    padded = f"-{plain}-".ljust(size, "-")
    return Counter(padded[at : at + size] for at in range(len(padded) - size + 1))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    product = sum(count * other[gram] for gram, count in one.items())
    return product / (_length(one) * _length(other))


def _length(grams: Counter[str]) -> float:
    return sqrt(sum(count * count for count in grams.values()))
