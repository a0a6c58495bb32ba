"""What may stand between values: spaces, line breaks and comments."""

import re

_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")


def skip_gap(text: str, index: int) -> int:
    """Find the end of a gap that begins at an index."""
    gap = _GAP.match(text, index)
    return gap.end() if gap else index
