"""``reconciler forget``: take blocks out, and leave their rows."""

from collections.abc import Mapping
from pathlib import Path

import click

from ..configuration.grown import kinds_of
from ..configuration.load.files import holder_of
from ..moving.forget import parse_addresses
from ..moving.moves import forgotten
from ..moving.workspace import Workspace
from ..render.out import say
from .inputs import Workplace
from .moves import dry_run_option, opening, place_options, write_or_show
from .options import gathered, lock_option, variable_options, variables_of


@click.command("forget")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS...")
@place_options
@dry_run_option
@variable_options
@lock_option
@gathered(variables=variables_of, workplace=Workplace)
def command(
    addresses: tuple[str, ...],
    folder: Path,
    overlays: tuple[Path, ...],
    dry_run: bool,
    variables: Mapping[str, str],
    workplace: Workplace,
) -> None:
    """Take the block of each ADDRESS out, and leave its row: nothing manages or deletes it.

    Each ADDRESS is KIND.KEY. `bindings/released.yaml` remembers the rows, for every organization;
    a plan says that they are no longer managed. A block that is written again means the same row.
    What others refer to is not forgotten alone. Name each overlay that holds the block. Nothing is
    written to an organization.

    \b
    Examples:
      reconciler forget products.villa-zuid \\
        product_services.villa-zuid--cleaning --folder park/
      reconciler forget contacts.jane --folder villa/ --dry-run
    """
    wanted = parse_addresses(addresses)
    paths = (folder, *overlays)
    kinds = kinds_of(paths)
    with opening(workplace, kinds, *map(holder_of, paths)):
        moves = forgotten(Workspace.open(paths, variables, kinds), wanted)
        write_or_show(moves.changes, dry_run=dry_run)
    if not dry_run:
        say(*(f"{address} is no longer managed; its row stays" for address in wanted))
