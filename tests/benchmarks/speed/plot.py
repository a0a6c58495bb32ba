"""Time over resources, both by powers of ten, as SVG: one picture for each row, side by side.

It has a ground and colours of its own, so it can be read on a light page and on a dark one.
"""

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil, floor, log10

from tests.benchmarks.speed.cases import CASES
from tests.benchmarks.speed.results import Found

ROWS = ("validate", "plan-create", "create", "plan")
LINES = {
    "old": ("old commit", "#b45309"),
    "here": ("this commit", "#0f766e"),
    "floor": ("floor", "#6b7280"),
    "octodns": ("octoDNS", "#7c3aed"),
}
WIDTH, HEIGHT, EDGE, GAP = 400, 300, 56, 112
STYLE = "font: 13px system-ui, sans-serif; fill: #1f2937"


class Scale:
    """Where a number of resources and a number of seconds lie in a picture."""

    def __init__(self, points: Sequence[tuple[float, float]], left: float, top: float) -> None:
        self.left, self.top = left, top
        sizes, seconds = [log10(x) for x, _ in points], [log10(y) for _, y in points]
        self.first, self.last = _powers(sizes)
        self.least, self.most = _powers(seconds)

    def x(self, size: float) -> float:
        """Give the place of a number of resources."""
        return self.left + (log10(size) - self.first) / (self.last - self.first) * WIDTH

    def y(self, seconds: float) -> float:
        """Give the place of a time."""
        return self.top + HEIGHT - (log10(seconds) - self.least) / (self.most - self.least) * HEIGHT


def _powers(logarithms: Sequence[float]) -> tuple[int, int]:
    """Give the powers of ten between which they all lie, which are never the same."""
    first = floor(min(logarithms))
    return first, max(first + 1, ceil(max(logarithms)))


def plot(found: Found) -> str:
    """Draw what was measured."""
    rows = [row for row in ROWS if any(key[0] == row for key in found)]
    across = min(2, len(rows))
    down = -(-len(rows) // 2)
    width, height = across * (WIDTH + EDGE + GAP), down * (HEIGHT + 2 * EDGE)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        "<title>Seconds of CPU by the number of resources</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for number, row in enumerate(rows):
        left = (number % 2) * (WIDTH + EDGE + GAP) + EDGE
        parts += _picture(row, found, left, (number // 2) * (HEIGHT + 2 * EDGE) + EDGE)
    return "\n".join([*parts, "</svg>", ""])


def _picture(row: str, found: Found, left: float, top: float) -> Iterator[str]:
    lines = {
        who: sorted(
            (size, taken.cpu) for (r, size, w), taken in found.items() if (r, w) == (row, who)
        )
        for who in LINES
    }
    lines = {who: points for who, points in lines.items() if points}
    scale = Scale([point for points in lines.values() for point in points], left, top)
    yield _text(left, top - 16, f"{CASES[row].what}: seconds of CPU", "font-weight: 600")
    yield from _axes(scale)
    ends: list[float] = []
    for who, points in sorted(lines.items(), key=lambda line: -line[1][-1][1]):
        yield from _line(scale, points, who, ends)


def _axes(scale: Scale) -> Iterator[str]:
    bottom, right = scale.top + HEIGHT, scale.left + WIDTH
    for power in range(scale.first, scale.last + 1):
        x = scale.x(10.0**power)
        yield _stroke(x, scale.top, x, bottom)
        yield _text(x, bottom + 18, f"{10**power:,}", "text-anchor: middle")
    for power in range(scale.least, scale.most + 1):
        y = scale.y(10.0**power)
        yield _stroke(scale.left, y, right, y)
        yield _text(scale.left - 6, y + 4, f"{10.0**power:g}", "text-anchor: end")


def _line(
    scale: Scale, points: Sequence[tuple[float, float]], who: str, ends: list[float]
) -> Iterator[str]:
    name, colour = LINES[who]
    places = [(scale.x(x), scale.y(y)) for x, y in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places)
    x, y = places[-1]
    while any(abs(y - other) < 15 for other in ends):  # names do not lie on each other
        y += 1
    ends.append(y)
    yield _text(x + 8, y + 4, name, f"fill: {colour}; font-weight: 600")


def _stroke(x: float, y: float, x2: float, y2: float) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#e5e7eb"/>'


def _text(x: float, y: float, words: str, style: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" style="{STYLE}; {style}">{escape(words)}</text>'
