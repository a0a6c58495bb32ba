"""``reconciler init``: begin a configuration."""

import re
import secrets
from pathlib import Path

import click

from ..errors import UsageError

FILE = "bookingmood.yaml"
_TEXT = """\
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


@click.command("init")
@click.argument("folder", default=".", type=click.Path(path_type=Path, file_okay=False))
@click.option("--stack", help="The stack's name; else the folder's name with a random tail.")
def command(folder: Path, stack: str | None) -> None:
    """Begin a configuration in FOLDER: a file with a stack of its own.

    \b
    Example:
      reconciler init villa/
    """
    file = folder / FILE
    name = stack or f"{plain_name(folder.resolve().name)}-{secrets.token_hex(2)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as new:
            new.write(_TEXT.format(stack=name))
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text(_IGNORED, encoding="utf-8")
    except FileExistsError as error:
        raise UsageError(f"{file} exists already; nothing was changed") from error
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"Wrote {file} with the stack {name}.")
    click.echo(f"Next: add resources, then `reconciler validate {folder}`.", err=True)


def plain_name(name: str) -> str:
    """Write a folder's name as a stack's name can hold it."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "stack"
