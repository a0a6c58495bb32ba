"""``reconciler init``: begin a configuration, and tell editors about it."""

from pathlib import Path
from shlex import quote

import click

from ..catalogue import load_kinds
from ..configuration.begin import FILE, check_free, stack_name
from ..editor.begin import begin
from ..render.out import say, tell
from .types import PathType


@click.command("init")
@click.argument("folder", default=".", type=PathType(file_okay=False))
@click.option("--stack", help="The stack's name; else the folder's name with a random tail.")
def command(folder: Path, stack: str | None) -> None:
    """Begin a configuration in FOLDER: a file with a stack of its own.

    Editors get a schema beside it, to complete and check the YAML; see `reconciler schema`.

    \b
    Examples:
      reconciler init villa/
      reconciler init villa/ --stack villa-marina
    """
    file = folder / FILE
    name = stack_name(stack, folder)
    check_free(file)
    begin(file, name, load_kinds())
    say(f"Wrote {file} with the stack {name}.")
    tell(f"Next: add resources, then `reconciler validate {quote(str(folder))}`.")
