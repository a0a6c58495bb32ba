"""Lines that are too long, cut to a width: the words around each change, ``…`` for the rest."""

from collections.abc import Iterable, Sequence

from ..widths import in_width, width_of
from .parts import Escape, Part, common, parts_of

NEAR = 16
"""Changes so near to each other are shown together."""


def clips(before: str, after: str, width: int, escape: Escape = str) -> list[tuple[str, str]]:
    """Cut two lines to a width, with words around each change; ``…`` stands for the rest."""
    return _clips(parts_of(before, after, escape), width)


def shortened(text: str, width: int) -> str:
    """Cut a text at a width, saying how long it is where there is room to say it."""
    if width_of(text) <= width:
        return text
    note = f"… ({len(text):,} characters)"
    note = note if len(note) + 8 <= width else "…"
    return cut_off(text, width - len(note)) + note


def in_line(text: str) -> str:
    """Write a backslash so that it is no escape of ours."""
    return text.replace("\\", "\\\\")


def _clips(parts: Sequence[Part], width: int) -> list[tuple[str, str]]:
    whole = Part("".join(part.before for part in parts), "".join(part.after for part in parts))
    if _width(whole) <= width:
        return [whole]
    same, changed = _alternating(parts)
    found: list[tuple[str, str]] = []
    first = 0
    while first < len(changed):
        last, cluster = first, changed[first]
        while last + 1 < len(changed) and width_of(same[last + 1]) <= NEAR:
            between, following = same[last + 1], changed[last + 1]
            longer = Part(*(f"{a}{between}{b}" for a, b in zip(cluster, following, strict=True)))
            if _width(longer) > width - NEAR:
                break
            last, cluster = last + 1, longer
        found.append(
            _clip(same[first], cluster, same[last + 1], width, (first, len(changed) - last - 1))
        )
        first = last + 1
    return found


def _alternating(parts: Iterable[Part]) -> tuple[list[str], list[Part]]:
    """Sort parts into what is the same and what changes between; the same stands at both ends."""
    same, changed = [""], list[Part]()
    for part in parts:
        for one in [part] if part.same else _narrowed(part):
            if one.same:
                same[-1] += one.before
            elif changed and not same[-1]:
                changed[-1] = Part(changed[-1].before + one.before, changed[-1].after + one.after)
            else:
                changed.append(one)
                same.append("")
    return same, changed


def _narrowed(part: Part) -> list[Part]:
    """Find what is the same at both ends of a long word, such as an address."""
    start = common(part.before, part.after)
    end = common(part.before[start:][::-1], part.after[start:][::-1])
    if start + end < NEAR:
        return [part]
    before, after = part.before, part.after
    head, tail = before[:start], before[len(before) - end :]
    middle = Part(before[start : len(before) - end], after[start : len(after) - end])
    return [Part(head, head), middle, Part(tail, tail)]


def _clip(
    left: str, changed: Part, right: str, width: int, others: tuple[int, int]
) -> tuple[str, str]:
    """Show a change with as much as fits on both sides; ``others`` are the changes beside it."""
    room = width - 2 - _width(changed)
    if room < 0:
        lead = "…" if left or others[0] else ""
        cut = (f"{lead}{shortened(side, width - len(lead))}" if side else lead for side in changed)
        return tuple(cut)  # type: ignore[return-value]
    wanted = min(width_of(right), room // 2)
    head = _tail(left, room - wanted)
    tail = _head(right, room - width_of(head))
    before = "…" if others[0] or len(head) < len(left) else ""
    after = "…" if others[1] or len(tail) < len(right) else ""
    return tuple(f"{before}{head}{side}{tail}{after}" for side in changed)  # type: ignore[return-value]


def _head(text: str, room: int) -> str:
    """Take the words at the beginning that fit."""
    if width_of(text) <= room:
        return text
    cut = cut_off(text, room)
    words = cut.rpartition(" ")[0]
    return words if len(words) * 2 > len(cut) else cut


def _tail(text: str, room: int) -> str:
    """Take the words at the end that fit."""
    if width_of(text) <= room:
        return text
    cut = text[len(text) - room :]
    while width_of(cut) > room:
        cut = cut[1:]
    words = cut.partition(" ")[2]
    return words if len(words) * 2 > len(cut) else cut


def cut_off(text: str, width: int) -> str:
    """Cut a text at a width in cells, without a word."""
    return in_width(text, width).rstrip() if width_of(text) > width else text


def _width(part: Part) -> int:
    return max(width_of(part.before), width_of(part.after))
