"""``reconciler init``: begin a configuration, and tell editors about it."""

import json
import re
import secrets
from pathlib import Path

import click

from ..errors import UsageError

FILE = "bookingmood.yaml"
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
@click.argument("folder", default=".", type=click.Path(path_type=Path, file_okay=False))
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
    name = stack or f"{plain_name(folder.resolve().name)}-{secrets.token_hex(2)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _begin(file, _TEXT.format(stack=name, schema=SCHEMA))
        _write_if_missing(folder / ".gitignore", _IGNORED)
        _write_if_missing(folder / EDITOR, json.dumps(_EDITOR, indent=2) + "\n")
        _write_schema(folder / SCHEMA)
    except OSError as error:
        raise UsageError(f"{error.filename or file} cannot be written: {error.strerror}") from error
    click.echo(f"Wrote {file} with the stack {name}.")
    click.echo(f"Next: add resources, then `reconciler validate {folder}`.", err=True)


def plain_name(name: str) -> str:
    """Write a folder's name as a stack's name can hold it."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "stack"


def _begin(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError as error:
        raise UsageError(f"{file} exists already; nothing was changed") from error


def _write_if_missing(file: Path, text: str) -> None:
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _write_schema(file: Path) -> None:
    from .schema import schema_text, write_schema

    write_schema(file, schema_text({}))
