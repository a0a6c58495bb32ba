"""``reconciler mv``: give resources other keys."""

from collections.abc import Mapping
from pathlib import Path

import click

from ..configuration.grown import kinds_of
from ..configuration.load.files import holder_of
from ..moving.moves import moved, renamed
from ..moving.pairs import addresses_given, pairs_given
from ..moving.workspace import Workspace
from ..render.moved import moved_lines
from ..render.out import say, tell_notes
from .inputs import Workplace
from .moves import (
    dry_run_option,
    opening,
    place_options,
    write_or_show,
)
from .options import gathered, lock_option, variable_options, variables_of
from .types import PathType


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
    paths = (folder, *overlays)
    folders = [*map(holder_of, paths)]
    if target is None:
        pairs = pairs_given(addresses, map_file, with_dependents=with_dependents)
        kinds = kinds_of(paths)
        with opening(workplace, kinds, *folders):
            moves = renamed(Workspace.open(paths, variables, kinds), pairs)
            write_or_show(moves.changes, dry_run=dry_run)
    else:
        going = addresses_given(addresses, map_file)
        kinds = kinds_of(paths)
        with opening(workplace, kinds, *folders, target):
            there = Workspace.open((target,), variables, kinds)
            here = Workspace.open(paths, variables, kinds)
            moves = moved(here, there, going, with_dependents=with_dependents)
            write_or_show(moves.changes, dry_run=dry_run)
    if not dry_run:
        say(*moved_lines(moves.became, target))
    tell_notes(moves.notes)
