"""``reconciler export``: the live organization as YAML."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from ..catalogue import Kind, load_kinds, tenant_of
from ..catalogue.names import split_names
from ..client.client import ApiReader
from ..client.connection import Connection
from ..configuration.begin import FILE, check_free, stack_name
from ..configuration.read import Desired, Limits
from ..diagnostics import UsageError
from ..diagnostics.words import count
from ..exporting import (
    Exported,
    Options,
    Selection,
    export,
    finish_stopped,
    holds_yaml,
    parse_where,
)
from ..live.organization import read_organization
from ..render.out import say
from ..render.progress.reading import ReadingProgress
from ..sync.update import Updated, update
from .inputs import Access, Workplace
from .options import (
    connection_options,
    gathered,
    kinds_option,
    lock_option,
    parallelism_option,
    variable_options,
    variables_of,
)
from .reading import read_or_explain
from .types import PathType

NOT_WHOLE = 5
"""The exit code where rows or columns were left out for being otherwise than they should be."""


@dataclass(frozen=True, slots=True)
class ExportWishes:
    """What is to be exported, and how it is written."""

    out: Path
    kind_names: tuple[str, ...]
    where: tuple[str, ...]
    with_references: bool
    single_file: bool
    omit_defaults: bool
    redact: bool
    stack: str | None
    prune: bool

    def options(self, kinds: Mapping[str, Kind]) -> Options:
        """Check the names in it; raises UsageError."""
        names = frozenset(split_names(self.kind_names, kinds))
        return Options(
            folder=self.out,
            stack=stack_name(self.stack, self.out),
            selection=Selection(names, parse_where(self.where, kinds), self.with_references),
            single_file=self.single_file,
            omit_defaults=self.omit_defaults,
            redact=self.redact,
            prune=self.prune,
        )


@click.command("export")
@click.option(
    "--out",
    required=True,
    type=PathType(file_okay=False),
    help="A new folder, or one to bring in line with what is live.",
)
@connection_options
@kinds_option
@click.option(
    "--where",
    "where",
    multiple=True,
    metavar="KIND:COLUMN=OP.VALUE",
    help="Only rows of KIND that match, such as 'contacts:email=like.*@example.com'. Repeatable.",
)
@click.option("--with-references", is_flag=True, help="Also what the chosen rows refer to.")
@click.option("--single-file", is_flag=True, help="Everything in one file, not one per kind.")
@click.option("--omit-defaults", is_flag=True, help="Leave columns out that have their default.")
@click.option(
    "--redact", is_flag=True, help="Replace personal data, consistently; neutral keys, no ids."
)
@click.option("--stack", help="The stack's name in a new folder; else the folder's, with a tail.")
@click.option(
    "--prune",
    is_flag=True,
    help="Take out of an edited folder every block that has no row, applied before or not.",
)
@variable_options
@parallelism_option
@lock_option
@gathered(access=Access, wishes=ExportWishes, variables=variables_of, workplace=Workplace)
def command(
    access: Access,
    wishes: ExportWishes,
    variables: Mapping[str, str],
    workplace: Workplace,
    parallelism: int,
) -> int:
    """Write the live organization as YAML into a folder, and the ids into its bindings.

    The rows are owned from then on: removing a block plans to delete its row. `plan` right after
    finds nothing to change. In a folder that holds a configuration already, only what changed
    live is changed: keys, comments, order, variables and what YAML leaves out stay.

    \b
    Examples:
      reconciler export --out villa/
      reconciler export --out guests/ --where 'contacts:email=like.*@example.com'
      reconciler export --out shared/ --redact
    """
    kinds = load_kinds()
    out, options, connection = wishes.out, wishes.options(kinds), access.connection()
    with workplace.locked(out):
        if finish_stopped(out):
            note = f"{out}: a run that was stopped had its files ready; they are in place now"
            _tell_notes((note,))
        if not holds_yaml(out):
            check_free(out / FILE)
            exported = asyncio.run(_write(connection, parallelism, kinds, options))
            _tell_new(out, exported)
            return _code(exported)
        if wishes.redact or wishes.stack:
            option = "--redact" if wishes.redact else "--stack"
            raise UsageError(f"{option} is for new folders, and {out} holds YAML already")
        desired = read_or_explain((out,), variables, kinds, Limits())
        updated = asyncio.run(_edit(connection, parallelism, kinds, desired, options))
    _tell_updated(out, updated)
    return _code(updated)


def _code(done: Exported | Updated) -> int:
    return 0 if done.whole else NOT_WHOLE


async def _write(
    connection: Connection, parallelism: int, kinds: Mapping[str, Kind], options: Options
) -> Exported:
    async with ApiReader(connection, parallelism=parallelism) as client:
        organization = await read_organization(client, tenant_of(kinds), None)
        exported = await export(client, kinds, organization, options, ReadingProgress().tell)
        rows = sum(exported.counts.values())
        client.listener.reached("exported", kinds=len(exported.counts), rows=rows)
        return exported


async def _edit(
    connection: Connection,
    parallelism: int,
    kinds: Mapping[str, Kind],
    desired: Desired,
    options: Options,
) -> Updated:
    given = desired.configuration
    async with ApiReader(connection, parallelism=parallelism) as client:
        organization = await read_organization(
            client, tenant_of(kinds), given.organization, given.forbidden_organizations
        )
        return await update(
            client, kinds, organization, desired.loaded, desired.configuration, options,
            ReadingProgress().tell,
        )  # fmt: skip


def _tell_new(folder: Path, exported: Exported) -> None:
    _tell_notes(exported.notes)
    rows = count(sum(exported.counts.values()), "row")
    say(f"Wrote {rows} of {count(len(exported.counts), 'kind')} to {folder}.")


def _tell_updated(folder: Path, updated: Updated) -> None:
    _tell_notes(updated.notes)
    added = sum(updated.added.values())
    done = [
        f"{number:,} {word}"
        for number, word in (
            (updated.changed, "changed"),
            (added, "added"),
            (updated.removed, "removed"),
        )
        if number
    ]
    says = f"{', '.join(done)} in {folder}." if done else f"Nothing changed live: {folder} stays."
    say(says[0].upper() + says[1:])


def _tell_notes(notes: tuple[str, ...]) -> None:
    for note in notes:
        say(f"Note: {note}", err=True)
