"""``reconciler mv``: give resources other keys."""

from collections.abc import Mapping
from pathlib import Path

import click

from ..configuration.grown import kinds_of
from ..diagnostics import UsageError
from ..diagnostics.words import count
from ..moving.pairs import read_map
from ..moving.rename import parse_pairs, rename
from ..moving.workspace import Workspace
from ..render.out import say
from .inputs import Workplace
from .moves import carry_out, dry_run_option, opening, place_options
from .options import gathered, lock_option, variable_options, variables_of
from .types import PathType

_SHOWN = 20


@click.command("mv")
@click.argument("addresses", nargs=-1, metavar="OLD NEW")
@click.option(
    "--map",
    "map_file",
    type=PathType(dir_okay=False),
    help="Rename all that this CSV file lists: old,new in each line, at once, so they may swap.",
)
@place_options
@dry_run_option
@variable_options
@lock_option
@gathered(variables=variables_of, workplace=Workplace)
def command(
    addresses: tuple[str, ...],
    map_file: Path | None,
    folder: Path,
    overlays: tuple[Path, ...],
    dry_run: bool,
    variables: Mapping[str, str],
    workplace: Workplace,
) -> None:
    """Give the resource OLD the key NEW wherever it is named; its row keeps its id.

    OLD and NEW are KIND.KEY; the KEY of an instance of a template is renamed as TEMPLATE.KEY,
    with every address that it makes. References, lookups, links, `protect:`, bindings and
    overlays follow; comments stay. `plan` finds nothing to change afterwards, in every
    organization. Name each overlay that holds the block. Nothing is written to an organization.

    \b
    Examples:
      reconciler mv contacts.jane contacts.jane-doe
      reconciler mv house.villa-noord house.villa-north --folder park/ --dry-run
      reconciler mv --map renames.csv --overlay staging/
    """
    pairs = parse_pairs(_pairs(addresses, map_file))
    paths = (folder, *overlays)
    kinds = kinds_of(paths)
    with workplace.locked(folder), opening(paths, kinds):
        space = Workspace.open(paths, variables, kinds)
        changed = rename(space, pairs)
        carry_out(space.changes(), dry_run=dry_run)
    if not dry_run:
        shown = list(changed.items())[:_SHOWN]
        say(*(f"{old} is {new} now" for old, new in shown))
        if len(changed) > _SHOWN:
            say(f"and {count(len(changed) - _SHOWN, 'more address', 'more addresses')}")


def _pairs(addresses: tuple[str, ...], map_file: Path | None) -> list[tuple[str, str]]:
    if map_file is not None:
        if addresses:
            raise UsageError("OLD NEW and --map do not go together", hint="put it into the file")
        return read_map(map_file)
    if len(addresses) != 2:
        raise UsageError("mv takes OLD and NEW", hint="such as contacts.jane contacts.jane-doe")
    return [(addresses[0], addresses[1])]
