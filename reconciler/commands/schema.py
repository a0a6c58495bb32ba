"""``reconciler schema``: the schema by which editors complete and check the YAML."""

from pathlib import Path

import click

from ..configuration.grown import kinds_of
from ..configuration.load import Loaded, load
from ..diagnostics import UsageError
from ..editor import keys_of, schema_text, templates_of, write_schema
from ..files import cannot_write
from ..render.out import hand_over, say, tell_notes
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
    fit. With PATH it completes the keys of that folder in references, too, and knows its templates
    and its own catalogue: run it again when there are new ones.

    \b
    Examples:
      reconciler schema villa/ --write villa/.reconciler/schema.json
      reconciler schema > schema.json
    """
    kinds, loaded = kinds_of([path] if path else []), _loaded(path) if path else None
    keys = keys_of(loaded, kinds) if loaded else {}
    schema = schema_text(kinds, keys, templates_of(loaded, kinds) if loaded else {})
    if file is None:
        hand_over(schema)
        return
    try:
        write_schema(file, schema)
    except OSError as error:
        raise cannot_write(file, file, error) from error
    say(f"Wrote {file}.")


def _loaded(path: Path) -> Loaded:
    loaded = load([path], variables={}, environment={})
    if not any(loaded.sources):
        raise UsageError(loaded.problems[0].message, hint=loaded.problems[0].hint)
    if not loaded.complete:
        tell_notes(["not every file can be read; `reconciler validate` says why."])
    return loaded
