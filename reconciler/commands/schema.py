"""``reconciler schema``: the schema by which editors complete and check the YAML."""

from pathlib import Path

import click
import orjson

from ..catalogue import load_kinds
from ..configuration.load import load
from ..diagnostics import UsageError
from ..editor import Keys, editor_schema, keys_of
from ..files import write_file
from ..render.out import hand_over, say
from .options import PathType


@click.command("schema")
@click.argument("path", required=False, type=PathType())
@click.option(
    "--write",
    "file",
    type=PathType(dir_okay=False),
    help="Write it to this file instead of stdout.",
)
def command(path: Path | None, file: Path | None) -> None:
    """Print a JSON Schema of the whole configuration, for editors.

    With it an editor completes kinds and columns, says what they mean, and marks what does not
    fit. With PATH it completes the keys of that folder in references, too: run it again when there
    are new ones.

    \b
    Examples:
      reconciler schema villa/ --write villa/.reconciler/schema.json
      reconciler schema > schema.json
    """
    schema = schema_text(_keys(path) if path else {})
    if file is None:
        hand_over(schema)
        return
    try:
        write_schema(file, schema)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from error
    say(f"Wrote {file}.")


def schema_text(keys: Keys) -> str:
    """Write the schema as JSON."""
    schema = editor_schema(load_kinds(), keys)
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def write_schema(file: Path, schema: str) -> None:
    """Write the schema's file, and its folder where it is not there yet."""
    file.parent.mkdir(parents=True, exist_ok=True)
    write_file(file, schema.encode())


def _keys(path: Path) -> Keys:
    loaded = load([path], variables={}, environment={})
    if not any(loaded.sources):
        raise UsageError(loaded.problems[0].message, hint=loaded.problems[0].hint)
    if not loaded.complete:
        say("Note: not every file can be read; `reconciler validate` says why.", err=True)
    return keys_of(loaded, load_kinds())
