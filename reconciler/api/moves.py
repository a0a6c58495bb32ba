"""Give resources other keys, move them to another folder, or let their rows go.

Nothing of it asks the API: the rows keep their ids, and plans are empty afterwards.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..catalogue import Kind
from ..configuration.grown import kinds_of
from ..configuration.load.files import holder_of
from ..moving.forget import parse_addresses
from ..moving.moves import Moves, forgotten, moved, renamed
from ..moving.rename import parse_pairs
from ..moving.workspace import Workspace
from ..staging import opened, replace_together
from .given import NO_VARIABLES, listed, untold


@dataclass(frozen=True, slots=True)
class Moved:
    """What every address became, by the old one, and what the reader should know."""

    addresses: Mapping[str, str]
    notes: tuple[str, ...] = ()


def rename(
    folder: str | Path,
    names: Mapping[str, str],
    *,
    overlays: Sequence[str | Path] = (),
    variables: Mapping[str, str] = NO_VARIABLES,
    lock_timeout: float = 0.0,
) -> Moved:
    """Give resources other keys, wherever they are named in a folder and its overlays.

    ``names`` are old and new addresses; they may swap. The answer also names what follows, such as
    links. Raises UsageError or ConfigurationError where that cannot be; then nothing is written.
    """
    pairs = parse_pairs([*names.items()])
    with _opened("mv", [folder, *overlays], variables, lock_timeout) as (space, _):
        moves = renamed(space, pairs)
        replace_together(moves.changes)
    return _told(moves)


def move(
    folder: str | Path,
    addresses: Iterable[str],
    to: str | Path,
    *,
    overlays: Sequence[str | Path] = (),
    with_dependents: bool = False,
    variables: Mapping[str, str] = NO_VARIABLES,
    lock_timeout: float = 0.0,
) -> Moved:
    """Move blocks to the folder of another stack; their rows stay, and belong to it from then on.

    ``with_dependents`` also moves what refers to them. Raises UsageError or ConfigurationError
    where that cannot be; then nothing is written.
    """
    wanted = parse_addresses(listed(addresses))
    with _opened("mv", [folder, *overlays], variables, lock_timeout, to) as (here, kinds):
        there = Workspace.open((Path(to),), variables, kinds)
        moves = moved(here, there, wanted, with_dependents=with_dependents)
        replace_together(moves.changes)
    return _told(moves)


def forget(
    folder: str | Path,
    addresses: Iterable[str],
    *,
    overlays: Sequence[str | Path] = (),
    variables: Mapping[str, str] = NO_VARIABLES,
    lock_timeout: float = 0.0,
) -> None:
    """Take blocks out of a folder, and leave their rows: nothing manages or deletes them.

    Raises UsageError or ConfigurationError where that cannot be; then nothing is written.
    """
    wanted = parse_addresses(listed(addresses))
    with _opened("forget", [folder, *overlays], variables, lock_timeout) as (space, _):
        replace_together(forgotten(space, wanted).changes)


def _told(moves: Moves) -> Moved:
    return Moved({str(old): str(new) for old, new in moves.became.items()}, moves.notes)


@contextmanager
def _opened(
    command: str,
    given: Sequence[str | Path],
    variables: Mapping[str, str],
    lock_timeout: float,
    *others: str | Path,
) -> Iterator[tuple[Workspace, Mapping[str, Kind]]]:
    """Read a folder with its overlays, while no other run writes there or in ``others``."""
    paths = tuple(map(Path, given))
    folders = [*map(holder_of, paths), *map(Path, others)]
    with opened(folders, command, patience=lock_timeout, tell=untold):
        kinds = kinds_of(paths)
        yield Workspace.open(paths, variables, kinds), kinds
