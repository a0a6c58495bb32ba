"""``reconciler fmt``: put the YAML in one order and style."""

from pathlib import Path

import click

from ..configuration.grown import kinds_of
from ..configuration.load import Loaded, Variables
from ..format.files import look_at, write_formatted
from ..render.errors import error_text
from ..render.formatted import formatted_line
from ..render.out import say, show, tell
from ..render.textdiff import text_diff
from .options import paths_argument
from .reading import explained


@click.command("fmt")
@paths_argument
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing; exit 1 and name the files where something would change.",
)
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("-v", "--verbose", is_flag=True, help="Also name the files that are left alone.")
def command(paths: tuple[Path, ...], *, check: bool, diff: bool, verbose: bool) -> int:
    """Put the YAML at each PATH, a file or a folder, in one order and style.

    In a block, `$` keys and the pair of a link stand first, then columns in the order of an
    export. Kinds and resources stay where people put them, and a comment stays with its line.
    No value changes: a file that would not say the same is left alone, and named. So are files
    that belong to no configuration, such as a workflow or a chart; they are no failure, and only
    `--verbose` names them.

    \b
    Examples:
      reconciler fmt villa/
      reconciler fmt villa/ --check
      reconciler fmt villa/contacts.yaml --diff
    """
    kinds = kinds_of(paths)
    found = look_at(paths, kinds, keep_texts=diff or not check)
    if found.problems:
        loaded = Loaded(Path(), (tuple(found.broken),), None, None, Variables(), ())
        raise explained(found.problems, loaded, kinds)
    for error in found.failed:
        show(error_text(error), err=True)
    for change in found.changes:
        if not (check or diff):
            write_formatted(change)
        if diff:
            show(text_diff(change.file, change.before, change.after))
        else:
            say(change.file)
    for file in found.foreign if verbose else ():
        tell(f"{file}: no configuration of this tool, left alone")
    tell(formatted_line(found, written=not (check or diff)))
    return 1 if found.failed or (check and found.changes) else 0
