"""The catalogue of codes as text: one code with its cure, or all of them in a list."""

from collections.abc import Iterable, Iterator
from textwrap import fill, indent

from ..diagnostics.explanations import Area, Explanation

WIDTH = 80


def explanation_text(one: Explanation) -> str:
    """Write what a code means, what to do, and YAML with and without the problem."""
    parts = [f"{one.code}  ({one.severity})" if one.severity else one.code]
    parts += [fill(one.cause, WIDTH), fill(f"What to do: {one.cure}", WIDTH)]
    if one.wrong and one.right:
        parts += [f"Wrong:\n\n{_block(one.wrong)}", f"Right:\n\n{_block(one.right)}"]
    return "\n\n".join(parts) + "\n"


def codes_text(areas: Iterable[Area]) -> str:
    """List all codes by area, each with its cause."""
    return "\n".join(_area(area) for area in areas)


def _area(area: Area) -> str:
    width = max(len(one.code) for one in area.codes) + 4
    return f"{area.title}\n" + "".join(f"{line}\n" for line in _lines(area, width))


def _lines(area: Area, width: int) -> Iterator[str]:
    for one in area.codes:
        first = f"  {one.code}".ljust(width)
        yield fill(one.cause, WIDTH, initial_indent=first, subsequent_indent=" " * width)


def _block(text: str) -> str:
    return indent(text.rstrip("\n"), "    ")
