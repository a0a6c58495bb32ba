"""What commands share that move addresses: which folder, what is shown, what is written."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from ..catalogue import Kind
from ..render.out import show
from ..render.textdiff import moves_diff
from ..staging import Changes, replace_together
from .inputs import Workplace
from .options import together
from .reading import explaining_yaml
from .types import PathType

place_options = together(
    click.option(
        "--folder",
        default=".",
        show_default=True,
        type=PathType(file_okay=False),
        help="The folder of the configuration.",
    ),
    click.option(
        "--overlay",
        "overlays",
        multiple=True,
        type=PathType(),
        help="A path that is laid over the folder, to be edited, too. Repeatable.",
    ),
)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Write nothing; show what would change in the files."
)


@contextmanager
def opening(workplace: Workplace, kinds: Mapping[str, Kind], *folders: Path) -> Iterator[None]:
    """Hold folders, to edit their files; show what is wrong with their YAML."""
    with workplace.opened(*folders), explaining_yaml(kinds):
        yield


def write_or_show(changes: Mapping[Path, Changes], *, dry_run: bool) -> None:
    """Write all files or none, or only show what would change in them; raises UsageError."""
    if not dry_run:
        replace_together(changes)
        return
    for diff in moves_diff(changes):
        show(diff)
