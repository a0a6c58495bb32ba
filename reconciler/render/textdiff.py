"""What formatting would change in a file, as a unified diff."""

import difflib

from .visible import visible


def text_diff(file: str, before: str, after: str) -> str:
    """Write the lines that formatting changes, with some around them."""
    lines = difflib.unified_diff(
        before.split("\n"), after.split("\n"), file, f"{file} (formatted)", lineterm=""
    )
    return "".join(f"{visible(line)}\n" for line in lines)
