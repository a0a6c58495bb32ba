"""Two texts in parts that are the same and parts that differ, written so that both can be told.

A difference that looks like none is spelled out, and only that: a joiner or an odd space in a part
that stays is left as it is.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ..visible import looks_like, spelled, visible

if TYPE_CHECKING:
    from regex import Pattern

MOST_COMPARED = 1_000
"""How many words or lines are compared; of more, only what is the same at both ends is found."""
SHORTEST_SAME = 3
"""What is the same between two changes is shown as changed where it is shorter."""

Escape = Callable[[str], str]
Run = tuple[Sequence[str], Sequence[str]]


class Part(NamedTuple):
    """A part of two texts as it is shown; where it is the same, both sides are."""

    before: str
    after: str

    @property
    def same(self) -> bool:
        """Tell whether nothing differs here."""
        return self.before == self.after


def quoted(before: str, after: str) -> tuple[str, str]:
    """Write two texts as JSON does, with whatever tells them apart to be seen."""
    parts = parts_of(before, after, lambda text: json.dumps(text, ensure_ascii=False)[1:-1])
    return f'"{"".join(p.before for p in parts)}"', f'"{"".join(p.after for p in parts)}"'


def parts_of(before: str, after: str, escape: Escape) -> list[Part]:
    """Lay two texts side by side, word by word."""
    parts: list[Part] = []
    for old, new in _joined(runs(tokens(before), tokens(after))):
        if old == new:
            text = visible(escape("".join(old)))
            parts.append(Part(text, text))
        else:
            parts += _changed(old, new, escape)
    return parts


def tokens(text: str) -> list[str]:
    """Split a text into words, line ends, spaces and signs; nothing is lost."""
    return _token().findall(text)


def runs(before: Sequence[str], after: Sequence[str]) -> Iterator[Run]:
    """Pair runs that are the same with runs that are not; bounded."""
    start = common(before, after)
    end = common(before[start:][::-1], after[start:][::-1])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    yield before[:start], after[:start]
    if len(old) + len(new) > MOST_COMPARED:
        yield old, new
    else:
        for _, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield old[i1:i2], new[j1:j2]
    yield before[len(before) - end :], after[len(after) - end :]


def common(before: Sequence[str], after: Sequence[str]) -> int:
    """Count what is the same at the beginning."""
    pairs = enumerate(zip(before, after, strict=False))
    shorter = min(len(before), len(after))
    return next((at for at, (one, other) in pairs if one != other), shorter)


@cache
def _token() -> "Pattern[str]":
    import regex

    return regex.compile(r"[\w\p{M}\p{Join_Control}\u00AD]+|\r?\n|\s|\X")


def _joined(
    runs: Iterable[Run],
) -> Iterator[Run]:
    """Join changes between which next to nothing is the same: nobody reads every other letter."""
    waiting: Run | None = None
    gap: Sequence[str] = ()
    for old, new in runs:
        if old == new:
            if waiting is None:
                yield old, new
            else:
                gap = [*gap, *old]
            continue
        if waiting is not None and len("".join(gap)) >= SHORTEST_SAME:
            yield waiting
            yield gap, gap
            waiting, gap = None, ()
        held_old, held_new = waiting or ((), ())
        waiting, gap = ([*held_old, *gap, *old], [*held_new, *gap, *new]), ()
    if waiting is not None:
        yield waiting
        yield gap, gap


def _changed(old: Sequence[str], new: Sequence[str], escape: Escape) -> Iterator[Part]:
    if len(old) == len(new):
        for one, other in zip(old, new, strict=True):
            yield Part(*_told_apart(one, other, escape))
    else:
        yield Part(*_told_apart("".join(old), "".join(new), escape))


def _told_apart(before: str, after: str, escape: Escape) -> tuple[str, str]:
    """Escape what people would take for the same; of a change that they see, only odd spaces."""
    if before == after:
        return (visible(escape(before)),) * 2
    if looks_like(before) == looks_like(after):
        return spelled(escape(before)), spelled(escape(after))
    return _with_odd_spaces(escape(before)), _with_odd_spaces(escape(after))


def _with_odd_spaces(text: str) -> str:
    return "".join(
        spelled(word) if word.isspace() and word != " " else visible(word) for word in tokens(text)
    )
