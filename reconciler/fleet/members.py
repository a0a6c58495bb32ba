"""A fleet as values: its organizations, in which order they are written, and when that stops."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ..diagnostics import Position


@dataclass(frozen=True, slots=True)
class Member:
    """One organization: its name in the fleet, and what is laid over the base for it."""

    name: str
    organization: str
    position: Position
    overlays: tuple[Path, ...] = ()
    var_file: Path | None = None
    wave: str | None = None
    tags: frozenset[str] = frozenset()


class Wave(NamedTuple):
    """A wave by its name; or, without one, a share in percent of all that have no wave."""

    name: str | None
    share: int | None = None


class StopAfter(NamedTuple):
    """How many organizations may go wrong before no further one begins.

    ``failed`` counts those where writing began and did not finish, ``not_started`` all others that
    went wrong; None: however many.
    """

    failed: int = 1
    not_started: int | None = None


class Turn(NamedTuple):
    """The members that are written together, and what their wave is called."""

    wave: str
    members: tuple[Member, ...]


REST = "rest"
EVERYBODY = (Wave(None, 100),)


@dataclass(frozen=True, slots=True)
class Fleet:
    """What a ``fleet.yaml`` says; ``file`` is where it is."""

    file: Path
    base: Path
    members: tuple[Member, ...]
    waves: tuple[Wave, ...] = EVERYBODY
    stop_after: StopAfter = field(default_factory=StopAfter)

    @property
    def folder(self) -> Path:
        """The folder that holds all of it."""
        return self.file.parent


def turns_of(fleet: Fleet, members: Sequence[Member]) -> tuple[Turn, ...]:
    """Put members into the waves of their fleet, in order; a wave without members is left out."""
    turns: list[Turn] = []
    rest = tuple(one for one in members if one.wave is None)
    for wave in fleet.waves:
        if wave.name is not None:
            turns.append(Turn(wave.name, tuple(one for one in members if one.wave == wave.name)))
            continue
        size = max(1, -(-len(rest) * (wave.share or 100) // 100))
        parts = [rest[at : at + size] for at in range(0, len(rest), size)]
        for number, part in enumerate(parts, 1):
            name = f"{REST} {number} of {len(parts)}" if len(parts) > 1 else REST
            turns.append(Turn(name, part))
    return tuple(turn for turn in turns if turn.members)
