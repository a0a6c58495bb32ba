"""What commands share that move addresses: which folder, what is shown, what is written."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from ..catalogue import Kind
from ..configuration.load.files import holder_of, shown
from ..configuration.read import InvalidConfigurationError
from ..render.out import show
from ..render.textdiff import text_diff
from ..staging import Changes, replace_together
from .options import together
from .reading import explained
from .stopped import finish
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
def opening(paths: tuple[Path, ...], kinds: Mapping[str, Kind]) -> Iterator[None]:
    """Finish what was stopped in folders that are locked; show what is wrong with their YAML."""
    for folder in dict.fromkeys(map(holder_of, paths)):
        finish(folder)
    try:
        yield
    except InvalidConfigurationError as error:
        raise explained(error.problems, error.loaded, kinds) from error


def write_or_show(changes: Mapping[Path, Changes], *, dry_run: bool) -> None:
    """Write all files or none, or only show what would change in them; raises UsageError."""
    if not dry_run:
        replace_together(changes)
        return
    for change in changes.values():
        new = {
            **{path: data.decode("utf-8-sig") for path, data in change.files.items()},
            **dict.fromkeys(change.gone, ""),
        }
        for path, text in sorted(new.items()):
            before = path.read_text("utf-8-sig") if path.exists() else ""
            show(text_diff(shown(path), before, text, done="moved"))
