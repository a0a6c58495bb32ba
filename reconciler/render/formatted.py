"""What formatting did, in one line."""

from ..diagnostics.words import count
from ..format.files import Findings


def formatted_line(found: Findings, *, written: bool) -> str:
    """Count the files that changed, or would, and those that are left alone."""
    changed = f"{count(len(found.changes), 'file')} {'changed' if written else 'would change'}"
    alone = f", {len(found.foreign)} of no configuration left alone" if found.foreign else ""
    return f"{changed}, {found.unchanged} as they should be{alone}."
