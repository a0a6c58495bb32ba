"""``reconciler mv``: give resources other keys."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import click

from ..configuration.grown import kinds_of
from ..configuration.load.files import holder_of
from ..diagnostics import UsageError
from ..diagnostics.words import count
from ..moving.across import dependents_of, move_across
from ..moving.forget import parse_addresses
from ..moving.handing import hand_over
from ..moving.pairs import read_map
from ..moving.rename import parse_pairs, rename
from ..moving.workspace import Workspace
from ..render.out import say
from ..values.address import Address
from .inputs import Workplace
from .moves import (
    dry_run_option,
    opening,
    place_options,
    write_or_show,
)
from .options import gathered, lock_option, variable_options, variables_of
from .types import PathType

_SHOWN = 20


@click.command("mv")
@click.argument("addresses", nargs=-1, metavar="OLD NEW|ADDRESS...")
@click.option(
    "--map",
    "map_file",
    type=PathType(dir_okay=False),
    help="Rename all that this CSV file lists: old,new in each line, at once, so they may swap.",
)
@click.option(
    "--to",
    "target",
    type=PathType(file_okay=False),
    help="Move the blocks of these addresses to the folder of another stack; their rows stay.",
)
@click.option("--with-dependents", is_flag=True, help="With --to: move what refers to them, too.")
@place_options
@dry_run_option
@variable_options
@lock_option
@gathered(variables=variables_of, workplace=Workplace)
def command(
    addresses: tuple[str, ...],
    map_file: Path | None,
    target: Path | None,
    with_dependents: bool,
    folder: Path,
    overlays: tuple[Path, ...],
    dry_run: bool,
    variables: Mapping[str, str],
    workplace: Workplace,
) -> None:
    """Give the resource OLD the key NEW, or move each ADDRESS to the folder of another stack.

    OLD and NEW are KIND.KEY; the KEY of an instance of a template is renamed as TEMPLATE.KEY,
    with every address that it makes. References, lookups, links, `protect:`, bindings and
    overlays follow; comments stay. `plan` finds nothing to change afterwards, in every
    organization. Name each overlay that holds the block. Nothing is written to an organization.

    With --to blocks move as they are, with their comments. What would refer from one folder to the
    other becomes a lookup by its natural key, and a key again where both come together. Rows keep
    their ids: `bindings/released.yaml` of the one folder and `bindings/received.yaml` of the other
    say whose they are. Commit both folders together.

    \b
    Examples:
      reconciler mv contacts.jane contacts.jane-doe --folder villa/
      reconciler mv house.villa-noord house.villa-north --folder park/ --dry-run
      reconciler mv --map renames.csv --folder villa/ --overlay staging/
      reconciler mv products.zuid --with-dependents --folder park/ --to zuid/
    """
    options = _MoveOptions((folder, *overlays), variables, workplace, dry_run)
    if target is None:
        if with_dependents:
            raise UsageError("--with-dependents is for --to", hint="a rename moves nothing")
        _rename(parse_pairs(_pairs(addresses, map_file)), options)
        return
    if map_file is not None or not addresses:
        raise UsageError("--to takes addresses", hint="such as mv products.villa --to zuid/")
    _move(parse_addresses(addresses), target, options, with_dependents=with_dependents)


@dataclass(frozen=True, slots=True)
class _MoveOptions:
    paths: tuple[Path, ...]
    variables: Mapping[str, str]
    workplace: Workplace
    dry_run: bool

    def locked(self, *more: Path) -> AbstractContextManager[None]:
        """Let no other run write in the folders of the paths, and in others."""
        return self.workplace.locked(*map(holder_of, self.paths), *more)


def _rename(pairs: Mapping[Address, Address], options: _MoveOptions) -> None:
    kinds = kinds_of(options.paths)
    with options.locked(), opening(options.paths, kinds):
        space = Workspace.open(options.paths, options.variables, kinds)
        changed = rename(space, pairs)
        write_or_show(space.changes(), dry_run=options.dry_run)
    if not options.dry_run:
        _tell(f"{old} is {new} now" for old, new in changed.items())


def _move(
    addresses: Sequence[Address], target: Path, options: _MoveOptions, *, with_dependents: bool
) -> None:
    kinds = kinds_of(options.paths)
    with options.locked(target):
        with opening((target,), kinds):
            there = Workspace.open((target,), options.variables, kinds)
        with opening(options.paths, kinds):
            here = Workspace.open(options.paths, options.variables, kinds)
            if with_dependents:
                addresses = dependents_of(here, addresses)
            became = move_across(here, there, addresses)
            notes = list(hand_over(here, there, became))
            write_or_show({**here.changes(), **there.changes()}, dry_run=options.dry_run)
    if not options.dry_run:
        _tell(f"{old} is {new} in {target} now" for old, new in became.moved.items())
    say(*(f"Note: {note}" for note in notes), err=True)


def _tell(lines: Iterable[str]) -> None:
    every = list(lines)
    say(*every[:_SHOWN])
    if len(every) > _SHOWN:
        say(f"and {count(len(every) - _SHOWN, 'more address', 'more addresses')}")


def _pairs(addresses: tuple[str, ...], map_file: Path | None) -> list[tuple[str, str]]:
    if map_file is not None:
        if addresses:
            raise UsageError("OLD NEW and --map do not go together", hint="put it into the file")
        return read_map(map_file)
    if len(addresses) != 2:
        raise UsageError("mv takes OLD and NEW", hint="such as contacts.jane contacts.jane-doe")
    return [(addresses[0], addresses[1])]
