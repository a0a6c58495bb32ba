"""``reconciler export``: the live organization as YAML."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from ..api.waiting import awaited
from ..catalogue import Kind
from ..catalogue.names import split_names
from ..client.client import ApiReader
from ..configuration.begin import stack_name
from ..configuration.grown import kinds_of
from ..configuration.load.files import holder_of
from ..configuration.load.variable_file import Sources
from ..configuration.read import Limits
from ..exporting import (
    Exported,
    Options,
    Selection,
)
from ..render.exported import exported_line
from ..render.out import say, tell_notes
from ..render.progress.reading import ReadingProgress
from ..sync.folder import export_into
from ..sync.update import Updated
from .inputs import Access, Workplace
from .options import (
    connection_options,
    gathered,
    kinds_option,
    lock_option,
    parallelism_option,
    readable_keys_option,
    sources_of,
    update_variables_option,
    variable_options,
    where_option,
)
from .reading import read_or_explain
from .types import PathType

NOT_WHOLE = 5
"""The exit code where rows or columns were left out for being otherwise than they should be."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What is to be exported, and how it is written."""

    out: Path
    kind_names: tuple[str, ...]
    where: tuple[str, ...]
    with_references: bool
    single_file: bool
    omit_defaults: bool
    redact: bool
    readable_keys: tuple[str, ...]
    stack: str | None
    prune: bool
    overlays: tuple[Path, ...]
    into: Path | None

    @property
    def paths(self) -> tuple[Path, ...]:
        """The folder and its overlays, as ``plan`` takes them."""
        return (self.out, *self.overlays)

    @property
    def only_new(self) -> str | None:
        """Name an option that was given and is for new folders alone."""
        return "--redact" if self.redact else "--stack" if self.stack else None

    def options(self, kinds: Mapping[str, Kind]) -> Options:
        """Check the names in it; raises UsageError."""
        return Options(
            folder=self.out,
            stack=stack_name(self.stack, self.out),
            selection=Selection.given(
                self.kind_names, self.where, kinds, with_references=self.with_references
            ),
            single_file=self.single_file,
            omit_defaults=self.omit_defaults,
            redact=self.redact,
            readable_keys=frozenset(split_names(self.readable_keys, kinds)),
            prune=self.prune,
        )


@click.command("export")
@click.option(
    "--out",
    required=True,
    type=PathType(file_okay=False),
    help="A new folder, or one to bring in line with what is live.",
)
@click.option(
    "--overlay",
    "overlays",
    multiple=True,
    type=PathType(),
    help="A path that is laid over the folder, as `plan FOLDER OVERLAY` takes it. Repeatable.",
)
@click.option(
    "--into",
    type=PathType(),
    help="Which of these paths takes what is new; else the last overlay, or the folder.",
)
@connection_options
@kinds_option
@where_option
@click.option("--with-references", is_flag=True, help="Also what the chosen rows refer to.")
@click.option("--single-file", is_flag=True, help="Everything in one file, not one per kind.")
@click.option(
    "--omit-defaults",
    is_flag=True,
    help="Leave columns out that have their default; they are no longer compared.",
)
@click.option(
    "--redact", is_flag=True, help="Replace personal data, consistently; neutral keys, no ids."
)
@readable_keys_option
@click.option("--stack", help="The stack's name in a new folder; else the folder's, with a tail.")
@click.option(
    "--prune",
    is_flag=True,
    help="Take out of an edited folder every block that has no row, applied before or not.",
)
@variable_options
@update_variables_option
@parallelism_option
@lock_option
@gathered(access=Access, asked=ExportOptions, sources=sources_of, workplace=Workplace)
def command(
    access: Access,
    asked: ExportOptions,
    sources: Sources,
    workplace: Workplace,
    parallelism: int,
) -> int:
    """Write the live organization as YAML into a folder, and the ids into its bindings.

    The rows are owned from then on: removing a block plans to delete its row. `plan` right after
    finds nothing to change. In a folder that holds a configuration already, only what changed
    live is changed: keys, comments, order, variables and what YAML leaves out stay.

    With overlays each value goes back to the path that gives it. The folder is shared, then: what
    differs from it is written into the last overlay, or into the one that --into names.

    \b
    Examples:
      reconciler export --out villa/
      reconciler export --out villa/ --overlay staging/ --var-file staging.env
      reconciler export --out guests/ --where 'contacts:email=like.*@example.com'
      reconciler export --out shared/ --redact
    """
    kinds = kinds_of([asked.out])
    out, options, connection = asked.out, asked.options(kinds), access.connection(kinds)

    async def run() -> Exported | Updated:
        async with ApiReader(connection, parallelism=parallelism) as client:
            read = partial(read_or_explain, asked.paths, sources.values(), kinds, Limits())
            return await export_into(
                client, kinds, options, read, ReadingProgress().tell,
                only_new=asked.only_new, overlays=asked.overlays, into=asked.into,
                sources=sources,
            )  # fmt: skip

    folders = [out, *map(holder_of, asked.overlays), *sources.folders]
    with workplace.opened(*folders):
        done = awaited(run())
    tell_notes(done.notes)
    say(exported_line(out, done))
    return 0 if done.whole else NOT_WHOLE
