"""``reconciler fmt``: put the YAML in one order and style."""

from collections.abc import Mapping
from pathlib import Path

import click

from ..catalogue import Kind, load_kinds
from ..configuration.load import Loaded, Variables
from ..configuration.load.files import Source
from ..diagnostics import ReconcilerError
from ..diagnostics.words import count
from ..format import formatted
from ..format.files import find, write_formatted
from ..render.errors import error_text
from ..render.out import say, show
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

    Columns stand in the order of the schema, `$` keys and the pair of a link first. Kinds,
    resources and comments stay where people put them. No value changes: a file that would not
    say the same is left alone, and named. So are files that belong to no configuration, such as
    a workflow or a chart; they are no failure, and only `--verbose` names them.

    \b
    Examples:
      reconciler fmt villa/
      reconciler fmt villa/ --check
      reconciler fmt villa/contacts.yaml --diff
    """
    kinds = load_kinds()
    found = find(paths, kinds)
    if found.problems:
        loaded = Loaded(Path(), (found.ours,), None, None, Variables(), ())
        raise explained(found.problems, loaded, kinds)
    texts = [(source, _formatted(source, kinds)) for source in found.ours]
    changed = [(source, text) for source, text in texts if text is not None and text != source.text]
    for source, text in changed:
        if not (check or diff):
            write_formatted(source, text)
        if diff:
            show(text_diff(source.file, source.text, text))
        else:
            say(source.file)
    for source in found.foreign if verbose else ():
        say(f"{source.file}: no configuration of this tool, left alone", err=True)
    failed = sum(text is None for _, text in texts)
    verb = "would change" if check or diff else "changed"
    stay = len(texts) - len(changed) - failed
    alone = f", {len(found.foreign)} of no configuration left alone" if found.foreign else ""
    say(f"{count(len(changed), 'file')} {verb}, {stay} as they should be{alone}.", err=True)
    return 1 if failed or (check and changed) else 0


def _formatted(source: Source, kinds: Mapping[str, Kind]) -> str | None:
    """Give the new text of a file; None where it has to stay as it is, which is said."""
    try:
        return formatted(source.text, source.file, kinds)
    except ReconcilerError as error:
        show(error_text(error), err=True)
        return None
