"""What would change in a file, as a unified diff."""

import difflib

from .visible import visible


def text_diff(file: str, before: str, after: str, *, done: str = "formatted") -> str:
    """Write the lines that change, with some around them; ``done`` says what makes the change."""
    lines = difflib.unified_diff(
        before.split("\n"), after.split("\n"), file, f"{file} ({done})", lineterm=""
    )
    return "".join(f"{visible(line)}\n" for line in lines)
