"""``reconciler init``: begin a configuration, and tell editors about it."""

import json
from contextlib import suppress
from pathlib import Path
from shlex import quote

import click

from ..configuration.begin import FILE, check_free, stack_name
from ..diagnostics import UsageError
from ..files import write_file
from ..render.out import say
from .options import PathType

SCHEMA = ".reconciler/schema.json"
EDITOR = ".vscode/settings.json"
_TEXT = """\
# yaml-language-server: $schema={schema}
reconciler:
  # The name under which this folder owns its rows. Never change it, and never use it twice in
  # one organization: rows of a stack that are not in its YAML are planned for deletion.
  stack: {stack}
  # organization: ${{BOOKINGMOOD_ORGANIZATION_ID}}   # taken from the API key when left out
  # protect: [products]                            # kinds or addresses that are never deleted

# contacts:
#   jane-doe:
#     first_name: Jane
#     email: jane@example.com
"""
_IGNORED = ".reconciler/\n"
_EDITOR = {"yaml.schemas": {SCHEMA: ["*.yaml"]}}


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
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _begin(file, _TEXT.format(stack=name, schema=SCHEMA))
        _write_if_missing(folder / ".gitignore", _IGNORED)
        _write_if_missing(folder / EDITOR, json.dumps(_EDITOR, indent=2) + "\n")
        _write_schema(folder / SCHEMA)
    except OSError as error:
        raise UsageError(f"{error.filename or file} cannot be written: {error.strerror}") from error
    say(f"Wrote {file} with the stack {name}.")
    say(f"Next: add resources, then `reconciler validate {quote(str(folder))}`.", err=True)


def _begin(file: Path, text: str) -> None:
    try:
        write_file(file, text.encode(), new=True)
    except FileExistsError as error:
        raise UsageError(f"{file} exists already; nothing was changed") from error


def _write_if_missing(file: Path, text: str) -> None:
    with suppress(FileExistsError):
        file.parent.mkdir(exist_ok=True)
        write_file(file, text.encode(), new=True)


def _write_schema(file: Path) -> None:
    from .schema import schema_text, write_schema

    write_schema(file, schema_text({}))
