"""What an export did to a folder, in one line."""

from pathlib import Path

from ..diagnostics.words import count
from ..exporting import Exported
from ..sync.update import Updated


def exported_line(folder: Path, done: Exported | Updated) -> str:
    """Count what was written into a new folder, or changed in an edited one."""
    if isinstance(done, Exported):
        rows = count(sum(done.counts.values()), "row")
        return f"Wrote {rows} of {count(len(done.counts), 'kind')} to {folder}."
    counts = {
        "changed": done.changed,
        "added": sum(done.added.values()),
        "removed": done.removed,
    }
    did = ", ".join(f"{number:,} {word}" for word, number in counts.items() if number)
    return f"{did} in {folder}." if did else f"Nothing changed live: {folder} stays."
