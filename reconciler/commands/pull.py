"""``reconciler pull``: what changed live comes into the files."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import click

from ..api.waiting import awaited
from ..catalogue import Kind
from ..catalogue.names import listed, split_names
from ..client.client import ApiReader
from ..configuration.grown import kinds_of
from ..configuration.load import paused_collector
from ..configuration.load.files import holder_of
from ..configuration.load.variable_file import Sources
from ..configuration.read import Limits
from ..diagnostics import UsageError
from ..exporting import Selection, Spool, parse_where
from ..pulling.choosing import Choices, Decision, decide
from ..pulling.pull import Compared, Sought, look, write
from ..pulling.sides import Verdict
from ..render.out import say
from ..render.progress.reading import ReadingProgress
from ..render.pulled import compared_lines, conflict_lines, left_line, written_line
from ..sync.folder import layer_of
from .inputs import Access, Workplace
from .options import (
    connection_options,
    gathered,
    kinds_option,
    lock_option,
    made_option,
    parallelism_option,
    paths_argument,
    personal_option,
    readable_keys_option,
    sides_options,
    sources_of,
    update_variables_option,
    variable_options,
    where_option,
)
from .reading import explaining, read_or_explain
from .stopped import finish
from .types import PathType

WOULD_CHANGE = 2
"""The exit code of ``--check`` where something would come into the files."""
CONFLICTS_LEFT = 6
"""The exit code where both sides changed, and nobody has decided."""

_ANSWERS = {"l": Verdict.LIVE, "f": Verdict.FILES, "s": Verdict.CONFLICT}


@dataclass(frozen=True, slots=True)
class PullOptions:
    """Which files, compared with which commit, and what people decided."""

    paths: tuple[Path, ...]
    base: str | None
    unmanaged: bool
    kind_names: tuple[str, ...]
    where: tuple[str, ...]
    readable_keys: tuple[str, ...]
    choices: Choices
    into: int
    check: bool
    made: int

    def looked_for(self, kinds: Mapping[str, Kind]) -> Sought:
        """Check the names in it; raises UsageError."""
        names = frozenset(split_names(self.kind_names, kinds))
        chosen = Selection(names, parse_where(self.where, kinds))
        readable = frozenset(split_names(self.readable_keys, kinds))
        if not self.unmanaged and not chosen.is_whole:
            message = "--kinds and --where choose rows that are in no YAML"
            raise UsageError(message, hint="give --unmanaged, too")
        return Sought(self.base, self.unmanaged, chosen, readable)


def _options(
    paths: tuple[Path, ...],
    base: str | None,
    unmanaged: bool,
    kind_names: tuple[str, ...],
    where: tuple[str, ...],
    readable_keys: tuple[str, ...],
    keep_files: tuple[str, ...],
    take_live: tuple[str, ...],
    into: Path | None,
    check: bool,
    max_made: int,
) -> PullOptions:
    folder, *overlays = paths
    if not folder.is_dir():
        message = f"{folder} is no folder"
        raise UsageError(message, hint="name the folder first, then its overlays")
    choices = Choices(frozenset(listed(keep_files)), frozenset(listed(take_live)))
    layer = layer_of(folder, overlays, into)
    return PullOptions(
        paths, base, unmanaged, kind_names, where, readable_keys, choices, layer, check, max_made
    )


@click.command("pull")
@paths_argument
@sides_options
@click.option(
    "--into",
    type=PathType(),
    metavar="PATH",
    help="Which of the paths takes what would change all who share the folder; else the last.",
)
@click.option(
    "--unmanaged",
    is_flag=True,
    help="Also count the rows that are in no YAML; --kinds and --where take some of them in.",
)
@kinds_option
@where_option
@readable_keys_option
@variable_options
@update_variables_option
@connection_options
@made_option
@parallelism_option
@lock_option
@personal_option
@gathered(options=_options, sources=sources_of, access=Access, workplace=Workplace)
def command(
    options: PullOptions,
    sources: Sources,
    access: Access,
    workplace: Workplace,
    parallelism: int,
    show_personal_data: bool,
) -> int:
    """Take what changed live into the files at PATH, where it stands; writes nothing live.

    Compares what was applied (a commit), the files, and what is live. What changed only live comes
    into the files. What changed only in the files stays. What changed in both is a conflict: it
    stays, and the exit code is 6, until --keep-files or --take-live decides.

    \b
    Examples:
      reconciler pull villa/
      reconciler pull base/ staging/ --var-file staging.env --check
      reconciler pull villa/ --take-live contacts.jane --keep-files contacts.ola
    """
    kinds = kinds_of(options.paths)
    looked_for = options.looked_for(kinds)
    connection = access.connection(kinds)
    reveal = show_personal_data or sys.stdout.isatty()
    folders = [*map(holder_of, options.paths), *sources.folders]
    with workplace.locked(*folders), paused_collector(), Spool() as spool:
        for one in dict.fromkeys(folders):
            finish(one)
        limits = Limits(made=options.made)
        desired = read_or_explain(options.paths, sources.values(), kinds, limits)
        options.choices.check(desired.configuration)

        async def compare() -> Compared:
            with explaining(desired, kinds), ReadingProgress() as reading:
                heard = connection.heard_by(reading)
                async with ApiReader(heard, parallelism=parallelism) as client:
                    return await look(client, kinds, desired, sources, looked_for, spool)

        compared = awaited(compare())
        choices = options.choices
        if compared.base is None and not options.check and sys.stdin.isatty():
            choices = _asked(compared, choices, reveal=reveal)
        decision = decide(compared.divergences.all, choices, desired.configuration)
        say(*compared_lines(compared, decision, kinds, reveal=reveal))
        say(*conflict_lines(decision.conflicts, compared, reveal=reveal))
        say(*(f"Note: {note}" for note in compared.divergences.left), err=True)
        if not options.check:
            _write(compared, decision, kinds, options.into, looked_for.readable_keys)
        changes = decision.changes or bool(compared.strangers.new)
    return _end(decision, pending=options.check and changes)


def _write(
    compared: Compared,
    decision: Decision,
    kinds: Mapping[str, Kind],
    into: int,
    readable_keys: frozenset[str],
) -> None:
    if decision.changes or compared.strangers.new:
        pulled = write(compared, decision, kinds, into=into, readable_keys=readable_keys)
        say(*(f"Note: {note}" for note in pulled.notes), err=True)
        say("", written_line(pulled))
    else:
        say("", "Nothing to take in: the files stay as they are.")


def _end(decision: Decision, *, pending: bool) -> int:
    if decision.conflicts:
        say(left_line(len(decision.conflicts)), err=True)
        return CONFLICTS_LEFT
    return WOULD_CHANGE if pending else 0


def _asked(compared: Compared, choices: Choices, *, reveal: bool) -> Choices:
    """Ask about each difference; whoever stops has decided what was asked so far."""
    for one in compared.divergences.all:
        if choices.decided(one).verdict is not Verdict.CONFLICT:
            continue
        say(*conflict_lines([one], compared, reveal=reveal))
        answer = click.prompt(
            "take [l]ive, keep the [f]iles, [s]kip, [q]uit asking",
            type=click.Choice([*_ANSWERS, "q"]),
            show_choices=False,
            err=True,
        )
        if answer == "q":
            return choices
        if _ANSWERS[answer] is Verdict.LIVE:
            choices = replace(choices, take=choices.take | {one.name})
        elif _ANSWERS[answer] is Verdict.FILES:
            choices = replace(choices, keep=choices.keep | {one.name})
    return choices
