"""The example that the demo plays with, and the edit that it makes of it."""

from pathlib import Path


def example_folder() -> Path:
    """Find the examples: inside an installed package, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "examples"
    return inside if inside.is_dir() else package.parent / "examples"


def without_block(text: str, key: str) -> str:
    """Take one resource out of YAML: its key, and what is indented below it."""
    lines = text.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.strip() == f"{key}:")
    below = " " * (len(lines[start]) - len(lines[start].lstrip()) + 1)
    after = (
        number
        for number, line in enumerate(lines)
        if number > start and line.strip() and not line.startswith(below)
    )
    return "".join([*lines[:start], *lines[next(after, len(lines)) :]])
