"""What moves, as people give it: as words, or as a file of two columns of CSV."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..diagnostics import UsageError
from ..files import read_file
from ..values.address import Address
from .forget import parse_addresses
from .rename import parse_pairs

MAX_FILE = 10 * 1024 * 1024
_HEADER = ("old", "new")


def pairs_given(
    words: Sequence[str], map_file: Path | None, *, with_dependents: bool = False
) -> Mapping[Address, Address]:
    """Read OLD and NEW, or what a file lists; raises UsageError."""
    if with_dependents:
        raise UsageError("--with-dependents is for --to", hint="a rename moves nothing")
    if map_file is not None:
        if words:
            raise UsageError("OLD NEW and --map do not go together", hint="put it into the file")
        return parse_pairs(read_map(map_file))
    if len(words) != len(_HEADER):
        raise UsageError("mv takes OLD and NEW", hint="such as contacts.jane contacts.jane-doe")
    return parse_pairs([(words[0], words[1])])


def addresses_given(words: Sequence[str], map_file: Path | None) -> list[Address]:
    """Read the addresses that go to another folder; raises UsageError."""
    if map_file is not None or not words:
        raise UsageError("--to takes addresses", hint="such as mv products.villa --to zuid/")
    return parse_addresses(words)


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
