"""A file of renames: two columns of CSV."""

import csv
from pathlib import Path

from ..diagnostics import UsageError
from ..files import read_file

MAX_FILE = 10 * 1024 * 1024
_HEADER = ("old", "new")


def read_map(path: Path) -> list[tuple[str, str]]:
    """Read ``old,new`` of each line; raises UsageError with the line that is none."""
    try:
        lines = read_file(path, MAX_FILE).decode("utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"{path} cannot be read: {reason}") from error
    pairs: list[tuple[str, str]] = []
    reader = csv.reader(lines, skipinitialspace=True)
    for row in reader:
        cells = [cell.strip() for cell in row]
        if not any(cells) or (not pairs and tuple(cells) == _HEADER):
            continue
        if len(cells) != len(_HEADER):
            message = f"{path}:{reader.line_num}: a line takes OLD,NEW"
            raise UsageError(message, hint="such as contacts.jane,contacts.jane-doe")
        pairs.append((cells[0], cells[1]))
    if not pairs:
        raise UsageError(f"{path} lists nothing", hint="write OLD,NEW in each line")
    return pairs
