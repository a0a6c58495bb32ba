"""``reconciler schema``: the schema by which editors complete and check the YAML."""

from collections.abc import Mapping
from pathlib import Path

import click

from ..catalogue import Kind
from ..configuration.grown import kinds_of
from ..configuration.load import load
from ..diagnostics import UsageError
from ..editor import Keys, keys_of, schema_text, write_schema
from ..render.out import hand_over, say
from .types import PathType


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
    fit. With PATH it completes the keys of that folder in references, too, and knows its own
    catalogue: run it again when there are new ones.

    \b
    Examples:
      reconciler schema villa/ --write villa/.reconciler/schema.json
      reconciler schema > schema.json
    """
    kinds = kinds_of([path] if path else [])
    schema = schema_text(kinds, _keys(path, kinds) if path else {})
    if file is None:
        hand_over(schema)
        return
    try:
        write_schema(file, schema)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from error
    say(f"Wrote {file}.")


def _keys(path: Path, kinds: Mapping[str, Kind]) -> Keys:
    loaded = load([path], variables={}, environment={})
    if not any(loaded.sources):
        raise UsageError(loaded.problems[0].message, hint=loaded.problems[0].hint)
    if not loaded.complete:
        say("Note: not every file can be read; `reconciler validate` says why.", err=True)
    return keys_of(loaded, kinds)
