"""Texts of several lines: which lines differ, and of long ones the words around each change."""

from collections.abc import Iterator, Mapping, Sequence

from ...diagnostics.words import count
from ..visible import visible
from .clips import clips, in_line, shortened
from .parts import MOST_COMPARED, runs, tokens


def line_diff(before: str, after: str, width: int) -> list[str]:
    """Write what differs in two texts of lines, each behind ``-``, ``+`` or a space.

    ``… 3 lines`` stands for what is the same. No line is wider than ``width``; where one would
    be, there are the words around each of its changes instead.
    """
    return list(_line_diff(before.split("\n"), after.split("\n"), width))


def _line_diff(before: Sequence[str], after: Sequence[str], width: int) -> Iterator[str]:
    same: list[str] = []
    begun = False
    for old, new in runs(before, after):
        if old == new:
            same += old
            continue
        yield from _context(same, width, after_change=begun)
        yield from _block(old, new, width)
        same, begun = [], True
    yield from (_plain("  ", line, width) for line in same[:1] if line.strip())


def _context(same: Sequence[str], width: int, *, after_change: bool) -> Iterator[str]:
    """Write the lines beside a change, and how many others are left out; blank ones say nothing."""
    head = [line for line in same[:1] if after_change and line.strip()]
    tail = [line for line in same[int(after_change) :][-1:] if line.strip()]
    left_out = len(same) - len(head) - len(tail)
    yield from (_plain("  ", line, width) for line in head)
    if left_out:
        yield f"… {count(left_out, 'line')}"
    yield from (_plain("  ", line, width) for line in tail)


def _block(old: Sequence[str], new: Sequence[str], width: int) -> Iterator[str]:
    pairs = _pairs(old, new)
    clipped = {at: clips(old[at], new[other], width - 2, in_line) for at, other in pairs}
    if not any(map(_is_cut, clipped.values())):
        lefts = {at: cut[0][0] for at, cut in clipped.items()}
        rights = {other: clipped[at][0][1] for at, other in pairs}
        yield from _side("- ", old, lefts, width)
        yield from _side("+ ", new, rights, width)
        return
    at = other = 0
    for last, last_other in [*pairs, (len(old), len(new))]:
        yield from (_plain("- ", line, width) for line in old[at:last])
        yield from (_plain("+ ", line, width) for line in new[other:last_other])
        for one, two in clipped.get(last, ()):
            yield from (_line("- ", one), _line("+ ", two))
        at, other = last + 1, last_other + 1


def _side(sign: str, lines: Sequence[str], told: Mapping[int, str], width: int) -> Iterator[str]:
    for at, line in enumerate(lines):
        yield _line(sign, told[at]) if at in told else _plain(sign, line, width)


def _is_cut(found: Sequence[tuple[str, str]]) -> bool:
    return len(found) > 1 or any(side.startswith("…") or side.endswith("…") for side in found[0])


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pair lines in order; where there are more on one side, those that share the most words."""
    if len(old) == len(new) or len(old) * len(new) > MOST_COMPARED:
        return list(zip(range(len(old)), range(len(new)), strict=False))
    words, others = ([set(tokens(line)) for line in side] for side in (old, new))
    pairs: list[tuple[int, int]] = []
    begin = 0
    for at, mine in enumerate(words):
        weights = [
            (len(mine & theirs) / (len(mine | theirs) or 1), -n) for n, theirs in enumerate(others)
        ]
        weight, other = max(weights[begin:], default=(0.0, 0))
        if weight > 0.5:
            pairs.append((at, -other))
            begin = 1 - other
    return pairs


def _plain(sign: str, text: str, width: int) -> str:
    said = visible(in_line(text))
    if said.endswith(" ") and sign.strip():  # at the end of a line nobody sees one
        said = f"{said[:-1]}\\u0020"
    return _line(sign, shortened(said, width - len(sign)))


def _line(sign: str, text: str) -> str:
    return f"{sign}{text}".rstrip()
