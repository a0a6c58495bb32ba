"""A fleet of three organizations that is nowhere."""

from pathlib import Path

from reconciler.diagnostics import Position
from reconciler.fleet.members import Fleet, Member


def member(name: str, *overlays: Path) -> Member:
    """Make a member, whose organization ends like its name."""
    organization = f"0d9cbb5e-62a4-4f0e-8d7b-00000000000{name}"
    return Member(name, organization, Position("fleet.yaml", 1, 1), overlays)


FLEET = Fleet(Path("/agency/fleet.yaml"), Path("/agency/base"), tuple(map(member, "abc")))
