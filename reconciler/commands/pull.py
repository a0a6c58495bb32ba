"""``reconciler pull``: what changed live comes into the files."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from ..api.waiting import awaited
from ..catalogue import Kind
from ..client.client import ApiReader
from ..configuration.grown import kinds_of
from ..configuration.load import paused_collector
from ..configuration.load.files import holder_of
from ..configuration.load.variable_file import Sources
from ..configuration.read import Limits
from ..exporting import Spool
from ..pulling.choosing import Choices, asked_about, decide
from ..pulling.comparing import Divergence
from ..pulling.pull import Compared, Sought, look, take_in
from ..pulling.sides import Verdict
from ..render.out import say, tell, tell_notes
from ..render.progress.reading import ReadingProgress
from ..render.pulled import compared_lines, conflict_lines, left_line, written_line
from ..sync.folder import layer_in
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
from .types import PathType

_ANSWERS = {"l": Verdict.LIVE, "f": Verdict.FILES, "s": Verdict.CONFLICT, "q": None}


@dataclass(frozen=True, slots=True)
class PullOptions:
    """Which files, compared with which commit, and what else comes into them."""

    paths: tuple[Path, ...]
    base: str | None
    unmanaged: bool
    kind_names: tuple[str, ...]
    where: tuple[str, ...]
    readable_keys: tuple[str, ...]
    into: Path | None
    check: bool
    max_made: int

    def sought(self, kinds: Mapping[str, Kind]) -> Sought:
        """Check the names in it; raises UsageError."""
        return Sought.given(
            kinds, self.base, self.kind_names, self.where, self.readable_keys,
            unmanaged=self.unmanaged,
        )  # fmt: skip


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
@gathered(
    asked=PullOptions,
    choices=Choices.given,
    sources=sources_of,
    access=Access,
    workplace=Workplace,
)
def command(
    asked: PullOptions,
    choices: Choices,
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
    layer = layer_in(asked.paths, asked.into)
    kinds = kinds_of(asked.paths)
    sought = asked.sought(kinds)
    connection = access.connection(kinds)
    reveal = show_personal_data or sys.stdout.isatty()
    folders = [*map(holder_of, asked.paths), *sources.folders]
    with workplace.opened(*folders), paused_collector(), Spool() as spool:
        limits = Limits(made=asked.max_made)
        desired = read_or_explain(asked.paths, sources.values(), kinds, limits)
        choices.check(desired.configuration)

        async def compare() -> Compared:
            with explaining(desired, kinds), ReadingProgress() as reading:
                heard = connection.heard_by(reading)
                async with ApiReader(heard, parallelism=parallelism) as client:
                    return await look(client, kinds, desired, sources, sought, spool)

        compared = awaited(compare())
        found = compared.divergences
        if compared.base is None and not asked.check and sys.stdin.isatty():
            choices = asked_about(found.all, choices, partial(_ask, compared, reveal=reveal))
        decision = decide(found.all, choices, desired.configuration)
        say(*compared_lines(compared, decision, kinds, reveal=reveal))
        say(*conflict_lines(decision.conflicts, compared, reveal=reveal))
        tell_notes(found.left)
        pulled = take_in(
            compared, decision, kinds,
            into=layer, check=asked.check, readable_keys=sought.readable_keys,
        )  # fmt: skip
        if pulled.written:
            tell_notes(pulled.notes)
        if not asked.check:
            say("", written_line(pulled))
    if pulled.conflicts:
        tell(left_line(len(pulled.conflicts)))
    return pulled.exit_code


def _ask(compared: Compared, one: Divergence, *, reveal: bool) -> Verdict | None:
    say(*conflict_lines([one], compared, reveal=reveal))
    answer: str = click.prompt(
        "take [l]ive, keep the [f]iles, [s]kip, [q]uit asking",
        type=click.Choice([*_ANSWERS]),
        show_choices=False,
        err=True,
    )
    return _ANSWERS[answer]
