"""The files that a new folder begins with: its stack, and what tells editors about it."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ..catalogue import Kind
from ..diagnostics import UsageError
from ..files import cannot_write, write_file
from .file import schema_text, write_schema

SCHEMA = ".reconciler/schema.json"
EDITOR = ".vscode/settings.json"
HEADER = f"# yaml-language-server: $schema={SCHEMA}\n"
"""What a file begins with, so that editors find its schema."""
_TEXT = """\
{header}reconciler:
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


def begin(file: Path, stack: str, kinds: Mapping[str, Kind]) -> None:
    """Write a stack's first file and, beside it, what is missing; raises UsageError."""
    folder = file.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _begin(file, _TEXT.format(stack=stack, header=HEADER))
        for path, text in missing(folder).items():
            _write_if_missing(folder / path, text)
        write_schema(folder / SCHEMA, schema_text(kinds, {}))
    except OSError as error:
        raise cannot_write(error.filename or file, file, error) from error


def missing(folder: Path) -> dict[str, str]:
    """Give the files that belong beside the YAML and are not there yet, without the schema.

    A folder of theirs that is a link, or no folder, is somebody's own: nothing goes into it.
    """
    texts = {".gitignore": _IGNORED, EDITOR: json.dumps(_EDITOR, indent=2) + "\n"}
    return {path: text for path, text in texts.items() if _is_free(folder, folder / path)}


def _is_free(folder: Path, path: Path) -> bool:
    inner = path.parent
    if inner != folder and (inner.is_symlink() or inner.is_file()):
        return False
    return not os.path.lexists(path)


def _begin(file: Path, text: str) -> None:
    try:
        write_file(file, text.encode(), new=True)
    except FileExistsError as error:
        raise UsageError(f"{file} exists already; nothing was changed") from error


def _write_if_missing(file: Path, text: str) -> None:
    with suppress(FileExistsError):
        file.parent.mkdir(exist_ok=True)
        write_file(file, text.encode(), new=True)
